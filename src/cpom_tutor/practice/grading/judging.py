"""From what was weighed to a verdict: a point is met where the answer speaks of it and nowhere says otherwise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cpom_tutor.attempts import PointVerdict
from cpom_tutor.course import Span
from cpom_tutor.practice.grading.labelled import Statement
from cpom_tutor.practice.grading.marking_sheet import Sheet, Window, overlap
from cpom_tutor.practice.grading.naming import Named
from cpom_tutor.practice.grading.point_match import Point
from cpom_tutor.practice.grading.predicates import asserts
from cpom_tutor.practice.grading.weights import weights

NEAREST = 12
"""So many windows of the answer are looked at for a point."""
SPEAKS = 0.5
CONTRADICTS = 0.55
ALSO = 0.7
"""A stretch that speaks of the point this much as well as the best one is asked too whether it says otherwise."""
LEAST_ALSO = 0.4
EXCHANGED = 0.5
"""Share of the point's words that are said of another, from which on it is contradicted."""
_PLAINLY = ("number", "just", "reversed", "crossed", "affirmed")
_NOT_MET, _OTHERWISE = 0.49, 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Judgement:
    """A verdict on one point.

    Attributes:
        verdict: met, missed or contradicted.
        score: probability that the answer makes the point.
        span: the stretch of the answer that decided; None where nothing speaks of the point.
        sentence: it says something of something, and is no mere phrase.
    """

    verdict: PointVerdict
    score: float
    span: Span | None = None
    sentence: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class _Look:
    """A window, how likely it speaks of the point, and how likely it then says otherwise."""

    window: Window
    speaks: float
    contradicts: float


def judge(sheet: Sheet, point: Point) -> Judgement:
    """The verdict on one point of the sheet: a name by what names it, anything else by what speaks of it."""
    told = sheet.told.made.get(sheet.points.index(point))
    if told and told.exchanged:
        return Judgement(PointVerdict.CONTRADICTED, _OTHERWISE, told.span)
    if sheet.named is not None:
        return _by_name(sheet, point, sheet.named)
    if sheet.told.paired:
        return _as_told(sheet, point, told) if told else Judgement(PointVerdict.MISSED, 0.0)
    weighed = _weigh(sheet, point)
    return _as_told(sheet, point, told) if told and weighed.verdict is PointVerdict.MISSED else weighed


def _by_name(sheet: Sheet, point: Point, names: Mapping[Point, Named]) -> Judgement:
    """What names it; or a sentence that describes it, if that names no other."""
    name = names.get(point)
    if name is None:
        weighed = _weigh(sheet, point)
        spoken_for = weighed.span is None or any(overlap(weighed.span, other.span) for other in names.values())
        describes = not spoken_for and weighed.verdict is PointVerdict.MET and weighed.sentence
        return weighed if describes else Judgement(PointVerdict.MISSED, min(_NOT_MET, weighed.score))
    if name.denied:
        return Judgement(PointVerdict.CONTRADICTED, _OTHERWISE * name.nearness, name.span)
    return Judgement(PointVerdict.MET, max(SPEAKS, name.nearness), name.span)


def _as_told(sheet: Sheet, point: Point, told: Statement) -> Judgement:
    """What a statement under the point's label makes of it."""
    window = next(window for window in sheet.windows if window.span == told.span)
    if _otherwise(sheet, point, window) >= CONTRADICTS:
        return Judgement(PointVerdict.CONTRADICTED, _OTHERWISE, told.span)
    return Judgement(PointVerdict.MET, max(SPEAKS, told.score), told.span)


def _weigh(sheet: Sheet, point: Point) -> Judgement:
    looks = [_look(sheet, point, window) for window in sheet.nearest(point, NEAREST)]
    best = max(looks, key=lambda look: look.speaks, default=None)
    if best is None or best.speaks < SPEAKS:
        return Judgement(PointVerdict.MISSED, min(_NOT_MET, best.speaks if best else 0.0))
    # Two sentences together may make a point, but what one of them denies need not be the other's.
    single = [look for look in looks if look.window.sentences < 2]
    against = _against(sheet, point, single)
    if against:
        score = min(_OTHERWISE, best.speaks * (1.0 - against.contradicts))
        return Judgement(PointVerdict.CONTRADICTED, score, against.window.span)
    doubt = max((look.contradicts for look in single), default=0.0)
    window = _shortest(best, looks).window
    score = max(SPEAKS, best.speaks * (1.0 - doubt / 2))
    return Judgement(PointVerdict.MET, score, window.span, asserts(window.text.text))


def _look(sheet: Sheet, point: Point, window: Window) -> _Look:
    speaks = weights("speaks").probability(sheet.speaks(point, window))
    return _Look(window, speaks, _otherwise(sheet, point, window) if speaks >= LEAST_ALSO else 0.0)


def _otherwise(sheet: Sheet, point: Point, window: Window) -> float:
    """How likely the window, if it speaks of the point, says otherwise."""
    features = sheet.contradicts(point, window)
    plainly = any(features[name] for name in _PLAINLY)
    return 1.0 if plainly else weights("contradicts").probability(features)


def _against(sheet: Sheet, point: Point, single: Sequence[_Look]) -> _Look | None:
    """The stretch that says otherwise; None where there is none."""
    if not single:
        return None
    best = max(single, key=lambda look: look.speaks)
    if sheet.exchanged(point) >= EXCHANGED:
        return best
    near = [look for look in single if look.speaks >= max(LEAST_ALSO, best.speaks * ALSO)] or [best]
    worst = max(near, key=lambda look: look.contradicts)
    return worst if worst.contradicts >= CONTRADICTS else None


def _shortest(best: _Look, looks: Sequence[_Look]) -> _Look:
    """A whole sentence rather than two, where it does as well: the learner is shown what earned the point."""
    if best.window.sentences < 2:
        return best
    inside = [look for look in looks if look.window.sentences == 1 and look.speaks >= max(SPEAKS, 0.9 * best.speaks)]
    return max(inside, key=lambda look: look.speaks, default=best)
