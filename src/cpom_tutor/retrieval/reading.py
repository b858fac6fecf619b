"""How a sentence-transformers model reads a text word by word."""

import re
from typing import TYPE_CHECKING

import numpy as np
import torch

from cpom_tutor.course import Span
from cpom_tutor.errors import EmbedderUnavailable
from cpom_tutor.protocols import Reading, Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_WORD = re.compile(r"\w+")


def read_words(model: "SentenceTransformer", texts: list[str]) -> list[Reading]:
    """One pass of the model over a few texts; a word's vector is its middle and its last layer, side by side.

    Raises:
        EmbedderUnavailable: the model does not show its layers or where its tokens stand.
    """
    network = getattr(model[0], "auto_model", None)
    if network is None or getattr(model.tokenizer, "backend_tokenizer", None) is None:
        raise EmbedderUnavailable("The embedding model does not show how it reads words; unset CPOM_TUTOR_EMBEDDER.")
    encoded = model.tokenizer(
        texts, truncation=True, max_length=model.max_seq_length, padding=True, return_tensors="pt",
        return_offsets_mapping=True,
    )  # fmt: skip
    offsets = encoded.pop("offset_mapping").numpy()
    mask = encoded["attention_mask"].numpy()
    with torch.inference_mode():
        layers = network(**encoded, output_hidden_states=True).hidden_states
    middle, last = layers[len(layers) // 2].numpy(), layers[-1].numpy()
    return [_reading(text, offsets[row], mask[row], middle[row], last[row]) for row, text in enumerate(texts)]


def _reading(text: str, offsets: Vectors, mask: Vectors, middle: Vectors, last: Vectors) -> Reading:
    words = [Span(*found.span()) for found in _WORD.finditer(text)]
    owner_of = np.full(len(text) + 1, -1)
    for number, word in enumerate(words):
        owner_of[word.start : word.end] = number
    starts, ends = offsets[:, 0], offsets[:, 1]
    owners = np.where((ends > starts) & (mask > 0), owner_of[starts], -1)
    owned = owners >= 0
    kept = np.unique(owners[owned])
    places = np.searchsorted(kept, owners[owned])
    sides = []
    for layer in (middle, last):
        total = np.zeros((len(kept), layer.shape[1]), dtype=np.float32)
        np.add.at(total, places, layer[owned])
        sides.append(_unit(total) / np.float32(np.sqrt(2)))
    whole = _unit((last * mask[:, None]).sum(axis=0, keepdims=True, dtype=np.float32))[0]
    return Reading(whole, tuple(words[number] for number in kept), np.concatenate(sides, axis=1))


def _unit(vectors: Vectors) -> Vectors:
    lengths = np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), np.float32(1e-9))
    return np.asarray(vectors / lengths, dtype=np.float32)
