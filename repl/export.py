"""`sempre export`: a piece as a standard MIDI file, each layer a track, every onset on its exact tick."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from bridge import midi
from bridge.clock import ManualClock
from bridge.event import Agenda, SinkEvent, TimedEvent
from bridge.midi_bytes import messages, occupied
from bridge.planner import Trouble
from bridge.scheduler import Scheduler
from bridge.sink import Recorder
from bridge.targets import MidiTarget
from bridge.tempo import BEATS_PER_CYCLE, Tempo
from patterns.errors import SempreError
from repl.errors import LoadError, ReplError
from repl.loader import load_piece
from repl.report import Once, of_problem
from repl.session import layer_name, place_name
from repl.settings import read_settings
from repl.sinks import default_target

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import mido

    from bridge.layer import Target
    from repl.loader import Loaded

PPQ = 20_160
"""Ticks of a quarter note: 64 · 9 · 5 · 7, so that halves to sixty-fourths of a beat, thirds, ninths, fifths
and sevenths of them, and all of these of a cycle, are whole numbers. Other times go to the nearest tick, 25
microseconds away at most at 60 bpm."""
MOST_CYCLES = 100_000
TURN = 0.5
"""Virtual seconds between two steps of the scheduler."""
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
    settings = read_settings(files)
    pieces = [load_piece(_read(file), str(file)) for file in files]
    asked = [piece.tempo for piece in pieces if piece.tempo is not None]
    beats = Fraction(asked[-1].beats_per_cycle if asked else BEATS_PER_CYCLE).limit_denominator(1000)
    cps = asked[-1].cps if asked else (settings.bpm or 120) / 60 / BEATS_PER_CYCLE
    seeds = [piece.seed for piece in pieces if piece.seed is not None]
    chosen = seed if seed is not None else (seeds[-1] if seeds else settings.seed or 0)
    tempo = Tempo.steady(cps)
    troubles: list[str] = []
    tracks = tracks_of(pieces, cycles, tempo, chosen, ppq * beats, troubles)
    if not any(track.rows for track in tracks):
        raise ReplError("\n".join([*dict.fromkeys(troubles), "nothing in it can be played by MIDI"]))
    document = midi_file(tracks, cycles, tempo, beats, ppq)
    try:
        document.save(output)
    except OSError as error:
        raise ReplError(f"{output} cannot be written ({error.strerror or error})") from None
    notes = sum(_is_note_on(data) for track in tracks for _, data in track.rows)
    said = f"{output}: {cycles} cycles, {notes} notes, tracks: {', '.join(t.name for t in tracks if t.rows)}"
    empty = [track.name for track in tracks if not track.rows]
    return "\n".join([*dict.fromkeys(troubles), said, *([f"empty: {', '.join(empty)}"] if empty else [])])


def tracks_of(
    pieces: Sequence[Loaded],
    cycles: int,
    tempo: Tempo,
    seed: int,
    ticks_per_cycle: Fraction,
    troubles: list[str],
) -> list[Track]:
    """Every layer as a track.

    Args:
        pieces: What to play, together from cycle 0.
        cycles: How many cycles.
        tempo: Cycles and seconds.
        seed: The seed of them all.
        ticks_per_cycle: Ticks of the file.
        troubles: Takes what went wrong.
    """
    events = _events(pieces, cycles, tempo, seed, troubles)
    channels = _channels(pieces, events)
    tracks: list[Track] = []
    for place, found in events.items():
        agenda = Agenda(lambda event: occupied(event, 0))
        for target, event in found:
            try:
                for one in _encoded(target, event, channels[place], tempo, ticks_per_cycle, troubles):
                    agenda.add(one)
            except (SempreError, ValueError, TypeError) as error:
                troubles.append(f"{layer_name(place)}: {error}")
        rows: list[tuple[int, bytes]] = []
        for due in agenda.due(math.inf):
            data = due.event.on if due.on else due.event.off
            rows += [(int(due.at), message) for message in messages(data)]
        tracks.append(Track(layer_name(place), rows))
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
    bpm = tempo.segments[-1].cps * 60 * float(beats)
    # 24 bits: the slowest tempo that a file knows is 3.6 bpm.
    micros = min(16_777_215, round(60e6 / bpm))
    first.append(mido.MetaMessage("set_tempo", tempo=micros))
    first.append(mido.MetaMessage("end_of_track", time=end))
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


def _events(
    pieces: Sequence[Loaded], cycles: int, tempo: Tempo, seed: int, troubles: list[str]
) -> dict[str, list[tuple[Target, TimedEvent]]]:
    """What each place plays, by time."""
    sources = {piece.file: piece.source for piece in pieces}
    show = Once()

    def trouble(found: Trouble) -> None:
        file = found.layer.rpartition(":")[0]
        text = of_problem(found.problem, file, sources.get(file, ""))
        if show(text) == text:
            troubles.append(text)

    recorder, clock = Recorder(), ManualClock()
    sinks = {"audio": recorder, "midi": recorder, "osc": recorder}
    scheduler = Scheduler(clock, sinks, tempo, default_target, on_trouble=trouble, seed=seed)
    places = {place_name(piece.file, name): layer for piece in pieces for name, layer in piece.layers.items()}
    for place, layer in places.items():
        scheduler.set_layer(place, layer, Fraction(0))
    end = tempo.time_at(cycles)
    while clock.now() < end:
        scheduler.step()
        recorder.log.clear()
        clock.advance(TURN)
    found: dict[str, list[tuple[Target, TimedEvent]]] = {place: [] for place in places}
    # An onset a hair before the end belongs to the next cycle: times are floats here.
    for target, event in sorted(recorder.held.values(), key=lambda pair: (pair[1].at, pair[1].id)):
        if event.at < end - 1e-6:
            found[event.layer].append((target, event))
    return found


def _channels(
    pieces: Sequence[Loaded], events: Mapping[str, list[tuple[Target, TimedEvent]]]
) -> dict[str, int]:
    """A channel for each layer that names none: percussion gets its own, the others one each."""
    taken = {
        layer.target.channel
        for piece in pieces
        for layer in piece.layers.values()
        if isinstance(layer.target, MidiTarget)
    }
    free = [c for c in range(1, 17) if c not in taken and c != DRUMS] or [1]
    channels: dict[str, int] = {}
    given = 0
    for place, found in events.items():
        drums = bool(found) and all("s" in e.controls and "note" not in e.controls for _, e in found)
        channels[place] = DRUMS if drums else free[given % len(free)]
        own = bool(found) and all(isinstance(target, MidiTarget) for target, _ in found)
        given += not drums and not own
    return channels


def _encoded(
    target: Target,
    event: TimedEvent,
    channel: int,
    tempo: Tempo,
    ticks_per_cycle: Fraction,
    troubles: list[str],
) -> list[SinkEvent]:
    """An event as messages, its times in ticks."""
    # A file is played by no port: nothing in it is sent early. Notes between the keys need channels of their
    # own, which belong to a player, not to a file: they are rounded.
    chosen = target if isinstance(target, MidiTarget) else MidiTarget(channel=channel)
    plain = replace(chosen, latency=0.0, zone=None, microtonal=False)
    out: list[SinkEvent] = []
    for one in midi.encode(plain, event, troubles.append):
        begin = max(0, _tick(one.at, tempo, ticks_per_cycle))
        until = _tick(one.until, tempo, ticks_per_cycle)
        out.append(one._replace(at=begin, until=max(begin + 1, until) if one.off else begin))
    return out


def _tick(at: float, tempo: Tempo, ticks_per_cycle: Fraction) -> int:
    return round(tempo.cycle_at(at) * float(ticks_per_cycle))


def _is_note_on(data: bytes) -> bool:
    return data[0] & 0xF0 == 0x90 and data[2] > 0


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise ReplError(f"there is no file {file}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise LoadError(f"{file}: cannot be read ({error})") from error
