"""What was played, as code that plays it again."""

import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.midi_in_takes import Takes
from bridge.tempo import Tempo
from patterns.core import Pattern
from patterns.written import Struck
from repl.errors import ReplError
from repl.loader import load_statement
from repl.namespace import Collector, piece_namespace
from repl.take import Played, notes_of, read_takes, written


def played(*notes: tuple[float, float, int], velocity: int = 100) -> list[Played]:
    """Messages of notes by begin, end and key."""
    rows = [Played(Fraction(b), "a", bytes((0x90, key, velocity))) for b, _, key in notes]
    rows += [Played(Fraction(e), "a", bytes((0x80, key, 0))) for _, e, key in notes]
    return sorted(rows, key=lambda row: (row.cycle, row.message[0]))


def heard(code: str, cycles: int) -> list[tuple[Fraction, Fraction, object]]:
    """What the code plays."""
    collector = Collector()
    loaded = load_statement(code, piece_namespace(collector), collector, "take")
    (pattern,) = loaded.names.values()
    assert isinstance(pattern, Pattern)
    haps = [hap for hap in pattern.haps(0, cycles) if hap.has_onset]
    return [(hap.whole.begin, hap.whole.end, hap.value.get("note")) for hap in haps if hap.whole]


def test_the_last_phrase_is_taken() -> None:
    """What was played before a silence of more than two cycles is not in it; a late first note is."""
    rows = played((1, 1.5, 60), (8, 8.25, 62), (8.5, 8.75, 64))
    code = written(rows, Fraction(12), name="riff")
    assert code.startswith("# 1 cycle from cycle 8, as it was played")
    assert 'riff = note("d4 ~ e4 ~").velocity' in code


def test_a_grid_and_a_number_of_cycles() -> None:
    """Played a little off, it is put right; the last cycles are counted from the last note."""
    rows = played((4.01, 4.24, 60), (5.26, 5.5, 62))
    code = written(rows, Fraction(6), name="riff", cycles=2, grid=4)
    assert 'note("<[c4 ~@3] [~ d4 ~@2]>")' in code
    assert "on a grid of 4" in code


def test_a_recording_begins_where_it_was_said() -> None:
    """Rests before the first note are in it."""
    code = written(played((5.5, 6, 60)), Fraction(6), name="r", since=Fraction(4))
    assert code.startswith("# 2 cycles from cycle 4")
    assert 'note("<~ [~ c4]>")' in code


def test_a_note_before_the_beat_is_on_it() -> None:
    """Who plays a hair too early means the beat."""
    code = written(played((3.99, 4.5, 60)), Fraction(5), name="r", grid=2)
    assert code.startswith("# 1 cycle from cycle 4")
    assert 'note("c4 ~")' in code


def test_controllers_are_taken_too() -> None:
    """As patterns of their own."""
    rows = [*played((0, 1, 60)), Played(Fraction(1, 2), "a", bytes((0xB0, 74, 127)))]
    assert 'cc(74, "~ 1")' in written(rows, Fraction(1), name="r", grid=4)


def test_keys_that_are_held_end_now() -> None:
    """And a key that was struck twice ends the first."""
    rows = [Played(Fraction(0), "a", bytes((0x90, 60, 100))), Played(Fraction(1), "a", bytes((0x90, 60, 90)))]
    assert notes_of(rows, Fraction(3)) == [
        Struck(Fraction(0), Fraction(1), 60, 100),
        Struck(Fraction(1), Fraction(3), 60, 90),
    ]


STROKES = st.tuples(st.integers(0, 31), st.integers(1, 8), st.integers(60, 64))


@given(st.lists(STROKES, min_size=1, max_size=8))
def test_a_take_plays_what_was_played(strokes: list[tuple[int, int, int]]) -> None:
    """Begin, end and key of every note, to the step."""
    rows = played(*((begin / 16, (begin + length) / 16, key) for begin, length, key in strokes))
    notes = notes_of(rows, Fraction(4))
    code = written(rows, Fraction(4), name="r", cycles=2, grid=16)
    last = max(note.begin for note in notes)
    first = max(0, int(last) - 1)
    inside = [note for note in notes if first <= note.begin < first + 2]
    names = ["c4", "c#4", "d4", "eb4", "e4"]
    found = heard(code, 2)
    assert sorted((begin, names.index(str(key))) for begin, _, key in found) == sorted(
        {(note.begin - first, note.key - 60) for note in inside}
    )


def test_what_is_played_is_on_the_disk_at_once(tmp_path: Path) -> None:
    """A line for each message, whole while the process still runs; a line that was cut off is passed over."""
    takes = Takes(tmp_path / "takes" / "1.jsonl", print)
    takes.write("a", 9.0, bytes((0x90, 50, 100)))
    takes.tempo = Tempo.steady(0.5, 10.0)
    takes.write("a", 10.0, bytes((0x90, 60, 100)))
    takes.write("a", 10.5, bytes((0x80, 60, 0)))
    takes.write("a", 10.5, b"\xf8")
    takes.mark("3")
    rows = [json.loads(line) for line in takes.path.read_text().splitlines()]
    assert rows.pop() == {"mark": "3"}
    assert [row["bytes"] for row in rows] == ["903264", "903c64", "803c00"]
    assert rows[2] == {"at": 10.5, "cycle": "1/4", "port": "a", "bytes": "803c00"}
    with takes.path.open("a") as file:
        file.write('{"at": 11')
    found, since = read_takes(takes.path)
    takes.close()
    assert since == 3
    assert [(row.cycle, row.message[1]) for row in found] == [(0, 60), (Fraction(1, 4), 60)]


def test_nothing_is_said_where_nothing_was_played(tmp_path: Path) -> None:
    """As an error of the prompt."""
    with pytest.raises(ReplError, match="nothing was played yet"):
        read_takes(tmp_path / "none")
    with pytest.raises(ReplError, match="no note"):
        written([], Fraction(0), name="r")
