"""The plugin inside a DAW, built from source: its player as a library, and the plugin in each format."""

import ctypes
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from bridge.bond_memory import Bond
from plugin_host.audio import Audio
from repl.cli_plugin import DPF, build

SOURCE = Path(__file__).parents[2] / "daw_plugin"
MOST, RATE = 4096, 48_000
PORTS = {
    ("Output", "lv2:Audio"): "A",
    ("Input", "atom:Atom"): "E",
    ("Output", "atom:Atom"): "e",
    ("Input", "lv2:Control"): "c",
    ("Output", "lv2:Control"): "o",
}
"""Kinds of an LV2 plugin's ports, as `rt_host.cpp` takes them."""


def compiled(folder: Path, output: str, *words: str) -> Path:
    """Compile something of the plugin's; without a compiler it is skipped, or fails where `CI` is set."""
    if shutil.which("g++") is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("there is no compiler (apt-get install g++)")
    made = folder / output
    command = ["g++", "-std=c++17", "-Wall", "-Wextra", "-Werror", f"-I{SOURCE}", *words, "-o", str(made)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return made


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> ctypes.CDLL:
    """The player without a host."""
    sources = [str(Path(__file__).with_name("player.cpp")), str(SOURCE / "SharedFile.cpp")]
    made = compiled(tmp_path_factory.mktemp("player"), "player.so", "-O2", "-shared", "-fPIC", *sources)
    loaded = ctypes.CDLL(str(made))
    loaded.instance_new.restype = ctypes.c_void_p
    loaded.bond_offset.restype = ctypes.c_uint64
    return loaded


class Message(NamedTuple):
    """What the plugin gave to its host.

    Attributes:
        frame: Of all that it was run.
        data: The bytes.
    """

    frame: int
    data: bytes


class Host:
    """A host that runs one instance, in its own time.

    Args:
        library: The player.
        folder: Where the instance puts its file.

    Attributes:
        speed: How much faster than in real time it is.
        clock: Nanoseconds, where its time is not that of its frames.
    """

    def __init__(self, library: ctypes.CDLL, folder: Path) -> None:
        self._library = library
        self._instance = ctypes.c_void_p(library.instance_new())
        (path,) = (folder / "sempre" / "daw").glob("*.bond")
        self.bond = Bond(path)
        self.path = path
        self.ran, self.speed = 0, 1.0
        self.clock: Callable[[], int] | None = None
        self.heard: list[Message] = []
        self._rows = (ctypes.c_uint32 * (5 * MOST))()

    def run(
        self, beat: float, bpm: float, frame: int, frames: int, *, rolls: bool = True, muted: bool = False
    ) -> list[Message]:
        """Run one block; gives what came out of it."""
        count = self._library.instance_run(
            self._instance,
            ctypes.c_double(beat),
            ctypes.c_double(bpm),
            ctypes.c_int64(frame),
            ctypes.c_int64(self.clock() if self.clock else 1 + round(self.ran * 1e9 / RATE / self.speed)),
            int(rolls),
            int(muted),
            ctypes.c_uint32(frames),
            self._rows,
            MOST,
        )
        rows = [self._rows[5 * n : 5 * n + 5] for n in range(count)]
        out = [Message(self.ran + row[0], bytes(row[2 : 2 + row[1]])) for row in rows]
        self.ran += frames
        self.heard += out
        return out

    @property
    def sounding(self) -> int:
        """Notes that have begun and not ended."""
        return int(self._library.instance_sounding(self._instance))

    @property
    def bound(self) -> bool:
        """Whether the plugin sees an engine."""
        return bool(self._library.instance_bound(self._instance))

    def listen(self, frames: int) -> Audio:
        """The sound of the block that was run last: shape (2, frames)."""
        out = np.empty((2, frames), np.float32)
        lines = [line.ctypes.data_as(ctypes.POINTER(ctypes.c_float)) for line in out]
        self._library.instance_listen(self._instance, *lines, ctypes.c_uint32(frames))
        return out

    @property
    def latency(self) -> int:
        """What it tells its host."""
        return int(self._library.instance_latency(self._instance))

    def close(self) -> None:
        """Take the instance away."""
        self.bond.close()
        self._library.instance_delete(self._instance)


@pytest.fixture
def host(library: ctypes.CDLL, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Host]:
    """A host with one instance."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    made = Host(library, tmp_path)
    yield made
    made.close()


@pytest.fixture(scope="session")
def formats(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the plugin in all its formats, which is built when its source has changed since: 10 s.

    Without a compiler and DPF the test is skipped; where `CI` is set it fails.
    """
    lack = [name for name in ("g++", "make", "pkg-config") if shutil.which(name) is None]
    lack += [] if DPF.is_dir() else ["dpf-source"]
    if lack:
        absent = pytest.fail if os.environ.get("CI") else pytest.skip
        absent(f"the plugin cannot be built without {', '.join(lack)} (apt-get install {' '.join(lack)})")
    digest = hashlib.sha256(str((DPF / "Makefile.plugins.mk").stat().st_mtime_ns).encode())
    for path in (*sorted(SOURCE.iterdir()), Path(build.__code__.co_filename)):
        digest.update(path.name.encode() + path.read_bytes())
    work = tmp_path_factory.mktemp("formats")
    cache = getattr(pytestconfig, "cache", None)  # none where pytest was told to keep nothing
    name = f"daw-plugin-{digest.hexdigest()[:16]}"
    kept = cache.mkdir("test-plugins") / name if cache else work / "kept"
    if kept.is_dir():
        return kept
    made = build(DPF, work)
    unseen = kept.with_name(f"{kept.name}.{os.getpid()}")
    shutil.copytree(made, unseen)
    try:
        unseen.rename(kept)
    except OSError:  # another process was quicker
        shutil.rmtree(unseen)
    return kept


@pytest.fixture
def run_folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where instances put their files: a folder of the test's own, with a short name."""
    with tempfile.TemporaryDirectory(prefix="sd-") as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield Path(folder)


def instances(folder: Path) -> set[Path]:
    """The files of those that are loaded."""
    return set((folder / "sempre" / "daw").glob("*.bond"))


def watching_host(folder: Path) -> Path:
    """The LV2 host that counts what a plugin does while it makes sound, compiled."""
    headers = f"-I{DPF / 'distrho' / 'src'}"
    source = str(Path(__file__).with_name("rt_host.cpp"))
    return compiled(folder, "rt_host", "-O2", headers, source, "-rdynamic", "-ldl")


class Watched:
    """The plugin in an LV2 host that counts what it does while it makes sound.

    Args:
        program: The host, from `watching_host`.
        bundle: The LV2 plugin.
        folder: Where its instance puts its file.

    Attributes:
        made: What was counted while it was made.
    """

    def __init__(self, program: Path, bundle: Path, folder: Path) -> None:
        text = (bundle / "Sempre_dsp.ttl").read_text()
        kinds = re.findall(r"a lv2:(Input|Output)Port, (\S+)Port ;\s+lv2:index (\d+) ;", text)
        assert [int(index) for *_, index in kinds] == [*range(len(kinds))]
        letters = "".join(PORTS[direction, kind] for direction, kind, _ in kinds)
        found = re.findall(r'lv2:index (\d+) ;.*?lv2:symbol "(\w+)"', text, re.DOTALL)
        self._ports = {symbol: int(index) for index, symbol in found}
        before = instances(folder)
        self._process = subprocess.Popen(
            [str(program), str(bundle / "Sempre_dsp.so"), letters, str(RATE)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.made = self.counts()
        (path,) = instances(folder) - before
        self.bond = Bond(path)

    def say(self, *words: object) -> None:
        """Give it a command, of which the answer is read later."""
        assert self._process.stdin is not None
        print(*words, file=self._process.stdin, flush=True)

    def answer(self) -> list[list[str]]:
        """What it says to the oldest command, by words."""
        assert self._process.stdout is not None
        rows: list[list[str]] = []
        for line in self._process.stdout:
            if line == "done\n":
                return rows
            rows.append(line.split())
        raise AssertionError(f"the host is gone: {self._process.wait(5)}")

    def ask(self, *words: object) -> list[list[str]]:
        """Give it a command; gives the answer."""
        self.say(*words)
        return self.answer()

    def counts(self) -> dict[str, float]:
        """What was counted since the last time, and how many nanoseconds blocks took."""
        return {name: float(value) for name, value in self.ask("counts")}

    def turn(self, symbol: str, value: float) -> None:
        """Move a parameter."""
        self.ask("control", self._ports[symbol], value)

    def value(self, symbol: str) -> float:
        """What a parameter says."""
        ((_, value),) = self.ask("value", self._ports[symbol])
        return float(value)

    def roll(
        self, beat: float, bpm: float, frame: int, blocks: int, *, speed: float = 1.0, once: bool = False
    ) -> list[Message]:
        """Run blocks of 128 frames; gives what came out of them.

        Args:
            beat: Where the first one begins, in quarter notes.
            bpm: Quarter notes a minute.
            frame: The same in frames, as the host counts.
            blocks: How many.
            speed: 0 to stand.
            once: Whether it is told its position before the first one alone.
        """
        return heard(self.ask(*rolling(beat, bpm, frame, blocks, speed=speed, once=once)))

    def close(self) -> None:
        """Take it away."""
        self.bond.close()
        assert self._process.stdin is not None
        self._process.stdin.close()
        assert self._process.stdout is not None
        self._process.stdout.close()
        assert self._process.wait(5) == 0


def rolling(
    beat: float, bpm: float, frame: int, blocks: int, *, speed: float = 1.0, once: bool = False
) -> tuple[object, ...]:
    """The command that `Watched.roll` gives."""
    return "run", beat, bpm, frame, speed, blocks, 128, int(once)


def heard(rows: list[list[str]]) -> list[Message]:
    """The messages in an answer to it."""
    return [Message(int(frame), bytes.fromhex(data)) for _, frame, data in rows]


@pytest.fixture(scope="session")
def watching(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program of `Watched`."""
    return watching_host(tmp_path_factory.mktemp("watching"))


@pytest.fixture
def watched(watching: Path, formats: Path, run_folder: Path) -> Iterator[Watched]:
    """The plugin in that host, where time goes with the frames."""
    made = Watched(watching, formats / "Sempre.lv2", run_folder)
    made.ask("virtual", 1)
    yield made
    made.close()
