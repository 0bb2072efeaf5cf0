"""What is asked of a render, as values that can be written down and done elsewhere."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, cast

from plugin_host.errors import HostError
from plugin_host.forms import KINDS, Form
from plugin_host.layouts import STEREO, Layout, read_layout
from repl.errors import ReplError

if TYPE_CHECKING:
    from collections.abc import Mapping

RATE = 48_000
SECONDS = 60.0
"""How much is rendered of what names no length."""
MOST_CYCLES = 100_000


@dataclass(frozen=True, slots=True)
class Finish:
    """What becomes of a mix on its way into a file.

    Args:
        rate: Frames a second.
        bits: 16, 24, or 32 for floating point.
        lufs: Integrated loudness to reach; None leaves it.
        peak: dB true peak that is not passed; None leaves it, but for a loudness, where it is -1.
        layout: Where the loudspeakers are: a name or a file; empty leaves it to the settings.

    Raises:
        ReplError: Out of range.
    """

    rate: int = RATE
    bits: int = 24
    lufs: float | None = None
    peak: float | None = None
    layout: str = ""

    def __post_init__(self) -> None:
        if self.lufs is not None and not -50 <= self.lufs <= -5:
            raise ReplError(f"--lufs is -50 to -5 (got {self.lufs:g}); streaming services play at -14")
        if self.peak is not None and not -20 <= self.peak <= 0:
            raise ReplError(f"--tp is -20 to 0 dB true peak (got {self.peak:g}); -1 is usual")
        self.speakers  # noqa: B018 - one that nobody knows is said at once

    @property
    def speakers(self) -> Layout:
        """The loudspeakers.

        Raises:
            ReplError: Nobody knows that layout.
        """
        try:
            return read_layout(self.layout) if self.layout else STEREO
        except HostError as error:
            raise ReplError(f"--layout: {error}") from None

    @property
    def ceiling(self) -> float | None:
        """The true peak that holds."""
        return -1.0 if self.peak is None and self.lufs is not None else self.peak

    def form(self, output: Path) -> Form:
        """How a file of that name is written.

        Raises:
            ReplError: There is no such kind of file, or not with this rate or these bits.
        """
        kind = output.suffix.lower().removeprefix(".")
        if kind not in KINDS:
            kinds = ", ".join(f".{one}" for one in KINDS)
            raise ReplError(f"what is rendered is a {kinds} file (got {output})")
        try:
            layout = self.speakers
            return Form(kind, self.rate, self.bits, layout.channels, layout.mask)
        except HostError as error:
            raise ReplError(f"{output}: {error}") from None


@dataclass(frozen=True, slots=True)
class RenderJob:
    """Pieces, and what is to be written of them.

    Args:
        files: The pieces, played together from cycle 0, named as they were given.
        output: The sound file, which is replaced.
        stems: The folder for a file for each layer.
        cycles: How many cycles of them.
        seconds: How many seconds, where no cycles are given.
        tail: Seconds in which everything may ring out after that.
        seed: Another seed than the pieces' own.
        finish: What becomes of the mix.
        check: Render twice where plugins play, and keep the sound of those that are not the same twice.
        journal: The one file is the journal of a session, which is rendered as it was played; with 0 seconds
            all of it.

    Raises:
        ReplError: Out of range.
    """

    files: tuple[Path, ...]
    output: Path | None = None
    stems: Path | None = None
    cycles: int | None = None
    seconds: float = SECONDS
    tail: float = 0.0
    seed: int | None = None
    finish: Finish = field(default_factory=Finish)
    check: bool = False
    journal: bool = False

    def __post_init__(self) -> None:
        if self.cycles is not None and not 1 <= self.cycles <= MOST_CYCLES:
            raise ReplError(f"--cycles must be 1 to {MOST_CYCLES} (got {self.cycles})")
        if self.journal and self.seed is not None:
            raise ReplError("a session is rendered with the seeds that it had: --seed is for pieces")
        if self.output is not None:
            self.finish.form(self.output)

    def to_json(self) -> dict[str, object]:
        """As plain values, with `/` in paths."""
        table: dict[str, object] = {
            "files": [file.as_posix() for file in self.files],
            "output": None if self.output is None else self.output.as_posix(),
            "stems": None if self.stems is None else self.stems.as_posix(),
            "cycles": self.cycles,
            "seconds": self.seconds,
            "tail": self.tail,
            "seed": self.seed,
            "check": self.check,
            "journal": self.journal,
        }
        return table | asdict(self.finish)

    @staticmethod
    def from_json(table: Mapping[str, object]) -> RenderJob:
        """From plain values.

        Raises:
            KeyError: One is missing.
            ReplError: One is out of range.
        """
        output, stems = (table[name] for name in ("output", "stems"))
        return RenderJob(
            tuple(Path(str(file)) for file in cast("list[object]", table["files"])),
            None if output is None else Path(str(output)),
            None if stems is None else Path(str(stems)),
            cast("int | None", table["cycles"]),
            float(cast("float", table["seconds"])),
            float(cast("float", table["tail"])),
            cast("int | None", table["seed"]),
            Finish(
                int(cast("int", table["rate"])),
                int(cast("int", table["bits"])),
                cast("float | None", table["lufs"]),
                cast("float | None", table["peak"]),
                str(table.get("layout", "")),
            ),
            bool(table.get("check")),
            bool(table.get("journal")),
        )
