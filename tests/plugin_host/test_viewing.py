"""What screens look at: the sound in a ring that nobody waits for, and levels for two who ask."""

import math
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugin_host.audio import Audio, single
from plugin_host.layouts import LAYOUTS, STEREO
from plugin_host.rack import Rack
from plugin_host.specs import bus, fx, instrument
from plugin_host.view_ring import CAPACITY, ViewRing
from plugin_host.viewing import SLOTS, LevelBook, View

RATE, BLOCK = 48000, 256


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(1, 4096), min_size=1, max_size=40), st.integers(0, 60000))
def test_each_frame_is_read_once_and_whole(sizes: list[int], since: int) -> None:
    """A reader that comes in time reads all; one that is late, only what is not overwritten."""
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        ring = ViewRing.create(Path(folder) / "ring", 3)
        reader = ViewRing(ring.path, 3)
        at = 0
        for size in sizes:
            ring.put(0, single([np.arange(at, at + size)]), 1, size)
            ring.put(1, None, 2, size)
            ring.advance(size)
            at += size
        first, sound = reader.read(since)
        assert first >= min(since, at)
        assert first + sound.shape[1] == max(at, first)
        assert sound[0].tolist() == list(range(first, first + sound.shape[1]))
        assert not sound[1:].any()
        if at <= CAPACITY // 2 and since <= at:
            assert first == since


def test_a_late_reader_loses_only_pictures(tmp_path: Path) -> None:
    """The writer goes on as fast as ever; what is read then is the newest."""
    ring = ViewRing.create(tmp_path / "ring", 2)
    reader = ViewRing(ring.path, 2)
    for number in range(1000):
        ring.put(0, np.full((2, BLOCK), number, np.float32), 2, BLOCK)
        ring.advance(BLOCK)
    first, sound = reader.read(0)
    assert first == 1000 * BLOCK - CAPACITY // 2
    assert sound[0, 0] == first // BLOCK
    assert sound[0, -1] == 999
    ring.forget_file()
    assert not ring.path.exists()
    assert reader.read(1000 * BLOCK - 1)[1].tolist() == [[999], [999]]


def tones() -> Rack:
    """Two layers, one in a bus that makes it softer."""
    rack = Rack(RATE, BLOCK)
    rack.set_chains({0: instrument("sine"), 1: instrument("sine") | (bus("soft") | fx.gain(-20))})
    rack.plays("low", 0)
    rack.plays("high", 1)
    for route, tone in enumerate((45, 81)):
        rack.begin(route, route, {"note": tone}, 0)
    return rack


def test_what_is_looked_at_is_what_each_gives_to_the_mix(tmp_path: Path) -> None:
    """Layers, buses and the whole lie side by side from the frame on that is told; others are silent."""
    rack, view = tones(), View(tmp_path, RATE, STEREO)
    for _ in range(20):
        view.hear(0, rack.render())
    told = view.show(rack, ["high", "soft", "nobody", "high"])
    assert (told["names"], told["since"], told["rate"]) == (["high", "soft", "nobody"], 20 * BLOCK, RATE)
    whole: list[Audio] = []
    for _ in range(40):
        whole.append(rack.render())
        view.hear(0, whole[-1])
    reader = ViewRing(Path(str(told["ring"])), 2 + 2 * SLOTS)
    first, sound = reader.read(int(str(told["since"])))
    assert first == 20 * BLOCK
    assert np.array_equal(sound[:2], np.concatenate(whole, axis=1))
    high, soft, nobody = (sound[place : place + 2] for place in (2, 4, 6))
    assert np.allclose(soft, high * 0.1, atol=1e-3)
    assert np.abs(high).max() > 0.05
    assert not nobody.any()
    assert told == view.show(rack, ["high", "soft", "nobody"])
    view.close(rack)
    rack.render()
    assert rack.viewed() == []
    assert not reader.path.exists()


def test_being_looked_at_changes_no_sound(tmp_path: Path) -> None:
    """Bit for bit."""
    plain, seen = tones(), tones()
    view = View(tmp_path, RATE, STEREO)
    view.show(seen, ["low", "soft"])
    for _ in range(50):
        one, other = plain.render(), seen.render()
        view.hear(0, other)
        assert np.array_equal(one, other)


def test_every_loudspeaker_is_seen(tmp_path: Path) -> None:
    """With the weights that loudness gives them."""
    layout = LAYOUTS["5.1"]
    view = View(tmp_path, RATE, layout)
    told = view.show(object(), ["drums"])
    assert told["weights"] == list(layout.weights)
    view.hear(0, np.ones((6, BLOCK), np.float32))
    _, sound = view.ring.read(0)
    assert sound[:6].all()
    assert not sound[6:].any()


def test_a_layer_that_is_cued_is_out_of_the_picture(tmp_path: Path) -> None:
    """It has left the mix; and comes back."""
    rack = tones()
    rack.view(["low"])
    rack.render()
    rack.hear_before(["low"])
    for _ in range(3):
        rack.render()
    assert rack.viewed() == [None]
    rack.hear_before([])
    for _ in range(3):
        rack.render()
    assert rack.viewed()[0] is not None


def test_two_who_ask_are_each_told_all() -> None:
    """Peaks are the highest, powers are averaged over time, since each was told last."""
    now = [0.0]
    peaks = [-3.0, -20.0, -30.0, -40.0]

    def read() -> dict[str, object]:
        peak = peaks.pop(0)
        return {"layer a": {"peak": peak, "rms": peak - 10, "missing": len(peaks)}}

    book = LevelBook(read, lambda: now[0])
    book.viewed = True
    rows: list[dict[str, float]] = []
    for who in ("screen", "screen", "engine", "screen"):
        now[0] += 1
        rows.append(cast("dict[str, float]", book.tell(who)["layer a"]))
    assert [row["peak"] for row in rows] == [-3, -20, -3, -30]
    mean = sum(10 ** (one / 10) for one in (-13, -30, -40)) / 3
    assert rows[2]["rms"] == pytest.approx(10 * math.log10(mean), abs=0.01)
    assert [row["missing"] for row in rows] == [3, 2, 1, 0]


def test_alone_the_engine_is_told_what_the_meters_say() -> None:
    """Nothing is kept for a screen that is not there."""
    book = LevelBook(lambda: {"master": {"peak": -1.0, "rms": -9.0}})
    assert book.tell("engine") == {"master": {"peak": -1.0, "rms": -9.0}}
