"""What is said of a control, and the families of controls that are made by rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Control:
    """One control.

    Args:
        name: How it is called.
        doc: What it does, without a full stop.
        range: Range and unit, for people.
        aliases: Other names for the same key.
        spreads: Keys of the further values of a list such as `bd:3`.
        numeric: Whether its value must be a number.
        example: How to write it.
        strudel: Strudel's name where it is not ours in camel case; empty if it has none.
        key: The key in an event, where it is not the name in camel case.
        lists: Whether a list such as `1:0:.5` is one value.
        fill: What a value missing from a list becomes: "" leaves it out, "first" repeats the first.
        preset: Keys and values that are set as well, unless the list says otherwise.
        alone: Whether it is a function as well as a method; not where pieces call something else so.
    """

    name: str
    doc: str
    range: str = ""
    aliases: tuple[str, ...] = ()
    spreads: tuple[str, ...] = ()
    numeric: bool = True
    example: str = ""
    strudel: str | None = None
    key: str = ""
    lists: bool = False
    fill: str = ""
    preset: tuple[tuple[str, Any], ...] = ()
    alone: bool = True


def words(name: str, doc: str, *aliases: str, spreads: tuple[str, ...] = (), example: str = "") -> Control:
    """Describe a control whose value may be a word.

    Args:
        name: How it is called.
        doc: What it does, without a full stop.
        aliases: Other names for the same key.
        spreads: Keys of the further values of a list such as `bd:3`.
        example: How to write it.
    """
    return Control(name, doc, "", aliases, spreads, numeric=False, example=example)


def modulation(short: str, what: str) -> tuple[Control, ...]:
    """The family that moves a filter's or wavetable's parameter.

    Args:
        short: What their names begin with.
        what: What it is that swings.
    """
    return (
        Control(f"{short}rate", f"Speed at which {what} swings", "Hz"),
        Control(f"{short}sync", f"Speed at which {what} swings", "times a cycle"),
        Control(f"{short}depth", f"How far {what} swings", "0 and more"),
        Control(f"{short}shape", f"Shape in which {what} swings", "0 and more: tri, sine, ramp, saw, square"),
        Control(f"{short}dc", f"Middle around which {what} swings", "-1 to 1"),
        Control(f"{short}skew", f"How uneven {what} swings", "0 to 1, .5 is even"),
    )


def envelope(short: str, what: str, aliases: tuple[str, str, str, str]) -> tuple[Control, ...]:
    """The four times and levels of an envelope.

    Args:
        short: What their names begin with.
        what: Whose envelope it is.
        aliases: Another name for each of the four.
    """
    attack, decay, sustain, release = aliases
    return (
        Control(f"{short}attack", f"Attack of {what}", "seconds", (attack,)),
        Control(f"{short}decay", f"Decay of {what}", "seconds", (decay,)),
        Control(f"{short}sustain", f"Level held by {what}", "0 to 1", (sustain,)),
        Control(f"{short}release", f"Release of {what}", "seconds", (release,)),
    )
