"""The drums of the kit by name, for those who name them and those who make them."""

from typing import Final

__all__ = ["ALIASES", "GENERAL_MIDI", "NAMES", "is_kick"]

NAMES: Final = (
    "bd", "sd", "rs", "cp", "hh", "oh", "lt", "mt", "ht", "cr", "rd", "sh", "cb", "cl", "tb", "cg",
)  # fmt: skip

ALIASES: Final = {
    "kick": "bd", "bassdrum": "bd", "snare": "sd", "sn": "sd", "rim": "rs", "rimshot": "rs", "clap": "cp",
    "hat": "hh", "ch": "hh", "hc": "hh", "ho": "oh", "openhat": "oh", "crash": "cr", "cy": "cr",
    "ride": "rd", "shaker": "sh", "cowbell": "cb", "claves": "cl", "tambourine": "tb", "conga": "cg",
    "tom": "mt",
}  # fmt: skip

GENERAL_MIDI: Final = {
    35: "bd", 36: "bd", 37: "rs", 38: "sd", 39: "cp", 40: "sd", 41: "lt", 42: "hh", 43: "lt", 44: "hh",
    45: "lt", 46: "oh", 47: "mt", 48: "mt", 49: "cr", 50: "ht", 51: "rd", 53: "rd", 54: "tb", 56: "cb",
    57: "cr", 59: "rd", 63: "cg", 64: "cg", 70: "sh", 75: "cl", 82: "sh",
}  # fmt: skip
"""Which drum a note number means when an event names no sound."""


def is_kick(s: str | None, note: float | None, *, named: bool) -> bool:
    """Whether an event strikes the kick drum.

    Args:
        s: The sound that it names.
        note: Its note.
        named: Whether notes are drums here, as in General MIDI.
    """
    if s is None:
        return named and round(note or 36) in {35, 36}
    return ALIASES.get(s.lower(), s.lower()) == "bd"
