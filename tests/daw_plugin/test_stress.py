"""Engines that are killed in the middle of a word: what the plugin plays is whole all the same."""

import os
import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.daw_plugin.conftest import SOURCE, Host, compiled
from tests.daw_plugin.test_player import Song, pairs

pytestmark = pytest.mark.plugin
ROUNDS = 200
WRITER = """
import sys
from pathlib import Path
from bridge.bond_memory import Bond, Planned
bond, velocity = Bond(Path(sys.argv[1])), int(sys.argv[2])
bond.bind(velocity, name="Bass", piece="", seed=0)
print("ready", flush=True)
while True:
    bond.beat()
    for beat in range(64):
        notes = [Planned(beat + n / 8, 0.1, bytes((0x90, beat, velocity))) for n in range(8)]
        bond.write(beat, 1, notes)
"""


@pytest.mark.timeout(120)
@pytest.mark.parametrize(("sanitizer", "mode"), [("address", "processes"), ("thread", "threads")])
def test_no_note_is_torn_and_none_hangs(sanitizer: str, mode: str, tmp_path: Path) -> None:
    """Two hundred engines, each killed within milliseconds; under a detector of bad memory, and of races."""
    sources = [str(Path(__file__).with_name("stress.cpp")), str(SOURCE / "SharedFile.cpp")]
    flags = ["-O1", "-g", f"-fsanitize={sanitizer}", "-pthread"]
    program = compiled(tmp_path, "stress", *flags, *sources)
    done = subprocess.run(
        [str(program), mode, str(ROUNDS)],
        env=os.environ | {"XDG_RUNTIME_DIR": str(tmp_path), "TSAN_OPTIONS": "halt_on_error=1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith(f"{ROUNDS} engines")
    assert not done.stderr


@pytest.mark.timeout(60)
def test_our_own_engine_may_be_killed_too(host: Host) -> None:
    """The same with what writes in truth: notes of each beat have its key, whoever wrote them."""
    some, song = random.Random(1), Song(host)
    for velocity in range(1, 21):
        command = [sys.executable, "-c", WRITER, str(host.path), str(velocity)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=SOURCE.parent) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            until = time.monotonic() + some.random() * 0.1
            # The first and the last of them live until they are heard: on a busy machine that takes longer.
            while time.monotonic() < until or (velocity in (1, 20) and velocity not in velocities(host)):
                if song.beat > 56:
                    song.jump(0.0)
                before, heard = song.beat, len(host.heard)
                song.roll(0.1, 128)
                keys = {data[1] for _, data in host.heard[heard:] if data[0] == 0x90}
                assert keys <= {int(max(0.0, before - 0.1)), int(before), int(song.beat)}
            writer.kill()
    song.stop()
    assert host.sounding == 0
    notes = pairs(host.heard)
    assert len(notes) > 200
    assert velocities(host) > {1, 20}


def velocities(host: Host) -> set[int]:
    """Those that notes were heard with."""
    return {data[2] for _, data in host.heard if data[0] == 0x90}
