"""The course text is the customer's own, word for word; course.yaml and the glossary agree with it."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

CORPUS = Path(__file__).parents[1] / "corpus"
SECTION_FILES = sorted(CORPUS.glob("cpom/*.md"))
OVERVIEW = CORPUS / "cpom" / "1.1-overview.md"
OVERVIEW_SOURCE = CORPUS / "source" / "section-1.1.txt"

GLOSSARY_KINDS = {"abbreviation", "everyday", "brand", "spelling", "clinical"}


@dataclass(frozen=True)
class RepeatedTitle:
    """A title line of a source which the Markdown holds once, in its front matter."""

    line_number: int
    """Line of the source, from 1."""
    line: str
    """The whole line, as the source prints it."""
    template: str
    """The line made from the front matter; case is not compared, for the source prints some in capitals."""


REPEATED_TITLES = {
    "1.1": (
        RepeatedTitle(
            line_number=1,
            line="CPOM Module 1, Section 1.1: Overview of the CPOM Certification and Its Purpose",
            template="{course} Module {module}, Section {section}: {title}",
        ),
        RepeatedTitle(
            line_number=2,
            line="MODULE 1: INTRODUCTION & ROLE OF THE PHARMACY OPERATIONS MANAGER",
            template="Module {module}: {module_title}",
        ),
        RepeatedTitle(
            line_number=4,
            line="Section 1.1: Overview of the CPOM Certification and Its Purpose",
            template="Section {section}: {title}",
        ),
        RepeatedTitle(line_number=8, line="SECTION 1.1", template="Section {section}"),
        RepeatedTitle(
            line_number=10,
            line="Overview of the CPOM Certification and Its Purpose",
            template="{title}",
        ),
    )
}


# --- reading ------------------------------------------------------------------------------------------------


def read(path: Path) -> str:
    """The file's text with its line ends as they are."""
    return path.read_bytes().decode("utf-8")


def split_front_matter(markdown: str) -> tuple[dict[str, Any], str]:
    """The front matter as values, and the body."""
    opening, front_matter, body = markdown.split("---\n", 2)
    assert opening == ""
    return yaml.safe_load(front_matter), body


def without_markup(line: str) -> str:
    """A line of a body without its block markup; inline markup stays, so that it would count as a change."""
    if line == ":::" or re.fullmatch(r"\|(?:-+\|)+", line):
        return ""
    if line.startswith("| ") and line.endswith(" |"):
        return line[2:-2].replace(" | ", " ")
    return re.sub(r"^(?:- |#{2,4} |::: (?:analogy|callout) )", "", line)


def body_lines(markdown: str) -> list[list[str]]:
    """The words of each line of a body that has any."""
    _, body = split_front_matter(markdown)
    lines = (without_markup(line).split() for line in body.split("\n"))
    return [words for words in lines if words]


def source_lines(source: str, titles: tuple[RepeatedTitle, ...]) -> list[list[str]]:
    """The words of each line of a source that has any, less the repeated titles and the bullets."""
    dropped = {title.line_number for title in titles}
    lines = [line for number, line in enumerate(source.split("\n"), start=1) if number not in dropped]
    words = (re.sub(r"^\s*• ", "", line).split() for line in lines)
    return [line for line in words if line]


def first_difference(markdown: str, source: str, titles: tuple[RepeatedTitle, ...]) -> str:
    """Where the words of the Markdown first differ from the words of its source; empty where they do not."""
    ours = [word for line in body_lines(markdown) for word in line]
    theirs = [word for line in source_lines(source, titles) for word in line]
    if ours == theirs:
        return ""
    same = 0
    while same < min(len(ours), len(theirs)) and ours[same] == theirs[same]:
        same += 1
    return f"word {same + 1}: {ours[same : same + 6]} where the source has {theirs[same : same + 6]}"


def course_text() -> str:
    """All section files as one text."""
    return "\n".join(read(path) for path in SECTION_FILES)


def glossary() -> list[dict[str, Any]]:
    """The glossary as it stands in the file."""
    entries: list[dict[str, Any]] = yaml.safe_load(read(CORPUS / "glossary.yaml"))
    return entries


def aliases(entry: dict[str, Any]) -> list[str]:
    """All the ways to say an entry's term."""
    return [entry["term"], *entry.get("also", [])]


def occurs(term: str, text: str) -> bool:
    """True if the term stands in the text as whole words, in any case."""
    return re.search(rf"(?<!\w){re.escape(term)}(?!\w)", text, re.IGNORECASE) is not None


# --- the words of the course --------------------------------------------------------------------------------


def test_the_source_is_the_customers_file_byte_for_byte() -> None:
    digest = hashlib.sha256(OVERVIEW_SOURCE.read_bytes()).hexdigest()
    assert digest == "a7796afadf27c82cdb54f7ee426df092ebbabec6b4234cdbf654ef79b9e650b1"


@pytest.mark.parametrize("path", SECTION_FILES, ids=lambda path: path.name)
def test_a_section_has_every_word_of_its_source_in_order_and_no_other(path: Path) -> None:
    front_matter, _ = split_front_matter(read(path))
    source = read(path.parent / front_matter["source"])
    titles = REPEATED_TITLES.get(front_matter["section"], ())
    assert first_difference(read(path), source, titles) == ""


@pytest.mark.parametrize("path", SECTION_FILES, ids=lambda path: path.name)
def test_a_section_keeps_each_line_of_its_source_on_one_line(path: Path) -> None:
    front_matter, _ = split_front_matter(read(path))
    source = read(path.parent / front_matter["source"])
    titles = REPEATED_TITLES.get(front_matter["section"], ())
    assert body_lines(read(path)) == source_lines(source, titles)


@pytest.mark.parametrize(
    ("section", "title"),
    [
        pytest.param(section, title, id=f"{section}-line-{title.line_number}")
        for section, titles in REPEATED_TITLES.items()
        for title in titles
    ],
)
def test_a_repeated_title_of_the_source_stands_in_the_front_matter(section: str, title: RepeatedTitle) -> None:
    (path,) = (path for path in SECTION_FILES if split_front_matter(read(path))[0]["section"] == section)
    front_matter, _ = split_front_matter(read(path))
    lines = read(path.parent / front_matter["source"]).split("\n")
    assert lines[title.line_number - 1] == title.line
    assert title.template.format(**front_matter).casefold() == title.line.casefold()


def test_front_matter_is_not_compared_as_course_text() -> None:
    front_matter, body = split_front_matter(read(OVERVIEW))
    assert list(front_matter) == ["course", "module", "module_title", "section", "title", "source"]
    assert body.startswith("\nEstablishing the “Why”")


MUTATIONS: dict[str, Callable[[str], str]] = {
    "a word changed": lambda text: text.replace("seismic shift", "seismic change", 1),
    "a number changed": lambda text: text.replace("500 people", "600 people", 1),
    "a letter's case changed": lambda text: text.replace("The CPOM is built", "the CPOM is built", 1),
    "a curly quote made straight": lambda text: text.replace("“buy-and-bill”", '"buy-and-bill"', 1),
    "a dash changed": lambda text: text.replace("chef—a", "chef - a", 1),
    "a full stop lost": lambda text: text.replace("Pathway. For", "Pathway For", 1),
    "a word dropped": lambda text: text.replace("is not a mere", "is a mere", 1),
    "two words swapped": lambda text: text.replace("critical void", "void critical", 1),
    "two items of a list swapped": lambda text: swapped_lines(text, "- Unrelenting", "- Escalating"),
    "a word added": lambda text: text.replace("roles are essential", "roles are equally essential", 1),
    "a heading changed": lambda text: text.replace("## 1.1.3 The CPOM Value", "## 1.1.3 The Value", 1),
    "a heading dropped": lambda text: text.replace("### For the Patient\n", "", 1),
    "a label changed": lambda text: text.replace("- Servant Leadership:", "- Servant Leading:", 1),
    "a box title changed": lambda text: text.replace("callout Misconception Alert:", "callout Alert:", 1),
    "a table cell changed": lambda text: text.replace("ADCs and carousels", "ADCs", 1),
    "a table row dropped": lambda text: re.sub(r"\| Financial Management \|.*\n", "", text, count=1),
    "the table's header changed": lambda text: text.replace("| Core Components |", "| Components |", 1),
    "a word made bold": lambda text: text.replace("operational core", "**operational core**", 1),
    "a word made code": lambda text: text.replace("<800>", "`<800>`", 1),
    "a sign escaped": lambda text: text.replace("& Inventory", "&amp; Inventory", 1),
    "the last words cut off": lambda text: text.replace(" the hospital serves.", "", 1),
    "words added at the end": lambda text: text + "\nThe end.\n",
}


def swapped_lines(text: str, first: str, second: str) -> str:
    """The text with the line that starts with `first` and the one that starts with `second` exchanged."""
    lines = text.split("\n")
    (here,) = (number for number, line in enumerate(lines) if line.startswith(first))
    (there,) = (number for number, line in enumerate(lines) if line.startswith(second))
    lines[here], lines[there] = lines[there], lines[here]
    return "\n".join(lines)


@pytest.mark.parametrize("mutate", MUTATIONS.values(), ids=MUTATIONS.keys())
def test_the_comparison_notices(mutate: Callable[[str], str]) -> None:
    markdown = read(OVERVIEW)
    changed = mutate(markdown)
    assert changed != markdown
    assert first_difference(changed, read(OVERVIEW_SOURCE), REPEATED_TITLES["1.1"]) != ""


def word_spans(markdown: str) -> list[tuple[int, int]]:
    """Where the words of the body stand, the names of the boxes' kinds left out."""
    start = markdown.index("---\n", 4) + 4
    found = re.compile(r"(?<!::: )(?<!\S)\S*\w\S*").finditer(markdown, start)
    return [match.span() for match in found]


def test_the_comparison_notices_any_word_that_is_changed_or_dropped_or_swapped_with_the_next() -> None:
    markdown, source = read(OVERVIEW), read(OVERVIEW_SOURCE)
    spans = word_spans(markdown)
    assert len(spans) > 2800
    # Every seventh word, so that all of headings, labels, cells and prose are met and the test stays quick.
    for (start, end), (next_start, next_end) in list(pairwise(spans))[::7]:
        word, gap, following = markdown[start:end], markdown[end:next_start], markdown[next_start:next_end]
        for instead in (f"{word}s{gap}{following}", f"{gap}{following}", f"{following}{gap}{word}"):
            if word != following:
                changed = markdown[:start] + instead + markdown[next_end:]
                assert first_difference(changed, source, REPEATED_TITLES["1.1"]) != "", instead


@pytest.mark.parametrize("path", SECTION_FILES, ids=lambda path: path.name)
def test_a_section_is_plain_utf8_with_unix_line_ends_and_no_trailing_space(path: Path) -> None:
    text = read(path)
    assert "\r" not in text
    assert "\ufeff" not in text
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert not [line for line in text.split("\n") if line != line.rstrip()]


@pytest.mark.parametrize("path", SECTION_FILES, ids=lambda path: path.name)
def test_every_box_of_a_section_is_closed_before_the_next_opens(path: Path) -> None:
    fences = [line for line in read(path).split("\n") if line.startswith(":::")]
    assert all(line.startswith(("::: analogy ", "::: callout ")) for line in fences[0::2])
    assert fences[1::2] == [":::"] * (len(fences) // 2)
    assert len(fences) % 2 == 0


# --- course.yaml --------------------------------------------------------------------------------------------


def listed_sections() -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """Each section of course.yaml with its module."""
    course = yaml.safe_load(read(CORPUS / "course.yaml"))
    return [(module, section) for module in course["modules"] for section in module["sections"]]


def test_course_yaml_lists_every_section_file_once() -> None:
    listed = [section["file"] for _, section in listed_sections()]
    assert sorted(listed) == [path.relative_to(CORPUS).as_posix() for path in SECTION_FILES]


def test_course_yaml_agrees_with_the_front_matter_of_its_files() -> None:
    course = yaml.safe_load(read(CORPUS / "course.yaml"))
    for module, section in listed_sections():
        front_matter, _ = split_front_matter(read(CORPUS / section["file"]))
        assert front_matter["course"] == course["code"]
        assert (front_matter["module"], front_matter["module_title"]) == (module["number"], module["title"])
        assert (front_matter["section"], front_matter["title"]) == (section["number"], section["title"])


def test_course_yaml_is_in_order_and_each_section_is_numbered_after_its_module() -> None:
    numbers = [[int(part) for part in section["number"].split(".")] for _, section in listed_sections()]
    assert numbers == sorted(numbers)
    assert [number[0] for number in numbers] == [module["number"] for module, _ in listed_sections()]


def test_the_course_title_is_in_the_words_of_the_course() -> None:
    course = yaml.safe_load(read(CORPUS / "course.yaml"))
    assert f"{course['title']} ({course['code']})" in course_text()


# --- the glossary -------------------------------------------------------------------------------------------


def test_the_glossary_has_at_least_120_entries() -> None:
    assert len(glossary()) >= 120


def test_every_glossary_entry_follows_the_schema() -> None:
    for entry in glossary():
        assert set(entry) - {"also"} == {"term", "means", "course_terms", "kind"}, entry
        assert entry["kind"] in GLOSSARY_KINDS, entry
        assert isinstance(entry["course_terms"], list), entry
        words = [entry["means"], *entry["course_terms"], *aliases(entry)]
        assert all(isinstance(word, str) and word and word == word.strip() for word in words), entry


def test_a_glossary_meaning_is_one_short_phrase() -> None:
    long = [entry["term"] for entry in glossary() if len(entry["means"]) > 80 or entry["means"].endswith(".")]
    assert long == []


def test_no_two_glossary_entries_share_an_alias() -> None:
    seen: dict[str, str] = {}
    for entry in glossary():
        for alias in aliases(entry):
            assert alias.casefold() not in seen, f"{alias}: {seen.get(alias.casefold())} and {entry['term']}"
            seen[alias.casefold()] = entry["term"]


def test_every_course_term_of_the_glossary_occurs_in_the_course() -> None:
    text = course_text()
    named = [(entry["term"], term) for entry in glossary() for term in entry["course_terms"]]
    assert [(entry, term) for entry, term in named if not occurs(term, text)] == []


def test_no_alias_is_a_word_too_common_to_mean_one_thing() -> None:
    common = {"it", "id", "test", "work", "home", "pay", "raise", "turns", "par", "course", "patient"}
    assert common.isdisjoint(alias.casefold() for entry in glossary() for alias in aliases(entry))


def test_a_learners_words_reach_the_courses_own() -> None:
    reached = {alias.casefold(): entry["course_terms"] for entry in glossary() for alias in aliases(entry)}
    assert "Joint Commission" in reached["jcaho"]
    assert "automated dispensing cabinets" in reached["pyxis"]
    assert "Executive Chef" in reached["head chef"]
    assert "Commitment to Continuous Learning" in reached["set for life"]
    assert "Human Capital Crisis" in reached["short handed"]
