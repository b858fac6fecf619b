"""The corpus folder -> sections, passages and glossary, with every file that had to be left out.

from ingest.load import load_corpus
library = load_corpus(Path("corpus")).library()
"""

import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

import yaml

from cpom_tutor.course import GlossaryEntry, Passage, Section
from cpom_tutor.errors import BadInput
from cpom_tutor.library import Library
from cpom_tutor.teaching import CaseStudy, Probe, Situation
from ingest.case_studies import read_case_studies
from ingest.course_files import CourseFile, read_course, read_glossary, with_areas_of
from ingest.passages import read_passages
from ingest.probes import read_probes
from ingest.refusal import Refusal
from ingest.situations import read_situations

LARGEST = 5_000_000
"""Bytes; a section is a few pages, so a larger file is a mistake."""

_SUFFIXES = (".md", ".markdown")
_OTHER_TEXT = (".txt", ".docx", ".doc", ".odt", ".pdf", ".html", ".htm", ".rst", ".epub", ".rtf", ".tex")
_NOT_SECTIONS = ("readme.md", "course.yaml", "glossary.yaml")
_FRONT = re.compile(r"---[ \t]*\n(?P<yaml>.*?)\n---[ \t]*(?:\n|\Z)", re.DOTALL)
_LINK = re.compile(r"\]\(\s*<?(?P<target>[^)>\s]+)|^\s{0,3}\[[^\]]+\]:\s*<?(?P<reference>[^>\s]+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class LoadedSection:
    """A section and its passages."""

    section: Section
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Corpus:
    """Everything that could be read, and what could not.

    Attributes:
        course: code, title and order of the course.
        sections: in the course's order.
        glossary: of the course.
        probes: learners' questions, with the places that answer them.
        situations: workplace stories, each a case of something in the course.
        case_studies: situations with linked decisions.
        refused: (file, reason) of what was left out; the file is a path inside the corpus folder.
        digest: hash of all that went in; two equal corpora have equal digests.
    """

    course: CourseFile
    sections: tuple[LoadedSection, ...]
    glossary: tuple[GlossaryEntry, ...]
    probes: tuple[Probe, ...]
    situations: tuple[Situation, ...]
    case_studies: tuple[CaseStudy, ...]
    refused: tuple[tuple[str, str], ...]
    digest: str

    def library(self, fingerprint: str = "") -> Library:
        """The same as a Library, without an index."""
        return Library(
            code=self.course.code,
            title=self.course.title,
            sections=tuple(loaded.section for loaded in self.sections),
            passages=tuple(passage for loaded in self.sections for passage in loaded.passages),
            glossary=self.glossary,
            fingerprint=fingerprint,
            probes=self.probes,
            situations=self.situations,
            case_studies=self.case_studies,
            exam_shape=self.course.exam,
        )


def load_corpus(folder: Path) -> Corpus:
    """Reads the corpus folder; a file that cannot be used is left out and named.

    Sections are the Markdown files of the folder and its subfolders, except README.md and all that stands
    under `source/`.

    Raises:
        BadInput: there is no such folder, or no section file in it.
    """
    if not folder.is_dir():
        raise BadInput(f"There is no corpus folder at {folder}; give it with: python -m ingest --corpus FOLDER")
    root = folder.resolve()
    refused: list[tuple[str, str]] = []
    course, glossary = read_course(root, refused), read_glossary(root, refused)
    found: dict[str, LoadedSection] = {}
    any_file = False
    for path in _files(root):
        any_file = True
        name = path.relative_to(root).as_posix()
        try:
            loaded = _load_section(root, path, course)
            twin = found.get(loaded.section.number)
            if twin:
                raise Refusal(
                    f"section {loaded.section.number} already stands in {twin.section.path}; "
                    "give this file another number, or remove one of the two"
                )
            found[loaded.section.number] = loaded
        except Refusal as reason:
            refused.append((name, str(reason)))
    if not any_file:
        raise BadInput(f"No section file (*.md) stands in {folder}; add one, then run: python -m ingest")
    course = course or CourseFile.of_sections([loaded.section for loaded in found.values()])
    sections = tuple(sorted(found.values(), key=lambda loaded: course.place(loaded.section.number)))
    passages = [passage for loaded in sections for passage in loaded.passages]
    shaped = with_areas_of(course, passages, refused)
    probes = read_probes(root, passages, refused)
    situations = read_situations(root, passages, refused)
    case_studies = read_case_studies(root, passages, refused)
    digest = _digest(shaped, sections, (*glossary, *probes, *situations, *case_studies))
    return Corpus(shaped, sections, glossary, probes, situations, case_studies, tuple(refused), digest)


def _files(root: Path) -> Iterator[Path]:
    for place, folders, files in os.walk(root):
        here = Path(place)
        linked = [name for name in folders if (here / name).is_symlink()]
        folders[:] = sorted(
            name for name in folders
            if not name.startswith(".") and name not in linked and (here / name) != root / "source"
        )  # fmt: skip
        for name in sorted(files):
            suffix = Path(name).suffix.lower()
            wanted = suffix in _SUFFIXES or suffix in _OTHER_TEXT
            if wanted and not name.startswith(".") and name.lower() not in _NOT_SECTIONS:
                yield here / name
        # A linked folder is not entered; it is named only where it would bring in foreign text.
        for name in sorted(linked):
            if not (here / name).resolve().is_relative_to(root):
                yield here / name


def _load_section(root: Path, path: Path, course: CourseFile | None) -> LoadedSection:
    text = _read_text(root, path)
    front = _front_matter(text)
    section = _section(front, path.relative_to(root).as_posix(), text)
    code = _word(front, "course")
    if course and code != course.code:
        raise Refusal(f"it belongs to the course {code}, this corpus is {course.code}; correct “course:”")
    targets = [target for found in _LINK.finditer(text) if (target := found["target"] or found["reference"])]
    for target in [*targets, *([str(front["source"])] if front.get("source") else [])]:
        _check_target(root, path, target)
    passages = read_passages(section, code)
    if not passages:
        raise Refusal("it has no text after its front matter; write the section below it")
    return LoadedSection(section, passages)


def _read_text(root: Path, path: Path) -> str:
    if path.is_symlink() and not path.resolve().is_relative_to(root):
        raise Refusal("it is a link to something outside the corpus folder; copy the file here instead")
    if path.suffix.lower() not in _SUFFIXES:
        raise Refusal(f"{path.suffix} files are not read; save it as Markdown (see README.md of the corpus)")
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise Refusal(f"it is {size / 1e6:.1f} MB, more than {LARGEST / 1e6:.0f}; split it by section")
        data = path.read_bytes()
    except OSError as error:
        raise Refusal(f"it cannot be read ({error.strerror}); check the file and its permissions") from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Refusal(f"it is not UTF-8 (byte {error.start}); save it again as UTF-8") from None
    if "\0" in text:
        raise Refusal("it holds binary data; save it again as plain UTF-8 text")
    if not text.strip():
        raise Refusal("it is empty; write the section, or remove the file")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _front_matter(text: str) -> dict[str, object]:
    found = _FRONT.match(text)
    if not found:
        raise Refusal("it does not start with front matter between two lines ---; add course, module, section, title")
    try:
        front = yaml.safe_load(found["yaml"])
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f" (line {mark.line + 2})" if mark else ""
        raise Refusal(f"its front matter is not valid YAML{place}; put quotes around text with a colon") from None
    if not isinstance(front, dict):
        raise Refusal("its front matter is not a list of “key: value” lines; write course, module, section, title")
    return front


def _section(front: dict[str, object], path: str, text: str) -> Section:
    needed = ("course", "module", "module_title", "section", "title")
    missing = [key for key in needed if front.get(key) in (None, "")]
    if missing:
        raise Refusal(f"its front matter lacks {', '.join(missing)}; add it between the lines ---")
    number, module = front["section"], front["module"]
    # YAML reads 1.10 without quotes as the number 1.1.
    if not isinstance(number, str) or not re.fullmatch(r"\d+(?:\.\d+)+", number.strip()):
        raise Refusal(f'its section number {number!r} must be quoted and dotted; write it like: section: "1.1"')
    if isinstance(module, bool) or not str(module).isdecimal():
        raise Refusal(f"its module {module!r} must be a whole number; write it like: module: 1")
    return Section(
        number=number.strip(), title=_word(front, "title"), module=int(str(module)),
        module_title=_word(front, "module_title"), path=path, text=text,
    )  # fmt: skip


def _word(front: dict[str, object], key: str) -> str:
    return " ".join(str(front[key]).split())


def _check_target(root: Path, path: Path, target: str) -> None:
    """Refuses a link, image or source that leads out of the corpus folder."""
    address = urlsplit(target)
    if address.scheme in ("http", "https", "mailto") or target.startswith("#"):
        return
    place = unquote(address.path)
    outside = bool(address.scheme) or bool(address.netloc) or "\\" in place
    if outside or not (path.parent / place).resolve().is_relative_to(root):
        raise Refusal(f"“{target}” leads out of the corpus folder; copy what it needs into the folder")


def _digest(course: CourseFile, sections: Sequence[LoadedSection], kept: Iterable[object]) -> str:
    """Of the course, its sections, and all that is kept beside them."""
    parts = [repr(course), *(repr(loaded.section) for loaded in sections), *map(repr, kept)]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
