"""Which controls of an event each of our instruments reads; all others change nothing there."""

from plugin_host.instrument_table import PLAIN_WAVES
from plugin_host.places import SAID
from plugin_host.specs import Instrument

__all__ = ["read_by"]

_ECHO = frozenset({"delaytime", "delaysync", "delayfeedback"})
"""What tells the echo of an orbit how to be."""
_ALL = frozenset(SAID) | frozenset(
    {
        "note", "velocity", "gain", "pan", "attack", "decay", "sustain", "release", "clip", "legato", "nudge",
        "hpf", "hcutoff", "shape", "crush", "room", "delay", "orbit",
    }
) | _ECHO  # fmt: skip
"""What every instrument reads."""
_FILTERED = _ALL | {"cutoff", "lpf", "resonance", "lpq"}
_FOREIGN = _ECHO | {"note", "velocity", "gain", "clip", "legato", "nudge", "room", "delay", "orbit"}
"""What a plugin is told by MIDI, and what is done to its sound here."""
_SAMPLED = _FILTERED | {
    "s", "n", "speed", "begin", "end", "cut", "unit", "accelerate", "loop", "loopBegin", "loopEnd",
}  # fmt: skip
_LOOPED = frozenset({"s", "pan", "speed", "begin", "end", "unit", "attack", "release"})
_WITH_SOUND = {
    "drums": _SAMPLED,
    "keys": (_ALL - {"sustain"}) | {"cutoff", "lpf"},
    **dict.fromkeys(("pluck", "bells"), (_FILTERED | {"cut"}) - {"sustain"}),
    **dict.fromkeys(
        ("strings", "texture", "noise", "bass", "pad", "lead", *PLAIN_WAVES), _FILTERED | {"cut"}
    ),
}


def read_by(instrument: Instrument) -> frozenset[str]:
    """The controls that an instrument reads, by their names in an event.

    `sustain` without `decay` is the length of the event, which all of them have; it is not meant here.

    >>> from plugin_host.specs import instrument
    >>> sorted(read_by(instrument("bass").instrument) - read_by(instrument("keys").instrument))
    ['cut', 'lpq', 'resonance', 'sustain']
    """
    if instrument.kind == "vst3":
        return _FOREIGN | frozenset(SAID)
    if instrument.kind == "bus":
        return frozenset()
    if instrument.kind == "loop":
        return _FOREIGN | _LOOPED
    if instrument.kind == "input":
        return _FOREIGN - {"note"} | {"pan"}
    if instrument.kind == "sampler" and instrument.name.lower().endswith((".sfz", ".sf2")):
        return _SAMPLED - {"s", "n"}
    return _SAMPLED if instrument.kind == "sampler" else _WITH_SOUND[instrument.name]
