"""Combining the values of two patterns: which operator, and whose rhythm."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import Any

from patterns.arguments import number
from patterns.combine import SILENCE, fast, fmap, stack, with_steps
from patterns.core import BAD_VALUE, Pattern, Sample
from patterns.errors import PatternError
from patterns.joining import Meet, app_both, app_left, app_right, merge_values, squeeze_join, trigger_join
from patterns.kinds import is_controls
from patterns.midi_numbers import numbered
from patterns.parameter_names import moved_by
from patterns.reading import reify
from patterns.registry import Entry, add, camel, is_free
from patterns.state import DEFAULT_FUEL, NO_CONTROLS, Walk
from patterns.truths import booleans, truth

GROUP = "Combining values"


class _Drop:
    """Stands for the value of a hap that is to be dropped."""


DROP = _Drop()


def keep_values(left: Any, right: Any) -> Any:
    """Merge dicts of controls, the left one winning; of two plain values the left one stays."""
    if isinstance(right, dict):
        return {**right, **left} if isinstance(left, dict) else {**right, "value": left}  # pyright: ignore[reportUnknownVariableType] - any controls
    return left


def merge(left: Pattern, right: Any) -> Pattern:
    """Merge the controls of two patterns; the rhythm is the left one's.

    A signal of numbered controllers goes on beside it: `note("c e") | cc(74, sine)` is a ramp, not two steps.
    So does one of `param`, which the notes do not say as well: what they say holds while they sound.
    """
    other = reify(right)
    merged = app_left(left, other, merge_values)
    flows = () if other.sample is None or left.sample is not None else _flows(other.sample)
    if not flows:
        return merged
    return with_steps(stack([left if all(map(moved_by, flows)) else merged, other]), left.steps)


def _flows(sample: Sample) -> tuple[str, ...]:
    """The controls of a signal that flows on beside notes; it does so always or never."""
    try:
        value = sample(0, Walk(0.5, 0, NO_CONTROLS, "hash", DEFAULT_FUEL))
    except BAD_VALUE:
        return ()
    names: tuple[str, ...] = tuple(value) if isinstance(value, dict) else ()  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType] - names of controls
    return names if any(numbered(name) is not None or moved_by(name) for name in names) else ()


def _arithmetic(name: str, operate: Callable[[Any, Any], Any]) -> Meet:
    """Make the meeting of two values: numbers, names of notes, or controls one by one."""

    def meet(left: Any, right: Any) -> Any:
        if type(left) in _PLAIN and type(right) in _PLAIN:
            return operate(left, right)
        if is_controls(left):
            controls = left
            if is_controls(right):
                others = right
                both = {key: meet(controls[key], others[key]) for key in controls if key in others}
                return {**controls, **others, **both}
            return {**controls, **{key: meet(controls[key], right) for key in asked(controls)}}
        if is_controls(right):
            others = right
            return {**others, **{key: meet(left, others[key]) for key in asked(others)}}
        if isinstance(left, tuple) or isinstance(right, tuple):
            raise PatternError(f"{name} cannot work on a list such as a:b, found {left!r} and {right!r}")
        return operate(number(name, left), number(name, right))

    def asked(controls: dict[str, Any]) -> list[str]:
        found = meant(controls)
        if not found:
            known = ", ".join(controls) or "no control"
            raise PatternError(
                f"{name} with a plain number works on note or n, found {known}; "
                f"say which control, as in .{name}(gain(.5))"
            )
        return found

    return meet


_PLAIN = {int, float, Fraction}
_LARGEST_BASE = 10**100


def meant(controls: dict[str, Any]) -> list[str]:
    """Say which control a plain number is meant for: the note, else the only number there is, if any.

    >>> meant({"s": "bd", "n": 3, "gain": 0.5}), meant({"s": "bd", "gain": 0.5}), meant({"s": "bd"})
    (['n'], ['gain'], [])
    """
    for key in ("note", "n", "value"):
        if key in controls:
            return [key]
    numbers = [key for key, value in controls.items() if type(value) in _PLAIN]
    return numbers if len(numbers) == 1 else []


def _divide(left: Any, right: Any) -> Any:
    if not right:
        raise PatternError(f"cannot divide {left} by 0")
    return left / right


def _modulo(left: Any, right: Any) -> Any:
    if not right:
        raise PatternError(f"cannot take {left} modulo 0")
    return left % right


def _power(left: Any, right: Any) -> Any:
    if abs(right) > 64 and abs(left) > 1:
        raise PatternError(f"{left} to the power of {right} is too large; the largest power is 64")
    if abs(left) > _LARGEST_BASE:  # powers of powers would soon fill the memory
        raise PatternError("pow wants a smaller number, found one beyond 10 to the power of 100")
    result = left**right
    if isinstance(result, complex):
        raise PatternError(f"{left} to the power of {right} is no real number")
    return result


def _keep_if(left: Any, right: Any) -> Any:
    return left if truth(right) else DROP


def _and(left: Any, right: Any) -> Any:
    return left if not truth(left) else right


def _or(left: Any, right: Any) -> Any:
    return left if truth(left) else right


def _bits(operate: Callable[[int, int], int]) -> Callable[[Any, Any], int]:
    """Make an operator on the bits of whole numbers; a shift beyond 64 places is a slip."""

    def on_whole(left: Any, right: Any) -> int:
        one, other = math.floor(left), math.floor(right)
        if operate in {int.__lshift__, int.__rshift__} and not 0 <= other <= 64:
            raise PatternError(f"a shift of bits goes over 0 to 64 places, found {right!r}")
        return operate(one, other)

    return on_whole


OPERATIONS: dict[str, tuple[Meet, str, str, str]] = {
    "add": (_arithmetic("add", operator.add), "add", "Add numbers; notes move up.", 'note("c e").add(12)'),
    "sub": (
        _arithmetic("sub", operator.sub),
        "sub",
        "Subtract numbers; notes move down.",
        'note("c5").sub(12)',
    ),
    "mul": (_arithmetic("mul", operator.mul), "mul", "Multiply numbers.", 's("bd").gain(.8).mul(gain(.5))'),
    "div": (_arithmetic("div", _divide), "div", "Divide numbers.", 'mini("10 5").div(2)'),
    "mod": (_arithmetic("mod", _modulo), "mod", "Take the rest of a division.", 'mini("5 6 7").mod(4)'),
    "pow": (_arithmetic("pow", _power), "pow", "Raise numbers to a power.", 'mini("1 2 3").pow(2)'),
    "set": (merge_values, "set", "Put the right value in the left one's place.", 's("bd sd").set(n(2))'),
    "keep": (keep_values, "keep", "Keep the left value, add what it lacks.", 's("bd").keep(s("sd").n(2))'),
    "keepif": (
        _keep_if,
        "keepif",
        "Keep the left value where the right is true.",
        'mini("a b").keepif("1 0")',
    ),
    "lt": (_arithmetic("lt", operator.lt), "lt", "Test for less than.", 'mini("1 5").lt(3)'),
    "gt": (_arithmetic("gt", operator.gt), "gt", "Test for greater than.", 'mini("1 5").gt(3)'),
    "lte": (_arithmetic("lte", operator.le), "lte", "Test for at most.", 'mini("1 5").lte(1)'),
    "gte": (_arithmetic("gte", operator.ge), "gte", "Test for at least.", 'mini("1 5").gte(5)'),
    "eq": (lambda a, b: a == b, "eq", "Test for being equal.", 'mini("1 5").eq(5)'),
    "ne": (lambda a, b: a != b, "ne", "Test for not being equal.", 'mini("1 5").ne(5)'),
    "band": (
        _arithmetic("band", _bits(int.__and__)),
        "band",
        "Keep the bits that both numbers have.",
        'mini("5 6").band(3)',
    ),
    "bor": (
        _arithmetic("bor", _bits(int.__or__)),
        "bor",
        "Join the bits of numbers.",
        'mini("5 6").bor(3)',
    ),
    "bxor": (
        _arithmetic("bxor", _bits(int.__xor__)),
        "bxor",
        "Keep the bits that one of two numbers has.",
        'mini("5 6").bxor(3)',
    ),
    "blshift": (
        _arithmetic("blshift", _bits(int.__lshift__)),
        "blshift",
        "Double numbers so many times.",
        'mini("5 6").blshift(1)',
    ),
    "brshift": (
        _arithmetic("brshift", _bits(int.__rshift__)),
        "brshift",
        "Halve whole numbers so many times.",
        'mini("5 6").brshift(1)',
    ),
    "both": (_and, "and", "Test whether both are true.", 'mini("1 0").both("1 1")'),
    "either": (_or, "or", "Test whether one is true.", 'mini("1 0").either("0 0")'),
}
"""Ours → (how two values meet, Strudel's name, description, example)."""


def kept(pattern: Pattern) -> Pattern:
    """Drop the haps whose value is `DROP`."""
    inner = pattern.run
    if pattern.atom is not None:
        return SILENCE if pattern.atom[0] is DROP else pattern
    return Pattern(
        lambda begin, end, walk: [hap for hap in inner(begin, end, walk) if hap[4] is not DROP],
        pattern.steps,
        pattern.period,
        pattern.reads,
    )


class Operation:
    """An operator on the values of a pattern, to be called directly or with whose rhythm counts.

    Args:
        pattern: The pattern on the left.
        name: The operator's name in `OPERATIONS`.
    """

    __slots__ = ("_meet", "_name", "_pattern")

    def __init__(self, pattern: Pattern, name: str) -> None:
        self._pattern = pattern
        self._name = name
        self._meet = OPERATIONS[name][0]

    @property
    def name(self) -> str:
        """The operator's name."""
        return self._name

    def __call__(self, *others: Any) -> Pattern:
        """Combine; the rhythm is the left one's. Several values are a sequence."""
        return self._made(app_left(self._pattern, self._other(others), self._meet))

    def _other(self, others: tuple[Any, ...]) -> Pattern:
        if not others:
            raise TypeError(f"{self._name} wants a value, text or a pattern")
        other = others[0] if len(others) == 1 else list(others)
        return booleans(other) if self._name == "keepif" else reify(other)

    def _made(self, pattern: Pattern) -> Pattern:
        return kept(pattern) if self._name == "keepif" else pattern

    def in_(self, *others: Any) -> Pattern:
        """Combine; the rhythm is the left one's, as without saying how."""
        return self(*others)

    def out(self, *others: Any) -> Pattern:
        """Combine; the rhythm is the right one's."""
        return self._made(app_right(self._pattern, self._other(others), self._meet))

    def mix(self, *others: Any) -> Pattern:
        """Combine; the rhythm is what both share."""
        return self._made(app_both(self._pattern, self._other(others), self._meet))

    def squeeze(self, *others: Any) -> Pattern:
        """Combine; a cycle of the right one is fitted into each event of the left one."""
        other, meet = self._other(others), self._meet
        made = squeeze_join(
            self._pattern, lambda a: fmap(other, lambda b: meet(a, b)), other.reads, ahead=True
        )
        return self._made(made)

    def squeezeout(self, *others: Any) -> Pattern:
        """Combine; a cycle of the left one is fitted into each event of the right one."""
        pattern, meet = self._pattern, self._meet
        made = squeeze_join(
            self._other(others), lambda b: fmap(pattern, lambda a: meet(a, b)), pattern.reads, ahead=True
        )
        return self._made(made)

    def reset(self, *others: Any) -> Pattern:
        """Combine; each event of the right one starts the left one's cycle anew."""
        return self._triggered(self._other(others), restart=False)

    def restart(self, *others: Any) -> Pattern:
        """Combine; each event of the right one starts the left one anew, from cycle 0."""
        return self._triggered(self._other(others), restart=True)

    def _triggered(self, other: Pattern, *, restart: bool) -> Pattern:
        pattern, meet = self._pattern, self._meet
        return self._made(
            trigger_join(
                other,
                lambda b: fmap(pattern, lambda a: meet(a, b)),
                restart=restart,
                reads=pattern.reads,
                ahead=True,
            )
        )

    def poly(self, *others: Any) -> Pattern:
        """Combine step by step, whatever the number of steps; the other pattern's values come first."""
        other = self._other(others)
        if not self._pattern.steps or not other.steps:
            raise PatternError(f"{self._name}.poly wants two patterns whose steps are known")
        meet = self._meet  # as in Strudel, the values of the other pattern stand on the left
        paced = fast(other, self._pattern.steps / other.steps)
        return self._made(app_left(self._pattern, paced, lambda a, b: meet(b, a)))


def _combine(name: str, arguments: tuple[Any, ...], pattern: Any) -> Pattern:
    return Operation(reify(pattern), name)(*arguments)


def _install(name: str) -> None:
    _, strudel, doc, example = OPERATIONS[name]

    def form(*arguments: Any) -> Any:
        """Combine with the last argument if there are two, else make a function that does."""
        if len(arguments) == 2:
            return Operation(reify(arguments[1]), name)(arguments[0])
        return partial(_combine, name, arguments)

    form.__name__ = name
    free = is_free(name)
    setattr(Pattern, name, property(lambda pattern: Operation(pattern, name)))
    add(
        Entry(
            name, "operation", GROUP, Operation, doc, example, "(value)", strudel or camel(name),
            is_method=True, is_function=free,
        ),
        form,
    )  # fmt: skip


for _name in OPERATIONS:
    _install(_name)
