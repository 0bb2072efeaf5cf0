"""The protocol of editors: JSON, an object a line, on the standard input and output of `sempre talk`.

An editor starts `sempre talk` as it starts a language server, and needs to know nothing of sockets, keys or
processes. What may be said is written down in docs/protocol.md; its version changes when an old client would
no longer understand.
"""

from __future__ import annotations

import contextlib
import json
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, cast

from bridge.worker import address, start_thread
from repl.client import Client
from repl.errors import ReplError
from repl.pointing import pointed_at
from repl.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TextIO

    from repl.client import Message

PROTOCOL = 1
"""The version of what is said here."""
TOPICS = frozenset({"haps", "status", "meters", "messages", "typed", "knobs"})
"""What may be watched."""
ALWAYS = frozenset({"messages"})
"""What everybody is told who has not said otherwise."""
TOPIC_OF = {
    "status": "status",
    "haps": "haps",
    "meters": "meters",
    "message": "messages",
    "typed": "typed",
    "turned": "knobs",
}
"""The topic of what an engine says."""
ANSWERS = {"result": "result", "names": "list", "inputs": "knobs", "files": "files"}
"""What an engine answers with, and as what it is handed on."""
LONGEST = 4 << 20
"""Characters that a line may have."""
PATIENCE = 5.0
"""Seconds during which the doors of a session that starts are tried."""


class Talk:
    """One editor and the session that it works with.

    Args:
        runtime: The session's folder.
        key: That of its doors.
        out: Where the editor reads.
        files: Those that it has named so far.
    """

    def __init__(self, runtime: Path, key: bytes, out: TextIO, files: Iterable[Path] = ()) -> None:
        # It knows a file by the name under which it has opened it, whatever links lead there.
        self._called = {os.path.realpath(file): str(file.absolute()) for file in files}
        self._runtime = runtime
        self._out = out
        self._lock = threading.Lock()
        self._topics = ALWAYS
        self._who = "an editor"
        self._folder: Path | None = None
        self._files: tuple[str, ...] = ()
        self._over = threading.Event()
        self._ids: dict[int, object] = {}
        self._count = 0
        self._here = threading.Event()
        self._supervised = threading.Event()
        self._engine = Client(
            address(runtime, "engine"),
            key,
            self._engine_says,
            self._engine_open,
            self._engine_gone,
            patience=PATIENCE,
        )
        self._supervisor = Client(
            address(runtime, "supervisor"),
            key,
            self._supervisor_says,
            self._supervised.set,
            self._supervisor_gone,
            patience=PATIENCE,
            again=False,
        )
        self._asks: dict[str, Callable[[Message], None]] = {
            "hello": self._hello,
            "evaluate": self._evaluate,
            "interrupt": lambda _: self._tell({"op": "interrupt"}),
            "command": self._command,
            "list": lambda message: self._ask({"op": "names"}, message),
            "knobs": lambda message: self._ask({"op": "inputs"}, message),
            "files": lambda message: self._ask({"op": "files"}, message),
            "turn": self._turn,
            "watch": self._watch,
            "panic": lambda _: self._supervisor_told("panic"),
            "stop": lambda _: self._supervisor_told("stop"),
        }

    def run(self, lines: Iterable[str]) -> int:
        """Do what an editor says, until it says no more or the session ends; gives the exit code."""
        self._supervisor.start("supervisor's door")
        self._engine.start("engine's door")
        start_thread("editor", lambda: self._listen(lines))
        with contextlib.suppress(KeyboardInterrupt):
            self._over.wait()
        self._engine.close()
        self._supervisor.close()
        return 0

    def _listen(self, lines: Iterable[str]) -> None:
        for line in lines:
            if line.strip():
                self._hear(line)
        self._over.set()

    # What the editor says.

    def _hear(self, line: str) -> None:
        try:
            message = _read(line)
            self._asks.get(str(message.get("op")), self._unknown)(message)
        except ReplError as error:
            self._say({"op": "error", "text": str(error)})

    def _unknown(self, message: Message) -> None:
        known = ", ".join(sorted(self._asks))
        raise ReplError(f"no op {message.get('op')!r}: it is one of {known}")

    def _hello(self, message: Message) -> None:
        self._who = str(message.get("client") or self._who)
        asked = message.get("protocol", PROTOCOL)
        if asked != PROTOCOL:
            raise ReplError(f"protocol {asked!r} is not spoken here: Sempre {VERSION} speaks {PROTOCOL}")
        self._here.wait(PATIENCE)
        self._say(
            {
                "op": "hello",
                "protocol": PROTOCOL,
                "sempre": VERSION,
                "session": self._runtime.name,
                "files": [self._path(file) for file in self._files],
            }
        )

    def _evaluate(self, message: Message) -> None:
        text = message.get("text")
        file, line = message.get("file"), message.get("line", 1)
        if message.get("whole") and isinstance(text, str) and isinstance(file, str):
            named = self._named(file)
            if named in self._files:
                self._ask({"op": "play", "text": text, "file": named}, message)
                return
        if not isinstance(text, str) or not text.strip():
            raise ReplError("evaluate takes the text that is to be evaluated")
        asked: Message = {"op": "eval", "text": text, "who": self._who}
        if isinstance(file, str) and file:
            if not isinstance(line, int) or line < 1:
                raise ReplError(f"evaluate: line counts from 1 (got {line!r})")
            asked |= {"file": self._named(file), "line": line}
        self._ask(asked, message)

    def _command(self, message: Message) -> None:
        arguments = message.get("arguments", [])
        if not isinstance(message.get("name"), str) or not isinstance(arguments, list):
            raise ReplError("command takes a name and a list of arguments")
        self._ask({"op": "command", "name": message["name"], "arguments": arguments}, message)

    def _turn(self, message: Message) -> None:
        name, position = message.get("name"), message.get("position")
        if not isinstance(name, str) or not isinstance(position, int | float) or not 0 <= position <= 1:
            raise ReplError("turn takes the name of a knob and a position from 0 to 1")
        self._tell({"op": "move", "rows": [[name, float(position), None]]})

    def _watch(self, message: Message) -> None:
        topics = message.get("topics")
        if not isinstance(topics, list) or not TOPICS.issuperset(map(str, cast("list[object]", topics))):
            raise ReplError(f"watch takes a list of topics out of {', '.join(sorted(TOPICS))}")
        before, self._topics = self._topics, frozenset(map(str, cast("list[object]", topics)))
        if "meters" in before - self._topics:
            self._tell({"op": "look"})
        if "haps" in before - self._topics:
            self._tell({"op": "watch", "on": False})
        self._begin_to_watch()

    def _begin_to_watch(self) -> None:
        if "haps" in self._topics:
            self._tell({"op": "watch"})
        if "meters" in self._topics:
            self._tell({"op": "look", "of": []})

    def _ask(self, asked: Message, message: Message) -> None:
        """Ask the engine for an answer, under a number of our own."""
        self._count += 1
        self._ids[self._count] = message.get("id")
        # A session that starts has no engine for a second.
        if not (self._here.wait(PATIENCE) and self._engine.send({**asked, "id": self._count})):
            text = "not evaluated: there is no engine at the moment"
            self._answer(self._count, {"op": "result", "ok": False, "text": text})

    def _tell(self, message: Message) -> None:
        self._engine.send(message)

    def _supervisor_told(self, op: str) -> None:
        # The first thing that an editor says may come before the door is open.
        if not (self._supervised.wait(PATIENCE) and self._supervisor.send({"op": op})):
            raise ReplError("the session is gone")

    # What the session says.

    def _engine_open(self) -> None:
        self._engine.send({"op": "files"})
        self._begin_to_watch()
        self._say({"op": "engine", "here": True})

    def _engine_gone(self) -> None:
        if not self._here.is_set():
            return  # there has been none yet
        self._here.clear()
        self._say({"op": "engine", "here": False})
        for number in [*self._ids]:
            text = "the engine ended while it evaluated this; nothing of it was taken over"
            self._answer(number, {"op": "result", "ok": False, "text": text})

    def _engine_says(self, message: Message) -> None:
        op = str(message.get("op"))
        if op == "files" and "id" not in message:
            self._folder = Path(str(message["folder"]))
            self._files = tuple(map(str, cast("list[object]", message["files"])))
            self._here.set()
        elif op in ANSWERS and "id" in message:
            self._answer(cast("int", message["id"]), {**message, "op": ANSWERS[op]})
        elif TOPIC_OF.get(op) in self._topics:
            self._say(self._translated(message))

    def _supervisor_says(self, message: Message) -> None:
        if message.get("op") == "bye":
            self._end("the session has ended")

    def _supervisor_gone(self) -> None:
        self._end("the session is gone")

    def _end(self, text: str) -> None:
        if not self._over.is_set():
            self._say({"op": "bye", "text": text})
            self._over.set()

    def _answer(self, number: int, message: Message) -> None:
        if number in self._ids:
            self._say(self._translated({**message, "id": self._ids.pop(number)}))

    def _translated(self, message: Message) -> Message:
        """With paths as an editor knows them, and the places that errors tell of."""
        op = message["op"]
        if op == "files":
            files = [self._path(file) for file in cast("list[str]", message["files"])]
            return {"op": op, "id": message["id"], "files": files}
        if op == "haps":
            rows = cast("list[Message]", message["rows"])
            return {**message, "rows": [{**row, "where": self._shown(row["where"])} for row in rows]}
        failed = message.get("ok") is False or message.get("level") == "error"
        if failed and (found := pointed_at(str(message.get("text", "")), self._files)) is not None:
            place, told = found
            at = {"file": self._path(place.file), "line": place.line, "column": place.column}
            return {**message, "at": {**at, "length": place.width, "text": told}}
        return message

    def _shown(self, where: object) -> list[list[object]]:
        rows = cast("list[list[object]]", where)
        # What was typed at a prompt stands in no file.
        return [[self._path(str(file)), *rest] for file, *rest in rows if not str(file).startswith("<")]

    def _path(self, file: str) -> str:
        """The name by which the editor knows a file of the session."""
        path = os.path.realpath(self._folder / file if self._folder is not None else file)
        return self._called.get(path, path)

    def _named(self, path: str) -> str:
        """The name by which the session knows a file of the editor; the same, if it does not know it."""
        self._called[os.path.realpath(path)] = path
        return next((file for file in self._files if self._path(file) == path), path)

    def _say(self, message: Message) -> None:
        line = json.dumps(message, ensure_ascii=False)
        with self._lock:
            self._out.write(line + "\n")
            self._out.flush()


def _read(line: str) -> Message:
    if len(line) > LONGEST:
        raise ReplError(f"a line of {len(line)} characters: {LONGEST} at most")
    try:
        message: object = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ReplError(f"this is no JSON: {error}") from None
    if not isinstance(message, dict):
        raise ReplError('each line is one object, such as {"op": "hello"}')
    return cast("Message", message)
