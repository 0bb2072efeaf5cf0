"""Descriptions of effects: plain values, made by `fx.name(...)`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from plugin_host.effect_table import ABOUT, EFFECTS
from plugin_host.errors import UnknownEffect, nearest
from plugin_host.parameters import Moves, Parameter, Values, checked_moving

__all__ = ["Effect", "effect_of", "fx"]


@dataclass(frozen=True, slots=True)
class Effect:
    """What shapes a sound after it was made.

    Args:
        name: As in `fx.name`.
        values: Every parameter with its value.
        moves: Parameters that patterns move; their values are those at the beginning.
    """

    name: str
    values: Values
    moves: Moves = ()

    def __getitem__(self, name: str) -> float | str:
        """The value of one parameter."""
        return dict(self.values)[name]


def effect_of(name: str, positional: Sequence[object], named: Mapping[str, object]) -> Effect:
    """The effect of a name.

    Args:
        name: As in `fx.name`.
        positional: Values given without names.
        named: Values given by name.

    Raises:
        TypeError: A value of a wrong kind.
        UnknownEffect: There is none of that name.
        ValueError: A value out of range.
    """
    if name not in EFFECTS:
        raise UnknownEffect(f"no effect fx.{name}; {nearest(name, EFFECTS)}")
    return Effect(name, *checked_moving(f"fx.{name}", EFFECTS[name], positional, named))


class _Effects:
    """Every effect under its name: `fx.reverb(room_size=.6)`; `plugin_host.effect_table` lists them."""

    def __getattr__(self, name: str) -> Callable[..., Effect]:
        """The effect of that name, to be called with its parameters."""
        if name.startswith("__"):
            raise AttributeError(name)
        if name not in EFFECTS:
            raise UnknownEffect(f"no effect fx.{name}; {nearest(name, EFFECTS)}")

        def make(*positional: object, **named: object) -> Effect:
            return effect_of(name, positional, named)

        make.__name__ = make.__qualname__ = name
        make.__doc__ = _described(name, EFFECTS[name])
        return make

    def __dir__(self) -> list[str]:
        """The names of all effects."""
        return sorted(EFFECTS)


def _described(name: str, table: Sequence[Parameter]) -> str:
    lines = [f"    {one.name}: {one.doc} ({one.range}; {one.default})." for one in table]
    return f"{ABOUT[name]}\n\nArgs:\n" + "\n".join(lines)


fx = _Effects()
