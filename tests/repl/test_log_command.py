"""`sempre log`: the rows as text, JSON lines and a MIDI file; also after the session has ended."""

import json
from pathlib import Path

import mido
import pytest

from bridge.sent import AUDIO, LAYER, NAME, OFF, ON, RATE, ROUTE, SentLog
from repl import cli
from repl.launch import _by_layer  # pyright: ignore[reportPrivateUsage] - how it is shown
from repl.runtime import remove
from repl.toolbar import Status, bar, text

BEGIN = 1_000.0


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the sessions of this test are."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    folder = tmp_path / "sempre"
    folder.mkdir(mode=0o700)
    return folder


def ended_session(base: Path, rate: int = 48_000) -> None:
    """A session of two layers that has played and ended."""
    folder = base / "99999999"
    folder.mkdir()
    log = SentLog(folder / NAME)
    log.name(RATE, 0, str(rate))
    log.name(LAYER, 1, "evening.py:drums")
    log.name(LAYER, 2, "evening.py:bass")
    log.name(ROUTE, 3, "Volca")
    for number in range(10):
        at = BEGIN + number * 4801 / rate
        log.row(ON, 1, 3, at, at, number * 4801, bytes((0x99, 36, 100)))
        log.row(OFF, 1, 3, at + 480 / rate, at + 480 / rate, number * 4801 + 480, bytes((0x89, 36, 0)))
    log.row(ON, 2, 3, BEGIN + 0.5, BEGIN + 0.51, 24480, bytes.fromhex("c005b04a40903264"))
    log.row(ON, 2, 4, BEGIN + 0.6, BEGIN + 0.6, -1, b"/dirt/play\0\0")
    log.close()
    audio = SentLog(folder / AUDIO)
    audio.name(LAYER, 5, "evening.py:keys")
    audio.row(ON, 5, 3, BEGIN + 0.05, BEGIN + 0.05, -1, b'{"note": 60}')
    audio.close()
    remove(folder)
    assert not folder.exists()


def said(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> str:
    """What the command says."""
    assert cli.main(["log", *arguments]) == code
    got = capsys.readouterr()
    return got.err if code else got.out


def test_without_anything_it_says_what_to_do(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No trace of Python."""
    assert base.exists()
    assert "start a session" in said(capsys, code=1)


def test_json_has_every_row(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In the order of time, over all processes, with lateness, port and bytes."""
    ended_session(base)
    rows = [json.loads(line) for line in said(capsys, "--json").splitlines()]
    assert len(rows) == 23
    assert [row["at"] for row in rows] == sorted(row["at"] for row in rows)
    late = next(row for row in rows if row["bytes"].startswith("c005"))
    assert late == {
        "kind": "on",
        "layer": "evening.py:bass",
        "to": "Volca",
        "due": BEGIN + 0.5,
        "at": BEGIN + 0.51,
        "late_ms": 10.0,
        "frame": 24480,
        "bytes": "c005b04a40903264",
    }
    assert {row["layer"] for row in rows} == {"evening.py:drums", "evening.py:bass", "evening.py:keys"}


def test_a_layer_by_its_name(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A name that is none is told, with those that are."""
    ended_session(base)
    assert len(said(capsys, "--layer", "drums", "--json").splitlines()) == 20
    assert len(said(capsys, "--layer", "evening.py:bass", "--json").splitlines()) == 2
    assert "(there: bass, drums, keys)" in said(capsys, "--layer", "drum", code=1)


def test_text_counts_by_layer_and_shows_the_last(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Late ones are seen at once."""
    ended_session(base)
    lines = said(capsys).splitlines()
    counts = {line.split()[0]: line.split()[1:] for line in lines[1:4]}
    assert counts["evening.py:drums"] == ["10", "0", "0", "0.000"]
    assert counts["evening.py:bass"] == ["2", "1", "0", "10.000"]
    assert "note on 36, velocity 100, channel 10" in "\n".join(lines)
    assert "/dirt/play" in "\n".join(lines)


@pytest.mark.parametrize("rate", [44_100, 48_000, 96_000, 192_000])
def test_the_midi_file_has_a_tick_for_each_frame(
    base: Path, capsys: pytest.CaptureFixture[str], rate: int
) -> None:
    """A track for each layer; the file's seconds are the timeline's."""
    ended_session(base, rate)
    path = base.parent / "out.mid"
    assert "2 tracks" in said(capsys, "--midi", str(path))
    song = mido.MidiFile(path)
    tracks = {track.name: track for track in song.tracks[1:]}
    assert set(tracks) == {"drums", "bass"}
    ticks, heard = 0, list[int]()
    for message in tracks["drums"]:
        ticks += message.time
        if message.type == "note_on":
            heard.append(ticks)
    assert heard == [number * 4801 for number in range(10)]
    kinds = [message.type for message in tracks["bass"] if message.type not in ("track_name", "end_of_track")]
    assert kinds == ["program_change", "control_change", "note_on"]
    tempo = next(message.tempo for message in song.tracks[0] if message.type == "set_tempo")
    assert rate / song.ticks_per_beat * tempo / 1_000_000 == 1.0


def test_a_file_that_cannot_be_written_is_named(base: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Also what is no MIDI is told."""
    ended_session(base)
    assert "cannot be written" in said(capsys, "--midi", str(base / "no" / "out.mid"), code=1)
    assert "by MIDI" in said(capsys, "--layer", "keys", "--midi", str(base / "out.mid"), code=1)


def test_late_events_are_shown_with_their_layer() -> None:
    """In the bar that of most of them, in the status all."""
    status = Status.read({"late": 3, "late_of": {"bass": 1, "drums": 2}, "playing": True})
    assert "late 3 (drums)" in text(bar(status, 80))
    assert "late 0 " in text(bar(Status.read({"late": 0, "late_of": {}, "playing": True}), 80)) + " "
    assert Status.read({"late_of": [1], "late": 1}).latest == ""
    assert _by_layer({"bass": 1, "drums": 2}) == " (drums 2, bass 1)"
