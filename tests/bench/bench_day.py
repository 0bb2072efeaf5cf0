"""A day of a set in virtual time, as fast as it computes: no gap, and no note that hangs.

Run as `python tests/bench/bench_day.py [HOURS]` (1). Eight layers play on MIDI through the ledger of the
process that sends; every half minute one of them is changed by a save, every ten minutes the tempo moves
within four cycles, every quarter of an hour some are muted. The exit code is 1 if anything was missed,
doubled or left sounding.
"""

from __future__ import annotations

import resource
import sys
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from bridge.clock import ManualClock
from bridge.event import Agenda, Due
from bridge.layer import route_of
from bridge.midi_bytes import messages
from bridge.midi_routes import MidiRoutes
from bridge.scheduler import Scheduler
from bridge.targets import MidiTarget
from bridge.tempo import Tempo
from repl.loader import load_piece
from repl.music import Music
from repl.namespace import TempoRequest
from repl.own_modules import OwnModules
from repl.session import Session
from repl.sinks import default_target, encode
from repl.surroundings import Surroundings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bridge.event import TimedEvent
    from bridge.layer import Target
    from bridge.sink import Sink

TURN = 0.25
"""Virtual seconds between two steps."""
SAVE, TEMPO, MUTE, LOOK = 30.0, 600.0, 900.0, 60.0
"""Virtual seconds between two saves, changes of the tempo, changes of the mix, and looks at what came."""
SOON = 0.2
"""Cycles before one in which what is muted, or heard again, may still be of it."""
LONGEST = 12.0
"""Seconds for which no note of this set may sound: the longest are a cycle, at 60 beats per minute 4 s."""

SET = """
kick = play(note("c2*4"), on=midi(channel=10))
hats = play(note("[f#2 g#2]*4").velocity(sine.range(.3, .9).slow(7)), on=midi(channel=10))
bass = play(note("c2 <eb2 g2> [~ bb1] f2*<1 1 1>").legato(.9), on=midi(channel=1))
chords = play(chord("<Cm9 Ab^7 Fm7 G7>").voicing().struct("1 ~ ~ 1"), on=midi(channel=2))
walk = play(note(irand(12).segment(8).add(60)).legato(1.5), on=midi(channel=3))
arp = play(n("0 2 4 <6 8 10>").scale("C4:minor").every(3, rev).off(1/8, add(note(12))), on=midi(channel=4))
drone = play(note("[c1,g1]"), on=midi(channel=5))
lead = play(note("c5 {} g5 a5"), on=midi(channel=6))
"""
EVENTS = {"kick": 4, "hats": 8, "bass": 4, "chords": 10, "walk": 8, "arp": 8, "drone": 2, "lead": 4}
"""Notes of each layer in a cycle, whatever is saved: a chord has five voices, and is struck twice."""
MUTED = ("drone", "chords")
"""The layers that are muted now and then: then there is none."""
TURNS = ("d5", "eb5", "f5", "e5")


@dataclass(slots=True)
class Rack:
    """A sink with the ledger of the process that sends: it keeps what sounds, and counts what began."""

    latency: float = 0.0
    routes: MidiRoutes = field(default_factory=MidiRoutes)
    sounding: dict[tuple[int, int, int], float] = field(default_factory=dict[tuple[int, int, int], float])
    counts: Counter[tuple[str, int]] = field(default_factory=Counter[tuple[str, int]])
    wrong: list[str] = field(default_factory=list[str])
    notes: int = 0
    _layers: dict[int, str] = field(default_factory=dict[int, str])
    _known: set[str] = field(default_factory=set[str])
    _agenda: Agenda = field(init=False)

    def __post_init__(self) -> None:
        """Let the ledger know its instruments as the real one does."""
        self._agenda = Agenda(self.routes.key, seat=self.routes.seat, left=self.routes.left)

    def send(self, target: Target, events: Sequence[TimedEvent], cps: float) -> None:
        """Hold events until they are due."""
        if target.key not in self._known and isinstance(target, MidiTarget):
            self._known.add(target.key)
            self.routes.learn({route_of(target.key): target.to_json()})
        for event in events:
            for row in encode(target, event, cps, 0.0):
                self._agenda.add(row)
                self._layers[row.id] = event.layer.partition(":")[2]

    def cancel(self, ids: Iterable[int]) -> None:
        """Let go of what has not begun."""
        self._agenda.cancel(ids)

    def panic(self) -> None:
        """End all."""
        self._hear(self._agenda.silence(), Tempo.steady(0.5))

    def play(self, tempo: Tempo, now: float) -> None:
        """Sound all that is due."""
        self._hear(self._agenda.due(now, now), tempo)

    def _hear(self, due: Sequence[Due], tempo: Tempo) -> None:
        for one in due:
            if one.on:
                self.notes += 1
                self.counts[self._layers[one.event.id], round(tempo.cycle_at(one.event.at) * 48) // 48] += 1
            for message in messages(one.event.on if one.on else one.event.off):
                place = one.event.route, message[0] & 15, message[1]
                if message[0] & 0xF0 == 0x90 and place in self.sounding:
                    self.wrong.append(f"{place} begins twice at {one.at:.2f} s")
                if message[0] & 0xF0 == 0x90:
                    self.sounding[place] = one.at
                elif message[0] & 0xF0 == 0x80 and self.sounding.pop(place, None) is None:
                    self.wrong.append(f"{place} ends twice at {one.at:.2f} s")
            if not one.on:
                self._layers.pop(one.event.id, None)


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it.

    Attributes:
        wrong: Cycles in which a layer had another number of notes, and notes that hung, in words.
        cycles: That were played.
        notes: That began.
        saves: How often the set was changed.
        sizes: Largest resident size after the first twentieth and at the end, in MB.
    """

    wrong: list[str]
    cycles: int
    notes: int
    saves: int
    sizes: tuple[float, float]


class Day:
    """A set that plays in virtual time."""

    def __init__(self) -> None:
        self.clock, self.rack, self._waiting = ManualClock(), Rack(), deque["Callable[[], object]"]()
        sinks: dict[str, Sink] = {"midi": self.rack, "osc": self.rack, "audio": self.rack}
        self.scheduler = Scheduler(self.clock, sinks, Tempo.steady(0.5), default_target)
        around = Surroundings(
            tell=lambda _: None,
            later=self._waiting.append,
            post=self.scheduler.post,
            get_ready=lambda _: None,
            first_cycle=lambda _: None,
        )
        self.music = Music(Session(), self.scheduler, self.clock, around)
        self.saves = 0
        self._mixes: list[tuple[float, bool]] = [(-1.0, False)]
        self._checked = 0

    def save(self) -> None:
        """Save another edition of the set."""
        source = SET.format(f"<{TURNS[self.saves % len(TURNS)]} {TURNS[self.saves % 3]}>")
        loaded = load_piece(source, "set.py", OwnModules(given={}))
        self.music.accept_piece(loaded, self.music.try_piece(loaded))
        self.saves += 1

    def turn(self) -> None:
        """One step further."""
        self.scheduler.step()
        self.clock.advance(TURN)
        self.rack.play(self.scheduler.tempo, self.clock.now())
        while self._waiting:
            self._waiting.popleft()()

    def mix(self, number: int) -> None:
        """Mute two layers for a while, or let them be heard again."""
        muted = sorted(MUTED) if number % 2 else []
        self.music.accept({"kind": "mix", "muted": muted, "solo": []})
        self._mixes.append((self.scheduler.tempo.cycle_at(self.clock.now()), bool(muted)))

    def look(self) -> None:
        """Compare what came since the last look with what should have come."""
        now, tempo = self.clock.now(), self.scheduler.tempo
        last = int(tempo.cycle_at(now)) - 1
        for cycle in range(self._checked, last):
            for layer, events in EVENTS.items():
                found = self.rack.counts.pop((layer, cycle), 0)
                few, many = self._wanted(layer, cycle, events)
                if not few <= found <= many and cycle > 0:
                    self.rack.wrong.append(
                        f"{layer}: {found} notes instead of {few} to {many} in cycle {cycle}"
                    )
        self.rack.counts = Counter({k: n for k, n in self.rack.counts.items() if k[1] >= last})
        self._checked = last
        for place, since in self.rack.sounding.items():
            if now - since > LONGEST:
                self.rack.wrong.append(f"{place} sounds since {since:.1f} s, at {now:.1f} s")

    def _wanted(self, layer: str, cycle: int, events: int) -> tuple[int, int]:
        """How many notes a layer may have in a cycle, at least and at most."""
        if layer not in MUTED:
            return events, events
        # What is muted is let go from a moment on that is a little after it was said.
        states = {muted for at, muted in self._mixes if cycle - SOON < at < cycle + 1}
        states.add([muted for at, muted in self._mixes if at <= cycle - SOON][-1])
        return (0 if True in states else events), (events if False in states else 0)


def day(seconds: float) -> Result:
    """Play a set for so many virtual seconds.

    Args:
        seconds: How long.
    """
    one = Day()
    one.save()
    early = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for turn in range(1, round(seconds / TURN)):
        one.turn()
        at = turn * TURN

        def now(every: float, at: float = at) -> bool:
            return round(at / TURN) % round(every / TURN) == 0

        if now(SAVE):
            one.save()
        if now(TEMPO):
            bpm = 80 + 20 * (round(at / TEMPO) % 4)
            one.music.set_tempo(TempoRequest(bpm, 4.0, over=Fraction(4)))
        if now(MUTE):
            one.mix(round(at / MUTE))
        if now(LOOK):
            one.look()
        if at < seconds / 20:
            early = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    cycles = int(one.scheduler.tempo.cycle_at(one.clock.now()))
    one.scheduler.hush()
    for _ in range(round(LONGEST / TURN)):
        one.turn()
    one.rack.wrong += [f"{place} hangs at the end" for place in one.rack.sounding]
    late = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return Result(one.rack.wrong, cycles, one.rack.notes, one.saves, (early / 1024, late / 1024))


def main() -> int:
    """Do it, and say what came of it."""
    hours = float(sys.argv[1]) if len(sys.argv) > 1 else 1.0
    begun = time.perf_counter()
    found = day(hours * 3600)
    took, (early, late) = time.perf_counter() - begun, found.sizes
    print(
        f"{hours:g} hours in {took:.0f} s: {found.notes} notes in {found.cycles} cycles, {found.saves} saves,"
        f" {len(found.wrong)} wrong; {early:.0f} MB, at the end {late:.0f}"
    )
    print(*found.wrong[:20], sep="\n")
    return 1 if found.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
