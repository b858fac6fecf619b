"""The command that makes the tutor a tool for other programs: `mcp`."""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Callable
from typing import NoReturn, TypeVar

from cpom_tutor.config import load_settings
from cpom_tutor.errors import BadInput

_Parser = TypeVar("_Parser", bound=argparse.ArgumentParser)
Print = Callable[[str], None]

_DONE, _INTERRUPTED = 0, 130


def add_mcp_command(commands: "argparse._SubParsersAction[_Parser]", say: Print) -> None:
    """Adds `mcp`.

    Args:
        commands: where to.
        say: prints to standard error.
    """
    mcp = commands.add_parser(
        "mcp",
        help="the tutor as an MCP server on standard input and output",
        description="Serves the tools ask, cite and quiz to a program that speaks the Model Context Protocol. Such a "
        "program starts the command by itself; the README says how to name it there.",
    )
    mcp.set_defaults(run=lambda _: _mcp(say))


def _mcp(say: Print) -> NoReturn:
    try:
        from cpom_tutor.mcp_server import serve
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in ("mcp", "mcp_types"):
            raise
        raise BadInput("The package “mcp” is not installed; type: pip install -c constraints.txt -e '.[mcp]'") from None
    from cpom_tutor.mcp_tools import Toolbox
    from cpom_tutor.wiring import open_application

    application = open_application(load_settings())
    toolbox = Toolbox(application.tutor, lambda: application.retriever.library, application.practice)
    # The client is answered at once, while the embedder is loaded.
    threading.Thread(target=application.warm_up, daemon=True).start()
    if application.leaves:
        say(application.leaves)
    if sys.stdin.isatty():
        say("Programs that speak the Model Context Protocol start this by themselves; Ctrl-C ends it.")
    # A thread that waits for standard input would hold up the usual way out.
    signal.signal(signal.SIGINT, lambda *_: _leave(_INTERRUPTED, say, "Stopped."))
    serve(toolbox, say, application.leaves)
    fault = application.records_at_hand.fault
    _leave(_DONE, say, f"Answers that instructors approved were left out. {fault}" if fault else "")


def _leave(code: int, say: Print, last: str) -> NoReturn:
    """Ends the process at once: clients wait two seconds, and an embedder that is being loaded takes longer to stop."""
    if last:
        say(last)
    sys.stdout.flush()
    os._exit(code)
