"""How far ahead of what sounds the layers are asked, and in what portions."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING

from bridge.place import exact

if TYPE_CHECKING:
    from bridge.event import Seconds
    from bridge.tempo import Tempo

FAR = 2.5
"""Seconds sent ahead for a layer that reads no live input: what the sinks can play without an engine."""
STRIDE = 0.1
"""Seconds by which that is extended at a time."""
NEAR = 0.1
"""Seconds sent ahead (plus the sink's latency) for a layer that follows live input: measured, one C
call can hold the engine for 45 ms; 50 ms of lookahead then lost events, 100 ms lost none."""
PORTION = 0.25
"""Seconds of a layer that are asked for and sent at a time where it has yet to get that far ahead. Its first
beat must not wait for the rest, nor for its neighbours' rest: on a busy machine the first notes of a piece of
three layers with ramps were up to 90 ms late."""
FINEST = Fraction(1, 1 << 20)
"""Cycles of the smallest portion."""


def far_horizon(now: Seconds, far: Seconds) -> Seconds:
    """Up to when a layer is asked that reads no live input.

    In strides: asking for every few milliseconds of a far future costs much and gains nothing.

    >>> far_horizon(0.02, 2.5)
    2.6
    """
    return math.ceil((now + far) / STRIDE) * STRIDE


def near_horizon(now: Seconds, latency: Seconds) -> Seconds:
    """Up to when a layer is asked that follows live input, which its sinks want so much earlier."""
    return now + NEAR + latency


def portion_end(begin: Fraction, tempo: Tempo, portion: Seconds = PORTION) -> Fraction:
    """How far is asked at a time from a cycle on.

    >>> from bridge.tempo import Tempo
    >>> portion_end(Fraction(1), Tempo.steady(0.5))
    Fraction(9, 8)
    """
    # However slow the tempo, there is a next one.
    return max(exact(tempo.cycle_at(tempo.time_at(begin) + portion)), begin + FINEST)
