"""The process that looks at what is played while somebody wants to see it; 20 times a second it tells.

It makes no sound and runs no user code: when it hangs or dies the music plays on, and the supervisor starts
it again. It computes what it shows by itself, so that the mixer only copies. Started as
`python -m repl.meters CONFIG`.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import sys
from functools import partial
from typing import TYPE_CHECKING, cast

from bridge.clock import monotonic
from bridge.engine_link import EngineLink
from bridge.errors import PeerGone
from bridge.inlet_process import begin
from bridge.worker import address, connect, pause
from plugin_host.gauges import Gauges

if TYPE_CHECKING:
    from collections.abc import Callable

    from bridge.engine_link import Said
    from bridge.worker import Connection


TURN = 0.05
"""Seconds between two pictures."""
BEAT = 1.0
"""Seconds between two signs of life."""
BEHIND = 10
"""Messages that may wait for an engine that does not read; pictures beyond are left out."""
NICE = 5
"""How far it steps back where the processors are busy: music first, then pictures."""
PATIENCE = 0.5
"""Seconds during which the mixer's door is knocked at."""


class Meters:
    """Asks the mixer, measures, tells.

    Args:
        open_mixer: Knocks at the mixer's door.
        send: Tells the engine.
        now: Seconds.
    """

    def __init__(
        self,
        open_mixer: Callable[[], Connection],
        send: Callable[[Said], object],
        now: Callable[[], float] = monotonic,
    ) -> None:
        self._open, self._send, self._now = open_mixer, send, now
        self._mixer: Connection | None = None
        self._gauges = Gauges()
        self._names: list[str] = []
        self._number = -1
        self._begun = now()

    def take(self, said: Said) -> None:
        """Take what an engine wants to be shown; what is for others is passed over."""
        if said.get("op") != "look at":
            return
        self._names = [str(one) for one in cast("list[object]", said.get("of", []))]
        number = cast("int", said.get("number", 0))
        if number != self._number:
            # What began with us is what was asked for first.
            if self._number >= 0:
                self._gauges.begin()
                self._begun = self._now()
            self._number = number

    def turn(self) -> None:
        """Look once, and tell.

        Raises:
            PeerGone: The mixer is not there.
        """
        if self._mixer is None:
            self._mixer = self._open()
        try:
            self._mixer.send_json(b"V", {"of": self._gauges.wanted(self._names)})
            kind, body = self._mixer.receive()
        except PeerGone:
            self._mixer = None
            raise
        told: dict[str, object] = json.loads(body)
        if kind != b"v" or not told:
            return
        self._gauges.look(told)
        self._send(
            {
                "op": "meters",
                "levels": told["levels"],
                "loudness": self._gauges.loudness(),
                "spectrum": self._gauges.spectra(self._names),
                "seconds": round(self._now() - self._begun, 2),
                "number": self._number,
                "lost": self._gauges.lost,
            }
        )


def main(arguments: list[str]) -> None:
    """Run the process until the supervisor says stop or is gone."""
    _, runtime, key, parent, over = begin(arguments)
    # What the link's thread hears is done in ours: it may hear before the link is all there.
    said: list[Callable[[], object]] = []
    door = address(runtime, "mixer")

    def send(message: Said) -> None:
        if engine.waiting < BEHIND:
            engine.send(message)

    def hello() -> None:
        # An engine knows of us when we have said something.
        engine.send({"op": "meters"})

    meters = Meters(lambda: connect(door, key, patience=PATIENCE), send)
    engine = EngineLink(
        address(runtime, "engine"),
        key,
        lambda: said.append(hello),
        lambda message: said.append(partial(meters.take, message)),
        lambda: None,
    )
    parent.listen()
    with contextlib.suppress(AttributeError, OSError):  # Windows has no such thing
        os.nice(NICE)
    parent.say({"op": "ready"})
    beaten = -math.inf
    while not over:
        begun = monotonic()
        while said:
            said.pop(0)()
        if begun - beaten >= BEAT:
            beaten = begun
            parent.say({"op": "beat"})
        with contextlib.suppress(PeerGone):  # a mixer that ended is started again
            meters.turn()
        pause(TURN - (monotonic() - begun))
    # Threads that wait at doors must not keep us.
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
