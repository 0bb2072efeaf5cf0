"""What the prompt says about loops: events at their cycles, on the right instruments."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
import pytest
from pedalboard.io import AudioFile

from bridge.tempo import Tempo
from bridge.transport import Transport
from plugin_host.looped import looped
from plugin_host.specs import Chain, audio_in
from repl.clockwork import Clockwork
from repl.errors import LoadError
from repl.render import render_mix
from repl.render_job import RenderJob
from repl.rendering import do
from tests.repl.test_music import say

if TYPE_CHECKING:
    from pathlib import Path

    from plugin_host.audio import Audio
    from tests.repl.conftest import Desk


def on_loops(desk: Desk) -> list[tuple[Fraction, Fraction, object, Chain]]:
    """What is to be done to loops: from which cycle on, for how many, what, and where."""
    tempo = desk.scheduler.tempo
    rows: list[tuple[Fraction, Fraction, object, Chain]] = []
    for target, event in desk.recorder.held.values():
        if isinstance(target, Chain) and target.instrument.kind == "loop":
            begin, end = (tempo.cycle_at(at) for at in (event.at, event.at + event.duration))
            first, length = (Fraction(round(192 * one), 192) for one in (begin, end - begin))
            rows.append((first, length, event.controls["s"], target))
    return sorted(rows, key=lambda row: row[0])


def test_capture_waits_for_its_quantum_and_lasts_its_cycles(desk: Desk) -> None:
    """From the next boundary on; four cycles of the first input, unless something else is said."""
    desk.save('tempo(120)\na = play(s("bd"))')
    desk.play(3)
    say(desk, 'capture("riff")')
    say(desk, 'overdub("riff", "a", 2, quantum=4)')
    say(desk, 'replace("riff", audio_in(1, 2), .5)')
    desk.play(9)
    assert on_loops(desk) == [
        (2, 4, "record", looped("riff", audio_in(1))),
        (2, Fraction(1, 2), "replace", looped("riff", audio_in(1, 2))),
        (4, 2, "overdub", looped("riff", "a")),
    ]


def test_undo_and_clear_come_at_once(desk: Desk) -> None:
    """They wait for no boundary."""
    desk.save('tempo(120)\na = play(s("bd"))')
    desk.play(3)
    for verb in ("undo", "redo", "clear", "multiply", "halve"):
        say(desk, f'{verb}("riff")')
    desk.play(1)
    rows = on_loops(desk)
    assert sorted(str(row[2]) for row in rows) == ["clear", "halve", "multiply", "redo", "undo"]
    assert all(row[0] < Fraction(8, 5) for row in rows)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ('capture("a b")', "a loop has a name"),
        ('capture("riff", instrument("bass"))', "records audio_in"),
        ('capture("riff", cycles=0)', "cycles must be more than 0"),
        ('overdub("riff", cycles="4")', "overdub: cycles must be"),
        ('multiply("riff", 1)', "multiply: times must be"),
    ],
)
def test_what_cannot_be_captured_is_said(desk: Desk, text: str, part: str) -> None:
    """In words."""
    desk.save('a = play(s("bd"))')
    with pytest.raises(LoadError, match=part):
        say(desk, text)


class Mixer:
    """Takes down what it is told of the line of time."""

    def __init__(self) -> None:
        self.lines: list[tuple[Tempo, Transport]] = []

    def stand(self, kind: bytes, body: bytes) -> None:
        """Something that holds."""
        assert kind == b"M"
        tempo, passages = json.loads(body)
        self.lines.append((Tempo.from_json(tempo), Transport.from_json(passages)))


def test_the_mixer_knows_where_the_music_is(desk: Desk) -> None:
    """Tempo and jumps, whenever they change, and only then."""
    mixer = Mixer()
    clockwork = Clockwork(desk.session, desk.scheduler, mixer, lambda _: 0.0, mixer=mixer)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] - it stands for a process
    desk.save('tempo(120)\na = play(s("bd"))')
    desk.play(3)
    clockwork.step()
    clockwork.step()
    assert len(mixer.lines) == 1
    for text in ("tempo(140)", "set_cycle(16)"):
        say(desk, text)
        desk.play(0.1)
        clockwork.step()
        clockwork.step()
    assert len(mixer.lines) == 3
    now = desk.clock.now() + 1
    assert mixer.lines[-1][0].cycle_at(now) == pytest.approx(desk.scheduler.tempo.cycle_at(now))
    assert mixer.lines[-1][1] == desk.scheduler.transport


def test_a_render_plays_loops_in_phase_and_chops_of_them_are_the_loop(tmp_path: Path) -> None:
    """A piece that records its own layer and plays it: as a whole, and cut into pieces played in order."""
    head = 'tempo(480)\nkeys = play(note("c4 e4 g4 <b4 a4>").clip(.5), on=instrument("sine"))\n'
    take = 'take = play(s("<~ record ~!6>"), on=looped("riff", "keys"))\n'
    sounds: dict[str, Audio] = {}
    for name, played in (
        ("plain", 'riff = play(gain("<~ ~ 1!6>"), on=looped("riff"))'),
        ("chopped", 'riff = play(gain("<~ ~ 1!6>").loop_at(1).chop(4), on=looped("riff"))'),
        ("none", ""),
    ):
        piece = tmp_path / f"{name}.py"
        piece.write_text(head + take + played)
        said = render_mix(RenderJob((piece,), tmp_path / f"{name}.wav", cycles=8))
        assert "holds nothing" not in said
        with AudioFile(str(tmp_path / f"{name}.wav")) as file:
            sounds[name] = file.read(file.frames)
    plain, chopped, none = (sounds[name] for name in ("plain", "chopped", "none"))
    assert np.abs(plain - none).max() > 0.05
    assert np.abs(plain - chopped).max() < 2e-4


def test_a_loop_has_its_stem(tmp_path: Path) -> None:
    """What it plays a cycle later is what the layer gave, at its place behind a tempo that rises."""
    piece = tmp_path / "piece.py"
    piece.write_text(
        "tempo(480, over=4)\n"
        'keys = play(note("c4 e4 g4 b4").clip(.5), on=instrument("sine", room=0, delay=0))\n'
        'take = play(s("<~ ~ ~ ~ record ~>"), on=looped("riff", "keys"))\n'
        'riff = play(gain("<~ ~ ~ ~ ~ 1>"), on=looped("riff"))\n'
    )
    do(RenderJob((piece,), stems=tmp_path / "stems", cycles=6), print)
    sounds: dict[str, Audio] = {}
    for name in ("keys", "riff"):
        (path,) = (tmp_path / "stems").glob(f"*{name}*.wav")
        with AudioFile(str(path)) as file:
            sounds[name] = file.read(file.frames)
            rate = int(file.samplerate)
    tempo = Tempo.steady(0.5).ramped(0.0, 2.0, Fraction(4), cycle=Fraction(0))
    first, second = (round(tempo.time_at(cycle) * rate) for cycle in (4, 5))
    length, seam = rate // 2, rate // 100
    heard = sounds["riff"][:, second + seam : second + length - seam]
    assert np.abs(heard - sounds["keys"][:, first + seam : first + length - seam]).max() < 1e-4
    assert np.abs(heard).max() > 0.02
