"""Audio that comes in: what the device heard, at its frame; through a gate that events hold open."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.clock import SystemClock, create_page
from plugin_host.audio import Audio, single
from plugin_host.audio_settings import AudioSettings
from plugin_host.desk import Desk
from plugin_host.errors import HostError
from plugin_host.intake import CAPACITY, Intake
from plugin_host.machine import Machine
from plugin_host.offline import render
from plugin_host.rack import Rack
from plugin_host.render_ahead import Renderer
from plugin_host.runway import Runway
from plugin_host.specs import Chain, audio_in, fx, instrument
from plugin_host.stream_time import FittedTime

RATE, BLOCK = 48000, 256


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from([0, 0, 0, 64, 5000, 40000, -300]), st.integers(1, 1024)), max_size=60),
    st.integers(0, 2**40),
)
def test_what_was_heard_is_found_at_its_frame(steps: list[tuple[int, int]], first: int) -> None:
    """Each frame holds its own number; what the device left out, or what is too old, is silence."""
    intake = Intake(("a",))
    heard: dict[int, float] = {}
    position = first
    for jump, size in steps:
        position += jump
        if jump < 0 or jump > CAPACITY // 2:
            heard.clear()  # it begins anew
        numbers = single([[(position + one) % 8191 + 1 for one in range(size)]])
        intake.write(position, numbers)
        heard |= {position + one: float(numbers[0, one]) for one in range(size)}
        position += size
        out = np.empty((1, 2048), np.float32)
        intake.read(position - 2048, out)
        wanted = [heard.get(at, 0.0) for at in range(position - 2048, position)]
        assert out[0].tolist() == wanted


def test_frames_that_are_not_there_yet_are_silence() -> None:
    """Whoever reads never waits."""
    intake = Intake(("a", "b"))
    intake.write(1000, np.ones((2, 100), np.float32))
    out = np.empty((2, 300), np.float32)
    intake.read(900, out)
    assert out.sum() == 200
    assert out[:, 100:200].all()


def rack_of(chain: Chain, names: tuple[str, ...] = ("in_1 system:capture_1", "in_2 mic")) -> Rack:
    """A rack that hears ones on the first input and halves on the second."""
    rack = Rack(RATE, BLOCK)
    rack.inputs.have(names)
    for number, row in enumerate(rack.inputs.sound):
        row[:] = 1 / (1 + number)
    rack.set_chains({0: chain})
    return rack


def run(rack: Rack, blocks: int) -> Audio:
    """The next so many blocks before the master."""
    return np.concatenate([rack.render_open() for _ in range(blocks)], axis=1)


def test_an_event_opens_and_closes_it() -> None:
    """At its frames, in 5 ms, straight; as loud as what comes in; nothing before and after."""
    rack = rack_of(audio_in(1))
    assert not run(rack, 2).any()
    rack.begin(0, 1, {"gain": 1}, 100)
    sound = run(rack, 4)
    assert not sound[:, :100].any()
    assert np.allclose(sound[:, 340:], 1, atol=1e-6)
    assert np.allclose(np.diff(sound[0, 100:340]), 1 / 240, atol=1e-6)
    rack.end(1, 50)
    sound = run(rack, 3)
    assert np.allclose(sound[:, :50], 1, atol=1e-6)
    assert not sound[:, 290:].any()
    assert rack.sounding == 0


def test_one_event_after_the_other_leaves_no_seam() -> None:
    """An end and a beginning at one frame, in whichever block: it stays open, evenly."""
    rack = rack_of(audio_in(1))
    rack.begin(0, 1, {"gain": 1}, 0)
    run(rack, 3)
    parts: list[Audio] = []
    for number in range(2, 40):
        offset = (number * 37) % BLOCK
        rack.end(number - 1, offset)
        rack.begin(0, number, {"gain": 1}, offset)
        parts.append(rack.render_open())
    assert np.allclose(np.concatenate(parts, axis=1), 1, atol=1e-6)


def test_levels_go_from_event_to_event_without_a_click() -> None:
    """Velocity, gain and pan are the newest event's; a chain's effects hear it."""
    rack = rack_of(audio_in(1))
    rack.begin(0, 1, {"gain": 1}, 0)
    run(rack, 3)
    rack.begin(0, 2, {"gain": 0.5}, 10)
    rack.end(1, 20)
    sound = run(rack, 3)
    assert np.allclose(sound[:, -BLOCK:], 0.5, atol=1e-6)
    assert np.abs(np.diff(sound)).max() < 0.004
    loud = rack_of(audio_in(1) | fx.gain(-6))
    loud.begin(0, 1, {"gain": 1}, 0)
    assert np.allclose(run(loud, 3)[:, -BLOCK:], 10 ** (-6 / 20), atol=1e-5)


def test_channels_by_number_and_by_name() -> None:
    """One to both sides, two to left and right."""
    for chain, wanted in ((audio_in("mic"), (0.5, 0.5)), (audio_in(1, 2), (1, 0.5)), (audio_in(), (1, 1))):
        rack = rack_of(chain)
        rack.begin(0, 1, {"gain": 1}, 0)
        last = run(rack, 3)[:, -1]
        assert last.tolist() == pytest.approx(wanted, abs=1e-6)
        assert not rack.problems
        assert Chain.from_json(chain.to_json()) == chain


def test_an_input_that_is_not_there_is_said() -> None:
    """Once, with those that are; in a render too, and nothing else is the worse for it."""
    rack = rack_of(audio_in(3))
    rack.begin(0, 1, {"gain": 1}, 0)
    rack.begin(0, 2, {"gain": 1}, 9)
    assert not run(rack, 2).any()
    assert len(rack.problems) == 1
    assert "no audio comes in at input 3 (in_1 system:capture_1, in_2 mic): inputs = 2" in rack.problems[0]
    for wrong in ((0,), (-1,), (1, 2, 3), ("a+b",), ("",)):
        with pytest.raises(ValueError, match="audio_in takes one channel"):
            audio_in(*wrong)
    with pytest.raises(ValueError, match="audio_in takes one channel"):
        audio_in(1.5)  # type: ignore[arg-type] # pyright: ignore[reportArgumentType] - a musician may write anything
    with pytest.raises(HostError, match="no parameter 'cutoff'"):
        audio_in(1, cutoff=3)


def test_a_swap_hands_the_open_gate_over() -> None:
    """From an instrument's chain to an input's and back, notes are held: nothing breaks."""
    rack = rack_of(audio_in(1))
    rack.set_chains({0: audio_in(1), 1: audio_in(2), 2: instrument("sine")})
    rack.begin(0, 1, {"gain": 1, "note": 60}, 0)
    run(rack, 3)
    from plugin_host.succession import Held

    rack.succeed(0, 1, [Held(1, {"gain": 1, "note": 60}, 0.1)], alone=True)
    assert np.allclose(run(rack, 4)[:, -BLOCK:], 0.5, atol=1e-5)
    rack.succeed(1, 2, [Held(1, {"gain": 1, "note": 60}, 0.2)], alone=True)
    assert np.isfinite(run(rack, 40)).all()


def test_the_device_is_heard_a_fixed_time_later(tmp_path: Path) -> None:
    """What came in at frame n goes out at n, and what is rendered ahead, and a block."""
    rack = Rack(RATE, BLOCK)
    rack.set_chains({0: audio_in(1)})
    rack.begin(0, 1, {"gain": 1}, 0)
    page = create_page(tmp_path / "clock")
    renderer = Renderer(Desk(rack, list[str]().append), SystemClock())
    renderer.intake = Intake(("in_1",))
    runway = Runway(RATE, BLOCK, 3)
    pull = renderer.use(runway, FittedTime(page, RATE), RATE)
    heard: list[Audio] = []
    for number in range(60):
        sound = np.zeros((1, BLOCK), np.float32)
        if number == 30:
            sound[0, 77] = 0.5
        renderer.intake.write(number * BLOCK, sound)
        heard.append(np.array(pull(number * BLOCK, BLOCK)))
        while renderer.step():
            pass
    page.close()
    whole = np.abs(np.concatenate(heard, axis=1)[0])
    assert int(whole.argmax()) == 30 * BLOCK + 77 + runway.ahead + BLOCK + rack.latency


def test_without_a_device_it_is_said_that_nothing_comes_in(tmp_path: Path) -> None:
    """Where inputs were asked for; they are there, and silent."""
    page = create_page(tmp_path / "clock")
    notices: list[str] = []
    machine = Machine(AudioSettings.read({"driver": "null", "inputs": 2}), page, notices.append, lambda: Rack)
    assert machine.renderer.intake is not None
    assert machine.renderer.intake.names == ("in_1", "in_2")
    machine.leave()
    page.close()
    assert any("no audio comes in, for there is no device" in one for one in notices)


def test_a_render_has_no_inputs() -> None:
    """It is silent there, and says so."""
    from bridge.event import TimedEvent

    problems: list[str] = []
    event = TimedEvent(0.0, 0.5, {"gain": 1}, "voice", 1)
    assert not render([event], {"voice": audio_in(1)}, 0.6, problems=problems).any()
    assert any("a render has none" in one for one in problems)
