"""The pieces in examples/: they load, last, develop, stay the same, and their hits are heard on time.

After a wanted change of a piece or of the language, write the stored events anew and look at the
difference before committing it:

    STORE_EXAMPLES=1 pytest tests/test_examples.py
"""

import json
import os
import runpy
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from bridge.clock import ManualClock
from bridge.event import TimedEvent
from bridge.layer import Target
from bridge.scheduler import Scheduler, Trouble
from bridge.sink import Recorder
from bridge.targets import MidiTarget
from bridge.tempo import Tempo
from plugin_host.offline import render
from plugin_host.specs import Chain
from repl.errors import LoadError
from repl.loader import Loaded, load_piece
from repl.rehearsal import rehearse
from repl.render import play_through, render_files
from repl.session import layer_name, place_name
from repl.sinks import audio_controls, default_target

ROOT = Path(__file__).resolve().parents[1]
STORED = ROOT / "tests" / "data" / "examples"
PIECES = sorted((ROOT / "examples").glob("*.py"))
BARS = (0, 1, 12, 13)
"""The first two bars and two from within the form; the table holds these."""
MAIN = ("s", "n", "note", "velocity", "gain", "pan")
"""Controls that the table holds."""
RATE = 48_000

each_piece = pytest.mark.parametrize("file", PIECES, ids=lambda file: file.stem)


def load(file: Path) -> Loaded:
    """A piece by the loader that the session uses."""
    return load_piece(file.read_text(encoding="utf-8"), f"examples/{file.name}")


def cps_of(piece: Loaded) -> float:
    """Cycles per second, which every example sets."""
    assert piece.tempo is not None, "an example says its tempo"
    return piece.tempo.cps


def sounding(piece: Loaded, seconds: float) -> list[tuple[Chain, TimedEvent]]:
    """What is heard of a piece without anything plugged in; nothing may go wrong in it."""
    troubles: list[str] = []
    events, _ = play_through([piece], seconds, Tempo.steady(cps_of(piece)), piece.seed or 0, troubles)
    assert troubles == []
    return events


def everything(piece: Loaded, seconds: float) -> list[tuple[Target, TimedEvent]]:
    """What a piece sends in so many seconds, MIDI and all, in order."""
    troubles: list[Trouble] = []
    recorder, clock = Recorder(), ManualClock()
    scheduler = Scheduler(
        clock,
        {"audio": recorder, "midi": recorder, "osc": recorder},
        Tempo.steady(cps_of(piece)),
        default_target,
        on_trouble=troubles.append,
        seed=piece.seed or 0,
    )
    for name, layer in piece.layers.items():
        scheduler.set_layer(place_name(piece.file, name), layer, Fraction(0))
    while clock.now() < seconds:
        scheduler.step()
        clock.advance(0.5)
    assert troubles == []
    return sorted(
        recorder.held.values(), key=lambda pair: (pair[1].at, pair[1].layer, repr(pair[1].controls))
    )


def row(event: TimedEvent) -> list[object]:
    """An event as the table holds it: onset and length in microseconds' grain, layer, main controls."""

    def plain(value: object) -> object:
        return round(float(value), 6) if isinstance(value, float | Fraction) else value

    controls = {name: plain(event.controls[name]) for name in MAIN if name in event.controls}
    return [round(event.at, 6), round(event.duration, 6), layer_name(event.layer), controls]


def two_by_two(piece: Loaded) -> list[list[object]]:
    """The rows of the bars that are stored."""
    cps = cps_of(piece)
    events = everything(piece, (BARS[-1] + 1) / cps)
    # A hundredth of a bar of grace for what is played a little early.
    return [row(event) for _, event in events if int(event.at * cps + 0.01) in BARS]


def test_there_are_examples() -> None:
    """`make play` begins with the first of them; what is stored belongs to a piece."""
    names = {file.stem for file in PIECES}
    assert "first_light" in names
    assert {file.stem for file in STORED.glob("*.json")} == names


@each_piece
def test_an_example_fits_on_a_page(file: Path) -> None:
    """Under 40 lines, none wider than the rest of the code, and it says what it is."""
    lines = file.read_text(encoding="utf-8").splitlines()
    assert len(lines) < 40
    assert max(map(len, lines)) <= 110
    assert lines[0].startswith("# ")


@each_piece
def test_an_example_passes_its_rehearsal(file: Path) -> None:
    """As when a musician saves it: near and far cycles are tried, and every target takes its events."""
    piece = load(file)
    places = {place_name(piece.file, name): layer for name, layer in piece.layers.items()}
    targets = rehearse(places, piece.file, piece.source, cycle=0, cps=cps_of(piece), seed=piece.seed or 0)
    assert any(isinstance(target, Chain) for target in targets), "heard with nothing plugged in"


@each_piece
def test_an_example_lasts_and_develops(file: Path) -> None:
    """In every five seconds of the first minute something is struck, and no two bars are alike.

    Layers come in and leave: what plays is not the same from one stretch to the next throughout.
    """
    piece = load(file)
    events = sounding(piece, 60)
    for begin in range(0, 60, 5):
        assert any(begin <= event.at < begin + 5 for _, event in events), f"silence from {begin} s"
    cps = cps_of(piece)
    bars: dict[int, list[object]] = {}
    for _, event in events:
        bar = int(event.at * cps)
        since, *rest = row(replace(event, at=event.at - bar / cps))
        bars.setdefault(bar, []).append([since, *rest])
    # What has the same grid differs at least in how it is struck: nothing is copied.
    assert len({json.dumps(bar) for bar in bars.values()}) == len(bars)
    playing = [
        frozenset(event.layer for _, event in events if begin <= event.at < begin + 5)
        for begin in range(0, 60, 5)
    ]
    assert sum(one != other for one, other in pairwise(playing)) >= 3


@each_piece
def test_an_example_begins_at_once(file: Path) -> None:
    """The first sound is there within a tenth of a second, and three layers within five seconds."""
    events = sounding(load(file), 5)
    assert events[0][1].at < 0.1
    assert len({event.layer for _, event in events}) >= 3


@each_piece
def test_an_example_plays_what_is_stored(file: Path) -> None:
    """A piece that somebody likes must not change by accident."""
    found = two_by_two(load(file))
    table = STORED / f"{file.stem}.json"
    if os.environ.get("STORE_EXAMPLES"):
        rows = ",\n".join(json.dumps(one, ensure_ascii=False) for one in found)
        table.write_text(f"[\n{rows}\n]\n", encoding="utf-8")
    stored = json.loads(table.read_text(encoding="utf-8"))
    assert len(found) == len(stored)
    for one, other in zip(found, stored, strict=True):
        assert one[2] == other[2]
        assert one[:2] == pytest.approx(other[:2], abs=2e-6)
        # Sines differ in their last digit from one machine to the next.
        assert one[3] == pytest.approx(other[3], abs=2e-6)


@each_piece
def test_an_example_is_the_same_from_whatever_folder(file: Path) -> None:
    """Its chance hangs on its seed and its layers' names."""
    here, there = load(file), load_piece(file.read_text(encoding="utf-8"), file.name)
    assert [*map(row, _events(here))] == [*map(row, _events(there))]


def _events(piece: Loaded) -> list[TimedEvent]:
    return [event for _, event in everything(piece, 4)]


def test_one_example_goes_to_a_daw_too() -> None:
    """A MIDI layer doubles a piano: without it the piece has every note."""
    piece = load(ROOT / "examples" / "crooked_mile.py")
    events = everything(piece, 5)
    sent = [(e.at, e.controls["note"]) for t, e in events if isinstance(t, MidiTarget)]
    heard = {(e.at, e.controls["note"]) for t, e in events if isinstance(t, Chain) and "note" in e.controls}
    assert sent
    assert heard.issuperset(sent)


def test_a_render_is_the_same_bytes_each_time(tmp_path: Path) -> None:
    """Three seconds of the ambient one: pads, bells, shaker, reverb and echo."""
    file = ROOT / "examples" / "night_ferry.py"
    one, other = tmp_path / "one.wav", tmp_path / "other.wav"
    for output in (one, other):
        assert "peak" in render_files([file], 3, output)
    assert one.read_bytes() == other.read_bytes()
    assert one.stat().st_size > 3 * RATE * 4


def test_the_first_beat_of_a_render_is_heard_though_it_is_nudged(tmp_path: Path) -> None:
    """Played a little early, it would lie before the file's beginning."""
    sizes: list[int] = []
    for nudge in (0, -0.01):
        piece = tmp_path / "early.py"
        piece.write_text(f'hit = play(s("rs ~ ~ ~").nudge({nudge}))', encoding="utf-8")
        render_files([piece], 0.25, tmp_path / "early.wav")
        data = (tmp_path / "early.wav").read_bytes()
        sizes.append(sum(byte != 0 for byte in data))
    assert sizes[1] > 0.5 * sizes[0]


@pytest.mark.parametrize(
    ("name", "layer", "begin"), [("crooked_mile", "clave", 20), ("first_light", "claps", 8.5)]
)
def test_hits_are_heard_within_a_millisecond(name: str, layer: str, begin: float) -> None:
    """A layer alone: in the sound each stroke begins where its event says, nudges and swing included."""
    piece = load(ROOT / "examples" / f"{name}.py")
    cps = cps_of(piece)
    solo = [
        (chain, replace(event, at=event.at - begin))
        for chain, event in sounding(piece, begin + 4)
        if layer_name(event.layer) == layer and event.at >= begin
    ]
    chains = {chain.key: chain for chain, _ in solo}
    timed = [replace(e, layer=chain.key, controls=audio_controls(e, cps)) for chain, e in solo]
    sound = np.abs(render(timed, chains, 4.2, RATE, cps=cps)).max(axis=0)
    assert len(timed) >= 4
    for event in timed:
        due = round(event.at * RATE)
        before = float(sound[max(due - 480, 0) : max(due - 48, 1)].max())
        peak = float(sound[due : due + 960].max())
        assert peak > 8 * before, "a stroke stands out from what rang before"
        first = max(due - 48, 0)
        heard = first + int(np.argmax(sound[first : due + 960] > max(0.05 * peak, 1.5 * before)))
        assert abs(heard - due) <= 0.001 * RATE


def test_every_layer_of_an_example_is_heard() -> None:
    """In two minutes each layer has played; none is left over from an earlier thought."""
    for file in PIECES:
        piece = load(file)
        heard = {layer_name(event.layer) for _, event in everything(piece, 120)}
        assert heard == set(piece.layers), file.name


def test_a_wrong_note_in_an_example_would_be_found() -> None:
    """The rehearsal that the examples pass is one that can fail."""
    source = 'oops = play(note("c4 h9"))'
    with pytest.raises(LoadError, match="h9"):
        rehearse(load_piece(source, "oops.py").layers, "oops.py", source, cycle=0, cps=0.5, seed=0)


def test_the_picture_shows_what_is_played() -> None:
    """The README's picture is current; otherwise: python tools/draw_picture.py."""
    drawn = runpy.run_path(str(ROOT / "tools" / "draw_picture.py"))["picture"]()
    assert drawn == (ROOT / "docs" / "picture.svg").read_text(encoding="utf-8")
