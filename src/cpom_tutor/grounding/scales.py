"""How strongly something is said: words for all, only, always, must and certain, and the hedges that soften them."""

import re
from functools import lru_cache

from cpom_tutor.language import stem

# A claim that uses a word of a group needs evidence that uses one of the same group.
_GROUPS = {
    "all": "all every each any entire entirely whole wholly universal universally everyone everything everybody "
    "everywhere anyone anything full fully total totally complete completely both always across",
    "only": "only solely exclusively sole alone exclusive nothing",
    "always": "always invariably constantly forever never consistently consistency continuous continuously ongoing "
    "all every each universal universally consistent permanently permanent",
    "must": "must require requires required requirement requirements mandatory compulsory obligatory necessary "
    "need needs needed essential critical crucial vital demand demands obliged obligation mandates",
    "certain": "automatically proves prove proven proof "
    "certainly certain guarantee guarantees guaranteed guaranteeing definitely inevitably inevitable "
    "undoubtedly surely assured always assures",
    "none": "eliminate eliminates eliminated eliminating impossible abolish abolishes eradicate eradicates never "
    "zero none nobody no prevent prevents cannot",
    "best": "best greatest largest biggest highest ultimate top pinnacle peak perfect primary chief main foremost "
    "most optimal leading",
    "will": "will shall going becomes become",
}
_GROUP_WORDS = {name: frozenset(words.split()) for name, words in _GROUPS.items()}
# The words of a claim that make it strong, and the group that must then be in the evidence.
_STRONG = {
    "all": "all every entirely wholly everyone everything everybody anyone totally completely",
    "only": "only solely exclusively sole",
    "always": "always invariably",
    "must": "must mandatory compulsory obligatory",
    "certain": "certainly guarantee guarantees guaranteed definitely inevitably inevitable undoubtedly "
    "automatically proves proven",
    "none": "eliminate eliminates eliminated eliminating impossible abolishes eradicates nobody nothing none never",
    "best": "greatest largest biggest highest",
    "will": "will shall",
}
_STRONG_WORDS = {word: name for name, words in _STRONG.items() for word in words.split()}
_PHRASES = (
    (re.compile(r"\b(?:has|have) to\b"), "must", "have to"),
    (re.compile(r"\b(?:is|are) (?:certain|sure|bound) to\b"), "certain", "certain to"),
    (re.compile(r"\bwithout (?:any )?exceptions?\b"), "all", "without exception"),
    (re.compile(r"\bin (?:every|all|each) (?:case|instance|situation)s?\b"), "all", "in every case"),
    (re.compile(r"\bat all times\b"), "always", "at all times"),
    (re.compile(r"\bby definition\b"), "certain", "by definition"),
    (re.compile(r"\b(?:never fails?|cannot fail|can't fail|fail-?proof)\b"), "certain", "never fails"),
    (re.compile(r"\bno matter (?:what|who|how)|\bunder any circumstances\b"), "all", "no matter what"),
    (re.compile(r"\bany\b(?! more| longer)"), "all", "any"),
    (re.compile(r"\bthe (?:single|sole)\b"), "only", "the single"),
)  # fmt: skip
_BEYOND_DOUBT = frozenset(
    "always invariably guarantee guarantees guaranteed certainly inevitably inevitable undoubtedly definitely "
    "eliminate eliminates eliminated abolishes eradicates solely exclusively mandatory compulsory".split()
) | {"certain to", "without exception", "in every case", "at all times", "by definition", "never fails"}
_NOT_ALL = re.compile(
    r"\b(?:above all|all in all|at all|after all|all the (?:same|while)|not only|first of all|in all)\b"
)
_HEDGES = frozenset(
    "can may might could often usually typically generally frequently sometimes many most some several perhaps "
    "likely possibly potentially help helps helping partly largely mostly nearly almost designed should contribute "
    "contributes tend tends aims aim aimed".split()
)
_DENIALS = frozenset({"nobody", "nothing", "none", "never"})
"""They deny as much as they stress: the combiner weighs them with other denials."""
_HARMLESS = re.compile(
    r"\b(?:no|not|nobody|none|never|hardly)\b[^,;.]{0,40}?\b(?:every|all|any|always)\b"
    r"|\b(?:think|thinks|thinking|believe|believes|believing|feel|feels) (?:that )?(?:they|he|she|you|it) "
    r"(?:must|have to|has to)\b"
    r"|\b(?:is|are|was|were) only (?=\w+ed\b|\w+n\b)|\bonly (?:when|if|once|after)\b",
    re.IGNORECASE,
)  # fmt: skip
_ALL_OF = re.compile(
    r"\b(?<!not )(?:all|every|each|any) (?:of )?(?:the |their |its )?(?:\w+ )??(?P<noun>[a-zA-Z]{4,})\b", re.IGNORECASE
)
_SOME_OF = re.compile(
    r"\b(?:many|most|some|several|plenty of|lots of|often|usually|typically|certain)(?: of)?(?: the)?"
    r"(?P<words>(?: \w+){1,3})",
    re.IGNORECASE,
)
_ONE_OF = re.compile(r"\bone of (?:the|its|their)\b|\ba primary\b|\bamong the\b")
_WORD = re.compile(r"[a-z]+")


@lru_cache(maxsize=4096)
def overstated(claim: str, evidence: str) -> tuple[str, ...]:
    """The strong words of a claim whose like the evidence does not have."""
    said = _NOT_ALL.sub(" ", claim.lower().replace("’", "'"))
    have_text = _NOT_ALL.sub(" ", evidence.lower().replace("’", "'"))
    have = frozenset(_WORD.findall(have_text))
    found: dict[str, None] = {}
    for word in _WORD.findall(said):
        group = _STRONG_WORDS.get(word)
        if group and not have & _GROUP_WORDS[group]:
            found[word] = None
    for pattern, group, words in _PHRASES:
        if pattern.search(said) and not have & _GROUP_WORDS[group] and not pattern.search(have_text):
            found[words] = None
    return tuple(found)


@lru_cache(maxsize=4096)
def plainly_overstated(claim: str, evidence: str) -> str:
    """The word that says more than the evidence, where nothing excuses it; an empty string where there is none.

    "Must" and "all" have harmless uses ("all belong to", "you have to see it"): they count where a hedge of the
    evidence is lost beside them.
    """
    found = [word for word in overstated(_HARMLESS.sub(" ", claim), evidence) if word not in _DENIALS]
    lost = hedges(evidence) > hedges(claim)
    return next((word for word in found if lost or word in _BEYOND_DOUBT), "")


@lru_cache(maxsize=4096)
def hedges(text: str) -> int:
    """How many words soften what the text says."""
    lower = text.lower()
    return sum(word in _HEDGES for word in _WORD.findall(lower)) + len(_ONE_OF.findall(lower))


@lru_cache(maxsize=4096)
def widened(claim: str, evidence: str) -> str:
    """The noun of which the claim says "all" or "every" where the evidence says "many" or "most"; else nothing."""
    for found in _ALL_OF.finditer(claim):
        noun = stem(found["noun"].lower())
        for other in _SOME_OF.finditer(evidence):
            if noun in {stem(word.lower()) for word in other["words"].split()}:
                return found["noun"]
    return ""
