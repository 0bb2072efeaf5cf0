"""What the rack costs: each case's time for a block of 256 frames at 48 kHz, as a share of the block.

Run as `python tests/bench/bench_rack.py`; prints a table. A timing, not a test: pytest does not collect it.
"""

import gc
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from plugin_host.layouts import LAYOUTS, STEREO, Layout
from plugin_host.placing import Placing
from plugin_host.rack import Rack
from plugin_host.specs import Chain, fx, instrument
from plugin_host.stage import Stage
from plugin_host.viewing import SLOTS, View

RATE, BLOCK = 48000, 256
PERIOD = BLOCK / RATE
STEP = 33
"""Blocks in a sixteenth at about 85 bpm."""

Play = Callable[[Rack, int], None]


def measure(
    name: str,
    chains: dict[int, Chain],
    play: Play,
    blocks: int = 3000,
    layout: Layout = STEREO,
    budget: float = np.inf,
) -> None:
    """Print the median, 99th percentile and worst block of a case: by the processor's time, and by the clock.

    On a machine that others use as well, the processor's time is what the rack itself costs; the clock
    tells what it had to wait for.
    """
    rack = Rack(RATE, BLOCK, layout=layout)
    rack.set_chains(chains)
    spent: list[tuple[float, float]] = []
    voices: list[int] = []
    for number in range(blocks):
        own, begun = time.thread_time(), time.perf_counter()
        play(rack, number)
        rack.render()
        spent.append((time.thread_time() - own, time.perf_counter() - begun))
        voices.append(rack.sounding)
    share = 100 * np.array(spent[100:]) / PERIOD
    own_, wall = (" ".join(f"{one:7.1f}" for one in np.percentile(each, [50, 99, 100])) for each in share.T)
    print(f"{name:36s}{max(voices):4d}    {own_}    {wall}")
    if np.median(share[:, 0]) >= budget:
        over.append(f"{name} {np.median(share[:, 0]):.1f}, not {budget:g}")


over: list[str] = []
"""What takes more of a block than it may, in percent."""


def idle(rack: Rack, number: int) -> None:
    """Nothing plays."""


def drums(speed: float) -> Play:
    """64 cymbals, always."""

    def play(rack: Rack, number: int) -> None:
        while rack.sounding < 64:
            rack.begin(0, 1000 * number + rack.sounding, {"s": "cr", "speed": speed}, rack.sounding)

    return play


def chords(many: int) -> Play:
    """So many notes, always: what has rung out is struck again."""

    def play(rack: Rack, number: int) -> None:
        while rack.sounding < many:
            rack.begin(0, 1000 * number + rack.sounding, {"note": 40 + rack.sounding % 40}, rack.sounding)

    return play


def piece(rack: Rack, number: int) -> None:
    """Drums, bass, keys, pad and lead in sixteenths."""
    if number % STEP:
        return
    step = number // STEP
    ident = step * 100

    def note(route: int, place: int, length: int, **controls: object) -> None:
        rack.begin(route, ident + place, controls, 7 * place)
        ends.setdefault(step + length, []).append(ident + place)

    for old in ends.pop(step, []):
        rack.end(old, 0)
    if step % 4 == 0:
        note(0, 0, 1, s="bd")
    if step % 8 == 4:
        note(0, 1, 1, s="sd", room=0.2)
        note(0, 2, 1, s="cp", gain=0.7)
    note(0, 3, 1, s="hh", velocity=0.4 + 0.1 * (step % 4))
    note(1, 4, 2, note=36 + (step * 5) % 12, cutoff=400 + 50 * (step % 16))
    if step % 16 == 0:
        for place, tone in enumerate((60, 63, 67, 70)):
            note(3, 10 + place, 16, note=tone)
    if step % 4 == 2:
        for place, tone in enumerate((60, 63, 67, 70)):
            note(2, 20 + place, 3, note=tone + 12)
    if step % 3 == 0:
        note(4, 30, 2, note=72 + step % 12)


ends: dict[int, list[int]] = {}


def around(rack: Rack, number: int) -> None:
    """16 held notes, each going its own way around the room, told a hundred times a second."""
    for route in range(16):
        if not number:
            rack.begin(route, route, {"note": 40 + 3 * route}, 0)
        if number % 2 == 0:
            angle = (route / 16 + number / 700) % 1
            rise = 0.5 + 0.4 * np.sin(number / 150 + route)
            rack.begin(route, 100, {"param.azim": angle, "param.elev": rise, "over": 0.0107}, 0)


def placing(blocks: int = 3000) -> None:
    """What the room alone takes of that; said against its budget of 8 %."""
    stage = Stage(LAYOUTS["7.1.4"], RATE, BLOCK)
    seats = [Placing(instrument("sine", azim=20.0 * n - 160, spread=0), RATE) for n in range(16)]
    sounds = np.random.default_rng(1).standard_normal((16, 2, BLOCK)).astype(np.float32)
    spent: list[float] = []
    for number in range(blocks):
        own = time.thread_time()
        for one, seat in enumerate(seats):
            seat.move("azim", (3.0 * number + 20 * one) % 360, 0, BLOCK)
            seat.move("elev", 40 * np.sin(number / 50 + one), 0, BLOCK)
            seat.block(BLOCK)
            stage.take(seat, sounds[one])
        stage.whole(np.zeros((2, BLOCK), np.float32), lambda sound: sound)
        spent.append(time.thread_time() - own)
    share = 100 * np.array(spent[100:]) / PERIOD
    told = " ".join(f"{one:7.1f}" for one in np.percentile(share, [50, 99, 100]))
    print(f"{'16 moving sounds: the room alone':40s}    {told}    (median under 8)")
    if np.median(share) >= 8:
        sys.exit("16 moving sounds take more than their 8 %")


HELD: dict[str, tuple[float, dict[str, float]]] = {
    **{name: (15, {}) for name in ("keys", "pluck", "bells", "strings", "texture", "noise")},
    **{name: (15, {"voices": 64}) for name in ("sine", "triangle", "square", "sawtooth", "bass", "lead")},
    "pad": (25, {"voices": 64}),
}
"""Each instrument: the percent of a block that 64 held voices of it may take with the whole rack around them,
and its settings. A pad, with seven waves a voice and a filter that never rests, takes its 15 for the voices
alone; with echo, reverb and limiter, which one voice needs as well, it is beyond."""
VOICES = 15
"""Percent of a block that 64 voices may take by themselves: what they take more than one."""


def held() -> None:
    """64 held notes of each instrument, from half a second after their beginning on, against their budget."""
    for name, (budget, settings) in HELD.items():
        chain = instrument(name, **settings)
        one, many = held_notes(chain, 1), held_notes(chain, 64)
        told = " ".join(f"{each:7.1f}" for each in np.percentile(many, [50, 99, 100]))
        own = float(np.median(many) - np.median(one))
        print(f"{f'64 held voices: {name}':36s}  64    {told}    (median under {budget:g}; alone {own:.1f})")
        if np.median(many) >= budget:
            over.append(f"{name} {np.median(many):.1f}, not {budget:g}")
        if own >= VOICES:
            over.append(f"{name} {own:.1f} for the voices alone, not {VOICES}")


def held_notes(chain: Chain, many: int, blocks: int = 700) -> NDArray[np.float64]:
    """The percents of the blocks in which so many notes are held."""
    rack = Rack(RATE, BLOCK)
    rack.set_chains({0: chain})
    spent: list[float] = []
    ident = 0
    for _ in range(blocks):
        # What has rung out is struck again.
        while rack.sounding < many and ident < many + len(spent):
            rack.begin(0, ident, {"note": 36 + (ident * 7) % 48}, 3)
            ident += 1
        own = time.thread_time()
        rack.render()
        spent.append(time.thread_time() - own)
    return 100 * np.array(spent[100:]) / PERIOD


def looked_at(blocks: int = 3000) -> None:
    """What it takes to show the piece to a screen: the whole, and as many layers as there is room for."""
    rack, names = Rack(RATE, BLOCK), [str(one) for one in range(SLOTS)]
    rack.set_chains(BAND)
    for name in names:
        rack.plays(name, int(name) % len(BAND))
    with TemporaryDirectory() as folder:
        view = View(Path(folder), RATE, STEREO)
        view.show(rack, names)
        spent: list[float] = []
        for number in range(blocks):
            piece(rack, number)
            audio = rack.render()
            own = time.thread_time()
            view.hear(number, audio)
            spent.append(time.thread_time() - own)
    told = " ".join(
        f"{one:7.1f}" for one in np.percentile(100 * np.array(spent[100:]) / PERIOD, [50, 99, 100])
    )
    print(f"{'the piece: showing it to a screen':40s}    {told}")


KIT = {0: instrument("drums")}
BAND = {
    0: instrument("drums") | fx.compressor(),
    1: instrument("bass") | fx.distortion(6),
    2: instrument("keys") | fx.chorus() | fx.phaser(),
    3: instrument("pad") | fx.chorus() | fx.reverb(),
    4: instrument("lead") | fx.delay(),
}

if __name__ == "__main__":
    gc.disable()
    print(
        "% of a block of 256 at 48 kHz      voices   processor: p50   p99   worst   clock: p50   p99   worst"
    )
    measure("silence", KIT, idle)
    measure("64 samples", KIT, drums(1), budget=15)
    measure("64 samples at another speed", KIT, drums(1.1), budget=15)
    measure("64 plucked strings", {0: instrument("pluck")}, chords(64))
    measure("24 notes of strings", {0: instrument("strings")}, chords(24))
    measure("a piece: five parts with effects", BAND, piece)
    ends.clear()
    looked_at()
    ends.clear()
    measure("the same to 7.1.4", BAND, piece, layout=LAYOUTS["7.1.4"])
    orbits = {route: instrument("sine", spread=0, azim=22.5 * route - 180) for route in range(16)}
    measure("16 moving sounds to 7.1.4", orbits, around, layout=LAYOUTS["7.1.4"])
    placing()
    held()
    if over:
        sys.exit(f"more of a block than they may take: {'; '.join(over)} %")
