"""The engine's side of Sempre inside a DAW: what its instances are told, and where their hosts are."""

from __future__ import annotations

from fractions import Fraction
from functools import partial
from typing import TYPE_CHECKING

from bridge.bond_line import NAME, BondLine, Music
from bridge.clock import monotonic
from bridge.clock_out import PER_BEAT
from bridge.process_sink import ProcessSink
from bridge.watchman import Watchman
from repl.daw_sounds import DawSounds
from repl.runtime import door, key_of
from repl.session import layer_name
from repl.sinks import describe, encode
from repl.transport import PLUGIN

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bridge.bond_memory import Now
    from bridge.clock import Clock
    from bridge.scheduler import Scheduler
    from bridge.trouble import Trouble
    from repl.session import Session


MIXER = "daw"
"""The process that makes sound inside DAWs, as the supervisor calls it."""


class InsideDaw:
    """Has all instances of the plugin planned for, and tells where their hosts are.

    Args:
        runtime: The session's folder.
        session: What has been accepted.
        scheduler: What plays.
        clock: The session's.
        notice: Takes one line for the musician.
        on_trouble: Told of what is wrong with a layer.
        turned: Told of a macro that was moved in the host: its name, and where it is.
        term: Which engine of the session we are.
        need: Has the process started that makes sound inside DAWs.
    """

    def __init__(
        self,
        runtime: Path,
        session: Session,
        scheduler: Scheduler,
        clock: Clock,
        notice: Callable[[str], None],
        on_trouble: Callable[[Trouble], None],
        turned: Callable[[str, float], object],
        term: int,
        need: Callable[[str, bool], object],
    ) -> None:
        self._session = session
        self._scheduler = scheduler
        self._clock = clock
        self._moves: int | None = None
        self._begun: tuple[float, float] = (0.0, 0.0)
        sink = ProcessSink(
            MIXER,
            door(runtime, MIXER),
            key_of(runtime),
            term,
            partial(encode, cycle=0.0),
            describe,
            on_held=self._on_held,
            on_status=lambda _: None,
            on_trouble=lambda layer, text: notice(f"{layer_name(layer)}: {text}"),
        )
        self._sounds = DawSounds(sink, lambda: need(MIXER, True))
        self.prepare = self._sounds.prepare
        limit = Watchman("watch over the plugin's queries").limit
        self._line = BondLine(
            runtime.parent / NAME,
            self._music,
            notice,
            on_trouble,
            limit,
            turned,
            self._sounds.number,
            self._sounds.attend,
        )

    def _on_held(self, _held: list[int]) -> None:
        """The process is there that makes the sound: it holds nothing of ours."""
        self._sounds.come_back()

    def start(self) -> None:
        """Begin to look for instances."""
        self._line.start()

    def stop(self) -> None:
        """Let go of them: they are silent."""
        self._line.stop()

    def panic(self) -> None:
        """Silence them, now; called in any thread."""
        self._line.panic()

    def report(self) -> dict[str, object] | None:
        """Where the first of our hosts is, as `follow("plugin")` takes it; None if there is none."""
        found = next((now for _, now in self._line.hosts()), None)
        if found is None:
            return None
        at = self._clock.now() - (monotonic() - found.clock)
        if found.jumps != self._moves:
            self._moves, self._begun = found.jumps, (found.beat, at)
        return as_clock(found, at, *self._begun)

    def _music(self) -> Music:
        session, scheduler = self._session, self._scheduler
        beats = Fraction(session.beats).limit_denominator(1024)
        piece = next(iter(session.files), "")
        return Music(scheduler.places, scheduler.solo, scheduler.controls, beats, scheduler.seed, piece)


def as_clock(now: Now, at: float, beat: float, began: float) -> dict[str, object]:
    """A host as a clock that is followed, in the words of `bridge.transport_jack`.

    Args:
        now: Where it is.
        at: When it was there, on the session's timeline.
        beat: Where it began to roll, or landed.
        began: When.
    """
    return {
        "port": PLUGIN,
        "state": "locked" if now.rolls else "stopped",
        "at": at,
        "period": 60 / max(now.bpm, 1.0) / PER_BEAT,
        "tick": now.beat * PER_BEAT if now.rolls else None,
        "moves": now.jumps,
        "rolling": now.rolls,
        "begun": beat * PER_BEAT,
        "began": began,
        "seconds": now.frame / now.rate,
        "rate": 0.0,
    }
