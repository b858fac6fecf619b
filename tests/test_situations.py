"""Workplace stories and case studies that are kept with the course: read, refused by name, and stored."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from cpom_tutor.config import Settings
from cpom_tutor.library import Library
from cpom_tutor.retrieval.contents import library_documents
from cpom_tutor.retrieval.kept import read_exam_shape
from cpom_tutor.retrieval.retriever import open_index
from cpom_tutor.teaching import CaseStudy, ExamArea, ExamShape, Place, Situation
from ingest.load import load_corpus
from ingest.pipeline import ingest

FRONT = '---\ncourse: CPOM\nmodule: 1\nmodule_title: M\nsection: "1.1"\ntitle: The Lighthouse\n---\n\n'
COURSE = """## 1.1.1 The Keeper

The keeper of the Halden lighthouse trims the wick at four each morning. A telescope stands on the gallery.

Three supplies arrive by boat each month:

- Lamp Oil: forty barrels of colza oil, stored in the cellar.
- Provisions: salted fish, flour, and tea for the family. It is carried up by hand.
- Letters (Mail): the post is handed over in a waxed bag.

Three duties follow from them:

- Provisions: counting what is left in the larder.
- Watching: looking out for ships.
- Signals: raising the flags.

## 1.1.2 The Storm

When the wind rises above force nine, the shutters are bolted. It is carried up by hand.
"""
WICK = "The keeper of the Halden lighthouse trims the wick at four each morning."
CARRIED = "It is carried up by hand."
OIL = "stored in the cellar"


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A small corpus with neither stories nor case studies."""
    folder = tmp_path / "corpus"
    for name in ("situations", "case_studies"):
        (folder / name).mkdir(parents=True)
    (folder / "course.yaml").write_text("code: CPOM\ntitle: The Course\n", encoding="utf-8")
    (folder / "1.1.md").write_text(FRONT + COURSE, encoding="utf-8")
    return folder


def family(**changed: object) -> dict[str, object]:
    """A family that can be used, with some fields changed; None takes one away."""
    whole: dict[str, object] = {
        "asks": "Which of the supplies does Ida carry?",
        "options": ["Lamp Oil", "Provisions", "Letters", {"name": "A glass", "by": "A telescope stands"}],
        "situations": [story()],
    } | changed
    return {field: value for field, value in whole.items() if value is not None}


def story(**changed: object) -> dict[str, object]:
    whole: dict[str, object] = {"shows": "Lamp Oil", "decided_by": OIL, "texts": ["Ida rolls a drum down the steps."]}
    return {field: value for field, value in (whole | changed).items() if value is not None}


def case_study(**changed: object) -> dict[str, object]:
    whole: dict[str, object] = {
        "title": "The dark lamp", "role": "You are the keeper.", "situation": "The lamp is dark.",
        "decisions": [decision(), decision(), decision()], "question": "Why?",
        "rubric": [{"text": "names the wick", "points": 2, "principle": WICK}],
        "model_answer": [{"text": "The wick is trimmed.", "principle": WICK}],
    }  # fmt: skip
    return {field: value for field, value in (whole | changed).items() if value is not None}


def decision(**changed: object) -> dict[str, object]:
    options = [option(text="Trim it.", best=True), option(text="Sleep."), option(text="Row ashore.")]
    return {"prompt": "What first?", "options": options} | changed


def option(**changed: object) -> dict[str, object]:
    return {"text": "Wait.", "consequence": "It stays dark.", "principle": WICK} | changed


def keep(corpus: Path, entries: object, name: str = "a.yaml", folder: str = "situations") -> None:
    (corpus / folder / name).write_text(yaml.safe_dump(entries, allow_unicode=True), encoding="utf-8")


def situations(corpus: Path) -> tuple[Situation, ...]:
    found = load_corpus(corpus)
    assert not found.refused
    return found.situations


def words(library: Library, place: Place) -> str:
    passage, span = place
    return span.of(library.passage(passage).text)


# --- situations ----------------------------------------------------------------------------------------------


def test_a_story_knows_what_it_shows_what_it_is_not_and_the_deciding_words(small: Path) -> None:
    keep(small, [family(situations=[story(**{"not": ["Letters"]})])])
    (found,) = situations(small)
    library = load_corpus(small).library()
    assert found.text == "Ida rolls a drum down the steps."
    assert (found.asks, found.shows.name) == ("Which of the supplies does Ida carry?", "Lamp Oil")
    assert [choice.name for choice in found.others] == ["Provisions", "A glass"]
    assert words(library, found.decided_by) == OIL
    assert [words(library, choice.place) for choice in (found.shows, *found.others)] == [
        "forty barrels of colza oil, stored in the cellar.",
        "salted fish, flour, and tea for the family. It is carried up by hand.",
        "A telescope stands",
    ]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            ["Lamp Oil", "Provisions", "Letters"],
            "salted fish, flour, and tea for the family. It is carried up by hand.",
        ),
        (["Watching", "Provisions", "Signals"], "counting what is left in the larder."),
    ],
)
def test_a_label_of_two_lists_is_the_one_that_the_other_options_stand_in(
    small: Path, options: list[str], said: str
) -> None:
    keep(small, [family(options=options, situations=[story(shows="Provisions")])])
    assert words(load_corpus(small).library(), situations(small)[0].shows.place) == said


@pytest.mark.parametrize("shows", ["Provisions", "A glass"])
def test_deciding_words_that_stand_twice_are_those_of_the_key(small: Path, shows: str) -> None:
    by = {"name": "A glass", "by": "the shutters are bolted"}
    entry = family(
        options=["Lamp Oil", "Provisions", "Letters", by],
        situations=[story(shows=shows, decided_by=CARRIED)],
    )
    keep(small, [entry])
    (found,) = situations(small)
    assert found.decided_by[0] == found.shows.place[0]


def test_a_story_that_is_told_twice_is_kept_once(small: Path) -> None:
    keep(small, [family(), family(situations=[story(texts=["Ida  rolls a drum down the steps.", "Ida has matches."])])])
    assert [each.text for each in situations(small)] == ["Ida rolls a drum down the steps.", "Ida has matches."]


SITUATION_REFUSALS = {
    "unknown field": (family(hint="x"), "entry 1 must have the fields asks, options, situations only"),
    "no question": (family(asks=None), "entry 1 lacks “asks:”"),
    "a question that is no text": (family(asks=7), "entry 1 needs a text as “asks:”"),
    "options as text": (family(options="x"), "entry 1 needs a list as “options:”"),
    "an unknown label": (family(options=["Lamp Oil", "Provisions", "Coal"]), "entry 1 has an option that stands in no"),
    "an option without its words": (family(options=["Lamp Oil", {"name": "x"}]), "entry 1 lacks “by:”"),
    "two options of one name": (family(options=["Lamp Oil", "Lamp Oil", "Letters"]), "entry 1 has two options of one"),
    "deciding words not verbatim": (
        family(situations=[story(decided_by="in the attic")]),
        "entry 1 situation 1 has “decided_by:” that stands in no passage, word for word: “in the attic”",
    ),
    "shows none of the options": (family(situations=[story(shows="Coal")]), "situation 1 names “Coal”"),
    "leaves out none of the options": (family(situations=[story(**{"not": ["Coal"]})]), "situation 1 names “Coal”"),
    "leaves out its key": (family(situations=[story(**{"not": ["Lamp Oil"]})]), "situation 1 leaves fewer"),
    "too few options left": (family(situations=[story(**{"not": ["Letters", "A glass"]})]), "leaves fewer than 2"),
    "no stories": (family(situations=[story(texts=[])]), "situation 1 lacks “texts:”"),
    "a story that is no text": (family(situations=[story(texts=[True])]), "needs a list of texts as “texts:”"),
    "a situation as text": (family(situations=["x"]), "situation 1 must have the fields decided_by, not, shows, texts"),
    "an entry as text": ("who", "entry 1 must have the fields"),
}


@pytest.mark.parametrize("case", SITUATION_REFUSALS)
def test_a_family_that_cannot_be_used_is_refused_by_name_and_the_rest_goes_in(small: Path, case: str) -> None:
    entry, reason = SITUATION_REFUSALS[case]
    keep(small, [entry, family()])
    found = load_corpus(small)
    ((file, said),) = found.refused
    assert (file, len(found.situations)) == ("situations/a.yaml", 1)
    assert reason in said
    assert "\n" not in said


def test_a_bad_situation_leaves_the_others_of_its_family_in(small: Path) -> None:
    keep(small, [family(situations=[story(shows="Coal"), story()])])
    found = load_corpus(small)
    assert [said.split(" names")[0] for _, said in found.refused] == ["entry 1 situation 1"]
    assert len(found.situations) == 1


def test_a_file_that_is_no_list_is_refused(small: Path) -> None:
    keep(small, {"asks": "x"})
    ((file, said),) = load_corpus(small).refused
    assert (file, said[:24]) == ("situations/a.yaml", "it must be a list of fam")


# --- case studies --------------------------------------------------------------------------------------------


def test_a_case_study_keeps_its_decisions_rubric_and_model_answer(small: Path) -> None:
    keep(small, [case_study()], folder="case_studies")
    loaded = load_corpus(small)
    assert not loaded.refused
    (found,) = loaded.case_studies
    library = loaded.library()
    assert (found.title, len(found.decisions), found.question) == ("The dark lamp", 3, "Why?")
    assert [each.best for each in found.decisions[0].options] == [True, False, False]
    assert (found.rubric[0].text, found.rubric[0].points) == ("names the wick", 2)
    places = [point.principle for point in (*found.rubric, *found.model_answer)]
    places += [each.principle for point in found.decisions for each in point.options]
    assert {words(library, place) for place in places} == {WICK}


CASE_REFUSALS = {
    "unknown field": (case_study(hint="x"), "entry 1 must have the fields decisions, model_answer"),
    "no role": (case_study(role=None), "entry 1 lacks “role:”"),
    "two decisions": (case_study(decisions=[decision(), decision()]), "entry 1 has 2 decision(s); give it 3 or 4"),
    "two options": (
        case_study(decisions=[decision(), decision(options=[option(best=True), option()]), decision()]),
        "entry 1 decision 2 has 2 option(s); give it 3 or 4",
    ),
    "no best option": (
        case_study(decisions=[decision(options=[option(), option(), option()]), decision(), decision()]),
        "decision 1 needs exactly one option with “best: true”",
    ),
    "two best options": (
        case_study(decisions=[decision(options=[option(best=True), option(best=True), option()])] * 3),
        "decision 1 needs exactly one option",
    ),
    "best that is a word": (
        case_study(decisions=[decision(options=[option(best="perhaps"), option(), option()])] * 3),
        "decision 1 option 1 has a “best:” that is neither",
    ),
    "a principle not verbatim": (
        case_study(decisions=[decision(options=[option(principle="Sleep late."), option(), option()])] * 3),
        "decision 1 option 1 has a “principle:” that stands in no passage, word for word: “Sleep late.”",
    ),
    "points that are none": (
        case_study(rubric=[{"text": "x", "points": 0, "principle": WICK}]),
        "rubric point 1 has 0 as “points:”",
    ),
    "no model answer": (case_study(model_answer=[]), "entry 1 lacks “model_answer:”"),
    "a model answer with points": (
        case_study(model_answer=[{"text": "x", "points": 1, "principle": WICK}]),
        "model answer sentence 1 must have the fields principle, text only",
    ),
}


@pytest.mark.parametrize("case", CASE_REFUSALS)
def test_a_case_study_that_cannot_be_used_is_refused_by_name_and_the_rest_goes_in(small: Path, case: str) -> None:
    entry, reason = CASE_REFUSALS[case]
    keep(small, [entry, case_study(title="Another")], folder="case_studies")
    found = load_corpus(small)
    ((file, said),) = found.refused
    assert (file, [each.title for each in found.case_studies]) == ("case_studies/a.yaml", ["Another"])
    assert reason in said
    assert "\n" not in said


def test_a_title_stands_once_in_all_the_files(small: Path) -> None:
    keep(small, [case_study()], folder="case_studies")
    keep(small, [case_study(title="The Dark Lamp")], "b.yaml", folder="case_studies")
    found = load_corpus(small)
    assert [file for file, _ in found.refused] == ["case_studies/b.yaml"]
    assert [each.title for each in found.case_studies] == ["The dark lamp"]


# --- stored in the index -------------------------------------------------------------------------------------


def stored(settings: Settings) -> tuple[tuple[Situation, ...], tuple[CaseStudy, ...]]:
    library = open_index(settings).library
    return library.situations, library.case_studies


def test_stories_and_case_studies_are_kept_in_the_index_and_a_change_makes_a_new_version(
    small: Path, tmp_path: Path, tiny_embedder: str
) -> None:
    settings = Settings(tmp_path / "home", embedder=tiny_embedder)
    keep(small, [family()])
    keep(small, [case_study()], folder="case_studies")
    assert ingest(small, settings).built
    corpus = load_corpus(small)
    assert stored(settings) == (corpus.situations, corpus.case_studies)
    assert all(stored(settings))
    assert not ingest(small, settings).built

    keep(small, [case_study(question="And why?")], folder="case_studies")
    report = ingest(small, settings)
    assert (report.built, report.embedded) == (True, 0)
    assert stored(settings)[1][0].question == "And why?"


def test_the_shape_of_the_exam_is_a_document_of_its_own(small: Path) -> None:
    library = load_corpus(small).library()
    for shape in (None, ExamShape(120, 180, "public", (ExamArea("1.1.1", 1.0),))):
        document = library_documents(replace(library, exam_shape=shape))["exam_shape"]
        assert read_exam_shape(json.loads(document)) == shape
