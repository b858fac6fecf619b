"""The command that looks whether everything is there: `doctor`."""

import argparse
import json
from collections.abc import Callable
from typing import TypeVar

from cpom_tutor.config import Settings, load_settings

_Parser = TypeVar("_Parser", bound=argparse.ArgumentParser)
Print = Callable[[str], None]

_DONE, _FELL_SHORT = 0, 1


def add_doctor_command(commands: "argparse._SubParsersAction[_Parser]", out: Print) -> None:
    """Adds `doctor`.

    Args:
        commands: where to.
        out: prints to standard output.
    """
    doctor = commands.add_parser("doctor", help="is everything there? each part with its remedy")
    doctor.add_argument("--json", action="store_true", help="print the findings as JSON")
    doctor.set_defaults(run=lambda given: _doctor(given, out))


def _doctor(given: argparse.Namespace, out: Print) -> int:
    from cpom_tutor.wiring import examine

    settings = load_settings()
    findings = examine(settings)
    if given.json:
        out(
            json.dumps(
                {
                    "settings": _settings_to_json(settings),
                    "checks": [
                        {"part": part.name, "ok": part.ok, "finding": part.finding, "remedy": part.remedy}
                        for part in findings
                    ],
                },
                ensure_ascii=False,
            )
        )
    else:
        for part in findings:
            mark = {True: "ok  ", False: "FAIL", None: "-   "}[part.ok]
            out(f"{mark}  {part.name}: {part.finding}" + (f"\n      {part.remedy}" if part.remedy else ""))
        out("\nSettings (CPOM_TUTOR_…):")
        for name, value in _settings_to_json(settings).items():
            out(f"  {name} = {value or '(not set)'}")
    return _FELL_SHORT if any(part.ok is False for part in findings) else _DONE


def _settings_to_json(settings: Settings) -> dict[str, str | None]:
    values: dict[str, object] = {
        "HOME": settings.home,
        "CHROMA_URL": settings.chroma_url,
        "DATABASE_URL": without_password(settings.database_url),
        "EMBEDDER": settings.embedder,
        "MODEL": settings.model,
        "MODEL_URL": settings.model_url,
        "MODEL_KEY": "(set, not shown)" if settings.model_key else None,
        "MODEL_SECONDS": settings.model_seconds,
        "MODEL_TOKENS": settings.model_tokens,
        "CHECKER": settings.checker,
        "BENCHMARKS": settings.benchmarks,
        "MOST_UNSUPPORTED": settings.most_unsupported,
        "PUBLIC_URL": settings.public_url,
    }
    return {name: str(value) if value is not None else None for name, value in values.items()}


def without_password(url: str | None) -> str | None:
    """A database URL that can be shown: its password replaced by stars."""
    if not url or "@" not in url or "://" not in url:
        return url
    scheme, _, rest = url.partition("://")
    login, _, place = rest.rpartition("@")
    user, colon, _ = login.partition(":")
    return f"{scheme}://{user}{':***' if colon else ''}@{place}"
