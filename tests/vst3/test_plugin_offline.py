"""A plugin in a file: every onset at its frame, and whatever is wrong with it is said and harms nobody."""

import re
from pathlib import Path

import numpy as np
import pytest

from bridge.clock import monotonic
from bridge.event import TimedEvent
from plugin_host.audio import Audio
from plugin_host.offline import render
from plugin_host.plugin_link import PluginSetup
from plugin_host.specs import Chain, fx, instrument, vst3
from plugin_host.stems import render_stems
from repl.render import render_files

pytestmark = [pytest.mark.vst3, pytest.mark.timeout(60)]  # the first of them builds the plugin

RATE = 48_000
NAME = "Sempre Probe"


def note(ident: int, at: float, pitch: int = 60, *, layer: str = "probe", lasts: float = 0.01) -> TimedEvent:
    """A note of a layer."""
    return TimedEvent(at, lasts, {"note": pitch, "velocity": 1.0}, layer, ident)


def played(
    plugins: Path, chain: Chain, events: list[TimedEvent], seconds: float = 1.0, load: float = 20.0
) -> tuple[Audio, list[str]]:
    """What a plugin plays beside a bass, and what is said about it."""
    problems: list[str] = []
    audio = render(
        events,
        {"probe": chain, "bass": instrument("bass")},
        seconds,
        RATE,
        problems=problems,
        master=False,
        plugins=PluginSetup((plugins,), load=load),
    )
    return audio, problems


def onsets(audio: Audio) -> list[int]:
    """The frames at which the probe was struck."""
    return np.flatnonzero(audio[0] > 0.3).tolist()


def test_every_onset_lies_at_its_frame(plugins: Path) -> None:
    """Times between frames, in blocks of all places: the nearest frame, always, and its end likewise."""
    events = [note(n, n * 0.0123457, 40 + n) for n in range(60)]
    audio, problems = played(plugins, vst3(NAME), events)
    assert problems == []
    assert onsets(audio) == [round(event.at * RATE) for event in events]
    ends = [round((event.at + event.duration) * RATE) for event in events]
    assert np.flatnonzero(audio[0] < -0.3).tolist() == ends


def test_one_that_is_late_is_told_so_much_earlier(plugins: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its 700 frames are made up for: every onset at its frame, the first of the piece among them."""
    events = [note(n, n * 0.0123457, 40 + n) for n in range(40)]
    plain, _ = played(plugins, vst3(NAME), events)
    monkeypatch.setenv("SEMPRE_PROBE", "late")
    audio, problems = played(plugins, vst3(NAME), events)
    assert problems == []
    assert onsets(audio) == [round(event.at * RATE) for event in events]
    assert np.array_equal(audio, plain)


@pytest.mark.parametrize("host", ["pedalboard", "minihost"])
def test_one_that_boasts_of_being_late_is_not_believed(
    plugins: Path, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    """More than a second is said, and the plugin is played as one that says nothing."""
    monkeypatch.setenv("SEMPRE_PROBE", "boast")
    audio, problems = played(plugins, vst3(NAME, host=host), [note(1, 0.1)])
    assert onsets(audio) == [4800]
    assert len(problems) == 1
    assert "says that it is 20.8333 s late" in problems[0]


def test_the_same_bytes_twice(plugins: Path) -> None:
    """In another process each time."""
    events = [note(n, 0.1 * n) for n in range(8)]
    first, second = (played(plugins, vst3(NAME) | fx.chorus(), events)[0] for _ in range(2))
    assert np.array_equal(first, second)


def test_velocity_gain_and_parameters(plugins: Path) -> None:
    """An event's velocity and gain become MIDI's velocity; parameters are the plugin's own."""
    event = TimedEvent(0.1, 0.1, {"note": 60, "velocity": 0.5, "gain": 0.5}, "probe", 1)
    audio, _ = played(plugins, vst3(NAME, gain=2), [event])
    assert audio[0, 4800] == pytest.approx(2 * 32 / 127)


def test_stems_hold_it_too(plugins: Path) -> None:
    """A layer's own sound."""
    events = [note(1, 0.1), note(2, 0.2, 40, layer="bass")]
    chains = {"probe": vst3(NAME), "bass": instrument("bass")}
    found = [*render_stems(events, chains, 0.5, RATE, plugins=PluginSetup((plugins,)))]
    assert onsets(np.concatenate([block["probe"] for block in found], axis=1)) == [4800]


@pytest.mark.parametrize(
    ("chain", "said"),
    [
        (vst3("Sempre Prob"), r"no plugin 'Sempre Prob' in .*vst3.*; did you mean 'SempreProbe'\?"),
        (vst3("/nowhere/Some.vst3"), r"there is no plugin at /nowhere/Some.vst3"),
        (vst3(NAME, gian=1), r"no parameter 'gian'; did you mean 'gain'\?"),
        (vst3(NAME, gain=3), r"gain=3: give 0…2"),
        (vst3(NAME, preset="bells"), r"no preset 'bells'; give a \.vstpreset file"),
        (vst3(NAME, preset="x.vstpreset"), r"there is no preset x\.vstpreset"),
    ],
)
def test_what_cannot_be_loaded_is_silent_and_named(plugins: Path, chain: Chain, said: str) -> None:
    """What was sought, where, and what is like it; the others play."""
    audio, problems = played(plugins, chain, [note(1, 0.1), note(2, 0.2, 40, layer="bass", lasts=0.2)])
    assert len(problems) == 1
    assert re.search(said, problems[0]), problems
    assert not onsets(audio)
    assert np.abs(audio[:, 10_000:]).max() > 0.05


@pytest.mark.parametrize(
    ("trouble", "said"),
    [
        ("crashnote", "crashed (SIGSEGV); it stays silent"),
        ("nannote", "gave what is no number"),
        ("loudnote", "gave 200 dB over full scale"),
    ],
)
def test_a_note_that_goes_wrong(plugins: Path, trouble: str, said: str) -> None:
    """What was played before is there, what is no sound is not, and the other layer is as if alone."""
    events = [note(1, 0.1), note(2, 0.2, 65), note(3, 0.3)]
    bass = [note(10 + n, 0.1 * n, 40, layer="bass", lasts=0.05) for n in range(10)]
    audio, problems = played(plugins, vst3(NAME, params={trouble: 65}), [*events, *bass])
    alone, _ = played(plugins, instrument("keys"), bass)
    assert said in problems[0]
    assert onsets(audio - alone) == [4800]
    # After a short fade there is the bass and nothing else.
    assert np.array_equal(audio[:, 10_000:], alone[:, 10_000:])
    again, _ = played(plugins, vst3(NAME, params={trouble: 65}), [*events, *bass])
    assert np.array_equal(audio, again)


def test_one_that_hangs_is_waited_for_once(plugins: Path) -> None:
    """Where blocks are made one by one, as a parameter moves; then the render goes on without it."""
    moved = {"note": 65, "velocity": 1.0, "own.gain": 1.0}
    events = [note(1, 0.1), TimedEvent(0.2, 0.01, moved, "probe", 2), note(3, 0.3)]
    bass = [note(10 + n, 0.1 * n, 40, layer="bass", lasts=0.05) for n in range(10)]
    begun = monotonic()
    audio, problems = played(plugins, vst3(NAME, hangnote=65), [*events, *bass], load=3.0)
    assert 3.0 < monotonic() - begun < 9.0
    alone, _ = played(plugins, instrument("keys"), bass)
    said = "the plugin 'Sempre Probe' of the layer 'probe' hangs; it stays silent until its layer is changed"
    assert problems == [said]
    assert onsets(audio - alone) == [4800]
    assert np.array_equal(audio[:, 10_000:], alone[:, 10_000:])


@pytest.mark.parametrize(
    ("wish", "said"), [("hang", "not loaded within 1 s"), ("crash", "crashed (SIGSEGV)")]
)
def test_one_that_does_not_survive_loading(
    plugins: Path, monkeypatch: pytest.MonkeyPatch, wish: str, said: str
) -> None:
    """It is given up, and the rest plays."""
    monkeypatch.setenv("SEMPRE_PROBE", wish)
    events = [note(1, 0.1), note(2, 0.2, 40, layer="bass", lasts=0.2)]
    audio, problems = played(plugins, vst3(NAME), events, load=1.0 if wish == "hang" else 20.0)
    assert said in problems[0]
    assert np.abs(audio[:, 10_000:]).max() > 0.05


def test_one_that_prints(plugins: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Its prints do not reach the terminal."""
    audio, problems = played(plugins, vst3(NAME, print=1), [note(1, 0.1)])
    assert onsets(audio) == [4800]
    assert problems == []
    assert capfd.readouterr() == ("", "")


def test_a_piece_is_rendered(plugins: Path, tmp_path: Path) -> None:
    """From the musician's own words to a file."""
    piece = tmp_path / "piece.py"
    path = plugins / "SempreProbe.vst3"
    piece.write_text(f"tempo(120)\nlead = play(note('c3 e3'), on=vst3({str(path)!r}, gain=.5))\n")
    said = render_files([piece], 2.0, tmp_path / "out.wav")
    assert "2 events" in said
    assert "silent" not in said


@pytest.mark.parametrize("key", ["param.gain", "own.gain"])
def test_a_parameter_moves_in_steps_of_64_frames(plugins: Path, key: str) -> None:
    """Where a signal stands, to within a step; by position, or in its own unit, which goes to 2."""
    events = [note(1, 0.05, lasts=0.8)]
    unit = 1.0 if key.startswith("param") else 2.0
    for number in range(60):
        goal = 0.5 + 0.4 * np.sin(number / 7)
        events.append(
            TimedEvent(0.1 + number * 0.01, 0.01, {key: unit * goal, "over": 0.01}, "probe", 10 + number)
        )
    audio, problems = played(plugins, vst3(NAME), events)
    assert problems == []
    held = audio[1]
    for number in range(1, 59):
        begin = round((0.1 + number * 0.01) * RATE)
        line: Audio = np.linspace(
            0.5 + 0.4 * np.sin((number - 1) / 7), 0.5 + 0.4 * np.sin(number / 7), 480, dtype=np.float32
        )
        step = 0.4 / 7 * 64 / 480 + 1e-3
        assert np.abs(held[begin : begin + 480] - line).max() <= step
    steps = np.flatnonzero(np.diff(held[round(0.2 * RATE) : round(0.6 * RATE)]))
    assert np.unique((steps + round(0.2 * RATE) + 1) % 64).size == 1
    assert np.abs(np.diff(held[round(0.2 * RATE) : round(0.6 * RATE)])).max() <= 0.4 / 7 * 64 / 480 + 1e-3


def test_a_note_among_moves_keeps_its_frame(plugins: Path) -> None:
    """Blocks are played in parts then; onsets do not move."""
    events = [note(n, 0.05 + n * 0.0123457, 40 + n) for n in range(40)]
    moves = [
        TimedEvent(0.01 * n, 0.01, {"param.gain": 0.5 + 0.001 * (n % 2), "over": 0.01}, "probe", 900 + n)
        for n in range(90)
    ]
    audio, problems = played(plugins, vst3(NAME), [*events, *moves])
    assert problems == []
    assert onsets(audio) == [round(event.at * RATE) for event in events]


def test_a_parameter_that_a_plugin_does_not_have_is_named(plugins: Path) -> None:
    """With what is like it; the notes play."""
    move = TimedEvent(0.1, 0.0, {"param.gian": 0.5}, "probe", 9)
    audio, problems = played(plugins, vst3(NAME), [note(1, 0.2), move])
    assert len(problems) == 1
    assert "has no parameter 'gian'; did you mean 'gain'" in problems[0]
    assert len(onsets(audio)) == 1
