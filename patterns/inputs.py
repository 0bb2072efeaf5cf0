"""Live inputs as signals: pure references to names that the session answers."""

from __future__ import annotations

from typing import Any

from patterns.combine import signal
from patterns.core import Pattern
from patterns.state import Walk
from patterns.ticks import Time, to_cycles


def knob(name: str, low: float = 0.0, high: float = 1.0, default: float | None = None) -> Pattern:
    """Follow a knob or fader of the session.

    >>> knob("cutoff", 200, 4000).reads
    frozenset({'cutoff'})

    Args:
        name: Name of the input; it gives 0 to 1.
        low: Value at 0.
        high: Value at 1.
        default: Value while there is no such input; `low` if not given.
    """
    if not isinstance(name, str) or not name:  # pyright: ignore[reportUnnecessaryIsInstance] a piece is not type-checked
        raise TypeError(f"knob wants the name of an input first, found {name!r}")
    rest = low if default is None else default

    def sample(time: Time, walk: Walk) -> Any:
        try:
            value = walk.controls.at(name, to_cycles(walk.outside(time)))
        except KeyError:
            return rest
        return low + (high - low) * value

    return signal(sample, reads=frozenset({name}))
