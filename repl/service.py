"""`sempre service`: a piece that starts with the machine and is started again when it crashes."""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from repl.errors import ReplError
from repl.launch import distinct
from repl.service_files import LABEL, Service, launchd_plist, systemd_unit, windows_task

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

UNIT = "sempre.service"
TASK = "Sempre"
PATIENCE = 30.0
"""Seconds that a manager of services has for an answer."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command said.

    Args:
        code: Its exit code; 127 where there is no such command.
        text: What it printed.
    """

    code: int
    text: str


def run(command: Sequence[str]) -> Answer:
    """Run a command of the system."""
    try:
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=PATIENCE,
            check=False,
        )
    except FileNotFoundError:
        return Answer(127, f"there is no {command[0]} here")
    except (OSError, subprocess.TimeoutExpired) as error:
        return Answer(126, str(error))
    return Answer(done.returncode, (done.stdout + done.stderr).strip())


@dataclass(frozen=True, slots=True)
class Manager:
    """How one system is told of services.

    Args:
        file: Where the description of the service lies.
        write: Makes its content.
        begin: The commands that let it begin now and with the machine.
        end: Those that end it.
        ask: The one that says how it is doing.
        tried: What is known of it, for the musician.
    """

    file: Path
    write: Callable[[Service], bytes]
    begin: tuple[tuple[str, ...], ...]
    end: tuple[tuple[str, ...], ...]
    ask: tuple[str, ...]
    tried: str = ""


def manager(platform: str = sys.platform, home: Path | None = None) -> Manager:
    """The manager of services of a system.

    Args:
        platform: As `sys.platform` has it.
        home: The user's folder.
    """
    home = Path.home() if home is None else home
    untried = "nobody has tried this on {} yet: tell us what happened"
    if platform == "darwin":
        file = home / "Library" / "LaunchAgents" / f"{LABEL}.plist"
        domain = f"gui/{os.getuid() if hasattr(os, 'getuid') else 0}"
        return Manager(
            file,
            launchd_plist,
            (("launchctl", "bootstrap", domain, str(file)),),
            (("launchctl", "bootout", f"{domain}/{LABEL}"),),
            ("launchctl", "print", f"{domain}/{LABEL}"),
            untried.format("macOS"),
        )
    if platform == "win32":
        file = home / "AppData" / "Local" / "sempre" / "service.xml"
        return Manager(
            file,
            lambda service: windows_task(service, getpass.getuser()).encode("utf-16"),
            (
                ("schtasks", "/Create", "/F", "/TN", TASK, "/XML", str(file)),
                ("schtasks", "/Run", "/TN", TASK),
            ),
            (("schtasks", "/End", "/TN", TASK), ("schtasks", "/Delete", "/F", "/TN", TASK)),
            ("schtasks", "/Query", "/TN", TASK),
            untried.format("Windows"),
        )
    config = os.environ.get("XDG_CONFIG_HOME")
    folder = Path(config) if config else home / ".config"
    user = ("systemctl", "--user")
    return Manager(
        folder / "systemd" / "user" / UNIT,
        lambda service: systemd_unit(service).encode(),
        ((*user, "daemon-reload"), (*user, "enable", UNIT), (*user, "restart", UNIT)),
        ((*user, "disable", "--now", UNIT),),
        (*user, "status", "--no-pager", "--lines=10", UNIT),
    )


def install(files: Sequence[Path], there: Manager, ask: Callable[[Sequence[str]], Answer] = run) -> str:
    """Let pieces start with the machine, and begin now; says what was done, and what is left to do.

    Args:
        files: The pieces.
        there: The manager of services.
        ask: Runs a command.

    Raises:
        ReplError: A piece is not there, or the service cannot be described or begun.
    """
    pieces = tuple(Path(os.path.abspath(file)) for file in distinct(files))  # noqa: PTH100 - a link stays one
    missing = [str(file) for file in pieces if not file.is_file()]
    if missing:
        raise ReplError(f"{missing[0]} is not there: a service must find its pieces when the machine starts")
    service = Service(command_of_ours(), pieces, pieces[0].parent)
    content = there.write(service)
    try:
        there.file.parent.mkdir(parents=True, exist_ok=True)
        there.file.write_bytes(content)
    except OSError as error:
        raise ReplError(f"{there.file} cannot be written: {error.strerror or error}") from error
    said = [f"written: {there.file}"]
    for command in there.begin:
        answer = ask(command)
        if answer.code:
            last = answer.text.splitlines()[-1] if answer.text else f"exit code {answer.code}"
            left = "\n".join(f"  {' '.join(one)}" for one in there.begin[there.begin.index(command) :])
            raise ReplError(f"{said[0]}\nit does not begin: {last}\nwhen that is mended:\n{left}")
    said.append("it plays, and starts with the machine: `sempre attach`, `sempre service status`")
    return "\n".join([*said, *_lingering(there, ask), *_note(there)])


def remove(there: Manager, ask: Callable[[Sequence[str]], Answer] = run) -> str:
    """End the service, and let it not start any more.

    Raises:
        ReplError: There is none.
    """
    if not there.file.exists():
        raise ReplError(f"no service is installed: {there.file} is not there")
    said = [answer.text for answer in map(ask, there.end) if answer.code]
    there.file.unlink()
    if there.file.suffix == ".service":
        ask(("systemctl", "--user", "daemon-reload"))
    return "\n".join([*said, f"removed: {there.file}"])


def status(there: Manager, ask: Callable[[Sequence[str]], Answer] = run) -> str:
    """Say whether a service is installed, and how it is doing.

    Raises:
        ReplError: There is none.
    """
    if not there.file.exists():
        raise ReplError("no service is installed: sempre service install FILE")
    return "\n".join([str(there.file), ask(there.ask).text, *_lingering(there, ask), *_note(there)])


def command_of_ours() -> Path:
    """The path of `sempre`, as the system starts it: of this very installation.

    Raises:
        ReplError: It is not installed as a command.
    """
    name = "sempre.exe" if os.name == "nt" else "sempre"
    beside = Path(sysconfig.get_path("scripts")) / name
    found = str(beside) if beside.is_file() else shutil.which(name)
    if found is None:
        raise ReplError(f"there is no {name} in {beside.parent}: install Sempre first, see docs/install.md")
    return Path(found).absolute()


def _lingering(there: Manager, ask: Callable[[Sequence[str]], Answer]) -> list[str]:
    """Without it systemd starts a user's services at the first login, and ends them after the last."""
    if there.file.suffix != ".service":
        return []
    user = getpass.getuser()
    answer = ask(("loginctl", "show-user", user, "--property=Linger"))
    if answer.text.strip() == "Linger=yes":
        return []
    return [f"to start with the machine, before anybody logs in:  sudo loginctl enable-linger {user}"]


def _note(there: Manager) -> list[str]:
    return [there.tried] if there.tried else []
