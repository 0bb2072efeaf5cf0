"""The pieces in examples/lessons/: each teaches one thing, plays, and says what to try."""

import re
from pathlib import Path

import pytest

from bridge.event import TimedEvent
from bridge.tempo import Tempo
from plugin_host.specs import Chain
from repl.loader import Loaded, load_piece
from repl.rehearsal import rehearse
from repl.render import play_through
from repl.session import layer_name, place_name
from repl.shelf import STYLES, WHOLE, examples

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "examples" / "lessons"
LESSONS = sorted(FOLDER.glob("*.py"))

each_lesson = pytest.mark.parametrize("file", LESSONS, ids=lambda file: file.stem)


def load(file: Path) -> Loaded:
    """A lesson by the loader that the session uses."""
    return load_piece(file.read_text(encoding="utf-8"), file.name)


def cps_of(piece: Loaded) -> float:
    """Cycles per second, which every lesson sets."""
    assert piece.tempo is not None, "a lesson says its tempo"
    return piece.tempo.cps


def sounding(piece: Loaded, cycles: int) -> list[tuple[Chain, TimedEvent]]:
    """What is heard of a lesson with nothing plugged in; nothing may go wrong in it."""
    troubles: list[str] = []
    tempo = Tempo.steady(cps_of(piece))
    events, _ = play_through([piece], cycles / cps_of(piece), tempo, piece.seed or 0, troubles)
    assert troubles == []
    return events


def test_there_are_twenty_and_more_in_an_order() -> None:
    """From 1 without a gap; behind them come the whole pieces, every one of them, and the styles."""
    assert len(LESSONS) >= 20
    assert [int(file.stem[:2]) for file in LESSONS] == list(range(1, len(LESSONS) + 1))
    assert [one.file for one in examples()][: len(LESSONS)] == LESSONS
    assert [one.name for one in examples()[len(LESSONS) :]] == [*WHOLE, *STYLES]
    assert set(WHOLE) == {file.stem for file in (ROOT / "examples").glob("*.py")}
    assert len({one.name for one in examples()}) == len(examples())


@each_lesson
def test_a_lesson_fits_on_a_page_and_teaches(file: Path) -> None:
    """It begins with what it is about and more of that, and ends with what to change."""
    lines = file.read_text(encoding="utf-8").splitlines()
    assert len(lines) < 40
    assert max(map(len, lines)) <= 110
    title, _, idea = lines[0].removeprefix("# ").partition(": ")
    assert re.sub(r"\W+", "_", title.lower()) == file.stem[3:], "its name is its title"
    assert 20 <= len(idea) <= 90
    assert lines[1].startswith("# ")
    assert lines[-1].startswith("# Try: ")


@each_lesson
def test_a_lesson_passes_its_rehearsal(file: Path) -> None:
    """As when a musician saves it; it says nothing that is hardly meant."""
    piece = load(file)
    places = {place_name(piece.file, name): layer for name, layer in piece.layers.items()}
    rehearse(places, piece.file, piece.source, cycle=0, cps=cps_of(piece), seed=piece.seed or 0)
    assert piece.doubts == ()


@each_lesson
def test_a_lesson_begins_at_once_and_every_layer_is_heard(file: Path) -> None:
    """In its first ten cycles it never falls silent for a cycle, and each line of it has its part."""
    piece = load(file)
    events = sounding(piece, 10)
    cps = cps_of(piece)
    assert events[0][1].at < 0.1
    assert {int(event.at * cps + 0.01) for _, event in events} >= set(range(10))
    heard = {layer_name(event.layer) for _, event in events}
    assert heard == set(piece.layers)
    assert len(heard) >= 3, "music, not a sound check"
