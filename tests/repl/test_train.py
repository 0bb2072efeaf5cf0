"""`sempre train`: whatever lies in a folder, the rest is learnt; what was broken off ends all the same."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import mido
import pytest

from patterns.chance import hash_number
from patterns.models.artifact import read_learnt
from patterns.models.scores import Score
from repl.cli import main
from repl.errors import ReplError
from repl.train import PART, Source, Training, train
from repl.train_midi import MOST_FRAMES, Heard, hear_midi, midi_files
from repl.train_split import divide, tunes

SCALE = (0, 2, 4, 5, 7, 9, 11)
BEAT = 480
Row = tuple[float, float, int]


def write(path: Path, tracks: list[list[Row]], *, metre: tuple[int, int] = (4, 4), channel: int = 0) -> Path:
    """Write notes (begin and end in quarters, pitch) as a MIDI file, by the library alone."""
    song = mido.MidiFile(type=1, ticks_per_beat=BEAT)
    for number, rows in enumerate(tracks):
        track = mido.MidiTrack()
        if not number:
            track.append(mido.MetaMessage("time_signature", numerator=metre[0], denominator=metre[1], time=0))
        events = [(round(b * BEAT), 0x90, p) for b, _, p in rows] + [
            (round(e * BEAT), 0x80, p) for _, e, p in rows
        ]
        here = 0
        for tick, status, pitch in sorted(events, key=lambda row: (row[0], row[1], row[2])):
            track.append(mido.Message.from_bytes([status + channel, pitch, 80], time=tick - here))
            here = tick
        song.tracks.append(track)
    song.save(path)
    return path


def tune(number: int, notes: int = 24, tonic: int = 60) -> list[Row]:
    """A walk up and down a scale that no other number has."""
    found: list[Row] = []
    place, at = 7, 0.0
    for index in range(notes):
        chance = hash_number(number * 1000 + index)
        place = max(0, min(14, place + chance % 7 - 3))
        long = (0.5, 1.0, 1.0, 2.0)[chance // 7 % 4]
        found.append((at, at + long, tonic + SCALE[place % 7] + 12 * (place // 7)))
        at += long
    return found


def folder_of(path: Path, count: int) -> Path:
    """A folder with so many pieces of two voices."""
    path.mkdir()
    for number in range(count):
        top = tune(number)
        write(path / f"piece{number:02}.mid", [top, [(b, e, p - 12) for b, e, p in top]])
    return path


def job(folder: Path, output: Path, hear: object = hear_midi) -> Training:
    """What the command makes of a folder."""
    sources = [Source(path.name, path, hear) for path in midi_files(folder)]  # type: ignore[arg-type] - a stand-in  # pyright: ignore[reportArgumentType] - a stand-in
    return Training("songs", "a folder", "our own", sources, output)


def test_ten_pieces_are_ready_in_five_seconds(tmp_path: Path) -> None:
    """Read, measured, learnt and written; the card says of what, and the same again gives the same bytes."""
    folder = folder_of(tmp_path / "songs", 10)
    begun = time.process_time()
    learnt = train(job(folder, tmp_path / "songs.model"), lambda _: None)
    assert time.process_time() - begun < 5
    card = learnt.card
    assert (card.pieces, sum(card.split.values())) == (10, 10)
    assert {"nll_valid", "nll_test", "nll_test_changes", "copied"} <= card.figures.keys()
    assert 0 < card.figures["nll_test"] < card.figures["nll_test_changes"]
    assert learnt.frames is not None
    assert learnt.frames.voices == 2
    first = (tmp_path / "songs.model").read_bytes()
    train(job(folder, tmp_path / "songs.model"), lambda _: None)
    assert (tmp_path / "songs.model").read_bytes() == first
    assert not list(tmp_path.glob(f"*{PART}"))


@pytest.mark.timeout(60)  # a piece of 40 minutes: 7 s, on a machine at rest
def test_what_is_bad_is_named_and_the_rest_is_learnt(tmp_path: Path) -> None:
    """By file: broken, drums alone, no notes, ends without beginnings, odd metres, far too long."""
    folder = folder_of(tmp_path / "songs", 3)
    (folder / "broken.mid").write_bytes((folder / "piece00.mid").read_bytes()[:90])
    (folder / "text.mid").write_text("no music")
    (folder / "nothing.mid").write_bytes(b"")
    write(folder / "drums.mid", [tune(3)], channel=9)
    write(folder / "silent.mid", [[]])
    write(folder / "seven.mid", [tune(4)], metre=(7, 8))
    write(folder / "fifth.mid", [tune(5)], metre=(5, 32))
    write(folder / "long.mid", [[(at, at + 1, 60 + at % 7) for at in range(4800)]])  # 40 minutes at 120
    loose = mido.MidiFile(ticks_per_beat=BEAT)
    messages = [
        mido.Message.from_bytes([0x80, 50, 0], time=9),
        mido.Message.from_bytes([0x90, 55, 80], time=9),
    ]
    loose.tracks.append(mido.MidiTrack([*messages, *mido.MidiFile(folder / "piece01.mid").tracks[0]]))
    loose.save(folder / "loose.mid")
    said: list[str] = []
    learnt = train(job(folder, tmp_path / "songs.model"), said.append)
    told = {line.partition(": ")[0]: line for line in said}
    assert "broken one" in told["text.mid"]
    assert "broken one" in told["nothing.mid"]
    assert "only drums" in told["drums.mid"]
    assert "no notes" in told["silent.mid"]
    assert "5/32" in told["fifth.mid"]
    assert any(line.startswith("long.mid: 1200 bars long") for line in said)
    assert any(line == "loose.mid: 1 note-offs without a note: passed over" for line in said)
    assert any(line.startswith("loose.mid: 1 notes without an end") for line in said)
    assert "broken.mid" in told
    assert learnt.card.pieces >= 7
    seven = hear_midi(folder / "seven.mid", "seven.mid")
    assert seven.changes == ((0, 14),)
    assert {long for long, _ in seven.top().bars} == {14}
    assert len(hear_midi(folder / "long.mid", "long.mid").top().frames) <= MOST_FRAMES


def test_nothing_to_learn_is_said(tmp_path: Path) -> None:
    """An empty folder, one with drums only, one that is not there, and a corpus that is none."""
    empty = tmp_path / "empty"
    empty.mkdir()
    drums = tmp_path / "drums"
    drums.mkdir()
    write(drums / "drums.mid", [tune(3)], channel=9)
    with pytest.raises(ReplError, match="nothing to learn"):
        train(job(drums, tmp_path / "x.model"), lambda _: None)
    for words in (
        [str(empty)],
        [str(tmp_path / "nowhere")],
        ["--corpus", "bach"],
        [str(drums), "--voices", "9"],
    ):
        assert main(["train", *words, "-o", str(tmp_path / "x.model")]) == 1
    assert not (tmp_path / "x.model").exists()


def test_the_library_of_scores_may_be_absent(capsys: pytest.CaptureFixture[str]) -> None:
    """Then it says what to do."""
    assert main(["train", "--corpus", "music21:bach"]) == 1
    assert "pip install music21" in capsys.readouterr().err


def test_the_command_says_what_it_made(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The figures, the hash, and how it is played."""
    folder = folder_of(tmp_path / "songs", 6)
    assert main(["train", str(folder), "-o", str(tmp_path / "mine.model"), "--licence", "my own"]) == 0
    said = capsys.readouterr().out
    learnt = read_learnt((tmp_path / "mine.model").read_bytes(), "mine.model")
    assert learnt.digest in said
    assert 'model("mine")' in said
    assert "nll_test" in said
    assert (learnt.card.licences, learnt.card.name) == ("my own", "mine")


def test_a_training_that_is_broken_off_goes_on(tmp_path: Path) -> None:
    """What was read is not read again, half a line is passed over, and the model is the same to the byte."""
    folder = folder_of(tmp_path / "songs", 8)
    whole = tmp_path / "whole.model"
    train(job(folder, whole), lambda _: None)
    output = tmp_path / "songs.model"
    read: list[str] = []

    def hear(path: Path, name: str) -> Heard:
        if len(read) == 5:
            raise KeyboardInterrupt
        read.append(name)
        return hear_midi(path, name)

    with pytest.raises(KeyboardInterrupt):
        train(job(folder, output, hear), lambda _: None)
    assert not output.exists()
    part = output.with_name(output.name + PART)
    part.write_bytes(part.read_bytes()[:-30])
    again: list[str] = []

    def rest(path: Path, name: str) -> Heard:
        again.append(name)
        return hear_midi(path, name)

    train(job(folder, output, rest), lambda _: None)
    assert len(again) == 4
    assert output.read_bytes() == whole.read_bytes()


@pytest.mark.skipif(os.name != "posix", reason="kills a process by a signal")
def test_a_training_that_is_killed_goes_on(tmp_path: Path) -> None:
    """A process that is killed outright leaves what it has read, and no half of a model."""
    folder = folder_of(tmp_path / "songs", 8)
    whole, output = tmp_path / "whole.model", tmp_path / "songs.model"
    train(job(folder, whole), lambda _: None)
    code = (
        "import os, signal, sys, repl.train_midi as t\n"
        "real, count = t._heard, []\n"
        "def heard(*given):\n"
        "    count.append(1)\n"
        "    if len(count) == 6: os.kill(os.getpid(), signal.SIGKILL)\n"
        "    return real(*given)\n"
        "t._heard = heard\n"
        "from repl.cli import main\n"
        "main(['train', sys.argv[1], '-o', sys.argv[2]])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder), str(output)], check=False, capture_output=True
    )
    assert done.returncode == -signal.SIGKILL
    assert not output.exists()
    assert len(output.with_name(output.name + PART).read_text().splitlines()) == 5
    learnt = train(job(folder, output), lambda _: None)
    assert learnt.digest == read_learnt(whole.read_bytes(), "whole").digest


def test_settings_of_one_tune_stay_together(tmp_path: Path) -> None:
    """In whatever key: no tune is in two parts of the corpus, and each part has some."""
    tops: list[Score] = []
    for number in range(24):
        for tonic in (60, 65) if number % 3 == 0 else (62,):
            path = write(tmp_path / f"t{number:02}-{tonic}.mid", [tune(number, 30, tonic)])
            tops.append(hear_midi(path, path.name).top())
    groups = tunes(tops)
    assert len(groups) == 24
    for seed in range(5):
        split = divide(tops, seed)
        assert sorted(split.train + split.valid + split.test) == list(range(len(tops)))
        assert min(len(split.valid), len(split.test)) >= 3
        for group in groups:
            assert sum(bool(set(group) & set(part)) for part in split) == 1
    assert divide(tops, 0) != divide(tops, 1)
