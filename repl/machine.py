"""What is to be known of a machine before one plays on it, gathered in a few seconds; nothing is changed."""

from __future__ import annotations

import os
import platform
import shutil
import socket
import struct
import sys
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from bridge.asking import ask
from plugin_host.kept_sounds import cache_folder
from plugin_host.plugin_files import plugin_folders, plugins_in
from repl.devices import survey
from repl.errors import ReplError
from repl.journal_settings import state_folder
from repl.launch import status
from repl.ours import strangers
from repl.plugins import refused
from repl.runtime import base_folder, living
from repl.settings import Settings, read_settings

if TYPE_CHECKING:
    from collections.abc import Mapping

PATIENCE = 10.0
"""Seconds after which a library that gives no answer is named and left."""
LINK = "224.76.78.75"
"""The address at which programs with Ableton Link find each other."""
_PROBE = "repl.machine_probe"


@dataclass(frozen=True, slots=True)
class Room:
    """A folder in which we keep something.

    Args:
        path: It, or what there is of the way to it.
        free: Bytes that are free there.
        writable: Whether we may write there.
    """

    path: Path
    free: int
    writable: bool


@dataclass(frozen=True, slots=True)
class Machine:
    """What was found; what cannot be known is None.

    Args:
        platform: As `sys.platform` has it.
        system: What the system calls itself.
        family: Whose commands it has: "debian", "fedora", "arch", "suse", or empty.
        release: The number of its version, 0 if it has none.
        python: The version of Python.
        implementation: Which Python it is.
        executable: Its path.
        packages: By module, why it cannot be loaded; empty for those that can.
        optional: The same of what is optional.
        strangers: Other distributions that install something under our names.
        found: What `sempre devices` says.
        settings: Of this folder.
        doors: Why sessions have no place for their doors; empty if they have.
        session: What the running one says; empty if none runs.
        busy: Ports of ours that somebody else has.
        multicast: Why programs cannot find each other here; empty if they can.
        realtime: Whether our threads may run in real time.
        memlock: Bytes that may be locked in memory, -1 for any number.
        user: Who we are.
        groups: The groups that we are in.
        clock: What the kernel takes the time from.
        governor: How the processor chooses its speed.
        rooms: Where we write, by what is kept there.
        plugins: The folders of plugins that are there, and how many plugins are in each.
        refused: Plugins that could not be used when they were last tried, and why.
    """

    platform: str = "linux"
    system: str = ""
    family: str = ""
    release: float = 0.0
    python: tuple[int, int, int] = (3, 11, 0)
    implementation: str = "CPython"
    executable: str = ""
    packages: Mapping[str, str] = field(default_factory=dict[str, str])
    optional: Mapping[str, str] = field(default_factory=dict[str, str])
    strangers: tuple[str, ...] = ()
    found: Mapping[str, object] = field(default_factory=dict[str, object])
    settings: Settings = field(default_factory=Settings)
    doors: str = ""
    session: str = ""
    busy: tuple[int, ...] = ()
    multicast: str = ""
    realtime: bool | None = None
    memlock: int | None = None
    user: str = ""
    groups: tuple[str, ...] = ()
    clock: str | None = None
    governor: str | None = None
    rooms: Mapping[str, Room] = field(default_factory=dict[str, Room])
    plugins: Mapping[str, int] = field(default_factory=dict[str, int])
    refused: Mapping[str, str] = field(default_factory=dict[str, str])


def look_at_machine() -> Machine:
    """Gather what there is to know of this machine and this folder."""
    settings = read_settings([])
    questions = {name: (_PROBE, f"look_at_{name}") for name in ("packages", "optional", "rights")}
    answers = ask(questions, PATIENCE)
    system, family, release = _system()
    doors, session, runs = _session()
    rights = answers["rights"].get("realtime")
    groups = _groups()
    folders = [folder for folder in plugin_folders(settings.plugin_folders) if folder.is_dir()]
    plugins = {folder: plugins_in([folder]) for folder in folders}
    return Machine(
        platform=sys.platform,
        system=system,
        family=family,
        release=release,
        python=sys.version_info[:3],
        implementation=platform.python_implementation(),
        executable=sys.executable,
        packages={name: str(why) for name, why in answers["packages"].items()},
        optional={name: str(why) for name, why in answers["optional"].items()},
        strangers=strangers(),
        found=survey(settings),
        settings=settings,
        doors=doors,
        session=session,
        busy=() if runs or not settings.osc.port else _busy(settings),
        multicast=_multicast(),
        realtime=rights if isinstance(rights, bool) else None,
        memlock=_memlock(),
        user=_user(),
        groups=groups,
        clock=_line("/sys/devices/system/clocksource/clocksource0/current_clocksource"),
        governor=_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
        rooms=_rooms(settings),
        plugins={str(folder): len(paths) for folder, paths in plugins.items()},
        refused={path.stem: why for paths in plugins.values() for path, why in refused(paths).items()},
    )


def _system() -> tuple[str, str, float]:
    """The name of the system, its family and its number."""
    if sys.platform != "linux":
        return platform.platform(terse=True), "", 0.0
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return "Linux", "", 0.0
    kinds = [release.get("ID", ""), *release.get("ID_LIKE", "").split()]
    known = {"ubuntu": "debian", "rhel": "fedora", "opensuse": "suse", "sles": "suse"}
    families = [known.get(kind, kind) for kind in kinds]
    family = next((one for one in families if one in {"debian", "fedora", "arch", "suse"}), "")
    number = 0.0
    with suppress(ValueError):
        number = float(release.get("VERSION_ID", ""))
    return release.get("PRETTY_NAME", "Linux"), family, number + (100 if kinds[0] == "ubuntu" else 0)


def _session() -> tuple[str, str, bool]:
    """What is wrong with the place of sessions, what the one that runs says, and whether one runs."""
    try:
        base_folder()
        runs = bool(living())
    except ReplError as error:
        return str(error), "", False
    try:
        return "", status() if runs else "", runs
    except (ReplError, OSError):
        return "", "it gives no answer", runs


def _busy(settings: Settings) -> tuple[int, ...]:
    """Those of our ports that others have."""
    host = "0.0.0.0" if settings.osc.listen == "network" else "127.0.0.1"
    kinds = ((socket.SOCK_DGRAM, 0), (socket.SOCK_STREAM, 0), (socket.SOCK_STREAM, 1))
    taken: list[int] = []
    for kind, more in kinds:
        with socket.socket(socket.AF_INET, kind) as one:
            if kind == socket.SOCK_STREAM and os.name == "posix":
                one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                one.bind((host, settings.osc.port + more))
            except OSError:
                taken.append(settings.osc.port + more)
    return tuple(dict.fromkeys(taken))


def _multicast() -> str:
    """Send a word to Link's address that never leaves the machine, and see whether it comes."""
    try:
        with (
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as hears,
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as says,
        ):
            hears.bind(("", 0))
            group = socket.inet_aton(LINK) + struct.pack("=I", socket.INADDR_ANY)
            hears.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, group)
            hears.settimeout(0.5)
            says.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_TTL, 0)
            says.sendto(b"sempre", (LINK, hears.getsockname()[1]))
            hears.recv(16)
    except OSError as error:
        return str(error)
    return ""


def _memlock() -> int | None:
    try:
        import resource
    except ImportError:
        return None
    return resource.getrlimit(resource.RLIMIT_MEMLOCK)[0]


def _user() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return ""


def _groups() -> tuple[str, ...]:
    try:
        import grp
    except ImportError:
        return ()
    found: list[str] = []
    for number in os.getgroups():
        with suppress(KeyError):
            found.append(grp.getgrgid(number).gr_name)
    return tuple(found)


def _line(path: str) -> str | None:
    try:
        return Path(path).read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return None


def _rooms(settings: Settings) -> dict[str, Room]:
    wanted = {
        "this folder": Path.cwd(),
        "journals": settings.journal.place,
        "takes": state_folder() / "takes",
    }
    cache = cache_folder()
    if cache is not None:
        wanted["computed sounds"] = cache
    return {what: _room(path) for what, path in wanted.items()}


def _room(path: Path) -> Room:
    """A folder; one that is not there yet is made with the first thing that is kept in it."""
    there = next((one for one in (path, *path.parents) if one.exists()), path)
    free = 0
    with suppress(OSError):
        free = shutil.disk_usage(there).free
    return Room(path, free, there.is_dir() and os.access(there, os.W_OK))
