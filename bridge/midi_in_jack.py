"""MIDI from JACK, each message with its exact frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.errors import BridgeError
from bridge.jack_open import open_client
from bridge.midi_in_ports import Wanted
from bridge.outlet import Lookout

if TYPE_CHECKING:
    from collections.abc import Iterable

    from jack import OwnMidiPort

    from bridge.clock import SharedClock
    from bridge.midi_in_ports import Hearing

SEEK = 0.25
"""Seconds between two looks at the ports that are there."""
BACK = 0.3
"""Seconds between two attempts to come back to a server that was gone."""
PORTS = 64
"""Ports of ours that are made at most; one that is let go is used again."""


class JackIn:
    """Our input port, and one more for each port that is listened to, so that it is known who speaks.

    All that registers or connects happens in one thread, as JACK demands.

    Args:
        clock: The session's, which the output process ties to the server's frames.
        hearing: Is told what comes.
        name: Of the session's ports; our client is called so with " in" behind it.

    Raises:
        BridgeError: There is no JACK library or no server.
    """

    def __init__(self, clock: SharedClock, hearing: Hearing, name: str = "Sempre") -> None:
        self._clock = clock
        self._hearing = hearing
        self._name = name
        self._wanted = Wanted(name, hearing.notice)
        self._alive = False
        self._open = True
        self._looked = 0.0
        # Replaced, never changed in place: the callback reads it.
        self._ears: tuple[tuple[str, OwnMidiPort], ...] = ()
        self._spare: list[OwnMidiPort] = []
        self._period: tuple[int, list[tuple[str, int, bytes]]] = (-1, [])
        self._connect()
        self._lookout = Lookout("MIDI inputs", SEEK, self._look)

    @property
    def text(self) -> str:
        """Where our own port is to be found, and what is listened to."""
        if not self._alive:
            return "MIDI in: JACK is gone, waiting for it"
        names = [name for name, _ in self._ears[1:]]
        more = f"; {', '.join(names)}" if names else ""
        return f'MIDI in: JACK, virtual port "{self._own}"{more}'

    def want(self, parts: Iterable[str]) -> None:
        """Listen to the ports that have these in their names, from now on and whenever they are there."""
        self._wanted.parts = frozenset(parts)
        self._lookout.now()

    def close(self) -> None:
        """Let go of all ports."""
        self._open = False
        self._lookout.close()
        if self._alive:
            self._client.deactivate(ignore_errors=True)
            self._client.close(ignore_errors=True)

    def _connect(self) -> None:
        client = self._client = open_client(f"{self._name} in")

        import jack

        self._jack = jack
        try:
            own = client.midi_inports.register("in")
            self._own = own.name
            self._ears, self._spare = ((self._name, own),), []
            client.set_process_callback(self._process)
            client.set_shutdown_callback(self._server_gone)
            client.activate()
        except jack.JackError as error:
            raise BridgeError(f"the JACK server went while we set up our client ({error})") from error
        self._alive = True

    def _process(self, _frames: int) -> None:
        try:
            self._hear()
        except Exception as error:  # noqa: BLE001 - seam two: an error in the callback would end MIDI in until a restart
            self._hearing.notice(f"MIDI in: {type(error).__name__}: {error}")

    def _hear(self) -> None:
        frame = self._client.last_frame_time
        rows = [
            (name, offset, bytes(data))
            for name, port in self._ears
            for offset, data in port.incoming_midi_events()
        ]
        # A server that was late runs its clients twice in a period: what was heard is not heard again.
        known = self._period[1] if self._period[0] == frame else []
        self._period = frame, rows
        if not rows:
            return
        mapping = self._clock.mapping()
        rate = mapping.frame_rate
        first = self._clock.unwrap(frame) + mapping.frame_offset if rate else 0
        for row in rows:
            if row not in known:
                name, offset, data = row
                at = (first + offset) / rate if rate else self._clock.now()
                self._hearing.heard(name, at, data)

    def _look(self, now: float) -> None:
        if not self._open:
            return
        if self._alive:
            try:
                self._seek()
            except self._jack.JackError:
                # A port that came or went a moment ago: the next look finds it as it is.
                return
        elif now - self._looked > BACK:
            self._looked = now
            for name, _ in self._ears:
                self._hearing.lost(name)
            self._ears = ()
            try:
                self._connect()
            except BridgeError:
                return
            self._hearing.notice(self.text)

    def _seek(self) -> None:
        outputs = self._client.get_ports(is_midi=True, is_output=True)
        found = self._wanted.among([p.name for p in outputs], [p.name for p in outputs if p.is_physical])
        there = {port.name for port in outputs}
        for name, port in self._ears[1:]:
            if name not in found:
                if name in there:
                    self._client.disconnect(name, port)
                else:
                    self._hearing.notice(f"MIDI in: {name} is gone; it is heard again as soon as it is back")
                self._ears = tuple(ear for ear in self._ears if ear[1] is not port)
                self._spare.append(port)
                self._hearing.lost(name)
        known = {name for name, _ in self._ears}
        for name in sorted(found - known):
            if len(self._ears) >= PORTS:
                return
            port = self._spare.pop() if self._spare else self._register()
            try:
                self._client.connect(name, port)
            except self._jack.JackError:
                self._spare.append(port)
                raise
            self._ears = (*self._ears, (name, port))
            self._hearing.notice(f"MIDI in: {name} is heard")

    def _register(self) -> OwnMidiPort:
        return self._client.midi_inports.register(f"from {len(self._ears) + len(self._spare)}")

    def _server_gone(self, *_: object) -> None:
        self._alive = False
