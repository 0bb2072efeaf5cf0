"""Styles that a piece names: what they bind is there, nothing of them plays, a save changes who uses them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from patterns.form.sections import Form
from plugin_host.specs import Chain
from repl.errors import LoadError
from repl.loader import Loaded, load_piece
from repl.own_modules import beside
from repl.rehearsal import rehearse
from repl.session import place_name
from repl.style_files import shipped_styles, style
from tests.repl.test_following import Stage

if TYPE_CHECKING:
    from tests.repl.conftest import Desk

MINE = """
tempo(bpm=90)
reseed(7)
song = form(section("calm", {cycles}, energy=.2), section("wild", 4, energy=.9))
root = n("<0 3 4>")
def mode(pattern):
    return pattern.scale("D:dorian")
bass = play(mode(root).degrade_by(.5), on=instrument("bass"), seed=11)
once(s("cr"))
"""
PIECE = """
mine = style("mine")
low = play(mine.bass.late(1/2), on=instrument("pad"), seed=11)
high = play(mine.mode(mine.root.add(n(7))).gain(mine.song.energy))
"""


def load(place: Path, source: str = PIECE, given: dict[str, str] | None = None) -> Loaded:
    """A piece beside a style."""
    (place / "mine.py").write_text(MINE.format(cycles=8))
    return load_piece(source, "a.py", beside("a.py", place, given))


def test_what_it_binds_is_there_and_nothing_of_it_plays(tmp_path: Path) -> None:
    """Its layers are patterns, alike by the same seed; tempo, seed and single notes stay away."""
    loaded = load(tmp_path)
    assert set(loaded.layers) == {"low", "high"}
    assert (loaded.tempo, loaded.seed, [*loaded.singles]) == (None, None, [])
    assert "mine.py" in loaded.modules.texts
    alone = load_piece(MINE.format(cycles=8), "mine.py").layers["bass"]
    there = [(hap.whole.begin, hap.value) for hap in alone.pattern.haps(0, 16, seed=11) if hap.whole]
    here = loaded.layers["low"].pattern.haps(0.5, 16.5, seed=11)
    assert [(hap.whole.begin * 2 - 1, hap.value) for hap in here if hap.whole] == [
        (2 * begin, value) for begin, value in there
    ]
    gains = [hap.value["gain"] for hap in loaded.layers["high"].pattern.haps(0, 12)]
    assert gains == [0.2] * 8 + [0.9] * 4
    assert repr(loaded.names["mine"]) == "mine.py: song, root, mode, bass"


def test_asked_twice_it_is_the_same(tmp_path: Path) -> None:
    """So that all layers have one form."""
    loaded = load(tmp_path, 'same = style("mine").song is style("mine.py").song')
    assert loaded.names["same"] is True


@pytest.mark.parametrize("file", list(shipped_styles()))
def test_a_style_that_comes_with_sempre(file: str, tmp_path: Path) -> None:
    """Each is found; what it has bound can be played."""
    loaded = load_piece(f'one = style("{file}")\nsong = one.song\n', "a.py", beside("a.py", tmp_path))
    assert isinstance(loaded.names["song"], Form)
    assert file in loaded.modules.sought
    source = 'jazz = style("jazz_trio")\nwalk = play(jazz.walk, on=jazz.upright, seed=jazz.band)\n'
    piece = load_piece(source, "a.py", beside("a.py", tmp_path))
    assert isinstance(piece.layers["walk"].target, Chain)
    places = {place_name("a.py", name): layer for name, layer in piece.layers.items()}
    rehearse(places, "a.py", source, cycle=0, cps=0.5, seed=0)


def test_from_a_journal_it_has_the_text_of_then(tmp_path: Path) -> None:
    """Also where Sempre lay elsewhere when it was written."""
    for file in ("/elsewhere/examples/styles/house.py", "house.py"):
        loaded = load(tmp_path, 'root = style("house").root\n', {file: "root = 3\n"})
        assert loaded.names["root"] == 3


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('style("min")', "did you mean 'mine.py'"),
        ('style("qqqqqqqq")', "with Sempre come"),
        ('style("../mine")', "a file beside the piece"),
        ("style(3)", "a file beside the piece"),
        ('style("a")', "is this piece itself"),
        ('style("mine").bas', "did you mean .bass"),
        ('style("broken")', "ZeroDivisionError"),
    ],
)
def test_what_cannot_be_found_is_told(tmp_path: Path, source: str, said: str) -> None:
    """With what there is."""
    (tmp_path / "broken.py").write_text("x = 1 / 0\n")
    with pytest.raises(LoadError) as refusal:
        load(tmp_path, source)
    assert said in refusal.value.block


def test_two_that_name_each_other_come_to_an_end(tmp_path: Path) -> None:
    """As modules that import one another: the second finds what there is of the first."""
    (tmp_path / "b.py").write_text('x = 1\nother = style("c")\n')
    (tmp_path / "c.py").write_text('there = style("b").x\n')
    assert load(tmp_path, 'found = style("b").other.there\n').names["found"] == 1


def test_outside_of_a_piece_there_is_nothing_beside() -> None:
    """It says so."""
    with pytest.raises(TypeError, match="belongs into a piece"):
        style("house")


def test_saving_a_style_reloads_the_piece_that_names_it(desk: Desk, tmp_path: Path) -> None:
    """One that is broken is told, and the piece plays on."""
    stage = Stage(desk, tmp_path)
    (tmp_path / "mine.py").write_text(MINE.format(cycles=8))
    stage.save(PIECE)
    stage.rehearse()
    assert stage.accepted == 1
    assert tmp_path / "mine.py" in stage.watched
    stage.save(MINE.format(cycles="nothing_of_the_kind"), "mine.py")
    stage.rehearse()
    assert stage.accepted == 1
    assert "mine.py" in stage.said[-1][0]
    stage.save(MINE.format(cycles=2), "mine.py")
    stage.rehearse()
    assert stage.accepted == 2


def test_a_form_is_a_module_like_any_other(desk: Desk, tmp_path: Path) -> None:
    """`from shape import song` takes it, and saving it changes the piece."""
    shape = 'song = form(section("calm", {}, energy=.2), section("wild", 4, energy=.9))\n'
    stage = Stage(desk, tmp_path)
    (tmp_path / "shape.py").write_text(shape.format(8))
    source = 'from shape import song\nkick = play(s("bd").gain(song.energy))\n'
    stage.save(source)
    stage.rehearse()
    assert stage.accepted == 1
    stage.save(shape.format(2), "shape.py")
    stage.rehearse()
    assert stage.accepted == 2
    layer = load_piece(source, "a.py", beside("a.py", tmp_path)).layers["kick"]
    gains = [hap.value["gain"] for hap in layer.pattern.haps(0, 6)]
    assert gains == [0.2] * 2 + [0.9] * 4
