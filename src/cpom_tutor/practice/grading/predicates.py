"""Does a piece of text say something, or is it a heap of words? And where does its subject end?

There is no parser here. Forms of "be", "have" and the modals are verbs, common verbs are listed, and other words are
taken for verbs by how often English uses their forms in -ing and -ed ("burns", not "margins") where they stand like
one. That is enough to tell "margins are thin" from "margins, technology, workforce".
"""

import re
from functools import lru_cache

from cpom_tutor.language import STOPWORDS, english_frequency, plain, stem

LEAST_SMALL = 0.1
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
# Common verbs that are not mostly nouns, and so need not stand like one.
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
    persuade pick prepare present prevent prioritize procure produce promise promote protect prove provide put raise
    reach read realize receive recognize recruit reduce reflect rely remain remember remove replace represent require
    resist retain return say save see seek seem select sell send serve set show signal signify solve speak
    specialize spend stand start stay stop struggle succeed suffer support survive sustain take talk teach tell
    beat drive guess hate judge look love pull push shout stick wait
    think threaten transform translate treat try turn understand use validate want watch win work write
    """.split()
)
_IRREGULAR = frozenset(
    """
    became began bought brought built came caught chose did fell found gave gone grew heard held kept knew known led
    left lent lost made meant met paid put ran said saw sent shown sold spent spoke stood taken taught told took
    thought understood went won let lets written grown done goes
    """.split()
)
_WORD = re.compile(r"[A-Za-z]+(?:['-][A-Za-z]+)*|\d+")
_CUT_SHORT = frozenset("empow consid deliv discov rememb endang".split())  # stems of verbs that end in -er
_SURE_SUBJECTS = frozenset("he she they we i who".split())  # "it" may be IT
_DETERMINERS = frozenset("the a an this that these those its their your our his her my each every no any".split())
_BEFORE_VERB = _PRONOUNS | frozenset("who which not never".split())
_INFLECTED = re.compile(r"[a-z]?(?:e|es|s|ed|d|ies|ied|y|ves|ize|ise|izes|ises|ized|ised|ate|ates|ated)?")
"""What may follow a verb's stem less its last letter."""
_PREPOSITIONS = frozenset("of in on for with by from at about into between under over than as".split())
_AFTER_COMMAND = _DETERMINERS | frozenset("it them him us me after up out off people everybody everyone".split())
_EVEN_BEFORE_VERB = frozenset("this that each every no any".split())
_STOP = re.compile(r"[,;:|/•()\n—]|\s[–-]\s")
_ITEM = re.compile(_STOP.pattern + r"|\b(?:and|or|plus|not|with|of)\b|&")
MOST_WORDS_LISTED = 7
"""Items that a sentence may list, if they are hardly more than a word each."""
MOSTLY_VERB = 0.5
"""Forms in -ing and -ed for each use of the word itself, from which on it is a verb where it stands like one."""
SOMETIMES_VERB = 0.12
SHORT = 7
"""Words up to which a sentence may do with hardly a small word."""
HEAP = 4
"""Items between commas from which on they may be no more than a list of words."""


@lru_cache(maxsize=8192)
def words_of(text: str) -> tuple[str, ...]:
    """Lower-case words and numbers in order."""
    return tuple(word.lower() for word in _WORD.findall(plain(text)))


@lru_cache(maxsize=8192)
def predicate_at(text: str) -> int | None:
    """Offset of the first word that can be the text's verb; None where there is none."""
    text = plain(text)
    found = list(_WORD.finditer(text))
    for place, match in enumerate(found):
        before = _beside(text, found[place - 1], match, last=True) if place else ""
        after = _beside(text, match, found[place + 1], last=False) if place + 1 < len(found) else ""
        word = match.group().lower()
        if before != "to" and (_can_be_verb(word, before, after) or (place == 0 and _commands(word, after))):
            return match.start()
    return None


def _beside(text: str, one: re.Match[str], other: re.Match[str], *, last: bool) -> str:
    """The word before (after), if no comma or the like is between."""
    if _STOP.search(text, one.end(), other.start()):
        return ""
    return (one if last else other).group().lower()


@lru_cache(maxsize=8192)
def asserts(text: str) -> bool:
    """Whether the text says something of something: it has a verb and the small words that sentences have."""
    words = words_of(text)
    if len(words) < 2 or predicate_at(text) is None or _is_heap(text):
        return False
    small = sum(word in STOPWORDS or word in _AUXILIARIES or word == "without" for word in words)
    if not small:
        return len(words) <= SHORT and _agrees(text)
    return len(words) <= SHORT or small / len(words) >= LEAST_SMALL


def _agrees(text: str) -> bool:
    """Whether the verb has a subject before it that it agrees with: "pharmacies lose money", "a plant burns coal"."""
    text = plain(text)
    verb = predicate_at(text) or 0
    before, after = words_of(text[:verb]), words_of(text[verb:])
    if not before or len(after) < 2 or predicate_at(text[verb + len(after[0]) :]) is not None:
        return False
    plural = before[-1].endswith("s") and not before[-1].endswith("ss")
    return after[0].endswith("s") is not plural or after[0] in _IRREGULAR or after[0].endswith("ed")


def _is_heap(text: str) -> bool:
    """Whether it is items between commas, most of them a few words, and hardly one with a verb."""
    text = plain(text)
    pieces = [words for words in map(words_of, _ITEM.split(text)) if words]
    if len(pieces) > MOST_WORDS_LISTED and sum(map(len, pieces[1:])) < 1.7 * len(pieces[1:]):
        return True
    items = [item for item in _STOP.split(text) if words_of(item)]
    if len(items) < HEAP:
        return False
    # "It covers a, b, c and d" lists, but says of what.
    opens = predicate_at(items[0]) is not None and len(words_of(items[0])) > 1
    with_verb = sum(predicate_at(item) is not None for item in items)
    words = sum(len(words_of(item)) for item in items)
    return not opens and with_verb * 3 < len(items) and words <= 4 * len(items)


def _can_be_verb(word: str, before: str, after: str) -> bool:
    if word in _AUXILIARIES or word in _IRREGULAR:
        return True
    if before in _DETERMINERS or before in _PREPOSITIONS:
        return word.endswith("s") and stem(word) in _VERBS and before in _EVEN_BEFORE_VERB
    if before in _SURE_SUBJECTS:
        return word not in STOPWORDS
    if before in _BEFORE_VERB:
        return _verbness(_base(word)) >= SOMETIMES_VERB or stem(word) in _VERBS
    root = stem(word)
    if root in _VERBS and (_INFLECTED.fullmatch(word.removeprefix(root[:-1])) or _is_cut_short(root, word)):
        return True
    if not before or not after or word in STOPWORDS or _verbness(_base(word)) < MOSTLY_VERB:
        return False
    plural = before.endswith("s") and not before.endswith("ss")
    return not plural if word.endswith("s") else plural or (word.endswith("ed") and after in STOPWORDS)


def _commands(word: str, after: str) -> bool:
    """Whether the first word of a text tells somebody to do something: "look after your staff"."""
    if word.endswith(("ing", "ed", "s")):
        return False
    return after in _AFTER_COMMAND and (stem(word) in _VERBS or _verbness(_base(word)) >= SOMETIMES_VERB)


def _is_cut_short(root: str, word: str) -> bool:
    return root in _CUT_SHORT and not word.endswith("t")


def _base(word: str) -> str:
    """The form of a verb without -s or -ed, where that is a word."""
    for ending, instead in (("ies", "y"), ("ied", "y"), ("es", ""), ("es", "e"), ("s", ""), ("ed", ""), ("ed", "e")):
        base = word.removesuffix(ending) + instead
        if word.endswith(ending) and len(base) > 2 and english_frequency(base) > 0:
            return base
    return word


@lru_cache(maxsize=8192)
def _verbness(base: str) -> float:
    """How often English uses the word's forms in -ing and -ed, against the word itself."""
    if len(base) < 3:
        return 0.0
    stems = [base, base + base[-1]]
    if base.endswith("e"):
        pairs = [(base[:-1] + "ing", base + "d")]
    elif base.endswith("y"):
        pairs = [(base + "ing", base[:-1] + "ied"), (base + "ing", base + "ed")]
    else:
        pairs = [(each + "ing", each + "ed") for each in stems]
    best = max(english_frequency(going) + english_frequency(done) for going, done in pairs)
    return best / max(1, english_frequency(base))
