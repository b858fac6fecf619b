"""What an abbreviation stands for: "Board Certified Oncology Pharmacist (BCOP)" says it without a verb."""

import re
from collections.abc import Sequence

from cpom_tutor.answers import Label, Verdict
from cpom_tutor.language import plain, stem, tokens

_SAYS = re.compile(
    r"^\W*(?:[Tt]he )?(?:abbreviation |acronym |letters? |term )?[“\"]?(?P<short>[A-Z][A-Za-z0-9&]{1,7})[”\"]?"
    r"(?P<verb> (?:stands?|is short|is an? abbreviation|is the abbreviation|is an acronym|is the acronym) (?:for|of)"
    r"| abbreviates| means) (?P<long>[^,;:.()]+?)\W*$"
)
_SAYS_BACK = re.compile(
    r"^\W*(?P<long>[^,;:.()]+?) (?:is|are) (?P<verb>abbreviated(?: as| to| by)?|shortened to)"
    r" [“\"]?(?P<short>[A-Z][A-Za-z0-9&]{1,7})[”\"]?\W*$"
)
_IN_BRACKETS = re.compile(r"(?P<before>[^().;:,|]+?)\s*\((?P<inside>[^()]+)\)")
_UNSOUNDED = frozenset("of on and the for in to a an".split())
_PART = re.compile(r"[A-Za-z0-9]+")
_MARKS = re.compile(r"[“”\"]")


def spelt_out(claim: str, evidence: Sequence[str]) -> Verdict | None:
    """The verdict on a claim that only says what an abbreviation stands for, where the evidence spells it out.

    None on any other claim, and where the evidence does not spell that abbreviation out.
    """
    found = _SAYS.match(plain(claim)) or _SAYS_BACK.match(plain(claim))
    if not found:
        return None
    short = _letters(found["short"])
    have = {words for piece in evidence for words in _expansions(short, plain(piece))}
    if not have:
        return None
    if _stems(found["long"]) in have:
        return Verdict(Label.SUPPORTED, 0.98, f"The evidence spells {found['short']} out so.")
    if found["verb"].strip() == "means":  # it may go on to say what the thing is
        return None
    return Verdict(Label.REFUTED, 0.05, f"The evidence spells {found['short']} out otherwise.")


def _expansions(short: str, text: str) -> set[tuple[str, ...]]:
    """The stems of what stands before, or within, the brackets for these letters."""
    found = set()
    for match in _IN_BRACKETS.finditer(text):
        before, inside = _MARKS.sub("", match["before"]).split(), _MARKS.sub("", match["inside"])
        if _letters(inside) == short:
            for start in range(len(before)):
                if short.lower() in _initials(before[start:]):
                    found.add(_stems(" ".join(before[start:])))
        elif before and _letters(before[-1]) == short and short.lower() in _initials(inside.split()):
            found.add(_stems(inside))
    return found


def _letters(text: str) -> str:
    """The abbreviation without the plural's s."""
    text = text.strip()
    return text[:-1] if text.endswith("s") and text[:-1].isupper() else text


def _initials(words: Sequence[str]) -> set[str]:
    """The first letters, with and without those of small words: ROI is "return on investment"."""
    if words[0].lower() in _UNSOUNDED:
        return set()
    telling = [word for word in words if word.lower() not in _UNSOUNDED]
    return {"".join(part[0] for word in kept for part in _PART.findall(word)).lower() for kept in (words, telling)}


def _stems(text: str) -> tuple[str, ...]:
    return tuple(stem(word) for word in tokens(text.replace("-", " ")) if word not in _UNSOUNDED)
