"""A file that is gone: its layers fade out, and come back as if they had never been gone."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING, cast

import pytest

from repl.following import FADE
from repl.replay import play_script, script_of
from repl.session import Session
from repl.settings import read_settings
from tests.repl.test_past import Player

if TYPE_CHECKING:
    from pathlib import Path

    from repl.commits import Commit
    from tests.repl.conftest import Desk, Played

PIECE = 'a = play(s("bd*2").gain(.8))\n'
TWO = Fraction(2)


def gains(desk: Desk) -> dict[float, float]:
    """How loud it is when, two seconds a cycle."""
    return {at: round(cast("float", gain), 3) for at, gain in desk.heard("gain")}


def test_it_fades_from_the_boundary_on(desk: Desk) -> None:
    """Ever softer, for so many cycles; then there is nothing left of it."""
    desk.save(PIECE)
    desk.play(2.15)
    desk.music.end_piece("a.py", TWO)
    assert desk.session.playing() == []
    desk.play(12)
    found = gains(desk)
    assert [found[at] for at in (0, 0.5, 1, 1.5)] == [0.8, 0.8, 0.8, 0.8]
    assert found[2] > found[2.5] > found[3] > found[3.5] > 0
    assert max(found) == 3.5
    assert desk.scheduler.places == {}


def test_one_that_comes_back_is_as_loud_as_it_was(desk: Desk) -> None:
    """From the next boundary; an editor may take its time between two names."""
    desk.save(PIECE)
    desk.play(2.15)
    desk.music.end_piece("a.py", TWO)
    desk.save(PIECE)
    desk.play(2)
    assert set(gains(desk).values()) == {0.8}
    desk.music.end_piece("a.py", TWO)
    desk.play(3)
    desk.save(PIECE)
    desk.play(6)
    assert desk.session.playing() == ["a.py:a"]
    found = gains(desk)
    soft = [at for at, gain in found.items() if gain < 0.79]
    assert soft
    assert max(soft) < 5
    assert {gain for at, gain in found.items() if at >= 5} == {0.8}


def test_undo_brings_it_back(desk: Desk) -> None:
    """Whole, at the next boundary."""
    player = Player(desk)
    desk.save(PIECE)
    desk.play(2.15)
    player.say('b = play(s("hh"))')
    desk.play(2)
    desk.music.end_piece("a.py", TWO)
    desk.play(2.5)
    assert player.say("undo()").startswith("a from cycle 4")
    desk.play(4)
    assert {gain for at, gain in gains(desk).items() if at >= 4} == {0.8}


@pytest.mark.parametrize(
    ("how", "last"),
    [("xfade_in(cycles=4)", 5.5), ("jump_in(cycles=1)", 2.5), ("lambda old, new, *, at: old", 3.5)],
)
def test_a_layer_leaves_by_its_own_transition(desk: Desk, how: str, last: float) -> None:
    """In the cycles that it names, else in those of the setting."""
    desk.save(f'a = play(s("bd*2").gain(.8), transition={how})\n')
    desk.play(2.15)
    desk.music.end_piece("a.py", TWO)
    desk.play(10)
    assert max(gains(desk)) == last


def test_a_fold_goes_on_while_it_leaves(desk: Desk) -> None:
    """A walk does not begin anew."""
    walk = "a = play(note(fold(lambda last, _: last + 1, 60, per_cycle=2{})))\n"
    for name in ("", ', name="walk"'):
        file = f"{len(name)}.py"
        desk.save(walk.format(name), file)
        desk.play(4.3)
        begun = min(at for at, _ in desk.heard("note"))
        desk.music.end_piece(file, TWO)
        desk.play(8)
        found = sorted({(at, value) for at, value in desk.heard("note") if at >= begun})
        steps = {cast("float", b[1]) - cast("float", a[1]) for a, b in pairwise(found)}
        assert steps == {1}
        desk.recorder.log.clear()
        desk.recorder.held.clear()


def test_whoever_takes_over_and_a_replay_fade_it_too(written: type[Played], desk: Desk) -> None:
    """With the same events."""
    played = written()
    played.save(PIECE + 'b = play(s("hh*4?"))\n')
    played.play(2.3)
    played.music.end_piece("a.py", TWO)
    played.play(1.1)
    played.start(term=2)
    played.play(5)
    played.finish()
    replayed = play_script(script_of(played.rows))
    assert not replayed.troubles
    assert [one.to_json(0.0) for one in replayed.events] == [one.to_json(0.0) for one in played.events()]
    assert max(one.onset for one in replayed.events) < 4
    desk.save(PIECE)
    desk.play(2.15)
    desk.music.end_piece("a.py", TWO)
    late = Session()
    for commit in cast("list[Commit]", json.loads(json.dumps(desk.session.handover()))):
        late.apply(commit)
    ours = [(begin, layer is None) for begin, layer in desk.session.places["a.py:a"]]
    assert [(begin, layer is None) for begin, layer in late.places["a.py:a"]] == ours
    assert ours == [(0, False), (2, False), (4, True)]


def test_the_setting(tmp_path: Path) -> None:
    """In cycles; two unless it says otherwise."""
    assert read_settings([], tmp_path).session.fade is None
    assert FADE == 2
    (tmp_path / "sempre.toml").write_text("[session]\nfade = 0\n")
    assert read_settings([], tmp_path).to_json()["session"] == {"fade": 0.0}
    (tmp_path / "sempre.toml").write_text("[session]\nfade = 65\n")
    assert "fade" in read_settings([], tmp_path).problems[0]
