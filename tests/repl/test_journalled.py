"""`sempre render --journal`: the sound of a session, with the notes that it had, when it had them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import mido
import pytest
from pedalboard.io import AudioFile

from repl.cli import main
from repl.errors import ReplError
from repl.journalled import open_journal
from repl.render_job import RenderJob

if TYPE_CHECKING:
    from tests.repl.conftest import Played

NAME = "2026-11-21_20-15-00_42"
BEGUN = 1000.15
"""The time of cycle 0: the clock's, and what a first piece is given."""
DRUMS = 'tempo(240)\ndrums = play(s("bd*2? hh*4?"))\n'


@pytest.fixture
def evening(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: type[Played]) -> Played:
    """A session with changes of all kinds; its journal is the last one."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.chdir(tmp_path)
    place = tmp_path / "state" / "sempre" / "journal"
    place.mkdir(parents=True)
    played = written()
    played.rows[0] |= {"pieces": ["a.py"], "folder": str(tmp_path), "start": "2026-11-21T20:15:00Z"}
    played.save(DRUMS)
    played.play(2.2)
    played.say('keys = play(note("60? 63*2").gain(knob("loud")), on=midi(channel=3))')
    played.play(1.1)
    played.music.move([("loud", 0.5, None)])
    played.say("tempo(300, over=2)")
    played.play(1.3)
    played.say("set_cycle(1)")
    played.say('mute("keys")')
    played.play(1)
    played.say("once(s('cp'))")
    played.say("undo()")
    played.say("reseed(9)")
    played.save(DRUMS.replace("hh*4?", "cp*3?"))
    played.play(2.2)
    played.finish()
    (place / f"{NAME}.jsonl").write_text("\n".join(json.dumps(row) for row in played.rows))
    return played


def test_the_events_are_those_of_the_session(evening: Played) -> None:
    """Bit for bit, and their times are counted from the first cycle."""
    opened = open_journal(Path("state/sempre/journal") / f"{NAME}.jsonl")
    got = [(t, e) for rows in opened.played.values() for t, e in rows]
    wanted = evening.events()
    assert len(wanted) > 30
    assert {one.event.layer for one in wanted} >= {"a.py:drums", ":keys", "once 1"}
    by_id = sorted(got, key=lambda row: (row[1].layer, row[1].id, row[1].at))
    for (target, event), one in zip(
        by_id, sorted(wanted, key=lambda o: (o.event.layer, o.event.id, o.event.at)), strict=True
    ):
        assert target == one.target
        assert (event.controls, event.duration) == (one.event.controls, one.event.duration)
        assert event.at == one.event.at - BEGUN
    assert opened.tempo.time_at(0) == pytest.approx(0)
    assert opened.troubles == ()


def test_all_that_a_render_can_do(evening: Played, capsys: pytest.CaptureFixture[str]) -> None:
    """Loudness, stems with a MIDI file, and a recipe that makes it again, without the journal."""
    wanted = ["--journal", "last", "--lufs", "-16", "--stems", "stems", "-o", "evening.flac"]
    assert main(["render", *wanted]) == 0
    said = capsys.readouterr().out
    drums = [one for one in evening.events() if "drums" in one.event.layer]
    assert f"evening.flac: {evening.clock.now() - BEGUN:.4g}" in said
    assert "-16.0 LUFS" in said
    assert "not in it, for they go to MIDI or OSC: keys" in said
    stems = {path.suffix: path for path in Path("stems").iterdir() if "once" not in path.name}
    assert stems.keys() == {".wav", ".mid"}
    song = mido.MidiFile(stems[".mid"])
    notes = {track.name: sum(m.type == "note_on" for m in track) for track in song.tracks}
    assert notes["drums"] == len(drums)
    made = {path: path.read_bytes() for path in [Path("evening.flac"), *Path("stems").iterdir()]}
    for path in (*made, Path("state/sempre/journal") / f"{NAME}.jsonl"):
        path.unlink()
    assert main(["render", "--recipe", "evening.flac.recipe.json"]) == 0
    assert {path: path.read_bytes() for path in made} == made


def test_a_part_of_it(evening: Played, capsys: pytest.CaptureFixture[str]) -> None:
    """From its beginning; and the sound is that of a replay."""
    assert evening.rows
    assert main(["render", "--journal", NAME, "--cycles", "2", "-o", "a.wav"]) == 0
    assert "a.wav: 2 s" in capsys.readouterr().out
    assert main(["render", "--journal", NAME, "-o", "a.wav"]) == 0
    assert main(["replay", NAME, "-o", "b.wav"]) == 0
    with AudioFile("a.wav") as a, AudioFile("b.wav") as b:
        assert a.frames == b.frames
        assert a.read(a.frames).tobytes() == b.read(b.frames).tobytes()


def test_what_was_cued_is_not_in_the_mix(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: type[Played]
) -> None:
    """A layer, and all that plays into a bus, from when it was cued until it was heard again."""
    monkeypatch.chdir(tmp_path)
    played = written()
    played.rows[0] |= {"pieces": ["a.py"], "folder": str(tmp_path), "start": "2026-11-21T20:15:00Z"}
    played.save(
        'tempo(240)\nhigh = play(s("hh*8"))\nlow = play(s("bd*8"), on=instrument("drums") | bus("kit"))\n'
    )
    played.play(1)
    said = [played.clock.now()]
    for names in (["high"], ["kit"], []):
        played.say(f"cue({', '.join(map(repr, names))})")
        played.play(1)
        said.append(played.clock.now())
    played.finish()
    path = tmp_path / "evening.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in played.rows))
    mix = open_journal(path).played
    for name, (begin, end) in {"a.py:high": (said[0], said[1]), "a.py:low": (said[1], said[2])}.items():
        times = [event.at + BEGUN for _, event in mix[name]]
        assert times == [
            one.event.at
            for one in played.events()
            if one.event.layer == name and not begin <= one.event.at < end
        ]
        assert len(times) == pytest.approx(24, abs=2)


def test_what_is_no_way_to_render_a_session(evening: Played, capsys: pytest.CaptureFixture[str]) -> None:
    """A session has its seeds, and either pieces are rendered or a session."""
    assert evening.rows
    with pytest.raises(ReplError, match="with the seeds that it had"):
        RenderJob((Path("a.jsonl"),), journal=True, seed=3)
    with pytest.raises(SystemExit):
        main(["render", "a.py", "--journal", "last", "-o", "a.wav"])
    assert "--journal JOURNAL, or pieces" in capsys.readouterr().err
