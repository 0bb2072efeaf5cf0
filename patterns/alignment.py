"""Combining the values of two patterns: which operator, and whose rhythm."""

from __future__ import annotations

from typing import Any

from patterns.core import Pattern
from patterns.joining import app_left
from patterns.reading import reify


def merge_values(left: Any, right: Any) -> Any:
    """Merge dicts of controls, the right one winning; of two plain values the right one stays."""
    if isinstance(left, dict) and isinstance(right, dict):
        return {**left, **right}
    return right


def merge(left: Pattern, right: Any) -> Pattern:
    """Merge the controls of two patterns; the rhythm is the left one's."""
    return app_left(left, reify(right), merge_values)


class Operation: ...
