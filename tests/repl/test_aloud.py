"""A session that is played again aloud, in virtual time: what the sinks are handed, and when."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from bridge.clock import ManualClock
from bridge.horizon import FAR
from bridge.sink import Recorder
from plugin_host.specs import Chain
from repl.aloud import AHEAD, TAIL, Aloud
from repl.commands import CUE
from repl.journalled import at_home
from repl.replay import Replayed, Script, play_script, script_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bridge.event import TimedEvent
    from bridge.layer import Target
    from tests.repl.conftest import Played

PIECE = """
tempo(240)
a = play(s("bd*2 hh").gain(knob("level", default=1)))
b = play(note("60 <62 [64 65]>"), on=midi())
c = play(note("48").legato(3), on=osc(9))
"""
START = 5_000.0


class Ear(Recorder):
    """A sending process: it knows what it was told of besides events, and when each event came."""

    def __init__(self, clock: ManualClock) -> None:
        super().__init__()
        self.clock = clock
        self.came: dict[int, float] = {}
        self.ready: list[tuple[str, float]] = []
        self.stood: list[tuple[bytes, object, float]] = []
        self.cut: list[float] = []

    def send(self, target: Target, events: Sequence[TimedEvent], cps: float) -> None:
        """Take events down."""
        for event in events:
            assert event.id not in self.held, "sent twice"
            self.came[event.id] = self.clock.now()
        super().send(target, events, cps)

    def prepare(self, targets: Iterable[Target]) -> None:
        """Note for whom."""
        self.ready += [(target.key, self.clock.now()) for target in targets]

    def stand(self, kind: bytes, body: bytes) -> None:
        """Note what holds."""
        self.stood.append((kind, json.loads(body), self.clock.now()))

    def panic(self) -> None:
        """Note when."""
        self.cut.append(self.clock.now())


class Stage:
    """What plays again, with its sinks; time passes when the test says so."""

    def __init__(self, script: Script, played: Replayed) -> None:
        self.script, self.played = script, played
        self.clock = ManualClock(START - 0.2)
        self.output, self.mixer = Ear(self.clock), Ear(self.clock)
        self.aloud = self.player(anew=True)

    def player(self, *, anew: bool) -> Aloud:
        """Another process that plays it."""
        sinks = self.output, self.mixer
        return Aloud(self.played, self.script, *sinks, self.clock, START, anew=anew)

    def play(self, seconds: float) -> None:
        """Let time pass."""
        until = self.clock.now() + seconds
        while self.clock.now() < until and not self.aloud.over:
            self.aloud.step()
            self.clock.advance(0.02)

    def rows(self) -> list[tuple[str, float, float, object]]:
        """What the sinks would let sound, as `--events` counts its time."""
        found = [one for ear in (self.output, self.mixer) for one in ear.held.values()]
        return sorted((e.layer, round(e.at - START, 6), e.duration, dict(e.controls)) for _, e in found)

    def wanted(self) -> list[tuple[str, float, float, object]]:
        """What `--events` writes."""
        rows = [one.to_json(self.played.beginning) for one in self.played.events]
        found = ((str(r["layer"]), r["at"], r["duration"], r["value"]) for r in rows)
        return sorted((layer, round(float(str(at)), 6), float(str(d)), v) for layer, at, d, v in found)


@pytest.fixture(scope="module")
def evening(written: type[Played]) -> tuple[Script, Replayed]:
    """A session of some seconds: a knob, another edition, sound cut off, and played again."""
    played = written()
    played.save(PIECE)
    played.play(2.5)
    played.music.move([("level", 0.5, None)])
    played.say("cue('b')")
    played.play(1)
    played.save(PIECE.replace("bd*2", "bd*3"))
    played.play(2.2)
    played.say("panic()")
    played.play(0.5)
    played.save(PIECE.replace("48", "50"))
    played.play(2)
    played.finish()
    with at_home(played.rows[0]):
        script = script_of(played.rows)
        return script, play_script(script)


@pytest.fixture
def stage(evening: tuple[Script, Replayed]) -> Stage:
    """Where it is played again."""
    return Stage(*evening)


def test_what_the_sinks_get_is_what_was_played(stage: Stage) -> None:
    """Every event once, at its distance from the beginning, and long before it is due."""
    stage.play(60)
    assert stage.aloud.over
    assert len(stage.rows()) > 40
    assert stage.rows() == stage.wanted()
    assert stage.clock.now() == pytest.approx(
        START + stage.played.end - stage.played.beginning + TAIL, abs=0.03
    )
    (cut,) = stage.output.cut
    for ear in (stage.output, stage.mixer):
        for ident, (_, event) in ear.held.items():
            # Not before the begin, nor before sound was cut off: that would have taken it along.
            soonest = max(event.at - FAR, START - 0.2, cut if event.at > cut else 0.0)
            assert ear.came[ident] <= soonest + 0.021
            assert not ear.came[ident] < cut < event.at


def test_sound_is_cut_off_where_it_was(stage: Stage) -> None:
    """At that time, in both processes; and what was cued leaves the mix when it did."""
    stage.play(60)
    panic = next(at for at, deed in stage.script.deeds if getattr(deed, "__name__", "") == "panic")
    due = START + panic - stage.played.beginning
    assert stage.output.cut == stage.mixer.cut == [pytest.approx(due, abs=0.021)]
    ((cued, at),) = [(body, at) for kind, body, at in stage.mixer.stood if kind == CUE]
    assert cued == ["b"]
    assert at == pytest.approx(START + stage.script.cues[0][0] - stage.played.beginning, abs=0.021)


def test_instruments_are_built_before_they_sound(stage: Stage) -> None:
    """In time, those of the mixer only, and not those of the whole session at its beginning."""
    stage.play(60)
    first: dict[str, float] = {}
    for target, event in sorted(stage.mixer.held.values(), key=lambda row: row[1].at):
        assert isinstance(target, Chain)
        first.setdefault(target.key, event.at)
    ready = dict(reversed(stage.mixer.ready))
    assert ready.keys() == first.keys()
    assert all(ready[key] <= max(START - 0.2, at - AHEAD) + 0.021 for key, at in first.items())


@pytest.mark.parametrize("after", [0.1, 3.0, 6.0])
def test_another_process_goes_on(stage: Stage, after: float) -> None:
    """It sends nothing twice that a sink holds, what is missing, and takes back what is not its own."""
    stage.play(0.2 + after)
    foreign = next(iter(stage.mixer.held.values()))
    cuts = len(stage.output.cut)
    stage.aloud = stage.player(anew=False)
    for ear in (stage.output, stage.mixer):
        lost = [i for i, (_, event) in ear.held.items() if event.at > stage.clock.now()]
        coming = {i: ear.held.pop(i) for i in lost}
        ear.held[7] = foreign
        sounding = [i for i, (_, e) in ear.held.items() if e.at + e.duration > stage.clock.now()]
        stage.aloud.reconcile(ear, [7, *sounding])
        assert 7 not in ear.held
        assert coming.items() <= ear.held.items()
    stage.play(60)
    assert stage.rows() == stage.wanted()
    assert len(stage.output.cut) == 1 >= cuts


def test_nothing_comes_after_silence(stage: Stage) -> None:
    """What was handed on already is taken back."""
    stage.play(2)
    stage.aloud.silence()
    before = stage.clock.now()
    stage.play(3)
    assert not [e for ear in (stage.output, stage.mixer) for _, e in ear.held.values() if e.at > before]


def test_osc_is_told_the_cycle(stage: Stage) -> None:
    """As the session told it; nobody else asks for it."""
    told = [one for one in stage.played.events if one.target.kind == "osc"]
    assert [one.position for one in told] == pytest.approx([float(one.onset) for one in told])


def test_the_tempo_is_told(stage: Stage) -> None:
    """In the time of now, with the line's own cycles."""
    stage.play(1)
    (kind, told, at) = stage.mixer.stood[0]
    assert kind == b"M"
    assert at == START - 0.2
    assert told == [[[START, "0", 1.0, 0.0]], []]
