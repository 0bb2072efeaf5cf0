"""The graph: onsets, sends, ducking, stealing, changes of chains, meters."""

from typing import cast

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plugin_host.audio import Audio
from plugin_host.rack import VOICES, Rack
from plugin_host.specs import fx, instrument

RATE = 48000


def run(rack: Rack, blocks: int) -> Audio:
    """The next so many blocks."""
    return np.concatenate([rack.render() for _ in range(blocks)], axis=1)


def dry_kit() -> Rack:
    """A rack with nothing but drums, without reverb."""
    rack = Rack(RATE, 256)
    rack.set_chains({0: instrument("drums", room=0)})
    return rack


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 255), st.sampled_from(["cl", "rs", "hh", "bd"]))
def test_onsets_are_exact_to_the_frame(offset: int, name: str) -> None:
    """A hit at frame n is the hit at frame 0, n frames later."""
    straight, late = dry_kit(), dry_kit()
    straight.begin(0, 1, {"s": name}, 0)
    late.begin(0, 1, {"s": name}, offset)
    first, second = run(straight, 20), run(late, 21)
    assert not second[:, : offset + late.latency].any()
    assert np.allclose(second[:, offset : offset + 5120], first, atol=2e-6)


def test_the_onset_is_heard_at_its_time() -> None:
    """Less the latency that the rack tells, a hit begins within 1 ms of its frame."""
    rack = dry_kit()
    rack.begin(0, 1, {"s": "rs", "velocity": 1.0}, 100)
    sound = np.abs(run(rack, 8)).max(axis=0)
    heard = int(np.argmax(sound > 0.02 * sound.max())) - rack.latency
    assert 0 <= heard - 100 < 0.001 * RATE


def test_offsets_outside_the_block_are_kept_inside() -> None:
    """An event that is a little late sounds at once."""
    rack = dry_kit()
    rack.begin(0, 1, {"s": "cl"}, -50)
    rack.begin(0, 2, {"s": "cl"}, 5000)
    assert np.abs(run(rack, 4)).max() > 0.05


@settings(max_examples=10, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 255)), min_size=100, max_size=300))
def test_no_more_voices_sound_than_may(events: list[tuple[int, int]]) -> None:
    """However many begin at once, the number of voices is bounded."""
    rack = Rack(RATE, 256)
    rack.set_chains(
        {0: instrument("drums"), 1: instrument("keys"), 2: instrument("lead"), 3: instrument("pad")}
    )
    for number, (route, offset) in enumerate(events):
        rack.begin(route, number, {"note": 36 + number % 40, "s": "cr"} if route else {"s": "cr"}, offset)
        assert rack.sounding <= VOICES + 33
        if number % 40 == 0:
            assert np.isfinite(rack.render()).all()


def test_the_oldest_released_voice_is_stolen_first() -> None:
    """A held note outlives older ones that were let go."""
    rack = Rack(RATE, 256)
    rack.set_chains({0: instrument("keys", release=5)})
    for number in range(VOICES):
        rack.begin(0, number, {"note": 30 + number % 60}, 0)
        rack.render()
    rack.end(50, 0)
    rack.render()
    rack.begin(0, 1000, {"note": 60}, 0)
    run(rack, 3)
    assert 50 not in rack.voices(0)
    assert 0 in rack.voices(0)


@pytest.mark.parametrize("name", ["bass", "lead", "pad", "sine"])
def test_an_instrument_has_as_many_voices_as_one_likes(name: str) -> None:
    """64 of the synthesiser's, and the next one takes the place of the first."""
    rack = Rack(RATE, 256)
    rack.set_chains({0: instrument(name, voices=64)})
    for ident in range(64):
        rack.begin(0, ident, {"note": 30 + ident}, 0)
    run(rack, 2)
    assert sorted(rack.voices(0)) == list(range(64))
    rack.begin(0, 64, {"note": 60}, 0)
    run(rack, 4)
    assert sorted(rack.voices(0)) == list(range(1, 65))


def test_a_stolen_voice_fades_without_a_click() -> None:
    """Second difference at the theft no greater than before it."""
    rack = Rack(RATE, 256)
    rack.set_chains({0: instrument("lead", wave="sine", voices=2, room=0, delay=0, vibrato=0, attack=0.02)})
    rack.begin(0, 1, {"note": 60}, 0)
    rack.begin(0, 2, {"note": 67}, 0)
    before = run(rack, 60)
    rack.begin(0, 3, {"note": 64}, 31)
    after = run(rack, 20)
    bend = np.abs(np.diff(np.concatenate((before, after), axis=1)[0], 2))
    assert bend[before.shape[1] :].max() <= 1.2 * bend[5000 : before.shape[1]].max()
    assert rack.sounding == 2


def test_bass_gives_way_to_the_kick() -> None:
    """And comes back; a snare does not move it."""

    def level(drum: str) -> Audio:
        rack = Rack(RATE, 256)
        # The drum itself is silent: only what it does to the bass is heard.
        rack.set_chains({0: instrument("drums", gain=0), 1: instrument("bass", duck=0.8, wave="sine")})
        rack.begin(1, 1, {"note": 40}, 0)
        run(rack, 100)
        rack.begin(0, 2, {"s": drum, "velocity": 1}, 0)
        return np.abs(run(rack, 100)[0]).reshape(-1, 512).max(axis=1)

    kick, snare = level("bd"), level("sd")
    assert kick[3] < 0.35 * snare[3]
    assert kick[-1] > 0.95 * snare[-1]


def test_a_room_send_rings_on() -> None:
    """With the reverb the sound is still there a second later; without, it is not."""
    tails: list[float] = []
    for room in (0.0, 0.5):
        rack = dry_kit()
        rack.begin(0, 1, {"s": "rs", "room": room}, 0)
        run(rack, 180)
        tails.append(float(np.abs(run(rack, 20)).max()))
    assert tails[0] == 0
    assert tails[1] > 1e-3


def test_each_drum_has_its_own_send() -> None:
    """Without effects in the chain, one hit's reverb is not another's."""
    rack = dry_kit()
    rack.begin(0, 1, {"s": "rs", "room": 0.5}, 0)
    rack.begin(0, 2, {"s": "cl", "room": 0}, 0)
    both = run(rack, 120)
    alone = dry_kit()
    alone.begin(0, 1, {"s": "rs", "room": 0.5}, 0)
    assert np.allclose(both[:, -5000:], run(alone, 120)[:, -5000:], atol=2e-3)


@pytest.mark.parametrize("cps", [0.5, 0.7])
def test_the_echo_keeps_time(cps: float) -> None:
    """A dotted eighth: three sixteenths of a cycle."""
    rack = dry_kit()
    rack.begin(0, 1, {"s": "cl", "delay": 1, "cps": cps}, 0)
    sound = np.abs(run(rack, 150)).max(axis=0)
    first = int(np.argmax(sound))
    later = sound[first + 6000 :]
    assert abs(int(np.argmax(later)) + 6000 - 3 / 16 / cps * RATE) < 0.004 * RATE


def test_an_unchanged_chain_keeps_playing() -> None:
    """Setting the same chains again changes nothing; another route may come and go."""
    plain, busy = dry_kit(), dry_kit()
    for rack in (plain, busy):
        rack.begin(0, 1, {"s": "cr"}, 0)
    busy.set_chains({0: instrument("drums", room=0), 1: instrument("pad")})
    first = run(busy, 5)
    busy.set_chains({0: instrument("drums", room=0)})
    assert np.array_equal(np.concatenate((first, run(busy, 5)), axis=1), run(plain, 10))


def test_a_chain_that_goes_rings_out() -> None:
    """Its notes keep their own ends; then it is forgotten."""
    rack = dry_kit()
    rack.begin(0, 1, {"s": "cr"}, 0)
    run(rack, 4)
    rack.set_chains({0: instrument("drums", tune=2)})
    assert np.abs(run(rack, 4)).max() > 0.01
    run(rack, 500)
    assert rack.leaving == 0


def test_a_prepared_chain_is_used() -> None:
    """What was built beside the sound is what plays."""
    rack, other = dry_kit(), dry_kit()
    chain = instrument("pad") | fx.chorus()
    rack.prepare(chain)
    for one in (rack, other):
        one.set_chains({3: chain, 4: chain})
        one.begin(3, 1, {"note": 60}, 5)
        one.begin(4, 2, {"note": 64}, 5)
    assert np.array_equal(run(rack, 5), run(other, 5))


def test_silence_is_quick_and_soft() -> None:
    """All is still within two blocks, without a click."""
    rack = Rack(RATE, 256)
    rack.set_chains({0: instrument("pad", attack=0.01) | fx.reverb()})
    rack.begin(0, 1, {"note": 48}, 0)
    before = run(rack, 100)
    rack.silence()
    after = run(rack, 4)
    bend = np.abs(np.diff(np.concatenate((before, after), axis=1)[0], 2))
    assert bend[before.shape[1] - 10 :].max() <= 1.2 * bend[10000 : before.shape[1]].max()
    assert not after[:, 512 + rack.latency :].any()
    assert rack.sounding == 0


def test_a_fader_moves_without_a_click() -> None:
    """From full to nothing within one block."""
    rack = Rack(RATE, 256)
    rack.set_chains({0: instrument("lead", wave="sine", room=0, delay=0, vibrato=0)})
    rack.begin(0, 1, {"note": 60}, 0)
    before = run(rack, 80)
    rack.set_level(0, 0.0)
    after = run(rack, 4)
    bend = np.abs(np.diff(np.concatenate((before, after), axis=1)[0], 2))
    assert bend[before.shape[1] :].max() <= 2 * bend[5000 : before.shape[1]].max()
    assert np.abs(after[:, 600:]).max() < 1e-5


def test_pan_goes_to_a_side() -> None:
    """0 is left alone."""
    rack = dry_kit()
    rack.begin(0, 1, {"s": "sd", "pan": 0}, 0)
    sound = run(rack, 10)
    assert np.abs(sound[0]).max() > 0.1
    assert np.abs(sound[1]).max() < 1e-6


def test_problems_are_told_once() -> None:
    """What cannot be played is named, with the nearest, and only once."""
    rack = dry_kit()
    for number in range(3):
        rack.begin(0, number, {"s": "bdx", "gain": 9, "note": "c3"}, 0)
        rack.begin(7, number, {}, 0)
    assert len(rack.problems) == 4
    assert any("did you mean 'bd'" in text for text in rack.problems)
    assert any("gain=9" in text for text in rack.problems)
    assert any("first notes" in text for text in rack.problems)


def test_an_unknown_sound_may_be_an_instrument() -> None:
    """Without a target every sound that is no instrument's name comes to the kit."""
    rack = dry_kit()
    rack.begin(0, 1, {"s": "sawtoth"}, 0)
    assert rack.problems == ["no sound 'sawtoth'; did you mean 'sawtooth'?"]


def test_a_number_out_of_range_is_told_once_for_all() -> None:
    """A tune that leaves its range would else tell of each note."""
    rack = dry_kit()
    for number in range(20):
        rack.begin(0, number, {"s": "bd", "note": 200 + number, "gain": 9}, 0)
    assert rack.problems == [
        "note=200 lies outside -24…151; taken as 151",
        "gain=9 lies outside 0…4; taken as 4",
    ]


def test_meters_tell_since_they_were_last_read() -> None:
    """Peak and rms in dB, and what the limiter takes away."""
    rack = dry_kit()
    rack.begin(0, 1, {"s": "bd", "gain": 4}, 0)
    run(rack, 5)
    meters = rack.meters()
    route, master = (cast("dict[str, float]", meters[name]) for name in ("0", "master"))
    assert -6 < route["peak"] < 12
    assert route["rms"] < route["peak"]
    assert -10 < master["peak"] <= -1
    run(rack, 200)
    rack.meters()
    run(rack, 1)
    assert cast("dict[str, float]", rack.meters()["0"])["peak"] == -200


@pytest.mark.parametrize(("rate", "block"), [(1000, 256), (48000, 16), (48000, 100000)])
def test_impossible_sizes_are_refused(rate: int, block: int) -> None:
    """With the range in the message."""
    with pytest.raises(ValueError, match="…"):
        Rack(rate, block)


@pytest.mark.parametrize("block", [32, 64, 1000, 4096])
@pytest.mark.parametrize("rate", [44100, 96000])
def test_other_rates_and_blocks_work(rate: int, block: int) -> None:
    """All instruments sound, within the ceiling."""
    rack = Rack(rate, block)
    rack.set_chains({n: instrument(name) for n, name in enumerate(["drums", "bass", "keys", "pad", "lead"])})
    for route in range(5):
        rack.begin(route, route, {"note": 48, "s": "bd"} if route else {"s": "bd"}, block // 2)
    sound = run(rack, 8192 // block)
    assert 0.05 < np.abs(sound).max() <= 0.892
