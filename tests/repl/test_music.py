"""What accepted changes do to the music, in virtual time, from the piece to the sink."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from repl.errors import LoadError
from repl.loader import load_piece
from repl.namespace import TempoRequest
from repl.session import Session

if TYPE_CHECKING:
    from tests.repl.conftest import Desk


def say(desk: Desk, source: str) -> None:
    """Type a statement, as the prompt's answer does."""
    loaded = desk.session.statement(source, {})
    desk.music.accept_statement(loaded, desk.music.try_statement(loaded))
    desk.play(0)


def test_the_first_piece_begins_in_a_moment(desk: Desk) -> None:
    """At its own tempo, and at cycle 0, whatever the clock says."""
    desk.clock.advance(1000)
    assert desk.save('tempo(60)\na = play(s("bd*2"))') == "a.py: a from cycle 0"
    assert desk.begins == [1000.15]
    desk.play(4)
    assert desk.heard()[:4] == [(0, "bd"), (0.5, "bd"), (1, "bd"), (1.5, "bd")]
    assert desk.scheduler.tempo.cps_at(desk.clock.now()) == 0.25


def test_a_late_target_gets_time_for_its_latency(desk: Desk) -> None:
    """Else the first notes of it would be late."""
    desk.save('a = play(s("bd"), on=superdirt(latency=.4))')
    assert desk.begins == pytest.approx([0.55])


def test_a_save_takes_hold_at_the_next_cycle(desk: Desk) -> None:
    """What comes before it plays on, what is unchanged is not touched."""
    desk.save('a = play(s("bd*2"))\nb = play(s("hh"))')
    desk.play(2.5)
    log = len(desk.recorder.log)
    assert desk.save('a = play(s("sd*2"))\nb = play(s("hh"))') == "a.py: a, b from cycle 2"
    touched = {str(getattr(e, "layer", "")) for kind, e in desk.recorder.log[log:] if kind == "send"}
    assert "a.py:b" not in touched
    desk.play(2)
    heard = [row for row in desk.heard() if row[1] != "hh"]
    assert heard[:6] == [(0, "bd"), (0.5, "bd"), (1, "bd"), (1.5, "bd"), (2, "sd"), (2.5, "sd")]


def test_what_is_gone_from_the_file_ends(desk: Desk) -> None:
    """At the boundary of its own quantum."""
    desk.save('a = play(s("bd"))\nb = play(s("hh"), quantum=4)')
    desk.play(2.5)
    desk.save('a = play(s("bd"))')
    desk.play(10)
    assert [c for c, what in desk.heard() if what == "hh"] == [0, 1, 2, 3]


def test_a_tempo_counts_when_its_line_changes(desk: Desk) -> None:
    """What was typed meanwhile holds until then."""
    desk.save('tempo(120)\na = play(s("bd"))')
    desk.play(1)
    say(desk, "tempo(90, 3)")
    desk.play(1)
    assert (desk.session.beats, desk.music.cps) == (3, 0.5)
    say(desk, "tempo(60)")
    desk.play(1)
    desk.save('tempo(120)\na = play(s("sd"))')
    desk.play(4)
    assert desk.music.cps == 0.25
    desk.save('tempo(240)\na = play(s("sd"))')
    desk.play(8)
    assert desk.music.cps == 1
    assert desk.session.tempo == desk.scheduler.tempo


def test_a_tempo_before_anything_plays(desk: Desk) -> None:
    """It holds for the first piece, and for an understudy that hears of it."""
    desk.music.set_tempo(TempoRequest(90, 3))
    say(desk, "tempo(60)")
    fresh = Session()
    for commit in desk.commits:
        fresh.apply(commit)
    assert (fresh.begun, fresh.beats, fresh.tempo.cps_at(0)) == (False, 4, 0.25)
    desk.save('a = play(s("bd"))')
    assert desk.session.begun
    assert desk.music.cps == 0.25


def test_a_ramp_begins_where_the_tempo_is(desk: Desk) -> None:
    """In the first piece at the tempo that was set, later at the next cycle; an understudy has the same."""
    desk.music.set_tempo(TempoRequest(60, 4))
    desk.save('tempo(180, over=4)\na = play(s("bd*4"))')
    begin = desk.begins[0]
    tempo = desk.scheduler.tempo
    assert (tempo.cps_at(begin), tempo.cps_at(begin + 8)) == (0.25, 0.75)
    assert tempo.time_at(4) == pytest.approx(begin + 8)
    desk.play(9)
    desk.save('tempo(60, over=2)\na = play(s("bd*4"))')
    desk.play(8)
    assert desk.scheduler.tempo.segments[-2].cycle.denominator == 1
    assert desk.music.cps == 0.25
    assert [c for c, _ in desk.heard()] == pytest.approx([i / 4 for i in range(len(desk.heard()))], abs=1e-5)
    fresh = Session()
    for commit in desk.commits:
        fresh.apply(commit)
    assert fresh.tempo == desk.scheduler.tempo


def test_tapping_and_nudging(desk: Desk) -> None:
    """Taps set the tempo; a nudge moves the music by a bend of it; an understudy has the same."""
    desk.music.nudge(0.1)  # nothing plays yet
    desk.save('a = play(s("bd*4"))')
    desk.play(2)
    assert desk.music.tap() is None
    for _ in range(3):
        desk.play(0.75)
        assert desk.music.tap() == pytest.approx(80)
    desk.play(1)
    assert desk.music.cps == pytest.approx(1 / 3)
    before = desk.scheduler.tempo.time_at(20)
    desk.music.nudge(-0.05)
    desk.play(3)
    assert desk.scheduler.tempo.time_at(20) == pytest.approx(before - 0.05)
    assert desk.session.tempo == desk.scheduler.tempo
    assert [c for c, _ in desk.heard()] == pytest.approx([i / 4 for i in range(len(desk.heard()))], abs=1e-5)


def test_once_plays_once(desk: Desk) -> None:
    """In a file when its line is new or has changed; at the prompt each time."""
    desk.save('once(s("cp"))')
    desk.play(4)
    desk.save('once(s("cp"))\nx = 1')
    desk.play(4)
    assert [what for _, what in desk.heard()] == ["cp"]
    desk.save('once(s("cp sd"))')
    desk.play(4)
    say(desk, 'once(s("hh"))')
    desk.play(4)
    say(desk, 'once(s("hh"))')
    desk.play(4)
    assert [what for _, what in desk.heard()] == ["cp", "cp", "sd", "hh", "hh"]
    assert desk.session.playing() == []


def test_hush_and_silence(desk: Desk) -> None:
    """`hush` lets ring out, `panic` does not; both end every layer."""
    desk.save('a = play(s("bd*4"))')
    desk.play(1)
    desk.music.accept({"kind": "hush"})
    desk.play(4)
    assert max(cycle for cycle, _ in desk.heard()) < 1
    assert ("panic", None) not in desk.recorder.log
    desk.save('a = play(s("bd*4"))')
    desk.play(1)
    desk.music.silence()
    desk.play(1)
    assert ("panic", None) in desk.recorder.log
    assert desk.session.playing() == []
    assert desk.scheduler.places == {}


def test_single_layers_end(desk: Desk) -> None:
    """At the next whole cycle."""
    desk.save('a = play(s("bd"))\nb = play(s("hh"))')
    desk.play(1)
    desk.music.end_layers(["a.py:a"])
    desk.play(6)
    assert [c for c, what in desk.heard() if what == "bd"] == [0]
    assert len([c for c, what in desk.heard() if what == "hh"]) > 2


def test_mute_survives_a_save(desk: Desk) -> None:
    """The layer goes on unheard, also in its next version."""
    desk.save('a = play(s("bd*4"))\nb = play(s("hh"))')
    desk.play(2.15)
    desk.music.accept({"kind": "mix", "muted": ["a"], "solo": []})
    desk.play(1)
    desk.save('a = play(s("sd*4"))\nb = play(s("hh"))')
    desk.play(4)
    heard = desk.heard()
    assert max(c for c, what in heard if what == "bd") <= 1
    assert not [c for c, what in heard if what == "sd"]
    desk.music.accept({"kind": "mix", "muted": [], "solo": []})
    desk.play(4)
    assert [c for c, what in desk.heard() if what == "sd"]


def test_a_solo_ends_with_its_layer(desk: Desk) -> None:
    """The others are heard again."""
    desk.save('a = play(s("bd*4"))\nb = play(s("hh*4"))')
    desk.play(2.15)
    desk.music.accept({"kind": "mix", "muted": [], "solo": ["b"]})
    desk.play(2)
    assert max(c for c, what in desk.heard() if what == "bd") <= 1
    desk.save('a = play(s("bd*4"))')
    desk.play(2)
    assert max(c for c, what in desk.heard() if what == "bd") > 2


def test_a_knob_is_turned_for_live_layers(desk: Desk) -> None:
    """And noted for whoever takes over."""
    desk.save('a = play(s("bd*4").gain(knob("level")))')
    desk.play(2)
    desk.music.turn("level", 0.5)
    desk.play(2)
    gains = [value for _, value in desk.heard("gain")]
    assert gains[0] == 0
    assert gains[-1] == 0.5
    assert desk.session.controls.at("level", Fraction(100)) == 0.5


def test_a_seed_counts_when_its_line_changes(desk: Desk) -> None:
    """Like a tempo."""
    desk.save('reseed(3)\na = play(s("bd").degrade_by(.5))')
    assert desk.scheduler.seed == desk.session.seed == 3
    say(desk, "reseed(4)")
    desk.save("reseed(3)\nx = 1")
    assert desk.scheduler.seed == desk.session.seed == 4
    desk.save("reseed(5)")
    assert desk.scheduler.seed == desk.session.seed == 5


def test_a_file_that_goes_ends_its_layers(desk: Desk) -> None:
    """And those only."""
    desk.save('a = play(s("bd"))')
    desk.save('a = play(s("hh"))', "b.py")
    desk.play(1)
    desk.music.end_piece("a.py")
    desk.play(6)
    assert [c for c, what in desk.heard() if what == "bd"] == [0]
    assert desk.session.playing() == ["b.py:a"]


def test_the_understudy_can_go_on_at_any_moment(desk: Desk) -> None:
    """From the commits alone comes a session that plays the same events."""
    desk.save('a = play(s("bd*4").sometimes(rev))\nb = play(s("hh*8").degrade_by(.3), quantum=2)')
    desk.play(3)
    say(desk, 'c = play(s("cp*2"))')
    say(desk, "reseed(11)")
    desk.play(1.5)
    desk.save('a = play(s("sd*4").sometimes(rev))\nb = play(s("hh*8").degrade_by(.3), quantum=2)')
    desk.play(0.5)
    fresh = Session()
    for commit in desk.commits:
        fresh.apply(commit)
    other = type(desk)(fresh)
    other.clock.advance(desk.clock.now())
    other.scheduler.seed = fresh.seed
    other.scheduler.resume(fresh.as_places(), fresh.tempo, fresh.controls)
    now = desk.clock.now()
    for one in (desk, other):
        one.play(6)
        one.recorder.held = {i: row for i, row in one.recorder.held.items() if row[1].at > now + 3}
    assert {e.id for e in other.recorder.events()} == {e.id for e in desk.recorder.events()}
    assert other.recorder.events() == desk.recorder.events()


def test_a_piece_is_tried_with_what_it_plays_once(desk: Desk) -> None:
    """Also these targets must be ready, and also these mistakes are found."""
    loaded = load_piece('once(note("c3"), on=midi())\na = play(s("bd"))', "a.py")
    assert {t.kind for t in desk.music.try_piece(loaded)} == {"midi", "audio"}


def of_layer(desk: Desk, name: str) -> list[tuple[float, object]]:
    """What one layer lets sound: cycles and gains, 1 where none is said."""
    tempo = desk.scheduler.tempo
    events = [e for e in desk.recorder.events() if e.layer == name]
    return [(round(tempo.cycle_at(e.at), 6), e.controls.get("gain", 1)) for e in events]


def test_a_layer_takes_over_by_its_transition(desk: Desk) -> None:
    """From the boundary on both sound, with gains that cross; then the new one alone, with its own ids."""
    desk.save('a = play(s("bd*2"))')
    desk.play(2.5)
    desk.save('a = play(s("sd*2"), transition=xfade_in(cycles=2))')
    desk.play(7.5)
    heard = desk.heard()
    assert [what for c, what in heard if c < 2] == ["bd"] * 4
    assert sorted(c for c, what in heard if what == "bd" and c >= 2) == [2, 2.5, 3, 3.5]
    assert [c for c, what in heard if what == "sd" and c < 5] == [2, 2.5, 3, 3.5, 4, 4.5]
    plain = type(desk)()
    plain.save('a = play(s("sd*2"))')
    plain.play(10)
    late = {e.id for e in desk.recorder.events() if desk.scheduler.tempo.cycle_at(e.at) >= 4}
    assert late & {e.id for e in plain.recorder.events()} == late


def test_a_transition_goes_on_when_another_line_changes(desk: Desk) -> None:
    """A layer that says the same goes on its way; one that has arrived does not set out again."""
    desk.save('a = play(s("bd*2"))\nb = play(s("hh"))')
    desk.play(2.5)
    desk.save('a = play(s("sd*2"), transition=xfade_in(cycles=4))\nb = play(s("hh"))')
    desk.play(2)
    before = sorted(of_layer(desk, "a.py:a"))
    desk.save('a = play(s("sd*2"), transition=xfade_in(cycles=4))\nb = play(s("oh"))')
    assert sorted(of_layer(desk, "a.py:a")) == before
    desk.play(10)
    assert {what for c, what in desk.heard() if c >= 6} == {"sd", "oh"}
    count = len(of_layer(desk, "a.py:a"))
    desk.save('a = play(s("sd*2"), transition=xfade_in(cycles=4))\nb = play(s("cp"))')
    assert len(of_layer(desk, "a.py:a")) == count


def test_a_transition_leaves_from_what_was_said_not_from_the_way(desk: Desk) -> None:
    """A change in the middle of a change comes from the newest pattern; the ways do not pile up."""
    for what in ("a", "b", "c", "d"):
        desk.save(f'x = play(s("{what}*4"), transition=clutch_in(cycles=8))')
        desk.play(2)
    layer = desk.session.places["a.py:x"][-1][1]
    assert layer is not None
    assert layer.way is not None
    assert [hap.value for hap in layer.way.before.haps(0, "1/4")] == [{"s": "c"}]
    assert [hap.value for hap in layer.way.after.haps(0, "1/4")] == [{"s": "d"}]


def test_an_understudy_goes_on_in_the_middle_of_a_transition(desk: Desk) -> None:
    """From the commits alone come the same events."""
    desk.save('a = play(s("bd*4"))')
    desk.play(2.5)
    desk.save('a = play(s("sd*8"), transition=clutch_in(cycles=6))')
    desk.play(3)
    fresh = Session()
    for commit in desk.commits:
        fresh.apply(commit)
    (mine,) = (layer for _, layer in desk.session.places["a.py:a"][-1:])
    (other,) = (layer for _, layer in fresh.places["a.py:a"][-1:])
    assert mine is not None
    assert other is not None
    assert other.pattern.haps(2, 9, seed=5) == mine.pattern.haps(2, 9, seed=5)


def test_a_transition_that_cannot_be_gone_is_a_change_at_once(desk: Desk) -> None:
    """Folds of one name go on in the new version; they cannot be in both at once."""
    fold = 'note(fold(lambda v: (v + 1) % 7, 0, name="steps"))'
    desk.save(f"a = play({fold})")
    desk.play(2.5)
    desk.save(f"a = play({fold}.fast(2), transition=clutch)")
    desk.play(4)
    assert desk.troubles == []
    assert len([c for c, _ in desk.heard("note") if 2 <= c < 3]) == 2


@pytest.mark.parametrize(
    ("transition", "hint"),
    [
        ("4", "such as clutch"),
        ("s('bd')", "such as clutch"),
        ("lambda old, new, at: None", "must make a pattern"),
        ("clutch_in(cycles=-1)", "0 cycles or more"),
    ],
)
def test_a_wrong_transition_is_an_error_of_its_line(transition: str, hint: str) -> None:
    """It is tried when the piece is read."""
    with pytest.raises(LoadError, match=hint):
        load_piece(f'a = play(s("bd"), transition={transition})', "a.py")
