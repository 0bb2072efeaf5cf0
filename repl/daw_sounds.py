"""What layers say whose sound comes out of the plugin inside a DAW, as numbers that it can cue."""

from __future__ import annotations

import json
from collections import OrderedDict
from dataclasses import replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Final

from bridge.bond_memory import NUMBER
from bridge.layer import route_of
from bridge.targets import PluginTarget
from repl.sinks import sound_body

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bridge.event import TimedEvent
    from bridge.layer import Target
    from bridge.process_sink import ProcessSink

KNOWN: Final = 10_000
"""Sounds that are told to a mixer that comes back."""


class DawSounds:
    """Tells the process that makes the sound what each number stands for; used by one thread.

    Args:
        sink: The way there.
        need: Has the supervisor start it.
    """

    def __init__(self, sink: ProcessSink, need: Callable[[], object]) -> None:
        self._sink, self._need = sink, need
        self._told: OrderedDict[int, tuple[PluginTarget, TimedEvent]] = OrderedDict()
        self._attended: tuple[dict[str, str], float] = ({}, 4.0)
        self._back = self._needed = False

    def number(self, target: PluginTarget, event: TimedEvent) -> bytes:
        """What a plugin says of an event.

        Args:
            target: The instance, with its instrument.
            event: What is to be played; when does not count.

        Raises:
            SempreError: It says what cannot be.
        """
        data = f"{target.key}\0{event.layer}\0".encode() + sound_body(event)
        word = blake2b(data, digest_size=NUMBER).digest()
        number = int.from_bytes(word, "little")
        if number in self._told:
            self._told.move_to_end(number)
        else:
            said = replace(event, id=number, at=0.0)
            self._told[number] = target, said
            if len(self._told) > KNOWN:
                self._told.popitem(last=False)
            self._sink.send(target, [said], 0.0)
        return word

    def attend(self, instances: Mapping[str, str], beats: float) -> None:
        """Say which instances there are with sound.

        Args:
            instances: Their files, with their names.
            beats: Quarter notes in a cycle.
        """
        if self._back:
            self._back = False
            for target, said in self._told.values():
                self._sink.send(target, [said], 0.0)
        if instances and not self._needed:
            self._needed = True
            self._need()
            self._sink.start()
        if (dict(instances), beats) != self._attended:
            self._attended = dict(instances), beats
            table = {"instances": self._attended[0], "beats": beats}
            self._sink.stand(b"I", json.dumps(table).encode())

    def prepare(self, targets: Sequence[Target]) -> Callable[[], bool]:
        """Have instruments built that are new; gives what says whether they are there.

        Args:
            targets: Where layers go; those without sound in a DAW do not count.
        """
        ours = [one for one in targets if isinstance(one, PluginTarget) and one.sound is not None]
        self._sink.prepare(ours)
        routes = {route_of(target.key) for target in ours}

        def ready() -> bool:
            # Without an instance in a DAW nobody hears them.
            return not routes or not self._needed or (self._sink.connected and routes <= self._sink.ready)

        return ready

    def come_back(self) -> None:
        """The process is there, for the first time or again; from any thread."""
        self._back = True
