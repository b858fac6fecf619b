"""The tutor as an MCP server on standard input and output. Nothing but the protocol is written to standard output."""

from collections.abc import Callable
from functools import partial
from importlib.metadata import version

import anyio
import anyio.from_thread
import anyio.to_thread
from mcp.server import Server, ServerRequestContext
from mcp.server.stdio import stdio_server
from mcp.types import (
    CallToolRequestParams,
    CallToolResult,
    ListToolsResult,
    PaginatedRequestParams,
    TextContent,
    Tool,
    ToolAnnotations,
)

from cpom_tutor.errors import TutorError
from cpom_tutor.mcp_tools import Toolbox, forms

Say = Callable[[str], None]

_OURS = "Something went wrong on the tutor's side; ask again, and read its log if that does not help."
_INSTRUCTIONS = (
    "A study assistant for one course, CPOM. What it says of the course is the course's own, with the words cited; "
    "what the course does not say it declines, and that is an answer too. It gives no clinical advice."
)


def serve(toolbox: Toolbox, say: Say, leaves: str = "") -> None:
    """Serves until standard input ends.

    Args:
        toolbox: the tools.
        say: told of faults of ours; must not print to standard output.
        leaves: what leaves the machine when something is asked, one sentence; empty where nothing does.
    """
    anyio.run(_serving, make_server(toolbox, say, leaves))


async def _serving(server: "Server[object]") -> None:
    async with stdio_server() as (read, write):
        await server.run(read, write, server.create_initialization_options())


def make_server(toolbox: Toolbox, say: Say, leaves: str = "") -> "Server[object]":
    """The server, for any transport; arguments as of `serve`."""
    tools = _tools(leaves)
    # Questions of one conversation are answered in the order in which they came, the rest at the same time.
    one_at_a_time = anyio.CapacityLimiter(1)

    async def list_tools(_: "ServerRequestContext[object]", __: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=tools)

    async def call_tool(_: "ServerRequestContext[object]", asked: CallToolRequestParams) -> CallToolResult:
        # A client that gives up or goes away is noticed between two steps of an answer.
        use = partial(toolbox.use, asked.name, asked.arguments or {}, anyio.from_thread.check_cancelled)
        try:
            said = await anyio.to_thread.run_sync(use, limiter=one_at_a_time if asked.name == "ask" else None)
        except TutorError as error:
            return _failed(str(error))
        except Exception as error:  # noqa: BLE001 - a fault of ours in one call must not cost the calls after it
            say(f"{asked.name}: {type(error).__name__}: {error}")
            return _failed(_OURS)
        return CallToolResult(content=[TextContent(text=said.text)], structured_content=said.json)

    return Server(
        "cpom-tutor", version=version("cpom-tutor"), title="CPOM tutor", instructions=_INSTRUCTIONS,
        on_list_tools=list_tools, on_call_tool=call_tool,
    )  # fmt: skip


def _tools(leaves: str) -> list[Tool]:
    return [
        Tool(
            name=form.name,
            title=form.title,
            description=form.description,
            input_schema=form.takes,
            output_schema=form.gives,
            annotations=ToolAnnotations(
                title=form.title, read_only_hint=True, destructive_hint=False, open_world_hint=bool(leaves)
            ),
        )
        for form in forms(leaves)
    ]


def _failed(sentence: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(text=sentence)], is_error=True)
