"""course.yaml and glossary.yaml. What cannot be used is left out and named, as with sections."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import yaml

from cpom_tutor.course import GlossaryEntry, Passage, Section
from cpom_tutor.teaching import ExamShape
from ingest.exam_shape import check_topics, read_exam_shape
from ingest.refusal import Refusal

# The same as yaml.safe_load, ten times as fast where PyYAML has its C parser.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_KINDS = ("abbreviation", "everyday", "brand", "spelling", "clinical")


@dataclass(frozen=True, slots=True)
class CourseFile:
    """What course.yaml says.

    Attributes:
        code: `CPOM`.
        title: the course's full title.
        order: section numbers in reading order.
        exam: the shape of the real exam, where it says so.
    """

    code: str
    title: str
    order: tuple[str, ...] = ()
    exam: ExamShape | None = None

    @classmethod
    def of_sections(cls, sections: Sequence[Section], code: str = "CPOM") -> "CourseFile":
        """A stand-in where there is no usable course.yaml."""
        return cls(code, sections[0].module_title if len(sections) == 1 else code)

    def place(self, number: str) -> tuple[int, tuple[int, ...]]:
        """Sort key: the listed order first, then by number."""
        listed = self.order.index(number) if number in self.order else len(self.order)
        return listed, tuple(map(int, number.split(".")))


def read_course(root: Path, refused: list[tuple[str, str]]) -> CourseFile | None:
    """Reads course.yaml; appends to `refused` and returns None where it cannot be used."""
    path = root / "course.yaml"
    if not path.is_file():
        refused.append(("course.yaml", "it is missing; write the course's code and title in it"))
        return None
    try:
        found = read_yaml(root, path)
        if not isinstance(found, dict) or not found.get("code") or not found.get("title"):
            raise Refusal("it needs “code:” and “title:”; see README.md of the corpus")
        order = tuple(_order(found.get("modules")))
    except Refusal as reason:
        refused.append((path.name, str(reason)))
        return None
    return CourseFile(str(found["code"]), str(found["title"]), order, _exam(found, path.name, refused))


def _exam(found: dict[str, object], name: str, refused: list[tuple[str, str]]) -> ExamShape | None:
    """The exam's shape; one that cannot be used is left out and named, and the course is read without it."""
    try:
        return read_exam_shape(found.get("exam"))
    except Refusal as reason:
        refused.append((name, str(reason)))
        return None


def with_areas_of(course: CourseFile, passages: Sequence[Passage], refused: list[tuple[str, str]]) -> CourseFile:
    """The course without its exam's shape where that names a subsection that is not among the passages."""
    try:
        if course.exam:
            check_topics(course.exam, passages)
    except Refusal as reason:
        refused.append(("course.yaml", str(reason)))
        return replace(course, exam=None)
    return course


def _order(modules: object) -> list[str]:
    if modules is None:
        return []
    problem = Refusal("“modules:” must be a list of number, title and sections; see README.md of the corpus")
    if not isinstance(modules, list):
        raise problem
    order: list[str] = []
    for module in modules:
        sections = module.get("sections", []) if isinstance(module, dict) else None
        if not isinstance(sections, list) or not all(isinstance(section, dict) for section in sections):
            raise problem
        numbers = [section.get("number") for section in sections]
        if not all(isinstance(number, str) for number in numbers):
            raise Refusal('put quotes around each section\'s number, like: number: "1.10"')
        order.extend(str(number) for number in numbers)
    return order


def read_glossary(root: Path, refused: list[tuple[str, str]]) -> tuple[GlossaryEntry, ...]:
    """Reads glossary.yaml, which may be missing; an entry that cannot be used is left out and named."""
    path = root / "glossary.yaml"
    if not path.is_file():
        return ()
    entries: list[GlossaryEntry] = []
    try:
        found = read_yaml(root, path)
        if not isinstance(found, list):
            raise Refusal("it must be a list of entries, each starting with “- term:”")
    except Refusal as reason:
        refused.append((path.name, str(reason)))
        return ()
    for position, entry in enumerate(found, start=1):
        try:
            entries.append(_entry(entry))
        except Refusal as reason:
            refused.append((path.name, f"entry {position} {reason}"))
    return tuple(entries)


def _entry(entry: object) -> GlossaryEntry:
    if not isinstance(entry, dict):
        raise Refusal("is not a “term:” with its fields; see README.md of the corpus")
    for key in ("term", "means"):
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            raise Refusal(f"({entry.get('term', '?')}) has no text as “{key}:”; add it, in quotes if it is yes or no")
    kind = entry.get("kind", "everyday")
    if kind not in _KINDS:
        raise Refusal(f"({entry['term']}) has the kind {kind!r}; write one of {', '.join(_KINDS)}")
    return GlossaryEntry(
        term=entry["term"].strip(), means=entry["means"].strip(), kind=kind,
        course_terms=_words(entry, "course_terms"), also=_words(entry, "also"),
    )  # fmt: skip


def _words(entry: dict[str, object], key: str) -> tuple[str, ...]:
    found = entry.get(key) or []
    if not isinstance(found, list) or not all(isinstance(word, str | int) for word in found):
        raise Refusal(f"({entry['term']}) needs a list as “{key}:”, like: {key}: [one, two]")
    return tuple(str(word).strip() for word in found)


def read_yaml(root: Path, path: Path) -> object:
    """What a YAML file of the corpus folder holds.

    Raises:
        Refusal: it cannot be read, or is no YAML.
    """
    if not path.resolve().is_relative_to(root):
        raise Refusal("it is a link to something outside the corpus folder; copy the file here instead")
    try:
        loaded: object = yaml.load(path.read_text(encoding="utf-8-sig"), _LOADER)
    except OSError as error:
        raise Refusal(f"it cannot be read ({error.strerror}); check the file and its permissions") from None
    except UnicodeDecodeError:
        raise Refusal("it is not UTF-8; save it again as UTF-8") from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f" (line {mark.line + 1})" if mark else ""
        raise Refusal(f"it is not valid YAML{place}; put quotes around text with a colon") from None
    return loaded
