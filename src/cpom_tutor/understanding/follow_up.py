"""Questions that lean on the conversation, made whole: "and the second one?", "for patients?", "why?".

Pronoun substitution is most of what can be had without a model (FACTS: BLEU 36 to 50 on CANARD, where a
trained rewriter has 51.5); ordinals and ellipsis are resolved against the last answer's own structure.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cpom_tutor.answers import Abstention, Answer, CheckedClaim, Form, Intent, Role, Turn
from cpom_tutor.language import content_stems, numbers
from cpom_tutor.library import Library
from cpom_tutor.understanding.kinds import subjects_of

_ORDINALS = {
    "first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "fifth": 5, "5th": 5,
    "sixth": 6, "6th": 6, "seventh": 7, "eighth": 8, "last": -1, "final": -1,
}  # fmt: skip
_NAMES = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", 6: "sixth", 7: "seventh", 8: "eighth"}
_ORDINAL = re.compile(
    rf"\b(?:the\s+)?(?P<word>{'|'.join(_ORDINALS)})(?:\s+(?P<noun>[a-z]+))?|\b(?:number|no\.?|\#)\s*(?P<digit>\d)\b",
    re.IGNORECASE,
)
_SEVERAL = re.compile(r"\b(?P<end>first|last)\s+(?P<count>two|three|four|2|3|4)\b", re.IGNORECASE)
_NEXT = re.compile(r"\b(?:next\s+(?:one|point|item|\w+)|one\s+after\s+(?:that|it|this)|(?P<before>one\s+before\s+(?:that|it|this)|previous\s+(?:one|point|item)))\b|^\W*(?:and\s+)?(?:the\s+)?next\W*$", re.IGNORECASE)  # fmt: skip
_SMALL = {"two": 2, "2": 2, "three": 3, "3": 3, "four": 4, "4": 4}
_LONGEST_ORDINAL_QUESTION = 11  # words
_OF_THOSE = re.compile(r"\bwhich\s+(?:one\s+)?of\s+(?:those|these|them)\s+(?P<rest>.+)$", re.IGNORECASE)
_THAT_ROW = re.compile(
    r"\b(?:that|this|the\s+same)\s+(?:row|domain|one)\b|\brest\s+of\s+(?:it|the\s+row)\b", re.IGNORECASE
)
_BENEFITS = re.compile(r"\b(?:gets?|gains?|benefits?|in\s+it\s+for)\b", re.IGNORECASE)
_INLINE = re.compile(r":\s*(?P<items>[^:;.]+(?:,\s*[^:;.,]+)*,?\s+and\s+[^:;.]+)\.?$")
_LOOK_BACK = 4  # turns in which the last list is looked for
_WHICH = re.compile(r"^\W*(?:so\s+|and\s+|ok\s+|but\s+)*which\s+(?:one\s+|of\s+(?:them|the\s+two|these|those)\s+)?(?P<rest>(?:is|should|would|does|do|are|has|pays)\b.*)$", re.IGNORECASE)  # fmt: skip
_FOR = re.compile(
    r"^\W*(?:and|ok|so|but|what\s+about|how\s+about|\s)*\s*for\s+(?P<who>[\w\s-]{2,40}?)\W*$", re.IGNORECASE
)
_ABOUT = re.compile(r"^\W*(?:ok\s+|so\s+|but\s+)?(?:and\s+what\s+about|and\s+how\s+about|what\s+about|how\s+about|and)\s+(?P<what>[^?]{2,60}?)\W*$", re.IGNORECASE)  # fmt: skip
_BARE = {
    "Why: ": re.compile(r"^\W*(but\s+|and\s+|ok\s+)?(why|how\s+come|why\s+(is\s+)?(that|so|not)|how\s+so)\W*$", re.IGNORECASE),
    "Tell me more about: ": re.compile(r"^\W*(tell\s+me\s+more|more|go\s+on|continue|elaborate|expand(\s+on\s+(that|it|this))?|more\s+detail[s]?|say\s+more|and\s*\?)\W*$", re.IGNORECASE),
    "": re.compile(r"^\W*((are|r)\s+you\s+(really\s+|absolutely\s+)?(sure|certain)(\s+about\s+(that|it|this))?|really|is\s+that\s+(right|true|correct)|says\s+who|where\s+does\s+it\s+say\s+(that|so))\W*$", re.IGNORECASE),
}  # fmt: skip
_AGAIN = {
    Intent.SIMPLIFY: "Explain more simply: ",
    Intent.EXAMPLE: "Give an example of: ",
    Intent.SUMMARIZE: "Summarize: ",
}
_PRONOUN = re.compile(
    r"\b(?:it|they|them|(?:that|this|the\s+same)\s+one|(?:that|this|those|these)(?=\s*(?:[?.!,;]|$|\b(?:is|are|was|were|do|does|did|can|will|would|mean|different|better|compare|help|matter|work|fit|fall|apply|relate|so)\b)))(?P<has>['’]s\b)?",
    re.IGNORECASE,
)  # fmt: skip
_MANNER = re.compile(
    r"\s*\b(?:like|as\s+if)\s+(?:i\s*['’]?\s*a?m|you['’]?re|to)\s+(?:talking\s+to\s+)?(?:an?\s+)?(?:\d+|five|six|ten|kid|child|beginner)(?:[\s-]*years?[\s-]*old)?\b"
    r"|[,.]?\s*\bwhat\s+(?:does|would|do)\s+(?:the|this)\s+course\s+say\b.*$"
    r"|\s*\bin\s+(?:simple|simpler|plain|easy|your\s+own|a\s+few|other)\s+(?:terms|words|english|language)\b|\beli5:?|\bsimply\b|\bplease\b|\bin\s+a\s+nutshell\b",
    re.IGNORECASE,
)
_STATEMENT = re.compile(
    r"\b(?:is\s+(?:this|that|my\s+answer)\s+(?:right|correct|ok)\W*\s*[:?—–-]+|am\s+i\s+right(?:\s+that|\s+in\s+(?:thinking|saying)(?:\s+that)?|\W*[:?,—–-]+)|(?:check|grade|mark)\s+(?:my|this)(?:\s+answer)?\W*[:?,—–-]+)\s*(?P<statement>.+)$",
    re.IGNORECASE,
)
_SHORTEST_STATEMENT = 4  # words
PICKED = re.compile(r"^What does the \w+ \w+, (?P<label>.+), mean\?$")
_ASKS_WHETHER = re.compile(r"^\W*(?:(?!wh|how)\w+\s+)?(?:is|are|does|do|did|can|will|would|should|was|were|has|have|how\s+(?:does|do|is))\b", re.IGNORECASE)  # fmt: skip
_IT = re.compile(r"\bit(?P<has>['’]s\b)?(?=\s*(?:[?.!,]|$|\b(?:do|does|teach|cover|prevent|help|make|give|work|exist|matter|take|need|mean|so|different|for)\b))|(?<=\bdoes )it\b|(?<!all )(?<=\bof )it\b|(?<=\bto )it\b", re.IGNORECASE)  # fmt: skip
_INTERROGATIVE = re.compile(r"^\W*(?:so\s+|and\s+|ok\s+|but\s+)*(?:what|which|who|why|how|when|where|is|are|does|do|can|will|would|should|did|was)\b", re.IGNORECASE)  # fmt: skip
_LONGEST_BARE_QUESTION = 10  # words: in a longer one "it" stands for something said in it
_POSSESSIVE = re.compile(r"\b(its|their)\b(?=\s+\w)", re.IGNORECASE)
_LEANS = re.compile(
    r"^\W*(?:and|but|then|or|also|plus)\b|\b(?:that|this|they|them|their|these|those|there|ones|others?|same|else|instead)\b(?!\s+(?:\w+\s+){1,3}(?:thing|stuff|bit|part)\b)"
    r"|\b(?:the|that|this|which|other)\s+(?:\w+\s+)?one\b",
    re.IGNORECASE,
)
_ADVERBS = frozenset({"ultimately", "finally", "lastly", "above all"})
_ARTICLE = re.compile(r"^(?:and\s+)?(?:ultimately,?\s+)?(?:the|a|an)\s+", re.IGNORECASE)
_ABOUT_MARK = " (about: "
_ANTECEDENT_INSIDE = 3  # telling words before a pronoun
_LONGEST_LEANING = 9  # words: a longer question is one by itself
_LONGEST_ABOUT = 20  # words: a pasted paragraph is no topic
_A_SENTENCE = re.compile(r",|\b(?:is|are|was|were|does|do|can|cannot|can['’]t)\b", re.IGNORECASE)
_ALL_OF = re.compile(
    r"\b(?:all|both|each|any|most|none)\s+of\s+(?:them|these|those)\b|\b(?:them|these|those)\s+all\b", re.I
)
_SAYS_NOTHING = frozenset(
    content_stems(
        "else then again exactly really ok okay mean means happen happens so come like bother much many long often care"
    )
)
_EXPLETIVE = re.compile(r"\bis\s+(that|this)\s+it\b|\b(is|was)\s+it\s+(true|possible|correct|right|fair|ok|okay|just|only|enough|worth)\b|\bit\s+(is|seems)\s+\w+\s+(that|to)\b|\bdoes\s+it\s+(say|mention)\b", re.IGNORECASE)  # fmt: skip
_OPENING = re.compile(
    r"^\W*(?:so|and|but|ok|okay|hey|hi|please|also|then|now)*\s*(?:(?:can|could|would)\s+(?:you|u)\s+)?(?:please\s+)?"
    r"(?:(?:explain\s+more\s+simply|give\s+an\s+example\s+of|summarize|tell\s+me\s+more\s+about|why)\s*:\s*)?"
    r"(?:tell\s+me\s+about|what\s+about|how\s+about|explain|describe|define|what\s+does\s+the\s+course\s+say\s+about|what(?:['’]s|\s+is|\s+are|\s+does|\s+do)|who\s+(?:is|are)"
    r"|how\s+(?:does|do|is|are|can)|why\s+(?:is|are|does|do|was|were)|where\s+(?:does|do|would|is)|which|is|are|does|do|can)\s+",
    re.IGNORECASE,
)  # fmt: skip
_CLOSING = re.compile(r"\s*(?:\b(?:mean|means|stand\s+for|exactly|again|about|all\s+about|work|matter|important)\b)*\W*$", re.IGNORECASE)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Resolved:
    """A question made whole.

    Attributes:
        text: the whole question.
        context: what was spoken of before, where the question still leans on it; searched for besides.
        ordinal: which point of the last list it asks for, from 1; 0 for none.
        previous: the turn it leans on, or None if it stands alone.
    """

    text: str
    ordinal: int = 0
    previous: Turn | None = None
    context: str = ""


def resolve(
    text: str, intent: Intent, history: Sequence[Turn], library: Library, expand: Callable[[str], str]
) -> Resolved:
    """Makes `text` whole; `intent` is what its own wording shows, `expand` gives the course's words for everyday ones."""
    last = _last_on_the_course(history)
    if last is None:
        unanswered = history[-1] if history and isinstance(history[-1].reply, Abstention) else None
        return _in_context(text, unanswered, library) if unanswered else Resolved(text)
    ordinal = _by_ordinal(text, history, library)
    if ordinal:
        return ordinal
    described = _by_description(text, history, library, expand)
    if described:
        return described
    row = _THAT_ROW.search(text) if last.intent is Intent.TABLE else None
    if row:
        return Resolved(f"What is in the {subject_of(last, library)} row?", previous=last)
    choice = _between_the_two(text, last)
    if choice:
        return choice
    for prefix, pattern in _BARE.items():
        if pattern.match(text):
            return Resolved(prefix + _bare_question(last) if prefix else last.resolved_question, previous=last)
    who = _FOR.match(text)
    if who:
        return Resolved(f"What is the benefit for {who['who'].strip()}?", previous=last)
    if intent in _AGAIN and len(text.split()) <= 9 and not _names_something(text, library):
        return Resolved(_AGAIN[intent] + _bare_question(last), previous=last)
    if intent in (Intent.QUIZ, Intent.GRADE):
        return Resolved(text, previous=last)
    about = _ABOUT.match(text)
    if about and not _INTERROGATIVE.match(about["what"]):
        whole = _with_new_subject(last, about["what"].strip())
        return Resolved(whole, previous=last, context=_bare_question(last) if whole.startswith("What about") else "")
    if _ALL_OF.search(text):
        listed, _ = _last_list(history, library)
        return _in_context(text, listed or last, library)
    if _is_bare(text):
        return _in_context(text, last, library)
    subject = subject_of(last, library)
    named = subject.removeprefix("the ").lower() != library.code.lower() or _speaks_of(last, library.code)
    leans_inside = _said_before_the_pronoun(text) >= _ANTECEDENT_INSIDE
    if subject and named and not leans_inside and intent is not Intent.COMPARE and not _EXPLETIVE.search(text):
        whole = _PRONOUN.sub(lambda match: _unless_shouted(match, subject), text, count=1)
        count = int(whole != text)
        if not count:
            whole, count = _POSSESSIVE.subn(f"{subject}’s", text, count=1)
        if count:
            return Resolved(whole, previous=last, context=_bare_question(last))
    return _in_context(text, last, library)


def _in_context(text: str, last: Turn, library: Library) -> Resolved:
    """The question beside the one it leans on, where it leans on one in a way that no word can be put for."""
    self_contained = len(text.split()) > _LONGEST_LEANING or not _LEANS.search(text) or _EXPLETIVE.search(text)
    if not _is_bare(text) and self_contained:
        return Resolved(text)
    previous = last if isinstance(last.reply, Answer) else None
    about = _bare_question(last)
    if len(about.split()) > _LONGEST_ABOUT:
        about = subject_of(last, library) or about
    return Resolved(f"{_tidy(text)}?{_ABOUT_MARK}{about})", previous=previous)


def _said_before_the_pronoun(text: str) -> int:
    """How many telling words stand before the first pronoun: with several, it may stand for one of them."""
    found = _PRONOUN.search(text) or _POSSESSIVE.search(text)
    return len([stem for stem in content_stems(text[: found.start()]) if stem not in _SAYS_NOTHING]) if found else 0


def _is_bare(text: str) -> bool:
    """Whether the question says nothing of what it asks about ("what for?")."""
    return not [stem for stem in content_stems(text) if stem not in _SAYS_NOTHING]


def _tidy(text: str) -> str:
    return text.strip(" ?.!,…")


def _speaks_of(turn: Turn, name: str) -> bool:
    return bool(re.search(rf"\b{re.escape(name)}\b", turn.resolved_question, re.IGNORECASE))


def about_the_course(text: str, library: Library) -> str:
    """A first question's "it" is the course's own subject ("what led to it" asks about the CPOM)."""
    told = library.code.lower() in text.lower() or _EXPLETIVE.search(text) or not _INTERROGATIVE.match(text)
    if not library.code or told or len(text.split()) > _LONGEST_BARE_QUESTION:
        return text
    return _IT.sub(lambda match: _unless_shouted(match, f"the {library.code}"), text, count=1)


def _unless_shouted(match: re.Match[str], subject: str) -> str:
    """The subject in place of a pronoun; "IT" in capitals is information technology."""
    return match.group() if match.group() == "IT" else subject + (match["has"] or "")


def theirs(text: str) -> str:
    """The learner's own statement in "is this right: ..."; empty where there is none."""
    match = _STATEMENT.search(text)
    return match["statement"].strip(" ?.!") if match and len(match["statement"].split()) >= _SHORTEST_STATEMENT else ""


def query_of(resolved: str) -> str:
    """What to search for: the resolved question without "Explain more simply:" and the like."""
    for prefix in (*(prefix for prefix in _BARE if prefix), *_AGAIN.values()):
        resolved = resolved.removeprefix(prefix)
    resolved = theirs(resolved) or _MANNER.sub(" ", resolved).strip() or resolved
    picked = PICKED.match(resolved)
    return picked["label"] if picked else resolved


def subject_of(turn: Turn, library: Library) -> str:
    """What the turn was about: the point picked from a list, the first of two compared, the subject of its
    question, or what its answer cites first."""
    question = _bare_question(turn)
    picked = PICKED.match(question)
    if picked:
        return picked["label"]
    pair = subjects_of(question) if turn.intent is Intent.COMPARE else ()
    if pair:
        return pair[0]
    cited = _cited(turn)
    only = library.passage(cited[0]).name if len(cited) == 1 and cited[0] in library else ""
    if only:
        return only
    subject = "" if cited and _ASKS_WHETHER.match(question) else _subject_of_question(question)
    if subject and len(subject.split()) <= 5 and not _PRONOUN.search(subject) and not _INTERROGATIVE.match(subject):
        return "" if _A_SENTENCE.search(subject) else subject
    if re.search(rf"\b{re.escape(library.code)}\b", question, re.IGNORECASE):
        return f"the {library.code}"
    known = [library.passage(passage_id) for passage_id in cited if passage_id in library]
    return (known[0].name or f"the {library.code}") if known else ""


def _cited(turn: Turn) -> list[str]:
    """Ids of the passages that the turn's answer cites, each once."""
    claims = turn.reply.claims if isinstance(turn.reply, Answer) else ()
    return list(dict.fromkeys(citation.passage_id for claim in claims for citation in claim.citations))


def points_of(turn: Turn, library: Library) -> list[str]:
    """The names of the points that the turn's answer listed, in the order shown."""
    if not isinstance(turn.reply, Answer):
        return []
    found: dict[str, str] = {}
    for claim in turn.reply.claims:
        if claim.role is not Role.FACT or not (claim.form is Form.ITEM or _is_first_cell(claim, turn.reply.claims)):
            continue
        passage_id = claim.citations[0].passage_id
        name = library.passage(passage_id).name if passage_id in library else ""
        bold = re.match(r"\*\*(.+?)[:.]?\*\*", claim.text)
        found.setdefault(passage_id, name or (bold.group(1) if bold else claim.text))
    return list(found.values()) or _inline_points(turn.reply)


def _inline_points(reply: Answer) -> list[str]:
    """What a sentence of the answer counts and then enumerates ("three stakeholders: A, B, and C")."""
    for claim in reply.claims:
        match = _INLINE.search(claim.text) if claim.role is Role.FACT and not claim.text.startswith("**") else None
        parts = re.split(r",\s*(?:and\s+)?|\s+and\s+", match["items"]) if match else []
        points = [_ARTICLE.sub("", part.strip()) for part in parts if part.strip() not in _ADVERBS]
        if match and str(len(points)) in numbers(claim.text[: match.start()]):
            return points
    return []


def _last_on_the_course(history: Sequence[Turn]) -> Turn | None:
    return next((turn for turn in reversed(history) if isinstance(turn.reply, Answer)), None)


def _between_the_two(text: str, last: Turn) -> Resolved | None:
    """ "Which one is better?" after a comparison asks about the two that were compared."""
    match = _WHICH.match(text)
    pair = subjects_of(last.resolved_question) if match and last.intent is Intent.COMPARE else ()
    if not match or not pair:
        return None
    return Resolved(f"Which {match['rest'].strip(' ?.!')}, {pair[0]} or {pair[1]}?", previous=last)


def _by_ordinal(text: str, history: Sequence[Turn], library: Library) -> Resolved | None:
    """A point of the last list that was shown, however many questions ago (a few at most)."""
    match, moved, several = _ORDINAL.search(text), _NEXT.search(text), _SEVERAL.search(text)
    if not (match or moved) or len(text.split()) > _LONGEST_ORDINAL_QUESTION:
        return None
    last, points = _last_list(history, library)
    if last is None and moved:
        last, points = _last_member(history, library)
    if last is None:
        return None
    if several:
        count = _SMALL[several["count"].lower()]
        chosen = points[:count] if several["end"].lower() == "first" else points[-count:]
        return Resolved(f"Tell me about {', '.join(chosen[:-1])} and {chosen[-1]}", previous=last)
    if moved or match is None:
        told = _place_of_last(history, points, library)
        ordinal = told + (-1 if moved and moved["before"] else 1) if told else 0
    else:
        ordinal = int(match["digit"]) if match["digit"] else _ORDINALS[match["word"].lower()]
    if not (ordinal == -1 or 1 <= ordinal <= len(points)):
        return None
    if last.intent is Intent.BENEFIT or _BENEFITS.search(text):
        return Resolved(f"What is the benefit for {points[ordinal - (ordinal > 0)]}?", previous=last)
    place = len(points) if ordinal == -1 else ordinal
    noun = ((match["noun"] if match else "") or "point").lower()
    noun = "point" if noun in ("one", "of", "is", "mean", "means", "again", "in", "please", "and", "about") else noun
    which = "last" if ordinal == -1 else _NAMES.get(place, f"{place}th")
    return Resolved(f"What does the {which} {noun}, {points[place - 1]}, mean?", place, last)


def _last_list(history: Sequence[Turn], library: Library) -> tuple[Turn | None, list[str]]:
    """The last turn that told several points, a few questions ago at most, and the points."""
    for last in list(reversed(history))[:_LOOK_BACK]:
        points = points_of(last, library)
        if len(points) > 1:
            return last, points
    return None, []


def _last_member(history: Sequence[Turn], library: Library) -> tuple[Turn | None, list[str]]:
    """The last turn that told one item of a list, and the names of that list's items."""
    for turn in list(reversed(history))[:_LOOK_BACK]:
        for passage_id in _cited(turn):
            parent = library.parent(library.passage(passage_id)) if passage_id in library else None
            if parent:
                return turn, [member.name for member in library.children(parent.id)]
    return None, []


def _place_of_last(history: Sequence[Turn], points: Sequence[str], library: Library) -> int:
    """Which of the points was told last, from 1; 0 where none was."""
    for turn in list(reversed(history))[:_LOOK_BACK]:
        picked = PICKED.match(_bare_question(turn))
        cited = [library.passage(passage_id).name for passage_id in _cited(turn) if passage_id in library]
        for name in [*([picked["label"]] if picked else []), *cited]:
            if name in points:
                return points.index(name) + 1
    return 0


def _by_description(
    text: str, history: Sequence[Turn], library: Library, expand: Callable[[str], str]
) -> Resolved | None:
    """ "Which of those is about money": the point of the last list whose words fit the description best."""
    match = _OF_THOSE.search(text)
    last = next((turn for turn in list(reversed(history))[:_LOOK_BACK] if len(points_of(turn, library)) > 1), None)
    if not match or last is None:
        return None
    wanted = set(content_stems(f"{match['rest']} {expand(match['rest'])}"))
    points = points_of(last, library)
    texts = {passage.name: passage.text for passage_id in _cited(last) if passage_id in library
             for passage in (library.passage(passage_id),)}  # fmt: skip
    scores = [len(wanted & set(content_stems(texts.get(point, point)))) for point in points]
    if not max(scores):
        return None
    place = scores.index(max(scores)) + 1
    return Resolved(f"What does the {_NAMES.get(place, f'{place}th')} point, {points[place - 1]}, mean?", place, last)


def _bare_question(turn: Turn) -> str:
    """The last question without the prefixes that earlier follow-ups put before it."""
    question = turn.resolved_question
    for prefix in (*(prefix for prefix in _BARE if prefix), *_AGAIN.values()):
        question = question.removeprefix(prefix)
    before, _, about = question.partition(_ABOUT_MARK)
    if not about:
        return question
    telling = [stem for stem in content_stems(before) if stem not in _SAYS_NOTHING]
    return before if telling else about.removesuffix(")")


def _with_new_subject(last: Turn, what: str) -> str:
    subject = _subject_of_question(last.resolved_question)
    if last.intent is Intent.BENEFIT:
        return f"What is the benefit for {what}?"
    if last.intent is Intent.TABLE:
        return f"What is in the {what} row?"
    replaceable = subject and not _ASKS_WHETHER.match(last.resolved_question)
    if replaceable and len(subject.split()) <= 4 and subject in last.resolved_question:
        return last.resolved_question.replace(subject, what, 1)
    return f"What about {what}?"


def _subject_of_question(question: str) -> str:
    rest = _OPENING.sub("", question, count=1)
    rest = _CLOSING.sub("", rest.strip())
    return re.sub(r"^(?:the|a|an)\s+", "", rest.strip(), flags=re.IGNORECASE) if rest != question else ""


def _names_something(text: str, library: Library) -> bool:
    """Whether the text itself says what it is about (a name or label of the course)."""
    lower = text.lower()
    return any(passage.name and passage.name.lower() in lower for passage in library.passages) or bool(
        re.search(r"\b(of|about)\s+(?!(it|that|this|them|these|those)\b)\w{3,}", lower)
    )


def _is_first_cell(claim: CheckedClaim, claims: tuple[CheckedClaim, ...]) -> bool:
    cells = [other for other in claims if other.form is Form.CELL]
    return claim.form is Form.CELL and bool(cells) and claim.column == cells[0].column
