"""A piece that starts with the machine: what the systems' managers read, and what they are asked."""

import os
import plistlib
import re
import shlex
import shutil
import signal
import subprocess
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from configparser import RawConfigParser
from pathlib import Path

import pytest

from bridge.clock import monotonic
from bridge.worker import pause
from repl.errors import ReplError
from repl.service import Answer, Manager, command_of_ours, install, manager, remove, run, status
from repl.service_files import Service, launchd_plist, systemd_unit, windows_task

NAMES = ["evening.py", "my piece.py", "100% $HOME.py", 'say "hush".py', "back\\slash.py", "größe & <ä>.py"]
PATIENCE = 20.0


def service(folder: Path, *names: str) -> Service:
    """One with pieces of these names."""
    return Service(command_of_ours(), tuple(folder / name for name in names), folder)


def sections(unit: str) -> RawConfigParser:
    """A unit, read."""
    found = RawConfigParser(strict=True)
    found.optionxform = str  # type: ignore[assignment,method-assign] # its type asks for a function of a str
    found.read_string(unit)
    return found


def words(line: str) -> list[str]:
    """A command as systemd takes it apart: by quotes, then % and $ are undone."""
    return [word.replace("%%", "%").replace("$$", "$") for word in shlex.split(line)]


def test_a_unit_says_which_pieces_and_how_they_go_on(tmp_path: Path) -> None:
    """Whatever they are called."""
    unit = sections(systemd_unit(service(tmp_path, *NAMES)))
    begun = words(unit["Service"]["ExecStart"])
    assert begun == [str(command_of_ours()), "play", *(str(tmp_path / name) for name in NAMES)]
    assert unit["Service"]["WorkingDirectory"] == str(tmp_path)
    assert unit["Service"]["Restart"] == "on-failure"
    assert unit["Unit"]["StartLimitIntervalSec"] == "0"
    assert unit["Install"]["WantedBy"] == "default.target"


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    """Its own check finds nothing to complain of."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd-analyze here")
    for name in NAMES:
        (tmp_path / name).touch()
    unit = tmp_path / "sempre.service"
    unit.write_text(systemd_unit(service(tmp_path, *NAMES)), encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(unit)],
        env=os.environ | {"XDG_RUNTIME_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=15,
        check=False,
    )
    complaints = [line for line in (done.stdout + done.stderr).splitlines() if unit.name in line]
    assert complaints == []


@pytest.mark.parametrize("name", ["two\nlines.py", "bell\x07.py"])
def test_a_name_that_no_unit_can_have(name: str, tmp_path: Path) -> None:
    """A line break in a name would be another setting."""
    with pytest.raises(ReplError, match="no service can be told"):
        systemd_unit(service(tmp_path, name))


def test_a_property_list_for_launchd(tmp_path: Path) -> None:
    """The same, on macOS."""
    read = plistlib.loads(launchd_plist(service(tmp_path, *NAMES)))
    assert read["ProgramArguments"][1:] == ["play", *(str(tmp_path / name) for name in NAMES)]
    assert read["KeepAlive"] == {"SuccessfulExit": False}
    assert read["RunAtLoad"] is True


def test_a_task_for_windows(tmp_path: Path) -> None:
    """XML that can be read, in the encoding that it names."""
    space = {"t": "http://schemas.microsoft.com/windows/2004/02/mit/task"}
    text = windows_task(service(tmp_path, *NAMES), "ada")
    root = ET.fromstring(text.encode("utf-16"))
    arguments = root.findtext("t:Actions/t:Exec/t:Arguments", namespaces=space)
    assert arguments is not None
    assert arguments.startswith('"play" "')
    assert f'"{tmp_path / NAMES[-1]}"' in arguments
    assert root.findtext("t:Settings/t:ExecutionTimeLimit", namespaces=space) == "PT0S"


class System:
    """A system that notes what it is asked, and refuses what it is told to refuse."""

    def __init__(self, linger: str = "Linger=no", refuse: str = "") -> None:
        self.asked: list[str] = []
        self._linger = linger
        self._refuse = refuse

    def __call__(self, command: Sequence[str]) -> Answer:
        self.asked.append(" ".join(command))
        if command[0] == "loginctl":
            return Answer(0, self._linger)
        if self._refuse and self._refuse in command:
            return Answer(1, "Failed to connect to bus: No medium found")
        return Answer(0, "")


@pytest.fixture
def piece(tmp_path: Path) -> Path:
    """A piece."""
    path = tmp_path / "evening.py"
    path.write_text('hats = play(s("hh*4"))\n', encoding="utf-8")
    return path


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Manager:
    """systemd's, in a folder of the test."""
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    return manager("linux", tmp_path)


def test_install_writes_begins_and_says_what_is_left(piece: Path, there: Manager) -> None:
    """Without lingering it would begin with the first login only."""
    system = System()
    said = install([piece], there, system)
    assert there.file.read_text().count(str(piece)) == 1
    assert [one.split()[2] for one in system.asked[:3]] == ["daemon-reload", "enable", "restart"]
    assert "sudo loginctl enable-linger" in said
    assert "enable-linger" not in install([piece], there, System("Linger=yes"))


def test_where_the_manager_cannot_be_reached(piece: Path, there: Manager) -> None:
    """In a container, say: what is left to do is named, each command from there on."""
    with pytest.raises(ReplError, match="No medium found") as caught:
        install([piece], there, System(refuse="enable"))
    lines = str(caught.value).splitlines()
    assert lines[-2:] == [
        "  systemctl --user enable sempre.service",
        "  systemctl --user restart sempre.service",
    ]
    assert there.file.exists()


def test_a_piece_that_is_not_there_is_refused(tmp_path: Path, there: Manager) -> None:
    """Nothing is written."""
    with pytest.raises(ReplError, match=r"nothere\.py is not there"):
        install([tmp_path / "nothere.py"], there, System())
    assert not there.file.exists()


def test_remove_takes_everything_back(piece: Path, there: Manager) -> None:
    """A second time there is nothing to remove."""
    install([piece], there, System())
    system = System()
    assert str(there.file) in remove(there, system)
    assert system.asked == ["systemctl --user disable --now sempre.service", "systemctl --user daemon-reload"]
    assert not there.file.exists()
    with pytest.raises(ReplError, match="no service is installed"):
        remove(there, System())
    with pytest.raises(ReplError, match="sempre service install FILE"):
        status(there, System())


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_other_systems_are_told_in_their_own_way(platform: str, piece: Path, tmp_path: Path) -> None:
    """And it is said that nobody has tried it."""
    system = System()
    there = manager(platform, tmp_path / "home")
    assert "nobody has tried" in install([piece], there, system)
    assert system.asked[0].split()[0] == {"darwin": "launchctl", "win32": "schtasks"}[platform]
    assert str(there.file) in system.asked[0]
    assert "nobody has tried" in status(there, system)
    remove(there, system)
    assert not there.file.exists()


def test_a_command_that_is_not_there_is_an_answer() -> None:
    """A system without systemd."""
    assert run(["sempre-has-no-such-command"]) == Answer(127, "there is no sempre-has-no-such-command here")


# What a unit runs, run.


@pytest.fixture
def runtime(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder for sessions with a short name, as sockets need it."""
    folder = Path(tempfile.mkdtemp(prefix="sempre-"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    monkeypatch.setenv("JACK_NO_START_SERVER", "1")
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.mark.parametrize(("how", "code"), [("stop", 0), ("kill", 1), ("terminate", 0)])
def test_what_the_unit_runs_ends_as_the_manager_must_know(
    how: str, code: int, piece: Path, runtime: Path
) -> None:
    """It plays; `sempre stop` and the manager's own stop end it well; after a crash it is begun again."""
    (piece.parent / "sempre.toml").write_text('[midi]\nbackend = "none"\n[audio]\ndriver = "null"\n')
    unit = sections(systemd_unit(service(piece.parent, piece.name)))
    playing = subprocess.Popen(
        words(unit["Service"]["ExecStart"]),
        cwd=unit["Service"]["WorkingDirectory"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        session = _session(runtime, playing)
        if how == "stop":
            subprocess.run([command_of_ours(), "stop"], check=True, timeout=PATIENCE, capture_output=True)
        elif how == "kill":
            os.kill(session, signal.SIGKILL)
        else:
            playing.terminate()
        said, _ = playing.communicate(timeout=PATIENCE)
        assert playing.returncode == code, said
        assert "Traceback" not in said
        assert ("the session is gone" in said) == bool(code)
    finally:
        playing.kill()
        playing.wait()


def _session(runtime: Path, playing: subprocess.Popen[str]) -> int:
    """The number of the session, once it plays."""
    assert playing.stdout is not None
    for line in playing.stdout:
        if re.search("hats from cycle 0", line):
            break
    deadline = monotonic() + PATIENCE
    while True:
        found = [int(one.name) for one in (runtime / "sempre").glob("[0-9]*")]
        if found:
            return found[0]
        assert monotonic() < deadline
        pause(0.02)
