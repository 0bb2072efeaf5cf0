"""Make Sempre's own environment: python3 tools/bootstrap.py [--dev].

Needs Python 3.11, 3.12 or 3.13 and nothing else; installs what the lock files name, each file checked
against its hash. Where Debian's Python comes without `ensurepip` (package python3-venv), pip is borrowed.
"""

from __future__ import annotations

import argparse
import configparser
import ctypes
import hashlib
import html.parser
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
import venv
from pathlib import Path

OLDEST, NEWEST = (3, 11), (3, 13)
ROOT = Path(__file__).resolve().parent.parent
PIP_LOCK = ROOT / "tools" / "pip.lock"
SYSTEM_LIBRARIES = {  # what the wheels expect of a Linux: Debian's package for it, and what it brings
    "libasound.so.2": ("libasound2", "sound and MIDI"),
    "libatomic.so.1": ("libatomic1", "effects and plugins"),
}
LOCKS = {"play": ROOT / "requirements.lock", "dev": ROOT / "requirements-dev.lock"}


class SetupError(Exception):
    """Setting up cannot go on; the text says why and what to try."""


def check_version(version: tuple[int, int], executable: str) -> None:
    """Refuse a Python that the locked wheels were not made for."""
    if OLDEST <= version <= NEWEST:
        return
    found = ".".join(map(str, version))
    raise SetupError(
        f"Sempre needs Python 3.11, 3.12 or 3.13, and {executable} is {found}: "
        "install one of them, or name it, as in: make play PYTHON=python3.12"
    )


def interpreter(environment: Path) -> Path:
    """Where an environment keeps its Python."""
    folder, name = ("Scripts", "python.exe") if os.name == "nt" else ("bin", "python")
    return environment / folder / name


def has_pip(environment: Path) -> bool:
    """Whether the environment's Python runs and has pip."""
    python = interpreter(environment)
    return python.exists() and succeeds([str(python), "-I", "-m", "pip", "--version"])


def succeeds(command: list[str], cwd: Path | None = None) -> bool:
    """Run a command silently; a missing program counts as a failure."""
    try:
        done = subprocess.run(command, cwd=cwd, capture_output=True, stdin=subprocess.DEVNULL, check=False)
    except FileNotFoundError:
        return False
    return done.returncode == 0


def create(environment: Path) -> None:
    """Make a fresh environment with pip, by the first way that this machine allows."""
    if importlib.util.find_spec("ensurepip") is not None:
        venv.create(environment, clear=True, symlinks=os.name != "nt")
        if succeeds([str(interpreter(environment)), "-I", "-m", "ensurepip", "--default-pip"]):
            return
    venv.create(environment, clear=True, symlinks=os.name != "nt")
    try:
        borrow_pip(environment)
    except SetupError:
        shutil.rmtree(environment, ignore_errors=True)
        raise


def borrow_pip(environment: Path) -> None:
    """Put pip into an environment without the help of `ensurepip`."""
    for way in (pip_of_this_python, pip_from_index, pip_from_debian):
        if way(environment):
            print(f"  (no ensurepip here: {(way.__doc__ or '').splitlines()[0]})")
            return
    exact = f"python{sys.version_info[0]}.{sys.version_info[1]}-venv"
    raise SetupError(f"this Python cannot make environments: sudo apt install python3-venv (or {exact})")


def pip_of_this_python(environment: Path) -> bool:
    """Pip was installed by the pip beside this Python."""
    target = ["--python", str(interpreter(environment))]
    locked = ["--require-hashes", "-r", str(PIP_LOCK)]
    return succeeds([sys.executable, "-m", "pip", *target, "install", *locked]) and has_pip(environment)


def pip_from_index(environment: Path) -> bool:
    """Pip's own wheel was taken from the configured package index."""
    index = configured_index()
    if index is None:
        return False
    text = PIP_LOCK.read_text(encoding="utf-8")
    version = re.search(r"^pip==(\S+)", text, re.MULTILINE)
    hashes = set(re.findall(r"sha256:([0-9a-f]{64})", text))
    if version is None:
        return False
    name = f"pip-{version[1]}-py3-none-any.whl"
    with tempfile.TemporaryDirectory() as folder:
        wheel = Path(folder) / name
        try:
            page = f"{index.rstrip('/')}/pip/"
            wheel.write_bytes(fetch(Links.of(page)[name]))
        except (OSError, KeyError):
            return False
        if hashlib.sha256(wheel.read_bytes()).hexdigest() not in hashes:
            raise SetupError(
                f"{name} from {page} is not the file that tools/pip.lock names: nothing installed"
            )
        return install_wheel(environment, wheel)


def pip_from_debian(environment: Path) -> bool:
    """Pip's wheel was unpacked from Debian's package python3-pip-whl."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)  # apt fetches as a user of its own
        if not succeeds(["apt-get", "download", "python3-pip-whl"], cwd=folder):
            return False
        for package in folder.glob("*.deb"):
            succeeds(["dpkg-deb", "-x", str(package), str(folder)])
        wheels = sorted(folder.glob("usr/share/python-wheels/pip-*.whl"))
        return bool(wheels) and install_wheel(environment, wheels[-1])


def install_wheel(environment: Path, wheel: Path) -> bool:
    """Let the pip inside a wheel install itself: a wheel is a zip that Python can run."""
    command = [
        str(interpreter(environment)),
        str(wheel / "pip"),
        "install",
        "--no-index",
        "--no-deps",
        str(wheel),
    ]
    return succeeds(command) and has_pip(environment)


def configured_index() -> str | None:
    """The package index that this machine's pip is told to use, if it is told."""
    home = Path.home()
    settings = Path(os.environ.get("XDG_CONFIG_HOME", home / ".config"))
    files = [Path("/etc/pip.conf"), home / ".pip/pip.conf", settings / "pip/pip.conf"]
    if "PIP_CONFIG_FILE" in os.environ:
        files.append(Path(os.environ["PIP_CONFIG_FILE"]))
    parser = configparser.RawConfigParser()
    parser.read(files, encoding="utf-8")
    written = parser.get("global", "index-url", fallback=None)
    return os.environ.get("PIP_INDEX_URL", parser.get("install", "index-url", fallback=written))


class Links(html.parser.HTMLParser):
    """The files that a page of a package index offers."""

    def __init__(self, page: str) -> None:
        """Start with no links; relative ones count from the page."""
        super().__init__()
        self.page = page
        self.files: dict[str, str] = {}

    @classmethod
    def of(cls, page: str) -> dict[str, str]:
        """File names of a page and their addresses."""
        links = cls(page)
        links.feed(fetch(page).decode("utf-8"))
        return links.files

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep where an anchor points."""
        target = dict(attrs).get("href")
        if tag == "a" and target:
            address = urllib.parse.urldefrag(urllib.parse.urljoin(self.page, target)).url
            self.files[address.rsplit("/", 1)[-1]] = address


def fetch(address: str) -> bytes:
    """The bytes behind an address of the index."""
    asked = urllib.request.Request(address, headers={"Accept": "text/html"})
    with urllib.request.urlopen(asked, timeout=60) as answer:
        data: bytes = answer.read()
    return data


def fingerprint(lock: Path) -> str:
    """What an installed environment depends on: the lock and the project's own description."""
    import tomllib

    described = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    parts = [lock.read_text(encoding="utf-8"), str(described["project"]), str(described["build-system"])]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def install(environment: Path, lock: Path) -> None:
    """Install what the lock names, then the project itself, editable."""
    variables = {**os.environ, "PIP_USER": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    variables.pop("PIP_TARGET", None)
    variables.pop("PIP_PREFIX", None)
    pip = [str(interpreter(environment)), "-I", "-m", "pip", "install", "-qq"]
    steps = [
        [*pip, "--require-hashes", "--only-binary", ":all:", "-r", str(lock)],
        [*pip, "--no-index", "--no-deps", "--no-build-isolation", "--editable", str(ROOT)],
    ]
    for step in steps:
        if subprocess.run(step, cwd=ROOT, env=variables, stdin=subprocess.DEVNULL, check=False).returncode:
            raise SetupError("the lines above are pip's; nothing was changed outside the environment")


def missing_libraries() -> list[tuple[str, str]]:
    """Debian packages that Sempre would make use of here, each with what it brings."""
    missing: list[tuple[str, str]] = []
    for library, package in SYSTEM_LIBRARIES.items():
        try:
            ctypes.CDLL(library)
        except OSError:
            missing.append(package)
    return missing


def read_note(note: Path) -> dict[str, str]:
    """What a former run wrote into the environment about itself; nothing if it did not end well."""
    try:
        return dict(json.loads(note.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def set_up(environment: Path, kind: str) -> None:
    """Bring an environment to what a lock asks for; does nothing where it is so already."""
    note = environment / "sempre.json"
    made_by = {"root": str(ROOT), "python": f"{sys.version_info[0]}.{sys.version_info[1]}"}
    state = read_note(note)
    wanted = {name: fingerprint(lock) for name, lock in LOCKS.items()}
    same = {name: state.get(name) for name in made_by} == made_by and interpreter(environment).exists()
    if same and state.get(kind) == wanted[kind]:
        return
    began = time.monotonic()
    print(
        f"Setting up {environment.name} with Python {made_by['python']} (needs the network, once) …",
        flush=True,
    )
    if not same or not has_pip(environment):
        create(environment)
        state = made_by
        note.write_text(
            json.dumps(state, indent=1), encoding="utf-8"
        )  # what fails from here on is only resumed
    install(environment, LOCKS[kind])
    done = LOCKS if kind == "dev" else [kind]  # what developers need includes what playing needs
    state.update({name: wanted[name] for name in done})
    note.write_text(json.dumps(state, indent=1), encoding="utf-8")
    print(f"  ready in {time.monotonic() - began:.0f} s", flush=True)
    missing = missing_libraries() if sys.platform == "linux" else []
    if missing:
        brings = ", ".join(what for _, what in missing)
        print(f"  for {brings}: sudo apt install {' '.join(name for name, _ in missing)}", flush=True)


def main() -> int:
    """Set up the environment that the command line asks for."""
    parser = argparse.ArgumentParser(description="make the environment that Sempre runs in")
    parser.add_argument("--dev", action="store_true", help="with the tools for testing and checking")
    parser.add_argument("--venv", default=".venv", help="folder of the environment (%(default)s)")
    options = parser.parse_args()
    try:
        check_version(sys.version_info[:2], sys.executable)
        set_up(ROOT / options.venv, "dev" if options.dev else "play")
    except SetupError as problem:
        print(f"bootstrap: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
