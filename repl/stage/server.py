"""The stage: a page that shows a session, served on this machine to whoever has its address.

Each browser has a connection of its own to the engine, as a prompt has, and is told what the engine tells:
nothing is kept here. A browser may turn what the piece declares for it, and nothing else.
"""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import json
from pathlib import Path
from typing import TYPE_CHECKING, cast

import uvicorn
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.websockets import WebSocketDisconnect

from bridge.clock import SharedClock, wall_at
from bridge.worker import address
from repl.client import Client

if TYPE_CHECKING:
    import socket

    from starlette.requests import Request
    from starlette.websockets import WebSocket

    from repl.client import Message

PAGE = Path(__file__).with_name("page")
SHOWN = frozenset({"haps", "status", "meters", "inputs", "turned", "message", "sources", "engine", "bye"})
"""What a browser is told of all that an engine says."""
BEHIND = 400
"""Messages that a browser may be behind before it misses the next ones: a phone whose screen is off."""
GUESTS = 32
"""Browsers that may look at the same time; each costs the engine what a prompt costs."""
PATIENCE = 5.0
"""Seconds during which a session's door is tried."""
LONGEST = 4096
"""Bytes that a browser may say at once."""

HEADERS = [
    # Nothing is fetched from elsewhere, and no other page may frame this one.
    (
        "content-security-policy",
        "default-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    ("referrer-policy", "no-referrer"),  # the address holds the token
    ("x-content-type-options", "nosniff"),
    ("cache-control", "no-cache"),
]
"""What every answer says."""


class Guest:
    """One browser, and its connection to the engine.

    Args:
        socket: The browser's.
        runtime: The session's folder.
        key: That of its doors.
    """

    def __init__(self, socket: WebSocket, runtime: Path, key: bytes) -> None:
        self._socket = socket
        self._clock = SharedClock(runtime / "clock")
        self._loop = asyncio.get_running_loop()
        self._outbox: asyncio.Queue[Message] = asyncio.Queue(BEHIND)
        self._whole = True
        self._engine = Client(address(runtime, "engine"), key, self._says, self._open, self._gone)

    async def stay(self) -> None:
        """Tell and listen until it goes."""
        self._engine.start("stage: engine's door")
        writing = asyncio.create_task(self._write())
        try:
            while True:
                self._hear(await self._socket.receive_text())
        except (WebSocketDisconnect, KeyError):  # gone, or it sends bytes, which are nobody's
            pass
        finally:
            writing.cancel()
            self._engine.close()
            self._clock.close()

    def _hear(self, text: str) -> None:
        message = _read(text)
        if message.get("op") == "time":
            self._put(
                {"op": "time", "sent": message.get("sent"), "now": wall_at(self._clock.now(), self._clock)}
            )
        elif message.get("op") == "turn":
            name, position = message.get("name"), message.get("position")
            if isinstance(name, str) and isinstance(position, int | float) and 0 <= position <= 1:
                self._engine.send({"op": "move", "rows": [[name, float(position), None]]})

    async def _write(self) -> None:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            while True:
                await self._socket.send_text(json.dumps(await self._outbox.get()))

    # The engine's side; called in a thread of its client.

    def _open(self) -> None:
        for op in ("sources", "inputs", "watch"):
            self._engine.send({"op": op})
        self._engine.send({"op": "look", "of": []})
        self._later({"op": "engine", "here": True})

    def _gone(self) -> None:
        self._later({"op": "engine", "here": False})

    def _says(self, message: Message) -> None:
        if message.get("op") == "files":
            self._engine.send({"op": "sources"})  # other ones play now
        elif message.get("op") in SHOWN:
            self._later(message)

    def _later(self, message: Message) -> None:
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody looks any more
            self._loop.call_soon_threadsafe(self._put, message)

    def _put(self, message: Message) -> None:
        if self._outbox.full():
            # What sounds is told by what changes: who has missed some of it is told all of it anew.
            self._whole = False
        elif not self._whole and message.get("op") == "haps" and not message.get("whole"):
            self._whole = True
            self._engine.send({"op": "watch"})
        else:
            self._outbox.put_nowait(message)


class Stage:
    """The application.

    Args:
        runtime: The session's folder.
        key: That of its doors.
        token: What the address has to hold.
    """

    def __init__(self, runtime: Path, key: bytes, token: str) -> None:
        self._runtime = runtime
        self._key = key
        self._token = token
        self._guests = 0

    def app(self) -> Starlette:
        """What a server serves."""
        routes = [
            Route("/", self._page),
            WebSocketRoute("/live", self._live),
            Mount("/", StaticFiles(directory=PAGE)),  # nothing in it that is anybody's
        ]
        return Starlette(routes=routes)

    async def _page(self, request: Request) -> Response:
        if not self._allowed(request.query_params.get("token")):
            text = "this address lacks its token: open the one that `sempre stage` has printed"
            return PlainTextResponse(text, status_code=403)
        return Response((PAGE / "index.html").read_bytes(), media_type="text/html")

    async def _live(self, socket: WebSocket) -> None:
        if not self._allowed(socket.query_params.get("token")) or self._guests >= GUESTS:
            await socket.close(4403)
            return
        await socket.accept()
        self._guests += 1
        try:
            await Guest(socket, self._runtime, self._key).stay()
        finally:
            self._guests -= 1

    def _allowed(self, token: str | None) -> bool:
        return hmac.compare_digest((token or "").encode(), self._token.encode())


def _read(text: str) -> Message:
    if len(text) > LONGEST:
        return {}
    with contextlib.suppress(ValueError, RecursionError):
        message: object = json.loads(text)
        if isinstance(message, dict):
            return cast("Message", message)
    return {}


def serve(runtime: Path, key: bytes, listening: socket.socket, token: str) -> None:
    """Serve the page until the session ends, or Ctrl-C.

    Args:
        runtime: The session's folder.
        key: That of its doors.
        listening: Where browsers come in.
        token: What the address has to hold.
    """
    app = Stage(runtime, key, token).app()
    config = uvicorn.Config(
        app,
        ws="websockets-sansio",
        log_level="warning",
        access_log=False,
        lifespan="off",
        server_header=False,
        headers=HEADERS,
        timeout_graceful_shutdown=1,
    )
    server = uvicorn.Server(config)

    def over(message: Message | None = None) -> None:
        if message is None or message.get("op") == "bye":
            server.should_exit = True

    session = Client(
        address(runtime, "supervisor"), key, over, lambda: None, over, patience=PATIENCE, again=False
    )
    session.start("stage: supervisor's door")
    server.run(sockets=[listening])
    session.close()
