"""What folds have reached, in a session: through saves, and in the understudy that goes on."""

from __future__ import annotations

import json
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from bridge.layer import Layer, layer_seed, seed_of
from bridge.scheduler import Scheduler
from bridge.sink import Recorder
from bridge.watchman import Watchman
from patterns.folding import fold
from patterns.registry import namespace
from repl.errors import LoadError
from repl.loader import load_piece
from repl.rehearsal import FAR_AWAY, rehearse
from repl.session import Session
from repl.sinks import default_target
from repl.warming import Warming

if TYPE_CHECKING:
    from tests.repl.conftest import Desk

WALK = (
    'lead = play(note(fold(lambda v, dice: v + dice.choose([-2, -1, 1, 2]), 60, per_cycle=4, name="walk")))\n'
)
PLAIN = "lead = play(note(fold(lambda v: v + 1, 0, per_cycle=4{})))\n"
HITS = 'beat = play(s("bd*3").note(s("bd*3").count("hits")))\n'


def notes(desk: Desk, begin: float = 0, end: float = 1e9) -> list[Any]:
    """What the recorder would let sound between two cycles."""
    return [value for at, value in sorted(desk.heard("note")) if begin <= at < end]


def understudy(desk: Desk) -> Session:
    """A session made of the commits alone, as they go over the wire."""
    fresh = Session()
    for commit in json.loads(json.dumps(desk.session.handover())):
        fresh.apply(commit)
    return fresh


def take_over(desk: Desk, session: Session) -> tuple[Recorder, Scheduler]:
    """Another engine in the place of the first."""
    recorder = Recorder()
    sinks = {"midi": recorder, "osc": recorder, "audio": recorder}
    scheduler = Scheduler(desk.clock, sinks, session.tempo, default_target, seed=session.seed)
    scheduler.resume(session.as_places(), session.tempo, session.controls)
    scheduler.reconcile(recorder, [])
    return recorder, scheduler


@pytest.mark.parametrize("code", [WALK, PLAIN.format(', name="n"'), PLAIN.format(""), HITS])
def test_a_save_of_something_else_changes_nothing(desk: Desk, code: str) -> None:
    """The layer is loaded anew and goes on to the note."""
    other = type(desk)()
    for one in (desk, other):
        one.save(code + 'x = play(s("bd"))')
        one.play(9.3)
    assert desk.save(code + 'x = play(s("sd"))').endswith("from cycle 5")
    for one in (desk, other):
        one.play(12)
    assert notes(desk, 0, 10) == notes(other, 0, 10)
    assert desk.troubles == []


def test_an_edit_goes_on_from_the_state(desk: Desk) -> None:
    """Named: from where it was; unnamed: as if it had always been so."""
    for name, first in ((', name="n"', 20), ("", 200)):
        one = type(desk)()
        one.save(PLAIN.format(name))
        one.play(9.3)
        one.save(PLAIN.format(name).replace("v + 1", "v + 10"))
        one.play(6)
        assert notes(one, 4, 5) == [16, 17, 18, 19]
        assert notes(one, 5, 6) == [first, first + 10, first + 20, first + 30]


@pytest.mark.parametrize("after", [0.0, 0.6, 7.0, 40.0])
@pytest.mark.parametrize("code", [WALK, PLAIN.format(', name="n"'), PLAIN.format(""), HITS])
def test_an_understudy_goes_on_with_the_same_values(desk: Desk, code: str, after: float) -> None:
    """Whenever it takes over after an edit: from the commits alone, the same events as undisturbed."""
    edited = (
        code.replace("v + 1", "v + 10").replace("dice.choose([-2,", "dice.choose([-3,").replace("*3", "*5")
    )
    desk.save(code)
    desk.play(9.3)
    desk.save(edited)
    desk.play(after)
    for _ in range(2):
        desk.music.tell_memory()
    desk.work()
    session = understudy(desk)
    recorder, scheduler = take_over(desk, session)
    now = scheduler.tempo.cycle_at(desk.clock.now())
    for _ in range(120):
        desk.play(0.05)
        scheduler.step()
    rows = [(round(scheduler.tempo.cycle_at(e.at), 6), e.controls["note"]) for e in recorder.events()]
    wanted = [row for row in sorted(desk.heard("note")) if now + 0.1 < row[0] < now + 2.5]
    assert len(wanted) >= 6
    assert [row for row in sorted(rows) if now + 0.1 < row[0] < now + 2.5] == wanted


def test_what_is_handed_over_stays_small(desk: Desk) -> None:
    """One commit, however long it goes on; and the seed is in the record."""
    desk.save(WALK + HITS + "reseed(7)")
    for _ in range(100):
        desk.play(4)
        desk.music.tell_memory()
    desk.work()
    kinds = [commit["kind"] for commit in desk.session.history]
    assert kinds.count("memory") == 1
    assert {"kind": "seed", "seed": 7} in desk.session.history
    assert len(json.dumps(desk.session.history)) < 3000


def test_a_version_that_fell_back_is_handed_over_as_such(desk: Desk) -> None:
    """What the bad one had taken over goes to the one in its stead."""
    desk.save(WALK)
    desk.play(6.1)
    still = type(desk)()
    still.save(WALK)
    still.play(40)
    bad = WALK.replace("lambda v, dice: v +", "lambda v, dice: v + 0 *").replace(
        'name="walk")', 'name="walk").filter_when(lambda t: t < 12 or exec("raise Exception"))'
    )
    loaded = load_piece(bad, "a.py")
    desk.music.accept_piece(loaded, [])
    desk.play(0)
    while not desk.troubles:
        desk.play(1)
    desk.play(2)  # it is asked ahead, and falls back when it is planned
    desk.music.remember({"kind": "fallback", "place": "a.py:lead"})
    desk.music.tell_memory()
    desk.play(10)
    assert [t.fallen_back for t in desk.troubles] == [True]
    assert notes(desk, 12, 15) == notes(still, 12, 15)
    recorder, scheduler = take_over(desk, understudy(desk))
    now = scheduler.tempo.cycle_at(desk.clock.now())
    for _ in range(60):
        desk.play(0.05)
        scheduler.step()
    rows = [(round(scheduler.tempo.cycle_at(e.at), 6), e.controls["note"]) for e in recorder.events()]
    wanted = [row for row in sorted(desk.heard("note")) if now + 0.1 < row[0] < now + 2]
    assert [row for row in sorted(rows) if now + 0.1 < row[0] < now + 2] == wanted


def test_an_understudy_computes_unnamed_folds_in_advance(desk: Desk) -> None:
    """A long time in, taking over does not begin at cycle 0."""
    desk.save("tempo(400)\n" + PLAIN.format("").replace("per_cycle=4", "per_cycle=16"))
    desk.clock.advance(24_000)
    session = understudy(desk)
    warming = Warming(session, desk.clock, Watchman("watch over a test").limit)
    for _ in range(12):
        warming.go_on()
    assert session.lent["a.py:lead"][1].used
    recorder, scheduler = take_over(desk, session)
    now = scheduler.tempo.cycle_at(desk.clock.now())
    assert now > 39_000
    events = sorted((scheduler.tempo.cycle_at(e.at), e.controls["note"]) for e in recorder.events())
    assert events[0][1] == pytest.approx(events[0][0] * 16, abs=1)


def test_a_save_far_into_a_session(desk: Desk) -> None:
    """What has no name is computed once more, in the rehearsal, and taken over from there."""
    code = "tempo(400)\n" + PLAIN.format("").replace("per_cycle=4", "per_cycle=16")
    desk.save(code)
    place = desk.scheduler.places["a.py:lead"]
    desk.clock.advance(24_000)
    place.planned = Fraction(40_000)
    desk.save(code.replace("v + 1", "v + 2"))
    desk.play(1)
    assert desk.troubles == []
    assert {v % 2 for v in notes(desk, 40_001)} == {0}


def test_a_rehearsal_skips_far_cycles_of_folds() -> None:
    """They would have to be computed from the beginning; other layers are tried there as ever."""
    asked: list[int] = []

    def step(value: int) -> int:
        asked.append(value)
        return value + 1

    note: Any = namespace()["note"]
    rehearse({"a.py:a": Layer(note(fold(step, 0)))}, "a.py", "", cycle=3.2, cps=0.5, seed=0)
    assert max(asked) < min(FAR_AWAY)


def test_a_step_without_end_is_found_in_the_rehearsal() -> None:
    """By the limit of a query, with its line."""
    source = "def step(v):\n  while v: pass\n  return 1\nx = play(note(fold(step, 0)))"
    loaded = load_piece(source, "a.py")
    with pytest.raises(
        LoadError, match=r"a.py:4: one query took longer than 80 ms .* in a.py:2:3 \(layer x\)"
    ):
        rehearse(
            {"a.py:x": loaded.layers["x"]},
            "a.py",
            source,
            cycle=3.0,
            cps=0.5,
            seed=0,
            limit=Watchman("watch over a test").limit,
        )


def test_seeds_of_piece_and_layer(desk: Desk) -> None:
    """A layer's own is its own; Strudel's streams take the piece's as it is."""
    desk.save('reseed(7)\na = play(s("bd?"))\nb = play(s("bd?"), seed=3)\nc = play(s("bd?"), rng="strudel")')
    layers = load_piece(desk.session.files["a.py"].source, "a.py").layers
    found = {name: layer_seed(7, f"a.py:{name}", layer) for name, layer in layers.items()}
    assert found == {"a": seed_of(7, "a"), "b": 3, "c": 7}


def test_the_stream_reaches_the_query(desk: Desk) -> None:
    """What a layer plays with rng="strudel" is what its pattern says with that stream."""
    desk.save('a = play(note("0*8").add(note(irand(12).segment(8))), rng="strudel")')
    desk.play(8)
    pattern = desk.session.files["a.py"].layers["a"].pattern
    wanted = [hap.value["note"] for hap in pattern.haps(0, 3, rng="strudel", seed=0)]
    assert notes(desk, 0, 3) == wanted
    assert wanted != [hap.value["note"] for hap in pattern.haps(0, 3)]


def test_a_piece_chooses_for_its_layers() -> None:
    """`reseed(…, rng=…)` holds for all that do not choose themselves."""
    layers = load_piece(
        'a = play(s("bd"))\nb = play(s("bd"), rng="hash")\nreseed(0, rng="strudel")', "a.py"
    ).layers
    assert (layers["a"].rng, layers["b"].rng) == ("strudel", "hash")


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ('a = play(s("bd"), rng="dice")', "one of hash, strudel, precise"),
        ('a = play(s("bd"), seed="x")', "whole number"),
        ('reseed(3, rng="x")', "one of hash"),
        ("reseed(None)", "whole number"),
    ],
)
def test_wrong_seeds_are_named(code: str, text: str) -> None:
    """At once, with the line."""
    with pytest.raises(LoadError, match=text):
        load_piece(code, "a.py")


def test_a_first_piece_is_rehearsed_with_its_own_seed(desk: Desk) -> None:
    """What its folds were computed to before it began is what they play: the dice are those of its seed."""
    desk.save("reseed(11)\n" + WALK)
    desk.play(8)
    again = type(desk)(Session(seed=11))
    again.scheduler.set_seed(11)
    again.save(WALK)
    again.play(8)
    assert len(desk.heard("note")) > 20
    assert desk.heard("note") == again.heard("note")
