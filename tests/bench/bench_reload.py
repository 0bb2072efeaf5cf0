"""Thousands of saves in virtual time: no event is missed or doubled, and nothing grows.

Run as `python tests/bench/bench_reload.py [COUNT] [LINES]` (10,000 of 20 lines). A piece is saved each half
second of virtual time: one layer of it is another at each save, the others stay as they are, and a module is
changed at every tenth save. Then it says what a save of 200 lines takes from its text to the accepted change.
"""

from __future__ import annotations

import gc
import sys
import time
import tracemalloc
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bridge.clock import ManualClock
from bridge.scheduler import Scheduler
from bridge.tempo import Tempo
from repl.loader import load_piece
from repl.music import Music
from repl.own_modules import OwnModules
from repl.session import Session
from repl.sinks import default_target
from repl.surroundings import Surroundings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bridge.event import TimedEvent
    from bridge.layer import Target

WARM = 70
"""Saves before memory is measured: what is kept of the past is full then."""
GROWTH = 5_000_000
"""Bytes by which what is held may grow in all of them."""
BETWEEN = 0.5
"""Virtual seconds between two saves; a cycle has two."""
EVENTS = {"a.py:still": 8, "a.py:moving": 4, "a.py:riff": 2}
"""Events of each layer in a cycle, whatever is saved."""


@dataclass(slots=True)
class Heard:
    """A sink that counts what sounds, by layer and cycle, and forgets it."""

    latency: float = 0.0
    held: dict[int, TimedEvent] = field(default_factory=dict[int, "TimedEvent"])
    counts: Counter[tuple[str, int]] = field(default_factory=Counter[tuple[str, int]])

    def send(self, target: Target, events: Sequence[TimedEvent], cps: float) -> None:
        """Hold events until they are due."""
        self.held |= {event.id: event for event in events}

    def cancel(self, ids: Iterable[int]) -> None:
        """Let go of events."""
        for ident in ids:
            self.held.pop(ident, None)

    def panic(self) -> None:
        """Let go of all."""
        self.held.clear()

    def sound(self, tempo: Tempo, now: float) -> None:
        """Count what is over."""
        for ident in [i for i, event in self.held.items() if event.at < now - 1e-6]:
            event = self.held.pop(ident)
            self.counts[event.layer, round(tempo.cycle_at(event.at) * 8) // 8] += 1


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it.

    Attributes:
        wrong: Layers and cycles with another number of events than they have.
        cycles: That were looked at.
        growth: Bytes that were taken after the first saves.
        median: Seconds that a save took, in the middle.
        slowest: The same of the slowest of a hundred.
    """

    wrong: list[tuple[str, int, int]]
    cycles: int
    growth: int
    median: float
    slowest: float


def piece(number: int, lines: int) -> str:
    """An edition of so many lines."""
    filling = "\n".join(f'part{k} = note("c e g").add({k}).every({k % 5 + 2}, rev)' for k in range(lines - 4))
    return (
        f"from riffs import low\n{filling}\n"
        'still = play(s("hh*8"))\n'
        f'moving = play(s("bd*4").n({number}))\n'
        "riff = play(low)\n"
    )


def reloads(count: int, lines: int, memory: Callable[[], int]) -> Result:
    """Save a piece so many times.

    Args:
        count: How often.
        lines: Of the piece.
        memory: Bytes that are taken.
    """
    clock, sink, waiting = ManualClock(), Heard(), deque["Callable[[], object]"]()
    session = Session()
    scheduler = Scheduler(
        clock, {"midi": sink, "osc": sink, "audio": sink}, Tempo.steady(0.5), default_target
    )
    around = Surroundings(
        tell=lambda _: None,
        later=waiting.append,
        post=scheduler.post,
        get_ready=lambda _: None,
        first_cycle=lambda _: None,
    )
    music = Music(session, scheduler, clock, around)
    took: list[float] = []
    before = 0
    for number in range(count):
        if number == WARM:
            gc.collect()
            before = memory()
        begun = time.perf_counter()
        texts = {"riffs.py": f'low = note("c2 e2").n({number // 10})\n'}
        loaded = load_piece(piece(number, lines), "a.py", OwnModules(given=texts))
        targets = music.try_piece(loaded)
        music.accept_piece(loaded, targets)
        took.append(time.perf_counter() - begun)
        for _ in range(10):
            scheduler.step()
            clock.advance(BETWEEN / 10)
            sink.sound(scheduler.tempo, clock.now())
            while waiting:
                waiting.popleft()()
    gc.collect()
    growth = memory() - before
    last = int(scheduler.tempo.cycle_at(clock.now()))
    cycles = range(1, last)
    wrong = [
        (layer, cycle, sink.counts[layer, cycle])
        for layer, events in EVENTS.items()
        for cycle in cycles
        if sink.counts[layer, cycle] != events
    ]
    took.sort()
    return Result(wrong, len(cycles), growth, took[len(took) // 2], took[-len(took) // 100])


def traced() -> int:
    """Bytes of all objects that Python holds."""
    return tracemalloc.get_traced_memory()[0]


def main() -> int:
    """Do it, and say what came of it; the exit code is 1 where an event was missed, or too much has grown."""
    count, lines = (int(one) for one in (*sys.argv[1:], *("10000", "20")[len(sys.argv) - 1 :]))
    tracemalloc.start()
    found = reloads(count, lines, traced)
    tracemalloc.stop()
    failed = bool(found.wrong) or found.growth > GROWTH
    print(f"{count} saves in {found.cycles} cycles: {len(found.wrong)} wrong, {found.growth / 1e6:+.2f} MB")
    found = reloads(WARM + 50, 200, lambda: 0)
    print(f"a save of 200 lines: {found.median * 1000:.1f} ms, 1 in 100 {found.slowest * 1000:.1f} ms")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
