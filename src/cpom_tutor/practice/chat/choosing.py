"""Which option a learner means: "b", "B.", "the second one", "i think it's b because ...", or its own words."""

import re
from collections.abc import Sequence
from enum import StrEnum

from rapidfuzz import fuzz

from cpom_tutor.language import content_stems
from cpom_tutor.practice.giving_up import gives_up

_I = re.IGNORECASE
_HEDGE = re.compile(
    r"^(?:(?:u+m+|u+h+|hm+|ok(?:ay)?|so|well|yeah|right|then|and|but|is\s+it|(?:i['’]?d|i\s+would|i['’]?ll|i)\s+(?:say|go\s+(?:with|for)|pick|choose"
    r"|think|guess|believe|reckon|vote|chose|picked)|i['’]?m\s+(?:going\s+(?:with|for)|pretty\s+sure|sure|thinking)|that|it['’]?s|its|it\s+is"
    r"|(?:(?:my|the)\s+)?(?:(?:correct|right|best|final)\s+)?(?:answer|guess)(?:\s+is|['’]s)?|(?:it\s+)?(?:must|has\s+to|should|would|could|might|gotta)\s+be"
    r"|probably|maybe|perhaps|definitely|possibly|surely|going\s+(?:with|for)|let['’]?s\s+(?:go\s+with|say|try)|for|option|letter|choice|number|no)\b[\s:,.…-]*)+",
    _I,
)
_REASON = r"because|cause|cos|cuz|coz|bc|since|as\s+(?:it|the|they|that|this)|i\s+(?:think|guess|say|believe)|probably|maybe|definitely|right|for\s+sure|final|pl(?:ea)?se|correct|though|is\s+(?:right|correct|it|my|the)"
_THEN = rf"(?=\s*(?:$|[.,:;!?)\]–—-]|\s(?:{_REASON})\b))"
_LETTER = re.compile(rf"^\(?\[?(?P<letter>[a-z])(?:[)\].:]|{_THEN})", _I)
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth")
_SHORT_ORDINALS = {"1st": 0, "2nd": 1, "3rd": 2, "4th": 3, "5th": 4, "6th": 5}
_PLACE = re.compile(
    rf"^(?:the\s+)?(?P<place>{'|'.join(_ORDINALS)}|{'|'.join(_SHORT_ORDINALS)}|last|[1-6])(?:\s+(?:one|option|answer|choice))?{_THEN}", _I
)  # fmt: skip
_QUESTION = re.compile(
    r"^\W*(?:(?:and|so|but|ok|hey|wait)\W+)*(?:what|which|who|why|how|when|where|is|are|does|do|can|could|should|would|explain|tell|define|describe|compare|list|give|quiz)\b",
    _I,
)
_REASONS_OF_IT = re.compile(r"\b(?:because|cos|cuz|coz|since)\b.*$", _I | re.DOTALL)

_NEXT = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|yes|yep|yeah|sure|please|great|cool|and|now|right|good|thanks|alright|got\s+it)\W+)*(?:(?:can|could)\s+(?:i|you|we)\s+)?(?:have\s+|do\s+|give\s+me\s+|ask\s+me\s+|let['’]?s\s+(?:do|have)\s+|show\s+me\s+)?"
    r"(?:(?:the\s+|a\s+)?next(?:\s+(?:one|question))?|another(?:\s+(?:one|question|go|round))?|one\s+more(?:\s+question)?|a?\s*(?:new|different)\s+(?:one|question)|more(?:\s+questions?)?|again|go\s+on|keep\s+going|continue|carry\s+on|(?:quiz|test)\s+me\s+(?:again|more))"
    r"\W*(?:please|pls|thanks)?\W*$",
    _I,
)
_YES = re.compile(r"^\W*(?:yes|yep|yeah|yup|sure|please|go\s+ahead|ready)(?:\W+(?:please|pls|sure|go|ok))*\W*$", _I)  # fmt: skip
_WHY = re.compile(
    r"^\W*(?:(?:but|ok|hm+|wait|huh|sorry|and)\W+)*(?:why(?:\s+(?:is|was)?\s*(?:that|it|so|not)(?:\s+\w+)?)?|how\s+(?:come|so)|explain(?:\s+(?:that|it|this|why))?|(?:can\s+you\s+)?tell\s+me\s+(?:more|why)|i\s+(?:do\s+not|don['’]?t)\s+(?:get|understand)(?:\s+(?:it|that|why))?|says\s+who)\W*$",
    _I,
)
_HARDER = re.compile(r"\b(?:harder|tougher|trickier|more\s+(?:difficult|challenging)|too\s+easy|challenge\s+me)\b", _I)
_EASIER = re.compile(r"\b(?:easier|less\s+(?:difficult|hard)|too\s+(?:hard|difficult|tricky))\b", _I)
_OF_SOMETHING_ELSE = re.compile(
    r"^\W*(?:what|which|who|why|how|when|where|is|are|does|do|did|will)\b|\bthan\b|\b(?:words?|words|explanation|explain|language|terms|life|work|job|exam)\b",
    _I,
)
_ENOUGH = re.compile(
    r"^\W*(?:(?:ok(?:ay)?|ugh+|no|please|pls|can\s+we|let['’]?s|i\s+(?:want|need)\s+to|this\s+is\s+(?:\w+\s+)?(?:stupid|silly|boring|annoying|too\s+much))\W+)*"
    r"(?:(?:stop|quit|end|cancel|exit|drop)(?:\s+(?:it|this|that|now|here|(?:the\s+)?(?:quiz|scenario|questions?|practice)))?"
    r"|(?:that['’]?s\s+)?enough(?:\s+(?:of\s+(?:this|that)|for\s+(?:now|today)))?|no\s+more(?:\s+questions?)?|i['’]?m\s+done|leave\s+it)"
    r"(?:\W+(?:please|pls|now|thanks|already))*\W*$",
    _I,
)
_LETTERS_ALONE = re.compile(
    r"^\W*(?:(?:it['’]?s|is\s+it|maybe|either|both|option|answer)\W+)*(?P<letters>[a-z]\b(?:\W*(?:or|and|&|/|,)\W*[a-z]\b)*)\W*$",
    _I,
)
_ANOTHER = re.compile(
    r"^\W*(?:(?:ok|please|now|and)\W+)*(?:quiz|test|give|ask|another|new|next|stop|start)\b.{0,40}$", _I
)
_FEWEST_WORDS = 4  # of an answer in one's own words
_LONGEST_WISH = 9  # words: a longer message is no wish for a harder question
_CLOSE = 86  # of 100: the same words but for a slip of the fingers
_LEAST_SHARED = 0.75  # of the learner's words
_LEAST_OF_OPTION = 0.34
_CLEARLY = 0.15


class Wish(StrEnum):
    """What a learner in the middle of practice may want instead of answering."""

    NEXT = "next"
    HARDER = "harder"
    EASIER = "easier"
    PASS = "pass"
    WHY = "why"
    STOP = "stop"


def choice_of(text: str, options: Sequence[str]) -> int | None:
    """Index of the option that a message chooses; None where it chooses none, or one cannot tell which.

    A question about an option ("what is financial management?") chooses nothing.
    """
    said = _HEDGE.sub("", text.strip().strip("\"'“”*").strip())
    whole = _word_for_word(said, options)
    if whole is not None:
        return whole
    letter = _LETTER.match(said)
    # "A budget ..." starts with an article.
    if letter and not (letter["letter"].lower() == "a" and re.match(r"a\s+\w", said, _I) and "because" not in said):
        place = ord(letter["letter"].lower()) - ord("a")
        return place if place < len(options) else None
    ordinal = _PLACE.match(said)
    if ordinal:
        return _at(ordinal["place"].lower(), len(options))
    if _QUESTION.match(text) and not re.match(r"^\W*is\s+it\b", text, _I):
        return None
    # An option may hold a "since" of its own, so all the words come before those without their reason.
    whole = _by_words(said, options)
    return whole if whole is not None else _by_words(_REASONS_OF_IT.sub("", said), options)


def unclear(text: str, count: int) -> bool:
    """Whether a message is nothing but letters, and not one letter of the `count` options."""
    found = _LETTERS_ALONE.match(text)
    letters = re.findall(r"\b[a-z]\b", found["letters"].lower()) if found else []
    return bool(letters) and (len(set(letters)) > 1 or ord(letters[0]) - ord("a") >= count)


def is_prose(text: str) -> bool:
    """Whether a message answers in the learner's own words (or gives up), and is no question and no other wish."""
    if gives_up(text):
        return True
    asks = _QUESTION.match(text) and text.rstrip().endswith("?")
    return len(text.split()) >= _FEWEST_WORDS and not asks and not _ANOTHER.search(text)


def letter_of(text: str, count: int) -> int | None:
    """Index of the option that a message names by its letter and nothing else."""
    alone = re.fullmatch(r"\W*(?:(?:option|answer|letter)\W+)?([a-h])\W*", text.strip(), _I)
    place = ord(alone[1].lower()) - ord("a") if alone else count
    return place if place < count else None


def wish_of(text: str, *, waiting: bool, since: int = 0) -> Wish | None:
    """What the learner wants instead; None where it is none of these.

    Args:
        text: the message.
        waiting: a question waits for its answer, so that "yes" asks for nothing and "pass" for the answer.
        since: turns between the practice and this message: "more" and "next" then speak of those.
    """
    if waiting and not since and gives_up(text):
        return Wish.PASS
    if len(text.split()) > _LONGEST_WISH:
        return None
    if not _OF_SOMETHING_ELSE.search(text):
        if _HARDER.search(text):
            return Wish.HARDER
        if _EASIER.search(text):
            return Wish.EASIER
    if since:
        return Wish.NEXT if _NEXT.match(text) and re.search(r"\banother|question|quiz", text, _I) else None
    if _ENOUGH.match(text):
        return Wish.STOP
    if not waiting and _WHY.match(text):
        return Wish.WHY
    return Wish.NEXT if _NEXT.match(text) or (not waiting and _YES.match(text)) else None


def _at(place: str, count: int) -> int | None:
    if place == "last":
        return count - 1
    found = _SHORT_ORDINALS[place] if place in _SHORT_ORDINALS else (
        _ORDINALS.index(place) if place in _ORDINALS else int(place) - 1
    )  # fmt: skip
    return found if found < count else None


def _word_for_word(said: str, options: Sequence[str]) -> int | None:
    """The option that is written out; a slip of the fingers aside."""
    plain = said.strip(" .!?,").lower()
    if not plain:
        return None
    ratios = [fuzz.ratio(plain, option.lower().strip(" .")) for option in options]
    best = max(range(len(options)), key=ratios.__getitem__)
    return best if ratios[best] >= _CLOSE and ratios.count(ratios[best]) == 1 else None


def _by_words(said: str, options: Sequence[str]) -> int | None:
    """The option whose words these are: enough of them to tell it from the others."""
    whole = _word_for_word(said, options)
    if whole is not None:
        return whole
    wanted = set(content_stems(said.lower()))
    if not wanted:
        return None
    told = [set(content_stems(option)) for option in options]
    if sum(wanted <= option for option in told) > 1:
        return None
    scores = [_fit(wanted, option) for option in told]
    best = max(range(len(options)), key=scores.__getitem__)
    others = [score for place, score in enumerate(scores) if place != best]
    return best if scores[best] > 0 and scores[best] - max(others, default=0.0) >= _CLEARLY else None


def _fit(wanted: set[str], option: set[str]) -> float:
    """How well the learner's words fit an option, 0 to 1: 0 unless most of them are its own."""
    shared = len(wanted & option)
    if not option or shared / len(wanted) < _LEAST_SHARED or shared / len(option) < _LEAST_OF_OPTION:
        return 0.0
    return 2 * shared / (len(wanted) + len(option))
