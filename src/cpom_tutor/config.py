"""Settings: the only module that reads the environment.

Order of precedence: what is passed by hand (a flag), then the environment, then the default.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import platformdirs

from cpom_tutor.errors import BadInput

DEFAULT_EMBEDDER = "all-MiniLM-L6-v2"
DEFAULT_MOST_UNSUPPORTED = 0.04
DEFAULT_MODEL_SECONDS, DEFAULT_MODEL_TOKENS = 45, 800
PREFIX = "CPOM_TUTOR_"


@dataclass(frozen=True, slots=True)
class Settings:
    """All that can be set.

    Attributes:
        home: the data folder: index, records and locks.
        chroma_url: address of a Chroma server, or None for the embedded one under `home`.
        database_url: an SQLAlchemy URL, or None for SQLite under `home`.
        embedder: the default model's name, a folder with a sentence-transformers model, or a hub name.
        model: a language model as LangChain's `init_chat_model` names it; None means the extractive tutor.
        model_url: address of an OpenAI-compatible server that has the model, or None for the provider's own.
        model_key: what opens the model's door, or None for what the provider's own variable holds. Never shown.
        model_seconds: how long the model may take for an answer.
        model_tokens: how much it may write for an answer.
        checker: the grounding checker's name.
        benchmarks: folder of public evaluation data, or None.
        most_unsupported: how large a share of the answers may be to questions that the course does not answer, 0 to 1.
        public_url: the address under which others reach the app through a proxy, or None.
    """

    home: Path
    chroma_url: str | None = None
    database_url: str | None = None
    embedder: str = DEFAULT_EMBEDDER
    model: str | None = None
    model_url: str | None = None
    model_key: str | None = field(default=None, repr=False)
    model_seconds: int = DEFAULT_MODEL_SECONDS
    model_tokens: int = DEFAULT_MODEL_TOKENS
    checker: str = "rules"
    benchmarks: Path | None = None
    most_unsupported: float = DEFAULT_MOST_UNSUPPORTED
    public_url: str | None = None

    @property
    def index_folder(self) -> Path:
        """Where index versions and the pointer to the current one live."""
        return self.home / "index"

    @property
    def records_url(self) -> str:
        """The SQLAlchemy URL of the records database."""
        return self.database_url or f"sqlite:///{self.home / 'records.sqlite'}"


def checkout_folder() -> Path | None:
    """The root of the source checkout this package runs from, or None for an installed wheel."""
    root = Path(__file__).resolve().parents[2]
    return root if (root / "pyproject.toml").is_file() and (root / "ingest").is_dir() else None


def default_home() -> Path:
    """`.cpom-tutor` in a checkout, the user's data folder otherwise."""
    checkout = checkout_folder()
    return checkout / ".cpom-tutor" if checkout else Path(platformdirs.user_data_dir("cpom-tutor"))


def load_settings(
    environment: Mapping[str, str] | None = None,
    *,
    home: Path | None = None,
    chroma_url: str | None = None,
    embedder: str | None = None,
) -> Settings:
    """Reads the settings; keyword arguments (flags) win over the environment.

    Raises:
        BadInput: a setting cannot be read.
    """
    given = os.environ if environment is None else environment

    def read(name: str) -> str | None:
        return given.get(PREFIX + name, "").strip() or None

    home_text, benchmarks_text = read("HOME"), read("BENCHMARKS")
    return Settings(
        home=home or (Path(home_text).expanduser() if home_text else default_home()),
        chroma_url=chroma_url or read("CHROMA_URL"),
        database_url=read("DATABASE_URL"),
        embedder=embedder or read("EMBEDDER") or DEFAULT_EMBEDDER,
        model=read("MODEL"),
        model_url=_model_address(read("MODEL_URL")),
        model_key=read("MODEL_KEY"),
        model_seconds=_number("MODEL_SECONDS", read("MODEL_SECONDS"), DEFAULT_MODEL_SECONDS),
        model_tokens=_number("MODEL_TOKENS", read("MODEL_TOKENS"), DEFAULT_MODEL_TOKENS),
        checker=read("CHECKER") or "rules",
        benchmarks=Path(benchmarks_text).expanduser() if benchmarks_text else _default_benchmarks(),
        most_unsupported=_share(read("MOST_UNSUPPORTED")),
        public_url=_address(read("PUBLIC_URL")),
    )


def _share(text: str | None) -> float:
    if text is None:
        return DEFAULT_MOST_UNSUPPORTED
    try:
        number = float(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise BadInput(f"CPOM_TUTOR_MOST_UNSUPPORTED is “{text}”; set it to a share such as 0.02, or unset it.")
    return number


def _parts(address: str) -> SplitResult:
    """What an address is made of; nothing at all where it cannot be read."""
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return urlsplit("")
    return parts


def _address(text: str | None) -> str | None:
    if text is None:
        return None
    parts = _parts(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query:
        raise BadInput(
            f"CPOM_TUTOR_PUBLIC_URL is “{text}”; set it to an address such as https://tutor.example.org, or unset it."
        )
    return f"{parts.scheme}://{parts.netloc}"


def _model_address(text: str | None) -> str | None:
    if text is None:
        return None
    parts = _parts(text)
    # Not repeated in the message: an address with a password in it is a secret.
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password or parts.query:
        raise BadInput(
            "CPOM_TUTOR_MODEL_URL cannot be used; set it to an address such as http://localhost:8080/v1, and put a key "
            "into CPOM_TUTOR_MODEL_KEY."
        )
    return text.rstrip("/")


def _number(name: str, text: str | None, default: int) -> int:
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= 100_000):
        raise BadInput(f"{PREFIX}{name} is “{text}”; set it to a whole number such as {default}, or unset it.")
    return int(text)


def _default_benchmarks() -> Path | None:
    checkout = checkout_folder()
    beside = checkout.parent / "shared" / "benchmarks" if checkout else None
    return beside if beside and beside.is_dir() else None
