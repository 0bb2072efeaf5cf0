"""Tests that need a peer: where CI is set a skip is a failure, and who was disturbed is made again."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

SAMPLE = """
import pytest

@pytest.mark.jack
def test_needs_a_peer():
    pytest.skip("no server")

@pytest.mark.jack
@pytest.mark.skipif(True, reason="not here")
def test_is_told_to_skip():
    pass

def test_needs_nothing():
    pytest.skip("another day")
"""


@pytest.mark.parametrize(
    ("ci", "closing"),
    [("true", "1 failed, 1 skipped, 1 error"), ("", "3 skipped")],
)
def test_skips_of_marked_tests(tmp_path: Path, ci: str, closing: str) -> None:
    """Both marked tests fail in CI, one of them before it runs, and skip elsewhere; the third may skip."""
    shutil.copy(Path(__file__).with_name("conftest.py"), tmp_path)
    (tmp_path / "test_sample.py").write_text(SAMPLE)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n  jack: needs a JACK server\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)],
        env={**os.environ, "CI": ci, "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert closing in done.stdout
    assert ("a skip is a failure" in done.stdout) is bool(ci)


DISTURBED = """
import os, signal, time
import pytest

runs = []

@pytest.mark.jack
@pytest.mark.parametrize("good_at", [2, 9])
def test_on_a_machine_that_stands_still(good_at):
    for child in open(f"/proc/self/task/{os.getpid()}/children").read().split():
        if "witness" in open(f"/proc/{child}/cmdline").read():
            os.kill(int(child), signal.SIGSTOP)
            time.sleep(.1)
            os.kill(int(child), signal.SIGCONT)
    time.sleep(.2)
    runs.append(good_at)
    assert runs.count(good_at) == good_at

def test_that_measures_nothing():
    runs.append("plain")
    assert runs.count("plain") == 2
"""


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds the witness in /proc")
def test_a_measurement_on_a_machine_that_stood_still_is_made_again(tmp_path: Path) -> None:
    """Twice at most; what needs no peer is judged at once."""
    shutil.copy(Path(__file__).with_name("conftest.py"), tmp_path)
    (tmp_path / "test_sample.py").write_text(DISTURBED)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers =\n  jack: needs a JACK server\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert "2 failed, 1 passed, 3 rerun" in done.stdout
    assert "the machine stood still" in done.stdout
