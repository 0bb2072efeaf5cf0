"""Starting a session from the command line, and talking to one that runs."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

from bridge.clock import SharedClock, monotonic
from bridge.errors import PeerGone
from bridge.worker import Connection, connect, pause
from repl.errors import SessionError
from repl.runtime import LOG, base_folder, door, key_of, living, newest
from repl.sound_take import take_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ARRIVAL = 5.0
"""Seconds in which a session must have opened its door."""
PARTING = 10.0
"""Seconds that a session has for ending; each of its processes has one."""
QUIET = -120.0
"""dB below which `sempre status` calls it silent."""


@dataclass(frozen=True, slots=True)
class Started:
    """A session that we started.

    Args:
        folder: Where its doors are.
        process: The supervisor.
    """

    folder: Path
    process: subprocess.Popen[bytes]


def start(
    files: Sequence[Path],
    *,
    leash: bool,
    record: Path | None = None,
    again: Mapping[str, object] | None = None,
) -> Started:
    """Start a session, say what its settings are, and wait until its door is open.

    Args:
        files: The pieces, and folders of pieces.
        leash: Whether the session ends when we end; else it outlives its prompt.
        record: A .wav or .flac file for what is heard.
        again: What of which journal is played, in the place of the pieces; theirs are the settings.

    Raises:
        SessionError: It did not come up.
        ReplError: What is heard cannot be recorded there.
    """
    files = distinct(files)
    if record is not None:
        record = take_file(str(record))
    base = base_folder()
    for line in beside():
        _say(line)
    log = base / LOG
    log.write_bytes(b"")
    # Appended to: it may be cut while the session runs.
    with log.open("ab") as errors:
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "repl.supervisor"],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            # Its own group: Ctrl-C in the terminal is for the prompt, never for the music.
            start_new_session=True,
        )
    folder = base / str(process.pid)
    try:
        # While it imports: together that takes as long as one.
        _configure(process, files, leash=leash, record=record, again=again)
        came = _opens(folder, process)
    except KeyboardInterrupt:
        process.terminate()
        raise
    if not came:
        process.terminate()
        raise SessionError(f"the session did not start; {log} says why")
    return Started(folder, process)


def beside() -> list[str]:
    """What is to be said before a session is started while another one plays: left, and forgotten perhaps."""
    others = len(living())
    if not others:
        return []
    many = "a session runs already, and plays" if others == 1 else f"{others} sessions run already, and play"
    return [f"{many} on beside this one; `sempre stop --all` ends all of them"]


def _configure(
    process: subprocess.Popen[bytes],
    files: Sequence[Path],
    *,
    leash: bool,
    record: Path | None,
    again: Mapping[str, object] | None,
) -> None:
    """Read the settings, say what they are, and tell the supervisor all that it has to know."""
    from repl.folders import project_of
    from repl.settings import read_settings
    from repl.shelf import shelf

    folders = [file for file in files if file.is_dir()]
    named = [file for file in files if file not in folders]
    settings = read_settings([*named, *(folder / "*" for folder in folders)])
    _say(settings.said())
    for problem in settings.problems:
        _say(problem)
    told = settings.to_json() | ({} if record is None else {"record": {"path": str(record)}})
    where = {"files": [str(f) for f in named], "folders": [f.as_posix() for f in folders]}
    project = str(project_of([*named, *folders], shelf()))
    config = {**where, "settings": told, "leash": leash, "project": project}
    instead: dict[str, object] = {} if again is None else {"files": [], "folders": [], "replay": again}
    if process.stdin is not None:
        # One that has ended already is found out by who waits for its door.
        with contextlib.suppress(OSError):
            process.stdin.write(json.dumps({**config, **instead}).encode() + b"\n")
            process.stdin.flush()
            if not leash:
                process.stdin.close()


def _opens(folder: Path, process: subprocess.Popen[bytes]) -> bool:
    """Whether the session's door opens in time."""
    deadline = monotonic() + ARRIVAL
    while not _is_open(folder):
        if process.poll() is not None or monotonic() > deadline:
            return False
        pause(0.005)
    return True


def distinct(files: Sequence[Path]) -> list[Path]:
    """Each file or folder once, whatever ways lead to it."""
    found: dict[str, Path] = {}
    for file in files:
        found.setdefault(os.path.realpath(file), file)
    return list(found.values())


def play(
    files: Sequence[Path],
    seconds: float | None,
    record: Path | None = None,
    again: Mapping[str, object] | None = None,
) -> int:
    """Play pieces without a prompt: for so many seconds of music, or until Ctrl-C or SIGTERM.

    Args:
        files: The pieces, and folders of pieces.
        seconds: How long; None is for ever.
        record: A .wav or .flac file for what is heard.
        again: See `start`; that ends by itself.

    Returns:
        The exit code: 0 also when somebody ended the session, 1 when it did not begin or was lost; then
        whoever looks after services starts it again.
    """
    # A machine that shuts down, or a service that is stopped: what sounds is ended before we are gone.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    session = start(files, leash=True, record=record, again=again)
    clock = SharedClock(session.folder / "clock")
    connection = _supervisor(session.folder, ARRIVAL)
    began: float | None = None
    failed = lost = False
    try:
        for message in _messages(connection):
            op, text = message.get("op"), str(message.get("text", ""))
            if op == "first cycle":
                began = float(text)
                break
            if op in {"notice", "engine", "said"}:
                _say(text)
            if message.get("error"):
                failed = True
                break
        if began is not None:
            lost = _follow(connection, clock, began, seconds)
    except KeyboardInterrupt:
        _say("stopping")
    stop_session(session.folder)
    try:
        session.process.wait(PARTING)
    except subprocess.TimeoutExpired:
        session.process.kill()
    if lost:
        _say("the session is gone: its supervisor does not answer any more")
    return 1 if failed or lost or began is None else 0


def _follow(connection: Connection, clock: SharedClock, began: float, seconds: float | None) -> bool:
    """Pass on what the session says until its time is over or it ends; whether it was lost."""
    from bridge.worker import start_thread

    ended: list[bool] = []

    def speak() -> None:
        for message in _messages(connection):
            if message.get("op") in {"notice", "engine", "said"}:
                _say(str(message.get("text", "")))
            elif message.get("op") == "bye":
                ended.append(True)

    thread = start_thread("session says", speak)
    while thread.is_alive() and (seconds is None or clock.now() < began + seconds):
        left = 0.2 if seconds is None else min(0.2, began + seconds - clock.now())
        pause(max(0.001, left))
    return not thread.is_alive() and not ended


def status() -> str:
    """What the newest session is doing, in a few lines.

    Raises:
        SessionError: None runs.
    """
    folder = newest()
    connection = connect(door(folder, "engine"), key_of(folder), patience=1.0)
    for message in _messages(connection):
        if message.get("op") == "status":
            layers = cast("list[dict[str, object]]", message["layers"])
            names = ", ".join(str(layer["name"]) for layer in layers) or "none"
            return (
                f"cycle {cast('float', message['cycle']):.1f}, {cast('float', message['bpm']):g} bpm, "
                f"layers: {names}\n{message['midi']}\n{message['audio']}\n"
                f"late events: {message['late']}{_by_layer(message.get('late_of'))}\n"
                f"{_loud(message.get('levels'))}{_failed(message.get('plugins'))}"
            )
    raise SessionError("the session ended meanwhile")


def _loud(levels: object) -> str:
    """How loud it is at this moment, the loudest layers first.

    >>> row = {"peak": -3.0, "rms": -15.5}
    >>> _loud({"master": row, "layers": {"bass": {"peak": -9.0}, "drums": {"peak": -6.25}}})
    'level: peak -3.0 dB, rms -15.5 dB (drums -6.2, bass -9.0)'
    """
    if not isinstance(levels, dict):
        return "level: not known"
    told = cast("dict[str, dict[str, object]]", levels)
    layers = cast("dict[str, dict[str, float]]", told.get("layers", {}))
    rows = sorted(layers.items(), key=lambda row: (-row[1]["peak"], row[0]))
    heard = [f"{name} {row['peak']:.1f}" for name, row in rows if row["peak"] > QUIET]
    master = cast("dict[str, float]", told["master"])
    if master["peak"] <= QUIET:
        return "level: silent"
    whose = f" ({', '.join(heard)})" if heard else ""
    return f"level: peak {master['peak']:.1f} dB, rms {master['rms']:.1f} dB{whose}"


def _failed(plugins: object) -> str:
    r"""The plugins that have failed, a line for each.

    >>> _failed({"'Probe' of the layer 'bass'": {"failures": 3, "left_alone": True}})
    "\nplugin 'Probe' of the layer 'bass': failed 3 times, left alone until the layer is changed"
    >>> _failed({"'Probe' on the bus 'drums'": {"failures": 1, "left_alone": False}})
    "\nplugin 'Probe' on the bus 'drums': failed once"
    """
    rows = cast("dict[str, dict[str, int]]", plugins) if isinstance(plugins, dict) else {}
    said = ""
    for name, row in rows.items():
        times = "once" if row["failures"] == 1 else f"{row['failures']} times"
        left = ", left alone until the layer is changed" if row["left_alone"] else ""
        said += f"\nplugin {name}: failed {times}{left}"
    return said


def _by_layer(counts: object) -> str:
    """Whose they are, the most first.

    >>> _by_layer({"bass": 1, "drums": 2})
    ' (drums 2, bass 1)'
    """
    rows = cast("dict[str, int]", counts) if isinstance(counts, dict) else {}
    found = sorted(rows.items(), key=lambda row: (-row[1], row[0]))
    return f" ({', '.join(f'{name} {count}' for name, count in found)})" if found else ""


def stop(*, everything: bool = False) -> str:
    """End the newest session, or all that run.

    Args:
        everything: All of them.

    Raises:
        SessionError: None runs.
    """
    last = newest()
    folders = living() if everything else [last]
    for folder in folders:
        stop_session(folder)
    return "stopped" if len(folders) == 1 else f"stopped all {len(folders)}"


def stop_session(folder: Path) -> None:
    """Ask a session to end, and wait until it says that it does."""
    try:
        connection = _supervisor(folder, 1.0)
        connection.send_json(b"J", {"op": "stop"})
        for message in _messages(connection):
            if message.get("op") == "bye":
                return
    except (PeerGone, OSError):  # its folder may be gone already, and the key with it
        return


def _supervisor(folder: Path, patience: float) -> Connection:
    return connect(door(folder, "supervisor"), key_of(folder), patience=patience)


def _messages(connection: Connection) -> Iterator[dict[str, object]]:
    try:
        while True:
            yield cast("dict[str, object]", json.loads(connection.receive()[1]))
    except PeerGone:
        return


def _is_open(folder: Path) -> bool:
    if os.name == "nt":
        return (folder / "key").exists() and (folder / "clock").exists()
    return Path(door(folder, "supervisor")).exists()


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - the command line's own voice
