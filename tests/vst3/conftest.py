"""A plugin of our own, built from source for the tests that need a real one."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

DPF = Path("/usr/share/dpf")
SOURCE = Path(__file__).parent / "probe"


def _built(
    source: Path, config: pytest.Config, factory: pytest.TempPathFactory, kinds: str = "", form: str = "vst3"
) -> Path:
    """The folder of a plugin, of all its kinds, which is compiled when its source has changed since."""
    absent = pytest.fail if os.environ.get("CI") else pytest.skip
    missing = [name for name in ("g++", "make", "pkg-config") if shutil.which(name) is None]
    if missing or not DPF.is_dir():
        lack = ", ".join([*missing, *([] if DPF.is_dir() else ["dpf-source"])])
        absent(
            f"the test plugin cannot be built without {lack} (apt-get install dpf-source g++ make pkg-config)"
        )
    work = factory.mktemp(source.name)
    cache = getattr(config, "cache", None)  # none where pytest was told to keep nothing
    kept = cache.mkdir("test-plugins") / f"{source.name}-{form}-{_stamp(source)}" if cache else work / "kept"
    if kept.is_dir():
        return kept
    target = work / form
    for kind in kinds.split() or [""]:
        paths = {"PATH": DPF, "TARGET_DIR": target, "BUILD_DIR": work / f"build{kind}"}
        words = ["HAVE_OPENGL=false", f"KIND={kind}", *(f"DPF_{name}={path}" for name, path in paths.items())]
        done = subprocess.run(
            ["make", "-s", form, *words], cwd=source, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    for bundle in target.glob("*.lv2"):  # its texts are written by itself
        write = f"import ctypes; ctypes.CDLL('./{bundle.stem}.so').lv2_generate_ttl(b'{bundle.stem}')"
        subprocess.run([sys.executable, "-c", write], cwd=bundle, stdout=subprocess.DEVNULL, check=True)
    unseen = kept.with_name(f"{kept.name}.{os.getpid()}")
    shutil.copytree(target, unseen)
    try:
        unseen.rename(kept)
    except OSError:  # another process was quicker
        shutil.rmtree(unseen)
    return kept


def _stamp(source: Path) -> str:
    """What tells whether a plugin is still the one that was built: its source, and the framework's age."""
    digest = hashlib.sha256(str((DPF / "Makefile.plugins.mk").stat().st_mtime_ns).encode())
    for path in sorted(source.iterdir()):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


@pytest.fixture(scope="session")
def plugins(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that holds `SempreProbe.vst3`, and nothing else; built in about 4 s.

    Without a compiler and DPF the test is skipped; where `CI` is set it fails.
    """
    return _built(SOURCE, pytestconfig, tmp_path_factory)


@pytest.fixture(scope="session")
def shaper(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with `SempreShaper.vst3`, an effect that is 100 frames late."""
    return _built(SOURCE.with_name("shaper"), pytestconfig, tmp_path_factory)


@pytest.fixture(scope="session")
def lv2_plugins(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The folders of `SempreProbe.lv2` and `SempreShaper.lv2`, the same two for minihost."""
    sources = (SOURCE, SOURCE.with_name("shaper"))
    return [_built(one, pytestconfig, tmp_path_factory, form="lv2") for one in sources]


@pytest.fixture(scope="session")
def windowed(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with `SempreWindow.vst3`, an instrument that has a window of its own on X11."""
    if not Path("/usr/include/X11/Xlib.h").exists():
        absent = pytest.fail if os.environ.get("CI") else pytest.skip
        absent("a plugin with a window needs X11 to be built (apt-get install libx11-dev)")
    return _built(SOURCE.with_name("window"), pytestconfig, tmp_path_factory)


@pytest.fixture(scope="session")
def odd(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of plugins that are not made as hosts expect: see `odd/DistrhoPluginInfo.h`."""
    return _built(SOURCE.with_name("odd"), pytestconfig, tmp_path_factory, "MONO NARROW DEAF LATE MANY")


@pytest.fixture(scope="session")
def saws(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with `SempreSaws.vst3`, the synthesiser of the benchmarks."""
    return _built(SOURCE.with_name("saws"), pytestconfig, tmp_path_factory)
