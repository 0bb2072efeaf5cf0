"""`sempre status --meters`: how loud everything is, drawn again and again, or told to other programs."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from bridge.worker import Connection

DRAWN = 2
"""Of so many pictures one is drawn: ten a second."""
HOME, REST = "\x1b[H", "\x1b[J"
"""What brings the cursor to the top, and clears what is below it."""
CLEAR = "\x1b[2J"


def show_meters(names: list[str], *, as_json: bool) -> int:
    """Show them until Ctrl-C, or until the session or whoever reads it has gone; gives the exit code.

    Args:
        names: Layers and buses whose spectra are wanted, too.
        as_json: A line for each picture instead.
    """
    from bridge.worker import connect
    from repl.runtime import door, key_of, newest

    folder = newest()
    connection = connect(door(folder, "engine"), key_of(folder), patience=1.0)
    try:
        for text in shown(connection, names, as_json=as_json):
            sys.stdout.write(text)
            sys.stdout.flush()
    except KeyboardInterrupt:
        pass
    except BrokenPipeError:
        # Whoever read us has gone; Python would complain of it once more at its end.
        sys.stderr.close()
    return 0


def shown(connection: Connection, names: list[str], *, as_json: bool) -> Iterator[str]:
    """What is written, piece by piece, until the session ends.

    Args:
        connection: To the engine.
        names: Layers and buses whose spectra are wanted, too.
        as_json: A line for each picture, as `docs/meters.md` has it.
    """
    from bridge.errors import PeerGone
    from repl.meter_picture import picture
    from repl.metering import LOOK, METERS, SETTLED

    connection.send_json(b"J", {"op": LOOK, "of": names})
    count = 0
    try:
        while True:
            said = cast("Mapping[str, object]", json.loads(connection.receive()[1]))
            if said.get("op") != METERS or cast("float", said["seconds"]) < SETTLED:
                continue
            count += 1
            if as_json:
                yield json.dumps(said) + "\n"
            elif count % DRAWN == 1:
                lines = picture(said).replace("\n", "\x1b[K\n")
                yield f"{CLEAR if count == 1 else ''}{HOME}{lines}\n{REST}"
    except PeerGone:
        return
