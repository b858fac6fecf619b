"""What tests of several parts share."""

from pathlib import Path

from cpom_tutor.course import Citation
from cpom_tutor.items import (
    AcceptedKey,
    ChoiceKey,
    Decision,
    ItemKind,
    Key,
    Level,
    OrderKey,
    PairsKey,
    QuizItem,
    Rationale,
    RubricPoint,
    Scenario,
)

_WORDS = (
    "the a of and to in for is are that this with on by as it be from or an not can which pharmacy "
    "pharmacist operations manager clinical patient care leader team system systems health hospital "
    "technology medication compliance certification kitchen chef executive master budget financial "
    "management quality safety risk training staff supply chain inventory regulatory data change "
    "communication service center cost value "
)
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789.,:;!?'\"()-&|/“”’—<>[]%"


def make_tiny_embedder(folder: Path, *, max_tokens: int = 64, seed: int = 0) -> Path:
    """Makes a sentence-transformers model of one random layer (32 numbers a text, loads in milliseconds).

    Its vectors mean nothing, but they are the same every time for the same seed, so that everything around
    an embedder can be tested quickly.

    Args:
        folder: where to write it; made if missing.
        max_tokens: longest text that it reads whole.
        seed: another seed gives another model.

    Returns:
        The folder, to be given as the embedder's name.
    """
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizer
    from transformers.utils import logging

    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    parts = folder / "parts"
    parts.mkdir(parents=True, exist_ok=True)
    pieces = [*_LETTERS, *(f"##{letter}" for letter in _LETTERS), *_WORDS.split()]
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *dict.fromkeys(pieces)]
    (parts / "vocab.txt").write_text("\n".join(vocabulary) + "\n", encoding="utf-8")
    BertTokenizer(str(parts / "vocab.txt"), model_max_length=max_tokens).save_pretrained(parts)
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=len(vocabulary), hidden_size=32, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=64, max_position_embeddings=512,
    )  # fmt: skip
    BertModel(config).save_pretrained(parts)
    transformer = Transformer(str(parts), max_seq_length=max_tokens)
    model = SentenceTransformer(modules=[transformer, Pooling(32)], device="cpu")
    model.save(str(folder))
    return folder


def make_item(number: int, kind: ItemKind = ItemKind.MCQ, *, topic: str = "CPOM §1.1.1") -> QuizItem:
    """A practice item on a fact of its own, cited from a passage that no course has.

    Its first option is right; a matching item's first prompt goes with its second option, and the other way about.
    """
    keys: dict[ItemKind, Key] = {
        ItemKind.MCQ: ChoiceKey(0),
        ItemKind.CLOZE: AcceptedKey(("carousel", "carousels")),
        ItemKind.MATCHING: PairsKey(((0, 1), (1, 0))),
        ItemKind.ORDERING: OrderKey((1, 0)),
        ItemKind.SHORT: AcceptedKey(("It stores. It counts.",)),
    }
    quote = f"fact number {number}"
    citation = Citation(f"1.1-{number:08x}", f"{topic} ¶{number + 1}", quote, 0, len(quote))
    typed = kind in (ItemKind.CLOZE, ItemKind.SHORT)
    return QuizItem(
        id=f"{kind.value}-{number}",
        kind=kind,
        level=Level.APPLICATION if number % 2 else Level.RECALL,
        stem=f"Which of these is “number {number}”?",
        key=keys[kind],
        citations=(citation,),
        rationales=(Rationale("The course says so.", citation),) * (1 if typed else 2),
        topic=topic,
        fact=f"{citation.passage_id}:0-{len(quote)}",
        options=() if typed else (f"option “{number}a”", f"option “{number}b”"),
        prompts=("first", "second") if kind is ItemKind.MATCHING else (),
        rubric=tuple(RubricPoint(f"point {n}", citation) for n in range(3)) if kind is ItemKind.SHORT else (),
        origin="list",
    )


def make_scenario(number: int = 0, decisions: int = 3) -> Scenario:
    """A scenario whose first option is always the best."""
    citation = make_item(number).citations[0]
    feedback = (Rationale("That keeps the doses coming.", citation), Rationale("That stops them.", citation))
    return Scenario(
        id=f"scenario-{number}",
        title="A robot stands still",
        role="You manage the pharmacy’s operations.",
        situation="The robot stopped at dawn.",
        decisions=tuple(Decision(f"Decision {n}?", ("this", "that"), 0, feedback) for n in range(decisions)),
        question="What would you tell the board?",
        rubric=(RubricPoint("says why", citation, 2), RubricPoint("says how", citation)),
        model_answer=(Rationale("Because it counts.", citation),),
        topic="CPOM §1.1.1",
    )
