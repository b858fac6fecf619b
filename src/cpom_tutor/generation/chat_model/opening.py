"""Which language model, and where it is: everything that LangChain's `init_chat_model` takes."""

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from cpom_tutor.config import Settings
from cpom_tutor.errors import BadInput

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

# Where the clients that LangChain wraps keep the address that they will call.
_ADDRESSES = (
    "root_client.base_url", "_client.base_url", "_client._client.base_url", "base_url", "endpoint", "azure_endpoint",
)  # fmt: skip
_PACKAGES = {"openai": "cpom-tutor[model]"}
_INSTALL = "The package for “{name}” is not installed; type: pip install '{package}'"
_NO_KEY = "none"
"""What servers without keys are sent, because the client insists on one; never the key of somebody else's server."""


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """A model that can be asked.

    Attributes:
        chat: LangChain's interface to it.
        name: as the setting names it.
        host: whom it is asked at, for people to read.
        here: it runs on this machine, so that nothing leaves.
        traced: what is sent to it is sent to LangSmith too, because the user's environment says so.
    """

    chat: "BaseChatModel"
    name: str
    host: str
    here: bool
    traced: bool = False

    @property
    def leaves(self) -> str:
        """What leaves this machine, one sentence; empty where nothing does."""
        if self.here and not self.traced:
            return ""
        places = ([] if self.here else [self.host]) + (["LangSmith"] if self.traced else [])
        return (
            f"Your questions, the last two turns and the passages found are sent to {' and '.join(places)}, where "
            f"{self.name} writes the answers."
        )


def open_model(settings: Settings) -> LanguageModel:
    """The model that the settings name. Nothing is sent yet.

    Raises:
        BadInput: a package is missing, or the name or the key is; says what to type.
    """
    name = settings.model or ""
    try:
        from langchain.chat_models import init_chat_model
        from langsmith.utils import tracing_is_enabled
    except ImportError:
        raise BadInput(_INSTALL.format(name=name, package=_PACKAGES["openai"])) from None
    try:
        chat = init_chat_model(_model_name(settings), model_provider=_provider(settings), **_options(settings))
    except ImportError as error:
        raise BadInput(_INSTALL.format(name=name, package=_package(settings, error))) from None
    except Exception as error:  # noqa: BLE001  (every provider has its own; what they say may hold the key)
        raise BadInput(_why_not_opened(name, error)) from None
    address = _address(chat)
    provider = name.partition(":")[0]
    return LanguageModel(
        chat, name, address or f"the servers of {provider}", bool(address) and _is_here(address),
        bool(tracing_is_enabled()),
    )  # fmt: skip


def _provider(settings: Settings) -> str | None:
    return "openai" if settings.model_url else None


def _model_name(settings: Settings) -> str:
    """A model at an address of one's own is named as its server names it, colons and all."""
    name = settings.model or ""
    return name.removeprefix("openai:") if settings.model_url else name


def _options(settings: Settings) -> dict[str, Any]:
    """Limits and doors. Trying again is ours (`calling`), because it must stay within the time for an answer."""
    ollama = (settings.model or "").startswith("ollama:") and not settings.model_url
    options: dict[str, Any] = {"timeout": settings.model_seconds, "max_retries": 0}
    options["num_predict" if ollama else "max_tokens"] = settings.model_tokens
    if settings.model_url:
        options |= {"base_url": settings.model_url, "api_key": settings.model_key or _NO_KEY}
    elif settings.model_key:
        options["api_key"] = settings.model_key
    return options


def _package(settings: Settings, error: ImportError) -> str:
    """The package that a provider needs; LangChain names it in the error."""
    provider = _provider(settings) or (settings.model or "").partition(":")[0]
    if provider in _PACKAGES:
        return _PACKAGES[provider]
    named = [word.strip("`.,") for word in str(error).split() if word.strip("`.,").startswith("langchain-")]
    return named[0] if named else f"langchain-{provider}"


def _why_not_opened(name: str, error: Exception) -> str:
    said = str(error).lower()
    if "credential" in said or "api_key" in said or "api key" in said:
        return f"CPOM_TUTOR_MODEL is “{name}”, and there is no key for it; set CPOM_TUTOR_MODEL_KEY."
    if "provider" in said:
        return (
            f"CPOM_TUTOR_MODEL is “{name}”, which does not say whose model it is; put that before it, such as "
            "openai:NAME or ollama:NAME, or set CPOM_TUTOR_MODEL_URL."
        )
    return (
        f"CPOM_TUTOR_MODEL is “{name}”, which cannot be opened ({type(error).__name__}); correct it, or unset "
        "CPOM_TUTOR_MODEL."
    )


def _address(chat: object) -> str:
    """The host, with its port where it has one, or an empty string where the client does not tell."""
    for path in _ADDRESSES:
        found: object = chat
        for name in path.split("."):
            found = getattr(found, name, None)
        parts = urlsplit(str(found)) if found else None
        if parts and parts.hostname:
            return f"{parts.hostname}:{parts.port}" if parts.port else parts.hostname
    return ""


def _is_here(address: str) -> bool:
    host = urlsplit(f"//{address}").hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
