"""Says, once a layer, what of its events one of our own instruments does not read."""

from __future__ import annotations

from difflib import SequenceMatcher
from functools import cache
from typing import TYPE_CHECKING

from patterns.control_table import KEYS
from patterns.parameter_names import OVER, SUCCEEDS, moved_by
from plugin_host.reading import read_by
from plugin_host.specs import Chain
from repl.sinks import SHORT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bridge.layer import Target
    from plugin_host.specs import Instrument

USUAL = {"cutoff": "lpf", "resonance": "lpq"}
"""How most call what has two names."""
UNHEARD = frozenset({"color", "cps", OVER, SUCCEEDS})
"""Controls that are not there to be heard."""


class Unplayed:
    """Notices controls that change nothing, each once for a layer and an instrument."""

    def __init__(self) -> None:
        self._told: set[tuple[str, str, str]] = set()

    def __call__(self, layer: str, target: Target, controls: Mapping[str, object]) -> str:
        """What is to be said of an event, mostly nothing.

        Args:
            layer: The layer's name; all that is played once counts as one.
            target: Where it plays; what goes out by MIDI and OSC may mean anything.
            controls: What the event says.
        """
        if not isinstance(target, Chain):
            return ""
        layer = "once" if layer.startswith("once ") else layer
        source = target.instrument
        unread = controls.keys() - read_by(source) - UNHEARD
        # Parameters that are not there are told of where they are planned, with the line.
        unread = {name for name in unread if moved_by(name) is None}
        if unread and "sustain" in unread and "decay" not in controls:
            unread.discard("sustain")  # then it is how long the event lasts
        if unread and SHORT.get(str(controls.get("s")), controls.get("s")) == source.name:
            unread.discard("s")
        if not unread:
            return ""
        fresh = [name for name in unread if (layer, source.name, name) not in self._told]
        self._told |= {(layer, source.name, name) for name in fresh}
        return f"{layer}: {unplayed(source, fresh)}" if fresh else ""


def unplayed(instrument: Instrument, controls: Sequence[str]) -> str:
    """Say that an instrument does not read some controls, and which it does, the most alike first.

    >>> from plugin_host.specs import instrument
    >>> unplayed(instrument("keys").instrument, ["lpenv"]).partition(", lfe")[0]
    'keys does not play lpenv; it plays lpf'

    Args:
        instrument: Which.
        controls: Their keys in an event.
    """
    names = [_name(key) for key in controls]
    title = {"sampler": "the sampler", "vst3": f"a plugin ({instrument.name})"}.get(
        instrument.kind, instrument.name
    )
    keys = {KEYS.get(name, name) for name in read_by(instrument)}
    read = sorted(USUAL.get(key, _name(key)) for key in keys)
    read.sort(key=lambda name: -max(_alike(name, other) for other in names))
    told = sorted(
        name if name == key or KEYS.get(key) != key else f"{name} ({key})"
        for name, key in zip(names, controls, strict=True)
    )
    return f"{title} does not play {', '.join(told)}; it plays {', '.join(read)}"


def _alike(name: str, other: str) -> float:
    begins = name.startswith(other[:2]) or other.startswith(name[:2])
    return SequenceMatcher(None, name, other).ratio() + begins


@cache
def _name(key: str) -> str:
    """The name of a control by its key in an event."""
    return next((name for name, known in KEYS.items() if known == key), key)
