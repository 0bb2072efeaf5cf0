"""Controllers by number, as a pattern says them: `cc`, `cc14`, `nrpn`, `rpn`.

A signal given to one of them is heard between the onsets too: over MIDI it becomes a ramp of controllers.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from patterns.alignment import merge
from patterns.arguments import number as number_of
from patterns.combine import fmap
from patterns.core import Pattern
from patterns.errors import PatternError
from patterns.midi_numbers import checked
from patterns.reading import reify
from patterns.registry import Entry, add

GROUP = "Controls"


def _whole(name: str, value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise PatternError(f"{name} wants the number of a controller first, a whole number, found {value!r}")
    return value


def _values(name: str, kind: str, number: Any, value: Any) -> Pattern:
    key = f"{kind}{checked(name, kind, _whole(name, number))}"
    return fmap(reify(value), lambda each: {key: float(number_of(name, each))})


def cc(number: int, value: Any) -> Pattern:
    """Set a MIDI controller, 0 to 1; a signal is followed between the onsets too.

    >>> cc(74, "0 .5").haps(0, 1)[1].value
    {'cc74': 0.5}

    Args:
        number: Number of the controller, 0 to 127.
        value: Its value, 0 to 1.
    """
    return _values("cc", "cc", number, value)


def cc14(number: int, value: Any) -> Pattern:
    """Set a MIDI controller in 14 bits: its number and the one 32 above together.

    >>> cc14(1, ".25").haps(0, 1)[0].value
    {'cc14_1': 0.25}

    Args:
        number: Number of the controller, 0 to 31.
        value: Its value, 0 to 1, in steps of 1/16383.
    """
    return _values("cc14", "cc14_", number, value)


def nrpn(number: int, value: Any, bits: int = 14) -> Pattern:
    """Set a parameter of a synthesizer by its NRPN.

    >>> nrpn(260, ".5").haps(0, 1)[0].value
    {'nrpn260': 0.5}

    Args:
        number: Number of the parameter, 0 to 16383: 128 times its upper byte plus the lower.
        value: Its value, 0 to 1.
        bits: 14, or 7 for devices that take only the upper byte of a value.
    """
    if bits not in (7, 14):
        raise PatternError(f"nrpn: bits must be 7 or 14 (got {bits!r})")
    return _values("nrpn", "nrpn" if bits == 14 else "nrpn7_", number, value)


def rpn(number: int, value: Any) -> Pattern:
    """Set a registered parameter of MIDI: 0 is the range of bends, 1 the fine tuning.

    >>> rpn(1, ".5").haps(0, 1)[0].value
    {'rpn1': 0.5}

    Args:
        number: Number of the parameter, 0 to 16383.
        value: Its value in 14 bits, 0 to 1.
    """
    return _values("rpn", "rpn", number, value)


def _install(call: Callable[..., Pattern], signature: str, example: str) -> None:
    name = call.__name__

    def method(pattern: Pattern, *given: Any, **options: Any) -> Pattern:
        return merge(pattern, call(*given, **options))

    method.__name__ = name
    method.__doc__ = call.__doc__
    setattr(Pattern, name, method)
    doc = (call.__doc__ or "").partition("\n")[0]
    add(
        Entry(
            name, "function", GROUP, call, doc, example, signature, "", is_method=True, is_function=True,
            tidal="",
        ),
        call,
    )  # fmt: skip


_install(cc, "(number, value)", 'note("c e").cc(74, sine.slow(4))')
_install(cc14, "(number, value)", 'note("c e").cc14(1, saw.slow(8))')
_install(nrpn, "(number, value, bits=14)", 'note("c e").nrpn(260, "0 .5")')
_install(rpn, "(number, value)", 'note("c e").rpn(1, ".5 .51")')
