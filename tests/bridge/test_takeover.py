"""One engine ends at any moment, another goes on: no event missed, none doubled, no note hanging."""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.clock import ManualClock
from bridge.controls import ControlTimeline
from bridge.layer import Layer
from bridge.place import Place
from bridge.scheduler import Scheduler
from bridge.sink import Player, Recorder
from bridge.targets import midi
from bridge.tempo import Tempo
from patterns.inputs import knob
from patterns.registry import namespace

NAMES: dict[str, Any] = namespace()
s, note = NAMES["s"], NAMES["note"]

LAYERS = {
    "drums": Layer(s("bd*4, ~ cp, hh*8"), midi()),
    "long": Layer(note("<c2 e2>").slow(2), midi(channel=2)),
    "chance": Layer(note("c3*8").degrade_by(0.5), midi(channel=3)),
    "quiet": Layer(note("c4*4"), midi(channel=4)),
}
LIVE = Layer(note("c3*8").gain(knob("level", default=0.5)), midi(channel=5))
LENGTH = 12.0

Deed = Callable[[Scheduler], None]


@dataclass
class Session:
    """A clock and a sending process that outlive their engines."""

    clock: ManualClock = field(default_factory=ManualClock)
    player: Player = field(default_factory=Player)

    def engine(self, tempo: Tempo) -> Scheduler:
        """Another engine for the same session."""
        return Scheduler(self.clock, {"midi": self.player}, tempo, lambda _: midi())

    def run(self, scheduler: Scheduler | None, until: float, tick: float = 0.05) -> None:
        """Let time pass with an engine, or without one."""
        while self.clock.now() < until:
            self.clock.advance(min(tick, until - self.clock.now()))
            self.player.play(self.clock.now())
            if scheduler is not None:
                scheduler.step()

    def take_over(self, old: Scheduler) -> Scheduler:
        """Let another engine go on from what the old one had told it."""
        fresh = self.engine(old.tempo)
        fresh.solo = old.solo
        places = [
            Place(p.name, list(p.versions), Fraction(0), p.seed, muted=p.muted) for p in old.places.values()
        ]
        fresh.resume(
            places, Tempo.from_json(old.tempo.to_json()), ControlTimeline.from_json(old.controls.to_json())
        )
        fresh.reconcile(self.player, [ident for ident, _ in self.player.agenda.held()])
        return fresh

    def heard(self, *layers: str) -> list[tuple[str, int, float, float | None]]:
        """Layer, id, begin and end of all that was heard."""
        return sorted(
            (x.event.layer, x.event.id, x.begin, x.end)
            for x in self.player.sounds
            if not layers or x.event.layer in layers
        )


def perform(kills: list[tuple[float, float]]) -> Session:
    """A piece with a swap, a mute, an unmute and a new tempo; engines end at `kills` for some time each."""
    session = Session()
    engine = session.engine(Tempo.steady(0.5))
    for name, layer in LAYERS.items():
        engine.set_layer(name, layer, Fraction(0))
    engine.set_muted("quiet", muted=True)
    score: list[tuple[float, Deed]] = [
        (3.0, lambda e: e.set_layer("drums", Layer(s("bd*4, oh*4"), midi()), Fraction(2))),
        (5.0, lambda e: e.set_muted("quiet", muted=False)),
        (7.0, lambda e: e.set_tempo(0.8, Fraction(4))),
        (9.0, lambda e: e.set_layer("long", None, Fraction(6))),
    ]
    deeds: list[tuple[float, Deed | float]] = [*score, *kills]
    for at, deed in sorted(deeds, key=lambda row: row[0]):
        session.run(engine, at)
        if callable(deed):
            deed(engine)
        else:
            # The accepted change is at the sinks or it is not; here it is. Then nobody steps for a while.
            resting = session.clock.now() + deed
            following = min([t for t, _ in score if t > at] + [LENGTH])
            session.run(None, min(resting, following))
            engine = session.take_over(engine)
    session.run(engine, LENGTH)
    return session


UNDISTURBED = perform([])
KILL = st.floats(0.06, 11.9).filter(lambda at: not 5.0 <= at <= 5.06)
"""Any moment, except the 50 ms in which a mute or unmute is on its way to the sinks."""


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(KILL, st.floats(0.0, 1.5)), min_size=1, max_size=3))
def test_the_music_goes_on_as_if_nothing_had_happened(kills: list[tuple[float, float]]) -> None:
    """The very same events at the very same times, with the same ends."""
    session = perform(kills)
    assert session.heard() == UNDISTURBED.heard()
    assert session.player.agenda.late == 0


def test_the_undisturbed_piece_is_what_it_should_be() -> None:
    """So that the comparison above compares something."""
    layers = {x.event.layer for x in UNDISTURBED.player.sounds}
    assert layers == {"drums", "long", "chance", "quiet"}
    assert len(UNDISTURBED.player.sounds) > 100
    assert (
        min(x.begin for x in UNDISTURBED.player.sounds if x.begin > 0.05 and x.event.layer == "quiet") > 5.0
    )


@settings(max_examples=30, deadline=None)
@given(st.floats(0.5, 5.0), st.floats(0.0, 1.5))
def test_a_live_layer_doubles_nothing(kill: float, gap: float) -> None:
    """Its short horizon may run out while nobody steps; what is heard is heard once and not late."""
    session = Session()
    engine = session.engine(Tempo.steady(0.5))
    engine.set_layer("live", LIVE, Fraction(0))
    session.run(engine, 0.4)
    engine.set_control("level", 0.9)
    session.run(engine, kill)
    session.run(None, kill + gap)
    engine = session.take_over(engine)
    resumed = session.clock.now()
    session.run(engine, 8.0)
    begins = sorted(x.begin for x in session.player.sounds)
    full = [i / 4 for i in range(32)]
    assert len(set(begins)) == len(begins)
    assert set(begins) <= set(full)
    assert {b for b in full if not kill < b < resumed} <= set(begins)
    assert session.player.agenda.dropped == 0
    assert {x.event.controls["gain"] for x in session.player.sounds if x.begin > 0.51} == {0.9}


def test_what_the_new_engine_does_not_know_is_cancelled() -> None:
    """A layer that was removed while nobody could tell the sink."""
    session = Session()
    engine = session.engine(Tempo.steady(0.5))
    engine.set_layer("gone", Layer(note("c3*4"), midi()), Fraction(0))
    session.run(engine, 1.2)
    del engine.places["gone"]
    session.run(session.take_over(engine), 6.0)
    assert max(x.begin for x in session.player.sounds) == 1.0


def test_an_unmuted_past_is_not_played_late() -> None:
    """What was silent just before the takeover stays silent."""
    session = Session()
    engine = session.engine(Tempo.steady(0.5))
    engine.set_layer("quiet", Layer(note("c3*32"), midi()), Fraction(0))
    engine.set_muted("quiet", muted=True)
    session.run(engine, 3.0)
    engine.set_muted("quiet", muted=False)
    session.run(session.take_over(engine), 4.0)
    assert min(x.begin for x in session.player.sounds if x.begin > 0.05) >= 3.0
    assert session.player.agenda.late == 0


def test_a_sink_that_comes_back_empty_gets_what_is_to_come() -> None:
    """The sending process was started anew: the same scheduler fills it."""
    session = Session()
    engine = session.engine(Tempo.steady(0.5))
    engine.set_layer("drums", LAYERS["drums"], Fraction(0))
    session.run(engine, 3.1)
    session.player.agenda.release()
    engine.reconcile(session.player, [])
    session.run(engine, 8.0)
    assert len({x.event.id for x in session.player.sounds}) == len(session.player.sounds) == 4 * 13


def test_only_the_sink_that_asks_is_reconciled() -> None:
    """Another sink's events are not touched."""
    clock = ManualClock()
    sinks = {"midi": Recorder(), "osc": Recorder()}
    scheduler = Scheduler(clock, sinks, Tempo.steady(0.5), lambda _: midi())
    scheduler.set_layer("drums", LAYERS["drums"], Fraction(0))
    sinks["midi"].log.clear()
    scheduler.reconcile(sinks["osc"], [4, 9])
    assert sinks["midi"].log == []
    assert sinks["osc"].log == [("cancel", 4), ("cancel", 9)]
