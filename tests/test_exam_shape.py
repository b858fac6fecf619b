"""The shape of the exam in course.yaml: read with the course, or left out and named."""

import json
from pathlib import Path

import pytest

from cpom_tutor.retrieval.contents import library_documents
from cpom_tutor.retrieval.kept import read_exam_shape as read_kept
from cpom_tutor.teaching import ExamArea, ExamShape
from ingest.exam_shape import read_exam_shape
from ingest.load import load_corpus
from ingest.refusal import Refusal

GOOD = {"items": 120, "minutes": 180, "note": " public ", "areas": [{"topic": "1.1.1", "share": 1}]}


def test_the_real_course_says_how_long_its_exam_is_and_that_this_is_not_of_the_course(corpus: Path) -> None:
    shape = load_corpus(corpus).library().exam_shape
    assert shape is not None
    assert (shape.items, shape.minutes) == (120, 180)
    assert "not from the course text" in shape.note
    assert sum(area.share for area in shape.areas) == pytest.approx(1)


def test_a_whole_block_is_read() -> None:
    assert read_exam_shape(GOOD) == ExamShape(120, 180, "public", (ExamArea("1.1.1", 1.0),))
    assert read_exam_shape(None) is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"items": 0}, "whole numbers"),
        ({"minutes": "180"}, "whole numbers"),
        ({"items": True}, "whole numbers"),
        ({"areas": {"1.1.1": 1}}, "must be a list"),
        ({"areas": [{"topic": 1.1, "share": 1}]}, "in quotes"),
        ({"areas": ["1.1.1"]}, "in quotes"),
        ({"areas": [{"topic": "1.1.1", "share": 2}]}, "a number up to 1"),
        ({"areas": [{"topic": "1.1.1", "share": 0.5}]}, "add up to 1"),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_reason(change: dict[str, object], words: str) -> None:
    with pytest.raises(Refusal, match=words):
        read_exam_shape(GOOD | change)


def test_a_block_of_another_form_is_refused() -> None:
    with pytest.raises(Refusal, match="needs items, minutes and areas"):
        read_exam_shape("120 questions")


def test_a_bad_block_is_named_and_the_course_goes_in_without_it(corpus: Path, tmp_path: Path) -> None:
    text = (corpus / "course.yaml").read_text("utf-8")
    (tmp_path / "course.yaml").write_text(text.replace("items: 120", "items: many"), encoding="utf-8")
    (tmp_path / "cpom").mkdir()
    (tmp_path / "cpom/a.md").write_text((corpus / "cpom/1.1-overview.md").read_text("utf-8"), encoding="utf-8")
    loaded = load_corpus(tmp_path)
    assert [name for name, _ in loaded.refused] == ["course.yaml"]
    assert loaded.library().exam_shape is None
    assert loaded.library().title == "Certified Pharmacy Operations Manager"


def test_an_area_that_is_not_in_the_course_is_refused_by_name(corpus: Path, tmp_path: Path) -> None:
    text = (corpus / "course.yaml").read_text("utf-8")
    (tmp_path / "course.yaml").write_text(text.replace('topic: "1.1.3"', 'topic: "1.1.9"'), encoding="utf-8")
    (tmp_path / "cpom").mkdir()
    (tmp_path / "cpom/a.md").write_text((corpus / "cpom/1.1-overview.md").read_text("utf-8"), encoding="utf-8")
    loaded = load_corpus(tmp_path)
    ((name, reason),) = loaded.refused
    assert name == "course.yaml"
    assert "no subsection 1.1.9" in reason
    assert loaded.library().exam_shape is None


def test_the_index_keeps_the_shape(corpus: Path) -> None:
    library = load_corpus(corpus).library()
    kept = json.loads(library_documents(library)["exam_shape"])
    assert read_kept(kept) == library.exam_shape
