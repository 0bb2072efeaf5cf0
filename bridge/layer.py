"""A named playing place, and where its events go."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING, Protocol, TypeGuard, runtime_checkable

from patterns.parameter_names import moved_by

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from patterns.core import Pattern


class Transition(Protocol):
    """A way from one pattern to another, such as `xfade_in(cycles=4)`."""

    def __call__(self, old: Pattern, new: Pattern, /, *, at: Fraction) -> Pattern:
        """The pattern that is the old one before a cycle, and the new one some time after it."""
        ...


@dataclass(frozen=True, slots=True)
class Way:
    """What a layer comes from.

    Args:
        before: The pattern that it leaves.
        after: Its own pattern.
        at: The cycle at which the way begins.
    """

    before: Pattern
    after: Pattern
    at: Fraction


class Target(Protocol):
    """Where events go: a port, an address, an instrument. A frozen description."""

    @property
    def kind(self) -> str:
        """Which sending process takes it, and how: "midi", "osc" or "audio"."""
        ...

    @property
    def key(self) -> str:
        """A text that is equal for equal targets, in every process."""
        ...

    def to_json(self) -> dict[str, object]:
        """The description as the sending process reads it."""
        ...


@runtime_checkable
class Checking(Protocol):
    """A target that knows what its parameters may be."""

    def fault(self, name: str, value: object) -> str | None:
        """What is wrong with a control that moves a parameter; None if nothing is."""
        ...


@runtime_checkable
class Aiming(Protocol):
    """A target that is several, of which each event chooses one."""

    def aimed(self, controls: Mapping[str, object]) -> Target:
        """Where an event goes that is meant for it."""
        ...


@dataclass(frozen=True, slots=True)
class Layer:
    """A pattern at its playing place.

    Args:
        pattern: What it plays.
        target: Where to; None lets each event choose by what it says.
        quantum: Cycles that a change of it waits for.
        where: Line of the file that it was made in; 0 at the prompt.
        seed: Its own, if it does not follow the piece's.
        rng: "hash", or "strudel" and "precise" for the streams of Strudel; empty if the piece decides.
        transition: How it takes over from the version before; at once if None.
        way: Where it comes from, if it is on its way: then `pattern` is the way.
        waits: The quantum that it waits for where it is played once; 0 is at once.
        lasts: How many cycles of it are played then.
    """

    pattern: Pattern
    target: Target | None = None
    quantum: Fraction = Fraction(1)
    where: int = 0
    seed: int | None = None
    rng: str = ""
    transition: Transition | None = None
    way: Way | None = None
    waits: Fraction = Fraction(0)
    lasts: Fraction = Fraction(1)


def aimed(
    target: Target | None, controls: Mapping[str, object], default: Callable[[Mapping[str, object]], Target]
) -> Target:
    """Where an event goes.

    Args:
        target: Where its layer goes; None leaves it to the event.
        controls: What it says.
        default: Chooses for a layer without a target.

    Raises:
        ValueError: The target has no such place.
    """
    found = target or default(controls)
    return found.aimed(controls) if "orbit" in controls and isinstance(found, Aiming) else found


def faults(target: Target, controls: Mapping[str, object]) -> list[str]:
    """What is wrong with the parameters that an event moves, where the target knows them."""
    moves = [(name, value) for name, value in controls.items() if moved_by(name) is not None]
    if not moves or not _checks(target):
        return []
    return [text for name, value in moves if (text := target.fault(name, value)) is not None]


def _checks(target: Target) -> TypeGuard[Checking]:
    return _checking(type(target))


@lru_cache(maxsize=64)
def _checking(kind: type[Target]) -> bool:
    # Looked for once a type: in Python 3.11 that takes 15 us, which each event of a stream had to pay.
    return issubclass(kind, Checking)


def route_of(key: str) -> int:
    """The 32-bit number of a target's route, the same in every process.

    >>> route_of("midi:1") == route_of("midi:1")
    True
    """
    return int.from_bytes(blake2b(key.encode(), digest_size=4).digest(), "little")


@lru_cache(maxsize=256)
def seed_of(piece_seed: int, layer: str) -> int:
    """A layer's own seed: a keyed hash of the piece's seed and the layer's name.

    Args:
        piece_seed: Any whole number.
        layer: The playing place. Of `file:name` only the name counts: a piece makes the same choices from
            whatever folder it is started, and a layer at the prompt makes those of the file's.
    """
    key = (piece_seed & (2**64 - 1)).to_bytes(8, "little")
    name = layer.rpartition(":")[2]
    return int.from_bytes(blake2b(name.encode(), digest_size=4, key=key).digest(), "little")


def layer_seed(piece_seed: int, name: str, layer: Layer) -> int:
    """The seed that a layer plays with: its own, or one made of the piece's.

    Strudel's streams take the piece's seed as it is, for there it counts cycles: with seed 0 they are
    those that Strudel plays.

    Args:
        piece_seed: Any whole number.
        name: The playing place.
        layer: What plays there.
    """
    if layer.seed is not None:
        return layer.seed
    return seed_of(piece_seed, name) if layer.rng in {"", "hash"} else piece_seed


def event_id(layer: str, whole: tuple[Fraction, Fraction], value: object, target: str, repeat: int) -> int:
    """The id of an occurrence: equal in every process for the same layer, whole, value and target.

    Args:
        layer: The playing place.
        whole: Begin and end, in cycles.
        value: The controls.
        target: The target's key.
        repeat: Which of several equal occurrences it is.
    """
    if isinstance(value, dict):
        value = sorted(value.items())  # pyright: ignore[reportUnknownArgumentType, reportUnknownMemberType, reportUnknownVariableType] - any controls
    text = f"{layer}\0{whole[0]}\0{whole[1]}\0{value!r}\0{target}\0{repeat}"
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "little")
