"""`sempre train --net`: what torch learns is what numpy plays; what is killed ends with the same bytes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from patterns.chance import hash_number
from patterns.models.artifact import read_learnt
from patterns.models.chorales import Frames
from patterns.models.nets import Shape
from patterns.models.netted import NettedFrames
from patterns.models.scores import Note, Score, frames_of
from repl.cli import main
from repl.net_lessons import Lesson, batch_of, lesson_of, reach
from repl.net_numpy import NumpyReckoner
from repl.train import PART, Source, Training, losses, train
from repl.train_midi import Heard

CHORDS = ((72, 64), (74, 65), (76, 67), (77, 69), (71, 67), (69, 60))
FRAMES = 64


def piece(number: int, key: int = 0) -> list[list[Note]]:
    """Two voices in eighths: each chord comes back eight notes later, which counts cannot know."""
    lines: list[list[Note]] = [[], []]
    first = [hash_number(number * 100 + at) % len(CHORDS) for at in range(8)]
    for at in range(FRAMES // 2):
        chord = CHORDS[first[at % 8]]
        for voice in (0, 1):
            lines[voice].append(Note(2 * at, 2 * at + 2, chord[voice] + key))
    return lines


def pieces(count: int) -> list[Score]:
    """Some of them."""
    return [frames_of(f"piece {number}", piece(number), key=(0, False)) for number in range(count)]


def hear(_path: Path, name: str) -> Heard:
    """In place of a file: the piece with the number that is its name."""
    return Heard(name, "", tuple(tuple(line) for line in piece(int(name))))


def counts_of(scores: list[Score]) -> Frames:
    """What is counted in them."""
    counts = Frames(2)
    counts.fit(scores)
    return counts


def test_a_lesson_is_what_the_model_is_asked() -> None:
    """Each row has what is seen and asked, the pitch that comes, and whether it is struck anew."""
    scores = pieces(2)
    counts = counts_of(scores)
    shape = Shape(2, *reach(counts), 8, 8)
    lesson = lesson_of(shape, counts, scores[0])
    assert lesson.sights.shape[0] == FRAMES
    assert lesson.sights.max() <= shape.sights
    assert lesson.questions.max() <= shape.questions
    struck = scores[0].frames[0]
    assert [int(one) for one in lesson.target[0]] == [1 + pitch - shape.low for pitch in struck]
    assert set(lesson.own[0].tolist()) == {shape.pitches}  # silence before the first
    assert lesson.target[1].tolist() == lesson.target[0].tolist()  # it is held
    assert lesson.anew[1].tolist() == [0, 0]
    one, same, other = (batch_of(shape, [lesson], 4, 16, 1, step) for step in (3, 3, 4))
    assert all((a == b).all() for a, b in zip(one, same, strict=True))
    assert any((a != b).any() for a, b in zip(one, other, strict=True))
    assert isinstance(one, Lesson)
    assert one.sights.shape[:2] == (4, 16)


def test_the_same_training_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The process that is started is told what we were told."""
    folder = tmp_path / "songs"
    folder.mkdir()
    (folder / "a.mid").write_bytes(b"x")
    started: list[list[str]] = []

    class Started:
        pid = 7

        def __init__(self, words: list[str], **_more: Any) -> None:
            started.append(words)

    monkeypatch.setattr(subprocess, "Popen", Started)
    given = ["train", str(folder), "-o", str(tmp_path / "m.model"), "--voices", "3", "--seed", "5"]
    assert main([*given, "--licence", "my own", "--background"]) == 0
    assert "process 7" in capsys.readouterr().out
    words = started[0][started[0].index("train") :]
    assert "--background" not in words
    for pair in (["--voices", "3"], ["--seed", "5"], ["--licence", "my own"]):
        at = words.index(pair[0])
        assert words[at : at + 2] == pair
    assert (tmp_path / "m.log").exists()


def course(**more: Any) -> Any:
    """A short one."""
    from repl.net_torch import Course

    given = {
        "hidden": 24,
        "width": 24,
        "embedded": 24,
        "steps": 60,
        "batch": 8,
        "length": FRAMES,
        "every": 10,
    }
    return replace(Course(rate=1e-2, forgets=0.0, dumb=0.0, deaf=0.0, unasked=0.0), **{**given, **more})


def job(output: Path, **more: Any) -> Training:
    """A training of twenty pieces with a net."""
    sources = [Source(str(number), output, hear) for number in range(20)]
    return Training("twice", "written here", "our own", sources, output, 2, course=course(**more))


@pytest.mark.torch
def test_numpy_says_what_torch_has_learnt(tmp_path: Path) -> None:
    """What torch measures while it learns is what the model loses when numpy plays it."""
    pytest.importorskip("torch", reason="torch is not installed")
    from repl.net_torch import trained

    scores = pieces(8)
    counts = counts_of(scores[:6])
    short = course(steps=30)
    shape = Shape(2, *reach(counts_of(scores)), short.hidden, short.width)
    lessons = [lesson_of(shape, counts, score) for score in scores]
    said: list[str] = []
    net = trained(shape, lessons[:6], lessons[6:], short, tmp_path / "part", said.append)
    best = float(said[-1].rpartition(" ")[2])
    model = NettedFrames(counts, NumpyReckoner(net), 1.0)
    assert losses(model, scores[6:]).pitch == pytest.approx(best, abs=0.01)


@pytest.mark.torch
@pytest.mark.skipif(os.name != "posix", reason="kills a process by a signal")
@pytest.mark.timeout(300)  # two processes import torch, on whatever machine
def test_a_net_that_is_killed_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    """Twice, outright: it plays by what was counted meanwhile, and ends as if nothing had been."""
    pytest.importorskip("torch", reason="torch is not installed")
    whole, output = tmp_path / "whole.model", tmp_path / "killed.model"
    learnt = train(job(whole), lambda _: None)
    figures = learnt.card.figures
    assert learnt.net is not None
    assert figures["nll_test_mixed"] <= figures["nll_test"]
    code = (
        "import os, signal, sys\n"
        f"sys.path.insert(0, {str(Path(__file__).parent)!r})\n"
        "import repl.net_torch as t\n"
        "from pathlib import Path\n"
        "from test_train_nets import job\n"
        "from repl.train import train\n"
        "real, count = t._keep, []\n"
        "def keep(*given):\n"
        "    real(*given)\n"
        "    count.append(1)\n"
        "    if len(count) == 2: os.kill(os.getpid(), signal.SIGKILL)\n"
        "t._keep = keep\n"
        "train(job(Path(sys.argv[1])), lambda _: None)\n"
    )
    for _ in range(2):
        done = subprocess.run([sys.executable, "-c", code, str(output)], check=False, capture_output=True)
        assert done.returncode == -signal.SIGKILL, done.stderr
        assert read_learnt(output.read_bytes(), "killed").net is None
    said: list[str] = []
    train(job(output), said.append)
    assert "the net goes on where it was broken off, at step 40 of 60" in said
    assert output.read_bytes() == whole.read_bytes()
    assert {path.name for path in tmp_path.iterdir()} == {"whole.model", "killed.model"}
    assert not list(tmp_path.glob(f"*{PART}"))
