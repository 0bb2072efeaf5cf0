"""MIDI from the system's own ports: polled, timed by the deltas that the system's driver counts.

A callback would need Python at the moment of each message: measured, messages were lost and others came
0.18 s late beside a busy thread, while polling loses none and the driver's deltas stay right.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Protocol

from bridge.errors import BridgeError
from bridge.midi_in_ports import Wanted
from bridge.outlet import Lookout
from bridge.rt_midi import api_number, input_names, named
from bridge.worker import pause, realtime, start_thread

if TYPE_CHECKING:
    from collections.abc import Iterable

    import rtmidi
    import rtmidi2

    from bridge.clock import SharedClock
    from bridge.event import Seconds
    from bridge.midi_in_ports import Hearing

SEEK = 0.5
"""Seconds between two looks for ports; listing them takes up to 47 ms."""
POLL = 0.001
"""Seconds between two looks for messages."""
APART = 0.02
"""Seconds by which the sum of the deltas may differ from our clock before it is taken anew."""


class Poll(Protocol):
    """A MIDI input, by whichever binding."""

    def take(self) -> tuple[bytes, float] | None:
        """The next message and the seconds since the one before it, or None."""
        ...

    def close(self) -> None:
        """Let go of the port."""
        ...


class _RtMidiPoll:
    def __init__(self, port: rtmidi.MidiIn, error: type[Exception]) -> None:
        self._port = port
        self._error = error

    def take(self) -> tuple[bytes, float] | None:
        found = self._port.get_message()
        return None if found is None else (bytes(found[0]), found[1])

    def close(self) -> None:
        with named(self._error):
            self._port.close_port()
            # Else its client stays until somebody collects it, and keeps its name from the next.
            self._port.delete()


class _RtMidi2Poll:
    def __init__(self, port: rtmidi2.MidiIn) -> None:
        self._port = port

    def take(self) -> tuple[bytes, float] | None:
        found = self._port.get_message()
        return None if not found else (bytes(found), self._port.deltatime)

    def close(self) -> None:
        with named(RuntimeError):
            self._port.close_port()


def open_poll(api: str, client: str, port: int | str, *, clock: bool = False) -> Poll:
    """Open an input.

    Args:
        api: As for `bridge.rt_midi.load_binding`.
        client: The name under which others see us.
        port: Its place among `input_names`, or the name of a port of our own that others can connect to.
        clock: Whether its clock is heard, too.

    Raises:
        BridgeError: The system fails.
        NotImplementedError: The system has no ports of our own.
    """
    try:
        import rtmidi
    except ImportError:
        import rtmidi2

        with named(RuntimeError):
            other = rtmidi2.MidiIn(client, 1024, api_number(rtmidi2, api))
            other.ignore_types(midi_sysex=True, midi_time=not clock, midi_sense=True)
            other.open_virtual_port(port) if isinstance(port, str) else other.open_port(port)
        return _RtMidi2Poll(other)
    with named(rtmidi.RtMidiError):
        one = rtmidi.MidiIn(api_number(rtmidi, api), client)
        one.ignore_types(sysex=True, timing=not clock, active_sense=True)
        one.open_virtual_port(port) if isinstance(port, str) else one.open_port(port)
    return _RtMidiPoll(one, rtmidi.RtMidiError)


class _Ear:
    """One port that is open: adds its deltas up."""

    def __init__(self, name: str, poll: Poll) -> None:
        self.name = name
        self.poll = poll
        self._last: Seconds | None = None

    def stamp(self, delta: float, now: Seconds) -> Seconds:
        """When a message came, by the driver's count; by ours after a silence, or where the two part."""
        at = now if self._last is None else self._last + delta
        if not now - APART <= at <= now:
            at = now
        self._last = at
        return at


class SystemIn:
    """A port of our own where the system has such, and each port that is listened to.

    Args:
        clock: The session's timeline.
        hearing: Is told what comes.
        api: See `bridge.rt_midi.load_binding`.
        name: Of our port.

    Raises:
        BridgeError: The system has no MIDI; says what is missing.
    """

    def __init__(
        self, clock: SharedClock, hearing: Hearing, api: str = "system", name: str = "Sempre"
    ) -> None:
        self._clock = clock
        self._hearing = hearing
        self._api = api
        self._name = name
        self._wanted = Wanted(name, hearing.notice)
        self._said: set[str] = set()
        # Replaced, never changed in place: the polling thread reads it.
        self._ears: tuple[_Ear, ...] = ()
        self._open = True
        self._names()  # raises where there is no MIDI
        self._virtual = True
        try:
            self._ears = (_Ear(name, open_poll(api, f"{name} in", name)),)
        except (NotImplementedError, BridgeError):
            self._virtual = False
        self._lookout = Lookout("MIDI inputs", SEEK, lambda _: self._look())
        start_thread("MIDI in", self._poll)

    @property
    def text(self) -> str:
        """Where our own port is to be found, and what is listened to."""
        own = [f'virtual port "{self._name}"'] if self._virtual else []
        heard = [ear.name for ear in self._ears if ear.name != self._name]
        return "MIDI in: " + ("; ".join([*own, ", ".join(heard)]).strip("; ") or "no port is here")

    def want(self, parts: Iterable[str]) -> None:
        """Listen to the ports that have these in their names, from now on and whenever they are there."""
        self._wanted.parts = frozenset(parts)
        self._lookout.now()

    def close(self) -> None:
        """Let go of all ports."""
        self._open = False
        self._lookout.close()
        for ear in self._ears:
            with contextlib.suppress(BridgeError):
                ear.poll.close()

    def _names(self) -> list[str]:
        return input_names(self._api)

    def _poll(self) -> None:
        realtime(50)
        while self._open:
            now = self._clock.now()
            for ear in self._ears:
                while (found := ear.poll.take()) is not None:
                    message, delta = found
                    self._hearing.heard(ear.name, ear.stamp(delta, now), message)
            pause(POLL)

    def _look(self) -> None:
        if not self._open:
            return
        try:
            names = self._names()
        except BridgeError as error:
            self._once(str(error))
            return
        wanted = self._wanted.among(names, names)
        for ear in self._ears:
            if ear.name not in wanted and ear.name != self._name:
                self._ears = tuple(one for one in self._ears if one is not ear)
                with contextlib.suppress(BridgeError):
                    ear.poll.close()
                if ear.name not in names:
                    gone = f"{ear.name} is gone"
                    self._hearing.notice(f"MIDI in: {gone}; it is heard again as soon as it is back")
                self._hearing.lost(ear.name)
        known = {ear.name for ear in self._ears}
        for name in sorted(wanted - known):
            try:
                poll = open_poll(self._api, f"{self._name} in", names.index(name))
            except BridgeError as error:
                self._once(f"MIDI in: {name}: {error}")
                continue
            self._ears = (*self._ears, _Ear(name, poll))
            self._hearing.notice(f"MIDI in: {name} is heard")

    def _once(self, text: str) -> None:
        if text not in self._said:
            self._said.add(text)
            self._hearing.notice(text)
