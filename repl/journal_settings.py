"""Where journals are kept, and how many: what `[journal]` in `sempre.toml` may say."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class JournalSettings:
    """What is kept of sessions.

    Args:
        on: Whether a session is written down.
        folder: Where; "" is the platform's folder for what programs remember.
        sessions: How many are kept, the one that runs among them; the oldest goes.
        megabytes: What all of them may take; a session that runs for months loses its beginning.
    """

    on: bool = True
    folder: str = ""
    sessions: int = 100
    megabytes: float = 200.0

    @property
    def place(self) -> Path:
        """The folder."""
        return Path(self.folder).expanduser() if self.folder else state_folder() / "journal"


def journal_settings(values: Mapping[str, object], beside: Path | None = None) -> JournalSettings:
    """The settings that some checked values make.

    Args:
        values: By name; what is missing is as usual.
        beside: The folder that a relative one is seen from.
    """
    settings = JournalSettings(**cast("dict[str, Any]", values))
    if beside is None or not settings.folder:
        return settings
    return replace(settings, folder=str((beside / Path(settings.folder).expanduser()).absolute()))


def state_folder() -> Path:
    """Where this platform wants programs to keep what they remember of what was done."""
    given = os.environ.get("XDG_STATE_HOME")
    if given:
        return Path(given) / "sempre"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Application Support" / "sempre"
    local = os.environ.get("LOCALAPPDATA")
    if os.name == "nt" and local:
        return Path(local) / "sempre"
    return Path.home() / ".local" / "state" / "sempre"


def takes_of(runtime: Path) -> Path:
    """Where what is played in a session is written down.

    Args:
        runtime: The session's folder.
    """
    return state_folder() / "takes" / f"{int((runtime / 'key').stat().st_mtime)}_{runtime.name}.jsonl"


def read_folder(value: object) -> object:
    """Check the folder's name.

    Raises:
        ValueError: It is none.
    """
    if not isinstance(value, str) or not value.strip() or not value.isprintable():
        raise ValueError('must be a folder, such as "journal"')
    try:
        Path(value).expanduser()
    except RuntimeError:
        raise ValueError("must be a folder of somebody that there is") from None
    return value
