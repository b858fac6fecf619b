"""What can go wrong with a language model: each ends in an answer and one clear sentence, and no key is told."""

import logging
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from cpom_tutor.answers import Answer
from cpom_tutor.cli import main
from cpom_tutor.config import Settings, load_settings
from cpom_tutor.errors import BadInput
from cpom_tutor.generation.chat_model.calling import HEARTBEAT_SECONDS, Budget
from cpom_tutor.generation.chat_model.chat_model import ChatModel
from cpom_tutor.generation.chat_model.opening import open_model
from cpom_tutor.interchange import turn_to_record
from cpom_tutor.testing_model import KEY, Asked, Scripted, ScriptedModel, keyed, scripted_model
from cpom_tutor.tutor import Tutor
from cpom_tutor.wiring import open_application

QUESTION = "What is a CSC?"
OURS = "; this answer is made of the course’s own sentences."


@pytest.fixture(scope="module")
def model() -> Iterator[ScriptedModel]:
    with scripted_model() as server:
        yield server


@pytest.fixture(scope="module")
def settings(index_home: Path, model: ScriptedModel) -> Settings:
    return Settings(index_home, model="openai:tiny", model_url=model.url, model_key=KEY, model_seconds=4)


@pytest.fixture(scope="module")
def tutor(settings: Settings) -> Tutor:
    """A tutor whose model is asked each time, whatever happened the time before."""
    model = ChatModel(open_model(settings), Budget(settings.model_seconds, settings.model_tokens), rest=0)
    application = open_application(settings)
    application.warm_up()
    return replace(application.tutor, explainer=model)


@pytest.mark.parametrize(
    ("reply", "said", "tries"),
    [
        (Scripted(status=401), "does not accept the key (HTTP 401)", 1),
        (Scripted(status=403), "does not accept the key (HTTP 403)", 1),
        (Scripted(status=404), "openai:tiny is not known at 127.0.0.1", 1),
        (Scripted(status=400), "refuses the request (HTTP 400)", 1),
        (Scripted(status=429), "too busy, or the quota is used up (HTTP 429)", 3),
        (Scripted(status=500), "has a fault of its own (HTTP 500)", 3),
        (Scripted("A CSC is", lost_after=0), "the connection was lost", 3),
        (Scripted("A CSC is a hub that", size=4, lost_after=3), "the connection was lost", 1),
        (Scripted(garbled="data: {not json\n\n"), "sent what cannot be read", 1),
        (Scripted("word " * 500, size=1, pause=0.2), "took longer than 4 seconds", 1),
        (Scripted("late", pause=30), "took longer than 4 seconds", 1),
    ],
    ids=["401", "403", "404", "400", "429", "500", "lost", "lost-midway", "garbled", "drip", "timeout"],
)
def test_a_fault_ends_in_an_answer_and_one_sentence_without_the_key(
    tutor: Tutor, model: ScriptedModel, reply: Scripted, said: str, tries: int, caplog: pytest.LogCaptureFixture
) -> None:
    model.says(reply)
    before, started = len(model.asked), time.perf_counter()
    with caplog.at_level(logging.DEBUG, logger="cpom_tutor"):
        turn = tutor.ask(QUESTION)
    assert isinstance(turn.reply, Answer)
    assert turn.generator == "extractive"
    assert said in turn.fallback
    assert turn.fallback.endswith(OURS)
    assert turn.fallback.count(". ") == 0
    assert len(model.asked) - before == tries
    assert time.perf_counter() - started < 4 + 16, "the time for an answer bounds all tries, on a busy machine too"
    assert KEY not in caplog.text + str(turn_to_record(turn))


def test_what_was_busy_is_asked_again(tutor: Tutor, model: ScriptedModel) -> None:
    model.says(Scripted(status=503), Scripted("NOT ANSWERED"))
    before = len(model.asked)
    assert "nothing that the course supports" in tutor.ask(QUESTION).fallback
    assert len(model.asked) - before == 2


def test_a_model_that_does_not_answer_is_left_alone_for_a_while(
    settings: Settings, tutor: Tutor, model: ScriptedModel
) -> None:
    resting = replace(tutor, explainer=ChatModel(open_model(settings), Budget(4, 800), rest=1.5))
    model.says(Scripted(status=401))
    before = len(model.asked)
    said = {resting.ask(QUESTION).fallback for _ in range(2)}
    assert len(said) == 1
    assert len(model.asked) - before == 1
    time.sleep(1.6)
    resting.ask(QUESTION)
    assert len(model.asked) - before == 2


def test_a_server_that_is_not_there_is_named(settings: Settings) -> None:
    tutor = open_application(replace(settings, model_url="http://127.0.0.1:9/v1")).tutor
    assert "openai:tiny could not be reached at 127.0.0.1:9" in tutor.ask(QUESTION).fallback


def test_whole_sentences_before_the_line_broke_are_still_shown(tutor: Tutor, model: ScriptedModel) -> None:
    def broken(asked: Asked) -> Scripted:
        key, words = keyed(asked)[0]
        text = f"{words.split('. ')[0].rstrip('.')}. [{key}]\nThe rest is"
        return Scripted(text, size=len(text) - 4, lost_after=1)

    model.script = broken
    turn = tutor.ask("Why is being a great clinician not enough?")
    assert isinstance(turn.reply, Answer)
    assert "The rest" not in str(turn.reply)
    assert turn.generator == "openai:tiny"


def test_a_silent_model_is_noticed_several_times_a_second(tutor: Tutor, model: ScriptedModel) -> None:
    model.says(Scripted("late", pause=1.5))
    empty = [step for step in tutor.stream(QUESTION) if not (step.note or step.partial or step.turn)]
    assert len(empty) >= 1.5 / HEARTBEAT_SECONDS / 3


# --- opening -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("some-model", "which does not say whose model it is"),
        ("nobody:some-model", "which does not say whose model it is"),
        ("cohere:command", "pip install 'langchain-cohere'"),
        ("openai:gpt-4o-mini", "there is no key for it; set CPOM_TUTOR_MODEL_KEY"),
    ],
)
def test_a_model_that_cannot_be_opened_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, said: str
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(BadInput) as raised:
        open_model(Settings(tmp_path, model=name))
    assert said in str(raised.value)
    assert name in str(raised.value)


def test_without_the_packages_the_command_that_brings_them_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "langchain.chat_models", None)
    with pytest.raises(BadInput, match=r"pip install 'cpom-tutor\[model\]'"):
        open_model(Settings(tmp_path, model="openai:x"))


def test_the_key_of_another_provider_is_not_sent_to_an_address_of_ones_own(
    settings: Settings, model: ScriptedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-openai")
    tutor = open_application(replace(settings, model_key=None)).tutor
    model.says(Scripted("NOT ANSWERED"))
    tutor.ask(QUESTION)
    assert model.asked[-1].key == "none"


@pytest.mark.parametrize(
    ("url", "leaves"),
    [("http://127.0.0.1:8000/v1", False), ("http://localhost:1/v1", False), ("https://models.example.org/v1", True)],
)
def test_what_leaves_the_machine_is_said_with_the_host(tmp_path: Path, url: str, leaves: bool) -> None:
    model = open_model(Settings(tmp_path, model="openai:tiny", model_url=url))
    assert model.here is not leaves
    assert ("models.example.org" in model.leaves) is leaves
    assert bool(model.leaves) is leaves


def test_tracing_that_the_environment_switches_on_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("langsmith.utils.tracing_is_enabled", lambda: True)
    model = open_model(Settings(tmp_path, model="openai:tiny", model_url="http://127.0.0.1:8000/v1"))
    assert "LangSmith" in model.leaves


# --- settings and doctor -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MODEL_URL", "localhost:8000"),
        ("MODEL_URL", "https://user:secret-word@models.example.org/v1"),
        ("MODEL_SECONDS", "soon"),
        ("MODEL_TOKENS", "-1"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_and_its_secret_is_not(name: str, value: str) -> None:
    with pytest.raises(BadInput) as raised:
        load_settings({f"CPOM_TUTOR_{name}": value})
    assert f"CPOM_TUTOR_{name}" in str(raised.value)
    assert "secret-word" not in str(raised.value)


def test_the_settings_do_not_show_the_key(settings: Settings) -> None:
    assert KEY not in repr(settings)


@pytest.fixture
def configured(settings: Settings, model: ScriptedModel, monkeypatch: pytest.MonkeyPatch) -> ScriptedModel:
    for name, value in {
        "HOME": str(settings.home), "MODEL": "openai:tiny", "MODEL_URL": model.url, "MODEL_KEY": KEY,
    }.items():  # fmt: skip
        monkeypatch.setenv(f"CPOM_TUTOR_{name}", value)
    return model


def test_the_doctor_asks_the_model_once_and_says_what_it_costs(
    configured: ScriptedModel, capsys: pytest.CaptureFixture[str]
) -> None:
    configured.says(Scripted("Yes."))
    before = len(configured.asked)
    assert main(["doctor"]) == 0
    said = capsys.readouterr().out
    assert len(configured.asked) - before == 1
    assert "tokens in and at most 800 out; nothing leaves this machine." in said
    assert "MODEL_KEY = (set, not shown)" in said
    assert KEY not in said


def test_the_doctor_says_that_the_key_is_refused_without_showing_it(
    configured: ScriptedModel, capsys: pytest.CaptureFixture[str]
) -> None:
    configured.says(Scripted(status=401))
    assert main(["doctor", "--json"]) == 1
    said = capsys.readouterr()
    assert "does not accept the key (HTTP 401)" in said.out
    assert KEY not in said.out + said.err


def test_the_terminal_says_why_the_model_did_not_answer(
    configured: ScriptedModel, capsys: pytest.CaptureFixture[str]
) -> None:
    configured.says(Scripted(status=401))
    assert main(["ask", QUESTION]) == 0
    said = capsys.readouterr()
    assert "(openai:tiny was not allowed to answer" in said.out
    assert KEY not in said.out + said.err
