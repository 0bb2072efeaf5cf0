"""The folders of running sessions: for this user only, and none that is dead."""

import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from repl import runtime
from repl.errors import SessionError


@pytest.fixture(autouse=True)
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that sessions are kept in."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    return tmp_path / "sempre"


@pytest.fixture
def dead_pid() -> int:
    """The id of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def mode(path: Path) -> int:
    """The permissions of a file."""
    return stat.S_IMODE(path.stat().st_mode)


def test_a_path_too_long_for_a_socket_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is made in it, with what to do; the longest that goes does go."""
    name = f"understudy-{os.getpid()}"
    room = runtime.LONGEST - len(os.fsencode(f"{tmp_path}/sempre/{os.getpid()}/{name}.sock")) - 2
    assert room > 0
    for more in (1, 2):
        folder = tmp_path / ("x" * (room + more))
        folder.mkdir()
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
        if more == 1:
            made = runtime.create(os.getpid())
            with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
                listening.bind(runtime.door(made, name))
            runtime.remove(made)
        else:
            with pytest.raises(SessionError, match=f"have {runtime.LONGEST + 1} bytes.*XDG_RUNTIME_DIR"):
                runtime.base_folder()
            assert list(folder.iterdir()) == []


def test_nobody_else_may_enter(base: Path) -> None:
    """Folders 0700, the key 0600; key and clock are there when the folder is handed out."""
    before = os.umask(0)
    try:
        folder = runtime.create(os.getpid())
    finally:
        os.umask(before)
    assert (mode(base), mode(folder), mode(folder / "key")) == (0o700, 0o700, 0o600)
    assert len(runtime.key_of(folder)) == 32
    assert (folder / "clock").stat().st_size >= 4096
    assert runtime.create(os.getpid()) == folder
    runtime.remove(folder)
    runtime.remove(folder)
    assert not folder.exists()


def test_keys_differ() -> None:
    """Each session has its own."""
    assert runtime.key_of(runtime.create(1)) != runtime.key_of(runtime.create(2))


def test_a_key_is_whole_from_the_first_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever looks for it while it is made finds none, never an empty one."""
    made = Path.replace
    seen: list[bool] = []

    def look(path: Path, target: Path) -> Path:
        seen.append(target.exists() or mode(path) != 0o600 or len(path.read_bytes()) != 32)
        return made(path, target)

    monkeypatch.setattr(Path, "replace", look)
    assert len(runtime.key_of(runtime.create(os.getpid()))) == 32
    assert seen == [False]


@pytest.mark.parametrize("open_to", [0o755, 0o770, 0o701])
def test_a_folder_that_others_can_enter_is_refused(base: Path, open_to: int) -> None:
    """Whoever made it might wait for us there."""
    base.mkdir()
    base.chmod(open_to)
    with pytest.raises(SessionError, match="open to others"):
        runtime.base_folder()


def test_a_link_is_refused(base: Path, tmp_path: Path) -> None:
    """Also one that leads to a folder of ours, or nowhere."""
    real = tmp_path / "real"
    real.mkdir(mode=0o700)
    base.symlink_to(real)
    with pytest.raises(SessionError, match="open to others"):
        runtime.base_folder()
    real.rmdir()
    with pytest.raises(SessionError):
        runtime.base_folder()


def test_what_cannot_be_a_folder_is_refused(base: Path) -> None:
    """A file of that name."""
    base.write_text("")
    with pytest.raises(SessionError, match="cannot be made"):
        runtime.base_folder()


def test_somebody_elses_folder_is_refused(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its owner."""
    base.mkdir(mode=0o700)
    monkeypatch.setattr(os, "getuid", lambda: base.stat().st_uid + 1)
    with pytest.raises(SessionError, match="open to others"):
        runtime.base_folder()


def test_without_a_runtime_folder_of_the_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Then in the folder for temporary files, by the user's number."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "missing"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert runtime.base_folder() == tmp_path / f"sempre-{os.getuid()}"


def test_dead_sessions_are_cleared_away(base: Path, dead_pid: int) -> None:
    """Living ones stay, and whatever else lies there."""
    alive = runtime.create(os.getpid())
    dead = runtime.create(dead_pid)
    (base / "supervisor.log").write_text("")
    for name in ("²", "notes", "9" * 30):
        (base / name).mkdir()
    assert runtime.living() == [alive]
    assert not dead.exists()
    assert (base / "notes").exists()
    assert runtime.newest() == alive


def test_nobody_is_sent_to_a_session_that_ends(base: Path) -> None:
    """Its processes take a moment; who asks in it is not to wait for an engine that does not come."""
    assert base.parent.exists()
    alive, ending = runtime.create(os.getppid()), runtime.create(os.getpid())
    runtime.leave(ending)
    assert runtime.living() == [alive]
    assert ending.exists()
    runtime.remove(ending)
    runtime.leave(ending)
    assert not ending.exists()


def test_a_process_id_that_was_given_away(base: Path) -> None:
    """Its door is there, but nobody is behind it."""
    assert base.parent.exists()
    folder = runtime.create(os.getpid())
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as listening:
        listening.bind(runtime.door(folder, "supervisor"))
        listening.listen()
        assert runtime.living() == [folder]
    assert runtime.living() == []


def test_the_newest_session_is_the_one_that_was_started_last(base: Path) -> None:
    """Whatever happens in the folders later."""
    assert base.parent.exists()
    first, second = runtime.create(os.getppid()), runtime.create(os.getpid())
    os.utime(first / "key", (100, 100))
    (first / "later").write_text("")
    os.utime(second, (50, 50))
    assert runtime.newest() == second


def test_no_session() -> None:
    """The message says how to start one."""
    with pytest.raises(SessionError, match="start one with `sempre FILE`"):
        runtime.newest()
