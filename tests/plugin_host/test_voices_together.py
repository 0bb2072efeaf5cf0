"""Samples, clouds, keys and what is struck beside their plain formulas, one voice at a time."""

from pathlib import Path

import numpy as np
import pytest

from plugin_host.audio import Wide, count, hertz
from plugin_host.bank import LANES, Bank, Voicing
from plugin_host.cloud import ANCHORS, LENGTH, Cloud, CloudBank
from plugin_host.cloud import SIZE as LOOP
from plugin_host.controls import Controls
from plugin_host.keys import KeysBank
from plugin_host.sampled import FROM, SampleBank
from plugin_host.samples import Library
from plugin_host.sound_store import SoundSetup, SoundStore
from plugin_host.struck import Bells, Pluck, StruckBank
from plugin_host.wav import write_wav

RATE = 48000
BLOCK = 256
BLOCKS = 60
GOLDEN = 0.6180339887498949
NOTES = (40.0, 52.5, 63.0, 71.25, 84.0)


def heard(bank: Bank, controls: tuple[Controls, ...]) -> Wide:
    """Left and right of voices that begin in the middle of blocks."""
    out: Wide = np.zeros((LANES, BLOCKS * BLOCK))
    for block in range(BLOCKS):
        for ident, one in enumerate(controls):
            if 3 * ident == block:
                bank.begin(ident, Voicing(one, 1.0, 0.5, 0.0, 0.0), 41 * ident)
        made = bank.render(BLOCK)
        if made is not None:
            out[:, block * BLOCK : (block + 1) * BLOCK] = made
    return out[:2].copy()


def ages(ident: int) -> Wide:
    """Frames since a voice of `heard` began."""
    return count(BLOCKS * BLOCK) - (3 * ident * BLOCK + 41 * ident)


def risen(age: Wide, attack: float) -> Wide:
    """How a voice fades in."""
    return np.asarray(np.clip((age + 1) / (attack * RATE), 0, 1) * (age >= 0), np.float64)


def interpolated(at: object, places: object, values: object) -> Wide:
    """Between values at some places, in double precision."""
    x, y = (np.asarray(one, np.float64) for one in (places, values))
    return np.asarray(np.interp(np.asarray(at, np.float64), x, y), np.float64)


def apart(one: Wide, other: Wide) -> float:
    """The largest difference, in dB below the sound."""
    return float(20 * np.log10(np.abs(one - other).max() / np.abs(other).max()))


def test_keys_are_two_pairs_of_sines() -> None:
    """Each with the fall and the bark of its key."""
    bank = KeysBank(RATE, 0.5, 0.4, 1.0, 0.18, 0.0, 4.2)
    wanted = np.zeros(BLOCKS * BLOCK)
    for ident, note in enumerate(NOTES):
        age = ages(ident)
        reach = min(max(1.25 - (note - 48) / 48, 0.15), 1.4)
        depth = 0.5 * reach + 0.5 * 4.4 * reach
        tine = 0.4 * 2.5 * min(max((0.42 * RATE - 14 * hertz(note)) / 6000, 0), 1)
        angle = 2 * np.pi * hertz(note) / RATE * age
        long = np.exp(-np.maximum(age, 0) / (2.6 * 2 ** ((60 - note) / 30) * RATE))
        short = np.exp(-6.5 * np.maximum(age, 0) / RATE)
        body = np.sin(angle + depth * (0.5 * long + 0.5 * np.sqrt(long) * short) * np.sin(angle))
        bell = np.sin(angle + tine * short * np.sin(14 * angle))
        wanted += (0.6 * body + 0.4 * bell) * (0.62 * long + 0.38 * short) * risen(age, 0.0015)
    sound = heard(bank, tuple(Controls(note=note, velocity=1.0) for note in NOTES))
    assert apart(sound, np.stack((wanted, wanted))) < -95


@pytest.mark.parametrize(
    "model", [Pluck(0.55, 0.17, 1.0, 0.25), Bells("bell", 0.5, 1.0, 0.7)], ids=["pluck", "bells"]
)
def test_what_is_struck_is_a_sum_of_partials(model: Pluck | Bells) -> None:
    """Sines that fall, in double precision."""
    wanted = np.zeros((2, BLOCKS * BLOCK))
    for ident, note in enumerate(NOTES):
        struck = model.note(note, 1.0, None, RATE)
        age = ages(ident)[:, None]
        for side in (0, 1):
            pitches, levels, falls = (
                one[side % model.channels] for one in (struck.pitches, struck.levels, struck.falls)
            )
            waves = np.sin(2 * np.pi * pitches / RATE * age) * np.exp(-6.908 * age / (falls * RATE)) * levels
            whole = waves.sum(axis=1) / np.sqrt(np.sum(levels**2) / 2)
            wanted[side] += np.where(age[:, 0] >= 0, whole, 0) * risen(age[:, 0], 0.001)
    bank = StruckBank(RATE, model, 0.2)
    assert apart(heard(bank, tuple(Controls(note=note, velocity=1.0) for note in NOTES)), wanted) < -95


@pytest.mark.parametrize("kind", ["strings", "noise"])
def test_clouds_are_loops_between_two_colours(kind: str) -> None:
    """Read at the note's own speed, and as bright as it is struck and sways."""
    bank = CloudBank(RATE, Cloud(kind, 22.0 if kind == "strings" else 2.0, 0.5, 0.01, 0.1, 0.25))
    wanted = np.zeros((2, BLOCKS * BLOCK))
    for ident, note in enumerate(NOTES):
        anchor = min(range(len(ANCHORS)), key=lambda one: abs(ANCHORS[one] - note))
        age, past = ages(ident), np.maximum(ages(ident), 0)
        at = (LOOP * ((ident * GOLDEN) % 1.0) + hertz(note) / hertz(ANCHORS[anchor]) * past) % LOOP
        ends = np.arange(BLOCKS + 1) * BLOCK - (3.0 * ident * BLOCK + 41 * ident)
        sway = np.sin(2 * np.pi * ((ident * GOLDEN**2) % 1.0) + 2 * np.pi * 0.11 / RATE * ends)
        bright = np.clip(0.6**1.5 + 0.5 * 0.25 * sway, 0, 1)
        share = interpolated(np.arange(BLOCKS * BLOCK), np.arange(BLOCKS + 1) * BLOCK, bright)
        place = np.arange(LENGTH)
        read = [interpolated(at, place, loop[anchor * LENGTH : (anchor + 1) * LENGTH]) for loop in bank.loops]
        for side in (0, 1):
            sound = read[side] if len(read) == 2 else (1 - share) * read[side] + share * read[side + 2]
            wanted[side] += sound * risen(age, 0.01 * (1.4 - 0.8 * 0.6))
    assert apart(heard(bank, tuple(Controls(note=note, velocity=0.6) for note in NOTES)), wanted) < -95


def test_samples_are_read_by_the_cubic(tmp_path: Path) -> None:
    """Of Catmull and Rom, at speeds of their own."""
    random = np.random.default_rng(5)
    recorded = np.cumsum(random.standard_normal((2, RATE // 2)), axis=1).astype(np.float32)
    recorded = (recorded / np.abs(recorded).max()).astype(np.float32)
    (tmp_path / "rough").mkdir()
    write_wav(tmp_path / "rough" / "0.wav", recorded, RATE)
    store = SoundStore(RATE, SoundSetup(), print)
    bank = SampleBank(RATE, store, Library([tmp_path / "rough"], store), 0, 0, print)
    speeds = (0.37, 1.0, 1.1, 2.83)
    sound = heard(bank, tuple(Controls(s="rough", speed=speed, velocity=1.0) for speed in speeds))
    # Beside the recording itself there are a few frames of silence, which the cubic reads at its ends.
    whole = bank.recordings[0].whole.astype(np.float64)
    before = int(bank.rows[0, FROM])
    wanted = np.zeros((2, BLOCKS * BLOCK))
    for ident, speed in enumerate(speeds):
        age = ages(ident)
        # The cubic needs a frame before its place; what is not bent is not read by it.
        at = np.maximum(before + speed * np.maximum(age, 0), float(speed != 1))
        inside = (at < whole.shape[1] - 3) & (age >= 0)
        at = np.where(inside, at, 1.0)
        one, two, three, four = (whole[:, at.astype(int) + shift] for shift in (-1, 0, 1, 2))
        part = at % 1.0
        rise, bend = three - one, 2 * one - 5 * two + 4 * three - four
        wave = two + part / 2 * (rise + part * (bend + part * (3 * (two - three) + four - one)))
        wanted += wave * inside * risen(age, 0.001)
    assert apart(sound[:, : 30 * BLOCK], wanted[:, : 30 * BLOCK]) < -95
