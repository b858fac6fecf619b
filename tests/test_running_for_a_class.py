"""What docs/running-for-a-class.md tells to type, typed: the page's own blocks, with this machine's paths in them."""

import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from cpom_tutor.accounts import Role
from cpom_tutor.config import Settings
from cpom_tutor.records import open_records
from cpom_tutor.records.database import read_url
from cpom_tutor.ui.doors import entrance, warning
from evals.served import Browser, running
from tests.acknowledged import assert_kept, assert_whole, writing
from tests.postgresql_server import PostgreSQL, program

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "running-for-a-class.md"
PASSWORD = "correct horse"
COPIES, DATA = "/var/backups/cpom-tutor", "/var/lib/cpom-tutor"


def block(language: str, holding: str) -> str:
    """The block of the page in that language that holds these words."""
    found = re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    (one,) = [each for each in found if holding in each]
    return str(one)


def renamed(words: str, **names: object) -> str:
    for name, meant in names.items():
        assert name in words
        words = words.replace(name, str(meant))
    return words


def typed(script: str) -> None:
    done = subprocess.run(["bash", "-euc", script], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


needs_sqlite3 = pytest.mark.skipif(not shutil.which("sqlite3"), reason="The page's sqlite3 is not installed.")
needs_nginx = pytest.mark.skipif(not (shutil.which("nginx") and shutil.which("openssl")), reason="There is no nginx.")
needs_systemd = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="There is no systemd.")


def test_the_warning_of_a_bare_address_names_this_page() -> None:
    said = warning("0.0.0.0", entrance("0.0.0.0", insecure=False, accounts=True))
    (named,) = re.findall(r"docs/[\w-]+\.md", said)
    assert ROOT / named == PAGE


@needs_sqlite3
def test_a_copy_made_while_the_tutor_writes_can_be_restored(tmp_path: Path) -> None:
    here, there, copies = Settings(tmp_path / "data"), tmp_path / "restored", tmp_path / "copies"
    with closing(open_records(here)) as records:
        learner = records.add_learner()
    with writing(here, learner) as writer:
        writer.wait_for(20)
        before = writer.told()
        backup = block("bash", "VACUUM INTO")
        typed(renamed(backup, **{COPIES: copies, DATA: here.home}))
        assert writer.process.poll() is None, "the copy stopped the writer"
    with closing(open_records(Settings(there))) as other:
        other.add_learner()
    restore = block("bash", "systemctl stop").replace("systemctl", "true systemctl").replace("-o cpom-tutor ", "")
    typed(renamed(restore, **{COPIES: copies, DATA: there}))
    assert (there / "records.sqlite").stat().st_mode & 0o077 == 0
    with closing(open_records(Settings(there))) as records:
        assert_kept(records, learner, before)
        assert records.add_account("after", PASSWORD, role=Role.LEARNER)
    assert_whole(Settings(there))


def test_a_folder_copied_while_nothing_runs_opens_again(tmp_path: Path) -> None:
    here = Settings(tmp_path / "data")
    with closing(open_records(here)) as records:
        learner = records.add_learner()
    with writing(here, learner) as writer:  # killed: the last writes stand in the log beside the file
        writer.wait_for(5)
    there = replace(here, home=Path(shutil.copytree(here.home, tmp_path / "copy")))
    with closing(open_records(there)) as records:
        assert_kept(records, learner, writer.told())
    assert_whole(there)


def test_a_dump_made_while_the_tutor_writes_can_be_restored(tmp_path: Path, postgresql: PostgreSQL) -> None:
    here = Settings(tmp_path, database_url=postgresql.new_database())
    there = Settings(tmp_path, database_url=postgresql.new_database())
    dump, restore = block("bash", "pg_dump").splitlines()

    def with_own_names(command: str, settings: Settings) -> str:
        url = read_url(str(settings.database_url)).set(drivername="postgresql").render_as_string(hide_password=False)
        name = command.split(" ")[0]
        url = f"'{url}'"
        return renamed(command, **{"postgresql://tutor@HOST/tutor": url, COPIES: tmp_path, name: program(name)})

    with closing(open_records(here)) as records:
        learner = records.add_learner()
    with writing(here, learner) as writer:
        writer.wait_for(20)
        before = writer.told()
        typed(with_own_names(dump, here))
        assert writer.process.poll() is None, "the dump stopped the writer"
    with closing(open_records(there)) as other:
        other.add_learner()
    typed(with_own_names(restore, there))
    with closing(open_records(there)) as records:
        assert_kept(records, learner, before)
    assert_whole(there)


@needs_systemd
def test_the_unit_is_one_that_systemd_understands(tmp_path: Path) -> None:
    unit = tmp_path / "cpom-tutor.service"
    installed = Path(sys.executable).with_name("cpom-tutor")
    words = block("systemd", "ExecStart=").replace("/opt/cpom-tutor/.venv/bin", str(installed.parent))
    unit.write_text(words, encoding="utf-8")
    done = subprocess.run(["systemd-analyze", "verify", str(unit)], capture_output=True, text=True)
    about = [line for line in done.stderr.splitlines() if unit.name in line]
    assert (done.returncode, about) == (0, [])


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def nginx(folder: Path, port: int, plain: int, app: str) -> Iterator[Path]:
    """nginx with the page's own server blocks; gives its certificate."""
    certificate, key = folder / "tutor.pem", folder / "tutor.key"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate,
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
        check=True, capture_output=True,
    )  # fmt: skip
    servers = renamed(
        block("nginx", "proxy_pass"),
        **{
            "listen 80": f"listen 127.0.0.1:{plain}", "listen 443": f"listen 127.0.0.1:{port}",
            "tutor.example.org": "localhost", "http://127.0.0.1:7860": app,
            "/etc/ssl/certs/tutor.pem": certificate, "/etc/ssl/private/tutor.key": key,
        },
    )  # fmt: skip
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    paths = "".join(f"{kind}_temp_path {folder / kind};\n" for kind in kinds)
    configuration = folder / "nginx.conf"
    configuration.write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/errors;\nevents {{}}\n"
        f"http {{ access_log {folder}/asked;\n{paths}{servers} }}\n",
        encoding="utf-8",
    )
    with subprocess.Popen(["nginx", "-p", folder, "-e", folder / "errors", "-c", configuration]) as server:
        try:
            _wait_for(port)
            yield certificate
        finally:
            server.terminate()


def _wait_for(port: int) -> None:
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("nginx does not listen")


@needs_nginx
def test_learners_study_through_the_pages_nginx(lean_home: Path, tmp_path: Path) -> None:
    port, plain = free_port(), free_port()
    home = Path(shutil.copytree(lean_home, tmp_path / "home"))
    settings = Settings(home, public_url=f"https://localhost:{port}")
    with closing(open_records(settings)) as records:
        learner = records.add_account("ada", PASSWORD, role=Role.LEARNER).learner
    with running(settings) as app, nginx(tmp_path, port, plain, app.url) as certificate:
        browser = Browser(str(settings.public_url), "ada", PASSWORD, certificate=certificate)
        assert "<article" in browser.ask("What is a CSC?")
        assert all(cookie.secure for cookie in browser.cookies)
        began = time.perf_counter()
        browser.ask("Why was the CPOM created?")
        assert browser.arriving > (time.perf_counter() - began) / 2, "nginx held the events back"
    with closing(open_records(settings)) as records:
        kept = records.turns(learner, records.conversations(learner)[0].id)
    assert [turn.question for turn in kept] == ["What is a CSC?", "Why was the CPOM created?"]
