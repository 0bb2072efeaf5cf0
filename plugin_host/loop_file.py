"""Loops as files: what was recorded is kept beside the piece, and is there again in the next session."""

import json
import struct
from collections.abc import Callable
from pathlib import Path
from queue import SimpleQueue
from typing import Final, cast

from bridge.worker import start_thread
from plugin_host.loops import State, one_round, round_of
from plugin_host.marks import Tags, wav_chunks
from plugin_host.wav import WavWriter

__all__ = ["FOLDER", "LoopKeeper", "kept_file", "turn_of"]

FOLDER: Final = "loops"
"""The folder of loops, beside the piece."""
CHUNK: Final = b"cycl"
"""What a WAV file of ours has beside the usual: how many cycles it is, and at which it begins."""
BEATS: Final = 4
"""Beats in a cycle, as far as other programs are told of a tempo."""

Job = tuple[str, State]


class LoopKeeper:
    """Writes loops to files, in a thread of its own: a disk that stands still holds up nothing.

    The first state of a loop that is kept takes a number that is free; what becomes of it later in this
    session replaces that file, and no other.

    Args:
        folder: Where to.
        notice: Takes one line for the musician.
    """

    def __init__(self, folder: Path, notice: Callable[[str], object]) -> None:
        self._folder, self._notice = folder, notice
        self._jobs: SimpleQueue[Job] = SimpleQueue()
        self._files: dict[str, Path] = {}
        self._started = False

    def keep(self, name: str, state: State) -> None:
        """Take down what a loop is now; waits for nobody."""
        self._jobs.put((name, state))
        if not self._started:
            self._started = True
            start_thread("loops", self._run)

    def _run(self) -> None:
        while True:
            newest = dict([self._jobs.get()])
            while not self._jobs.empty():
                newest |= dict([self._jobs.get()])
            for name, state in newest.items():
                self.write(name, state)

    def write(self, name: str, state: State) -> None:
        """Write a loop; one that is empty takes its file away."""
        try:
            if state.reels:
                self._write(name, state)
            elif name in self._files:
                self._files.pop(name).unlink()
        except OSError as error:
            why = error.strerror or str(error)
            self._notice(f"loop {name} is not kept in {self._folder}: {why}; it plays on")

    def _write(self, name: str, state: State) -> None:
        path = self._files.get(name)
        fresh = path is None
        if path is None:
            self._folder.mkdir(parents=True, exist_ok=True)
            number, _ = _newest(self._folder, name)
            path = self._folder / f"{name}-{number + 1}.wav"
        first = state.reels[0]
        bpm = 60 * BEATS * state.turn * first.rate / round_of(state)
        tags = Tags(name, bpm, round(BEATS * state.turn), BEATS)
        body = json.dumps({"cycles": state.turn, "begin": first.begin % state.turn}).encode()
        own = CHUNK + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
        part = path.with_suffix(".part")
        file = WavWriter(part, 2, first.round, first.rate, wav_chunks(tags) + own)
        for sound in one_round(state):
            file.write(sound)
        file.close()
        part.replace(path)
        self._files[name] = path
        if fresh:
            self._notice(f"loop {name}: {state.turn:g} cycles, kept in {path}")


def kept_file(folder: Path, name: str) -> Path | None:
    """The newest file of a loop, or one that is called just so; None if there is none.

    Args:
        folder: Where loops are.
        name: Of the loop.
    """
    plain = folder / f"{name}.wav"
    _, path = _newest(folder, name)
    return path or (plain if plain.is_file() else None)


def _newest(folder: Path, name: str) -> tuple[int, Path | None]:
    """The highest number that a file of a loop has, and that file."""
    found: list[tuple[int, Path]] = []
    for path in folder.glob(f"{name}-*.wav"):
        number = path.stem.removeprefix(f"{name}-")
        if number.isdigit():
            found.append((int(number), path))
    return max(found, default=(0, None))


def turn_of(path: Path) -> tuple[float, float]:
    """How many cycles a loop's file is, and at which cycle it begins; one, at 0, where it does not say.

    Raises:
        OSError: It cannot be read.
    """
    with path.open("rb") as file:
        head = file.read(12)
        if head[:4] != b"RIFF" or head[8:] != b"WAVE":
            return 1.0, 0.0
        while len(head := file.read(8)) == 8:
            length = int.from_bytes(head[4:], "little")
            if head[:4] == CHUNK and length < 1 << 12:
                return _told(file.read(length))
            file.seek(length + length % 2, 1)
    return 1.0, 0.0


def _told(body: bytes) -> tuple[float, float]:
    try:
        told = cast("dict[str, float]", json.loads(body))
        cycles, begin = float(told["cycles"]), float(told["begin"])
    except (KeyError, TypeError, ValueError):
        return 1.0, 0.0
    return (cycles, begin) if 0 < cycles <= 1 << 16 and 0 <= begin < cycles else (1.0, 0.0)
