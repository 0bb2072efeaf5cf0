"""Plucked strings, bells, strings, textures and noise: what makes each of them what it is."""

import numpy as np
import pytest

from plugin_host.audio import Audio, Wide, hertz
from plugin_host.bank import Bank, Voicing
from plugin_host.cloud import SIZE, Cloud, CloudBank
from plugin_host.controls import Controls
from plugin_host.struck import Bells, Pluck, StruckBank

RATE = 48_000
STRING = Pluck(brightness=0.6, position=0.2, decay=1.0, stiffness=0.0)
BELL = Bells("bell", brightness=0.5, decay=1.0, beating=0.8)
STRINGS = Cloud("strings", 22.0, 0.5, 0.05, 0.3, 0.3)
NOISE = Cloud("noise", 2.0, 0.5, 0.01, 0.1)


def banks() -> dict[str, Bank]:
    """A fresh bank of each kind."""
    return {
        "pluck": StruckBank(RATE, STRING, 0.1),
        "bells": StruckBank(RATE, BELL, 0.1),
        "strings": CloudBank(RATE, STRINGS),
        "noise": CloudBank(RATE, NOISE),
    }


def strike(bank: Bank, offset: int = 0, ident: int = 1, **said: float) -> None:
    """Begin a note."""
    bank.begin(ident, Voicing(Controls(**said), 1.0, 0.5, 0.0, 0.0), offset)  # type: ignore[arg-type] - floats only


def run(bank: Bank, seconds: float, block: int = 256) -> Audio:
    """What the bank gives, left and right."""
    blocks = [bank.render(block) for _ in range(round(seconds * RATE / block))]
    return np.concatenate([np.zeros((2, block), np.float32) if b is None else b[:2] for b in blocks], axis=1)


def power(sound: Audio) -> tuple[Wide, Wide]:
    """Frequencies and power of the left side."""
    size = sound.shape[1]
    lines: Wide = np.abs(np.fft.rfft(sound[0].astype(np.float64) * np.blackman(size))) ** 2
    return np.arange(len(lines)) * (RATE / size), lines


@pytest.mark.parametrize("name", ["pluck", "bells", "strings", "noise"])
@pytest.mark.parametrize("block", [64, 250, 4096])
def test_it_is_the_same_in_blocks_of_any_length(name: str, block: int) -> None:
    """Also where the note begins within a block; and silent before it."""
    one, other = banks()[name], banks()[name]
    strike(one, 40, note=57)
    strike(other, 40, note=57)
    frames = 4000
    long, cut = run(one, 0.5)[:, :frames], run(other, 0.5, block)[:, :frames]
    assert not long[:, :40].any()
    assert np.abs(long).max() > 0.3
    # The colour of strings is joined by straight lines from block to block.
    assert np.abs(long - cut).max() < (0.02 if name == "strings" else 2e-4)


def test_a_string_has_no_partial_that_has_a_node_where_it_is_plucked() -> None:
    """Plucked at a fifth, the fifth and tenth are missing, 60 dB below their neighbours."""
    bank = StruckBank(RATE, STRING, 0.1)
    strike(bank, note=45)
    at, lines = power(run(bank, 1.0))
    heights = [lines[np.abs(at - hertz(45) * k) < 20].max() for k in range(1, 12)]
    for missing in (5, 10):
        assert heights[missing - 1] < 1e-6 * min(heights[missing - 2], heights[missing])


def test_harder_is_brighter() -> None:
    """Each of them, by more than a twentieth of its middle frequency."""
    for name in ("pluck", "bells", "strings"):
        middles: list[float] = []
        for velocity in (0.2, 1.0):
            bank = banks()[name]
            strike(bank, note=52, velocity=velocity)
            at, lines = power(run(bank, 0.5))
            middles.append(float((at * lines).sum() / lines.sum()))
        assert middles[1] > 1.05 * middles[0], name


def test_highs_go_first_and_what_has_rung_out_is_free() -> None:
    """A string loses its brightness; after its decay no voice is left, whoever holds the key."""
    bank = StruckBank(RATE, STRING, 0.1)
    strike(bank, note=60, decay=0.8)
    early, late = run(bank, 0.25), run(bank, 0.25)
    middles = [float((at * lines).sum() / lines.sum()) for at, lines in map(power, (early, late))]
    assert middles[1] < 0.9 * middles[0]
    run(bank, 1.0)
    assert bank.count == 0


def test_left_and_right_of_a_bell_beat() -> None:
    """Its prime differs by 0.8 Hz between the sides; without beating the sides are one."""
    bank = StruckBank(RATE, BELL, 0.1)
    strike(bank, note=69)
    sound = run(bank, 4.0)
    size = 1 << 21
    peaks: list[float] = []
    for side in (0, 1):
        lines: Wide = np.abs(np.fft.rfft(sound[side] * np.hanning(sound.shape[1]), size))
        low, high = (int(pitch * size / RATE) for pitch in (430, 450))
        peaks.append((low + int(np.argmax(lines[low:high]))) * RATE / size)
    assert peaks[1] - peaks[0] == pytest.approx(0.8, abs=0.05)
    bank = StruckBank(RATE, Bells("bell", 0.5, 1.0, 0.0), 0.1)
    strike(bank, note=69)
    sides = run(bank, 0.2)
    assert np.array_equal(sides[0], sides[1])


def test_players_spread_and_do_not_add_up_to_one() -> None:
    """A partial of strings is a band as wide as they play; two notes of one pitch are 3 dB more, not 6."""
    widths: list[float] = []
    for players in (4.0, 60.0):
        bank = CloudBank(RATE, Cloud("strings", players, 0.5, 0.01, 0.3))
        strike(bank, note=69)
        at, lines = power(run(bank, 2.6))
        near = np.abs(at - 440) < 60
        middle = float((at[near] * lines[near]).sum() / lines[near].sum())
        widths.append(float(np.sqrt(((at[near] - middle) ** 2 * lines[near]).sum() / lines[near].sum())))
    assert widths[1] > 5 * widths[0]
    levels: list[float] = []
    for many in (1, 2):
        bank = CloudBank(RATE, STRINGS)
        for ident in range(many):
            strike(bank, note=57, ident=ident)
        levels.append(float(np.mean(run(bank, 2.0).astype(np.float64) ** 2)))
    assert 10 * np.log10(levels[1] / levels[0]) == pytest.approx(3.0, abs=1.2)


def test_noise_lies_around_its_note() -> None:
    """Within its width is nearly all of it, and no line stands out."""
    bank = CloudBank(RATE, Cloud("noise", 1.0, 0.5, 0.01, 0.1))
    strike(bank, note=81)
    at, lines = power(run(bank, 2.0))
    inside = (at > 880 / 2) & (at < 880 * 2)
    assert lines[inside].sum() > 0.98 * lines.sum()
    assert lines.max() < 0.02 * lines.sum()


@pytest.mark.parametrize("note", [57, 64.5])
def test_nothing_clicks_where_a_loop_comes_round(note: float) -> None:
    """The second difference there is that of any other place."""
    bank = CloudBank(RATE, STRINGS)
    strike(bank, note=note)
    sound = run(bank, 6.5)
    bends: Wide = np.abs(np.diff(sound[0].astype(np.float64), 2))[RATE // 4 :]
    assert sound.shape[1] > 2 * SIZE
    assert bends.max() < 8 * np.sqrt(np.mean(bends**2))
