"""What the examples in docstrings see: the names of a piece."""

from __future__ import annotations

from typing import Any

import pytest

from patterns.registry import namespace


@pytest.fixture(autouse=True)
def names_of_a_piece(request: Any, doctest_namespace: dict[str, object]) -> None:
    """Give every example the functions, signals and constants that its own module does not define."""
    example = getattr(request.node, "dtest", None)
    if example is not None:
        doctest_namespace.clear()
        doctest_namespace.update(
            {name: value for name, value in namespace().items() if name not in example.globs}
        )
