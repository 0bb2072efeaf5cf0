"""`sempre export`: a piece as a standard MIDI file, each layer a track, every onset on its exact tick."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from bridge import midi
from bridge.event import Agenda
from bridge.layer import route_of
from bridge.midi_bytes import messages
from bridge.midi_routes import MidiRoutes
from bridge.targets import MidiTarget
from bridge.tempo import Tempo
from patterns.errors import SempreError
from patterns.parameter_names import only_moves
from plugin_host.specs import Chain
from repl.errors import ReplError
from repl.opened import open_pieces
from repl.session import layer_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import mido

    from bridge.event import SinkEvent, TimedEvent
    from bridge.layer import Target
    from repl.loader import Loaded
    from repl.opened import Opened

    Played = Sequence[tuple[Target, TimedEvent]]
    """What a place plays, by time."""

PPQ = 20_160
"""Ticks of a quarter note: 64 · 9 · 5 · 7, so that halves to sixty-fourths of a beat, thirds, ninths, fifths
and sevenths of them, and all of these of a cycle, are whole numbers. Other times go to the nearest tick, 25
microseconds away at most at 60 bpm."""
MOST_CYCLES = 100_000
ASIDE = 1e-4
"""Seconds by which a step of the tempo map may be away from a ramp."""
DRUMS = 10
"""The channel of percussion in General MIDI, for layers that name no channel."""


class Track(NamedTuple):
    """What becomes a track.

    Attributes:
        name: The layer's.
        rows: Ticks and messages, in order.
    """

    name: str
    rows: list[tuple[int, bytes]]


def export_files(
    files: Sequence[Path], cycles: int, output: Path, *, seed: int | None = None, ppq: int = PPQ
) -> str:
    """Write pieces as a MIDI file; gives what is to be said about it.

    Args:
        files: The pieces, played together from cycle 0.
        cycles: How many cycles of them.
        output: The file, which is replaced.
        seed: Another seed than the pieces' own.
        ppq: Ticks of a quarter note, 24 to 32767.

    Raises:
        LoadError: A piece cannot be loaded.
        ReplError: A file is not there, or nothing in it can be played by MIDI.
    """
    if not 1 <= cycles <= MOST_CYCLES:
        raise ReplError(f"export: --cycles must be 1 to {MOST_CYCLES} (got {cycles})")
    if not 24 <= ppq <= 32_767:
        raise ReplError(f"export: --ppq must be 24 to 32767 (got {ppq})")
    opened = open_pieces(files, seed)
    troubles: list[str] = []
    events = opened.play(opened.seconds(cycles), troubles)
    tracks = tracks_of(opened, events, ppq, troubles)
    if not any(track.rows for track in tracks):
        raise ReplError("\n".join([*dict.fromkeys(troubles), "nothing in it can be played by MIDI"]))
    document = midi_file(tracks, cycles, opened.tempo, opened.beats, ppq)
    try:
        document.save(output)
    except OSError as error:
        raise ReplError(f"{output} cannot be written ({error.strerror or error})") from None
    notes = sum(_is_note_on(data) for track in tracks for _, data in track.rows)
    said = f"{output}: {cycles} cycles, {notes} notes, tracks: {', '.join(t.name for t in tracks if t.rows)}"
    empty = [track.name for track in tracks if not track.rows]
    return "\n".join([*dict.fromkeys(troubles), said, *([f"empty: {', '.join(empty)}"] if empty else [])])


def tracks_of(opened: Opened, events: Mapping[str, Played], ppq: int, troubles: list[str]) -> list[Track]:
    """Every layer as a track.

    Args:
        opened: The pieces.
        events: What each place plays.
        ppq: Ticks of a quarter note.
        troubles: Takes what went wrong.
    """
    ticks_per_cycle = ppq * opened.beats
    channels = _channels(opened.pieces, events)
    tracks: list[Track] = []
    for place, found in events.items():
        # As the sending process does it: in MPE each note gets a channel when it begins.
        routes = MidiRoutes()
        agenda = Agenda(routes.key, seat=routes.seat, left=routes.left)
        first: list[tuple[int, bytes]] = []
        for target, event in found:
            if isinstance(target, Chain) and only_moves(event.controls):
                continue
            # A file is played by no port: nothing in it is sent early.
            chosen = target if isinstance(target, MidiTarget) else MidiTarget(channel=channels[place])
            plain = replace(chosen, port=None, latency=0.0, rate=None)
            for setup in routes.learn({route_of(plain.key): plain.to_json()}).values():
                first += [(0, message) for message in messages(setup)]
            try:
                for one in midi.encode(plain, event, troubles.append):
                    agenda.add(_in_ticks(one, opened.tempo, ticks_per_cycle))
            except (SempreError, ValueError, TypeError) as error:
                troubles.append(f"{layer_name(place)}: {error}")
        rows: list[tuple[int, bytes]] = []
        for due in agenda.due(math.inf):
            data = due.event.on if due.on else due.event.off
            rows += [(int(due.at), message) for message in messages(data)]
        tracks.append(Track(layer_name(place), [*first, *rows] if rows else []))
    return tracks


def midi_file(tracks: Sequence[Track], cycles: int, tempo: Tempo, beats: Fraction, ppq: int) -> mido.MidiFile:
    """The tracks as a file of format 1, the first of them with the tempo."""
    import mido

    document = mido.MidiFile(type=1, ticks_per_beat=ppq, charset="utf-8")
    end = int(cycles * beats * ppq)
    first = mido.MidiTrack()
    first.append(mido.MetaMessage("track_name", name="Sempre"))
    if beats.denominator == 1 and beats <= 255:
        first.append(mido.MetaMessage("time_signature", numerator=int(beats), denominator=4))
    here = 0
    for tick, micros in tempo_map(tempo, cycles, beats, ppq):
        first.append(mido.MetaMessage("set_tempo", tempo=micros, time=tick - here))
        here = tick
    first.append(mido.MetaMessage("end_of_track", time=end - here))
    document.tracks.append(first)
    for track in tracks:
        made = mido.MidiTrack()
        made.append(mido.MetaMessage("track_name", name=track.name))
        here = 0
        for tick, data in track.rows:
            made.append(mido.Message.from_bytes(data, time=tick - here))
            here = tick
        made.append(mido.MetaMessage("end_of_track", time=max(0, end - here)))
        document.tracks.append(made)
    return document


def tempo_map(tempo: Tempo, cycles: int, beats: Fraction, ppq: int) -> list[tuple[int, int]]:
    """Where the tempo of a file changes: ticks, and microseconds of a quarter note from there on.

    A file knows steps only, so a ramp is cut into so many that no time between them is further than `ASIDE`
    from the ramp. Microseconds are whole: what rounding leaves is made good by the next step.

    Args:
        tempo: Cycles and seconds.
        cycles: How many, from cycle 0.
        beats: Quarter notes in a cycle.
        ppq: Ticks of a quarter note.

    >>> tempo_map(Tempo.steady(0.5), 4, Fraction(4), 960)
    [(0, 500000)]
    """
    per_cycle = ppq * beats
    marks: set[int] = set()
    for number, segment in enumerate(tempo.segments):
        last = number == len(tempo.segments) - 1
        end = Fraction(cycles) if last else min(Fraction(cycles), tempo.segments[number + 1].cycle)
        if segment.cycle >= cycles or end <= 0:
            continue
        begin, stop = tempo.time_at(max(segment.cycle, Fraction(0))), tempo.time_at(end)
        slowest = min(segment.cps_at(begin), segment.cps_at(stop))
        # A steady step of length t is at most slope t²/8 cycles away from the ramp.
        steps = math.ceil((stop - begin) * math.sqrt(abs(segment.slope) / (8 * slowest * ASIDE))) or 1
        for step in range(steps):
            at = tempo.cycle_at(begin + (stop - begin) * step / steps)
            exact = Fraction(at) if step else max(segment.cycle, Fraction(0))
            marks.add(round(exact * per_cycle))
    rows: list[tuple[int, int]] = []
    passed = tempo.time_at(0)
    for tick, following in pairwise([*sorted(marks), round(cycles * per_cycle)]):
        if following > tick:
            quarters = (following - tick) / ppq
            until = tempo.time_at(Fraction(following) / per_cycle)
            # 24 bits: the slowest tempo that a file knows is 3.6 bpm.
            micros = max(1, min(16_777_215, round((until - passed) * 1e6 / quarters)))
            passed += micros * quarters / 1e6
            if not rows or rows[-1][1] != micros:
                rows.append((tick, micros))
    return rows


def _channels(pieces: Sequence[Loaded], events: Mapping[str, Played]) -> dict[str, int]:
    """A channel for each layer that names none: percussion gets its own, the others one each."""
    targets = [layer.target for piece in pieces for layer in piece.layers.values()]
    targets += [target for rows in events.values() for target, _ in rows]
    taken = {c for target in targets if isinstance(target, MidiTarget) for c in channels_of(target)}
    free = [c for c in range(1, 17) if c not in taken and c != DRUMS] or [1]
    channels: dict[str, int] = {}
    given = 0
    for place, found in events.items():
        drums = bool(found) and all("s" in e.controls and "note" not in e.controls for _, e in found)
        channels[place] = DRUMS if drums else free[given % len(free)]
        own = bool(found) and all(isinstance(target, MidiTarget) for target, _ in found)
        given += not drums and not own
    return channels


def channels_of(target: MidiTarget) -> tuple[int, ...]:
    """The channels that a target sends on, 1 to 16.

    >>> channels_of(MidiTarget(channel=3))
    (3,)
    """
    zone = target.zone
    return (target.channel,) if zone is None else tuple(sorted(c + 1 for c in (zone.master, *zone.members)))


def _in_ticks(one: SinkEvent, tempo: Tempo, ticks_per_cycle: Fraction) -> SinkEvent:
    begin = max(0, _tick(one.at, tempo, ticks_per_cycle))
    until = _tick(one.until, tempo, ticks_per_cycle)
    return one._replace(at=begin, until=max(begin + 1, until) if one.off else begin)


def _tick(at: float, tempo: Tempo, ticks_per_cycle: Fraction) -> int:
    return round(tempo.cycle_at(at) * float(ticks_per_cycle))


def _is_note_on(data: bytes) -> bool:
    return data[0] & 0xF0 == 0x90 and data[2] > 0
