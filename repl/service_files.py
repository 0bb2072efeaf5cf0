"""What the managers of services read: a unit of systemd, a property list of launchd, a task of Windows."""

from __future__ import annotations

import plistlib
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from repl.errors import ReplError

if TYPE_CHECKING:
    from pathlib import Path

LABEL = "org.sempre.session"
"""What launchd knows it as."""
AGAIN = 5
"""Seconds after which a session that crashed is started again."""
PARTING = 20
"""Seconds that it has for ending: its processes have one each, and what is recorded is closed."""


@dataclass(frozen=True, slots=True)
class Service:
    """An installation that starts with the machine.

    Args:
        command: The path of `sempre`.
        files: The pieces, with their whole paths.
        folder: Where it is started: settings and journals are looked for there.
    """

    command: Path
    files: tuple[Path, ...]
    folder: Path

    @property
    def arguments(self) -> list[str]:
        """What is run."""
        return [str(self.command), "play", *map(str, self.files)]


def systemd_unit(service: Service) -> str:
    """The text of a unit for systemd's user manager.

    Raises:
        ReplError: A path has a character that no unit can have.
    """
    command = " ".join(quoted(argument) for argument in service.arguments)
    names = " ".join(file.name for file in service.files)
    _checked(names)
    return f"""[Unit]
Description=Sempre: {names.replace("%", "%%")}
After=pipewire.service pulseaudio.service jack.service
# For months: no number of crashes makes it give up.
StartLimitIntervalSec=0

[Service]
ExecStart={command}
WorkingDirectory={_checked(str(service.folder)).replace("%", "%%")}
# A session that is ended by `sempre stop` has ended well, and stays so.
Restart=on-failure
RestartSec={AGAIN}
# The session ends its notes and its processes by itself.
KillMode=mixed
TimeoutStopSec={PARTING}
# As far as the user may have them: threads in real time, memory that stays.
LimitRTPRIO=95
LimitMEMLOCK=infinity

[Install]
WantedBy=default.target
"""


def quoted(argument: str) -> str:
    """One word of a command as a unit has it.

    >>> print(quoted("/home/ada/my pieces/100%.py"))
    "/home/ada/my pieces/100%%.py"

    Raises:
        ReplError: It has a character that no unit can have.
    """
    plain = _checked(argument).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{plain.replace("%", "%%").replace("$", "$$")}"'


def launchd_plist(service: Service) -> bytes:
    """The property list of an agent for launchd."""
    return plistlib.dumps(
        {
            "Label": LABEL,
            "ProgramArguments": service.arguments,
            "WorkingDirectory": str(service.folder),
            "RunAtLoad": True,
            "KeepAlive": {"SuccessfulExit": False},
            "ThrottleInterval": AGAIN,
            "ExitTimeOut": PARTING,
            # Neither napped nor held back while nobody looks at it.
            "ProcessType": "Interactive",
        }
    )


def windows_task(service: Service, user: str) -> str:
    """The description of a task for Windows' scheduler, which reads it as UTF-16.

    Args:
        service: What is run.
        user: At whose login it begins; at that of anybody only an administrator may have it begin.
    """
    arguments = " ".join(f'"{argument}"' for argument in service.arguments[1:])
    return f"""<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <Triggers><LogonTrigger><UserId>{escape(user)}</UserId></LogonTrigger></Triggers>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
    <Priority>4</Priority>
    <RestartOnFailure><Interval>PT1M</Interval><Count>999</Count></RestartOnFailure>
  </Settings>
  <Actions>
    <Exec>
      <Command>{escape(service.arguments[0])}</Command>
      <Arguments>{escape(arguments)}</Arguments>
      <WorkingDirectory>{escape(str(service.folder))}</WorkingDirectory>
    </Exec>
  </Actions>
</Task>
"""


def _checked(text: str) -> str:
    if not text.isprintable():
        raise ReplError(f"{text!r} has a character that no service can be told: rename it")
    return text
