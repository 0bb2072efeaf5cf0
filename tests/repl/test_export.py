"""A piece as a MIDI file, and back."""

import re
from fractions import Fraction
from pathlib import Path
from typing import Any, cast

import mido
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.errors import BridgeError
from bridge.midi_file import Song, from_midi
from bridge.midi_notes import note_of
from bridge.tempo import Tempo
from patterns.core import Pattern
from patterns.registry import namespace
from patterns.written import Struck, note_name, write_down
from repl.cli import main
from repl.errors import ReplError
from repl.export import PPQ, export_files, tempo_map
from repl.loader import load_piece

N: dict[str, Any] = dict(namespace())
CYCLES = 4


def exported(folder: Path, source: str, cycles: int = CYCLES, **more: Any) -> tuple[mido.MidiFile, Path]:
    """The file of a piece, read by mido."""
    piece, output = folder / "piece.py", folder / "song.mid"
    piece.write_text(source)
    export_files([piece], cycles, output, **more)
    return mido.MidiFile(output), output


def played(pattern: Pattern, cycles: int = CYCLES) -> list[tuple[Fraction, Fraction, int, int]]:
    """What a pattern plays on MIDI: begin, end, key and velocity."""
    found: list[tuple[Fraction, Fraction, int, int]] = []
    for hap in pattern.haps(0, cycles):
        assert hap.whole is not None
        if hap.has_onset:
            note = note_of(cast("dict[str, object]", hap.value))
            assert note is not None
            legato = Fraction(hap.value.get("clip", 1)).limit_denominator()
            length = (hap.whole.end - hap.whole.begin) * legato
            found.append((hap.whole.begin, hap.whole.begin + length, note.key, note.velocity))
    return sorted(found)


def notes(track: mido.MidiTrack) -> list[tuple[int, int, int, int]]:
    """Ticks, key and velocity of a track's notes; each on has its off."""
    sounding: dict[tuple[int, int], tuple[int, int]] = {}
    found: list[tuple[int, int, int, int]] = []
    here = 0
    for message in track:
        here += message.time
        if message.type == "note_on":
            assert (message.channel, message.note) not in sounding
            sounding[message.channel, message.note] = (here, message.velocity)
        elif message.type == "note_off":
            begin, velocity = sounding.pop((message.channel, message.note))
            found.append((begin, here, message.note, velocity))
    assert not sounding
    return sorted(found)


def test_tracks_tempo_and_names(tmp_path: Path) -> None:
    """Format 1: the tempo first, then a track for each layer, all of the same length."""
    source = 'tempo(96, 3)\nbass = play(note("c2"), on=midi(channel=4))\n'
    source += 'kit = play(s("bd hh"))\nz = play(note("e"))'
    document, _ = exported(tmp_path, source)
    assert (document.type, document.ticks_per_beat) == (1, PPQ)
    assert [track.name for track in document.tracks] == ["Sempre", "bass", "kit", "z"]
    first = {message.type: message for message in document.tracks[0]}
    assert first["set_tempo"].tempo == 60_000_000 // 96
    assert cast("mido.MetaMessage", first["time_signature"]).numerator == 3
    assert {sum(m.time for m in track) for track in document.tracks} == {CYCLES * 3 * PPQ}
    channels = [{m.channel for m in t if m.type == "note_on"} for t in document.tracks[1:]]
    assert channels == [{3}, {9}, {0}]


@pytest.mark.parametrize("steps", [*range(1, 11), 12, 14, 15, 16, 18, 20, 21, 24, 28, 32, 48, 63, 64, 128])
def test_common_divisions_are_exact(tmp_path: Path, steps: int) -> None:
    """Of a cycle of four beats, to the tick."""
    document, _ = exported(tmp_path, f'a = play(note("c*{steps}"), on=midi())', 2)
    wide = Fraction(4 * PPQ, steps)
    assert wide.denominator == 1
    assert [begin for begin, *_ in notes(document.tracks[1])] == [k * int(wide) for k in range(2 * steps)]


def test_controllers_come_before_their_note(tmp_path: Path) -> None:
    """And a signal between onsets comes as a ramp."""
    source = 'a = play(note("c").cc(74, saw.slow(2)).pan(0), on=midi())'
    document, _ = exported(tmp_path, source, 2)
    values = [m.value for m in document.tracks[1] if m.type == "control_change" and m.control == 74]
    assert values[0] == 0
    assert values == sorted(values)
    assert values[-1] >= 120
    assert document.tracks[1][1].type == "control_change"


def test_a_note_that_is_struck_again_ends_first(tmp_path: Path) -> None:
    """As it does when it is played; what rings beyond the end keeps its length."""
    document, _ = exported(tmp_path, 'a = play(note("c*2").legato(1.5), on=midi())', 1)
    beat = 4 * PPQ
    assert [row[:2] for row in notes(document.tracks[1])] == [(0, beat // 2), (beat // 2, beat * 5 // 4)]


ROUND = [
    'note("c e g")',
    'note("<c [e,g] a> [b ~ d5]").velocity("<.3 .9>")',
    'note("c4 [e4 g4]/3 ~ a4").velocity(".2 .4 .6 .8")',
    'note("c(5,8) , e*3").velocity(".25 .75")',
    'note("c2!3 <eb2 f#2>@3 ~ bb1").slow(2)',
    'note("c e").slow(3).velocity(.5)',
    'note("c7 c#7 d7 e7 f7").legato(.5)',
    's("bd*2 <sd cp>, hh(5,8,2)").velocity("[.9 .4]*2")',
    'note("0 127 60").sometimes(rev)',
]


@pytest.mark.parametrize("code", ROUND)
def test_what_is_written_is_read_back_the_same(tmp_path: Path, code: str) -> None:
    """Pattern to file to pattern; and the code that is printed makes it, too."""
    source = f"a = play({code}, on=midi(channel={10 if code[0] == 's' else 1}))"
    _, output = exported(tmp_path, source)
    # Its seed is that of a layer called "a", so the loaded pattern is asked as the scheduler asks it.
    song = from_midi(output)
    assert song.cycles >= CYCLES
    if "sometimes" not in code:
        want = [
            (b, e, k, v)
            for b, e, k, v in played(load_piece(source, "p.py").layers["a"].pattern)
            if b < CYCLES
        ]
        assert played(song["a"]) == want
    printed = load_piece(repr(song), "printed.py")
    again = printed.names["a"]
    assert isinstance(again, Pattern)
    assert played(again) == played(song["a"])
    exported_again, _ = exported(tmp_path, f"{printed.source}\na = play(a, on=midi())")
    assert notes(exported_again.tracks[1]) == notes(mido.MidiFile(output).tracks[1])


def struck_for(begin: Fraction, length: Fraction, key: int, velocity: int) -> Struck:
    """A note by its length."""
    return Struck(begin, begin + length, key, velocity)


STRUCK = st.builds(
    struck_for,
    st.fractions(0, 3, max_denominator=24).filter(lambda f: f < 3),
    st.fractions(Fraction(1, 24), 2, max_denominator=24),
    st.integers(0, 127),
    st.integers(1, 127),
)


@given(st.lists(STRUCK, min_size=1, max_size=12, unique_by=lambda n: (n.begin, n.key)))
def test_any_notes_can_be_written_down(struck: list[Struck]) -> None:
    """Overlapping, across cycles, in chords: what is written plays them, to a millionth of a cycle."""
    voices = write_down(struck, 3)
    found = sorted(row for voice in voices for row in played(voice.pattern, 3))
    wanted = sorted((n.begin, n.end, n.key, n.velocity) for n in struck)
    assert [(b, k, v) for b, _, k, v in found] == [(b, k, v) for b, _, k, v in wanted]
    assert all(abs(f[1] - w[1]) < Fraction(1, 20_000) for f, w in zip(found, wanted, strict=True))


@given(st.lists(STRUCK, min_size=1, max_size=12), st.integers(1, 32))
def test_a_grid_moves_notes_to_the_nearest_step(struck: list[Struck], grid: int) -> None:
    """None vanishes into nothing, and none is further away than half a step."""
    found = [row for voice in write_down(struck, 4, grid=grid) for row in played(voice.pattern, 4)]
    assert {(row[0] * grid).denominator for row in found} == {1}
    for note in struck:
        assert any(abs(row[0] - note.begin) <= Fraction(1, 2 * grid) and row[2] == note.key for row in found)


def turned(track: mido.MidiTrack) -> list[tuple[int, int, int]]:
    """Where each controller changes: ticks, number, value; what is only said again is left out."""
    found: list[tuple[int, int, int]] = []
    now: dict[int, int] = {}
    here = 0
    for message in track:
        here += message.time
        if message.type == "control_change" and now.get(message.control) != message.value:
            now[message.control] = message.value
            found.append((here, message.control, message.value))
    return sorted(found)


def test_controllers_are_read_back(tmp_path: Path) -> None:
    """A ramp at every one of its steps; on a grid the last value of each."""
    source = 'a = play(note("c e").cc(74, saw.slow(2)).cc(1, "<.5 1>"), on=midi())'
    before, output = exported(tmp_path, source, 2)
    song = from_midi(output)
    assert 'cc(1, "<.5 1>")' in repr(song)
    after, _ = exported(tmp_path, f"{song!r}\na = play(a, on=midi())", 2)
    assert turned(after.tracks[1]) == turned(before.tracks[1])
    assert len(turned(before.tracks[1])) > 100
    assert notes(after.tracks[1]) == notes(before.tracks[1])
    coarse = from_midi(tmp_path / "song.mid", grid=4).code("a")
    assert re.search(r'cc\(74, "<\[\S+ \S+ \S+ \S+\] \[\S+ \S+ \S+ \S+\]>"\)', coarse)


def seconds_of(document: mido.MidiFile) -> list[float]:
    """When each onset of the first layer's track sounds, by the tempo map of the file."""
    steps: list[tuple[int, int]] = []
    here = 0
    for message in document.tracks[0]:
        here += message.time
        if message.type == "set_tempo":
            steps.append((here, message.tempo))
    found: list[float] = []
    for tick, *_ in notes(document.tracks[1]):
        passed = 0.0
        for number, (begin, micros) in enumerate(steps):
            end = steps[number + 1][0] if number + 1 < len(steps) else tick
            passed += max(0, min(end, tick) - begin) * micros / 1e6 / document.ticks_per_beat
        found.append(passed)
    return found


def test_a_ramp_is_a_tempo_map(tmp_path: Path) -> None:
    """Onsets stay on their ticks, and by the map of the file they sound when the piece plays them."""
    source = 'tempo(180, over=3)\na = play(note("c*16"), on=midi())'
    document, output = exported(tmp_path, source, 5)
    begins = [begin for begin, *_ in notes(document.tracks[1])]
    assert begins == [k * 4 * PPQ // 16 for k in range(5 * 16)]
    played_at = Tempo.steady(0.5).ramped(0.0, 0.75, Fraction(3), cycle=Fraction(0))
    wanted = [played_at.time_at(Fraction(k, 16)) for k in range(5 * 16)]
    assert max(abs(a - b) for a, b in zip(seconds_of(document), wanted, strict=True)) < 0.00012
    micros = [m.tempo for m in document.tracks[0] if m.type == "set_tempo"]
    assert micros == sorted(micros, reverse=True)
    assert 495_000 < micros[0] < 500_000
    assert abs(micros[-1] - 60_000_000 // 180) <= 1
    assert len(micros) < 100
    assert from_midi(output).cycles == 5


@given(
    st.floats(20, 400),
    st.floats(20, 400),
    st.fractions(Fraction(1, 8), 40, max_denominator=8),
    st.integers(1, 48),
)
def test_any_ramp_keeps_its_time(bpm: float, goal: float, over: Fraction, cycles: int) -> None:
    """At each step of the map and at the end of the file the time is the piece's, to half a millisecond."""
    tempo = Tempo.steady(bpm / 240).ramped(0.0, goal / 240, over, cycle=Fraction(0))
    rows = tempo_map(tempo, cycles, Fraction(4), 960)
    passed, ends = 0.0, [tick for tick, _ in rows[1:]] + [cycles * 4 * 960]
    assert rows[0][0] == 0
    for (tick, micros), end in zip(rows, ends, strict=True):
        assert abs(passed - tempo.time_at(Fraction(tick, 3840))) < 0.0005
        passed += (end - tick) * micros / 960e6
    assert abs(passed - tempo.time_at(cycles)) < 0.0005


def test_notes_of_mpe_keep_their_own_bends(tmp_path: Path) -> None:
    """Each on a channel of its own, after its bend, in a zone that the track sets up."""
    source = 'a = play(note("60.5,64.25,67").legato(2), on=mpe(voices=4))\nb = play(note("c"))'
    document, _ = exported(tmp_path, source, 2)
    track = [m for m in document.tracks[1] if not m.is_meta]
    assert [m.control for m in track[:3]] == [101, 100, 6]
    assert track[2].value == 4
    struck = [m for m in track if m.type == "note_on"]
    bends = {m.channel: m.pitch for m in track if m.type == "pitchwheel"}
    assert len({m.channel for m in struck}) == 4
    assert all(1 <= m.channel <= 4 for m in struck)
    half = round(0.5 / 48 * 8191)
    assert any(abs(bend + half) <= 1 for bend in bends.values())
    first_note = next(i for i, m in enumerate(track) if m.type == "note_on")
    assert any(m.type == "pitchwheel" and m.channel == track[first_note].channel for m in track[:first_note])
    other = {m.channel for m in document.tracks[2] if m.type == "note_on"}
    assert not other & {0, 1, 2, 3, 4}


def test_bends_that_were_asked_for_are_written(tmp_path: Path) -> None:
    """On an ordinary channel, and the range that the instrument is told; 60.5 is 61 and half down."""
    source = 'a = play(note("60.5"), on=midi(channel=2, microtonal=True, bend_range=12))'
    document, _ = exported(tmp_path, source, 1)
    kinds = [m.type for m in document.tracks[1] if not m.is_meta]
    assert kinds.index("pitchwheel") < kinds.index("note_on")
    assert kinds[0] == "control_change"
    bend = next(m.pitch for m in document.tracks[1] if m.type == "pitchwheel")
    assert abs(bend + round(0.5 / 12 * 8191)) <= 1


def test_names_and_velocities_are_short() -> None:
    """As somebody would write them, and exactly what they were."""
    assert [note_name(k) for k in (0, 60, 61, 127)] == ["c-1", "c4", "c#4", "g9"]
    for velocity in range(1, 128):
        (voice,) = write_down([Struck(Fraction(0), Fraction(1), 60, velocity)], 1)
        assert round(float(voice.velocity) * 127) == velocity
        assert len(voice.velocity) <= 4


def test_the_command(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With its seed and its own ticks."""
    (tmp_path / "piece.py").write_text('a = play(note("c e g").degrade_by(.5))\nb = play(s("nosuchdrum"))')
    output = tmp_path / "song.mid"
    options = ["--cycles", "8", "--ppq", "960", "--seed", "3", "-o"]
    line = ["export", str(tmp_path / "piece.py"), *options, str(output)]
    assert main(line) == 0
    said = capsys.readouterr().out
    assert "8 cycles" in said
    assert "b: MIDI cannot play an event that says only s" in said
    assert "empty: b" in said
    assert mido.MidiFile(output).ticks_per_beat == 960
    before = output.read_bytes()
    assert main(line) == 0
    assert output.read_bytes() == before
    assert main([*line[:-3], "4", *line[-2:]]) == 0
    assert output.read_bytes() != before


def test_what_cannot_be_written_or_read_is_said(tmp_path: Path) -> None:
    """And nothing is left behind."""
    piece, output = tmp_path / "piece.py", tmp_path / "song.mid"
    piece.write_text('a = play(s("nosuchdrum"))')
    with pytest.raises(ReplError, match="nothing in it can be played by MIDI"):
        export_files([piece], 1, output)
    with pytest.raises(ReplError, match="--cycles"):
        export_files([piece], 0, output)
    assert not output.exists()
    with pytest.raises(BridgeError, match="no such file"):
        from_midi(output)
    for junk in (b"", b"MThd", b"RIFFxxxx", b"MThd\0\0\0\6\0\1\0\1\0\0", bytes(400)):
        output.write_bytes(junk)
        with pytest.raises(BridgeError):
            from_midi(output)
    with pytest.raises(BridgeError, match="grid"):
        from_midi(output, grid=0)


@given(st.binary(max_size=60), st.integers(0, 120))
def test_a_damaged_file_is_read_or_refused(
    tmp_path_factory: pytest.TempPathFactory, junk: bytes, place: int
) -> None:
    """Whatever is in it."""
    folder = tmp_path_factory.mktemp("damaged")
    _, output = exported(folder, 'a = play(note("c e"), on=midi())', 1)
    data = bytearray(output.read_bytes())
    data[place : place + len(junk)] = junk
    output.write_bytes(data)
    try:
        song = from_midi(output)
    except BridgeError:
        return
    assert isinstance(song, Song)
