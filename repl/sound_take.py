"""Where a recording of what is heard goes; looked at before a session is started."""

from __future__ import annotations

from pathlib import Path

from repl.errors import ReplError

SOUNDS = (".wav", ".flac")


def take_file(sound: str) -> Path:
    """Where a take of the sound goes.

    Args:
        sound: A .wav or .flac file, or only "wav" or "flac".

    Raises:
        ReplError: There is no such kind of take, or no such folder.
    """
    plain = {one.removeprefix(".") for one in SOUNDS}
    path = Path(f"take.{sound}" if sound in plain else sound).expanduser().absolute()
    if path.suffix.lower() not in SOUNDS or "\0" in sound:
        raise ReplError(f"record: a .wav or .flac file (got {sound})")
    if not path.parent.is_dir():
        raise ReplError(f"record: there is no folder {path.parent}")
    return path
