"""What a musician writes to have others follow our clock: `midi_clock`."""

from __future__ import annotations

from dataclasses import dataclass

from bridge.errors import BridgeError


@dataclass(frozen=True, slots=True)
class MidiClock:
    """A port that is to get MIDI clock.

    Args:
        port: A part of its name; None is our own virtual port.
        always: Whether ticks go on while the music stands.
        on: Whether it gets the clock at all.
    """

    port: str | None = None
    always: bool = True
    on: bool = True

    def to_json(self) -> list[object]:
        """For handing over; `MidiClock(*row)` is the reverse."""
        return [self.port, self.always, self.on]


def midi_clock(port: str | None = None, *, always: bool = True, on: bool = True) -> MidiClock:
    """Say which port gets MIDI clock.

    Args:
        port: A part of the port's name; without it our own virtual port "Sempre".
        always: Let ticks go on while the music stands, so that machines keep the tempo; False is silence.
        on: False takes the clock from a port that has it.

    >>> midi_clock("Volca").port
    'Volca'

    Raises:
        BridgeError: The port's name is no text, or empty.
    """
    if port is not None and (not isinstance(port, str) or not port.strip()):  # pyright: ignore[reportUnnecessaryIsInstance] - a musician may write anything
        raise BridgeError(f"midi_clock: port is a part of a port's name, as text (got {port!r})")
    return MidiClock(None if port is None else str(port), bool(always), bool(on))
