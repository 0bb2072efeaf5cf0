"""Following another's clock: our line of time is bent towards it, so that nothing in the music jumps."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from bridge.clock_out import PER_BEAT
from bridge.tempo import BENT, STRETCH

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bridge.event import Seconds
    from bridge.tempo import Tempo

NEAR = 0.0005
"""Seconds beside the other's beat that are left alone: a change has all be sent anew that was sent ahead."""
ALIKE = 0.0003
"""Part of the tempo that is left alone: 0.04 bpm at 120."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What is known of another's clock.

    Args:
        at: Time of a tick.
        period: Seconds of a tick.
        tick: The tick's number since the song's begin; None while the other stands.
    """

    at: Seconds
    period: Seconds
    tick: int | None = None

    @staticmethod
    def from_json(said: Mapping[str, object]) -> Heard:
        """From what `bridge.clock_in.ClockIn.report` says."""
        return Heard(
            cast("float", said["at"]), cast("float", said["period"]), cast("int | None", said["tick"])
        )


def chased(
    tempo: Tempo, when: Seconds, heard: Heard, beats: float, position: float | None = None
) -> Tempo | None:
    """Our line of time from a moment on, bent so that it meets the other's; None if it is near enough.

    The place within the cycle is met, by the shorter way round, at a tempo that lies a tenth beside the
    other's at most; while the other stands, only its tempo is taken.

    Args:
        tempo: Our line.
        when: The first moment that can still be changed.
        heard: The other's clock.
        beats: Beats in a cycle.
        position: The cycle of the piece that is played at that moment; the one that passes unless given.
    """
    per_cycle = PER_BEAT * beats
    cps = 1 / (heard.period * per_cycle)
    shift = 0.0 if position is None else position - tempo.cycle_at(when)

    def apart(at: Seconds) -> float:
        if heard.tick is None:
            return 0.0
        theirs = (heard.tick + (at - heard.at) / heard.period) / per_cycle
        return math.remainder(theirs - shift - tempo.cycle_at(at), 1.0)

    last = tempo.segments[-1]
    if abs(last.cps / cps - 1) < ALIKE and not last.slope and abs(apart(max(when, last.begin)) / cps) < NEAR:
        return None  # met, or on the way to it
    away = apart(when)
    if abs(away / cps) < NEAR / 4:
        return tempo.changed(when, cps)
    stretch = max(STRETCH, abs(away / cps) / BENT)
    return tempo.changed(when, cps + away / stretch).changed(when + stretch, cps)
