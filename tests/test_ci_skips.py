"""Where CI is set, a skipped test that needs a peer is a failure."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

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
        env={**os.environ, "CI": ci},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert closing in done.stdout
    assert ("a skip is a failure" in done.stdout) is bool(ci)
