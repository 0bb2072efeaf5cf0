"""The table of controls: their rows, by family in modules of their own, and their keys in an event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from patterns.control_rows import Control
from patterns.device_controls import DEVICES
from patterns.effect_controls import EFFECTS
from patterns.sound_controls import SOUNDS
from patterns.synth_controls import SYNTHESIS

__all__ = ["KEYS", "TABLE", "Control", "key_of", "with_keys"]

TABLE: tuple[Control, ...] = (*SOUNDS, *EFFECTS, *SYNTHESIS, *DEVICES)


def key_of(control: Control) -> str:
    """Give the key of a control in an event: Strudel's spelling, which is what goes out by OSC.

    >>> [key_of(control) for control in TABLE if control.name in {"gain", "legato", "loop_begin"}]
    ['gain', 'clip', 'loopBegin']
    """
    head, *rest = control.name.split("_")
    return control.key or head + "".join(part.capitalize() for part in rest)


KEYS: dict[str, str] = {
    name: key_of(control) for control in TABLE for name in (control.name, *control.aliases)
}
"""Every name of a control → its key in an event."""


def with_keys(controls: Mapping[str, Any]) -> dict[str, Any]:
    """Write a dict of controls with the keys that events have: whoever writes one writes names.

    >>> with_keys({"legato": 0.5, "hpf": 300, "mine": 1})
    {'clip': 0.5, 'hcutoff': 300, 'mine': 1}
    """
    return {KEYS.get(name, name): value for name, value in controls.items()}
