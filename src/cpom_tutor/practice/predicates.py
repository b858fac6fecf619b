"""Does a piece of text say something, or is it a heap of words? And where does its subject end?

There is no parser here: forms of "be", "have" and the modals, subject pronouns, and a list of common verbs in their
usual inflections decide. That is enough to tell "margins are thin" from "margins, technology, workforce".
"""

import re
from functools import lru_cache

from cpom_tutor.language import STOPWORDS, plain, stem

LEAST_SMALL = 0.12
"""Share of small words ("the", "of", "is") that a sentence of more than a few words has."""
_AUXILIARIES = frozenset(
    """
    is are was were be been being am has have had having do does did can could will would shall should may might must
    isn't aren't wasn't weren't hasn't haven't hadn't don't doesn't didn't can't couldn't won't wouldn't shouldn't
    cannot it's that's there's they're we're you're i'm he's she's who's what's i've we've you've they've i'll we'll
    you'll they'll he'll she'll it'll gets got let's ain't
    """.split()
)
_PRONOUNS = frozenset("i you he she it they we nobody everybody everyone somebody someone people".split())
# Common verbs that are not mostly nouns. Those of _EITHER count only where their place shows a verb.
_VERBS = frozenset(
    stem(word)
    for word in """
    accept achieve act adapt add adjust adopt affect agree allow apply argue arrive ask assess assume avoid become begin
    believe belong bring build buy call carry catch cause choose claim collect come compare complete comply consider
    consist contain continue contribute convince cope create cut deal decide define deliver demand demonstrate deny
    depend describe deserve design determine develop die differ disagree discover distribute dispense do earn educate
    eliminate empower enable encourage encompass endanger ensure enter establish evaluate evolve examine exist expand
    expect explain express fail fall find fit fix follow forget gain get give go grow handle happen haggle hear
    hire hold honor identify ignore implement improve include increase inform insist introduce invest involve justify
    keep know lack lead learn leave lend lie listen live lose lower maintain make manage master mean measure meet
    mentor minimize move need negotiate notice obtain occur offer operate optimize organize overcome own pay perform
    persuade pick prepare present prevent prioritize procure produce promise promote protect prove provide put raise reach
    read realize receive recognize recruit reduce reflect rely remain remember remove replace represent require resist
    retain return say save see seek seem select sell send serve set show signal signify solve speak specialize spend
    stand start stay stop struggle succeed suffer support survive sustain take talk teach tell think threaten transform
    translate treat try turn understand use validate want watch win work write
    """.split()
)
_IRREGULAR = frozenset(
    """
    became began bought brought built came caught chose did fell found gave gone grew heard held kept knew known led
    left lent lost made meant met paid put ran said saw sent shown sold spent spoke stood taken taught told took
    thought understood went won written grown done goes
    """.split()
)
_EITHER = frozenset(
    stem(word)
    for word in """
    aim balance base bill budget care challenge change charge check coach control cook cost cover damage direct drive
    drop end escalate focus form gap guide harm head help hope hurt impact influence intensify interest keep lay like
    link love mark matter name order pass place plan play point position power process purchase question rank rate rest
    reward rise risk rule run scale ship sign stock store study supply target test tie train trust value waste wait
    widen worsen staff store stock
    """.split()
)
_WORD = re.compile(r"[A-Za-z]+(?:['-][A-Za-z]+)*|\d+")
_CUT_SHORT = frozenset("empow consid deliv discov rememb endang".split())  # stems of verbs that end in -er
_DETERMINERS = frozenset("the a an this that these those its their your our his her my each every no any".split())
_BEFORE_VERB = _PRONOUNS | frozenset("to who that which not never and".split())
_INFLECTED = re.compile(r"[a-z]?(?:e|es|s|ed|d|ies|ied|y|ves|ize|ise|izes|ises|ized|ised|ate|ates|ated)?")
"""What may follow a verb's stem less its last letter."""


@lru_cache(maxsize=8192)
def words_of(text: str) -> tuple[str, ...]:
    """Lower-case words and numbers in order."""
    return tuple(word.lower() for word in _WORD.findall(plain(text)))


@lru_cache(maxsize=8192)
def predicate_at(text: str) -> int | None:
    """Offset of the first word that can be the text's verb; None where there is none."""
    found = list(_WORD.finditer(plain(text)))
    words = ["", *(match.group().lower() for match in found), ""]
    for place, match in enumerate(found, 1):
        if _can_be_verb(words[place], words[place - 1], words[place + 1]):
            return match.start()
    return None


@lru_cache(maxsize=8192)
def asserts(text: str) -> bool:
    """Whether the text says something of something: it has a verb and the small words that sentences have."""
    words = words_of(text)
    if len(words) < 2 or predicate_at(text) is None:
        return False
    small = sum(word in STOPWORDS or word in _AUXILIARIES for word in words)
    return small >= 1 if len(words) <= 6 else small / len(words) >= LEAST_SMALL


def _can_be_verb(word: str, before: str, after: str) -> bool:
    if word in _AUXILIARIES or word in _IRREGULAR:
        return True
    root = stem(word)
    if not _INFLECTED.fullmatch(word.removeprefix(root[:-1])) and (root not in _CUT_SHORT or word.endswith("t")):
        return False
    if root in _VERBS:
        return before not in _DETERMINERS or word.endswith("s")
    if root not in _EITHER:
        return False
    if before in _DETERMINERS or before in ("of", "in", "on", "for"):
        return False
    return before in _BEFORE_VERB or after in _DETERMINERS
