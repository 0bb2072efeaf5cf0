"""`sempre restart`: the session that runs is ended, and begun anew with the same pieces."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, cast

from bridge.clock import monotonic
from bridge.errors import PeerGone
from bridge.worker import connect, pause, start_thread
from repl import launch
from repl.errors import SessionError
from repl.runtime import asked_of, door, key_of, newest

if TYPE_CHECKING:
    from bridge.worker import Connection

BACK = 15.0
"""Seconds that are waited for the first cycle; a piece of no layers never has one."""
SAID = frozenset({"notice", "said"})
"""What a session says that is for the musician."""


def restart() -> int:
    """End the newest session and begin it anew; gives the exit code.

    What was typed, muted and turned is gone; the settings are read again. It plays on when we end.

    Raises:
        SessionError: None runs, or nobody knows how it was started, or it does not come up.
    """
    folder = newest()
    asked = asked_of(folder)
    if asked["replay"] is not None:
        raise SessionError("what runs is a replay: `sempre stop` ends it, `sempre replay` plays it again")
    launch.stop_session(folder)
    # Its ports and its sound card are free when its folder is gone.
    end = monotonic() + launch.PARTING
    while folder.exists() and monotonic() < end:
        pause(0.01)
    os.chdir(str(asked["home"]))
    files = [Path(file) for name in ("files", "folders") for file in cast("list[str]", asked[name])]
    session = launch.start(files, leash=False)
    connection = connect(door(session.folder, "supervisor"), key_of(session.folder), patience=launch.ARRIVAL)
    wrong: list[str] = []
    thread = start_thread("session says", lambda: wrong.extend(_heard(connection)))
    if files:
        thread.join(BACK)
    print("it plays on: `sempre attach` opens a prompt, `sempre stop` ends it", flush=True)  # noqa: T201 - the answer
    return 1 if wrong else 0


def _heard(connection: Connection) -> list[str]:
    """Pass on what a session says until it plays, and what; gives what was wrong."""
    begun = False
    try:
        while True:
            message = cast("dict[str, object]", json.loads(connection.receive()[1]))
            if message["op"] in SAID:
                print(message.get("text", ""), flush=True)  # noqa: T201 - for the musician
            if message.get("error"):
                return [str(message["text"])]
            if begun and message["op"] == "said":
                return []
            begun = begun or message["op"] == "first cycle"
    except PeerGone:
        return ["the session is gone"]
