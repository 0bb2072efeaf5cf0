"""The ledger of notes as a machine: whatever is sent, moved and cancelled, what sounds ends once."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bridge.event import Agenda, Due, SinkEvent, TimedEvent
from bridge.layer import route_of
from bridge.midi import encode
from bridge.midi_bytes import messages
from bridge.midi_routes import MidiRoutes
from bridge.targets import MidiTarget, midi, mpe

VOICES = 3
ZONE = mpe("a synth", voices=VOICES)
MASTER = midi("a synth", channel=1)
TARGETS: tuple[MidiTarget, ...] = (midi(), midi(latency=0.1), midi(channel=2), MASTER, ZONE)
KEYS = st.integers(60, 63)
TARGET = st.sampled_from(TARGETS)
TICK = st.integers(0, 40).map(lambda n: n / 10)
SPAN = st.integers(0, 20).map(lambda n: n / 10)


class Port:
    """What one instrument knows: which notes sound, and the last bend of each channel."""

    def __init__(self, zone: bool) -> None:
        self.zone = zone
        self.sounding: dict[tuple[int, int], int] = {}
        self.bent: set[int] = set()

    def hear(self, message: bytes) -> None:
        """Take one message, and judge it."""
        status, channel = message[0] & 0xF0, message[0] & 15
        if status == 0xE0:
            self.bent.add(channel)
        elif status == 0x90:
            place = (channel, message[1])
            assert place not in self.sounding, "an on for what sounds already"
            if self.zone and channel:
                assert channel in self.bent, "a note before its bend"
                taken = {c for c, _ in self.sounding if c}
                assert channel not in taken, "two notes share a channel"
            self.sounding[place] = message[2]
        elif status == 0x80:
            assert self.sounding.pop((channel, message[1]), None) is not None, "an off for a silent key"
            self.bent.discard(channel)


class Ledger(RuleBasedStateMachine):
    """Random engines against one ledger."""

    @initialize()
    def begin(self) -> None:
        """An output process that knows all the routes."""
        self.routes = MidiRoutes()
        self.routes.learn({route_of(t.key): t.to_json() for t in TARGETS})
        self.agenda = Agenda(self.routes.key, seat=self.routes.seat, left=self.routes.left)
        self.ports = {None: Port(zone=False), "a synth": Port(zone=True)}
        self.now = 0.0
        self.known: dict[int, tuple[MidiTarget, float, float, int]] = {}

    def _hear(self, dues: list[Due]) -> None:
        for due in dues:
            port = self.ports[self.routes.parts[due.event.route]]
            for message in messages(due.event.on if due.on else due.event.off):
                port.hear(message)

    def _send(self, ident: int, target: MidiTarget, at: float, length: float, key: int) -> list[SinkEvent]:
        event = TimedEvent(at, length, {"note": key}, "lead", ident)
        return encode(target, event)

    @rule(goal=TARGET, delay=TICK, length=SPAN, key=KEYS)
    def note(self, goal: MidiTarget, delay: float, length: float, key: int) -> None:
        """A new note."""
        ident = len(self.known) + 1
        self.known[ident] = (goal, self.now + delay, length, key)
        for event in self._send(ident, *self.known[ident]):
            self.agenda.add(event)

    @rule(which=st.integers(0, 50), delay=TICK, length=SPAN)
    def move(self, which: int, delay: float, length: float) -> None:
        """The tempo changes: a note that is known gets other times."""
        if self.known:
            ident = which % len(self.known) + 1
            target, _, _, key = self.known[ident]
            self.known[ident] = (target, self.now + delay, length, key)
            self.again()

    @rule()
    def again(self) -> None:
        """Another engine sends everything that it knows, in another order."""
        for ident, row in sorted(self.known.items(), reverse=True):
            for event in self._send(ident, *row):
                self.agenda.add(event)

    @rule(which=st.integers(0, 50))
    def cancel(self, which: int) -> None:
        """A reload, or a layer that is muted."""
        self.agenda.cancel([which])

    @rule(step=SPAN)
    def play(self, step: float) -> None:
        """Time passes."""
        self.now += step
        dues = self.agenda.due(self.now, self.now - 0.002)
        for due in dues:
            members = [place for place in self.ports["a synth"].sounding if place[0]]
            if due.event.route == route_of(ZONE.key) and not due.on and due.at < due.event.until:
                assert len(members) == VOICES, "a voice was stolen while others were free"
            self._hear([due])

    @rule()
    def panic(self) -> None:
        """Everything ends at once."""
        self._hear(self.agenda.silence())
        assert not any(port.sounding for port in self.ports.values())

    @invariant()
    def the_ledger_knows_what_sounds(self) -> None:
        """No more and no less than the instruments."""
        if hasattr(self, "ports"):
            assert self.agenda.sounding == sum(len(port.sounding) for port in self.ports.values())

    @invariant()
    def channels_are_shared_out_to_the_last(self) -> None:
        """A zone never steals while a channel is free: as many sound as it has channels, at most."""
        if hasattr(self, "ports"):
            members = [place for place in self.ports["a synth"].sounding if place[0]]
            assert len(members) <= VOICES

    def teardown(self) -> None:
        """Let everything run out: nothing hangs."""
        if hasattr(self, "ports"):
            self._hear(self.agenda.due(self.now + 1000))
            assert not any(port.sounding for port in self.ports.values())
            assert self.agenda.sounding == 0


def test_two_names_of_one_port_share_its_ledger() -> None:
    """A key that is struck through both is ended before it is struck again; a zone has its channels once."""
    routes = MidiRoutes(lambda part: "Volca Keys MIDI 1" if part in {"volca", "Keys"} else part)
    one, other = midi("volca"), midi("Keys")
    zones = mpe("volca"), mpe("Keys")
    routes.learn({route_of(t.key): t.to_json() for t in (one, other, *zones)})
    agenda = Agenda(routes.key, seat=routes.seat, left=routes.left)
    for ident, (target, at) in enumerate(((one, 1.0), (other, 2.0), (zones[0], 3.0), (zones[1], 3.0)), 1):
        for event in encode(target, TimedEvent(at, 9.0, {"note": 60}, "lead", ident)):
            agenda.add(event)
    heard = [m for due in agenda.due(5.0) for m in messages(due.event.on if due.on else due.event.off)]
    notes = [m.hex()[:4] for m in heard if m[0] & 0xE0 == 0x80]
    assert notes == ["903c", "803c", "903c", "913c", "923c"]


TestLedger = Ledger.TestCase
TestLedger.settings = settings(max_examples=150, stateful_step_count=40)
