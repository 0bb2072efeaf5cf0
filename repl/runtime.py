"""The folders of running sessions: doors, key, clock page and logs, open to this user only."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import socket
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, cast

from bridge.clock import create_page
from bridge.sent import LOGS, files_of
from bridge.worker import address
from repl.errors import SessionError

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST = {"darwin": 103, "win32": 1 << 15}.get(sys.platform, 107)
"""Bytes that the path of a door may have: what the system takes as the address of a socket."""
LOG = "supervisor.log"
"""The file beside the folders that takes what a supervisor itself prints."""
ENDING = "ending"
"""The file that stands in a session's folder while it ends."""
ASKED = "asked"
"""The file in a session's folder that says with what it was started."""
PROJECT = "project"
"""The file in it that names the folder of the set, where a prompt keeps what was typed."""
KEPT = "last-"
"""What the files of the last session begin with."""


def base_folder() -> Path:
    """Where the sessions of this user are; made with access for nobody else.

    Raises:
        SessionError: The folder cannot be made, or is open to somebody else.
    """
    given = os.environ.get("XDG_RUNTIME_DIR")
    if given and Path(given).is_dir():
        base = Path(given) / "sempre"
    else:
        user = str(os.getuid()) if hasattr(os, "getuid") else os.environ.get("USERNAME", "user")
        base = Path(tempfile.gettempdir()) / f"sempre-{user}"
    # The longest is an understudy's, and a process of a session has as long a number as ours.
    length = len(os.fsencode(address(base / str(os.getpid()), f"understudy-{os.getpid()}")))
    if length > LONGEST:
        raise SessionError(
            f"{base} is too long a path: the doors of a session in it would have {length} bytes, and the "
            f"system takes {LONGEST}. Set XDG_RUNTIME_DIR to a shorter folder of yours"
        )
    try:
        base.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SessionError(f"{base} cannot be made ({error.strerror}): set XDG_RUNTIME_DIR") from error
    if hasattr(os, "getuid"):
        status = base.lstat()
        if status.st_uid != os.getuid() or status.st_mode & 0o077 or base.is_symlink():
            raise SessionError(f"{base} is open to others: remove it, or set XDG_RUNTIME_DIR")
    return base


def create(pid: int) -> Path:
    """The folder of a new session, with its key and clock page, named by its supervisor's process id."""
    runtime = base_folder() / str(pid)
    if runtime.exists():
        shutil.rmtree(runtime)
    runtime.mkdir(mode=0o700)
    # Whole from the first moment: a prompt that came between touching and writing knocked with an empty key.
    unseen = runtime / "key.new"
    unseen.touch(mode=0o600)
    unseen.write_bytes(secrets.token_bytes(32))
    unseen.replace(runtime / "key")
    create_page(runtime / "clock").close()
    return runtime


def keep_asked(runtime: Path, asked: Mapping[str, object]) -> None:
    """Keep with what a session was started, so that it can be started again.

    Args:
        runtime: The session's folder.
        asked: What the command line handed over.
    """
    told = {name: asked.get(name) for name in ("files", "folders", "replay")}
    (runtime / ASKED).write_text(json.dumps({**told, "home": str(Path.cwd())}), encoding="utf-8")


def asked_of(runtime: Path) -> dict[str, object]:
    """With what a session was started: its files and folders, and the folder that their names start from.

    Raises:
        SessionError: Nobody knows.
    """
    try:
        found: object = json.loads((runtime / ASKED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise SessionError(f"{runtime} does not say with what its session was started") from None
    return cast("dict[str, object]", found)


def keep_project(runtime: Path, project: str) -> None:
    """Say where the set of a session lies, for the prompts that come from anywhere.

    Args:
        runtime: The session's folder.
        project: The folder of the set.
    """
    (runtime / PROJECT).write_bytes(os.fsencode(project))


def project_of(runtime: Path) -> Path:
    """The folder of a session's set; the working directory where none is named."""
    try:
        return Path(os.fsdecode((runtime / PROJECT).read_bytes()))
    except OSError:
        return Path.cwd()


def leave(runtime: Path) -> None:
    """Say that a session ends: nobody is to be sent to it any more, though its processes take a moment."""
    with contextlib.suppress(OSError):  # a full disk: only that moment is lost
        (runtime / ENDING).touch()


def remove(runtime: Path) -> None:
    """Take the folder away again; what was sent is kept until the next session ends."""
    if (runtime / LOGS[0]).exists():
        for path in files_of(runtime):
            last = runtime.parent / f"{KEPT}{path.name}"
            with contextlib.suppress(OSError):
                last.unlink(missing_ok=True)
            with contextlib.suppress(OSError):
                path.replace(last)
    shutil.rmtree(runtime, ignore_errors=True)


def kept(base: Path) -> list[Path]:
    """The logs of the last session that ended."""
    return [base / f"{KEPT}{name}" for name in LOGS]


def living() -> list[Path]:
    """The sessions that run and do not end, newest first; the remains of dead ones are cleared away."""
    found: list[Path] = []
    for folder in base_folder().iterdir():
        if not (folder.name.isascii() and folder.name.isdecimal()):
            continue
        if not _alive(int(folder.name)) or _deserted(folder):
            remove(folder)
        elif not (folder / ENDING).exists():
            found.append(folder)
    return sorted(found, key=_begun, reverse=True)


def newest() -> Path:
    """The session that was started last.

    Raises:
        SessionError: None runs.
    """
    sessions = living()
    if not sessions:
        raise SessionError("no session runs: start one with `sempre FILE`")
    return sessions[0]


def key_of(runtime: Path) -> bytes:
    """The key that opens the doors of a session."""
    return (runtime / "key").read_bytes()


def door(runtime: Path, name: str) -> str:
    """The address of one of a session's doors."""
    return address(runtime, name)


def _alive(pid: int) -> bool:
    if os.name == "nt":
        return True
    with contextlib.suppress(PermissionError):
        try:
            os.kill(pid, 0)
        except (ProcessLookupError, OverflowError):
            return False
    return True


def _deserted(runtime: Path) -> bool:
    """Whether there is a door behind which nobody is: a process id comes back with another process."""
    where = Path(address(runtime, "supervisor"))
    if os.name == "nt" or not where.exists():
        return False
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as knocking:
        knocking.settimeout(0.2)
        try:
            knocking.connect(str(where))
        except ConnectionRefusedError:
            return True
        except OSError:
            return False
    return False


def _begun(runtime: Path) -> float:
    """When a session was started; its folder itself changes all the time."""
    try:
        return (runtime / "key").stat().st_mtime
    except OSError:
        return 0.0
