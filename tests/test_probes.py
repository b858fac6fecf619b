"""Learners' questions that are kept with the course: read, refused by name, stored, and put to use."""

import shutil
from pathlib import Path

import pytest

from cpom_tutor.answers import Abstention, Answer, Reason, Turn, to_markdown
from cpom_tutor.config import Settings
from cpom_tutor.generation.extractive.generator import ExtractiveGenerator
from cpom_tutor.grounding.rules import RuleChecker
from cpom_tutor.library import Library
from cpom_tutor.retrieval.embedder import SentenceTransformerEmbedder
from cpom_tutor.retrieval.retriever import CourseRetriever, open_index
from cpom_tutor.teaching import Probe
from cpom_tutor.tutor import Tutor
from cpom_tutor.understanding.understander import CourseUnderstander
from ingest.load import load_corpus
from ingest.pipeline import ingest

FRONT = '---\ncourse: CPOM\nmodule: 1\nmodule_title: M\nsection: "1.1"\ntitle: The Lighthouse\n---\n\n'
COURSE = """## 1.1.1 The Keeper

The keeper of the Halden lighthouse trims the wick at four each morning. A telescope stands on the gallery.

The lens was ground in Paris from twelve prisms. Because mercury is poisonous, the lamp room is aired for an hour.

Three supplies arrive by boat each month:

- Lamp Oil: forty barrels of colza oil, stored in the cellar.
- Provisions: salted fish, flour, and tea for the family.
- Letters: the post is handed over in a waxed bag.

## 1.1.2 The Storm

When the wind rises above force nine, the shutters are bolted and the boat is hauled up the slip.
"""
SHUTTERS = "the shutters are bolted and the boat is hauled up the slip"
WICK = "The keeper of the Halden lighthouse trims the wick at four each morning."
EVERYDAY = "does he ever shut the windows"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A small corpus without any probe."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "course.yaml").write_text("code: CPOM\ntitle: The Course\n", encoding="utf-8")
    (folder / "1.1.md").write_text(FRONT + COURSE, encoding="utf-8")
    return folder


@pytest.fixture
def settings(tmp_path: Path, tiny_embedder: str) -> Settings:
    """For tests in which likeness plays no part."""
    return Settings(tmp_path / "home", embedder=tiny_embedder)


def keep(corpus: Path, text: str, name: str = "a.yaml") -> None:
    (corpus / "probes").mkdir(exist_ok=True)
    (corpus / "probes" / name).write_text(text, encoding="utf-8")


def answered(excerpt: str, *questions: str, more: str = "") -> str:
    asked = "".join(f'    - "{question}"\n' for question in questions)
    return f'- answers:\n    - "{excerpt}"\n{more}  questions:\n{asked}'


def missing(gap: str, *questions: str, more: str = "") -> str:
    asked = "".join(f'    - "{question}"\n' for question in questions)
    return f'- gap: "{gap}"\n{more}  questions:\n{asked}'


def probes(corpus: Path) -> tuple[Probe, ...]:
    found = load_corpus(corpus)
    assert not found.refused
    return found.probes


# --- reading -------------------------------------------------------------------------------------------------


def test_an_answered_question_knows_its_passage_and_the_very_words(small: Path) -> None:
    keep(small, answered(SHUTTERS, EVERYDAY, "  what do they   do in a storm "))
    library = load_corpus(small).library()
    assert [probe.question for probe in library.probes] == [EVERYDAY, "what do they do in a storm"]
    for probe in library.probes:
        ((passage, span),) = probe.answers
        assert span.of(library.passage(passage).text) == SHUTTERS
        assert (probe.gap, probe.reason, probe.premise) == ("", "", None)


def test_several_excerpts_answer_together(small: Path) -> None:
    keep(small, answered(WICK, "tell me about wick and storm", more=f'    - "{SHUTTERS}"\n'))
    ((first, _), (second, _)) = probes(small)[0].answers
    assert first != second


@pytest.mark.parametrize(("word", "premise"), [("true", True), ("wrong", False), ("True", True)])
def test_a_premise_is_right_or_wrong(small: Path, word: str, premise: bool) -> None:
    keep(small, answered(WICK, "since the wick is trimmed at four, why", more=f"  premise: {word}\n"))
    assert probes(small)[0].premise is premise


def test_a_gap_says_what_is_missing_and_why(small: Path) -> None:
    keep(small, missing("the keeper's pay", "what does he earn", more=f'  near:\n    - "{WICK}"\n'))
    keep(small, missing("treating burns", "i burnt my hand", more="  near: []\n  reason: clinical\n"), "b.yaml")
    pay, burns = probes(small)
    assert (pay.gap, pay.reason, len(pay.answers)) == ("the keeper's pay", Reason.NOT_IN_COURSE, 1)
    assert (burns.gap, burns.reason, burns.answers) == ("treating burns", Reason.CLINICAL, ())


def test_a_question_that_is_asked_twice_is_kept_once_in_file_order(small: Path) -> None:
    keep(small, missing("cats", "IS it me"), "b.yaml")
    keep(small, answered(WICK, "who trims", "Is  it me", "who TRIMS") + answered(SHUTTERS, "is it me"))
    assert [(probe.question, probe.gap) for probe in probes(small)] == [("who trims", ""), ("Is it me", "")]


REFUSALS = {
    "not verbatim": (answered(WICK.replace("four", "five"), "q"), "entry 1 has an answer that stands in no passage"),
    "of two passages": (answered(f"{WICK} The lens", "q"), "entry 1 has an answer that stands in no passage"),
    "near is not verbatim": (
        missing("x", "q", more='  near: ["Nobody."]\n'),
        "entry 1 has an answer that stands in no",
    ),
    "unknown field": (answered(WICK, "q", more="  hint: x\n"), "entry 1 must have the fields answers, gap, near, "),
    "a gap with answers": (answered(WICK, "q", more="  gap: pay\n"), "entry 1 needs either “answers:” or “gap:”"),
    "neither": ("- questions: [q]\n", "entry 1 needs either “answers:” or “gap:”"),
    "an empty gap": (missing("", "q"), "entry 1 needs either “answers:” or “gap:”"),
    "a gap that is no text": ("- gap: 7\n  questions: [q]\n", "entry 1 needs either “answers:” or “gap:”"),
    "unknown reason": (
        missing("x", "q", more="  reason: tired\n"),
        "entry 1 has the reason 'tired'; give a gap one of",
    ),
    "a reason of an answer": (answered(WICK, "q", more="  reason: clinical\n"), "and an answer none"),
    "wrong premise word": (answered(WICK, "q", more="  premise: perhaps\n"), "neither “true” nor “wrong”"),
    "a premise of a gap": (missing("x", "q", more="  premise: wrong\n"), "or has it on a gap"),
    "no questions": (f'- answers: ["{WICK}"]\n', "entry 1 has no questions, or no answers"),
    "no answers": ("- answers: []\n  questions: [q]\n", "entry 1 has no questions, or no answers"),
    "questions as text": (f'- answers: ["{WICK}"]\n  questions: q\n', "needs a list of texts as “questions:”"),
    "a question that is no text": (f'- answers: ["{WICK}"]\n  questions: [yes]\n', "list of texts as “questions:”"),
    "a blank question": (answered(WICK, " "), "needs a list of texts as “questions:”"),
    "an entry as text": ("- who\n", "entry 1 must have the fields"),
    "no list": ("answers: x\n", "it must be a list of entries"),
    "an empty file": ("", "it must be a list of entries"),
    "no YAML": ('- answers: ["a\n', "it is not valid YAML (line"),
}


@pytest.mark.parametrize("case", REFUSALS)
def test_what_cannot_be_used_is_refused_by_name_and_the_rest_goes_in(small: Path, case: str) -> None:
    text, reason = REFUSALS[case]
    keep(small, text, "bad.yaml")
    keep(small, answered(SHUTTERS, EVERYDAY), "good.yaml")
    found = load_corpus(small)
    ((file, said),) = found.refused
    assert file == "probes/bad.yaml"
    assert reason in said
    assert "\n" not in said
    assert [probe.question for probe in found.probes] == [EVERYDAY]


def test_a_bad_entry_leaves_the_others_of_its_file_in(small: Path) -> None:
    keep(small, answered(WICK, "who trims") + answered("Nobody.", "q") + missing("pay", "what does he earn"))
    found = load_corpus(small)
    assert [(file, said.split(" has")[0]) for file, said in found.refused] == [("probes/a.yaml", "entry 2")]
    assert [probe.question for probe in found.probes] == ["who trims", "what does he earn"]


def test_a_corrected_sentence_leaves_out_the_questions_that_quote_it(small: Path, settings: Settings) -> None:
    keep(small, answered(WICK, "who trims") + answered(SHUTTERS, EVERYDAY))
    ingest(small, settings)
    file = small / "1.1.md"
    file.write_text(file.read_text(encoding="utf-8").replace("at four each", "at five each"), encoding="utf-8")
    report = ingest(small, settings)
    assert [file for file, _ in report.refused] == ["probes/a.yaml"]
    assert [probe.question for probe in open_index(settings).library.probes] == [EVERYDAY]


# --- stored in the index -------------------------------------------------------------------------------------


def test_probes_survive_ingest_and_are_not_embedded_again(small: Path, settings: Settings) -> None:
    keep(small, answered(WICK, "who trims") + missing("pay", "what does he earn", "his wage"))
    first = ingest(small, settings)
    stored = open_index(settings).library.probes
    assert stored == load_corpus(small).probes
    assert not ingest(small, settings).built

    keep(small, answered(SHUTTERS, EVERYDAY), "b.yaml")
    assert ingest(small, settings).embedded == 1  # the new question
    assert open_index(settings).library.probes == (*stored, *load_corpus(small).probes[3:])
    (small / "probes" / "b.yaml").unlink()
    report = ingest(small, settings)
    assert (report.built, report.embedded, report.fingerprint) == (True, 0, first.fingerprint)
    assert open_index(settings).library.probes == stored


def test_a_changed_mark_of_a_question_makes_a_new_version(small: Path, settings: Settings) -> None:
    keep(small, answered(WICK, "since it is at four, who is up", more="  premise: true\n"))
    ingest(small, settings)
    keep(small, answered(WICK, "since it is at four, who is up", more="  premise: wrong\n"))
    report = ingest(small, settings)
    assert (report.built, report.embedded) == (True, 0)
    assert open_index(settings).library.probes[0].premise is False


def test_a_rebuild_gives_the_same_probes_and_the_same_neighbours(small: Path, settings: Settings) -> None:
    keep(small, answered(WICK, "who trims", "who gets up early") + missing("pay", "what does he earn"))
    ingest(small, settings)
    before = open_index(settings).akin("who is up early")
    ingest(small, settings, rebuild=True)
    after = open_index(settings).akin("who is up early")
    assert [near.probe for near in after] == [near.probe for near in before]
    assert [near.similarity for near in after] == pytest.approx([near.similarity for near in before], abs=1e-4)


def test_a_corpus_that_loses_its_probes_has_none(small: Path, settings: Settings) -> None:
    keep(small, answered(WICK, "who trims"))
    ingest(small, settings)
    shutil.rmtree(small / "probes")
    ingest(small, settings)
    opened = open_index(settings)
    assert opened.library.probes == ()
    assert opened.akin("who trims") == ()
    assert opened.search("keeper")


# --- put to use ----------------------------------------------------------------------------------------------


def opened(corpus: Path, home: Path, embedder: SentenceTransformerEmbedder) -> CourseRetriever:
    assert ingest(corpus, Settings(home), embedder=embedder).built
    return open_index(Settings(home), embedder)


def tutor_of(retriever: CourseRetriever) -> Tutor:
    return Tutor(CourseUnderstander(lambda: retriever.library), retriever, ExtractiveGenerator(), RuleChecker())


def cited(turn: Turn) -> str:
    """All the words that the answer cites."""
    assert isinstance(turn.reply, Answer), f"{turn.question} -> {to_markdown(turn.reply)}"
    return " ".join(citation.quote for claim in turn.reply.claims for citation in claim.citations)


def test_an_everyday_question_finds_its_passage_by_a_question_like_it(
    small: Path, tmp_path: Path, embedder: SentenceTransformerEmbedder
) -> None:
    alone = opened(small, tmp_path / "without", embedder)
    keep(
        small,
        answered(SHUTTERS, "when do they ever shut the windows", "is the dinghy safe in a gale")
        + answered(WICK, "what is his first job of the day"),
    )
    helped = opened(small, tmp_path / "with", embedder)

    def first(retriever: CourseRetriever) -> str:
        return retriever.search(EVERYDAY, 1)[0].passage.text

    assert SHUTTERS not in first(alone)
    assert SHUTTERS in first(helped)
    assert SHUTTERS in cited(tutor_of(helped).ask(EVERYDAY))
    (near, *_) = helped.akin(EVERYDAY)
    assert near.probe.question == "when do they ever shut the windows"
    assert 0.5 < near.similarity < 1


def test_a_corpus_without_probes_answers_and_declines(
    small: Path, tmp_path: Path, embedder: SentenceTransformerEmbedder
) -> None:
    retriever = opened(small, tmp_path / "home", embedder)
    tutor = tutor_of(retriever)
    assert retriever.akin("where was the lens ground?") == ()
    assert "ground in Paris" in cited(tutor.ask("where was the lens ground?"))
    assert cited(tutor.ask("which supplies arrive by boat each month?")).count("colza oil") == 1
    for question in ("how much does the lens cost?", "who is the prime minister of Norway?"):
        turn = tutor.ask(question)
        assert isinstance(turn.reply, Abstention), to_markdown(turn.reply)
        assert turn.reply.reason in (Reason.NOT_IN_COURSE, Reason.OFF_TOPIC)


def test_a_question_like_one_without_an_answer_is_declined_by_its_name(
    small: Path, tmp_path: Path, embedder: SentenceTransformerEmbedder
) -> None:
    keep(
        small,
        answered(WICK, "when is the wick trimmed", "who looks after the light")
        + missing("why the tower is round", "why is the tower round", "the reason for the round shape of the tower"),
    )
    turn = tutor_of(opened(small, tmp_path / "home", embedder)).ask("why is the tower round and not square")
    assert isinstance(turn.reply, Abstention), to_markdown(turn.reply)
    assert turn.reply.reason is Reason.NOT_IN_COURSE
    assert "why the tower is round" in turn.reply.message


def test_a_section_that_nobody_has_asked_about_still_answers(
    lean_corpus: Path, tmp_path: Path, embedder: SentenceTransformerEmbedder
) -> None:
    edited = Path(shutil.copytree(lean_corpus, tmp_path / "corpus"))
    section = (FRONT + COURSE).replace('"1.1"', '"1.2"').replace("## 1.1.", "## 1.2.")
    (edited / "cpom" / "1.2.md").write_text(section, encoding="utf-8")
    retriever = opened(edited, tmp_path / "home", embedder)
    assert retriever.library.probes
    tutor = tutor_of(retriever)
    for question, words in (
        ("where was the lens made?", "Paris"),
        ("what is lamp oil stored in?", "cellar"),
        ("when does the keeper trim the wick?", "four each morning"),
        ("why is the lamp room aired?", "mercury is poisonous"),
    ):
        assert words in retriever.search(question, 1)[0].passage.text
        assert words in cited(tutor.ask(question))


def test_every_probe_of_the_course_stands_on_its_words(library: Library) -> None:
    assert len(library.probes) > 5000
    assert {probe.premise for probe in library.probes} == {True, False, None}
    assert {probe.reason for probe in library.probes if probe.gap} == set(Reason) - {Reason.UNVERIFIED}
    for probe in library.probes:
        assert bool(probe.answers) or probe.gap
        assert bool(probe.gap) == bool(probe.reason)
        assert all(span.of(library.passage(passage).text).strip() for passage, span in probe.answers)
