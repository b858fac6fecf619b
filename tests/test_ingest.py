"""Ingest: what goes in, what is refused and why, and what a second run costs."""

import json
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from filelock import FileLock

from cpom_tutor.config import Settings
from cpom_tutor.errors import BadInput, EmbedderUnavailable, IndexBusy, NotFound
from cpom_tutor.retrieval.embedder import SentenceTransformerEmbedder
from cpom_tutor.retrieval.places import FolderPlace
from cpom_tutor.retrieval.retriever import open_index
from ingest import __main__ as command
from ingest.load import LARGEST, load_corpus
from ingest.pipeline import ingest

FRONT = '---\ncourse: CPOM\nmodule: 1\nmodule_title: M\nsection: "{}"\ntitle: T\n{}---\n\n'


def front(number: str = "1.2", more: str = "") -> str:
    return FRONT.format(number, more)


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A small corpus of one good section, to be added to."""
    folder = tmp_path / "corpus"
    (folder / "cpom").mkdir(parents=True)
    (folder / "course.yaml").write_text("code: CPOM\ntitle: The Course\n")
    (folder / "README.md").write_text("no front matter here\n")
    (folder / "source").mkdir()
    (folder / "source" / "notes.md").write_text("none here either\n")
    (folder / "cpom" / "1.1.md").write_text(
        front("1.1") + "## 1.1.1 A\n\nThe first sentence. The second one.\n\nAnother paragraph stays.\n"
    )
    return folder


@pytest.fixture
def settings(tmp_path: Path, tiny_embedder: str) -> Settings:
    return Settings(tmp_path / "home", embedder=tiny_embedder)


def write(path: Path, content: str | bytes) -> None:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())


REFUSALS: dict[str, tuple[str | bytes, str]] = {
    "not UTF-8": (b"---\n\xff\xfe", "not UTF-8"),
    "binary": (front() + "a\0b", "binary data"),
    "empty": ("  \n", "is empty"),
    "huge": ("x" * (LARGEST + 1), "more than 5"),
    "no front matter": ("# Title\n\ntext\n", "does not start with front matter"),
    "unclosed front matter": ("---\ncourse: CPOM\n\ntext\n", "does not start with front matter"),
    "broken front matter": ("---\ntitle: a: b: c\n---\n\ntext\n", "not valid YAML (line 2"),
    "front matter is a list": ("---\n- one\n---\n\ntext\n", "key: value"),
    "missing keys": ("---\ncourse: CPOM\nsection: '1.2'\n---\n\ntext\n", "lacks module, module_title, title"),
    "unquoted number": (front().replace('"1.2"', "1.2"), "must be quoted"),
    "odd module": (front().replace("module: 1\n", "module: one\n"), "whole number"),
    "other course": (front().replace("CPOM", "ABCD") + "text\n", "belongs to the course ABCD"),
    "duplicate number": (front("1.1") + "text\n", "already stands in cpom/1.1.md"),
    "no text": (front(), "no text after its front matter"),
    "source outside": (front(more="source: ../../etc/passwd\n") + "text\n", "leads out of the corpus"),
    "absolute source": (front(more="source: /etc/passwd\n") + "text\n", "leads out of the corpus"),
    "image outside": (front() + "![x](../../secret.png)\n\ntext\n", "leads out of the corpus"),
    "encoded link outside": (front() + "a [x](%2e%2e/%2e%2e/secret)\n", "leads out of the corpus"),
    "file link": (front() + "a [x](file:///etc/passwd)\n", "leads out of the corpus"),
    "reference outside": (front() + "a [x][1]\n\n[1]: ../../secret\n", "leads out of the corpus"),
    "unclosed box": (front() + "::: callout A\n\ntext\n", "never closed"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSALS)
def test_a_bad_section_is_refused_by_name_and_the_rest_goes_in(small: Path, case: str) -> None:
    content, reason = REFUSALS[case]
    write(small / "cpom" / "bad.md", content)
    found = load_corpus(small)
    ((file, said),) = found.refused
    assert file == "cpom/bad.md"
    assert reason in said
    assert [loaded.section.number for loaded in found.sections] == ["1.1"]


def test_links_out_of_the_corpus_are_refused_and_links_inside_are_not(small: Path, tmp_path: Path) -> None:
    write(tmp_path / "outside.md", front("1.3") + "text\n")
    (tmp_path / "folder").mkdir()
    write(tmp_path / "folder" / "1.5.md", front("1.5") + "text\n")
    (small / "linked.md").symlink_to(tmp_path / "outside.md")
    (small / "linked").symlink_to(tmp_path / "folder")
    write(small / "1.4.md", front("1.4", "source: source/notes.md\n") + "[a](cpom/1.1.md) [b](https://x.org)\n")
    found = load_corpus(small)
    assert {file for file, _ in found.refused} == {"linked", "linked.md"}
    assert all("outside the corpus folder" in reason for _, reason in found.refused)
    assert [loaded.section.number for loaded in found.sections] == ["1.1", "1.4"]


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("course.yaml", "code: [", "not valid YAML"),
        ("course.yaml", "- a\n", "needs “code:” and “title:”"),
        ("course.yaml", "code: C\ntitle: T\nmodules: 3\n", "must be a list"),
        ("course.yaml", "code: C\ntitle: T\nmodules: [{sections: [{number: 1.1}]}]\n", "put quotes"),
        ("glossary.yaml", "a: b: c\n", "not valid YAML"),
        ("glossary.yaml", "term: x\n", "must be a list of entries"),
        ("glossary.yaml", "- term: a\n  means: b\n- term: yes\n  means: c\n", "entry 2 .*in quotes"),
        ("glossary.yaml", "- {term: a, means: b, kind: odd}\n", "entry 1 .*kind 'odd'"),
        ("glossary.yaml", "- {term: a, means: b, also: c}\n", "entry 1 .*needs a list"),
        ("glossary.yaml", b"- term: \xff\n", "not UTF-8"),
    ],
)
def test_bad_course_files_are_named_and_the_sections_go_in(
    small: Path, name: str, content: str | bytes, reason: str
) -> None:
    write(small / name, content)
    found = load_corpus(small)
    ((file, said),) = found.refused
    assert file == name
    assert re.search(reason, said)
    assert len(found.sections) == 1


def test_other_document_formats_are_refused_with_the_remedy(small: Path) -> None:
    write(small / "1.2.docx", b"PK")
    assert "save it as Markdown" in dict(load_corpus(small).refused)["1.2.docx"]


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(small: Path) -> None:
    before = load_corpus(small)
    file = small / "cpom" / "1.1.md"
    write(file, b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n"))
    assert load_corpus(small).sections == before.sections


def test_sections_follow_the_order_of_the_course_and_then_their_numbers(small: Path) -> None:
    for number in ("1.10", "1.9", "2.1"):
        write(small / f"{number}.md", front(number) + "text\n")
    assert [each.section.number for each in load_corpus(small).sections] == ["1.1", "1.9", "1.10", "2.1"]
    write(small / "course.yaml", 'code: CPOM\ntitle: T\nmodules: [{sections: [{number: "2.1"}]}]\n')
    assert [each.section.number for each in load_corpus(small).sections] == ["2.1", "1.1", "1.9", "1.10"]


def test_no_corpus_and_an_empty_corpus_are_bad_input(tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(BadInput, match="no corpus folder"):
        ingest(tmp_path / "nowhere", settings)
    (tmp_path / "bare").mkdir()
    with pytest.raises(BadInput, match="No section file"):
        ingest(tmp_path / "bare", settings)


def test_a_corpus_of_refused_files_leaves_the_index_in_service(small: Path, settings: Settings) -> None:
    good = ingest(small, settings)
    write(small / "cpom" / "1.1.md", "")
    report = ingest(small, settings)
    assert (report.built, len(report.refused), report.fingerprint) == (False, 1, good.fingerprint)
    assert len(open_index(settings).library.sections) == 1


def test_an_unchanged_corpus_is_not_built_again_nor_is_the_embedder_loaded(
    index_home: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise EmbedderUnavailable("loaded")

    monkeypatch.setattr(SentenceTransformerEmbedder, "_load", fail)
    began = time.process_time()  # a busy machine makes nothing slower here
    report = ingest(corpus, Settings(index_home))
    assert time.process_time() - began < 3
    assert (report.built, report.added, report.removed, report.embedded) == (False, 0, 0, 0)
    assert report.unchanged == len(load_corpus(corpus).library().passages)


def test_one_changed_sentence_is_all_that_is_embedded(
    lean_home: Path, lean_corpus: Path, tmp_path: Path, embedder: SentenceTransformerEmbedder
) -> None:
    edited = shutil.copytree(lean_corpus, tmp_path / "corpus")
    home = shutil.copytree(lean_home, tmp_path / "home")
    before = open_index(Settings(home), embedder).library  # the reader itself would follow
    file = edited / "cpom" / "1.1-overview.md"
    text = file.read_text(encoding="utf-8")
    assert text.count("These certifications are vital, and") == 1
    file.write_text(text.replace("These certifications are vital, and", "They matter, and"), encoding="utf-8")

    report = ingest(edited, Settings(home), embedder=embedder)

    total = len(before.passages)
    assert (report.added, report.removed, report.unchanged) == (1, 1, total - 1)
    assert report.embedded == 2  # the sentence, and the passage it stands in
    after = open_index(Settings(home), embedder)
    old_ids, new_ids = ({passage.id for passage in each.passages} for each in (before, after.library))
    (left,), (came,) = old_ids - new_ids, new_ids - old_ids
    assert after.library.retired == {left: came}
    with pytest.raises(NotFound):
        after.library.passage(left)
    hit = after.search("They matter and elevated the profession", 1)[0]
    assert hit.passage.id == came

    # The first wording returns: its id is no longer retired, the other one is.
    report = ingest(lean_corpus, Settings(home), embedder=embedder)
    assert report.embedded == 2
    assert open_index(Settings(home), embedder).library.retired == {came: left}


def test_a_copied_vector_is_the_vector_that_would_be_computed(small: Path, settings: Settings) -> None:
    ingest(small, settings)
    write(small / "cpom" / "1.2.md", front("1.2") + "Something new.\n")
    assert ingest(small, settings).embedded == 2
    copied = open_index(settings).search("The first sentence", 5)
    ingest(small, settings, rebuild=True)
    computed = open_index(settings).search("The first sentence", 5)
    assert [hit.passage for hit in copied] == [hit.passage for hit in computed]
    assert [hit.score for hit in copied] == pytest.approx([hit.score for hit in computed], abs=1e-4)


def test_successors_are_followed_through_several_edits(small: Path, settings: Settings) -> None:
    file = small / "cpom" / "1.1.md"
    wordings = ["Another paragraph stays.", "Another paragraph stayed.", "Another long paragraph stayed."]
    ids = []
    for old, new in zip(["", *wordings], wordings, strict=False):
        if old:
            write(file, file.read_text().replace(old, new))
        ingest(small, settings)
        library = open_index(settings).library
        ids.append(next(passage.id for passage in library.passages if passage.text == new))
    assert library.retired == {ids[0]: ids[2], ids[1]: ids[2]}
    write(file, file.read_text().replace(wordings[-1], ""))
    ingest(small, settings)
    assert open_index(settings).library.retired == dict.fromkeys(ids, "")


def test_check_writes_nothing(small: Path, settings: Settings) -> None:
    report = ingest(small, settings, check_only=True)
    assert (report.added, report.built) == (2, False)
    assert not settings.home.exists()


def test_only_the_current_version_and_the_one_before_are_kept(small: Path, settings: Settings) -> None:
    place = FolderPlace(settings.index_folder)
    for _ in range(4):
        ingest(small, settings, rebuild=True)
        pointer = place.pointer()
        assert pointer
        assert set(place.versions()) == {name for name in (pointer.version, pointer.previous) if name}
    assert len(place.versions()) == 2


def test_a_second_writer_is_told_to_wait(small: Path, settings: Settings) -> None:
    settings.home.mkdir()
    program = (
        "import sys, filelock\n"
        "with filelock.FileLock(sys.argv[1]):\n"
        "    print('held', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    lock = settings.home / "ingest.lock"
    with subprocess.Popen(
        [sys.executable, "-c", program, str(lock)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        assert holder.stdout
        assert holder.stdout.readline().strip() == b"held"
        with pytest.raises(IndexBusy, match="wait for it to end"):
            ingest(small, settings)
        assert holder.stdin
        holder.stdin.close()
    with FileLock(lock, timeout=5):
        pass
    assert ingest(small, settings).built


def test_a_home_that_cannot_be_written_is_bad_input(small: Path, tmp_path: Path, tiny_embedder: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match="CPOM_TUTOR_HOME"):
        ingest(small, Settings(tmp_path / "file" / "home", embedder=tiny_embedder))


def test_a_full_disk_is_said_and_leaves_the_index(
    small: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest(small, settings)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ingest.pipeline.write_version", full)
    with pytest.raises(BadInput, match=r"No space left on device.*check that there is space"):
        ingest(small, settings, rebuild=True)
    assert open_index(settings).search("sentence")


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    monkeypatch.setenv("CPOM_TUTOR_HOME", str(settings.home))
    monkeypatch.setenv("CPOM_TUTOR_EMBEDDER", settings.embedder)


@pytest.mark.usefixtures("environment")
def test_the_command_reports_json_alone_on_standard_output(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--corpus", str(small), "--json"]) == 0
    output = capsys.readouterr()
    report = json.loads(output.out)
    assert (report["added"], report["built"], report["refused"]) == (2, True, [])
    assert "Checking the new index version" in output.err
    assert command.main(["--corpus", str(small), "--quiet-when-unchanged"]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.usefixtures("environment")
def test_the_commands_exit_codes(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(small / "bad.md", "")
    assert command.main(["--corpus", str(small)]) == 1
    assert "Refused bad.md: it is empty" in capsys.readouterr().err
    assert command.main(["--corpus", str(small / "nowhere")]) == 2
    assert "python -m ingest --corpus FOLDER" in capsys.readouterr().err
    with pytest.raises(SystemExit) as stopped:
        command.main(["--no-such-option"])
    assert stopped.value.code == 2


@pytest.mark.usefixtures("environment")
def test_an_interrupt_stops_with_one_line_and_leaves_the_index(
    small: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command.main(["--corpus", str(small)])
    capsys.readouterr()

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ingest.pipeline.verify_version", interrupt)
    assert command.main(["--corpus", str(small), "--rebuild"]) == 130
    assert capsys.readouterr().err.splitlines()[-1] == "Stopped; the index in service is as it was."
    assert len(FolderPlace(settings.index_folder).versions()) == 1
    assert open_index(settings).search("sentence")
