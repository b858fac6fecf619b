"""Is what is practised valid: which candidates pass which check, is all that is shown sound, and are defects caught?"""

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from random import Random

import yaml

from cpom_tutor.course import Citation
from cpom_tutor.items import Dropped, Level, QuizItem
from cpom_tutor.library import Library
from cpom_tutor.practice.bank import Bank, build_bank
from cpom_tutor.practice.keys import answers
from cpom_tutor.practice.making import places_of
from cpom_tutor.practice.options import shuffled
from cpom_tutor.practice.validators import (
    CHECKS,
    clash,
    key_positions,
    positions_even,
    refusal,
    sentences_of,
)  # fmt: skip
from cpom_tutor.practice.validators.cases import scenario_citations
from cpom_tutor.practice.validators.evidence import citations_of
from cpom_tutor.practice_protocols import Practice
from evals import statistics, verify_citations
from evals.cases import CORPUS
from evals.item_defects import DEFECTS, Planted, plant
from evals.report import Failure, Figure, Result, Target
from evals.runs import Run
from evals.scores import ELSEWHERE, Scores, Subject
from evals.served import environment_of

ALL_THERE_IS = 500
LEAST_ITEMS, LEAST_APPLICATION, LEAST_SCENARIOS = 120, 0.40, 8
LEAST_CAUGHT = 0.95
SHUFFLES = 2
QUIZ, SEEDS = 20, 5
WARM_SECONDS = 1.0
VALID, CAUGHT = "valid", "caught"


@dataclass(frozen=True)
class _Drawn:
    """What one run of practice is measured on."""

    library: Library
    bank: Bank
    practice: Practice
    longest: tuple[QuizItem, ...]


def measure(run: Run) -> Result:
    """Writes every candidate, draws as a learner would, and plants defects in what is valid."""
    application = run.application()
    library = application.retriever.library
    practice = application.practice
    found = _Drawn(library, build_bank(library), practice, practice.quiz(count=ALL_THERE_IS, seed=1))
    planted = [(each, refusal(each.item, library)) for each in plant(list(found.bank.items.values()), library)]
    subjects, valid = _valid(found)
    return Result(
        "practice",
        "Every item that can be made of the course: what the checks drop, what is shown, and planted defects.",
        (
            *_made(found), *_checks(found), *_shown(found), *_drawing(found), *_scenarios(found),
            *_seconds(found, run), *_coverage(found), *_killed(planted),
        ),
        notes=(*_dropped(found.bank.dropped), *_counts(found), _bare(found)),
        failures=tuple(_missed(planted)),
        subjects=subjects,
        scores=(valid,),
    )  # fmt: skip


def _made(found: _Drawn) -> Iterator[Figure]:
    """How many there are."""
    bank = found.bank
    candidates = len(bank.items) + len(bank.dropped)
    yield Figure("candidates", candidates, candidates)
    yield Figure.of("candidates that pass", statistics.mean(_ones(len(bank.items), candidates)), unit="%")
    facts = {item.fact for item in found.longest}
    yield Figure("items in the longest set", len(found.longest), candidates, target=Target(LEAST_ITEMS))
    yield Figure("its different facts", len(facts), len(found.longest), target=Target(LEAST_ITEMS))
    applied = sum(item.level is Level.APPLICATION for item in found.longest)
    share = statistics.mean(_ones(applied, len(found.longest)))
    yield Figure.of("its share at application level", share, unit="%", target=Target(LEAST_APPLICATION))


def _checks(found: _Drawn) -> Iterator[Figure]:
    """For each check, how many of the candidates that came to it pass."""
    reached = len(found.bank.items) + len(found.bank.dropped)
    dropped = Counter(each.check for each in found.bank.dropped)
    for check in CHECKS:
        yield Figure(f"pass: {check.name}", 1 - dropped[check.name] / reached, reached, unit="%")
        reached -= dropped[check.name]


def _shown(found: _Drawn) -> Iterator[Figure]:
    """What a learner can get, checked again; the citations by a script that knows only the files."""
    blocks = verify_citations.read_blocks(CORPUS)

    def right(citation: Citation) -> bool:
        return not verify_citations.defect_of(asdict(citation), blocks, {})

    items = list(found.practice.items.values())
    # As they stand in the bank, the checks have passed them: what can go wrong is what a draw makes of them.
    drawn = [(item, shuffled(item, Random(seed))) for item in items for seed in range(SHUFFLES)]
    drawn += [(found.practice.items[item.id], item) for item in found.longest]
    sound = sum(refusal(item, found.library) is None and _same(original, item) for original, item in drawn)
    yield _whole("items that stay valid when shuffled", sound, len(drawn))
    keys = sum(all(map(right, item.citations)) for item in items)
    yield _whole("keys cited verbatim, by the files", keys, len(items))
    cited = [citation for item in items for citation in citations_of(item)]
    yield _whole("citations of all items, by the files", sum(map(right, cited)), len(cited))
    told = [citation for scenario in found.practice.scenarios for citation in scenario_citations(scenario)]
    yield _whole("citations of all scenarios, by the files", sum(map(right, told)), len(told))


def _same(item: QuizItem, other: QuizItem) -> bool:
    """Whether the same is right in both, and each option has the same reason."""
    reasons = [
        dict(zip(each.options, each.rationales, strict=True)) if len(each.rationales) == len(each.options) else {}
        for each in (item, other)
    ]
    return answers(item) == answers(other) and reasons[0] == reasons[1]


def _drawing(found: _Drawn) -> Iterator[Figure]:
    """What sets have to hold together."""
    sets = [found.longest, *(found.practice.quiz(count=QUIZ, seed=seed) for seed in range(SEEDS))]
    again = [found.practice.quiz(count=QUIZ, seed=seed) for seed in range(SEEDS)]
    pairs = [pair for drawn in sets for pair in combinations(drawn, 2)]
    none = Target(0, at_most=True)
    clashing = sum(bool(clash(one, [other])) for one, other in pairs)
    yield Figure("pairs that test one fact, or give one another away", clashing, len(pairs), target=none)
    twice = sum(bool(sentences_of(one, found.library) & sentences_of(other, found.library)) for one, other in pairs)
    yield Figure("pairs on one sentence", twice, len(pairs), target=none)
    yield _whole("sets with even key positions", sum(map(positions_even, sets)), len(sets))
    yield _whole("seeds that repeat exactly", sum(map(tuple.__eq__, sets[1:], again)), SEEDS)
    different = len({tuple(item.id for item in drawn) for drawn in again})
    yield Figure("different sets of as many seeds", different, SEEDS, target=Target(SEEDS))


def _scenarios(found: _Drawn) -> Iterator[Figure]:
    """Of the case studies in the files, those that come to the learner; the suite reads the files by itself."""
    shown, read = found.practice.scenarios, found.library.case_studies
    files = sorted((CORPUS / "case_studies").glob("*.yaml"))
    written = sum(len(yaml.safe_load(file.read_text("utf-8"))) for file in files)
    yield Figure("scenarios", len(shown), written, target=Target(LEAST_SCENARIOS))
    yield _whole("case studies of the files that are read", len(read), written)
    yield _whole("case studies that pass every check", len(shown), len(read))


def _seconds(found: _Drawn, run: Run) -> Iterator[Figure]:
    """A quiz in the app that is running, and one from a command line that has to open everything."""
    warm = [_time(lambda seed=seed: found.practice.quiz(count=QUIZ, seed=seed)) for seed in range(SEEDS)]  # type: ignore[misc]
    target = Target(WARM_SECONDS, at_most=True)
    yield Figure(f"quiz of {QUIZ}, warm, slowest", max(warm), SEEDS, unit="s", target=target)
    yield Figure("all candidates written and checked", _time(lambda: build_bank(found.library)), 1, unit="s")
    command = [sys.executable, "-m", "cpom_tutor", "quiz", "--count", str(QUIZ), "--json"]
    environment = environment_of(run.settings)
    cold = _time(lambda: subprocess.run(command, env=environment, capture_output=True, check=False))
    yield Figure(f"quiz of {QUIZ} from the command line", cold, 1, unit="s")


def _time(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _coverage(found: _Drawn) -> Iterator[Figure]:
    """The passages that an item stands on."""
    passages = [passage for passage in found.library.passages if not passage.kind.is_container]
    asked = _asked(found)
    covered = sum(passage.id in asked for passage in passages)
    yield Figure.of("passages with an item", statistics.mean(_ones(covered, len(passages))), unit="%")
    sentences = [(passage.id, span.start) for passage in passages for span in passage.sentences]
    on = frozenset[tuple[str, int]]().union(*(_sentence_starts(item, found) for item in found.bank.items.values()))
    yield Figure.of("sentences with an item", statistics.mean([float(each in on) for each in sentences]), unit="%")


def _asked(found: _Drawn) -> set[str]:
    return {citation.passage_id for item in found.bank.items.values() for citation in item.citations}


def _sentence_starts(item: QuizItem, found: _Drawn) -> frozenset[tuple[str, int]]:
    return frozenset(
        (name, sentence.start)
        for name, span in places_of(item.fact)
        for sentence in found.library.passage(name).sentences
        if sentence.overlaps(span)
    )


def _killed(planted: Sequence[tuple[Planted, Dropped | None]]) -> Iterator[Figure]:
    """Of the planted defects, those that some check refuses: all, and each kind."""
    caught = [float(dropped is not None) for _, dropped in planted]
    estimate = statistics.mean(caught, [each.original.id for each, _ in planted])
    yield Figure.of("planted defects caught", estimate, unit="%", target=Target(LEAST_CAUGHT))
    for defect in DEFECTS:
        of = [dropped is not None for each, dropped in planted if each.defect == defect]
        if of:
            yield Figure(f"caught: {defect}", sum(of) / len(of), len(of), unit="%")


def _missed(planted: Sequence[tuple[Planted, Dropped | None]]) -> Iterator[Failure]:
    for each, dropped in planted:
        if dropped is None:
            yield Failure(each.original.id, each.defect, f"{each.item.stem} {' / '.join(each.item.options)}")


def _valid(found: _Drawn) -> tuple[tuple[Subject, ...], Scores]:
    """Every candidate once, and whether it passes: what two runs are compared by."""
    candidates = {each.item.id: (each.item, 0.0) for each in found.bank.dropped}
    candidates |= {item.id: (item, 1.0) for item in found.bank.items.values()}
    subjects = tuple(_subject(item, found.library) for item, _ in candidates.values())
    return subjects, Scores(VALID, {name: value for name, (_, value) in candidates.items()})


def _subject(item: QuizItem, library: Library) -> Subject:
    kind = f"{item.level} {item.kind}"
    passage = item.citations[0].passage_id if item.citations else ""
    if passage not in library:
        return Subject(item.id, "tune", kind, ELSEWHERE, item.id)
    return Subject(item.id, "tune", kind, library.passage(passage).address.section, passage)


def _dropped(dropped: Sequence[Dropped]) -> Iterator[str]:
    """Why candidates were dropped, each reason with an example."""
    for check in CHECKS:
        of = [each for each in dropped if each.check == check.name]
        if of:
            told = " ".join(of[0].item.stem.split())[-90:]
            yield f"Dropped {len(of)} for “{check.name}” ({check.meaning}), such as: {of[0].reason}, in “… {told}”"


def _counts(found: _Drawn) -> Iterator[str]:
    """What there is, by kind, level, topic and origin, and where the keys of the longest set stand."""
    items = found.bank.items.values()
    for name, counts in (
        ("kind", Counter(item.kind.value for item in items)),
        ("level", Counter(item.level.value for item in items)),
        ("topic", Counter(item.topic for item in items)),
        ("origin", Counter(item.origin for item in items)),
    ):
        yield f"Valid items by {name}: {', '.join(f'{what} {count}' for what, count in counts.most_common())}"
    places = key_positions(found.longest)
    yield "Keys of the longest set, by number of options: " + "; ".join(
        f"{number}: {' '.join(str(places[number][place]) for place in range(number))}" for number in sorted(places)
    )


def _bare(found: _Drawn) -> str:
    asked = _asked(found)
    bare = [str(each.address) for each in found.library.passages if not each.kind.is_container and each.id not in asked]
    return f"Passages without an item: {', '.join(bare) or 'none'}"


def _whole(measure: str, good: int, of: int) -> Figure:
    """A share that has to be all."""
    return Figure(measure, good / of if of else 0.0, of, unit="%", target=Target(1.0))


def _ones(good: int, of: int) -> list[float]:
    return [1.0] * good + [0.0] * (of - good)
