"""`sempre log` after a session: the same messages at the same frames as a listener wrote down."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import mido
import pytest

from tests.end_to_end.conftest import SEMPRE, Listener, Session

pytestmark = [pytest.mark.jack, pytest.mark.timeout(60)]

PIECE = """
tempo(bpm=150)
arp = play(note("c4 eb4 g4 bb4").fast(4).legato(.5), on=midi(channel=3))
low = play(note("c2 <eb2 g2>") | cc(74, ".5 .75"), on=midi())
kit = play(s("bd*4"))
"""


def log(folder: Path, *arguments: str) -> str:
    """What `sempre log` says."""
    return subprocess.run(
        [sys.executable, "-c", SEMPRE, "log", *arguments],
        env=os.environ | {"XDG_RUNTIME_DIR": str(folder / "run")},
        capture_output=True,
        text=True,
        check=True,
        timeout=20,
    ).stdout


def test_the_log_is_what_was_heard(
    listener: Listener, start: Callable[[str, float], Session], tmp_path: Path
) -> None:
    """Over two layers, to the frame; what our own instruments played is in it, too."""
    session = start(PIECE, 5.0)
    said = session.finish()
    listened = listener.heard()
    heard = [(at, text) for at, text in listened.rows if text[0] in "89b" and not listened.disturbed(at)]
    rows = [json.loads(line) for line in log(tmp_path, "--json").splitlines()]
    mine = [row for row in rows if row["to"] == "our port" and row["kind"] in ("on", "off")]
    logged = [
        (row["frame"] & 0xFFFFFFFF, row["bytes"][begin : begin + 6])
        for row in mine
        for begin in range(0, len(row["bytes"]), 6)
        if not listened.disturbed(row["frame"] & 0xFFFFFFFF)
    ]
    resets = {text for _, text in heard if text[0] == "b" and text[2:4] in ("40", "78", "7b")}
    played = [(frame, text) for frame, text in heard if text not in resets]
    assert len(played) > 100, said
    shifts = {h[0] - f[0] for h, f in zip(played, logged, strict=False)}
    assert [text for _, text in played] == [text for _, text in logged[: len(played)]]
    assert len(shifts) == 1, shifts
    assert {row["layer"].rpartition(":")[2] for row in rows} >= {"arp", "low", "kit"}

    log(tmp_path, "--layer", "arp", "--midi", str(tmp_path / "arp.mid"))
    begins: list[int] = []
    ticks = 0
    for message in mido.MidiFile(tmp_path / "arp.mid").tracks[1]:
        ticks += message.time
        if message.type == "note_on":
            begins.append(ticks)
    first = next(row["frame"] for row in mine if row["bytes"].startswith("92")) & 0xFFFFFFFF
    frames = [frame - first for frame, text in played if text.startswith("92")]
    assert [begin for begin in begins if not listened.disturbed(first + begin)] == frames
