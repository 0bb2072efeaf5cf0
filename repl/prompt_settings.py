"""`[prompt]` of the settings: how one types, and under which name."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass

KEYS = ("emacs", "vi")
"""Whose keys the line that is typed has."""


@dataclass(frozen=True, slots=True)
class PromptSettings:
    """How the prompt is.

    Args:
        keys: One of `KEYS`.
        name: Under which others at the session see what is typed; empty for the terminal's.
    """

    keys: str = "emacs"
    name: str = ""


def terminal_name() -> str:
    """What tells this terminal from others: pts/3."""
    try:
        return os.ttyname(sys.stdin.fileno()).removeprefix("/dev/")
    except (AttributeError, OSError, ValueError):  # Windows, or no terminal at all
        return "another prompt"
