"""Two minutes of eight plugins on a JACK server while the engine computes, saves and loses processes."""

import os
import shutil
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest

from tests.bench.bench_host import PLUGINS, inside, play

pytestmark = [
    pytest.mark.vst3,
    pytest.mark.jack,
    pytest.mark.realtime,
    pytest.mark.timeout(400),
    pytest.mark.flaky(reruns=1),
]

SECONDS = 100.0
"""With a start, an end and the comparison, two minutes."""


@pytest.fixture
def folder(saws: Path) -> Generator[Path, None, None]:
    """One with a short name, for the sockets in it, where the synthesiser is."""
    with tempfile.TemporaryDirectory() as made:
        shutil.copytree(saws, Path(made) / "vst3")
        yield Path(made)


def test_nothing_is_missed_whatever_goes_wrong(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a plain client lost nothing: no period, no block of the device or of a plugin; no event is late.

    Killed plugins apart: two of them are, and come back. The device's calls take less than a tenth of their
    period, 99 of 100. A callback in a process that computes as much loses more than we do.
    """
    if shutil.which("jackd") is None:
        absent = pytest.fail if os.environ.get("CI") else pytest.skip
        absent("jackd is not installed (apt-get install jackd2)")
    # The server of the ordeal names itself there; put back afterwards.
    for name in ("JACK_DEFAULT_SERVER", "JACK_NO_START_SERVER", "JACK_NO_AUDIO_RESERVATION"):
        monkeypatch.setenv(name, os.environ.get(name, ""))
    found = play(folder, SECONDS, kill_at=15.0)
    quiet, (stretches, _) = found.quiet, found.stretches
    assert stretches > 5, "a plain client lost periods nearly all the time: nothing can be said"
    assert found.kills == 2
    assert found.saves > SECONDS / 4
    assert quiet.calls > stretches * 100
    assert (quiet.missing, quiet.skipped, quiet.owed) == (0, 0, 0), found
    assert quiet.late + found.other.late + found.first == 0, found
    assert found.killed < PLUGINS * 400, found
    assert found.pulled < 0.1, found
    lost, calls = inside(10.0)
    ours = quiet.missing + quiet.skipped + found.other.missing + found.other.skipped
    assert lost / calls > ours / (quiet.calls + found.other.calls)
