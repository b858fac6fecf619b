"""The tutor as an MCP server: a real client starts the command and speaks to it over its standard input and output."""

import asyncio
import json
import os
import re
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped, unused-ignore]
from mcp import Client, StdioServerParameters, stdio_client
from mcp.types import CallToolResult, TextContent, Tool

from cpom_tutor.answers import Conversation, Intent, Turn
from cpom_tutor.cli import BAD_USE, DONE, build_parser, main
from cpom_tutor.errors import BadInput, TutorError
from cpom_tutor.library import Library
from cpom_tutor.mcp_server import make_server
from cpom_tutor.mcp_tools import CONVERSATIONS, Toolbox, forms
from cpom_tutor.practice.grading.grader import RubricGrader
from cpom_tutor.practice.practice import CoursePractice
from cpom_tutor.protocols import Step
from cpom_tutor.retrieval.embedder import SentenceTransformerEmbedder

README = (Path(__file__).parents[1] / "README.md").read_text("utf-8")
REPLY = json.loads((Path(__file__).parent / "ask.schema.json").read_text("utf-8"))
CSC = "What is a CSC?"
FOLLOWED = "Which purposes does the CPOM have?"


def environment(home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CPOM_TUTOR_")}
    return kept | {"CPOM_TUTOR_HOME": str(home)}


def read(result: CallToolResult) -> str:
    """The words of a result, which are all in one piece."""
    (piece,) = result.content
    assert isinstance(piece, TextContent)
    return piece.text


def refused(result: CallToolResult) -> str:
    """The one sentence of a result that is an error."""
    assert result.is_error
    assert result.structured_content is None
    sentence = read(result)
    assert len(sentence.splitlines()) == 1
    assert "Traceback" not in sentence
    return sentence


# --- a process of its own, as a client starts it ---------------------------------------------------------------

CALLS: dict[str, tuple[str, dict[str, object]]] = {
    "answer": ("ask", {"question": CSC}),
    "declined": ("ask", {"question": "What does the CPOM exam cost?"}),
    "clinical": ("ask", {"question": "What dose of amoxicillin should I give a child?"}),
    "off topic": ("ask", {"question": "Who won the football world cup?"}),
    "first": ("ask", {"question": "List the core domains of pharmacy operations.", "conversation": "a"}),
    "other": ("ask", {"question": CSC, "conversation": "b"}),
    "second": ("ask", {"question": "and the second one?", "conversation": "a"}),
    "quizzed": ("ask", {"question": "quiz me on that", "conversation": "b"}),
    "cited": ("cite", {"place": "CPOM §1.1.2 ¶7"}),
    "nowhere": ("cite", {"place": "9.9.9 1"}),
    "quiz": ("quiz", {"topic": "1.1.2", "count": 3, "kind": "mcq", "seed": 7}),
    "no question": ("ask", {}),
    "no such kind": ("quiz", {"kind": "riddle"}),
    "no such tool": ("grade", {}),
    "too long": ("ask", {"question": "why " * 2000}),
    "still there": ("cite", {"place": "1.1.1 1"}),
}


async def talk(home: Path, mode: Literal["auto", "legacy"]) -> tuple[list[Tool], dict[str, CallToolResult]]:
    """Starts the server, lists its tools and makes all the calls; a client checks results against their schema."""
    server = StdioServerParameters(command=sys.executable, args=["-m", "cpom_tutor", "mcp"], env=environment(home))
    async with Client(stdio_client(server), mode=mode) as client:
        tools = (await client.list_tools()).tools
        return tools, {name: await client.call_tool(*call) for name, call in CALLS.items()}


@pytest.fixture(scope="module")
def talked(index_home: Path) -> tuple[list[Tool], dict[str, CallToolResult]]:
    return asyncio.run(talk(index_home, "legacy"))


@pytest.fixture(scope="module")
def results(talked: tuple[list[Tool], dict[str, CallToolResult]]) -> dict[str, CallToolResult]:
    return talked[1]


def test_a_client_finds_the_three_tools_and_what_an_abstention_means(
    talked: tuple[list[Tool], dict[str, CallToolResult]],
) -> None:
    tools = {tool.name: tool for tool in talked[0]}
    assert set(tools) == {"ask", "cite", "quiz"}
    for tool in tools.values():
        Draft202012Validator.check_schema(tool.input_schema)
        assert tool.output_schema
        assert tool.annotations
        assert tool.annotations.read_only_hint
    assert "abstention" in (tools["ask"].description or "")
    assert "cites the verbatim words" in (tools["ask"].description or "")


def test_an_answer_comes_as_the_json_of_ask_and_as_words_with_their_evidence(
    results: dict[str, CallToolResult], library: Library
) -> None:
    answer = results["answer"]
    assert not answer.is_error
    Draft202012Validator(REPLY).validate(answer.structured_content)
    cited = [citation for claim in answer.structured_content["claims"] for citation in claim["citations"]]
    assert cited
    for citation in cited:
        text = library.passage(citation["passage_id"]).text
        assert text[citation["start"] : citation["end"]] == citation["quote"]
        assert citation["address"] in read(answer)


@pytest.mark.parametrize(
    ("call", "reason"), [("declined", "not_in_course"), ("clinical", "clinical"), ("off topic", "off_topic")]
)
def test_what_is_declined_is_a_result_with_its_reason(
    results: dict[str, CallToolResult], call: str, reason: str
) -> None:
    assert not results[call].is_error
    assert results[call].structured_content["kind"] == "abstention"
    assert results[call].structured_content["reason"] == reason
    assert results[call].structured_content["claims"] == []
    assert read(results[call])


def test_conversations_are_followed_and_kept_apart(results: dict[str, CallToolResult]) -> None:
    assert results["second"].structured_content["kind"] == "answer"
    assert results["second"].structured_content["conversation"] == "a"
    assert "second one" not in results["second"].structured_content["resolved_question"].lower()
    asked = results["quizzed"].structured_content
    assert asked["intent"] == "quiz"
    assert asked["waiting"]


def test_a_passage_is_read_by_its_address(results: dict[str, CallToolResult], library: Library) -> None:
    cited = results["cited"].structured_content
    (passage,) = cited["passages"]
    assert passage["text"] == library.passage(passage["passage_id"]).text
    assert passage["text"] in read(results["cited"])
    assert cited["changed"] is None


def test_a_quiz_has_its_key_and_its_citations(results: dict[str, CallToolResult]) -> None:
    items = results["quiz"].structured_content["items"]
    assert len(items) == 3
    assert all(item["kind"] == "mcq" and item["citations"] for item in items)
    assert all(item["topic"].startswith("CPOM §1.1.2") for item in items)
    assert items[0]["options"][items[0]["key"]].split()[0] in read(results["quiz"])


@pytest.mark.parametrize(
    ("call", "says"),
    [
        ("nowhere", "Nothing stands at CPOM §9.9.9 ¶1; .+try CPOM §1.1.1 ¶1"),
        ("no question", "“question” is missing .+give a question, such as: What is a CSC?"),
        ("no such kind", "“riddle” is none of what kind takes; write one of: .*mcq"),
        ("no such tool", "There is no tool “grade”; call ask, cite or quiz"),
        ("too long", "keep it under 4,000"),
    ],
)
def test_an_error_is_one_sentence_and_the_server_goes_on(
    results: dict[str, CallToolResult], call: str, says: str
) -> None:
    assert re.search(says, refused(results[call]))
    assert not results["still there"].is_error


def message(id: int, method: str, **params: object) -> str:
    return json.dumps({"jsonrpc": "2.0", "id": id, "method": method, "params": params}) + "\n"


def test_nothing_but_the_protocol_is_on_standard_output_and_the_end_of_input_ends_it(index_home: Path) -> None:
    client = {"name": "a test", "version": "1"}
    lines = (
        message(1, "initialize", protocolVersion="2025-06-18", capabilities={}, clientInfo=client)
        + json.dumps({"jsonrpc": "2.0", "method": "notifications/initialized"})
        + "\nthis is not JSON\n"
        + message(2, "tools/call", name="ask", arguments={"question": ""})
    )
    with subprocess.Popen(
        [sys.executable, "-m", "cpom_tutor", "mcp"], env=environment(index_home), encoding="utf-8",
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdin
        assert process.stdout
        process.stdin.write(lines)
        process.stdin.flush()
        replies = [json.loads(process.stdout.readline()) for _ in range(2)]
        rest, errors = process.communicate(timeout=60)
    assert [reply["id"] for reply in replies] == [1, 2]
    assert rest == ""
    assert process.returncode == DONE, errors
    assert "Traceback" not in errors


def test_without_an_index_it_says_what_to_type_and_does_not_start(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "cpom_tutor", "mcp"], env=environment(tmp_path), input="", encoding="utf-8",
        capture_output=True, check=False, timeout=120,
    )  # fmt: skip
    assert ended.returncode == BAD_USE
    assert ended.stdout == ""
    assert "run: python -m ingest" in ended.stderr
    assert len(ended.stderr.splitlines()) == 1


def test_without_the_package_it_says_how_to_install_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for module in [name for name in sys.modules if name.partition(".")[0] == "mcp"]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.delitem(sys.modules, "cpom_tutor.mcp_server")
    monkeypatch.setitem(sys.modules, "mcp", None)
    assert main(["mcp"]) == BAD_USE
    assert capsys.readouterr().err == (
        "The package “mcp” is not installed; type: pip install -c constraints.txt -e '.[mcp]'\n"
    )


def test_the_configuration_in_the_readme_starts_a_command_that_there_is() -> None:
    (block,) = re.findall(r"```json\n(\{\"mcpServers\".+?)```", README, re.DOTALL)
    server = json.loads(block)["mcpServers"]["cpom-tutor"]
    assert server["command"].endswith("cpom-tutor")
    assert callable(build_parser().parse_args(server["args"]).run)


# --- the server in this process, over a tutor that a test decides ----------------------------------------------


class Recorder:
    """A tutor that says what it was asked after how many turns, or fails as told."""

    def __init__(self) -> None:
        self.fault: Exception | None = None

    def ask(self, question: str, history: Sequence[Turn] = ()) -> Turn:
        (step,) = self.stream(question, history)
        assert step.turn
        return step.turn

    def stream(self, question: str, history: Sequence[Turn] = ()) -> Iterator[Step]:
        if self.fault:
            raise self.fault
        reply = Conversation(f"{question} after {len(history)}")
        yield Step(turn=Turn(question, question, Intent.ASK, reply, (), "none", "none", datetime.now(UTC), 0.0))


@pytest.fixture
def tutor() -> Recorder:
    return Recorder()


@pytest.fixture
def toolbox(tutor: Recorder, library: Library, embedder: SentenceTransformerEmbedder) -> Toolbox:
    return Toolbox(tutor, lambda: library, CoursePractice(lambda: library, RubricGrader(lambda: embedder)))


def told(toolbox: Toolbox, question: str, conversation: str) -> Any:
    return toolbox.use("ask", {"question": question, "conversation": conversation}).json["text"]


def test_the_conversation_that_was_silent_longest_is_forgotten_first(toolbox: Toolbox) -> None:
    for number in range(CONVERSATIONS):
        assert told(toolbox, "begin", str(number)) == "begin after 0"
    assert told(toolbox, "go on", "0") == "go on after 1"
    assert told(toolbox, "begin", "one more") == "begin after 0"
    assert told(toolbox, "go on", "0") == "go on after 2"
    assert told(toolbox, "go on", "1") == "go on after 0"


def test_a_question_that_failed_leaves_the_conversation_as_it_was(toolbox: Toolbox, tutor: Recorder) -> None:
    told(toolbox, "begin", "a")
    tutor.fault = BadInput("The question is odd; ask another.")
    with pytest.raises(BadInput):
        told(toolbox, "odd", "a")
    tutor.fault = None
    assert told(toolbox, "go on", "a") == "go on after 1"


def test_an_answer_is_stopped_between_its_steps(toolbox: Toolbox) -> None:
    def gone() -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        toolbox.use("ask", {"question": "begin", "conversation": "a"}, gone)
    assert told(toolbox, "again", "a") == "again after 0"


@pytest.mark.parametrize("count", [0, -1, 101, 2.5, "3", True])
def test_a_count_that_is_none_is_refused(toolbox: Toolbox, count: object) -> None:
    with pytest.raises(BadInput, match="“count” is no number that can be used; give a whole number from 1 to 100"):
        toolbox.use("quiz", {"count": count})


def test_a_quiz_with_fewer_questions_says_why(toolbox: Toolbox) -> None:
    said = toolbox.use("quiz", {"topic": "1.1.2", "kind": "ordering", "count": 100})
    assert len(said.json["items"]) < 100
    assert said.json["note"]
    assert said.text.endswith(said.json["note"])


def in_process(toolbox: Toolbox, say: Callable[[str], None], use: Callable[[Client], Awaitable[CallToolResult]]) -> Any:
    async def run() -> CallToolResult:
        async with Client(make_server(toolbox, say)) as client:
            return await use(client)

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("fault", "shown"),
    [
        (TutorError("The model is away; try again later."), "The model is away; try again later."),
        (ValueError("key sk-123 in line 7"), "Something went wrong on the tutor's side; ask again"),
    ],
)
def test_a_fault_is_told_without_its_inside(toolbox: Toolbox, tutor: Recorder, fault: Exception, shown: str) -> None:
    tutor.fault = fault
    said: list[str] = []
    result = in_process(toolbox, said.append, lambda client: client.call_tool("ask", {"question": CSC}))
    assert refused(result).startswith(shown)
    assert said == ([] if isinstance(fault, TutorError) else ["ask: ValueError: key sk-123 in line 7"])


def test_what_leaves_the_machine_is_said_where_the_tool_is_chosen() -> None:
    leaves = "The question goes to the servers of openai."
    assert leaves in forms(leaves)[0].description
    assert leaves not in forms()[0].description
