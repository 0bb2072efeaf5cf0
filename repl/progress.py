"""How far something has come that takes a while: a bar on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from bridge.clock import SystemClock

if TYPE_CHECKING:
    from typing import TextIO

    from bridge.clock import Clock

REDRAWN = 0.07
"""Seconds between two looks of the bar."""
LINE = 10.0
"""Seconds between two lines where there is no terminal."""
WIDTH = 30
EIGHTHS = " ▏▎▍▌▋▊▉"


class Progress:
    """Shows how much is done.

    Args:
        name: Of what is done.
        out: Where it is shown; not among the answers.
        clock: For how often.
    """

    def __init__(self, name: str, out: TextIO, clock: Clock | None = None) -> None:
        self._name, self._out = name, out
        self._clock = clock or SystemClock()
        self._terminal = out.isatty()
        self._last = self._begun = self._clock.now()
        self._drawn = False

    def __call__(self, share: float) -> None:
        """So much is done, 0 to 1."""
        now = self._clock.now()
        if now - self._last < (REDRAWN if self._terminal else LINE):
            return
        self._last = now
        left = (now - self._begun) * (1 - share) / share if share > 0 else 0.0
        rest = f"{share:4.0%}" + (f"  {left:.0f} s left" if share > 0.02 else "")
        if self._terminal:
            columns = shutil.get_terminal_size().columns
            text = f"{self._name}  {bar(share)}  {rest}"
            self._out.write(f"\r\x1b[2K{text[: columns - 1]}")
            self._drawn = True
        else:
            self._out.write(f"{self._name}: {rest.strip()}\n")
        self._out.flush()

    def over(self) -> None:
        """Take the bar away: what there is to say comes next."""
        if self._drawn:
            self._out.write("\r\x1b[2K")
            self._out.flush()
            self._drawn = False


def bar(share: float, width: int = WIDTH) -> str:
    """A bar of so many signs.

    >>> bar(0.55, 10)
    '█████▌    '
    """
    eighths = round(min(max(share, 0.0), 1.0) * width * 8)
    full, part = divmod(eighths, 8)
    return ("█" * full + (EIGHTHS[part] if full < width else "")).ljust(width)
