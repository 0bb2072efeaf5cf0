"""A plugin of our own, built from source for the tests that need a real one."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

DPF = Path("/usr/share/dpf")
SOURCE = Path(__file__).parent / "probe"


def _built(source: Path, work: Path) -> Path:
    absent = pytest.fail if os.environ.get("CI") else pytest.skip
    missing = [name for name in ("g++", "make", "pkg-config") if shutil.which(name) is None]
    if missing or not DPF.is_dir():
        lack = ", ".join([*missing, *([] if DPF.is_dir() else ["dpf-source"])])
        absent(
            f"the test plugin cannot be built without {lack} (apt-get install dpf-source g++ make pkg-config)"
        )
    target = work / "vst3"
    paths = {"PATH": DPF, "TARGET_DIR": target, "BUILD_DIR": work / "build"}
    done = subprocess.run(
        ["make", "-s", "vst3", "HAVE_OPENGL=false", *(f"DPF_{name}={path}" for name, path in paths.items())],
        cwd=source,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return target


@pytest.fixture(scope="session")
def plugins(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds `SempreProbe.vst3`, and nothing else; built in about 4 s.

    Without a compiler and DPF the test is skipped; where `CI` is set it fails.
    """
    return _built(SOURCE, tmp_path_factory.mktemp("probe"))


@pytest.fixture(scope="session")
def shaper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with `SempreShaper.vst3`, an effect that is 100 frames late."""
    return _built(SOURCE.with_name("shaper"), tmp_path_factory.mktemp("shaper"))
