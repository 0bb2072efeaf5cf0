"""A description of what can be sent here, for programs that ask by HTTP (OSCQuery)."""

from __future__ import annotations

import json
import socket
from typing import TYPE_CHECKING, cast
from urllib.parse import unquote, urlsplit

from bridge.errors import BridgeError
from bridge.hub import READ, WRITE
from bridge.osc_remote import DESCRIBED

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.hub import Hub
    from bridge.surface_book import Book

LONGEST = 8192
"""Bytes of a request that are read."""
CLIENTS = 16
READ_WRITE, WRITE_ONLY = 3, 2
Node = dict[str, object]


def host_info(name: str, port: int) -> Node:
    """What a program is told that asks for HOST_INFO."""
    return {
        "NAME": name,
        "OSC_PORT": port,
        "OSC_TRANSPORT": "UDP",
        "EXTENSIONS": {
            "ACCESS": True, "VALUE": True, "RANGE": True, "DESCRIPTION": True, "TAGS": True, "LISTEN": False,
        },
    }  # fmt: skip


def tree(book: Book, *, commands: bool) -> Node:
    """Everything that can be sent, as a tree of addresses.

    Args:
        book: The inputs.
        commands: Whether commands are taken.

    Source: the OSCQuery proposal (FULL_PATH, TYPE, ACCESS, VALUE, RANGE, DESCRIPTION, CONTENTS).
    """
    root: Node = {"FULL_PATH": "/", "DESCRIPTION": "Sempre", "CONTENTS": {}}
    for address, names in book.targets.items():
        inputs = [book.inputs[name] for name in names]
        meaning = ", ".join(f"{i.name}: {i.low:g} to {i.high:g} ({_curve(i.curve)})" for i in inputs)
        _node(root, address).update(
            {
                "TYPE": "f" * len(names),
                "ACCESS": READ_WRITE,
                "VALUE": [book.positions[name] for name in names],
                "RANGE": [{"MIN": 0.0, "MAX": 1.0} for _ in names],
                "DESCRIPTION": f"{inputs[0].kind if len(inputs) == 1 else 'pad'} {meaning}",
                "TAGS": [i.kind for i in inputs],
            }
        )
    for name, (types, what) in DESCRIBED.items() if commands else ():
        found: Node = {"ACCESS": WRITE_ONLY, "DESCRIPTION": what}
        _node(root, f"/sempre/{name}").update({**found, "TYPE": types} if types else found)
    return root


def _curve(curve: str | float) -> str:
    return curve if isinstance(curve, str) else f"to the power of {curve:g}"


def _node(root: Node, address: str) -> Node:
    """The node of an address, made with those above it if they are not there."""
    here, path = root, ""
    for part in address.strip("/").split("/"):
        path += f"/{part}"
        contents = cast("dict[str, Node]", here.setdefault("CONTENTS", {}))
        here = contents.setdefault(part, {"FULL_PATH": path, "ACCESS": 0})
    return here


def answer(request: bytes, root: Callable[[], Node], info: Callable[[], Node]) -> bytes:
    """The answer to a request.

    Args:
        request: As it came, at least up to the empty line.
        root: Makes the tree.
        info: Makes what HOST_INFO tells.
    """
    line = request.split(b"\r\n", 1)[0].decode("ascii", "replace")
    parts = line.split(" ")
    if len(parts) != 3 or not parts[2].startswith("HTTP/"):
        return _response(400, None)
    if parts[0] != "GET":
        return _response(405, None)
    try:
        address = urlsplit(parts[1])
    except ValueError:
        return _response(400, None)
    if address.query == "HOST_INFO":
        return _response(200, info())
    here = root()
    for part in filter(None, unquote(address.path).split("/")):
        contents = cast("dict[str, Node]", here.get("CONTENTS", {}))
        if part not in contents:
            return _response(404, None)
        here = contents[part]
    if not address.query:
        return _response(200, here)
    # 204: the node is there, and says nothing of this kind.
    return (
        _response(200, {address.query: here[address.query]})
        if address.query in here
        else _response(204, None)
    )


_REASONS = {200: "OK", 204: "No Content", 400: "Bad Request", 404: "Not Found", 405: "Method Not Allowed"}


def _response(status: int, body: Node | None) -> bytes:
    data = b"" if body is None else json.dumps(body).encode()
    head = (
        f"HTTP/1.1 {status} {_REASONS[status]}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(data)}\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + data


class QueryServer:
    """Answers requests; each connection asks once.

    Args:
        hub: Waits for the sockets.
        host: The address to listen at.
        port: TCP port; 0 takes a free one.
        respond: Makes the answer to a request.

    Raises:
        BridgeError: The port belongs to somebody else.
    """

    def __init__(self, hub: Hub, host: str, port: int, respond: Callable[[bytes], bytes]) -> None:
        self._hub = hub
        self._respond = respond
        self._clients: dict[socket.socket, bytearray] = {}
        self._listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            self._listener.bind((host, port))
            self._listener.listen(8)
        except OSError as error:
            self._listener.close()
            raise BridgeError(f"port {port} cannot be had for OSCQuery ({error.strerror or error})") from None
        self._listener.setblocking(False)
        self.port: int = self._listener.getsockname()[1]
        hub.add(self._listener, READ, self._accept)

    def close(self) -> None:
        """Let go of the port."""
        for one in (*self._clients, self._listener):
            self._hub.remove(one)
            one.close()
        self._clients.clear()

    def _accept(self, _events: int) -> None:
        try:
            one, _ = self._listener.accept()
        except OSError:
            return
        if len(self._clients) >= CLIENTS:
            # The one that has been silent longest makes room.
            self._end(next(iter(self._clients)))
        one.setblocking(False)
        self._clients[one] = bytearray()
        self._hub.add(one, READ, lambda events: self._serve(one, events))

    def _serve(self, one: socket.socket, events: int) -> None:
        try:
            over = self._send(one) if events & WRITE else self._read(one)
        except BlockingIOError:
            return
        except OSError:
            over = True
        if over:
            self._end(one)

    def _read(self, one: socket.socket) -> bool:
        """Read on; whether that was all."""
        heard = self._clients[one]
        data = one.recv(LONGEST)
        heard += data
        if not data or len(heard) > LONGEST:
            return True
        if b"\r\n\r\n" in heard:
            self._clients[one] = bytearray(self._respond(bytes(heard)))
            self._hub.change(one, WRITE)
        return False

    def _send(self, one: socket.socket) -> bool:
        """Send on; whether that was all."""
        left = self._clients[one]
        del left[: one.send(left)]
        return not left

    def _end(self, one: socket.socket) -> None:
        self._clients.pop(one, None)
        self._hub.remove(one)
        one.close()
