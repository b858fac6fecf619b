"""What tests of several parts share."""

from pathlib import Path

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
