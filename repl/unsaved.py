"""What editors play without saving it: texts that stand in for files until these are saved."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Unsaved:
    """The texts that stand in for files.

    A file that is saved speaks for itself again, whatever was played of it before.

    Args:
        on_disk: Gives the text of a file as it is on the disk, None where there is none.
    """

    def __init__(self, on_disk: Callable[[str], str | None]) -> None:
        self._on_disk = on_disk
        self._kept: dict[str, tuple[str, str | None]] = {}

    def keep(self, file: str, text: str, disk: str | None) -> None:
        """Let a text stand in for a file.

        Args:
            file: Its name.
            text: What is played.
            disk: What the file held when that was asked for.
        """
        self._kept.pop(file, None)
        if text != disk:
            self._kept[file] = (text, disk)

    def texts(self) -> dict[str, str]:
        """Those that stand in: their files are still as they were then."""
        self._kept = {file: kept for file, kept in self._kept.items() if self._on_disk(file) == kept[1]}
        return {file: text for file, (text, _) in self._kept.items()}

    def beneath(self, texts: Mapping[str, str]) -> dict[str, str]:
        """What the files hold in whose place some of these texts were played.

        >>> Unsaved(lambda file: "on the disk").beneath({"a.py": "in an editor", "b.py": "on the disk"})
        {'a.py': 'on the disk'}
        """
        found = {file: self._on_disk(file) for file in texts}
        return {file: disk for file, disk in found.items() if disk is not None and disk != texts[file]}


def clean(text: str) -> str:
    r"""A text from an editor, as reading a file gives it.

    >>> clean("a = 1\r\nb = 2")
    'a = 1\nb = 2'
    """
    return text.encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\r", "\n")
