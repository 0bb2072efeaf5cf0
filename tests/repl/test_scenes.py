"""What comes back comes back whole, at one boundary: layers, mutes, solos."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, cast

import pytest

from repl.replay import play_script, script_of
from repl.session import Session
from tests.repl.test_past import Player

if TYPE_CHECKING:
    from repl.commits import Commit
    from tests.repl.conftest import Desk, Played

PIECE = 'a = play(s("bd*4"), quantum={quantum})\nb = play(s("hh*4"))\n'


def counted(desk: Desk, sound: str) -> dict[int, int]:
    """How often a sound is heard in each cycle."""
    found = [int(at) for at, heard in desk.heard("s") if heard == sound]
    return {cycle: found.count(cycle) for cycle in sorted({*found})}


@pytest.fixture
def player(desk: Desk) -> Player:
    """Two seconds a cycle; a scene in which the one is muted, and now it is not, and has another sound."""
    player = Player(desk)
    desk.save(PIECE.format(quantum=4))
    desk.play(0.5)
    player.say('mute("b"); scene("verse"); unmute()')
    desk.save(PIECE.format(quantum=4).replace("bd", "sd"))
    desk.play(8)
    return player


def test_mutes_come_with_the_layers(desk: Desk, player: Player) -> None:
    """At the boundary of the layer that waits longest, neither before nor after."""
    assert player.say('scene("verse")') == "verse: a from cycle 8; b muted"
    desk.play(14)
    assert counted(desk, "hh")[6] == counted(desk, "hh")[7] == 4
    assert max(counted(desk, "hh")) == 7
    assert min(at for at in counted(desk, "bd") if at > 3) == 8
    assert player.say("undo()").startswith("a from cycle 12; nothing muted")
    desk.play(6)
    assert [counted(desk, "hh").get(cycle) for cycle in (10, 11, 12, 13)] == [None, None, 4, 4]
    assert player.say('scene("verse", quantum=1)').startswith("verse: a from cycle 15")
    assert player.say("undo()").startswith("a from cycle 16")


def test_a_scene_of_mutes_alone_waits_too(desk: Desk, player: Player) -> None:
    """For the next cycle, or as many as are given; what is undone that was done at once is undone at once."""
    player.say('scene("verse", quantum=0)')
    desk.play(2)
    player.say('unmute(); solo("a"); scene("alone"); unsolo()')
    desk.play(0.1)
    first = int(desk.music.passed)
    assert player.say('scene("alone", quantum=2)') == "alone: a solo"
    desk.play(8)
    last = max(counted(desk, "hh"))
    assert last % 2 == 1
    assert 0 <= last - first < 2
    here = desk.music.passed
    assert player.say("undo()") == "nothing muted (undo goes 8 back, redo 1 forth)"
    desk.play(1)
    assert min(at - here for at, sound in desk.heard() if sound == "hh" and at > here) < 0.3


def test_the_next_scene_before_the_first_has_come(desk: Desk, player: Player) -> None:
    """It comes in its stead: of what was never heard nothing is heard."""
    player.say('solo("b"); scene("other"); unsolo()')
    desk.play(0.5)
    player.say('scene("verse", quantum=8)')
    assert player.say('scene("other", quantum=8)') == "other: a from cycle 8; b solo"
    desk.play(12)
    assert [counted(desk, "hh").get(cycle) for cycle in (5, 6, 7, 8, 9)] == [4, 4, 4, 4, 4]
    assert max(counted(desk, "sd")) == 7
    assert max(counted(desk, "bd"), default=0) < 4


def test_whoever_takes_over_waits_as_well(desk: Desk, player: Player) -> None:
    """What is muted until the boundary stands in what is handed over."""
    player.say('scene("verse")')
    late = Session()
    for commit in cast("list[Commit]", json.loads(json.dumps(desk.session.handover()))):
        late.apply(commit)
    assert late.former_mix() == desk.session.former_mix() == desk.scheduler.former
    mix = late.former_mix()
    assert mix is not None
    assert (mix.until, mix.muted, mix.solo) == (Fraction(8), frozenset(), frozenset())
    assert late.muted_places() == {"a.py:b"}


def test_an_engine_that_dies_before_the_boundary(written: type[Played]) -> None:
    """The next one goes on as it would have; and all of it is replayed."""
    played = written()
    played.save(PIECE.format(quantum=4))
    played.play(0.5)
    played.say('mute("b"); scene("verse"); unmute()')
    played.save(PIECE.format(quantum=4).replace("bd", "sd"))
    played.play(9)
    played.say('scene("verse")')
    played.play(1)
    played.start(term=2)
    played.play(9)
    played.finish()
    hats = [float(one.onset) for one in played.events() if one.event.layer == "a.py:b"]
    assert max(hats) == 7.75
    assert len(hats) == len(set(hats)) == 32
    replayed = play_script(script_of(played.rows))
    assert [one.to_json(0.0) for one in replayed.events] == [one.to_json(0.0) for one in played.events()]


def test_no_transition_leads_back(desk: Desk) -> None:
    """A transition is for what is written: what comes back is there at its boundary, and nothing else is."""
    player = Player(desk)
    line = 'a = play(s("{}*4"), transition=xfade_in(cycles=4))\n'
    desk.save(line.format("bd"))
    desk.play(2.5)
    player.say('scene("verse")')
    desk.save(line.format("sd"))
    desk.play(6)
    assert set(counted(desk, "bd")) & set(counted(desk, "sd"))
    assert player.say("undo()").startswith("a from cycle 5")
    desk.play(4)
    assert max(counted(desk, "sd")) == 4
    assert {gain for at, gain in desk.heard("gain") if at >= 5} == set()
    player.say("redo()")
    desk.play(4)
    player.say('scene("verse")')
    desk.play(4)
    assert max(counted(desk, "sd")) < max(counted(desk, "bd"))
    desk.save(line.format("cp"))
    desk.play(4)
    assert {gain for _, gain in desk.heard("gain") if isinstance(gain, float)} != set()
