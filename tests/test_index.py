"""An index that is missing, damaged or made by another embedder says so, and how to mend it."""

import json
import logging
import os
import resource
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import chromadb
import pytest

from cpom_tutor.config import Settings
from cpom_tutor.errors import IndexDamaged, IndexMismatch, IndexMissing, TutorError
from cpom_tutor.library import Library
from cpom_tutor.retrieval import contents, retriever
from cpom_tutor.retrieval.contents import FORMAT
from cpom_tutor.retrieval.embedder import SentenceTransformerEmbedder
from cpom_tutor.retrieval.places import FolderPlace, Pointer, ServerPlace
from cpom_tutor.retrieval.retriever import open_index
from ingest.load import load_corpus
from ingest.pipeline import ingest


@pytest.fixture
def home(lean_home: Path, tmp_path: Path) -> Path:
    """A copy of an index of the real course, to be damaged."""
    return shutil.copytree(lean_home, tmp_path / "home")


def version_folder(home: Path) -> Path:
    (folder,) = (home / "index").glob("v-*")
    return folder


def overwrite_middle(path: Path) -> None:
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 3)
        file.write(os.urandom(size // 3))


def remove_vectors(folder: Path) -> None:
    for inner in folder.iterdir():
        if inner.is_dir():
            shutil.rmtree(inner)


def delete_a_vector(folder: Path, kind: str = "sentences") -> None:
    with chromadb.PersistentClient(folder) as client:  # type: ignore[attr-defined]
        collection = client.get_collection(f"cpom-tutor-{folder.name}-{kind}", embedding_function=None)
        collection.delete(ids=collection.get(limit=1)["ids"])


def delete_the_probes(folder: Path) -> None:
    with chromadb.PersistentClient(folder) as client:  # type: ignore[attr-defined]
        client.delete_collection(f"cpom-tutor-{folder.name}-probes")


def change_a_document(folder: Path) -> None:
    with chromadb.PersistentClient(folder) as client:  # type: ignore[attr-defined]
        collection = client.get_collection(f"cpom-tutor-{folder.name}-contents", embedding_function=None)
        collection.update(ids=["section:1.1"], embeddings=[[1.0]], documents=["{}"])


DAMAGE: dict[str, Callable[[Path], object]] = {
    "pointer garbled": lambda folder: (folder.parent / "current.json").write_text("{"),
    "pointer to nowhere": lambda folder: (folder.parent / "current.json").write_text(Pointer("v-000009-x").to_json()),
    "version removed": shutil.rmtree,
    "database removed": lambda folder: (folder / "chroma.sqlite3").unlink(),
    "database emptied": lambda folder: (folder / "chroma.sqlite3").write_bytes(b""),
    "database cut short": lambda folder: os.truncate(folder / "chroma.sqlite3", 50_000),
    "database overwritten": lambda folder: overwrite_middle(folder / "chroma.sqlite3"),
    "a vector deleted": delete_a_vector,
    "a probe's vector deleted": lambda folder: delete_a_vector(folder, "probes"),
    "all probes' vectors deleted": delete_the_probes,
    "a document changed": change_a_document,
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_index_says_so_and_ingest_mends_it(
    home: Path, lean_corpus: Path, embedder: SentenceTransformerEmbedder, damage: str
) -> None:
    DAMAGE[damage](version_folder(home))
    with pytest.raises(IndexDamaged, match=r"; run: python -m ingest --rebuild$") as raised:
        open_index(Settings(home), embedder)
    assert "\n" not in str(raised.value)
    lines: list[str] = []
    assert ingest(lean_corpus, Settings(home), embedder=embedder, progress=lines.append).built
    assert any("building a new one" in line for line in lines)
    assert open_index(Settings(home), embedder).search("what is a CSC")


def overwrite_vectors(folder: Path) -> None:
    for file in folder.glob("*/*.bin"):
        overwrite_middle(file)


@pytest.mark.parametrize("damage", [remove_vectors, overwrite_vectors])
def test_a_small_index_is_found_damaged_or_answers_rightly_without_its_vector_files(
    home: Path, embedder: SentenceTransformerEmbedder, damage: Callable[[Path], None]
) -> None:
    damage(version_folder(home))
    try:
        opened = open_index(Settings(home), embedder)
    except IndexDamaged:
        return
    # Chroma still has so few vectors in its log, and reads them from there.
    assert opened.search("what is a CSC", 1)[0].passage.name.startswith("Consolidated")


@pytest.mark.parametrize("damage", [remove_vectors, overwrite_vectors])
def test_a_large_index_without_its_vector_files_is_found_damaged(
    large_home: Path, tiny_embedder: str, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    settings = Settings(shutil.copytree(large_home, tmp_path / "home"), embedder=tiny_embedder)
    assert open_index(settings).search("pharmacy 7")
    copy = replace(settings, home=shutil.copytree(large_home, tmp_path / "copy"))
    damage(version_folder(copy.home))
    with pytest.raises(IndexDamaged, match=r"; run: python -m ingest --rebuild$"):
        open_index(copy)


@pytest.fixture(scope="module")
def large_home(tmp_path_factory: pytest.TempPathFactory, tiny_embedder: str) -> Path:
    """An index of more vectors than Chroma keeps in its log."""
    folder = tmp_path_factory.mktemp("large")
    front = '---\ncourse: CPOM\nmodule: 1\nmodule_title: M\nsection: "1.1"\ntitle: T\n---\n\n'
    paragraphs = [f"Paragraph {number} of the pharmacy." for number in range(1200)]
    (folder / "course.yaml").write_text("code: CPOM\ntitle: T\n")
    (folder / "1.1.md").write_text(front + "\n\n".join(paragraphs) + "\n")
    home = tmp_path_factory.mktemp("large-home")
    assert ingest(folder, Settings(home, embedder=tiny_embedder)).built
    return home


def test_no_index_yet_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="python -m ingest"):
        open_index(Settings(tmp_path))


def test_another_embedder_is_refused_and_ingest_mends_it(home: Path, lean_corpus: Path, tiny_embedder: str) -> None:
    settings = Settings(home, embedder=tiny_embedder)
    with pytest.raises(IndexMismatch, match=r"all-MiniLM-L6-v2, not tiny@.*python -m ingest"):
        open_index(settings)
    assert ingest(lean_corpus, settings).built
    assert open_index(settings).search("pharmacy")


def test_another_format_is_refused(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "FORMAT", "next")
    with pytest.raises(IndexMismatch, match=rf"format {FORMAT}, this version reads next; run: python -m ingest"):
        open_index(Settings(home))


def test_an_index_of_the_first_format_is_refused_and_ingest_mends_it(
    home: Path, lean_corpus: Path, embedder: SentenceTransformerEmbedder
) -> None:
    folder = version_folder(home)
    with chromadb.PersistentClient(folder) as client:  # type: ignore[attr-defined]
        found = client.get_collection(f"cpom-tutor-{folder.name}-contents", embedding_function=None)
        manifest = json.loads(found.get(ids=["manifest"])["documents"][0])
        older = {key: manifest[key] for key in manifest if key not in ("probe_vectors",)}
        found.update(ids=["manifest"], embeddings=[[1.0]], documents=[json.dumps({**older, "format": "1"})])
        client.delete_collection(f"cpom-tutor-{folder.name}-probes")
    with pytest.raises(IndexMismatch, match=rf"format 1, this version reads {FORMAT}; run: python -m ingest"):
        open_index(Settings(home), embedder)
    assert ingest(lean_corpus, Settings(home), embedder=embedder).built
    assert open_index(Settings(home), embedder).akin("what is the opening line")


def test_opening_does_not_load_the_embedder_and_is_quick(index_home: Path) -> None:
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from cpom_tutor.config import Settings\n"
        "from cpom_tutor.retrieval.retriever import open_index\n"
        "assert open_index(Settings(Path(sys.argv[1]))).library.passages\n"
        "assert 'torch' not in sys.modules and 'sentence_transformers' not in sys.modules\n"
    )
    began = _seconds_of_children()
    done = subprocess.run([sys.executable, "-c", program, str(index_home)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert _seconds_of_children() - began < 5  # about 1 s of work; a busy machine adds none


def _seconds_of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_the_index_gives_back_the_very_library_that_was_ingested(library: Library, corpus: Path) -> None:
    loaded = load_corpus(corpus).library(library.fingerprint)
    assert replace(library) == replace(loaded)
    assert len(library.glossary) > 100


@pytest.fixture
def edited(lean_corpus: Path, tmp_path: Path) -> Path:
    """The course with another sentence in it."""
    folder = shutil.copytree(lean_corpus, tmp_path / "edited")
    file = folder / "cpom" / "1.1-overview.md"
    text = file.read_text(encoding="utf-8")
    file.write_text(text + "\nZebras graze on the savannah.\n", encoding="utf-8")
    return folder


def test_a_reader_follows_a_new_version_while_serving(
    home: Path, edited: Path, embedder: SentenceTransformerEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = open_index(Settings(home), embedder)
    before = reader.fingerprint
    assert "Zebras" not in reader.search("zebras on the savannah", 1)[0].passage.text
    ingest(edited, Settings(home), embedder=embedder)
    assert reader.fingerprint == before  # it has not looked yet: looks are at most one a second
    monkeypatch.setattr(retriever, "LOOK_EVERY", 0.0)
    hit = reader.search("zebras on the savannah", 1)[0]
    assert "Zebras" in hit.passage.text
    assert reader.fingerprint != before
    assert hit.passage.id in reader.library


def test_a_reader_keeps_its_version_when_the_new_one_is_of_no_use(
    home: Path, lean_corpus: Path, embedder: SentenceTransformerEmbedder, tiny_embedder: str,
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    monkeypatch.setattr(retriever, "LOOK_EVERY", 0.0)
    reader = open_index(Settings(home), embedder)
    ingest(lean_corpus, Settings(home, embedder=tiny_embedder))
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            assert reader.search("what is a CSC", 1)[0].passage.name.startswith("Consolidated")
    said = [record for record in caplog.records if record.name.startswith("cpom_tutor")]
    assert len(said) == 1  # once, and not at every search


def test_a_version_that_nobody_holds_releases_its_database(
    home: Path, lean_corpus: Path, embedder: SentenceTransformerEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retriever, "LOOK_EVERY", 0.0)
    reader = open_index(Settings(home), embedder)
    old = version_folder(home)
    reader.search("pharmacy")
    ingest(lean_corpus, Settings(home), embedder=embedder, rebuild=True)
    reader.search("pharmacy")
    open_files = [link.readlink() for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    assert not [file for file in open_files if file.is_relative_to(old)]


# --- a Chroma server ---


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a real Chroma server."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("server")
    command: list[str | Path] = [Path(sys.executable).with_name("chroma"), "run", "--path", folder, "--port", f"{port}"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder) as process:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
        process.terminate()


def test_a_server_gives_the_same_answers_as_a_folder(
    server: str, lean_corpus: Path, lean_home: Path, edited: Path, tmp_path: Path,
    embedder: SentenceTransformerEmbedder, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    settings = Settings(tmp_path / "home", chroma_url=server)
    with pytest.raises(IndexMissing, match="python -m ingest"):
        open_index(settings, embedder)
    assert ingest(lean_corpus, settings, embedder=embedder).built
    assert not ingest(lean_corpus, settings, embedder=embedder).built
    remote, local = open_index(settings, embedder), open_index(Settings(lean_home), embedder)
    assert remote.library == local.library
    for query in ("what is a CSC", "which domain has carousels", "why isn't a great clinician enough"):
        ours, theirs = remote.search(query), local.search(query)
        assert [near.probe for near in remote.akin(query)] == [near.probe for near in local.akin(query)]
        assert [hit.passage.id for hit in ours] == [hit.passage.id for hit in theirs]
        assert [hit.score for hit in ours] == pytest.approx([hit.score for hit in theirs], abs=1e-3)

    monkeypatch.setattr("cpom_tutor.retrieval.retriever.LOOK_EVERY", 0.0)
    report = ingest(edited, settings, embedder=embedder)
    assert (report.added, report.embedded) == (1, 2)
    assert "Zebras" in remote.search("zebras on the savannah", 1)[0].passage.text
    ingest(lean_corpus, settings, embedder=embedder)
    assert len(ServerPlace(server).versions()) == 2


def test_a_server_that_is_not_there_is_said_at_once(tmp_path: Path) -> None:
    began = time.monotonic()
    with pytest.raises(IndexMissing, match="does not answer; start it"):
        open_index(Settings(tmp_path, chroma_url="http://127.0.0.1:9"))
    assert time.monotonic() - began < 5


def test_a_pointer_is_read_back_and_garbage_is_refused(tmp_path: Path) -> None:
    place = FolderPlace(tmp_path)
    assert place.pointer() is None
    (tmp_path / "v-000001-x").mkdir()
    place.publish(Pointer("v-000001-x", "v-000000-y"))
    assert place.pointer() == Pointer("v-000001-x", "v-000000-y")
    for garbage in ("", "[]", '{"version": 3}', "\x00\x00"):
        (tmp_path / "current.json").write_text(garbage)
        with pytest.raises(TutorError):
            place.pointer()
