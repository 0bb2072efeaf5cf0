"""Telling the kinds of values apart: controls, lists, plain numbers."""

from __future__ import annotations

from typing import Any, TypeGuard

from patterns.errors import PatternError


def is_controls(value: Any) -> TypeGuard[dict[str, Any]]:
    """Say whether a value is a dict of controls."""
    return isinstance(value, dict)


def as_controls(value: Any) -> dict[str, Any]:
    """Give a dict of controls as it is, and a plain value as one that waits for its control.

    >>> as_controls("bd")
    {'value': 'bd'}
    """
    return value if isinstance(value, dict) else {"value": value}  # pyright: ignore[reportUnknownVariableType] - any controls


def controls_of(name: str, value: Any) -> dict[str, Any]:
    """Give a dict of controls as it is, and refuse anything else in the name of a function.

    Raises:
        PatternError: It is a plain value.
    """
    if not is_controls(value):
        raise PatternError(f"{name} wants a pattern of controls such as s('bd'), found the value {value!r}")
    return value


def is_list(value: Any) -> TypeGuard[tuple[Any, ...]]:
    """Say whether a value is a list such as `bd:3`."""
    return isinstance(value, tuple)


def is_sequence(value: Any) -> TypeGuard[list[Any] | tuple[Any, ...]]:
    """Say whether a value is a Python list or tuple."""
    return isinstance(value, (list, tuple))
