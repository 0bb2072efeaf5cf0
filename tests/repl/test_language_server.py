"""What an editor shows in a new project: pyright's language server, asked as an editor asks it."""

from __future__ import annotations

import ast
import inspect
import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest

from patterns.core import Pattern
from repl.declarations import declarations
from repl.namespace import Collector, piece_namespace
from repl.project import new_project

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.timeout(120)  # 8 s alone; it is a process of its own on a machine that may be busy
SERVER = Path(sys.executable).with_name("pyright-langserver")


class Server:
    """A language server, and a file that is open in it.

    Args:
        folder: The project.
        text: The file's.
    """

    def __init__(self, folder: Path, text: str) -> None:
        self.file = (folder / "open.py").as_uri()
        self.wrong: list[str] | None = None
        self._process = subprocess.Popen(
            [SERVER, "--stdio"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder
        )
        self._count = 0
        root = {"uri": folder.as_uri(), "name": folder.name}
        plain = {"contentFormat": ["plaintext"]}
        shown = {"hover": plain, "completion": {"completionItem": {"documentationFormat": ["plaintext"]}}}
        self.ask(
            "initialize",
            processId=None,
            rootUri=root["uri"],
            workspaceFolders=[root],
            capabilities={"textDocument": {**shown, "publishDiagnostics": {}}},
        )
        self._tell("initialized")
        document = {"uri": self.file, "languageId": "python", "version": 1, "text": text}
        self._tell("textDocument/didOpen", textDocument=document)

    def ask(self, method: str, **given: object) -> Any:
        """Ask and wait for the answer."""
        self._count += 1
        number = self._count
        self._send({"id": number, "method": method, "params": given})
        while True:
            message = self.hear()
            if message.get("id") == number and "method" not in message:
                return message["result"]

    def at(self, method: str, line: int, character: int) -> Any:
        """Ask about a place in the file; both count from 0."""
        place = {"line": line, "character": character}
        return self.ask(f"textDocument/{method}", textDocument={"uri": self.file}, position=place)

    def hear(self) -> dict[str, Any]:
        """The next message; what the server asks is answered with nothing."""
        out = self._process.stdout
        if out is None:
            raise OSError("no output")
        size = 0
        while line := out.readline().strip():
            size = int(line.partition(b":")[2]) if line.startswith(b"Content-Length") else size
        message = cast("dict[str, Any]", json.loads(out.read(size)))
        if (
            message.get("method") == "textDocument/publishDiagnostics"
            and message["params"]["uri"] == self.file
        ):
            self.wrong = [one["message"] for one in message["params"]["diagnostics"]]
        if "method" in message and "id" in message:
            asked = len(message["params"]["items"]) if message["method"] == "workspace/configuration" else 0
            self._send({"id": message["id"], "result": [{}] * asked or None})
        return message

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.communicate()

    def _tell(self, method: str, **given: object) -> None:
        self._send({"method": method, "params": given})

    def _send(self, message: dict[str, object]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        if self._process.stdin is not None:
            self._process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
            self._process.stdin.flush()


TOLD = {
    "fast": "Play a pattern faster",
    "add": "Add numbers; notes move up.",
    "sine": "Swing between 0 and 1 as a sine",
    "silence.every": "Apply a function",
    "silence.add": "Add numbers; notes move up.",
    "play": "Play a pattern",
    "tempo": "Set the tempo",
    "knob": "Follow a knob or fader",
    "midi": "port",
    "instrument": "",
    "fx.chorus": "",
}
"""What is pointed at, one name of each kind, and a piece of what is then read."""
TEXT = "\n".join([*TOLD, 's("bd").fas', "drums = pla"])


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """The server in a new project."""
    if not SERVER.exists():
        pytest.skip("pyright is no part of this environment: make setup installs it")
    folder = tmp_path / "evening"
    new_project(folder)
    found = Server(folder, TEXT)
    yield found
    found.close()


def test_names_have_their_help(server: Server) -> None:
    """No name is undefined; who points at one reads what it does, and is offered it while typing."""
    while server.wrong is None:
        server.hear()
    assert [text for text in server.wrong if "not defined" in text] == ['"pla" is not defined']
    for line, (name, wanted) in enumerate(TOLD.items()):
        told = server.at("hover", line, len(name) - 1)["contents"]["value"]
        assert wanted in told, name
        assert "\n\n" in told, name  # below its form stands what it does
    for line, text in enumerate(TEXT.split("\n")[-2:], start=len(TOLD)):
        name, wanted = ("fast", "Play a pattern faster") if "fas" in text else ("play", "Play a pattern")
        items = server.at("completion", line, len(text))["items"]
        one = next(item for item in items if item["label"] == name)
        assert wanted in server.ask("completionItem/resolve", **one)["documentation"]["value"]


def test_all_that_is_declared_is_described() -> None:
    """What an editor shows of a name: the text below it, or that of what it stands for."""
    body = ast.parse(declarations()).body
    described: set[str] = set()
    for node, following in pairwise([*body, ast.Pass()]):
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node):
            described.add(node.name)
        elif isinstance(node, ast.AnnAssign) and isinstance(following, ast.Expr):
            described.add(ast.unparse(node.target))
    space = piece_namespace(Collector())
    others = {name: space[name] for name in space if not name.startswith("_") and name not in described}
    assert [name for name, one in others.items() if isinstance(one, Pattern) or not inspect.getdoc(one)] == []
