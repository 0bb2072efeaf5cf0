"""Paths as musicians write them."""

import os
from pathlib import Path

__all__ = ["expanded"]


def expanded(name: str | Path) -> Path:
    """A path in which `~` stands for a home; where nobody of that name has one, as it was written.

    Args:
        name: The path.

    >>> expanded("~ nobody/sounds").parts[0]
    '~ nobody'
    """
    return Path(os.path.expanduser(name))  # noqa: PTH111 - pathlib's raises where there is no such home
