"""Sempre inside Ardour: what its instances say is recorded beside them, at the beats of its timeline."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import mido
import pytest

from tests.daw.test_ardour_records import Struck, read, written
from tests.daw_plugin.conftest import formats as formats  # noqa: PLC0414 - a fixture, used by its name

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.daw.conftest import Ardour
    from tests.end_to_end.conftest import Session

pytestmark = [pytest.mark.daw, pytest.mark.jack, pytest.mark.timeout(240)]

SCRIPT = Path(__file__).with_name("inside.lua")
BASS, OTHER = 'note("c2 d2 e2 f2 g2 a2 b2 c3").fast("<1 2>")', 'note("c4 e4 g4 e4")'
HIGH = 'note("<c5 eb5> ~ [g5 g5] bb5").legato(.5)'
PIECE = f"""
tempo(bpm=96)
bass = play({BASS}, on=plugin("Bass"))
high = play({HIGH}, on=plugin("High", channel=3))
"""
SECONDS = 10
NEAR = 11
"""Ticks of 19,200 in a quarter note: Ardour itself counts 1,920; a frame at 120 beats a minute has 0.8."""
SHIFT = 450
"""Ticks that a whole take may be beside its place: more than two periods of 256 frames."""


def make(ardour: Ardour, formats: Path, session: Path, *kinds: str) -> None:
    """A session of Ardour's with instances, and a track that records each.

    Args:
        ardour: Which makes it.
        formats: Where the plugin is.
        session: Its folder.
        kinds: As the script has them.
    """
    scanner = ardour.start(
        [str(ardour.library / "ardour-vst3-scanner"), "-f", str(formats / "Sempre.vst3")],
        {"LD_LIBRARY_PATH": str(ardour.library)},
    )
    scanner.process.wait(20)
    said = ardour.run(SCRIPT, "make", str(session), session.name, *kinds, clear=session)
    assert "MADE" in said, said


def step(session: Path) -> str:
    """What Ardour does now."""
    place = session / "STEP"
    return place.read_text() if place.exists() else ""


def test_a_take_is_the_patterns_at_the_hosts_beats(
    ardour: Ardour,
    play: Callable[[str, float], Session],
    formats: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """An LV2 and a VST3, a save in the middle, an engine that is killed: every note is where it belongs."""
    ours = play(PIECE, 120)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(ours.piece.parent / "run"))
    monkeypatch.setenv("LV2_PATH", f"{formats}:/usr/lib/lv2")
    monkeypatch.setenv("VST3_PATH", str(formats))
    ours.processes()
    session = tmp_path / "evening"
    make(ardour, formats, session, "LV2", "VST3")

    def attempt() -> str:
        (session / "STEP").unlink(missing_ok=True)
        ours.save(PIECE)
        time.sleep(1)
        running = ardour.script(SCRIPT, "play", str(session), session.name, f"record:{SECONDS}")
        running.wait_for(lambda: step(session).startswith("1 "), "it rolls")
        time.sleep(3)
        ours.save(PIECE.replace(BASS, OTHER))
        time.sleep(2.5)
        ours.kill("engine")
        running.wait_for(lambda: step(session) == "over", "it is over")
        return running.finish()

    said = ardour.again(attempt)
    assert "SAVED" in said, said
    files = sorted(session.glob("interchange/*/midifiles/*.mid"), key=lambda file: file.stat().st_mtime_ns)
    takes = [file for file in files if read(file)[0]][-2:]
    assert len(takes) == 2, said
    by_channel = {next(iter(read(take)[2])): take for take in takes}
    per_cycle = mido.MidiFile(takes[0]).ticks_per_beat * 4
    cycles = SECONDS * 2 // 4
    high = shifted(read(by_channel[3])[0], written(HIGH, cycles, per_cycle))
    bass = shifted(read(by_channel[1])[0], written(BASS, cycles, per_cycle))
    check(high, written(HIGH, cycles, per_cycle), most=3)
    keys = {note.key for note in written(OTHER, 1, per_cycle)}
    turn = next(note.begin for note in bass if note.key in keys)
    assert round(turn / per_cycle * 4) % 4 == 0, "a change holds from a cycle on"
    before = [note for note in written(BASS, cycles, per_cycle) if note.begin < turn - NEAR]
    after = [note for note in written(OTHER, cycles, per_cycle) if note.begin >= turn - NEAR]
    check(bass, [*before, *after], most=4)
    assert len(before) > 8
    assert len(after) > 8


def shifted(found: list[Struck], wanted: list[Struck]) -> list[Struck]:
    """The notes without the shift that Ardour gives to a whole take: at most two periods of the server."""
    first = next(
        note for note in wanted if note.key == found[0].key and abs(note.begin - found[0].begin) < SHIFT
    )
    shift = found[0].begin - first.begin
    assert abs(shift) < SHIFT
    return [note._replace(begin=note.begin - shift, end=note.end - shift) for note in found]


def check(found: list[Struck], wanted: list[Struck], most: int) -> None:
    """Compare notes; at its end a take may lack so many, for it does not end on a cycle.

    What such a shift moves to before the take's begin is not in it.
    """
    wanted = [note for note in wanted if note.begin >= found[0].begin - NEAR]
    assert wanted[0].begin <= 2 * 19_200
    assert len(wanted) - most * 4 <= len(found)
    for one, other in zip(found, wanted, strict=False):
        assert one.key == other.key, (one, other)
        assert abs(one.begin - other.begin) <= NEAR, (one, other)
    for one, other in zip(found[:-2], wanted, strict=False):
        assert abs(one.end - other.end) <= NEAR, (one, other)


def test_the_scanner_of_ardour_takes_it(formats: Path, ardour: Ardour) -> None:
    """It says what it is: an instrument with MIDI and two channels of sound coming out."""
    done = subprocess.run(
        [str(ardour.library / "ardour-vst3-scanner"), "-f", "-v", str(formats / "Sempre.vst3")],
        env={"LD_LIBRARY_PATH": str(ardour.library), "HOME": str(ardour.folder / "home")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert 'name="Sempre"' in done.stdout + done.stderr
    assert 'n_midi_outputs="1"' in done.stdout + done.stderr
