"""How a process begins that the supervisor starts for what comes in: its set-up, its line, and its leave."""

from __future__ import annotations

import json
import signal
from pathlib import Path
from typing import Any, NamedTuple

from bridge.worker import Parent


class Begun(NamedTuple):
    """What such a process has to begin with.

    Attributes:
        config: As the supervisor gave it.
        runtime: The session's folder.
        key: Opens the doors of the session.
        parent: The line to the supervisor, not listening yet.
        over: Has something in it once the process is to end.
    """

    config: dict[str, Any]
    runtime: Path
    key: bytes
    parent: Parent
    over: list[bool]


def begin(arguments: list[str]) -> Begun:
    """Read what the supervisor gave; leave when it says so, when it is gone, and on a signal but Ctrl-C."""
    config = json.loads(arguments[0])
    runtime = Path(config["runtime"])
    over: list[bool] = []

    def leave(*_: object) -> None:
        over.append(True)

    def on_message(message: dict[str, object]) -> None:
        if message.get("op") == "stop":
            leave()

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for ending in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, ending):
            signal.signal(getattr(signal, ending), leave)
    log = Path(config["log"]) if config.get("log") else None
    parent = Parent(on_message, leave, log)
    return Begun(config, runtime, (runtime / "key").read_bytes(), parent, over)
