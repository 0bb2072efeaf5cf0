"""The process in which OSC comes in: tablets and other programs set the inputs of a piece, and command it.

It is one of its own because a flood of packets must hold up neither the engine nor what sends notes, and
because it goes on while an engine hangs or is replaced: what was moved meanwhile is told to the next one.
It runs no user code. Started as `python -m bridge.surfaces CONFIG`.
"""

from __future__ import annotations

import os
import sys
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from bridge.clock import SharedClock, monotonic, time_at_wall
from bridge.discovery import Announcement
from bridge.engine_link import EngineLink, Said
from bridge.errors import BridgeError
from bridge.hub import Hub
from bridge.inlet_process import begin
from bridge.osc_hold import Hold
from bridge.osc_match import SPECIAL, matching
from bridge.osc_query import QueryServer, answer, host_info, tree
from bridge.osc_read import Message, OscError, Timed
from bridge.osc_remote import Remote
from bridge.osc_server import OscServer, Peer
from bridge.osc_write import write_message
from bridge.surface_book import Book
from bridge.surface_settings import SurfaceSettings
from bridge.worker import address, settle_memory
from patterns.inputs import Input

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.event import Seconds

EARLY = 0.5
"""Seconds before its timetag at which a position is told to the engine, which stamps it with that time: it
asks layers that follow an input up to 0.3 s ahead."""
BATCH = 0.01
"""Seconds for which positions are gathered before they are told; after a silence the first goes at once."""
BEAT = 0.25
"""Seconds between two signs of life."""
AGAIN = 2.0
"""Seconds between two attempts to have a port that belongs to somebody else."""
IDLE = 0.05
"""Seconds without a packet after which we look round."""

Row = tuple[str, float, "Seconds | None"]


class Surfaces:
    """Everything of the process but its start.

    Args:
        settings: The musician's.
        clock: The session's timeline.
        say: Tells the supervisor.
        link: Makes the line to the engine, from the functions that it calls.
    """

    def __init__(
        self,
        settings: SurfaceSettings,
        clock: SharedClock,
        say: Callable[[Said], object],
        link: Callable[[Callable[[], object], Callable[[Said], object], Callable[[], object]], EngineLink],
    ) -> None:
        self.hub = Hub()
        self.book = Book()
        self.hold = Hold()
        self._settings = settings
        self._clock = clock
        self._say = say
        self._server: OscServer | None = None
        self._said: set[str] = set()
        self._pending: dict[str, list[Row]] = {}
        self._told = self._beaten = self._tried = 0.0
        self._query: QueryServer | None = None
        self._announcement: Announcement | None = None
        post = self.hub.post
        self._link = link(
            lambda: post(self._engine_here),
            lambda message: post(partial(self._engine_says, message)),
            lambda: post(self._engine_gone),
        )
        self._remote = Remote(settings.remote, self._link.send, say, self._answer)
        for host, port in settings.tablets:
            self.book.meet(Peer("udp", host, port), monotonic(), keep=True)
        self._open()

    @property
    def port(self) -> int:
        """The port at which it listens; 0 while it has none."""
        return self._server.port if self._server is not None else 0

    @property
    def query_port(self) -> int:
        """The port at which OSCQuery is answered; 0 while it has none."""
        return self._query.port if self._query is not None else 0

    @property
    def packets(self) -> int:
        """How many packets have come."""
        return self._server.packets if self._server is not None else 0

    def turn(self) -> None:
        """Wait a moment for packets, and do all that is due."""
        self.hub.turn(self._wait())
        now = self._clock.now()
        for at, peer, message in self.hold.due(now):
            self._do(message, peer, at)
        self._tell_engine()
        self._tell_surfaces()
        self._look_round()

    def close(self) -> None:
        """Let go of the ports."""
        for one in (self._announcement, self._query):
            if one is not None:
                one.close()
        if self._server is not None:
            self._server.close()
        self.hub.close()

    # What comes in.

    def packet(self, found: list[Timed], peer: Peer) -> None:
        """Take what was in a packet."""
        for when, message in found:
            if when is None:
                self._do(message, peer, None)
                continue
            now = self._clock.now()
            at = time_at_wall(when, self._clock)
            judged = self.hold.judge(at, now)
            if judged == "do":
                self._do(message, peer, None)
            elif judged == "hold":
                # A command is done when it is due; a position is stamped with its time.
                early = 0.0 if message.address.startswith("/sempre/") else EARLY
                self.hold.add(at - early, at, peer, message)
            else:
                hint = "is its clock right? What is meant at once has timetag 1"
                self._once(f"OSC: a bundle of {peer.host} {judged}: it is dropped; {hint}", peer.host)

    def _do(self, message: Message, peer: Peer, at: Seconds | None) -> None:
        where = message.address
        if where in self.book.targets:
            self._move(where, message, peer, at)
        elif where.startswith("/sempre/"):
            if where == "/sempre/hello":
                self._hello(peer, message)
            else:
                self._remote.take(message, peer)
        elif not SPECIAL.isdisjoint(where):
            try:
                meant = matching(where, self.book.targets)
            except OscError as error:
                self._once(f"OSC: {peer.host}: {error}", "pattern")
                return
            for one in meant:
                self._move(one, message, peer, at)
        elif self.book.inputs:
            self._once(f"OSC: {peer.host} sends {where[:60]}, which nothing here listens to", where[:60])

    def _move(self, where: str, message: Message, peer: Peer, at: Seconds | None) -> None:
        surface = self._surface(peer)
        for name, position in self.book.heard(surface, where, message.arguments, monotonic()):
            self._note(name, position, at)

    def _note(self, name: str, position: float, at: Seconds | None) -> None:
        rows = self._pending.setdefault(name, [])
        # A button that was pressed and let go within a moment was pressed all the same.
        keep = at is not None or self.book.inputs[name].kind == "button"
        if not keep or len(rows) >= 64:
            rows.clear()
        rows.append((name, position, at))

    def _surface(self, peer: Peer) -> Peer:
        """Where a surface is told things: the settings know better than its packets."""
        surface = self._settings.answer_to(peer)
        self.book.meet(surface, monotonic())
        return surface

    def _hello(self, peer: Peer, message: Message) -> None:
        """A surface says that it is there, and perhaps on which port it listens."""
        port = message.arguments[0] if message.arguments else None
        if peer.way == "udp" and isinstance(port, int) and 0 < port < 65536:
            self._settings.ports[peer.host] = port
        surface = self._surface(peer)
        self.book.renew(surface)

    def _answer(self, peer: Peer, where: str, arguments: list[object]) -> None:
        if self._server is not None:
            self._server.send(peer, write_message(where, arguments))

    def _gone(self, peer: Peer) -> None:
        self.book.forget(peer)

    # The engine.

    def _engine_here(self) -> None:
        self._link.send({"op": "inputs"})

    def _engine_says(self, message: Said) -> None:
        op = message.get("op")
        if op == "inputs":
            self._declare(message)
        elif op == "turned":
            self.book.turned(str(message.get("name")), cast("float", message.get("position", 0.0)))
        elif op in ("result", "status"):
            self._remote.engine_says(message)

    def _declare(self, message: Said) -> None:
        inputs = [Input(**row) for row in cast("list[dict[str, Any]]", message.get("inputs", []))]
        positions = cast("dict[str, float]", message.get("positions", {}))
        for problem in self.book.declare(inputs, positions):
            self._once(f"OSC: {problem}", problem)
        # What was moved while no engine, or another one, was there.
        for name in self.book.moved & self.book.inputs.keys():
            if self.book.positions[name] != positions.get(name):
                self._note(name, self.book.positions[name], None)

    def _engine_gone(self) -> None:
        self._remote.engine_gone()

    def _tell_engine(self) -> None:
        now = monotonic()
        if not self._pending or now - self._told < BATCH or self._link.waiting:
            return
        rows = [row for found in self._pending.values() for row in found]
        if self._link.send({"op": "move", "rows": rows}):
            self._told = now
        # Without an engine nothing is kept: the next one is told where things are.
        self._pending.clear()

    # The surfaces.

    def _tell_surfaces(self) -> None:
        if self._server is None or not self.book.waiting:
            return
        for told in self.book.due(monotonic()):
            self._server.send(cast("Peer", told.surface), write_message(told.address, told.values))

    # Ourselves.

    def _wait(self) -> float:
        waits = [IDLE]
        following = self.hold.next_at
        if following is not None:
            waits.append(following - self._clock.now())
        if self._pending:
            waits.append(self._told + BATCH - monotonic())
        if self.book.waiting:
            waits.append(BATCH)
        return max(0.0, min(waits))

    def _look_round(self) -> None:
        now = monotonic()
        if now - self._beaten < BEAT:
            return
        self._beaten = now
        self._say({"op": "beat"})
        if self._server is None and now - self._tried > AGAIN:
            self._open()
        elif self._server is not None and self._server.malformed:
            self._once(
                f"OSC: {self._server.last_error} (packets that are no OSC are passed over)", "malformed"
            )

    def _open(self) -> None:
        self._tried = monotonic()
        settings = self._settings
        try:
            self._server = OscServer(self.hub, settings.port, settings.host, self.packet, self._gone)
        except BridgeError as error:
            self._once(
                f"OSC: {error}: another session, or another program, has it; [osc] port in sempre.toml"
            )
            return
        self._describe(self._server.port)
        if settings.host != "127.0.0.1":
            self._once(f"OSC: surfaces are heard on port {self.port} of the network")
        self._say({"op": "listening", "port": self.port})

    def _describe(self, port: int) -> None:
        """Let programs ask what can be sent here, and find us."""
        settings = self._settings
        with_commands = settings.remote != "off"
        try:
            self._query = QueryServer(
                self.hub,
                settings.host,
                port + 1 if settings.port else 0,
                lambda request: answer(
                    request,
                    lambda: tree(self.book, commands=with_commands),
                    lambda: host_info(settings.name, port),
                ),
            )
        except BridgeError as error:
            self._once(f"OSC: {error}: what can be sent here cannot be asked for")
        if settings.discovery and (settings.host != "127.0.0.1" or settings.announce_here):
            query = self._query.port if self._query is not None else 0
            self._announcement = Announcement(settings.name, settings.host, port, query, self._once)

    def _once(self, text: str, key: str = "") -> None:
        key = key or text
        if key not in self._said and len(self._said) < 100:
            self._said.add(key)
            self._say({"op": "notice", "text": text})


def main(arguments: list[str]) -> None:
    """Run the process until the supervisor says stop or is gone."""
    config, runtime, key, parent, over = begin(arguments)
    surfaces = Surfaces(
        SurfaceSettings.read(config["settings"].get("osc", {})),
        SharedClock(runtime / "clock"),
        parent.say,
        partial(EngineLink, address(runtime, "engine"), key),
    )
    parent.listen()
    settle_memory()
    parent.say({"op": "ready"})
    while not over:
        surfaces.turn()
    surfaces.close()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
