"""The questions that the course does not answer, gathered into what they are about."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from cpom_tutor.answers import Abstention, Reason
from cpom_tutor.generation.extractive.expected import EXPECTED
from cpom_tutor.language import content_stems, rarity, tokens
from cpom_tutor.protocols import Embedder
from cpom_tutor.reviewing.eval_cases import standing
from cpom_tutor.reviews import Case, Judgement

# Cosine from which two questions are of one gap: by itself, and where they share telling words.
ALIKE, ALIKE_AND_SHARED = 0.72, 0.6
SHARED = 0.5  # how much of the telling words of the shorter question the other must have
EXAMPLES = 5
_WHICH = (
    "those that the tutor declined because the course does not cover them, unless an instructor judged otherwise, "
    "and those that an instructor judged to be a gap."
)
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|~])")


@dataclass(frozen=True, slots=True)
class Gap:
    """Questions of one thing that the course does not say.

    Attributes:
        topic: the question, or the words that most of several share.
        cases: the turns, oldest first.
    """

    topic: str
    cases: tuple[Case, ...]

    @property
    def questions(self) -> tuple[tuple[str, int], ...]:
        """Each wording with how often it was asked, the commonest first."""
        return tuple(Counter(case.turn.resolved_question for case in self.cases).most_common())

    @property
    def learners(self) -> int:
        """How many different people asked."""
        return len({case.line.learner for case in self.cases})


def is_gap(case: Case) -> bool:
    """Whether an instructor found the turn to be a gap, or the tutor did and no instructor found otherwise."""
    judgements = {review.judgement for review in case.reviews}
    if Judgement.COURSE_GAP in judgements:
        return True
    reply = case.turn.reply
    declined = isinstance(reply, Abstention) and reply.reason is Reason.NOT_IN_COURSE
    return declined and judgements <= {Judgement.CORRECT} and standing(case) is None


def gaps(cases: Iterable[Case], embedder: Embedder) -> tuple[Gap, ...]:
    """The gaps, the most asked first.

    A question joins the first gap whose first question is near it: a chain of near questions cannot lead from one
    thing to another. The commonest questions go first, so that gaps form around them.

    Args:
        cases: turns; those that are no gap are passed over.
        embedder: to tell which questions are near.
    """
    asked: dict[str, list[Case]] = {}
    for case in cases:
        if is_gap(case):
            asked.setdefault(" ".join(case.turn.resolved_question.split()), []).append(case)
    if not asked:
        return ()
    wordings = sorted(asked, key=lambda words: (-len(asked[words]), words))
    vectors = embedder.embed(wordings)
    nearness = vectors @ vectors.T
    groups: list[list[int]] = []
    for place, words in enumerate(wordings):
        joined = [group for group in groups if _near(words, wordings[group[0]], float(nearness[place, group[0]]))]
        if joined:
            max(joined, key=lambda group: nearness[place, group[0]]).append(place)
        else:
            groups.append([place])
    found = [_gap([case for place in group for case in asked[wordings[place]]]) for group in groups]
    return tuple(sorted(found, key=lambda gap: (-len(gap.cases), -gap.learners, gap.topic)))


def report(found: Sequence[Gap], made_at: datetime) -> str:
    """The gaps as Markdown, with counts and examples."""
    count = sum(len(gap.cases) for gap in found)
    lines = ["# What the course does not answer", ""]
    if not found:
        return "\n".join([*lines, "No question was found that it does not answer.", ""])
    about = f"{_counted(count, 'question')} of {_counted(len(found), 'kind')}"
    lines += [f"{about}, as of {made_at:%Y-%m-%d}: {_WHICH}", ""]
    lines += ["| | about | questions | learners | judged a gap |", "| --- | --- | --- | --- | --- |"]
    lines += [
        f"| {place} | {_safe(gap.topic)} | {len(gap.cases)} | {gap.learners} | {_judged(gap)} |"
        for place, gap in enumerate(found, start=1)
    ]
    for place, gap in enumerate(found, start=1):
        lines += ["", f"## {place}. {_safe(gap.topic)}", "", *_details(gap)]
    return "\n".join([*lines, ""])


def _near(words: str, other: str, cosine: float) -> bool:
    kinds, others = _kinds(words), _kinds(other)
    if kinds and others and not kinds & others:
        return False  # the price of the exam is not its length, however alike the questions are
    return cosine >= ALIKE or (cosine >= ALIKE_AND_SHARED and _shared(words, other) >= SHARED)


def _kinds(words: str) -> set[str]:
    """The kinds of thing that a question asks for: a price, a length of time, a date."""
    return {kind.name for kind in EXPECTED if kind.asked.search(words)}


def _shared(words: str, other: str) -> float:
    """How much of what the shorter question tells the other tells too; rare words tell more."""
    telling, others = _telling(words), _telling(other)
    least = min(sum(telling.values()), sum(others.values()))
    return sum(weight for stem, weight in telling.items() if stem in others) / least if least else 0.0


def _telling(words: str) -> dict[str, float]:
    return {stem: rarity(token) for token in tokens(words) for stem in content_stems(token)}


def _gap(cases: Sequence[Case]) -> Gap:
    """The gap of some turns, named by its question or by what most of its questions share."""
    wordings = {case.turn.resolved_question for case in cases}
    counted = Counter(stem for words in wordings for stem in set(content_stems(words)))
    often = {stem for stem, count in counted.items() if count * 2 > len(wordings)}
    first = next(case.turn.resolved_question for case in cases)
    named = dict.fromkeys(token for token in tokens(first) if often.intersection(content_stems(token)))
    ordered = sorted(cases, key=lambda case: case.turn.asked_at)
    if len(wordings) == 1 or not named:
        return Gap(" ".join(first.split()), tuple(ordered))
    kinds = Counter(kind for words in wordings for kind in _kinds(words))
    kind = next((kind for kind, count in kinds.most_common(1) if count * 2 > len(wordings)), "")
    return Gap(" ".join(named) + (f" ({kind})" if kind else ""), tuple(ordered))


def _details(gap: Gap) -> list[str]:
    first, last = gap.cases[0].turn.asked_at, gap.cases[-1].turn.asked_at
    when = f"{first:%Y-%m-%d}" if first.date() == last.date() else f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"
    lines = [f"{_counted(len(gap.cases), 'question')}, {_counted(gap.learners, 'learner')}, {when}.", ""]
    shown = gap.questions[:EXAMPLES]
    lines += [f"- “{_safe(words)}”" + (f" ({times} times)" if times > 1 else "") for words, times in shown]
    if len(gap.questions) > EXAMPLES:
        lines.append(f"- and {_counted(len(gap.questions) - EXAMPLES, 'other wording')}")
    nearest = Counter(str(case.turn.retrieved[0].passage.address) for case in gap.cases if case.turn.retrieved)
    if nearest:
        lines += ["", f"Nearest in the course: {', '.join(place for place, _ in nearest.most_common(3))}."]
    said = [f"- {_safe(review.author)}: {_safe(review.comment)}" for case in gap.cases for review in case.reviews
            if review.comment.strip()]  # fmt: skip
    return [*lines, *(["", "What instructors wrote:", "", *dict.fromkeys(said)] if said else [])]


def _judged(gap: Gap) -> int:
    """How many of the turns an instructor judged to be a gap."""
    return sum(any(review.judgement is Judgement.COURSE_GAP for review in case.reviews) for case in gap.cases)


def _counted(count: int, thing: str) -> str:
    return f"{count} {thing}" if count == 1 else f"{count} {thing}s"


def _safe(words: str) -> str:
    """What somebody typed, on one line and without meaning anything in Markdown."""
    return _MARKDOWN.sub(r"\\\1", " ".join(words.split()))
