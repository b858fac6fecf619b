"""What tests of several parts share."""

import random
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cpom_tutor.attempts import Grading, Marking, PointMark, PointVerdict, Response
from cpom_tutor.course import Citation
from cpom_tutor.errors import BadInput, EmbedderUnavailable, NotFound
from cpom_tutor.items import (
    AcceptedKey,
    ChoiceKey,
    Decision,
    Exam,
    ExamGroup,
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
from cpom_tutor.library import Library
from cpom_tutor.practice.topics import within
from cpom_tutor.protocols import Akin, Hit

if TYPE_CHECKING:
    from transformers import BertConfig

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
    from transformers import BertModel

    parts = folder / "parts"
    size = _make_tiny_tokenizer(parts, max_tokens)
    torch.manual_seed(seed)
    BertModel(_tiny_config(size)).save_pretrained(parts)
    transformer = Transformer(str(parts), max_seq_length=max_tokens)
    model = SentenceTransformer(modules=[transformer, Pooling(32)], device="cpu")
    model.save(str(folder))
    return folder


def make_tiny_cross_encoder(folder: Path, labels: Sequence[str], always: str) -> Path:
    """Makes a cross-encoder of one random layer that gives one and the same label to every pair of texts.

    Args:
        folder: where to write it; made if missing.
        labels: what its outputs are called, in order.
        always: the label that it gives, whatever it reads.

    Returns:
        The folder, to be given as the cross-encoder's name.
    """
    import torch
    from transformers import BertForSequenceClassification

    size = _make_tiny_tokenizer(folder, 512)
    config = _tiny_config(size)
    config.id2label = dict(enumerate(labels))
    config.label2id = {name: place for place, name in enumerate(labels)}
    model = BertForSequenceClassification(config)
    with torch.no_grad():
        model.classifier.weight.zero_()
        model.classifier.bias.copy_(torch.tensor([4.0 * (name == always) for name in labels]))
    model.save_pretrained(folder)
    return folder


def _tiny_config(pieces: int) -> "BertConfig":
    from transformers import BertConfig

    return BertConfig(
        vocab_size=pieces, hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64,
        max_position_embeddings=512,
    )  # fmt: skip


def _make_tiny_tokenizer(folder: Path, max_tokens: int) -> int:
    """Writes a tokenizer of letters and a few words; returns how many pieces it knows."""
    from transformers import BertTokenizer
    from transformers.utils import logging

    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    folder.mkdir(parents=True, exist_ok=True)
    pieces = [*_LETTERS, *(f"##{letter}" for letter in _LETTERS), *_WORDS.split()]
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *dict.fromkeys(pieces)]
    (folder / "vocab.txt").write_text("\n".join(vocabulary) + "\n", encoding="utf-8")
    BertTokenizer(str(folder / "vocab.txt"), model_max_length=max_tokens).save_pretrained(folder)
    return len(vocabulary)


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


class Bookshelf:
    """A retriever that finds passages by a word of theirs."""

    def __init__(self, library: Library) -> None:
        self.library = library

    def search(self, query: str, limit: int = 10, *, expansion: str = "") -> tuple[Hit, ...]:  # noqa: ARG002
        """Those with the query in their text, in the course's order; “break” breaks it."""
        if query == "break":
            raise EmbedderUnavailable("The embedding model cannot be loaded; run: cpom-tutor doctor")
        found = [one for one in self.library.passages if query in one.text and not one.kind.is_container]
        return tuple(Hit(one, 1.0, 0.5, 1.0) for one in found[:limit])

    def akin(self, query: str, limit: int = 40) -> tuple[Akin, ...]:  # noqa: ARG002
        """None."""
        return ()


class HandMadePractice:
    """A `practice_protocols.Practice` of hand-made items: what is around practice can be tested without a course.

    A free-text answer makes a rubric point if it holds the point's words.
    """

    def __init__(self, items: Sequence[QuizItem], scenarios: Sequence[Scenario] = ()) -> None:
        """Takes all that there is to practise."""
        self.items = {item.id: item for item in items}
        self.scenarios = tuple(scenarios)

    def quiz(
        self,
        *,
        count: int,
        seed: int,
        topic: str = "",
        kinds: Collection[ItemKind] = (),
        level: Level | None = None,
        avoid: Collection[str] = (),
        about: Collection[str] = (),
    ) -> tuple[QuizItem, ...]:
        """See `practice_protocols.Practice`."""
        found = [
            item
            for item in self.items.values()
            if within(item.topic, topic)
            and (not kinds or item.kind in kinds)
            and level in (None, item.level)
            and (not about or item.citations[0].passage_id in about)
        ]
        random.Random(seed).shuffle(found)
        return tuple(sorted(found, key=lambda item: item.fact in avoid)[:count])

    def singles(
        self, *, seed: int, topic: str = "", kinds: Collection[ItemKind] = (), level: Level | None = None
    ) -> tuple[QuizItem, ...]:
        """See `practice_protocols.Practice`."""
        found = self.quiz(count=len(self.items), seed=seed, topic=topic, kinds=kinds, level=level)
        return tuple({item.fact: item for item in found}.values())

    def exam(self, *, count: int, seed: int) -> Exam:
        """See `practice_protocols.Practice`; one and a half minutes an item, one area for each topic."""
        items = self.quiz(count=count, seed=seed, kinds=(ItemKind.MCQ,))
        topics = dict.fromkeys(item.topic for item in items)
        groups = tuple(
            ExamGroup(f"Area {topic}", topic, 1 / len(topics), tuple(it.id for it in items if it.topic == topic))
            for topic in sorted(topics)
        )
        return Exam(seed, len(items) * 3 // 2, items, groups, count)

    def scenario(self, *, seed: int, topic: str = "") -> Scenario:
        """See `practice_protocols.Practice`."""
        found = [scenario for scenario in self.scenarios if within(scenario.topic, topic)]
        if not found:
            raise NotFound("There is no scenario; practise questions instead.")
        return random.Random(seed).choice(found)

    def teach_back(self, *, seed: int, topic: str = "") -> QuizItem:
        """See `practice_protocols.Practice`."""
        found = [
            item for item in self.items.values() if item.kind is ItemKind.SHORT and within(item.topic, topic)
        ]  # fmt: skip
        if not found:
            raise NotFound("There is nothing to explain; practise questions instead.")
        return random.Random(seed).choice(found)

    def mark(self, item: QuizItem, response: Response) -> Marking:
        """See `practice_protocols.Practice`."""
        key = item.key
        if isinstance(key, ChoiceKey) and response.index in range(len(item.options)):
            right = response.index == key.index
        elif isinstance(key, OrderKey) and response.order is not None:
            right = response.order == key.indices
        elif isinstance(key, PairsKey) and response.pairs is not None:
            score = len(set(response.pairs) & set(key.pairs)) / len(key.pairs)
            return Marking(score, score == 1)
        elif isinstance(key, AcceptedKey) and response.text is not None:
            if item.rubric:
                grading = self.mark_text(item.stem, item.rubric, response.text)
                return Marking(grading.score, grading.score > 0.5, grading)
            right = response.text in key.texts
        else:
            raise BadInput("That does not fit the question; answer it as it is asked.")
        return Marking(float(right), right)

    def mark_text(self, question: str, rubric: Sequence[RubricPoint], answer: str) -> Grading:  # noqa: ARG002
        """See `practice_protocols.Practice`."""
        marks = tuple(
            PointMark(point.criterion, PointVerdict.MET, 1.0, point.criterion)
            if point.criterion in answer
            else PointMark(point.criterion, PointVerdict.MISSED, 0.0)
            for point in rubric
        )
        met = sum(point.points for point, mark in zip(rubric, marks, strict=True) if mark.evidence)
        return Grading(marks, met / sum(point.points for point in rubric), f"{met} found.")
