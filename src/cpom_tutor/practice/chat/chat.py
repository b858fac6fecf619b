"""Practice in the middle of a conversation: "quiz me on that", "b", "make it harder", "give me a scenario"."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from random import SystemRandom

from cpom_tutor.answers import Answer, Turn
from cpom_tutor.course import Address
from cpom_tutor.errors import NotFound, TutorError
from cpom_tutor.items import ItemKind, Level, Practised, QuizItem, Scenario, letter
from cpom_tutor.language import content_stems
from cpom_tutor.library import Library
from cpom_tutor.practice.chat.choosing import Wish, choice_of, is_prose, letter_of, unclear, wish_of
from cpom_tutor.practice.chat.telling import (
    AFTER_A_SCENARIO,
    GO_ON,
    asked_in,
    decided,
    explained,
    given_up,
    marked,
    one_letter,
    opening_text,
    question_text,
    vouched,
    written,
)
from cpom_tutor.practice.giving_up import gives_up
from cpom_tutor.practice_protocols import Exercise, Practice
from cpom_tutor.protocols import Hit, Question, Retriever

_DRAWN = 12  # items to choose the one from that is closest to what was discussed
_TRIES = 6  # seeds, for a scenario that was not told yet
_FOUND = 3  # passages that a topic may stand for
_LOOK_BACK = 3  # turns after which practice is forgotten
_STOPPED = "All right, no more of that. Ask me anything, or say “another question” when you want one."
_NOTHING_YET = "There is nothing to practise on in this course yet. Ask me anything about it instead."
_NO_SCENARIO = "There is no scenario in this course yet. Say “quiz me” for a question, or ask me anything."
_ON_THE_TAB = "Mock exams and flashcards are on the Practice tab. Here is a question meanwhile."
_ELSEWHERE = re.compile(r"\b(?:mock|flash\s?cards?|(?:practice|sample)\s+(?:exam|test)s?)\b", re.IGNORECASE)
_SCENARIO = re.compile(r"\bscenarios?\b", re.IGNORECASE)
_ADDRESS = re.compile(r"§?\d+(?:\.\d+)+(?:\s*(?:¶|\bp(?:ara)?\.?)\s*\d+(?:\.r?\d+)?)?")
_ASKING = re.compile(
    r"\b(?:(?:can|could|would|will)\s+(?:you|u)|please|pls|now|again|quickly|quick|(?:quiz|test|ask)\s+(?:me|us)|give\s+(?:me|us)|i\s+want|let['’]?s\s+(?:do|have)"
    r"|(?:an?|some|one|the|few|another|practice|mock|sample|multiple[\s-]choice|hard(?:er)?|easy|easier|\d+)|questions?|quiz(?:zes)?|exams?|tests?|flash\s?cards?|mcqs?|scenarios?|something|anything"
    r"|on|about|from|for|of|with|it|that|this|these|those|them|what\s+(?:we|you|i)(?:['’]ve)?\s+(?:just\s+)?(?:discussed|said|talked|read|learn(?:ed|t)|covered))\b",
    re.IGNORECASE,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Scope:
    """Where to look for a question: passages, or an address, or neither for the whole course."""

    about: tuple[str, ...] = ()
    topic: str = ""


class PracticeChat:
    """Implements `Examiner`; keeps nothing: how the practice stands is in the turns."""

    def __init__(
        self,
        practice: Practice,
        retriever: Retriever,
        draw: Callable[[], int] = lambda: SystemRandom().randrange(2**31),
    ) -> None:
        """`draw` gives the seed of each question, so that the same request brings another one tomorrow."""
        self._practice, self._retriever, self._draw = practice, retriever, draw

    def follow(self, text: str, history: Sequence[Turn]) -> Exercise | None:
        """As `practice_protocols.Examiner`."""
        current, since = _under_way(history)
        if current is None:
            return None
        if not since and wish_of(text, waiting=current.waiting) is Wish.STOP:
            return Exercise(replace(current, waiting=False), text, line=_STOPPED, suggestions=GO_ON)
        if current.writing:
            return self._written(current, text) if not since and is_prose(text) else None
        chosen = None
        if current.waiting:
            if unclear(text, len(current.options)):
                return Exercise(current, text, line=one_letter(len(current.options)))
            chosen = letter_of(text, len(current.options)) if since else choice_of(text, current.options)
        wish = wish_of(text, waiting=current.waiting, since=since) if chosen is None else None
        if chosen is not None or wish is Wish.PASS:
            return self._marked(current, chosen)
        if wish is None:
            return None
        if wish is Wish.WHY:
            return self._explained(current, text)
        level = {Wish.HARDER: Level.APPLICATION, Wish.EASIER: Level.RECALL}.get(wish, current.level)
        return self._question(text, _widening(current.about, self._retriever), level, history, about=current.about)

    def begin(self, question: Question, history: Sequence[Turn]) -> Exercise:
        """As `practice_protocols.Examiner`."""
        topic, note = topic_of(question.resolved), ""
        hits: tuple[Hit, ...] = ()
        scopes: list[_Scope] = []
        about: tuple[str, ...] = ()
        address = self._address(question.asked)
        if address:
            scopes = [_Scope(topic=address)]
        elif topic:
            hits = self._found(topic, question)
            about = tuple(hit.passage.id for hit in hits)
            note = "" if about else f"I have no question on “{_as_said(topic, question.asked)}”. Here is another one."
        else:
            about = discussed(history)
        # What was found first is nearest to the topic; what an answer cites is all alike.
        scopes = scopes or [*(_Scope(about=(each,)) for each in about if hits), *_widening(about, self._retriever)]
        if _SCENARIO.search(question.asked):
            return self._scenario(question.resolved, scopes, history, hits)
        note = _ON_THE_TAB if _ELSEWHERE.search(question.asked) else note
        level = Level.APPLICATION if re.search(r"\bhard", question.asked, re.IGNORECASE) else None
        return self._question(question.resolved, scopes, level, history, about=about, note=note, hits=hits)

    def _explained(self, current: Practised, text: str) -> Exercise | None:
        """More on a question that was marked."""
        if current.item is None:
            return None
        draft = explained(current.item, self._retriever.library)
        return Exercise(current, text, draft=draft, vouched=vouched(draft), suggestions=GO_ON)

    def _marked(self, current: Practised, chosen: int | None) -> Exercise:
        """The judgement of a choice, and in a scenario the next decision with it."""
        library = self._retriever.library
        if current.scenario:
            place, scenario = current.decision, current.scenario
            draft = decided(scenario, place, chosen, library)
            after = replace(current, decision=place + 1, chosen=chosen)
            asked = scenario.decisions[place].prompt
        else:
            assert current.item is not None, "practice that waits has a question or a scenario"
            draft = marked(current.item, chosen, library)
            after = replace(current, chosen=chosen, waiting=False)
            asked = asked_in(current.item.stem)
        said = f" {letter(chosen)}: {current.options[chosen]}" if chosen is not None else ""
        go_on = () if after.waiting else GO_ON
        return Exercise(after, asked + said, draft=draft, vouched=vouched(draft), suggestions=go_on)

    def _written(self, current: Practised, text: str) -> Exercise:
        """The judgement of an answer to a scenario's last question, point by point."""
        scenario, library = current.scenario, self._retriever.library
        assert scenario is not None, "only a scenario has something to write"
        if gives_up(text):
            draft = given_up(scenario, library)
        else:
            draft = written(scenario, self._practice.mark_text(scenario.question, scenario.rubric, text), library)
        after = replace(current, chosen=None, waiting=False)
        return Exercise(after, scenario.question, draft=draft, vouched=vouched(draft), suggestions=AFTER_A_SCENARIO)

    def _question(
        self,
        resolved: str,
        scopes: Sequence[_Scope],
        level: Level | None,
        history: Sequence[Turn],
        *,
        about: tuple[str, ...],
        note: str = "",
        hits: tuple[Hit, ...] = (),
    ) -> Exercise:
        item = self._drawn(scopes, level, _asked_before(history))
        if item is None:
            return Exercise(None, resolved, line=_NOTHING_YET, hits=hits)
        line = f"{note}\n\n{question_text(item)}" if note else question_text(item)
        return Exercise(Practised(item=item, about=about, level=level), resolved, line=line, hits=hits)

    def _drawn(self, scopes: Sequence[_Scope], level: Level | None, asked: frozenset[str]) -> QuizItem | None:
        """A question that was not asked yet: on one of the very passages, or else of the narrowest scope."""
        repeated: QuizItem | None = None
        for wanted in dict.fromkeys((level, None)):
            found = [(scope, self._candidates(scope, wanted, asked)) for scope in scopes]
            near = [item for scope, items in found for item in items if _cites(item, scope.about)]
            ranked = [*near, *(item for _, items in found for item in items)]
            fresh = next((item for item in ranked if item.fact not in asked), None)
            if fresh:
                return fresh
            repeated = repeated or next(iter(ranked), None)
        return repeated

    def _candidates(self, scope: _Scope, level: Level | None, asked: frozenset[str]) -> tuple[QuizItem, ...]:
        return self._practice.quiz(
            count=_DRAWN, seed=self._draw(), topic=scope.topic, kinds=(ItemKind.MCQ,), level=level, avoid=asked,
            about=scope.about,
        )  # fmt: skip

    def _scenario(
        self, resolved: str, scopes: Sequence[_Scope], history: Sequence[Turn], hits: tuple[Hit, ...]
    ) -> Exercise:
        told = {turn.practice.scenario.id for turn in history if turn.practice and turn.practice.scenario}
        known: Scenario | None = None
        for scenario in self._scenarios(scopes):
            known = scenario
            if scenario.id not in told:
                break
        if known is None:
            return Exercise(None, resolved, line=_NO_SCENARIO, hits=hits)
        about = next((scope.about for scope in scopes if scope.about), ())
        return Exercise(Practised(scenario=known, about=about), resolved, line=opening_text(known), hits=hits)

    def _scenarios(self, scopes: Sequence[_Scope]) -> Iterator[Scenario]:
        """Scenarios of the topics discussed, then any."""
        topics = [scope.topic for scope in scopes if scope.topic]
        for topic in dict.fromkeys((*topics, "")):
            for _ in range(_TRIES):
                try:
                    yield self._practice.scenario(seed=self._draw(), topic=topic)
                except NotFound:
                    break

    def _address(self, asked: str) -> str:
        """The address of the course that a request names, or an empty string."""
        library, named = self._retriever.library, _ADDRESS.search(asked)
        try:
            address = Address.parse(named[0], library.code) if named else None
            return str(address) if address and library.at(address) else ""
        except TutorError:
            return ""

    def _found(self, topic: str, question: Question) -> tuple[Hit, ...]:
        """The passages that a topic stands for: found for it, and with its words or the course's words for them."""
        stems = content_stems(topic)
        telling = [stem for stem in stems if stem in question.terms] or stems
        wanted: dict[str, tuple[tuple[str, ...], ...]] = {stem: ((stem,),) for stem in telling}
        wanted |= {stem: (*known, *wanted[stem]) for stem, known in question.synonyms if stem in wanted}
        library = self._retriever.library
        told = set(content_stems(" ".join((*(each.text for each in library.passages), *_headings(library)))))
        unknown = [stem for stem, ways in wanted.items() if not any(told.issuperset(way) for way in ways)]
        if len(unknown) * 2 >= len(wanted):
            return ()
        hits = self._retriever.search(topic, expansion=question.expansion)
        scored = [(_said(wanted, hit), hit) for hit in hits]
        most = max((score for score, _ in scored), default=0)
        return tuple(hit for score, hit in scored if score == most)[:_FOUND] if most else ()


def _headings(library: Library) -> Iterator[str]:
    return (heading for passage in library.passages for heading in passage.heading_path)


def topic_of(asked: str) -> str:
    """What a request for practice names: "quiz me on change management" names "change management"."""
    left = " ".join(_ASKING.sub(" ", asked).split()).strip(" ?.!,:;-–—")
    return left if content_stems(left) else ""


def _as_said(topic: str, asked: str) -> str:
    """The topic with its small words, where the message has it after "on" or "about"."""
    found = re.search(r"\b(?:on|about)\s+(.{3,80}?)\W*$", asked, re.IGNORECASE)
    return found[1] if found else topic


def _under_way(history: Sequence[Turn]) -> tuple[Practised | None, int]:
    """The latest practice, and how many turns there were since; it is left when the learner has gone on to others."""
    for since, turn in enumerate(reversed(history[-_LOOK_BACK:])):
        if turn.practice:
            return turn.practice, since
    return None, 0


def discussed(history: Sequence[Turn]) -> tuple[str, ...]:
    """Ids of the passages that the last answer cites, or that are practised since."""
    for turn in reversed(history):
        if turn.practice and turn.practice.about:
            return turn.practice.about
        if isinstance(turn.reply, Answer):
            return _cited(turn.reply)
    return ()


def _cited(answer: Answer) -> tuple[str, ...]:
    return tuple(dict.fromkeys(citation.passage_id for claim in answer.claims for citation in claim.citations))


def _widening(about: tuple[str, ...], retriever: Retriever) -> list[_Scope]:
    """The passages, then their subsections, then the whole course."""
    library = retriever.library
    known = [library.passage(each) for each in about if each in library]
    sections = dict.fromkeys(str(replace(passage.address, block=0, part="", piece="")) for passage in known)
    narrow = [_Scope(about=tuple(passage.id for passage in known))] if known else []
    return [*narrow, *(_Scope(topic=section) for section in sections), _Scope()]


def _asked_before(history: Sequence[Turn]) -> frozenset[str]:
    return frozenset(turn.practice.item.fact for turn in history if turn.practice and turn.practice.item)


def _cites(item: QuizItem, about: Sequence[str]) -> bool:
    return any(citation.passage_id in about for citation in item.citations)


def _said(wanted: dict[str, tuple[tuple[str, ...], ...]], hit: Hit) -> int:
    """How many of the topic's words the passage says, or its headings, in the topic's words or the course's."""
    passage = hit.passage
    told = set(content_stems(" ".join((passage.text, *passage.heading_path))))
    return sum(any(told.issuperset(way) for way in ways) for ways in wanted.values())
