"""Sounds come from their file exactly as they are computed, and from nothing that is not that file."""

import os
import platform
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from plugin_host import kept_sounds, kit
from plugin_host.audio import Audio
from plugin_host.kept_sounds import cache_folder, kept

RATE = 8000  # a small kit
SOUNDS = [np.linspace(-1, 1, frames, dtype=np.float32) for frames in (5, 0, 1, 300)]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A cache of its own for each test."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "sempre"


class Making:
    """Computes the sounds, and counts how often."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> list[Audio]:
        self.times += 1
        return SOUNDS


def same(one: list[Audio], other: list[Audio]) -> bool:
    """Whether two lists of sounds are the same to the bit, and of the same kind."""
    return [(a.dtype, a.shape, a.flags.writeable, a.tobytes()) for a in one] == [
        (a.dtype, a.shape, a.flags.writeable, a.tobytes()) for a in other
    ]


def test_what_was_computed_once_is_read_the_next_time(folder: Path) -> None:
    """The second time nothing is computed."""
    making = Making()
    assert same(kept("some", b"recipe", making), SOUNDS)
    assert [file.name.partition("-")[0] for file in folder.iterdir()] == ["some"]
    assert same(kept("some", b"recipe", making), SOUNDS)
    assert making.times == 1


def test_no_sounds_are_no_sounds() -> None:
    """An empty list is kept as one."""
    assert kept("none", b"", list) == kept("none", b"", list) == []


def test_the_kit_is_the_same_from_its_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every drum is to the bit what it is when it is computed."""
    built = kit.drum_kit.__wrapped__(RATE)
    assert len(list(folder.iterdir())) == 1
    monkeypatch.setattr(kit, "build_takes", pytest.fail)
    read = kit.drum_kit.__wrapped__(RATE)
    assert list(read) == list(built)
    takes = [take for sound in built.values() for v in sound.variants for layer in v for take in layer]
    assert all(np.isfinite(take).all() for take in takes)
    for name, sound in built.items():
        assert [len(layers) for layers in read[name].variants] == [kit.LAYERS] * len(sound.variants)
        for layers, others in zip(sound.variants, read[name].variants, strict=True):
            assert all(same(list(a), list(b)) for a, b in zip(layers, others, strict=True)), name


def test_another_process_reads_the_same_kit(folder: Path) -> None:
    """The file of one process is that of the next, and both are what is computed."""
    code = (
        "import hashlib; from plugin_host import kit;"
        f"takes = kit.build_takes({RATE}) if {{}} else "
        f"[t for s in kit.drum_kit({RATE}).values() for v in s.variants for l in v for t in l];"
        "print(hashlib.sha256(b''.join(t.tobytes() for t in takes)).hexdigest())"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", code.format(built)],
            stdout=subprocess.PIPE,
            check=True,
            env=os.environ | {"XDG_CACHE_HOME": str(folder.parent)},
        ).stdout
        for built in (False, False, True)
    ]
    assert len(set(said)) == 1
    assert len(list(folder.iterdir())) == 1


def test_another_recipe_another_machine_another_numpy_has_another_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever the last bit depends on is in the key."""
    making = Making()
    kept("some", b"recipe", making)
    kept("some", b"another", making)
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(platform, "platform", lambda: "another machine")
        kept("some", b"recipe", making)
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(kept_sounds, "opt_func_info", dict[str, object])
        kept("some", b"recipe", making)
    monkeypatch.setattr(np, "__version__", "9.9")
    kept("some", b"recipe", making)
    assert making.times == len(list(folder.iterdir())) == 5


def test_the_recipe_of_the_kit_is_the_code_that_makes_it_and_the_rate(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An edit of the code makes another file, and so does another rate."""
    recipes: list[bytes] = []

    def note(name: str, recipe: bytes, build: Callable[[], list[Audio]]) -> list[Audio]:
        recipes.append(recipe)
        return kept(name, recipe, build)

    monkeypatch.setattr(kit, "kept", note)
    for rate in (RATE, RATE, RATE + 1):
        kit.drum_kit.__wrapped__(rate)
    assert recipes[0] == recipes[1] != recipes[2]
    for code in (kit, sys.modules["plugin_host.audio"]):
        assert code.__file__ is not None
        assert Path(code.__file__).read_bytes() in recipes[0]


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: data[:0],
    "a byte short": lambda data: data[:-1],
    "cut in its lengths": lambda data: data[:90],
    "cut in its head": lambda data: data[:20],
    "longer": lambda data: data + bytes(4),
    "zeros": lambda data: bytes(len(data)),
    "another kind of file": lambda data: b"RIFF" + data[4:],
    "another key": lambda data: data[:48] + bytes(32) + data[80:],
    "a giant count": lambda data: data[:80] + b"\xff\xff\xff\xff" + data[84:],
    "noise": lambda data: random.Random(1).randbytes(len(data)),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=list(DAMAGES))
def test_a_file_that_is_not_whole_is_written_anew(folder: Path, damage: Callable[[bytes], bytes]) -> None:
    """Cut off, lengthened, emptied, forged or noise: computed again, and whole afterwards."""
    making = Making()
    kept("some", b"recipe", making)
    (file,) = folder.iterdir()
    whole = file.read_bytes()
    file.write_bytes(damage(whole))
    assert same(kept("some", b"recipe", making), SOUNDS)
    assert making.times == 2
    assert file.read_bytes() == whole


def test_no_byte_of_a_file_can_be_another(folder: Path) -> None:
    """A single bit is enough."""
    making = Making()
    kept("some", b"recipe", making)
    (file,) = folder.iterdir()
    whole = file.read_bytes()
    for place in [*range(110), *range(110, len(whole), 97), len(whole) - 1]:
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 16]) + whole[place + 1 :])
        assert same(kept("some", b"recipe", making), SOUNDS)
        assert file.read_bytes() == whole, place


def test_the_file_of_other_sounds_under_this_name_is_not_taken(folder: Path) -> None:
    """A whole file that was renamed says what it is."""
    kept("some", b"other", lambda: [np.zeros(7, np.float32)])
    (other,) = folder.iterdir()
    data = other.read_bytes()
    other.unlink()
    kept("some", b"recipe", Making())
    (file,) = folder.iterdir()
    file.write_bytes(data)
    assert same(kept("some", b"recipe", Making()), SOUNDS)


def test_what_is_no_file_at_all_is_left_alone(folder: Path) -> None:
    """A folder or a pipe in its place is neither read nor removed."""
    making = Making()
    kept("some", b"recipe", making)
    (file,) = folder.iterdir()
    file.unlink()
    file.mkdir()
    assert same(kept("some", b"recipe", making), SOUNDS)
    assert making.times == 2
    file.rmdir()
    if hasattr(os, "mkfifo"):
        os.mkfifo(file)  # reading it would wait for ever
        assert same(kept("some", b"recipe", making), SOUNDS)
        assert making.times == 3


def test_a_file_too_large_to_be_ours_is_not_read(folder: Path) -> None:
    """A terabyte is not taken into memory."""
    making = Making()
    kept("some", b"recipe", making)
    (file,) = folder.iterdir()
    with file.open("r+b") as growing:
        growing.truncate(1 << 40)  # sparse: it takes no room
    assert same(kept("some", b"recipe", making), SOUNDS)
    assert file.stat().st_size < 2000


def test_where_nothing_can_be_written_sounds_are_computed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a folder, and without a home."""
    making = Making()
    folder.parent.parent.joinpath("cache").write_text("a file where a folder should be")
    assert same(kept("some", b"recipe", making), SOUNDS)
    assert same(kept("some", b"recipe", making), SOUNDS)
    assert making.times == 2
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.delenv("LOCALAPPDATA", raising=False)

    def homeless() -> Path:
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", homeless)
    assert cache_folder() is None
    assert same(kept("some", b"recipe", making), SOUNDS)
    assert making.times == 3


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is a thing of Linux")
def test_a_full_disk_leaves_nothing_behind(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What could not be written whole is removed."""

    def full(number: int, _mode: str) -> object:
        os.close(number)
        return Path("/dev/full").open("wb")

    monkeypatch.setattr(kept_sounds.os, "fdopen", full)
    assert same(kept("some", b"recipe", Making()), SOUNDS)
    assert list(folder.iterdir()) == []


def test_several_at_once_read_whole_sounds_only(folder: Path) -> None:
    """Processes that write, read and forget the same files at the same time."""
    code = (
        "import sys, numpy as np; from plugin_host.kept_sounds import kept\n"
        "for turn in range(60):\n"
        "    number = turn // 6\n"
        "    sound, = kept('some', b'%d' % number, lambda: [np.full(50_000, number, np.float32)])\n"
        "    assert sound.shape == (50_000,) and (sound == number).all()\n"
    )
    everyone = [
        subprocess.Popen(
            [sys.executable, "-c", code], env=os.environ | {"XDG_CACHE_HOME": str(folder.parent)}
        )
        for _ in range(4)
    ]
    assert [one.wait() for one in everyone] == [0] * 4
    assert all("." not in file.name for file in folder.iterdir())


def test_old_files_go(folder: Path) -> None:
    """The newest six of a name stay, and those of other names."""
    for number in range(20):
        kept("some", b"%d" % number, Making())
        newest = max(folder.iterdir(), key=lambda file: file.stat().st_mtime)
        os.utime(newest, (number, number))
    kept("others", b"", Making())
    assert len(list(folder.glob("some-*"))) == 6
    assert len(list(folder.glob("others-*"))) == 1
    making = Making()
    kept("some", b"19", making)
    assert making.times == 0


def test_the_cache_is_where_the_platform_wants_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """XDG's folder if it is one, else the system's."""
    monkeypatch.setenv("XDG_CACHE_HOME", "not/absolute")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", "linux")
    assert cache_folder() == tmp_path / ".cache" / "sempre"
    monkeypatch.setattr(sys, "platform", "darwin")
    assert cache_folder() == tmp_path / "Library" / "Caches" / "sempre"
