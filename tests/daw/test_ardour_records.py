"""Ardour records what a session plays: the notes to the tick, and the sound of our instruments."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import mido
import numpy as np
import pytest
from pedalboard.io import AudioFile

from bridge.midi_notes import note_of
from patterns.registry import namespace
from repl.cli import main
from tests.daw.conftest import Ardour, Dropped

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.end_to_end.conftest import Session

pytestmark = [pytest.mark.daw, pytest.mark.jack, pytest.mark.timeout(240)]

RATE = 48_000
ARP = 'note("c4 e4 g4 b4 <d5 f5> g4 e4 d4").fast(2).legato(.5).velocity(saw.range(.2, 1))'
LOW = 'note("<c2 eb2> ~ [g2 g2] bb1")'
PIECE = f"""
tempo(bpm=120)
arp = play({ARP}, on=midi(channel=3))
low = play({LOW} | cc(74, "<.25 .5 .75>"), on=midi(channel=5))
kick = play(s("bd*2").n(0))
"""
CYCLES = 2
SECONDS = 6.0


class Struck(NamedTuple):
    """A note in a take: ticks, key, velocity."""

    begin: int
    end: int
    key: int
    velocity: int


def read(file: Path) -> tuple[list[Struck], list[tuple[int, int, int]], set[int]]:
    """The notes and controllers of a take, and the channels on which it has any."""
    (track,) = mido.MidiFile(file).tracks
    sounding: dict[int, tuple[int, int]] = {}
    notes: list[Struck] = []
    turns: list[tuple[int, int, int]] = []
    channels: set[int] = set()
    here = 0
    for message in track:
        here += message.time
        if message.type in ("note_on", "note_off"):
            channels.add(message.channel + 1)
        if message.type == "note_on" and message.velocity:
            assert message.note not in sounding, f"{message.note} is struck twice"
            sounding[message.note] = (here, message.velocity)
        elif message.type in ("note_on", "note_off"):
            begin, velocity = sounding.pop(message.note)
            notes.append(Struck(begin, here, message.note, velocity))
        elif message.type == "control_change" and message.control < 120 and message.control != 64:
            turns.append((here, message.control, message.value))
    assert not sounding, f"hung: {sounding}"
    return sorted(notes), turns, channels


def written(code: str, cycles: int, ticks: int) -> list[Struck]:
    """What a pattern plays, by its own account: ticks from cycle 0."""
    names: dict[str, Any] = dict(namespace())
    found: list[Struck] = []
    for hap in eval(code, names).haps(0, cycles):
        note = note_of(hap.value)
        assert note is not None
        length = (hap.whole.end - hap.whole.begin) * Fraction(hap.value.get("clip", 1)).limit_denominator()
        begin = hap.whole.begin * ticks
        end = (hap.whole.begin + length) * ticks
        assert begin.denominator == end.denominator == 1
        found.append(Struck(int(begin), int(end), note.key, note.velocity))
    return sorted(found)


def onsets(file: Path) -> list[int]:
    """The frames at which a drum is struck."""
    with AudioFile(str(file)) as sound:
        assert sound.samplerate == RATE
        audio = np.abs(sound.read(sound.frames)[0])
    loud = np.flatnonzero(audio > 0.1 * audio.max())
    return [
        int(here) for number, here in enumerate(loud) if not number or here - loud[number - 1] > RATE // 4
    ]


def test_a_take_is_the_pattern_to_the_tick(
    ardour: Ardour, play: Callable[[str, float], Session], tmp_path: Path
) -> None:
    """From the script of `sempre daw ardour`: a track a layer, each with its layer alone, and our sound."""
    piece = tmp_path / "evening.py"
    piece.write_text(PIECE)
    assert main(["daw", "ardour", str(piece), "-o", str(tmp_path)]) == 0
    script = tmp_path / "evening.ardour.lua"
    session = tmp_path / "evening"
    said = ardour.run(script, str(session), clear=session)
    assert "made" in said, said

    def perform() -> None:
        if "virtual port" not in (said := play(PIECE, SECONDS).finish()):
            raise Dropped(said)

    wires = [
        "arp=0:Sempre:out",
        "low=0:Sempre:out",
        *(f"Sempre={n}:Sempre audio:out_{n + 1}" for n in (0, 1)),
    ]
    said = ardour.take(session, perform, wires)
    assert said.count("CONNECTED") == 4, said
    takes = {file.stem: file for file in session.glob("interchange/*/midifiles/*.mid")}
    offsets: set[int] = set()
    for layer, channel, code in (("arp", 3, ARP), ("low", 5, LOW)):
        file = next(path for name, path in takes.items() if f"_{layer}-" in name)
        per_cycle = mido.MidiFile(file).ticks_per_beat * 4
        notes, turns, channels = read(file)
        assert channels == {channel}, f"{layer}: channels are to be told apart"
        wanted = written(code, CYCLES, per_cycle)
        offsets.add(notes[0].begin)
        first = notes[0].begin
        found = [note._replace(begin=note.begin - first, end=note.end - first) for note in notes]
        assert found[: len(wanted)] == wanted, layer
        if layer == "low":
            changed = [(at - first, value) for at, control, value in turns if control == 74]
            assert changed[0] == (0, 32)
            assert (per_cycle, 64) in changed
    assert len(offsets) == 1, "two layers begin at one cycle"
    (left,) = session.glob("interchange/*/audiofiles/Take1_Sempre-*L.wav")
    beats = onsets(left)
    assert len(beats) >= 2 * CYCLES
    apart = sorted(b - a for a, b in pairwise(beats))
    # The server of a busy machine loses periods, and the sound with them: most are right.
    assert abs(apart[len(apart) // 2] - RATE) <= 48, apart
