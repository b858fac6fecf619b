"""What a language model is sent: the prompts (files beside this module), and the passages under short keys."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from string import Template

from cpom_tutor.answers import Intent, Turn, to_markdown
from cpom_tutor.course import Passage
from cpom_tutor.explainer_protocols import Explanation

FILES = ("answer", "question", "earlier", "whole", "heart", "picture")
_LETTERS = "abcdefghjkmnpqrstuvwxyz"
_PICTURED = (Intent.EXAMPLE, Intent.SIMPLIFY, Intent.ANALOGY)
_LONGEST_EARLIER = 400  # characters of an earlier reply


@dataclass(frozen=True, slots=True)
class Prompt:
    """One request to a model.

    Attributes:
        system: how to write.
        user: the passages and the question.
        keys: key -> passage id, in the order in which the passages stand.
    """

    system: str
    user: str
    keys: Mapping[str, str]


def prompt_for(asked: Explanation) -> Prompt:
    """The request for an explanation."""
    keys = keys_of(asked.passages)
    by_id = {passage_id: key for key, passage_id in keys.items()}
    whole = ", ".join(by_id[passage_id] for passage_id in asked.whole if passage_id in by_id)
    heart = ", ".join(by_id[passage_id] for passage_id in asked.heart if passage_id in by_id)
    user = _template("question").substitute(
        passages="\n".join(_line(by_id[passage.id], passage) for passage in asked.passages),
        earlier=_template("earlier").substitute(turns=_turns(asked.earlier)) if asked.earlier else "",
        whole=_template("whole").substitute(keys=whole) if whole else "",
        heart=_template("heart").substitute(keys=heart) if heart and not whole else "",
        picture=_template("picture").substitute() if asked.question.intent in _PICTURED else "",
        question=_one_line(asked.question.resolved or asked.question.asked),
    )
    return Prompt(_template("answer").substitute(), user, keys)


def prompt_hash() -> str:
    """Names the wording of the prompts, so that figures are compared with their like."""
    whole = "\0".join(_template(name).template for name in FILES)
    return hashlib.sha256(whole.encode()).hexdigest()[:8]


def keys_of(passages: Iterable[Passage]) -> dict[str, str]:
    """Key -> passage id. A letter and two digits, no word and no number; the same passage has the same key always."""
    keys: dict[str, str] = {}
    for passage in passages:
        digest = int(hashlib.sha256(passage.id.encode()).hexdigest(), 16)
        key = f"{_LETTERS[digest % len(_LETTERS)]}{digest // 97 % 100:02d}"
        while key in keys and keys[key] != passage.id:
            digest //= 10
            key += str(digest % 10)
        keys[key] = passage.id
    return keys


def _line(key: str, passage: Passage) -> str:
    where = " › ".join(passage.heading_path[-2:])
    columns = f" ({' | '.join(passage.columns)})" if passage.columns else ""
    return f"[{key}] {_one_line(passage.text)} (from: {where}{columns})"


def _turns(turns: Iterable[Turn]) -> str:
    return "\n".join(
        f"Learner: {_one_line(turn.question)}\nTutor: {_one_line(to_markdown(turn.reply))[:_LONGEST_EARLIER]}"
        for turn in turns
    )


def _one_line(text: str) -> str:
    return " ".join(text.replace("**", "").split())


@cache
def _template(name: str) -> Template:
    """One of `FILES`."""
    folder = files("cpom_tutor.generation.chat_model") / "prompts"
    return Template((folder / f"{name}.md").read_text(encoding="utf-8"))
