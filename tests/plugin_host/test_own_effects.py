"""Effects of our own in a chain: echoes on the beat, a ceiling for true peaks, and small ones."""

import numpy as np
import pytest

from bridge.event import SinkEvent, TimedEvent
from plugin_host.addresses import find
from plugin_host.audio import Audio, single
from plugin_host.desk import Desk
from plugin_host.effects import Effects
from plugin_host.offline import render
from plugin_host.parameters import Parameter
from plugin_host.rack import Rack
from plugin_host.specs import Chain, Effect, bus, fx, instrument
from plugin_host.stream_time import Place
from plugin_host.timed_echo import LONGEST

RATE, BLOCK = 48000, 256
DRUMS = instrument("drums", room=0, delay=0)


def click(frames: int, at: int = 0) -> Audio:
    """One frame on both sides."""
    out = np.zeros((2, frames), np.float32)
    out[:, at] = 1
    return out


def through(effects: Effects, sound: Audio) -> Audio:
    """Block by block."""
    parts = [effects.process(sound[:, at : at + BLOCK]) for at in range(0, sound.shape[1], BLOCK)]
    return np.concatenate(parts, axis=1)


def parameter(effect: Effect, name: str) -> Parameter:
    """A parameter of an effect."""
    found = find(instrument("bass") | effect, f"{effect.name}.{name}")
    assert found is not None
    assert found.parameter is not None
    return found.parameter


@pytest.mark.parametrize(("bpm", "beats"), [(120, 0.75), (93, 0.5), (174, 1 / 3), (300, 1 / 32)])
def test_echoes_lie_on_their_beats(bpm: float, beats: float) -> None:
    """To the frame, each softer by the feedback, and nothing between them."""
    effects = Effects([fx.echo(beats, 0.5, 0.4)], RATE)
    effects.keep_time(bpm / 240)
    out = through(effects, click(375 * BLOCK))
    way = round(beats * 60 / bpm * RATE)
    places = np.flatnonzero(np.abs(out[0]) > 1e-4)
    assert places.tolist() == [way * number for number in range(len(places))]
    assert len(places) >= 4
    assert np.allclose(out[:, places[1:]], 0.4 * 0.5 ** np.arange(len(places) - 1), rtol=1e-4)
    assert out[0, 0] == pytest.approx(0.6)


def test_in_a_chain_it_follows_the_tempo_of_the_music() -> None:
    """What is heard is the instrument and its copies, at the tempo that the events say."""
    tunes = {"a": DRUMS | fx.echo(0.5, 0.5, 0.5)}
    events = [TimedEvent(0.01, 0.1, {"s": "rs", "cps": 0.6}, "a", 1)]
    dry = render(events, {"a": DRUMS}, 1.0, RATE, BLOCK, master=False)
    wet = render(events, tunes, 1.0, RATE, BLOCK, master=False)
    way, wanted = round(0.5 / 2.4 * RATE), np.zeros_like(dry)
    for number in range(5):
        late = number * way
        wanted[:, late:] += (0.5 if number == 0 else 0.5**number) * dry[:, : dry.shape[1] - late]
    assert np.allclose(wet, wanted, atol=1e-5)


def test_a_change_of_tempo_moves_the_echoes() -> None:
    """A click that was there before comes at the new distance, once; a tone keeps its pitch meanwhile."""
    effects = Effects([fx.echo(0.75, 0, 1)], RATE)
    first = through(effects, click(20 * BLOCK))
    effects.keep_time(0.625)
    out = np.concatenate((first, through(effects, np.zeros((2, 80 * BLOCK), np.float32))), axis=1)
    assert np.flatnonzero(np.abs(out[0]) > 1e-6).tolist() == [round(0.75 / 2.5 * RATE)]

    tone = single(np.sin(np.arange(400 * BLOCK) * 2 * np.pi * 1000 / RATE))[None].repeat(2, 0)
    effects = Effects([fx.echo(0.25, 0, 1)], RATE)
    parts: list[Audio] = []
    for number in range(20):
        effects.keep_time(0.5 + 0.01 * number)
        parts.append(through(effects, tone[:, number * 5120 : (number + 1) * 5120]))
    lines = np.abs(np.fft.rfft(np.concatenate(parts, axis=1)[0, 10240:90240] * np.hanning(80000)))
    far = np.abs(np.arange(len(lines)) * RATE / 80000 - 1000) > 150
    # A tape that went so would sound 16 Hz higher all the time; a fade of 30 ms has its sides near the tone.
    assert np.argmax(lines) * RATE / 80000 == pytest.approx(1000, abs=5)
    assert 20 * np.log10(lines[far].max() / lines.max()) < -40


def test_beats_can_be_moved() -> None:
    """From eighths to quarters: where the echo of a click comes from then on."""
    effect = fx.echo(0.5, 0, 1)
    effects = Effects([effect], RATE)
    one = parameter(effect, "beats")
    through(effects, click(BLOCK))
    effects.move(0, one, one.position(1.0), 0, 1, smooth=False)
    out = through(effects, np.zeros((2, 100 * BLOCK), np.float32))
    assert np.flatnonzero(np.abs(out[0]) > 1e-6).tolist() == [RATE // 2 - BLOCK]


def test_too_long_an_echo_is_halved_until_it_fits() -> None:
    """16 beats at 30 beats a minute are 32 s: it comes after 8."""
    effects = Effects([fx.echo(16, 0, 1)], RATE)
    effects.keep_time(0.125)
    out = through(effects, click(1510 * BLOCK))
    assert np.flatnonzero(out[0]).tolist() == [8 * RATE]
    assert LONGEST > 8


def test_echoes_may_change_sides() -> None:
    """Left, right, left; what comes from the right alone goes left first, too, at half its height."""
    effects = Effects([fx.echo(0.25, 0.5, 1, cross=1)], RATE)
    out = through(effects, click(150 * BLOCK))
    way = RATE // 8
    assert np.flatnonzero(out[0]).tolist() == [way, 3 * way, 5 * way]
    assert np.flatnonzero(out[1]).tolist() == [2 * way, 4 * way, 6 * way]


def echo_of(controls: dict[str, object], chain: Chain) -> Audio:
    """What follows a click of the claves, from 0.1 s on; at 0.6 cycles a second."""
    events = [TimedEvent(0, 0.01, {"s": "cl", "delay": 1, "cps": 0.6, **controls}, "a", 1)]
    return np.abs(render(events, {"a": chain}, 1.2, RATE, BLOCK, master=False)).max(axis=0)[4800:]


@pytest.mark.parametrize("own", [False, True])
def test_events_tell_the_echo_of_their_orbit(own: bool) -> None:
    """Seconds, or cycles that follow the tempo, and how much comes round; that of all, or that of a bus."""
    chain = DRUMS | bus("b", space="own") if own else DRUMS
    cases: list[tuple[dict[str, object], float]] = [
        ({"delaytime": 0.2}, 0.2),
        ({"delaysync": 0.25}, 0.25 / 0.6),
        ({}, 0.1875 / 0.6),
    ]
    for controls, seconds in cases:
        sound = echo_of(controls | {"delayfeedback": 0.5}, chain)
        loud = [
            sound[round(number * seconds * RATE) - 4800 :][:1200].max()
            for number in (1, 2)
            if number * seconds < 1.1
        ]
        assert abs(int(np.argmax(sound)) + 4800 - seconds * RATE) < 0.004 * RATE
        assert 0.3 < loud[1] / loud[0] < 0.6  # the filters take something, too


def true_peak(sound: Audio) -> float:
    """dB, at sixteen times the rate: the spectrum with zeros behind it, of what fades in and out."""
    frames = sound.shape[1]
    whole = np.fft.irfft(np.fft.rfft(sound.astype(np.float64), axis=1), 16 * frames, axis=1) * 16
    return float(20 * np.log10(np.abs(whole).max()))


@pytest.mark.parametrize("ceiling", [-1.0, -9.0])
def test_no_true_peak_passes_the_limiter(ceiling: float) -> None:
    """A tone at a quarter of the rate, 3 dB higher between its samples than on them, and bursts of noise."""
    frames = 128 * BLOCK
    shape = np.clip(np.minimum(np.arange(frames), np.arange(frames)[::-1]) / 4000, 0, 1)
    tone = np.sin(np.arange(frames) * np.pi / 2 + np.pi / 4) * 1.4
    lines = np.fft.rfft(np.random.default_rng(3).standard_normal(frames))
    lines[int(0.42 * frames) :] = 0  # what lies nearer to half the rate no converter gives back
    noise = np.fft.irfft(lines, frames) * (np.sin(np.arange(frames) / 700) > 0.5)
    for sound in (single(tone * shape)[None].repeat(2, 0), single(noise * shape)[None].repeat(2, 0)):
        assert true_peak(sound) > 2
        effects = Effects([fx.limiter(ceiling)], RATE)
        assert ceiling - 1.5 < true_peak(through(effects, sound)) <= ceiling


@pytest.mark.parametrize("on_bus", [False, True])
def test_what_a_limiter_is_late_is_made_up_for(on_bus: bool) -> None:
    """What stays below is what it was, bit by bit and at the same frame; in a chain and in a bus."""
    limited: Chain = DRUMS | (bus("all") | fx.limiter(0)) if on_bus else DRUMS | fx.limiter(0)
    events = [TimedEvent(0.1 * number, 0.05, {"s": "rs", "gain": 0.5}, "a", number) for number in range(4)]
    plain = render(events, {"a": DRUMS}, 0.6, RATE, BLOCK, master=False)
    assert np.array_equal(render(events, {"a": limited}, 0.6, RATE, BLOCK, master=False), plain)
    rack = Rack(RATE, BLOCK)
    rack.set_chains({0: limited, 1: DRUMS})
    assert (rack.lead(0) > 0) == (rack.lead(1) == 0)


def test_on_stage_too_it_is_heard_on_time() -> None:
    """The desk tells its notes so much earlier; none is late."""
    sounds: list[Audio] = []
    for chain in (DRUMS, DRUMS | fx.limiter(0)):
        desk = Desk(Rack(RATE, BLOCK), list[str]().append)
        desk.set_chains({0: chain})
        desk.add([SinkEvent(1, 0.1, 0.2, 0, b'{"s": "rs", "gain": 0.5}', b"", 7)])
        sounds.append(
            np.concatenate([desk.play(Place(number * BLOCK, RATE)) for number in range(40)], axis=1)
        )
        assert desk.counts()["late"] == 0
    assert np.array_equal(sounds[0], sounds[1])
    assert np.abs(sounds[0]).max() > 0.05


def test_upside_down_and_half_way() -> None:
    """Together with what it was it is silence; half way it is silence by itself."""
    noise = single(np.random.default_rng(1).uniform(-1, 1, (2, BLOCK)))
    assert np.array_equal(through(Effects([fx.invert()], RATE), noise), -noise)
    assert not through(Effects([fx.invert(0.5)], RATE), noise).any()


def test_resampling_holds_each_sample() -> None:
    """At a quarter of the rate each fourth frame is heard four times; across blocks, too."""
    noise = single(np.random.default_rng(1).uniform(-1, 1, (2, 8 * BLOCK)))
    out = through(Effects([fx.resample(RATE / 4)], RATE), noise)
    assert np.array_equal(out, noise[:, ::4].repeat(4, axis=1))
    assert np.array_equal(through(Effects([fx.resample(48000)], RATE), noise), noise)


def test_a_frozen_room_stays() -> None:
    """A second after the last sound it is as loud as at first, where it would have faded by 40 dB."""
    noise = np.zeros((2, 400 * BLOCK), np.float32)
    noise[:, : 20 * BLOCK] = single(np.random.default_rng(1).uniform(-0.1, 0.1, (2, 20 * BLOCK)))
    levels: list[float] = []
    for frozen in (0.0, 1.0):
        effect = fx.reverb(0.2, dry_level=0)
        effects = Effects([effect], RATE)
        through(effects, noise[:, : 30 * BLOCK])
        one = parameter(effect, "freeze_mode")
        effects.move(0, one, frozen, 0, 1, smooth=False)
        after = through(effects, noise[:, 30 * BLOCK :])
        parts = after[:, 4 * BLOCK : 24 * BLOCK], after[:, -20 * BLOCK :]
        loud = [float(np.sqrt(np.mean(part**2))) for part in parts]
        levels.append(20 * np.log10(loud[1] / loud[0] + 1e-9))
    assert levels[0] < -40
    assert abs(levels[1]) < 1.5
