"""Looks at what a process of ours may do and load; asked through `bridge.asking`, for a library may crash."""

from __future__ import annotations

import importlib
import sys

from bridge.worker import realtime

NEEDED = (
    "jack",
    "mido",
    "miniaudio",
    "numpy",
    "pedalboard",
    "prompt_toolkit",
    "pygments",
    "sounddevice",
    "watchdog",
)
"""What we import of others, beside the binding to the system's MIDI."""
OPTIONAL = {"link": "link", "zeroconf": "discovery", "minihost": "minihost", "py2tosc": "tablet"}
"""What we import where it is there, with the name of the part of the installation that it comes with."""


def look_at_packages() -> dict[str, object]:
    """Why each module that we need cannot be loaded; empty for one that can."""
    midi = "rtmidi" if sys.version_info < (3, 13) else "rtmidi2"
    return {name: _why_not(name) for name in (*NEEDED, midi)}


def look_at_optional() -> dict[str, object]:
    """The same of what is optional."""
    return {name: _why_not(name) for name in OPTIONAL}


def look_at_rights() -> dict[str, object]:
    """Whether a thread of ours may run in real time."""
    return {"realtime": realtime(1)}


def _why_not(name: str) -> str:
    try:
        importlib.import_module(name)
    except (ImportError, OSError) as error:
        return str(error) or type(error).__name__
    return ""
