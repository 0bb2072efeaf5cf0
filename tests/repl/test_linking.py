"""A session and its Link peer in virtual time: a made-up Link, and all between it and the music as it is."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast

import pytest

from bridge.link_line import LINK, LinkLine
from bridge.link_peer import LinkPeer
from bridge.place import exact
from repl.errors import LoadError
from repl.linking import GONE, MISSING, Course, Linking
from repl.loader import load_piece
from repl.session import Session
from tests.repl.test_music import say

if TYPE_CHECKING:
    from link import Link

    from bridge.engine_link import Said
    from repl.clients import Client
    from tests.repl.conftest import Desk

DRIFT = 150e-6
"""Seconds a second by which Link's clock goes beside ours."""
OFF = 0.2


@dataclass
class State:
    """A snapshot, as the library gives it."""

    bpm: float
    beat: float
    micros: int
    playing: bool = False
    since: int = 0
    peers: int = 0

    def tempo(self) -> float:
        """Beats a minute."""
        return self.bpm

    def setTempo(self, bpm: float, micros: int) -> None:  # noqa: N802 - the library's name
        """From a time on."""
        self.beat, self.micros = self.at(micros), micros
        self.bpm = min(999.0, max(20.0, bpm))

    def at(self, micros: int) -> float:
        """The beat."""
        return self.beat + (micros - self.micros) * self.bpm / 60e6

    def beatAtTime(self, micros: int, _quantum: float) -> float:  # noqa: N802 - as above
        """The beat; the session's beat 0 is of phase 0 whatever the quantum."""
        return self.at(micros)

    def timeAtBeat(self, beat: float, _quantum: float) -> int:  # noqa: N802 - as above
        """Its time, in whole microseconds."""
        return round(self.micros + (beat - self.beat) * 60e6 / self.bpm)

    def requestBeatAtTime(self, beat: float, micros: int, quantum: float) -> None:  # noqa: N802 - as above
        """Only who is alone may move the beat."""
        if not self.peers:
            self.beat, self.micros = beat % quantum, micros

    def isPlaying(self) -> bool:  # noqa: N802 - as above
        """Whether the transport runs."""
        return self.playing

    def setIsPlaying(self, playing: bool, micros: int) -> None:  # noqa: N802 - as above
        """Start or stop it."""
        self.playing, self.since = playing, micros

    def timeForIsPlaying(self) -> int:  # noqa: N802 - as above
        """Since when."""
        return self.since


@dataclass
class Others:
    """A session that others are in already."""

    state: State
    peers: int = 1


class FakeLink:
    """What the library would be, with one other peer or none.

    Args:
        bpm: The first tempo.
        micros: The clock.
        others: Who is there already.
    """

    def __init__(self, bpm: float, micros: Clock, others: Others | None) -> None:
        self._clock = micros
        self._others = others
        self.state = State(bpm, 0.0, micros.micros())
        self._enabled = False
        self.startStopSyncEnabled = False

    @property
    def enabled(self) -> bool:
        """Whether it is in the session."""
        return self._enabled

    @enabled.setter
    def enabled(self, on: bool) -> None:
        self._enabled = on
        if on and self._others is not None:
            self.state = replace(self._others.state)

    def clock(self) -> Clock:
        """Link's own."""
        return self._clock

    def numPeers(self) -> int:  # noqa: N802 - as above
        """The others."""
        return self._others.peers if self._others is not None and self._enabled else 0

    def captureSessionState(self) -> State:  # noqa: N802 - as above
        """A copy."""
        return replace(self.state, peers=self.numPeers())

    def commitSessionState(self, state: State) -> None:  # noqa: N802 - as above
        """Everybody has it."""
        self.state = state


@dataclass
class Clock:
    """Link's clock beside ours."""

    desk: Desk

    def micros(self) -> int:
        """As the library tells them."""
        return int((self.desk.clock.now() * (1 + DRIFT) + OFF) * 1e6)


@dataclass
class World:
    """A session, its peer, and time that passes for both."""

    desk: Desk
    others: Others | None = None
    installed: bool = True
    there: bool = True
    needs: list[bool] = field(default_factory=list[bool])
    errors: list[str] = field(default_factory=list[str])
    notices: list[str] = field(default_factory=list[str])
    rolled: list[tuple[bool, float]] = field(default_factory=list[tuple[bool, float]])
    ours: Course = field(default_factory=lambda: Course(plays=False, since=0.0))

    def __post_init__(self) -> None:
        """Put it together as the engine does."""
        desk = self.desk
        self.clock = Clock(desk)
        self.wire: deque[Said] = deque()
        self._waits = False
        self.linking = Linking(
            desk.session,
            self,
            self.need,
            self.errors.append,
            desk.scheduler.post,
            lambda line: desk.music.chase(line),  # noqa: PLW0108 - that of the music as it is then
            lambda rolling, at: self.rolled.append((rolling, at)),
            lambda: self.installed,
        )
        around = replace(desk.around, lead=self.linking.lead, meet=self.meet)
        desk.surround(around)
        self.restart()

    def need(self, on: bool) -> None:
        """The supervisor starts it."""
        self.needs.append(on)
        if on:
            self.restart()

    def restart(self) -> None:
        """A new process of the peer."""
        self.links: list[FakeLink] = []
        self.client = cast("Client", _Wire(self.wire))
        self.peer = LinkPeer(self.make, self.desk.clock.now, self.hear, self.notices.append)
        self.wire.clear()
        self.peer.meet()

    def make(self, bpm: float) -> Link:
        """The library's peer."""
        self.links.append(FakeLink(bpm, self.clock, self.others))
        return cast("Link", self.links[-1])

    def hear(self, said: Said) -> None:
        """The peer says something."""
        if self.there:
            self.linking.hear(self.client, said)

    def now(self) -> float:
        """The time; it passes while the main thread waits for it."""
        if self._waits:
            self._waits = False
            self.turn()
            self._waits = True
        return self.desk.clock.now()

    def meet(self, early: float, bpm: float) -> object:
        """Wait for the beat."""
        self._waits = True
        try:
            return self.linking.meet(early, bpm)
        finally:
            self._waits = False

    def turn(self) -> None:
        """A hundredth of a second."""
        self.desk.clock.advance(0.01)
        self.desk.scheduler.step()
        self.linking.step(self.desk.scheduler.tempo, lambda: self.ours)
        if self.there:
            while self.wire:
                self.peer.take(self.wire.popleft())
            self.peer.turn()
        self.desk.work()

    def play(self, seconds: float) -> None:
        """Let time pass."""
        for _ in range(round(seconds * 100)):
            self.turn()

    def phase(self, at: float) -> float:
        """By how many cycles a time lies beside the begin of a bar of Link's."""
        bar = self.links[-1].state.at(int((at * (1 + DRIFT) + OFF) * 1e6)) / 4
        return bar - round(bar)

    def off(self) -> float:
        """By how many seconds our beat is beside Link's, now."""
        now = self.desk.clock.now()
        session = self.links[-1].state
        line = LinkLine(now, session.at(self.clock.micros()), 60 / session.bpm, self.desk.session.beats)
        away = (line.cycle_at(now) - self.desk.music.cycle + 0.5) % 1 - 0.5
        return abs(away / line.cps)


@dataclass
class _Wire:
    sent: deque[Said]

    def send(self, message: Said) -> None:
        self.sent.append(message)


def others(bpm: float, beat: float = 2.7, *, playing: bool = False) -> Others:
    """A session that is there."""
    return Others(State(bpm, beat, 0, playing=playing))


def playing(world: World, source: str = 'tempo(120)\na = play(s("bd*4"))') -> World:
    """Our own music, some cycles on."""
    world.desk.save(source)
    world.play(5)
    return world


def test_joining_bends_our_tempo_onto_theirs_and_leaves_theirs_alone(desk: Desk) -> None:
    """Within 50 us of the beat, no cycle lost or jumped, and they hear nothing of our tempo."""
    world = playing(World(desk, others(133.0)))
    say(desk, 'follow("link")')
    world.play(1)
    assert world.needs == [False, True]
    world.play(20)
    assert world.links[-1].state.bpm == 133.0
    assert desk.music.cps == pytest.approx(133 / 240, rel=0.001)
    assert world.off() < 50e-6
    assert world.linking.text == "link locked, 1 peer"
    cycles = [cycle for cycle, _ in desk.heard()]
    assert cycles == pytest.approx([i / 4 for i in range(len(cycles))], abs=1e-5)
    assert world.notices == ["Ableton Link: 1 peer"]


def test_tempo_goes_both_ways(desk: Desk) -> None:
    """Theirs becomes ours, ours theirs, each to the beat; so does a ramp."""
    world = playing(World(desk, others(100.0)))
    say(desk, 'follow("link")')
    world.play(20)
    session = world.links[-1].state
    session.setTempo(150.0, world.clock.micros())
    world.play(4)
    assert desk.music.cps == pytest.approx(150 / 240, rel=0.001)
    assert world.off() < 50e-6
    say(desk, "tempo(90)")
    world.play(1)
    assert world.links[-1].state.bpm == 90.0
    assert desk.music.cps == pytest.approx(90 / 240, rel=0.001)
    world.play(3)
    assert world.off() < 50e-6
    say(desk, "tempo(120, over=2)")
    world.play(2)
    assert 95 < world.links[-1].state.bpm < 115
    assert world.off() < 0.002
    world.play(6)
    assert world.links[-1].state.bpm == 120.0
    assert world.off() < 50e-6


def test_a_tempo_in_the_file_that_joins_is_not_imposed(desk: Desk) -> None:
    """It is taken for our own; changed later it is everybody's."""
    world = World(desk, others(100.0))
    piece = 'tempo(140)\nfollow("link")\na = play(s("bd*4"))'
    desk.save(piece)
    world.play(3)
    assert world.links[-1].state.bpm == 100.0
    assert desk.music.cps == pytest.approx(100 / 240, rel=0.001)
    desk.save(piece.replace("140", "150"))
    world.play(5)
    assert world.links[-1].state.bpm == 150.0
    assert desk.music.cps == pytest.approx(150 / 240, rel=0.001)


def test_the_first_cycle_begins_with_theirs(desk: Desk) -> None:
    """Nothing has to be bent; the quantum is the cycle, also one of three beats."""
    world = World(desk, others(100.0))
    desk.save('tempo(120, 3)\nfollow("link")\na = play(s("bd*3"))')
    begin = desk.scheduler.tempo.segments[0].begin
    beat = world.links[-1].state.at(int((begin * (1 + DRIFT) + OFF) * 1e6))
    assert beat / 3 == pytest.approx(round(beat / 3), abs=1e-4)
    assert begin - desk.clock.now() < 3 * 0.6 + 0.2
    world.play(10)
    assert len(desk.scheduler.tempo.segments) < 20
    assert world.off() < 50e-6


def test_who_is_alone_begins_at_once_at_the_tempo_of_the_piece(desk: Desk) -> None:
    """And the others find it."""
    world = World(desk)
    desk.save('tempo(140)\nfollow("link")\na = play(s("bd*4"))')
    assert desk.scheduler.tempo.segments[0].begin - desk.clock.now() < 0.2
    world.play(8)
    assert world.links[-1].state.bpm == 140.0
    assert world.linking.text == "link alone"
    assert world.off() < 50e-6


def test_a_peer_that_dies_is_gone_on_without_and_joined_again(desk: Desk) -> None:
    """Freewheel at the last tempo; what it joins afterwards is met anew."""
    world = playing(World(desk, others(133.0)))
    say(desk, 'follow("link")')
    world.play(20)
    before = desk.music.cps
    world.there = False
    world.play(GONE + 0.2)
    assert world.linking.text == "link freewheel"
    world.play(5)
    assert desk.music.cps == before
    say(desk, "tempo(80)")
    world.play(3)
    assert desk.music.cps == pytest.approx(80 / 240)
    world.there = True
    world.restart()
    world.play(10)
    assert world.links[-1].state.bpm == 133.0
    assert world.linking.text == "link locked, 1 peer"
    assert world.off() < 50e-6


def test_without_the_library_an_error_names_the_command(desk: Desk) -> None:
    """No process is asked for, and our own tempo goes on."""
    world = playing(World(desk, installed=False))
    say(desk, 'follow("link")')
    world.play(1)
    assert world.errors == [MISSING]
    assert "pip install 'sempre[link]'" in MISSING
    assert world.linking.text == "link missing"
    assert True not in world.needs
    say(desk, "tempo(60)")
    world.play(1)
    assert desk.music.cps == 0.25
    assert desk.session.follow == LINK


def test_leaving_lets_the_process_go(desk: Desk) -> None:
    """At the tempo that is; an understudy knows which clock is followed."""
    world = playing(World(desk, others(133.0)))
    say(desk, 'follow("link")')
    world.play(10)
    fresh = Session()
    for commit in desk.session.handover():
        fresh.apply(commit)
    assert fresh.follow == "link"
    say(desk, "follow(None)")
    world.play(1)
    assert world.needs == [False, True, False]
    assert world.linking.text == ""
    world.peer.close()
    assert not world.links[-1].enabled
    assert desk.music.cps == pytest.approx(133 / 240, rel=0.001)


@pytest.mark.parametrize(("bpm", "theirs"), [(10, 20.0), (1000, 999.0)])
def test_a_tempo_that_link_has_not_is_told(desk: Desk, bpm: float, theirs: float) -> None:
    """And the nearest is taken."""
    world = playing(World(desk, others(133.0)))
    say(desk, 'follow("link")')
    world.play(5)
    say(desk, f"tempo({bpm})")
    world.play(20)
    assert world.links[-1].state.bpm == theirs
    assert any("20 to 999" in text for text in world.notices)
    assert desk.music.cps == pytest.approx(theirs / 240, rel=0.001)


def together(desk: Desk, *, playing_there: bool) -> World:
    """Two that start and stop together, long after they have met."""
    world = playing(World(desk, others(120.0, playing=playing_there)))
    world.ours = Course(plays=True, since=desk.clock.now())
    say(desk, 'follow("link", start_stop=True)')
    world.play(8)
    assert world.rolled == []
    assert world.links[-1].state.playing is playing_there
    return world


def act(world: World, *, playing: bool) -> None:
    """Another starts or stops, now."""
    world.links[-1].state.setIsPlaying(playing, world.clock.micros())
    world.play(0.1)


def test_meeting_starts_and_stops_nobody(desk: Desk) -> None:
    """Neither those who stand where we play, nor us; and they may stop or start afterwards."""
    world = together(desk, playing_there=False)
    act(world, playing=True)
    assert [rolling for rolling, _ in world.rolled] == [True]
    world.play(3)
    assert world.links[-1].state.playing


@pytest.mark.parametrize("there", [False, True])
def test_who_begins_to_share_the_transport_starts_and_stops_nobody(desk: Desk, *, there: bool) -> None:
    """Long after they have met; from then on it is shared."""
    world = playing(World(desk, others(120.0, playing=there)))
    world.ours = Course(plays=True, since=desk.clock.now())
    say(desk, 'follow("link")')
    world.play(5)
    say(desk, 'follow("link", start_stop=True)')
    world.play(5)
    assert world.rolled == []
    assert world.links[-1].state.playing is there
    act(world, playing=not there)
    assert [rolling for rolling, _ in world.rolled] == [not there]


def test_we_stop_at_once_and_start_with_the_bar(desk: Desk) -> None:
    """As the others do; our doing as they did is not said back to them."""
    world = together(desk, playing_there=True)
    act(world, playing=False)
    ((rolling, at),) = world.rolled
    assert not rolling
    assert at - desk.clock.now() < 0.1
    world.ours = Course(plays=False, since=at)
    world.play(3)
    act(world, playing=True)
    _, (rolling, at) = world.rolled
    assert rolling
    assert 0 <= at - desk.clock.now() + 0.1 <= 2.2
    assert exact(desk.scheduler.tempo.cycle_at(at)).denominator == 1
    assert abs(world.phase(at)) < 1e-4
    assert world.links[-1].state.playing
    world.play(3)
    world.ours = Course(plays=True, since=at)
    world.play(3)
    assert len(world.rolled) == 2
    assert world.links[-1].state.playing


def test_others_stop_and_start_with_us(desk: Desk) -> None:
    """At the time at which we do; and what they are told does not come back to us."""
    world = together(desk, playing_there=True)
    world.ours = Course(plays=False, since=desk.clock.now())
    world.play(0.5)
    assert not world.links[-1].state.playing
    since = desk.clock.now() + 0.7
    world.ours = Course(plays=True, since=since)
    world.play(2)
    state = world.links[-1].state
    assert state.playing
    assert state.since == pytest.approx((since * (1 + DRIFT) + OFF) * 1e6, abs=20)
    assert world.rolled == []


def test_without_start_stop_nobody_starts_or_stops(desk: Desk) -> None:
    """The tempo is shared, the transport is not."""
    world = playing(World(desk, others(120.0, playing=True)))
    say(desk, 'follow("link")')
    world.play(5)
    act(world, playing=False)
    world.ours = Course(plays=True, since=desk.clock.now())
    world.play(1)
    assert world.rolled == []
    assert not world.links[-1].state.playing


@pytest.mark.parametrize("said", ['follow("Link")', 'follow("midi:x", start_stop=True)', 'follow("links")'])
def test_what_is_no_clock_is_an_error(said: str) -> None:
    """It says what can be."""
    with pytest.raises(LoadError, match="link"):
        load_piece(said, "a.py")
