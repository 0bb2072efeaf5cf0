"""The synthesiser's voices beside the plain formula, in double precision, one voice and wave at a time."""

from dataclasses import replace

import numpy as np
import pytest

from plugin_host.audio import Wide, hertz
from plugin_host.bank import LANES, Voicing
from plugin_host.controls import Controls
from plugin_host.patch import Patch
from plugin_host.synth import SynthBank
from plugin_host.wavetable import PER_OCTAVE, RESONANCES, SIZE, tables

RATE = 48000
PLACES = {1: (0.0,), 3: (-1.0, 0.07, 0.93), 7: (-1.0, -0.63, -0.29, 0.03, 0.26, 0.59, 1.04)}
GOLDEN = 0.6180339887498949

PLAIN = Patch(wave="saw", cutoff=18000.0, follow=0.0, voices=16)
PAD = Patch(cutoff=4600.0, resonance=0.1, voices=16, detune=16.0, spread=7, width=0.9, motion=0.4)
LEAD = Patch(
    wave="square", cutoff=4200.0, resonance=0.2, env=1.2, decay=0.35, sustain=0.75, fall=0.4, voices=16,
    detune=9.0, spread=3, width=0.5, vibrato=0.25, follow=0.5,
)  # fmt: skip
BASS = Patch(cutoff=520.0, resonance=0.25, env=3.4, decay=0.28, sustain=0.8, fall=0.5, drive=0.22, sub=0.1)


def read(patch: Patch, step: int, octaves: float, phase: Wide) -> Wide:
    """The filtered wave at some phases, in turns."""
    source = tables(patch.wave, min(RESONANCES, key=lambda one: abs(one - patch.resonance)), step)
    place = min(max((octaves + 2) * PER_OCTAVE, 0.0), source.cutoffs - 1.001)
    low, high = (source.waves[int(place) + one].astype(np.float64) for one in (0, 1))
    wave = low + (place - int(place)) * (high - low)
    return np.asarray(np.interp(phase % 1.0, np.arange(SIZE + 1) / SIZE, wave), np.float64)


def voice(patch: Patch, ident: int, note: float, offset: int, frames: int, block: int) -> Wide:
    """A held note of velocity 1, before its attack and its place in the mix: shape (channels, frames)."""
    seed = (ident * GOLDEN) % 1.0
    age = np.arange(frames) - float(offset)
    seconds = age / RATE
    sway = np.sin(2 * np.pi * 5.3 * seconds + seed) * np.clip(seconds - 0.25, 0, 0.5) * patch.vibrato / 6
    pitch = np.log2(hertz(note)) + sway
    run = np.cumsum(np.where(age >= 0, 2**pitch / RATE, 0))
    places = np.array(PLACES[patch.spread])
    waves = patch.spread
    begin = (seed + np.arange(waves) * GOLDEN) % 1.0 if waves > 1 else np.zeros(1)
    phases = begin[:, None] + 2.0 ** (places * patch.detune / 1200)[:, None] * run
    top = np.log2(min(20000.0, 0.45 * RATE))

    def octaves(at: float) -> float:
        level = np.log2(patch.cutoff) + patch.follow * (note - 48) / 12
        level += patch.env * np.exp(-at / patch.decay)
        level += patch.motion * np.sin(2 * np.pi * (0.13 * at + seed))
        return min(level, top + 1) - np.log2(hertz(note))

    sound = np.zeros((waves, frames))
    made: tuple[int, float] | None = None
    for first in range(0, frames, block):
        now = slice(first, first + block)
        room = top - pitch[now].max() - patch.detune / 1200
        step = int(min(max(2 * room, 0), 20))
        level = octaves(max(seconds[now][-1], 0.0))
        before = made or (step, octaves(0.0))
        # A wave is made anew where the filter has gone far enough, a little ahead of one that moves slowly,
        # and comes in within the block.
        away = level - before[1]
        if made is None:
            made = step, level
        elif before[0] != step or abs(away) >= 0.004:
            made = step, level + 0.003 * float(np.sign(away)) * (abs(away) < 0.008)
        share = np.arange(1, block + 1) / block
        for wave, phase in enumerate(phases[:, now]):
            sound[wave, now] = (1 - share) * read(patch, *before, phase) + share * read(patch, *made, phase)
    loud = np.where(np.abs(places) < 0.1, 1.0, 0.82)
    loud = loud / np.sqrt(np.sum(loud**2))
    if patch.width:
        angle = (np.resize([1.0, -1.0], waves) * np.abs(places) ** 0.5 * patch.width + 1) * np.pi / 4
        loud = loud * np.stack((np.cos(angle), np.sin(angle))) * np.sqrt(2)
    out = np.atleast_2d(loud @ sound) + patch.sub * np.sin(2 * np.pi * phases[0])
    out *= patch.sustain + (1 - patch.sustain) * np.exp(-np.maximum(seconds, 0) / patch.fall)
    if patch.drive:
        push = 1 + 5 * patch.drive
        out = np.tanh(push * out) / (np.tanh(0.8 * push) / 0.8)
    attack = np.clip((age + 1) / (patch.attack * RATE), 0, 1) * (age >= 0)
    return out * attack


@pytest.mark.parametrize("block", [64, 256, 2048])
@pytest.mark.parametrize("patch", [PLAIN, PAD, LEAD, BASS], ids=["plain", "pad", "lead", "bass"])
def test_voices_are_what_the_formula_says(patch: Patch, block: int) -> None:
    """Many voices together, begun in the middle of blocks, for a second: 100 dB below the sound itself."""
    notes = [33.0, 45.5, 60.0, 64.25, 76.0, 91.0] if patch.voices > 8 else [33.0, 45.5, 60.0]
    bank = SynthBank(RATE, patch)
    frames = 24 * 2048
    heard = np.zeros((LANES, frames))
    starts = {ident: 331 * ident for ident in range(len(notes))}
    for first in range(0, frames, block):
        for ident, start in starts.items():
            if first <= start < first + block:
                voicing = Voicing(Controls(note=notes[ident], velocity=1.0), 1.0, 0.5, 0.0, 0.0)
                bank.begin(ident, voicing, start - first)
        made = bank.render(block)
        if made is not None:
            heard[:, first : first + block] = made
    wanted = np.zeros((2, frames))
    for ident, start in starts.items():
        offset = start - start % block
        wanted[:, offset:] += voice(patch, ident, notes[ident], start - offset, frames - offset, block)
    error = np.abs(heard[:2] - wanted).max() / np.abs(wanted).max()
    assert 20 * np.log10(error) < -95


def test_a_wave_that_is_not_its_own_is_noticed() -> None:
    """The formula tells a voice from the same one 0.1 cents higher."""
    one, other = (voice(PLAIN, 1, note, 0, 48 * 256, 256) for note in (60.0, 60.001))
    assert np.abs(one - other).max() / np.abs(one).max() > 0.01


@pytest.mark.parametrize("patch", [BASS, LEAD], ids=["bass", "lead"])
def test_filters_that_have_come_to_rest_are_looked_at_no_more(patch: Patch) -> None:
    """What is heard is, bit by bit, what it is where they are looked at in each block, also if they move."""
    watched, bank = SynthBank(RATE, replace(patch, voices=8)), SynthBank(RATE, replace(patch, voices=8))
    settled: list[bool] = []
    for number in range(140):
        for one in (watched, bank):
            if number in {0, 130}:
                controls = Controls(note=45.0 + number / 100, velocity=1.0)
                one.begin(number, Voicing(controls, 1.0, 0.5, 0.0, 0.0), 17)
            if number == 120:
                one.turn("cutoff", np.full(1024, 1500, np.float32))
        watched.stirred = True
        heard, wanted = bank.render(1024), watched.render(1024)
        assert heard is not None
        assert wanted is not None
        assert heard.tobytes() == wanted.tobytes()
        settled.append(bank.settled)
    assert not settled[5]
    assert settled[118]
    assert settled[125], "moved, and at rest again"
    assert not settled[132]
