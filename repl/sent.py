"""`sempre log`: what was sent, when it was due and when it left, as text, JSON lines or a MIDI file."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from bridge.errors import BridgeError
from bridge.midi_bytes import messages
from bridge.sent import LOGS, Account, Sent, of_layer, read_logs
from repl.errors import ReplError, SessionError
from repl.runtime import base_folder, kept, newest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    import mido

LAST = 20
"""Rows that are shown as text."""
LATE = 0.002
"""Seconds after its time at which a row counts as late: what the sending process counts, too."""
RATE = 48_000
"""Ticks of a second in a MIDI file where no server's frames are to be had."""
MOST_TICKS = 32_767
"""Ticks of a quarter note that a MIDI file can count."""
QUARTERS = (2, 4, 5, 8, 10, 16, 20)
"""Quarter notes of a second, of which one is taken that divides the rate and is no more than it must be."""


def sent(layer: str | None = None, *, as_json: bool = False, midi: Path | None = None) -> str:
    """What the newest session has sent; that of the last one if none runs.

    Args:
        layer: The layer, with or without its file; None for all.
        as_json: As JSON lines.
        midi: A MIDI file to be written.

    Raises:
        ReplError: Nothing is known, there is no such layer, or the file cannot be written.
    """
    try:
        files = [newest() / name for name in LOGS]
    except SessionError:
        files = kept(base_folder())
    account = read_logs(files)
    rows = account.rows
    if layer is not None:
        rows = of_layer(rows, layer)
        if not rows:
            known = ", ".join(sorted({row.layer.rpartition(":")[2] for row in account.rows if row.layer}))
            raise ReplError(f"no layer {layer!r} has sent anything (there: {known or 'none'})")
    if not rows:
        raise ReplError("nothing has been sent yet: start a session with `sempre FILE`")
    if midi is not None:
        return write_midi(Account(rows, account.rate), midi)
    return "\n".join(as_lines(rows) if as_json else as_text(rows))


def as_lines(rows: Iterable[Sent]) -> Iterator[str]:
    """Each row as a JSON object: times in seconds of the timeline, lateness in milliseconds, bytes in hex."""
    for row in rows:
        yield json.dumps(
            {
                "kind": row.kind,
                "layer": row.layer,
                "to": row.to,
                "due": row.due,
                "at": row.at,
                "late_ms": round(1000 * row.late, 3),
                "frame": row.frame if row.frame >= 0 else None,
                "bytes": row.data.hex(),
            }
        )


def as_text(rows: Sequence[Sent]) -> Iterator[str]:
    """Each layer in a line, then the last rows."""
    begun = rows[0].at
    yield f"{'layer':<24} {'events':>8} {'late':>6} {'dropped':>8} {'worst ms':>9}"
    for name in sorted({row.layer for row in rows}):
        own = [row for row in rows if row.layer == name]
        kinds = Counter(row.kind for row in own)
        late = [row for row in own if row.kind != "dropped" and row.late > LATE]
        worst = 1000 * max(row.late for row in own)
        yield (
            f"{name or '(no layer)':<24} {kinds['on'] or kinds['loose']:>8} {len(late):>6} "
            f"{kinds['dropped']:>8} {max(0.0, worst):>9.3f}"
        )
    yield ""
    yield f"{'seconds':>11} {'late ms':>8}  {'what':<8} {'layer':<16} {'to':<16} message"
    for row in rows[-LAST:]:
        name = row.layer.rpartition(":")[2]
        yield (
            f"{row.at - begun:>11.4f} {1000 * row.late:>8.3f}  {row.kind:<8} {name:<16.16} {row.to:<16.16} "
            f"{said(row.data)}"
        ).rstrip()


def said(data: bytes) -> str:
    """A message in a few words.

    >>> said(bytes([0x93, 60, 100])), said(b"/dirt/play" + bytes(6)), said(b'{"note": 60}')
    ('note on 60, velocity 100, channel 4', '/dirt/play', '{"note": 60}')
    """
    if data[:1] in (b"/", b"#"):
        return data.partition(b"\0")[0].decode(errors="replace")
    if data[:1] == b"{":
        return data.decode(errors="replace")[:80]
    if len(data) == 3 and data[0] & 0xF0 in (0x80, 0x90):
        what = "note on" if data[0] & 0xF0 == 0x90 else "note off"
        return f"{what} {data[1]}, velocity {data[2]}, channel {1 + (data[0] & 15)}"
    return data[:24].hex(" ", 1) + (" …" if len(data) > 24 else "")


def write_midi(account: Account, path: Path) -> str:
    """Write what went out as MIDI: a track for each layer, a tick for each frame of the server.

    Args:
        account: What was sent.
        path: The file, which is replaced.

    Raises:
        ReplError: Nothing of it is MIDI, or it cannot be written.
    """
    import mido

    rows = [row for row in account.rows if row.kind in ("on", "off", "loose") and row.data[:1] >= b"\x80"]
    if not rows:
        raise ReplError("nothing of it was sent by MIDI")
    rate = account.rate or RATE
    quarters = next((q for q in QUARTERS if rate % q == 0 and rate // q <= MOST_TICKS), 0)
    if not quarters:
        rate, quarters = RATE, QUARTERS[0]
    song = mido.MidiFile(type=1, ticks_per_beat=rate // quarters)
    begun = round(rows[0].at * rate)
    head = mido.MidiTrack([mido.MetaMessage("set_tempo", tempo=1_000_000 // quarters, time=0)])
    song.tracks.append(head)
    names = [*dict.fromkeys(row.layer for row in rows)]
    for name in names:
        title = name.rpartition(":")[2] or "(no layer)"
        track = mido.MidiTrack([mido.MetaMessage("track_name", name=title, time=0)])
        track.extend(_track([row for row in rows if row.layer == name], rate, begun))
        song.tracks.append(track)
    try:
        song.save(path)
    except OSError as error:
        raise ReplError(f"{path} cannot be written ({error.strerror or error})") from None
    seconds = rows[-1].at - rows[0].at
    return f"{path}: {len(names)} tracks, {seconds:.1f} s, {rate} ticks a second"


def _track(rows: Iterable[Sent], rate: int, begun: int) -> Iterator[mido.Message]:
    import mido

    here = begun
    for row in rows:
        tick = max(here, round(row.at * rate))
        for message in _messages(row.data):
            yield mido.Message.from_bytes(message, time=tick - here)
            here = tick


def _messages(data: bytes) -> Iterator[bytes]:
    try:
        yield from messages(data)
    except (ValueError, BridgeError):  # cut off, because it was too long to be kept
        return
