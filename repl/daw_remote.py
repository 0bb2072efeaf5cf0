"""The transport of a DAW by OSC: a table of what each calls start, stop, record and tempo."""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bridge.osc_write import write_message
from repl.errors import ReplError

if TYPE_CHECKING:
    from collections.abc import Mapping

Row = tuple[str | int | float, ...]
"""An address and its arguments; `VALUE` stands for what is asked for."""
VALUE = "\0value"
BPM = (20.0, 999.0)
SCENES = (1.0, 1000.0)


@dataclass(frozen=True, slots=True)
class Remote:
    """What a DAW hears.

    Args:
        port: UDP, unless the musician has set another.
        rows: For each word the messages, in order.
        needs: What has to be switched on there.
        lacks: Words that it knows no message for, and what to do instead.
    """

    port: int
    rows: Mapping[str, tuple[Row, ...]]
    needs: str
    lacks: Mapping[str, str]


REMOTES: Mapping[str, Remote] = {
    "ardour": Remote(
        3819,
        {
            "start": (("/transport_play",),),
            "stop": (("/transport_stop",),),
            "record": (("/rec_enable_toggle",), ("/transport_play",)),
            "rewind": (("/goto_start",),),
        },
        "Preferences > Control Surfaces > Open Sound Control; a session of `sempre daw ardour` has it on",
        {"tempo": 'Ardour takes no tempo by OSC: set it there, or follow its clock: follow("midi:ardour")'},
    ),
    "reaper": Remote(
        8000,
        {
            "start": (("/play", 1.0),),
            "stop": (("/stop", 1.0),),
            "record": (("/record", 1.0),),
            "rewind": (("/action", 40042),),
            "tempo": (("/tempo/raw", VALUE),),
        },
        "Preferences > Control/OSC/web > Add > OSC, local listen port 8000",
        {},
    ),
    "live": Remote(
        11000,
        {
            "start": (("/live/song/start_playing",),),
            "stop": (("/live/song/stop_playing",),),
            "record": (("/live/song/set/record_mode", 1), ("/live/song/start_playing",)),
            "rewind": (("/live/song/set/current_song_time", 0.0),),
            "tempo": (("/live/song/set/tempo", VALUE),),
            "scene": (("/live/scene/fire", VALUE),),
        },
        "AbletonOSC as a control surface, Live 11 or later",
        {},
    ),
    "bitwig": Remote(
        8000,
        {
            "start": (("/play", 1),),
            "stop": (("/stop", 1),),
            "record": (("/record", 1), ("/play", 1)),
            "tempo": (("/tempo/raw", VALUE),),
        },
        "the extension DrivenByMoss with its controller OSC, port to receive on 8000",
        {"rewind": "stop twice: the second takes Bitwig back to where it began"},
    ),
}
"""By the names of `sempre daw`. Only Ardour has been tried; the others are written after their documents."""


def messages_for(name: str, what: str, value: float | None = None) -> list[bytes]:
    r"""The packets that make a DAW do something.

    Args:
        name: "ardour", "reaper", "live" or "bitwig".
        what: "start", "stop", "record", "rewind", "tempo" or "scene".
        value: Beats per minute, or the number of a scene from 1.

    >>> messages_for("ardour", "stop")
    [b'/transport_stop\x00,\x00\x00\x00']

    Raises:
        ReplError: There is no such DAW, it cannot do that, or the value is missing or out of range.
    """
    remote = _remote(name)
    if what in remote.lacks:
        raise ReplError(f"daw: {remote.lacks[what]}")
    if what not in remote.rows:
        raise ReplError(f"daw: {name} knows {', '.join(remote.rows)} (got {what!r})")
    rows = remote.rows[what]
    if any(VALUE in row for row in rows):
        low, high = BPM if what == "tempo" else SCENES
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            example = "112" if what == "tempo" else "1"
            written = f'daw("{name}", "{what}", {example})'
            raise ReplError(f"daw: {what} is {low:g} to {high:g}, as in {written} (got {value!r})")
        # Live counts its scenes from 0.
        said = float(value) if what == "tempo" else int(value) - 1
        rows = tuple(tuple(said if part == VALUE else part for part in row) for row in rows)
    elif value is not None:
        raise ReplError(f"daw: {what} takes no number (got {value!r})")
    return [write_message(str(row[0]), row[1:]) for row in rows]


def steer(name: str, what: str, value: float | None = None, host: str = "127.0.0.1", port: int = 0) -> str:
    """Send them; gives what was done. Nobody answers, so whether it was heard is seen there.

    Args:
        name: As for `messages_for`.
        what: The same.
        value: The same.
        host: Where the DAW runs.
        port: Where it listens; 0 is its usual port.

    Raises:
        ReplError: As `messages_for`; or there is no way to that host.
    """
    packets = messages_for(name, what, value)
    if type(port) is not int or not 0 <= port <= 65_535:
        raise ReplError(f"daw: port is 1 to 65535 (got {port!r})")
    place = (str(host), port or _remote(name).port)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        out.setblocking(False)
        try:
            for packet in packets:
                out.sendto(packet, place)
        except (OSError, UnicodeError) as error:
            raise ReplError(f"daw: nothing can be sent to {host}:{place[1]} ({error})") from None
    return f"{name}: {what}{'' if value is None else f' {value:g}'} to {host}:{place[1]}"


def _remote(name: str) -> Remote:
    remote = next((remote for known, remote in REMOTES.items() if known == name), None)
    if remote is None:
        raise ReplError(f"daw: the DAWs are {', '.join(REMOTES)} (got {name!r})")
    return remote
