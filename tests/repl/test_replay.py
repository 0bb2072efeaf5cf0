"""What a session's journal says, played again: the same events, at the same times."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.tempo import Tempo
from repl.errors import ReplError
from repl.loader import load_piece
from repl.namespace import TempoRequest
from repl.replay import Replayed, play_script, read_rows, script_of

if TYPE_CHECKING:
    from repl.commits import Commit
    from tests.repl.conftest import Played

HEADER: Commit = {"kind": "journal", "format": 1, "seed": 3, "settings": {}}

FIRST = """
tempo(120)
drums = play(s("bd*4, ~ cp, hh*8?").every(3, rev))
tune = play(note(fold(lambda v, dice: v + dice.choose([-2, -1, 1, 2]), 60, per_cycle=4, name="walk")))
live = play(s("sd*3").gain(knob("level")).room(knob("wet", 0, 1, .5)))
"""
SECOND = FIRST.replace("[-2, -1, 1, 2]", "[-5, 3]").replace("bd*4", "bd*5") + 'once(s("cr"))\n'
THIRD = "reseed(9)\n" + FIRST.replace("tempo(120)", "tempo(150)").replace("sd*3", "sd*4")
WAYS = FIRST.replace('s("bd*4, ~ cp, hh*8?")', 's("lt*6")').replace(
    "rev))", "rev), transition=xfade_in(cycles=2))"
)
FAILS = FIRST.replace(".every(3, rev)", '.filter_when(lambda t: t < {} or exec("raise Exception"))')
FEWER = 'tempo(120)\ntune = play(note("60 62"))\n'
BROKEN = "drums = play(noote(1))"
EDITIONS = (FIRST, SECOND, THIRD, WAYS, FEWER)


def check(played: Played) -> Replayed:
    """The journal's replay gives the same events; gives the replay."""
    played.finish()
    replayed = play_script(script_of(played.rows))
    assert [one.to_json(0.0) for one in replayed.events] == [one.to_json(0.0) for one in played.events()]
    assert replayed.events == played.events()
    # Its line of time has each of them at its cycle, from the first to the last.
    assert all(abs(replayed.tempo.cycle_at(one.event.at) - one.onset) < 1e-3 for one in replayed.events)
    return replayed


def test_a_whole_session_plays_again(written: type[Played]) -> None:
    """Editions, a broken one, statements, mute, solo, tempo, seed, knobs, folds, once, hush, panic."""
    played = written()
    played.say("mute_me = 1")
    played.save(FIRST)
    played.play(5.3)
    played.say('turn("level", .8)')
    played.play(0.4)
    played.save(BROKEN)
    played.save(SECOND)
    played.play(3.1)
    played.say('mute("drums")')
    played.play(1.7)
    played.say('turn("level", .3)')
    played.say('once(s("cb*3"))')
    played.play(0.2)
    played.say('unmute("drums"); solo("tune")')
    played.say('bell = play(s("bell").chop(2), quantum=0)')
    played.play(2.9)
    played.say("unsolo()")
    played.save(THIRD)
    played.play(3.3)
    played.say("tempo(90, over=3)")
    played.play(4.4)
    played.say("reseed(21)")
    played.music.nudge(0.03)
    played.play(2.2)
    played.say('drums = play(s("hh*3"))')
    played.save(WAYS)
    played.play(4.1)
    played.save('other = play(s("rim*2"))', "b.py")
    played.play(2)
    played.music.end_piece("b.py")
    played.play(1.5)
    played.say("hush()")
    played.play(1)
    played.save(SECOND)
    played.play(3)
    played.say("panic()")
    played.play(0.7)
    played.say("del drums")
    played.save(FIRST)
    played.play(5)
    replayed = check(played)
    layers = {one.event.layer for one in replayed.events}
    assert {"a.py:drums", "a.py:tune", "a.py:live", "b.py:other", ":bell"} <= layers
    assert {"once 1", "once 2"} <= layers
    assert len(replayed.events) > 300
    assert replayed.troubles == []


@pytest.mark.parametrize("cycle", [5, "5.3", 7])
def test_a_version_that_failed_fails_where_it_failed(written: type[Played], cycle: object) -> None:
    """And what played in its stead plays in its stead, with what its folds had reached."""
    played = written()
    played.save(SECOND)
    played.play(6.3)
    loaded = load_piece(FAILS.format(cycle), "a.py")
    played.music.accept_piece(loaded, [])
    played.play(12)
    assert any(row["kind"] == "fell" for row in played.rows)
    check(played)


def test_what_failed_by_chance_is_not_asked_again(written: type[Played]) -> None:
    """A version that took too long then, or killed its engine, may do otherwise now."""
    played = written()
    played.save(FIRST)
    played.play(6.3)
    loaded = load_piece(FAILS.format("7"), "a.py")
    played.music.accept_piece(loaded, [])
    played.play(12)
    events = played.events()
    for row in played.rows:
        if row["kind"] == "file":
            row["source"] = str(row["source"]).replace("exec(", "str(")  # now it would not fail
    played.finish()
    replayed = play_script(script_of(played.rows))
    assert replayed.events == events


def test_an_engine_that_takes_over_goes_on_in_the_journal(written: type[Played]) -> None:
    """What was accepted and not done by the one is done by the other; what was played once is lost."""
    played = written()
    played.save(FIRST)
    played.play(5.3)
    played.say('turn("level", .8)')
    played.play(2)
    played.say('mute("drums")')
    played.play(0.5)
    played.music.tell_memory()
    played.play(0.1)
    played.say('late = play(s("lt*2"))')  # the engine dies before it is done
    played.waiting.clear()
    # Soon enough for layers that follow a knob, too: they are sent ahead 0.1 s, and what is missed is missed.
    played.clock.advance(0.05)
    played.start(2)
    played.play(3)
    played.save(SECOND)
    played.say('once(s("cb"))')
    played.play(4)
    replayed = check(played)
    assert {":late", "once 1", "once 2"} <= {one.event.layer for one in replayed.events}


def test_the_layer_that_took_the_engine_down_is_not_asked(written: type[Played]) -> None:
    """It went back a version then, and does so now."""
    played = written()
    played.save(FEWER)
    played.play(5.3)
    played.save(FEWER.replace('"60 62"', '"70 72"'))
    played.play(4)
    played.clock.advance(0.3)
    played.start(2, "a.py:tune")
    played.play(3)
    notes = {one.event.controls["note"] for one in check(played).events}
    assert notes == {60, 62, 70, 72}


def test_it_goes_on_where_the_beginning_is_not_kept(written: type[Played]) -> None:
    """A later part begins with the state; from there on the events are the same."""
    played = written()
    played.save(FIRST)
    played.play(6.3)
    played.say('turn("level", .8)')
    played.save(SECOND)
    played.play(5)
    played.music.tell_memory()
    played.play(0.1)
    at = played.clock.now()
    commits = json.loads(json.dumps(played.session.handover()))
    played.note({**HEADER})
    played.note({"kind": "state", "commits": commits, "at": at, "cycle": played.music.cycle})
    played.play(2)
    played.save(FIRST)
    played.play(6)
    check(played)  # with the beginning, the state in the middle is passed over
    rows = played.rows[next(i for i, row in enumerate(played.rows) if row["kind"] == "state") - 1 :]
    replayed = play_script(script_of(rows))
    wanted = [one for one in played.events() if one.event.at >= at]
    assert len(wanted) > 50
    assert [one for one in replayed.events if one.event.at >= at] == wanted


def test_a_line_of_time_that_is_bent_often_is_written_in_short(written: type[Played]) -> None:
    """Each row has only what is new: else a clock that is followed would fill the journal."""
    played = written()
    played.save(FIRST)
    played.play(1)
    for _ in range(60):
        played.music.nudge(0.004)
        played.play(0.3)
    lines = [cast("list[object]", row["tempo"]) for row in played.rows if row["kind"] == "tempo"]
    assert len(lines) == 61
    assert max(len(line) for line in lines) <= 12
    assert len(played.scheduler.tempo.segments) > 50
    check(played)


def test_a_part_of_it(written: type[Played]) -> None:
    """From a cycle to another."""
    played = written()
    played.save(FIRST)
    played.play(15)
    played.finish()
    replayed = play_script(script_of(played.rows), Fraction(2), Fraction(4))
    assert replayed.events == [one for one in played.events() if 2 <= one.onset < 4]
    assert (replayed.beginning, replayed.end) == (pytest.approx(1004.15), pytest.approx(1008.15))


def test_a_session_in_which_nothing_played() -> None:
    """Is said to be one."""
    with pytest.raises(ReplError, match="nothing was played"):
        play_script(script_of([HEADER]))


def test_what_is_no_journal_is_refused(tmp_path: Path) -> None:
    """With what to do."""
    path = tmp_path / "a.jsonl"
    with pytest.raises(ReplError, match="cannot be read"):
        read_rows(path)
    path.write_text("# a diary")
    with pytest.raises(ReplError, match="no journal"):
        read_rows(path)
    path.write_text('{"kind": "journal", "format": 99}')
    with pytest.raises(ReplError, match="format 99"):
        read_rows(path)
    path.write_text(json.dumps(HEADER) + "\n{torn")
    rows, said = read_rows(path)
    assert (rows, len(said)) == ([HEADER], 1)


STEPS = st.one_of(
    st.tuples(st.just("save"), st.sampled_from([*EDITIONS, BROKEN, FAILS.format(9)])),
    st.tuples(
        st.just("say"),
        st.sampled_from(
            [
                'mute("drums")',
                "unmute()",
                'solo("tune")',
                "unsolo()",
                "reseed(5)",
                "reseed(8)",
                "tempo(100)",
                "tempo(140, over=2)",
                'once(s("cb*2"))',
                'bell = play(s("bell*3"), quantum=2)',
                'tune = play(note("40 41"))',
                "del tune",
                'hush("drums")',
                "hush()",
                "1 / 0",
                "undo()",
                "redo()",
                'scene("verse")',
                'scene("chorus", quantum=2)',
                "set_cycle(3)",
                "loop(1, 3)",
                "loop()",
                "pause()",
                "resume()",
                "tap(); tap()",
            ]
        ),
    ),
    st.tuples(st.just("turn"), st.floats(0, 1)),
    st.tuples(st.just("nudge"), st.sampled_from([-0.05, 0.02])),
    st.tuples(st.just("gone"), st.sampled_from([Fraction(0), Fraction(2)])),
)


Step = tuple[tuple[str, object], float]
"""What is done, and how long it plays after it."""


@settings(max_examples=25)
@given(st.lists(st.tuples(STEPS, st.floats(0.01, 3)), min_size=3, max_size=12))
def test_any_session_plays_again(written: type[Played], steps: list[Step]) -> None:
    """Whatever is done, in whatever order."""
    played = written()
    played.save(FIRST)
    played.play(0.5)
    for (kind, what), seconds in steps:
        if kind == "save":
            played.save(cast("str", what))
        elif kind == "say":
            played.say(cast("str", what))
        elif kind == "turn":
            played.music.turn("level", cast("float", what))
        elif kind == "gone":
            played.music.end_piece("a.py", cast("Fraction", what))
        else:
            played.music.nudge(cast("float", what))
        played.play(seconds)
    check(played)


def test_the_beginning_may_be_set_before_anything_plays(written: type[Played]) -> None:
    """A tempo, a seed and a mute come before the first layer."""
    played = written()
    played.music.set_tempo(TempoRequest(90, 3))
    played.say("reseed(4)")
    played.play(0.5)
    played.save('drums = play(s("bd*4?"))')
    played.play(6)
    check(played)
    assert played.session.tempo != Tempo.steady(0.5)
