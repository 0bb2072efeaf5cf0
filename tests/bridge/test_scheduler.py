"""The scheduler in virtual time: the same music however the ticks fall, and changes that touch no more."""

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.clock import ManualClock
from bridge.event import TimedEvent
from bridge.horizon import FAR, NEAR, STRIDE
from bridge.layer import Layer, Target, seed_of
from bridge.scheduler import LEAD, Scheduler
from bridge.sink import Player, Recorder
from bridge.targets import MidiTarget, OscTarget, midi, superdirt
from bridge.tempo import Tempo
from patterns.core import Pattern
from patterns.inputs import knob
from patterns.registry import namespace

CPS = 0.5
NAMES: dict[str, Any] = namespace()
s, note = NAMES["s"], NAMES["note"]

DRUMS = Layer(s("bd*4, ~ cp, hh*8"), midi())
BASS = Layer(note("c2 <eb2 g2> [~ bb1]"), midi(channel=2))
CHANCE = Layer(note("c3*8").degrade_by(0.5), midi(channel=3))
LIVE = Layer(note("c3*8").gain(knob("level", default=0.5)), midi(channel=4))

Row = tuple[str, float, float, str]


class Studio:
    """A clock, a scheduler and sinks that play by that clock."""

    def __init__(self, *, cps: float = CPS, seed: int = 0) -> None:
        self.clock = ManualClock()
        self.player = Player()
        self.osc = Player()
        self.scheduler = Scheduler(
            self.clock,
            {"midi": self.player, "osc": self.osc},
            Tempo.steady(cps),
            lambda _: midi(),
            seed=seed,
        )

    def set(self, boundary: int | Fraction = 0, **layers: Layer | None) -> None:
        """Set layers at a boundary, as a step of the scheduler does."""
        for name, layer in layers.items():
            self.scheduler.set_layer(name, layer, Fraction(boundary))
        self.scheduler.step()

    def tick(self, seconds: float) -> None:
        """Let time pass, play what is due, then let the scheduler look once."""
        self.clock.advance(seconds)
        self.player.play(self.clock.now())
        self.osc.play(self.clock.now())
        self.scheduler.step()

    def run(self, until: float, tick: float = 0.02) -> None:
        """Tick steadily."""
        while self.clock.now() < until:
            self.tick(min(tick, until - self.clock.now()))

    def rows(self, *layers: str) -> list[Row]:
        """What was heard and has ended, as plain rows."""
        return rows(self.player, layers)


def rows(player: Player, layers: Iterable[str] = ()) -> list[Row]:
    """Layer, begin, end and controls of each sound, in a fixed order."""
    wanted = set(layers)
    return sorted(
        (x.event.layer, round(x.begin, 6), round(x.end, 6), repr(sorted(x.event.controls.items())))
        for x in player.sounds
        if x.end is not None and (not wanted or x.event.layer in wanted)
    )


def expected(name: str, pattern: Pattern, until: float, cps: float = CPS) -> list[Row]:
    """What a layer says, straight from its pattern."""
    haps = pattern.haps(0, int(until * cps) + 1, seed=seed_of(0, name), cps=cps)
    return sorted(
        (
            name,
            round(float(h.whole.begin) / cps, 6),
            round(float(h.whole.end) / cps, 6),
            repr(sorted(h.value.items())),
        )
        for h in haps
        if h.has_onset and h.whole is not None and float(h.whole.end) / cps < until - 0.01
    )


TICKS = st.lists(st.floats(0.0, 2.0), min_size=1, max_size=12)


@settings(max_examples=25, deadline=None)
@given(TICKS)
def test_the_same_is_heard_however_the_ticks_fall(ticks: list[float]) -> None:
    """No event is lost, doubled or moved by when the scheduler happens to look."""
    studio = Studio()
    studio.set(drums=DRUMS, bass=BASS, chance=CHANCE)
    count = 0
    while studio.clock.now() < 14.0:
        studio.tick(max(0.01, ticks[count % len(ticks)]))
        count += 1
    end = 13.0
    for name, layer in (("drums", DRUMS), ("bass", BASS), ("chance", CHANCE)):
        heard = [r for r in studio.rows(name) if r[2] < end - 0.01]
        assert heard == expected(name, layer.pattern, end)
    assert studio.player.agenda.late == 0


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(0.001, 0.095), min_size=1, max_size=12))
def test_a_layer_with_live_input_is_complete_too(ticks: list[float]) -> None:
    """A short horizon suffices as long as the scheduler looks within it."""
    studio = Studio()
    studio.set(live=LIVE)
    count = 0
    while studio.clock.now() < 4.1:
        studio.tick(ticks[count % len(ticks)])
        count += 1
    heard = [r for r in studio.rows("live") if r[2] < 3.99]
    assert heard == expected("live", LIVE.pattern, 4.0)


def test_each_layer_has_its_own_horizon() -> None:
    """Far ahead without live input; with it, as short as its sinks allow."""
    clock = ManualClock()
    sinks = {"midi": Recorder(), "osc": Recorder(latency=0.2)}
    scheduler = Scheduler(clock, sinks, Tempo.steady(CPS), lambda _: midi())
    scheduler.set_layer("drums", DRUMS, Fraction(0))
    scheduler.set_layer("live", LIVE, Fraction(0))
    scheduler.step()
    ahead = {name: max(e.at for e in sinks["midi"].events() if e.layer == name) for name in ("drums", "live")}
    assert FAR - 0.26 < ahead["drums"] < FAR + STRIDE
    assert NEAR + 0.2 - 0.26 < ahead["live"] < NEAR + 0.2
    assert all(e.at < NEAR + 0.2 for e in sinks["midi"].events() if e.layer == "live")


class _Punctual(Recorder):
    """Takes down what came after its time."""

    def __init__(self, clock: ManualClock) -> None:
        super().__init__()
        self.clock = clock
        self.late: list[TimedEvent] = []

    def send(self, target: Target, events: Sequence[TimedEvent], cps: float) -> None:
        self.late += [event for event in events if event.at < self.clock.now()]
        super().send(target, events, cps)


def test_no_first_beat_waits_for_what_comes_later() -> None:
    """Layers that take a fifth of their time to be asked begin together, and change together, in time."""
    clock = ManualClock()
    sink = _Punctual(clock)

    def ask(name: str) -> None:
        clock.advance(0.008 if name else 0.0)

    scheduler = Scheduler(clock, {"midi": sink}, Tempo.steady(CPS, 0.15), lambda _: midi(), mark=ask)
    names = ("one", "two", "three")

    def set_all(controller: int, boundary: int) -> None:
        for at, name in enumerate(names):
            ramp = Layer(NAMES["cc"](controller, NAMES["sine"]), midi(channel=at + 1))
            scheduler.set_layer(name, ramp, Fraction(boundary))

    scheduler.post(lambda: set_all(1, 0))
    while clock.now() < 3.99:
        scheduler.step()
        clock.advance(0.02)
    assert {event.layer for event in sink.events() if event.at == 0.15} == set(names)
    scheduler.post(lambda: set_all(2, 2))
    while clock.now() < 8:
        scheduler.step()
        clock.advance(0.02)
    assert {event.layer for event in sink.events() if event.at == 4.15 and "cc2" in event.controls} == set(
        names
    )
    assert not sink.late


@pytest.mark.parametrize("cps", [1e-9, 1e-6, 500.0])
def test_however_slow_or_fast_the_tempo_a_step_ends(cps: float) -> None:
    """A quarter of a second of a cycle that lasts for days is nothing that can be told from nothing."""
    clock, sink = ManualClock(), Recorder()
    scheduler = Scheduler(clock, {"midi": sink}, Tempo.steady(cps), lambda _: midi())
    scheduler.set_layer("drums", Layer(s("bd"), midi()), Fraction(0))
    for _ in range(5):
        scheduler.step()
        clock.advance(1.0)
    assert len(sink.events()) == pytest.approx(cps * 6.5, abs=1 + cps * 0.1)


def test_a_knob_is_heard_within_the_short_horizon() -> None:
    """It is stamped where live layers have been asked already, so that no event is asked for twice."""
    studio = Studio()
    studio.set(live=LIVE)
    studio.run(1.03)
    studio.scheduler.set_control("level", 0.9)
    studio.run(3.0)
    gains = [(x.begin, x.event.controls["gain"]) for x in studio.player.sounds]
    assert all(gain == 0.5 for at, gain in gains if at < 1.03)
    assert all(gain == 0.9 for at, gain in gains if at > 1.03 + NEAR + 0.02)
    assert {gain for _, gain in gains} == {0.5, 0.9}


def test_a_knob_is_heard_soon_in_a_layer_that_has_just_become_live() -> None:
    """The former version was sent far ahead; that must not hold up the knob for seconds."""
    studio = Studio()
    studio.set(lead=Layer(note("c3*8"), midi(channel=4)))
    studio.run(0.5)
    studio.set(1, lead=LIVE)
    studio.run(2.5)
    studio.scheduler.set_control("level", 0.9)
    studio.run(4.0)
    gains = [(x.begin, x.event.controls.get("gain")) for x in studio.player.sounds]
    assert {gain for at, gain in gains if at < 1.99} == {None}
    assert {gain for at, gain in gains if 1.99 < at < 2.5} == {0.5}
    assert {gain for at, gain in gains if at > 2.5 + NEAR + 0.02} == {0.9}
    assert len(gains) == 16


def test_a_swap_touches_only_what_differs() -> None:
    """Calls to the sink after a swap: what is gone is cancelled, what is new is sent, all else stays."""
    clock = ManualClock()
    sink = Recorder()
    scheduler = Scheduler(clock, {"midi": sink}, Tempo.steady(CPS), lambda _: midi())
    scheduler.set_layer("drums", Layer(s("bd*4, hh*8"), midi()), Fraction(0))
    scheduler.set_layer("bass", BASS, Fraction(0))
    scheduler.step()
    before = {e.id: e for e in sink.events()}
    sink.log.clear()
    scheduler.set_layer("drums", Layer(s("bd*4, oh*8"), midi()), Fraction(1))
    sent = [e for what, e in sink.log if what == "send" and isinstance(e, TimedEvent)]
    cancelled = [before[i] for what, i in sink.log if what == "cancel" and isinstance(i, int)]
    assert sent
    assert {e.controls["s"] for e in sent} == {"oh"}
    assert {e.controls["s"] for e in cancelled} == {"hh"}
    assert {e.at for e in sent} == {e.at for e in cancelled}
    assert min(e.at for e in sent) == 2.0
    assert {e.layer for e in [*sent, *cancelled]} == {"drums"}


def test_setting_the_same_layer_again_says_nothing() -> None:
    """Saving a file without a change is not heard, not even by the sink."""
    clock = ManualClock()
    sink = Recorder()
    scheduler = Scheduler(clock, {"midi": sink}, Tempo.steady(CPS), lambda _: midi())
    scheduler.set_layer("drums", DRUMS, Fraction(0))
    scheduler.step()
    sink.log.clear()
    scheduler.set_layer("drums", Layer(s("bd*4, ~ cp, hh*8"), midi()), Fraction(1))
    assert sink.log == []


@settings(max_examples=15, deadline=None)
@given(st.floats(0.0, 9.0), st.sampled_from([Fraction(0), Fraction(1, 4), Fraction(1), Fraction(2)]))
def test_after_a_swap_the_old_plays_to_the_boundary_and_the_new_from_it(
    when: float, quantum: Fraction
) -> None:
    """At once where nothing is waited for; and the neighbour is heard as if nothing had happened."""
    studio = Studio()
    studio.set(lead=Layer(note("c3*8"), midi()), bass=BASS)
    studio.run(when)
    boundary = studio.scheduler.next_boundary(quantum)
    studio.set(boundary, lead=Layer(note("e3*8"), midi()))
    studio.run(13.0)
    turn = float(boundary) / CPS
    assert when + LEAD - 1e-5 <= turn <= when + LEAD + float(quantum) / CPS + 1e-5
    for x in studio.player.sounds:
        if x.event.layer == "lead":
            assert x.event.controls["note"] == ("c3" if x.begin < turn - 1e-9 else "e3")
    leads = sorted(x.begin for x in studio.player.sounds if x.event.layer == "lead" and x.begin < 12.99)
    assert leads == pytest.approx([i / 4 for i in range(52)])
    assert [r for r in studio.rows("bass") if r[2] < 12.9] == expected("bass", BASS.pattern, 12.91)


def test_a_change_that_comes_too_late_begins_now() -> None:
    """A boundary that has passed does not bring back what lies behind."""
    studio = Studio()
    studio.run(5.0)
    studio.set(1, lead=Layer(note("c3*16"), midi()))
    studio.run(8.0)
    assert studio.player.agenda.late == 0
    assert min(x.begin for x in studio.player.sounds) >= 5.0


def test_a_layer_ends_at_its_boundary() -> None:
    """Its last notes keep their ends; nothing of it stays in the scheduler."""
    studio = Studio()
    studio.set(drums=DRUMS, long=Layer(note("c3").slow(2), midi()))
    studio.run(2.5)
    studio.set(2, long=None, drums=None)
    studio.run(12.0)
    assert max(x.begin for x in studio.player.sounds) < 4.0
    assert [r[1:3] for r in studio.rows("long")] == [(0.0, 4.0)]
    assert studio.scheduler.places == {}
    assert studio.player.agenda.sounding == 0


def test_a_layer_that_was_removed_can_come_back() -> None:
    """Also before it has gone."""
    studio = Studio()
    studio.set(lead=Layer(note("c3*4"), midi()))
    studio.run(1.0)
    studio.set(1, lead=None)
    studio.run(1.1)
    studio.set(2, lead=Layer(note("e3*4"), midi()))
    studio.run(6.1)
    begins = [(x.begin, x.event.controls["note"]) for x in studio.player.sounds if x.begin < 6.0]
    assert begins == [(i / 2, "c3") for i in range(4)] + [(4 + i / 2, "e3") for i in range(4)]


def test_mute_and_unmute() -> None:
    """A muted layer goes on in silence and comes back where it would be."""
    studio = Studio()
    studio.set(bass=BASS, chance=CHANCE)
    studio.run(3.01)
    studio.scheduler.set_muted("chance", muted=True)
    studio.run(6.01)
    studio.scheduler.set_muted("chance", muted=False)
    studio.run(12.0)
    full = expected("chance", CHANCE.pattern, 11.9)
    heard = [r for r in studio.rows("chance") if r[2] < 11.89]
    assert heard == [r for r in full if not 3.01 + LEAD <= r[1] < 6.01 + LEAD]
    assert [r for r in studio.rows("bass") if r[2] < 11.89] == expected("bass", BASS.pattern, 11.9)
    assert studio.player.agenda.late == 0


def test_solo_and_back() -> None:
    """Only the solo layer is heard; a layer that comes meanwhile waits; then all are heard again."""
    studio = Studio()
    studio.set(bass=BASS, chance=CHANCE)
    studio.run(2.0)
    studio.scheduler.set_solo(frozenset({"bass"}))
    studio.set(2, drums=DRUMS)
    studio.run(6.0)
    assert {x.event.layer for x in studio.player.sounds if x.begin > 2.06} == {"bass"}
    studio.scheduler.set_solo(frozenset())
    studio.run(12.0)
    for name, layer in (("chance", CHANCE), ("drums", DRUMS)):
        late = [r for r in expected(name, layer.pattern, 11.9) if r[1] >= 6.05]
        assert [r for r in studio.rows(name) if r[1] > 6.0 and r[2] < 11.89] == late
    assert [r for r in studio.rows("bass") if r[2] < 11.89] == expected("bass", BASS.pattern, 11.9)


def test_a_new_tempo_moves_what_was_sent_and_retimes_sounding_ends() -> None:
    """No event is lost, and the cycle goes on from where it was."""
    studio = Studio()
    studio.set(bass=Layer(note("c3*4"), midi()), long=Layer(note("c2"), midi()))
    studio.run(1.0)
    studio.scheduler.set_tempo(1.0)
    studio.run(6.0)
    change = 1.0 + LEAD
    begins = [x.begin for x in studio.player.sounds if x.event.layer == "bass" and x.begin < 5.9]
    cycles = [studio.scheduler.tempo.cycle_at(b) for b in begins]
    assert cycles == pytest.approx([i / 4 for i in range(len(cycles))], abs=1e-6)
    assert begins[:3] == [0.0, 0.5, 1.0]
    assert begins[4] - begins[3] == pytest.approx(0.25)
    first = studio.player.sounds[0 if studio.player.sounds[0].event.layer == "long" else 1]
    assert first.end == pytest.approx(change + (2.0 - change) / 2, abs=1e-5)
    assert studio.player.agenda.late == 0


@settings(max_examples=15, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0.1, 3.0), st.floats(0.2, 2.0), st.booleans()), max_size=4),
    st.floats(0.005, 0.3),
)
def test_changes_of_tempo_lose_and_double_nothing(
    changes: list[tuple[float, float, bool]], tick: float
) -> None:
    """Each note of the pattern is heard once, in order, at its cycle."""
    studio = Studio()
    studio.set(bass=Layer(note("0 1 2 3 4 5 6 7"), midi()))
    for gap, cps, on_boundary in changes:
        studio.run(studio.clock.now() + gap, tick)
        boundary = studio.scheduler.next_boundary() if on_boundary else None
        studio.scheduler.set_tempo(cps, boundary)
    studio.run(studio.clock.now() + 4.0, tick)
    heard = [x.event.controls["note"] for x in studio.player.sounds]
    assert [float(str(n)) for n in heard] == [i % 8 for i in range(len(heard))]
    assert len(heard) == int(studio.scheduler.tempo.cycle_at(studio.clock.now()) * 8 - 1e-6) + 1
    assert studio.player.agenda.late == 0


def test_a_change_of_tempo_at_a_boundary_that_has_passed_does_not_jump() -> None:
    """It takes hold as soon as possible instead."""
    studio = Studio()
    studio.run(5.0)
    before = studio.scheduler.tempo.cycle_at(5.0)
    studio.scheduler.set_tempo(1.0, Fraction(1))
    assert studio.scheduler.tempo.cycle_at(5.0) == pytest.approx(before)


def test_hush_takes_back_what_is_to_come_and_lets_ring() -> None:
    """Nothing begins any more; what sounds keeps its end."""
    studio = Studio()
    studio.set(drums=DRUMS, long=Layer(note("c3"), midi()))
    studio.run(1.01)
    studio.scheduler.hush()
    studio.run(6.0)
    assert max(x.begin for x in studio.player.sounds) < 1.02
    assert studio.rows("long") == [("long", 0.0, 2.0, "[('note', 'c3')]")]
    assert studio.player.agenda.held() == []


def test_panic_ends_everything_at_once() -> None:
    """In every sink."""
    studio = Studio()
    studio.set(long=Layer(note("c3"), midi()), far=Layer(s("bd"), superdirt()))
    studio.run(1.0)
    studio.scheduler.panic()
    studio.run(6.0)
    for player in (studio.player, studio.osc):
        assert len(player.sounds) == 1
        assert player.sounds[0].end == pytest.approx(1.0)


def test_music_can_begin_again_after_hush() -> None:
    """At the next boundary, with the very same events."""
    studio = Studio()
    studio.set(bass=BASS)
    studio.run(1.0)
    studio.scheduler.hush()
    studio.set(1, bass=BASS)
    studio.run(8.0)
    late = [r for r in expected("bass", BASS.pattern, 7.9) if r[1] >= 2.0]
    assert [r for r in studio.rows("bass") if r[1] >= 2.0 and r[2] < 7.89] == late


def test_a_new_seed_changes_only_chance() -> None:
    """What does not ask for chance is not touched."""
    studio = Studio()
    studio.set(bass=BASS, chance=CHANCE)
    studio.run(1.0)
    studio.scheduler.set_seed(7)
    studio.run(12.0)
    assert [r for r in studio.rows("bass") if r[2] < 11.89] == expected("bass", BASS.pattern, 11.9)
    assert [r for r in studio.rows("chance") if r[2] < 11.89] != expected("chance", CHANCE.pattern, 11.9)


def test_once_plays_one_cycle_and_goes() -> None:
    """From now on, not from the next boundary, and nothing of it stays."""
    studio = Studio()
    studio.run(1.3)
    studio.scheduler.once(Layer(note("c3 e3 g3 b3"), midi()))
    studio.run(12.0)
    assert [x.event.controls["note"] for x in studio.player.sounds] == ["c3", "e3", "g3", "b3"]
    assert studio.player.sounds[0].begin == pytest.approx(1.3 + LEAD, abs=1e-5)
    assert studio.scheduler.places == {}


def test_events_without_a_target_choose_theirs() -> None:
    """The default target is asked for each event."""
    clock = ManualClock()
    sinks = {"midi": Recorder(), "osc": Recorder()}
    targets: dict[bool, MidiTarget | OscTarget] = {True: superdirt(), False: midi()}
    scheduler = Scheduler(clock, sinks, Tempo.steady(CPS), lambda c: targets["s" in c])
    scheduler.set_layer("both", Layer(NAMES["stack"](s("bd"), note("c3"))), Fraction(0))
    assert [e.controls for e in sinks["osc"].events()][:1] == [{"s": "bd"}]
    assert [e.controls for e in sinks["midi"].events()][:1] == [{"note": "c3"}]


def test_nudge_legato_and_sustain_say_when_and_how_long() -> None:
    """Nudge in seconds; legato in parts of the note; sustain in seconds wins, unless it is a level."""
    studio = Studio()
    studio.set(
        a=Layer(note("c3").legato(0.5), midi()),
        b=Layer(note("c3").sustain(0.1).legato(0.5), midi()),
        c=Layer(note("c3").nudge(0.25), midi()),
        d=Layer(note("c3").adsr("0:.1:.5:.2"), midi()),
    )
    studio.run(3.0)
    assert {r[0]: r[1:3] for r in studio.rows() if r[1] < 1.0} == {
        "a": (0.0, 1.0),
        "b": (0.0, 0.1),
        "d": (0.0, 2.0),
        "c": (0.25, 2.25),
    }


def test_work_of_other_threads_is_done_in_the_next_step() -> None:
    """Never in between."""
    studio = Studio()
    studio.scheduler.post(lambda: studio.set(1, bass=BASS))
    assert studio.scheduler.places == {}
    studio.scheduler.step()
    assert set(studio.scheduler.places) == {"bass"}


def test_ten_thousand_cycles_leave_nothing_behind() -> None:
    """Three layers, one of them live, turned knobs and new tempos: what is kept does not grow."""
    studio = Studio(cps=16.0)
    live = Layer(note("c3").gain(knob("level", default=0.5)), midi(channel=4))
    studio.set(
        bass=Layer(note("c2").slow(4), midi()),
        chance=Layer(note("c3").slow(2).degrade_by(0.5), midi()),
        live=live,
    )
    sizes: list[int] = []
    for turn in range(6600):
        studio.tick(0.095)
        if turn % 10 == 0:
            studio.scheduler.set_control("level", turn % 20 / 20)
        if turn % 100 == 0:
            studio.scheduler.set_tempo(16.0 + turn % 200 / 100)
        if turn % 100 == 99:
            kept = sum(len(p.sent) + len(p.cache) + len(p.versions) for p in studio.scheduler.places.values())
            kept += len(studio.scheduler.tempo.segments) + len(studio.scheduler.controls.to_json()["level"])
            sizes.append(kept)
            studio.player.sounds.clear()
    assert studio.scheduler.tempo.cycle_at(studio.clock.now()) > 10_000
    assert max(sizes) < 250
    assert max(sizes[-20:]) <= max(sizes[:20]) + 20


def test_a_seed_or_a_mute_before_the_first_cycle_loses_nothing() -> None:
    """A piece that sets its seed is planned again while cycle 0 lies ahead: all of it is still heard."""
    studio = Studio(seed=7)
    studio.scheduler.tempo = Tempo.steady(CPS, 0.15)
    studio.set(bass=BASS)
    studio.scheduler.set_seed(8)
    studio.scheduler.set_muted("bass", muted=True)
    studio.scheduler.set_muted("bass", muted=False)
    studio.run(4.2)
    plain = Studio()
    plain.scheduler.tempo = Tempo.steady(CPS, 0.15)
    plain.set(bass=BASS)
    plain.run(4.2)
    assert studio.rows() == plain.rows()
    assert len(plain.rows()) > 5


def test_a_live_layer_is_asked_earlier_for_a_port_that_is_sent_to_early() -> None:
    """A target's own latency must not eat up the time that an event needs to arrive."""
    knobs = [note("c3*64").gain(knob("level")) for _ in range(2)]
    studio = Studio()
    studio.set(quick=Layer(knobs[0], midi()), slow=Layer(knobs[1], midi(latency=0.3)))
    studio.run(1.0)
    reached = {name: place.planned for name, place in studio.scheduler.places.items()}
    assert float(reached["slow"] - reached["quick"]) * 2 == pytest.approx(0.3, abs=1e-5)
