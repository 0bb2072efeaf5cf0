"""Ways to hear MIDI: what they have in common, and which ports are meant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from bridge.port_names import find, is_own

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bridge.event import Seconds

EVERY = "*"
"""What stands for every keyboard that is plugged in."""


class Hearing(Protocol):
    """Whoever is told what comes in; called in a thread of the port."""

    def heard(self, port: str, at: Seconds, message: bytes) -> None:
        """A message came: from which port, when on the session's timeline, and its bytes."""
        ...

    def lost(self, port: str) -> None:
        """A port is gone."""
        ...

    def notice(self, text: str) -> None:
        """Take one line for the musician."""
        ...


class MidiIn(Protocol):
    """A way to hear."""

    @property
    def text(self) -> str:
        """Where our own port is to be found, and what is listened to."""
        ...

    def want(self, parts: Iterable[str]) -> None:
        """Listen to the ports that have these in their names, from now on and whenever they are there."""
        ...

    def close(self) -> None:
        """Let go of all ports."""
        ...


class Wanted:
    """Which ports are to be listened to, and what was said about those that are not there.

    Args:
        own: The name of our client.
        notice: Takes one line for the musician.
    """

    def __init__(self, own: str, notice: Callable[[str], None]) -> None:
        self.parts: frozenset[str] = frozenset()
        self._own = own
        self._notice = notice
        self._missed: set[str] = set()

    def among(self, names: Sequence[str], plugged: Iterable[str]) -> set[str]:
        """The ports to be listened to.

        Args:
            names: All that are there.
            plugged: Those of them that are no programs, as far as is known.
        """
        others = [name for name in names if not is_own(name, self._own)]
        found: set[str] = set()
        for part in sorted(self.parts - {EVERY}):
            name = find(part, others)
            if name is not None:
                found.add(name)
                self._missed.discard(part)
            elif part not in self._missed:
                self._missed.add(part)
                there = ", ".join(others) or "none"
                lack = f"no port has {part!r} in its name (there: {there})"
                self._notice(f"MIDI in: {lack}; it is heard as soon as it is there")
        if EVERY in self.parts:
            found |= {name for name in plugged if name in others and "through" not in name.lower()}
        return found
