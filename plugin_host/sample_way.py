"""The way through a recording that an event asks for: from where, how fast, how long, and round what."""

import math
from dataclasses import dataclass
from typing import Final

from plugin_host.audio import Audio
from plugin_host.controls import Controls
from plugin_host.recordings import SHORTEST, Recording
from plugin_host.zones import Zone

__all__ = ["ENDLESS", "Way", "way_of"]

ENDLESS: Final = 1e15
"""Frames that no voice sounds for: that of one that goes round."""


@dataclass(frozen=True, slots=True)
class Way:
    """A way through a recording, in its frames and in those of the rack.

    Args:
        source: What is read.
        start: The frame of the source at which it begins.
        step: Frames of the source for each of the rack's; negative is backwards.
        ramp: By how much the step grows from frame to frame.
        length: How many frames of the rack it lasts.
        trimmed: Whether it begins or ends within the sound, and so has to be faded there.
        gated: Whether it ends with its event.
        turn: The place at which it goes back; 0 is never.
        size: The frames that it goes back there.
        leaves: Whether it goes on to the end of the recording when its event ends.
    """

    source: Audio
    start: float
    step: float
    ramp: float
    length: float
    trimmed: bool
    gated: bool
    turn: float = 0.0
    size: float = 0.0
    leaves: bool = False


def way_of(recording: Recording, controls: Controls, step: float, rate: int, zone: Zone | None) -> Way | None:
    """The way that an event asks for; None if there is nothing to be heard.

    Args:
        recording: What is played.
        controls: What the event says.
        step: How fast, with all that bends it; negative is backwards.
        rate: Frames a second of the rack.
        zone: What else is said of the recording.

    Source: SuperDirt's `DirtEvent` for `unit`, `accelerate`, and an `end` before the `begin`; Strudel's
        player for `loop`, and for a speed in cycles that has the tempo in it already.
    """
    whole = recording.whole
    first, last = 0.0, float(whole.shape[1])
    if zone is not None:
        first = min(zone.first * recording.scale, last)
        last = last if zone.last is None else min(zone.last * recording.scale, last)
    if controls.unit == "c":
        step *= whole.shape[1] / recording.step / rate
    if controls.end < controls.begin:
        step = -step
    step *= recording.step
    begin, end = sorted(first + share * (last - first) for share in (controls.begin, controls.end))
    if step == 0 or end - begin < 1 or whole.shape[1] < SHORTEST:
        return None
    trimmed = min(controls.begin, controls.end) > 0 or max(controls.begin, controls.end) < 1 or step < 0
    trimmed |= zone is not None and (zone.first > 0 or zone.last is not None)
    start = begin if step > 0 else end - 1
    gated = controls.gated or controls.loop or (zone is not None and zone.gated)
    if controls.loop and step > 0:
        ends = sorted(share * whole.shape[1] for share in (controls.loop_begin, controls.loop_end))
        size = ends[1] - ends[0]
        if size >= 1:
            return Way(whole, start, step, 0.0, ENDLESS, trimmed, gated=True, turn=ends[1], size=size)
    if recording.turn and step > 0 and zone is not None:
        turn, size = float(recording.turn), float(recording.size)
        source = recording.audio
        return Way(source, start, step, 0.0, ENDLESS, trimmed, gated, turn, size, leaves=zone.sustained)
    then = step * max(0.0, 1 + controls.accelerate)
    reach = end - begin
    if controls.unit == "s":
        # `begin` and `end` are so many seconds apart then, whatever its speed; there may be less of it.
        asked = abs(controls.end - controls.begin) * rate * abs(step + then) / 2
        reach = min(asked, last - start if step > 0 else start - first + 1)
    length = max(1.0, math.ceil(reach / (abs(step + then) / 2)))
    ramp = (then - step) / length
    return Way(whole, start, step, ramp, length, trimmed, gated)
