"""The command that shows a session in browsers."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

PORT = 9012
"""Beside the port for OSC."""
HERE = "127.0.0.1"


def add(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add `sempre stage`.

    Args:
        command: Makes a command of a name and its help.
    """
    stage = command("stage", help="show the session that runs in a browser")
    where = "an address of this machine: 0.0.0.0 lets a tablet in (127.0.0.1: this machine only)"
    stage.add_argument("--host", default=HERE, metavar="ADDRESS", help=where)
    stage.add_argument("--port", type=int, default=PORT, help=f"another port ({PORT}; 0: any that is free)")
    stage.add_argument("--open", action="store_true", help="open it in the browser of this machine")
    stage.set_defaults(run=_stage)


def _stage(options: argparse.Namespace) -> int:
    import secrets
    import socket
    import webbrowser

    from repl.errors import ReplError
    from repl.runtime import key_of, newest
    from repl.stage.addresses import addresses
    from repl.stage.server import serve

    runtime = newest()
    try:
        listening = socket.create_server((options.host, options.port))
    except (OSError, OverflowError) as error:
        raise ReplError(
            f"cannot serve at {options.host}:{options.port} ({error}); another port: sempre stage --port 0"
        ) from None
    token = secrets.token_urlsafe(12)
    port = listening.getsockname()[1]
    found = [f"http://{host}:{port}/?token={token}" for host in addresses(options.host)]
    print("\n".join([*found, "Ctrl-C ends the page, not the music"]), flush=True)  # noqa: T201 - the answer
    if options.open:
        webbrowser.open(found[0])
    serve(runtime, key_of(runtime), listening, token)
    return 0
