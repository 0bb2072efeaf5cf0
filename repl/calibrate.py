"""`sempre calibrate`: measures a loop and says which latency to write for a port."""

from __future__ import annotations

import json
import statistics
from typing import cast

from bridge.asking import ask
from bridge.port_settings import MOST_MS
from repl.errors import ReplError

PATIENCE = 10.0
"""Seconds besides those that the notes themselves take."""
NOTE = 1.9
"""Seconds that a note takes at most."""


def calibrate(
    port: str, back: str | None, audio: str | None, *, notes: int = 20, channel: int = 1, minus: float = 0.0
) -> str:
    """Send notes to a port, wait for them, and say what to write in `sempre.toml`.

    Args:
        port: A part of the name of the port.
        back: A part of the name of the MIDI port from which they come back; None for the same as `port`.
        audio: A part of the name of an audio port from which their sound comes back; it wins over `back`.
        notes: How many, 1 to 200.
        channel: 1 to 16.
        minus: Milliseconds of the loop that belong to the way back.

    Raises:
        ReplError: There is no JACK server, no such port, or nothing came back.
    """
    if not 1 <= notes <= 200 or not 1 <= channel <= 16:
        raise ReplError("calibrate: 1 to 200 notes, on a channel from 1 to 16")
    kind, source = ("midi", port if back is None else back) if audio is None else ("audio", audio)
    question = ("bridge.measure", "measure", port, source, kind, str(notes), str(channel))
    found = ask({"loop": question}, PATIENCE + NOTE * notes)["loop"]
    if "missing" in found:
        raise ReplError(f"calibrate: {found['missing']}; `sempre devices` shows what is here")
    frames = cast("list[int]", found["frames"])
    if not frames:
        raise ReplError(
            f"calibrate: nothing came back from {found['back']} within a second of a note to {found['to']}: "
            "is the loop closed, and the channel right?"
        )
    return said(port, found, frames, minus)


def said(port: str, found: dict[str, object], frames: list[int], minus: float) -> str:
    """What was measured, in words.

    >>> loop = {"to": "Volca:in", "back": "system:capture_1", "rate": 48000, "period": 256, "missed": 0}
    >>> print(said("Volca", loop, [480, 490, 500], 2.0))
    Volca:in, back from system:capture_1: 3 of 3 notes
    10.21 ms (10.00 to 10.42), less 2 ms for the way back
    write in sempre.toml:
    <BLANKLINE>
    [midi.ports]
    "Volca" = { latency_ms = 8.2 }
    """
    rate, missed = cast("int", found["rate"]), cast("int", found["missed"])
    times = [1000 * one / rate for one in frames]
    middle = statistics.median(times)
    latency = min(float(MOST_MS), max(0.0, middle - minus))
    less = f", less {minus:g} ms for the way back" if minus else ""
    return "\n".join(
        [
            f"{found['to']}, back from {found['back']}: {len(frames)} of {len(frames) + missed} notes",
            f"{middle:.2f} ms ({min(times):.2f} to {max(times):.2f}){less}",
            "write in sempre.toml:",
            "",
            "[midi.ports]",
            f"{json.dumps(port, ensure_ascii=False)} = {{ latency_ms = {latency:.1f} }}",
        ]
    )
