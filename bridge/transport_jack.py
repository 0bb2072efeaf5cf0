"""JACK's transport: where it is and whether it rolls, its beat if somebody tells it, and ours told to all."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from bridge.clock_out import PER_BEAT, Course

if TYPE_CHECKING:
    from collections.abc import Callable

    from jack import Client, JackPosition

    from bridge.event import Seconds

NAME = "jack"
"""Under which it is followed."""
BBT = 0x10
"""What JACK calls `JackPositionBBT`: that somebody has told bar and beat."""
FINE = 1 << 20
"""Parts of a cycle in which we are told apart: finer than a sample."""
PER_TICK = 1920.0
"""Ticks of a beat that we tell: a multiple of what everybody has."""


class JackTransport:
    """Follows the server's transport, and moves it; `hear` and `tell` belong to the process callback.

    Args:
        notice: Takes one line for the musician.
        news: Told when the transport has started, stopped or been moved: that shall be known at once.
    """

    def __init__(self, notice: Callable[[str], None], news: Callable[[], object] = lambda: None) -> None:
        self._notice = notice
        self._news = news
        self._on = self._leads = False
        self._client: Client | None = None
        self._told = False
        self._course: Course | None = None
        self._period: tuple[int, int, float] = (0, 1, 1.0)
        self._moves = self._begun_frame = 0
        self._began: Seconds = 0.0
        self._begun: float | None = None
        self._rolling = False
        self._fresh = True
        self._expected = 0
        # Replaced as a whole by the callback, so that whoever reads it finds what belongs together.
        self._said: dict[str, object] | None = None

    @property
    def on(self) -> bool:
        """Whether it is followed."""
        return self._on

    def follow(self, *, on: bool, leads: bool) -> None:
        """Follow it or no more; `leads` tells everybody else our tempo and our beat."""
        if on != self._on:
            self._moves, self._fresh, self._said = 0, True, None
        self._on, self._leads = on, on and leads

    def use(self, course: Course) -> None:
        """Know our line of time, for whoever reads our beat."""
        self._course = course

    def settle(self, client: Client | None) -> None:
        """Become the one whose beat is told, or let go of that; called by the port thread.

        Raises:
            jack.JackError: The server is about to go.
        """
        if client is not self._client:
            self._client, self._told = client, False
        if client is None or self._leads == self._told:
            return
        self._told = self._leads
        if not self._leads:
            client.release_timebase()
        elif client.set_timebase_callback(self._tell, conditional=True):
            self._notice("JACK transport: bars and beats are ours")
        else:
            self._notice("JACK transport: another program tells bars and beats, ours are not told")

    def command(self, what: str, frame: int = 0) -> None:
        """Let the transport start, stop, or go to a frame: "start", "stop", "locate"."""
        client = self._client
        if client is None:
            return
        if what == "start":
            client.transport_start()
        elif what == "stop":
            client.transport_stop()
        else:
            client.transport_locate(frame)

    def hear(self, client: Client, first: int, rate: float, frames: int, rolls: object) -> None:
        """Look where the transport is in this period.

        Args:
            client: Ours.
            first: The first frame of the period, on our timeline.
            rate: Frames a second.
            frames: Of the period.
            rolls: What the library calls rolling.
        """
        self._period = (first, frames, rate)
        if not self._on:
            return
        state, position = client.transport_query_struct()
        rolling, frame = state == rolls, int(position.frame)
        # Whoever begins to follow goes on as it is; what happens from then on is followed.
        moved = not self._fresh and (rolling != self._rolling or (rolling and frame != self._expected))
        self._fresh = False
        # What we tell ourselves is no news.
        beat = _beat(position) if position.valid & BBT and not self._told else None
        if moved and rolling:
            self._began, self._begun_frame, self._begun = first / rate, frame, beat
        self._expected = frame + frames
        self._rolling = rolling
        bpm = float(position.beats_per_minute) if beat is not None else 0.0
        self._said = {
            "port": NAME,
            "state": ("locked" if bpm > 0 else "rolling") if rolling else "stopped",
            "at": first / rate,
            "period": 60 / bpm / PER_BEAT if bpm > 0 else 0.0,
            "tick": beat * PER_BEAT if rolling and beat is not None else None,
            "moves": self._moves + moved,
            "rolling": rolling,
            "begun": None if self._begun is None else self._begun * PER_BEAT,
            "began": self._began,
            "seconds": self._begun_frame / rate,
            "rate": rate,
        }
        if moved:
            self._moves += 1
            self._news()

    def said(self) -> dict[str, object] | None:
        """What is known of it; None if it is not followed, or not yet known."""
        return self._said if self._on else None

    def _tell(self, state: int, frames: int, position: JackPosition, new: bool) -> None:
        """Fill in bar, beat and tempo for the period after this one."""
        del state, new
        course = self._course
        if course is None:
            return
        first, _, rate = self._period
        when = (first + frames) / rate
        beats = float(course.beats)
        passed = Fraction(round(course.tempo.cycle_at(when) * FINE), FINE)
        cycle = max(0.0, float(course.transport.position(passed)))
        bar = int(cycle)
        beat = (cycle - bar) * beats
        tick = (beat - int(beat)) * PER_TICK
        position.bar, position.beat, position.tick = bar + 1, int(beat) + 1, int(tick)
        position.bar_start_tick = bar * beats * PER_TICK
        position.beats_per_bar, position.beat_type, position.ticks_per_beat = beats, 4.0, PER_TICK
        position.beats_per_minute = course.tempo.cps_at(when) * 60 * beats
        position.valid |= BBT


def _beat(position: JackPosition) -> float:
    """Beats since the begin of the song."""
    whole = (position.bar - 1) * position.beats_per_bar + position.beat - 1
    return whole + position.tick / (position.ticks_per_beat or PER_TICK)
