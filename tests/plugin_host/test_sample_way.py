"""Cutting, fitting and looping samples: what the words of the language make the sampler play."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bridge.event import TimedEvent
from patterns.core import Pattern
from patterns.registry import namespace
from plugin_host.audio import Audio
from plugin_host.offline import render
from plugin_host.specs import sampler
from plugin_host.wav import write_wav

RATE = 48000
PART = RATE // 2
TONES = (480.0, 720.0, 1080.0, 1620.0)
"""What the four parts of the break sound, half a second each."""
WORDS: dict[str, Any] = dict(namespace())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A break of two seconds, and a rising number of its frames."""
    time = np.arange(PART) / RATE
    tones = [0.4 * np.sin(2 * np.pi * hertz * time) for hertz in TONES]
    for name, sound in (("break", np.concatenate(tones)), ("ramp", np.arange(RATE) / RATE)):
        (tmp_path / name).mkdir()
        write_wav(tmp_path / name / "a.wav", sound[None].astype(np.float32), RATE, 32)
    return tmp_path


def played(folder: Path, pattern: Pattern, cps: float = 0.5, cycles: int = 1) -> Audio:
    """A pattern, from its first cycle on, without the master."""
    events: list[TimedEvent] = []
    for number, hap in enumerate(pattern.haps(0, cycles, cps=cps)):
        assert hap.whole is not None
        length = float(hap.whole.end - hap.whole.begin) / cps
        events.append(TimedEvent(float(hap.whole.begin) / cps, length, dict(hap.value), "x", number))
    problems: list[str] = []
    chains = {"x": sampler(folder)}
    sound = render(events, chains, cycles / cps, RATE, problems=problems, master=False)
    assert problems == []
    return sound


def heard(sound: Audio, times: Sequence[float], length: float = 0.1) -> list[float | None]:
    """The strongest frequency at some times, to a Hertz; None where there is silence."""
    found: list[float | None] = []
    for at in times:
        part = sound[0, int(at * RATE) : int((at + length) * RATE)]
        if np.abs(part).max() < 0.01:
            found.append(None)
            continue
        lines = np.abs(np.fft.rfft(part * np.hanning(len(part)), RATE))
        found.append(float(np.argmax(lines)))
    return found


def near(found: Sequence[float | None], wanted: Sequence[float | None]) -> bool:
    """Whether they are the same to half a percent."""
    return len(found) == len(wanted) and all(
        one == other or (one is not None and other is not None and abs(one / other - 1) < 0.005)
        for one, other in zip(found, wanted, strict=True)
    )


def test_chop_plays_the_parts_in_order(folder: Path) -> None:
    """Each at its time, with silence where a part is shorter than its step."""
    sound = played(folder, WORDS["s"]("break").chop(4), cps=0.25)
    times = [step + within for step in range(4) for within in (0.2, 0.7)]
    wanted = [part for tone in TONES for part in (tone, None)]
    assert near(heard(sound, times), wanted)


def test_slice_plays_them_in_any_order_at_their_speed(folder: Path) -> None:
    """As `slice(4, "2 0")` says."""
    sound = played(folder, WORDS["s"]("break").slice(4, "2 0"))
    assert near(heard(sound, [0.2, 0.7, 1.2, 1.7]), [TONES[2], None, TONES[0], None])


@pytest.mark.parametrize("cps", [0.5, 1.25])
def test_splice_fills_each_step(folder: Path, cps: float) -> None:
    """At the speed that this takes, and so at that pitch, at every tempo."""
    sound = played(folder, WORDS["s"]("break").splice(4, "2 0"), cps)
    length = 0.5 / cps
    faster = 0.5 / length
    times = [0.1 * length, 0.7 * length, 1.1 * length, 1.7 * length]
    tones = [TONES[2] * faster] * 2 + [TONES[0] * faster] * 2
    assert near(heard(sound, times, 0.25 * length), tones)


@pytest.mark.parametrize("cps", [0.5, 0.8])
def test_loop_at_and_fit_last_as_long_as_they_should(folder: Path, cps: float) -> None:
    """The whole break in two cycles, or in one."""
    for pattern, cycles in ((WORDS["s"]("break").loop_at(2), 2), (WORDS["s"]("break").fit(), 1)):
        sound = played(folder, pattern, cps, cycles)
        length = cycles / cps
        faster = 2 / length
        times = [length * (part + 0.3) / 4 for part in range(4)]
        assert near(heard(sound, times, 0.1 * length), [tone * faster for tone in TONES])


def test_hurry_and_speed_bend_samples(folder: Path) -> None:
    """A negative speed plays backwards."""
    sound = played(folder, WORDS["s"]("break").speed(-2))
    assert near(heard(sound, [0.05, 0.3, 0.55, 0.8]), [2 * tone for tone in reversed(TONES)])
    assert near(heard(played(folder, WORDS["s"]("break").hurry(2)), [0.05]), [2 * TONES[0]])


def test_an_end_before_the_beginning_plays_backwards(folder: Path) -> None:
    """What lies between them."""
    sound = played(folder, WORDS["s"]("break").begin(0.5).end(0))
    assert near(heard(sound, [0.2, 0.7, 1.2]), [TONES[1], TONES[0], None])


def test_a_loop_lasts_as_long_as_its_event(folder: Path) -> None:
    """From the beginning, then round and round between two places."""
    pattern = WORDS["s"]("break").loop(1).loop_begin(0.25).loop_end(0.5)
    sound = played(folder, pattern.slow(2), cps=0.5, cycles=2)
    assert near(heard(sound, [0.2, 0.7, 1.2, 2.2, 3.8]), [TONES[0]] + [TONES[1]] * 4)
    short = played(folder, WORDS["s"]("break ~").loop(1), cps=1)
    assert near(heard(short, [0.2, 0.6]), [TONES[0], None])


def frames(sound: Audio) -> Audio:
    """Which frames of the ramp are heard: the sound, as loud as it was."""
    return sound[0] / np.float32(0.8 * (0.1 + 0.9 * 0.8) ** 1.5)


def test_a_cut_begins_and_ends_at_its_frames(folder: Path) -> None:
    """A quarter of a second from the middle on, faded at its ends only."""
    found = frames(played(folder, WORDS["s"]("ramp").begin(0.5).end(0.75)))
    assert found[100:11_000] == pytest.approx((RATE / 2 + np.arange(100, 11_000)) / RATE, abs=1e-4)
    assert not found[12_001:].any()


def test_seconds_as_a_unit_say_how_long(folder: Path) -> None:
    """From the beginning on, at its own speed; what there is not is not heard."""
    found = frames(played(folder, WORDS["s"]("ramp").unit("s").begin(0).end(0.3).speed(2)))
    assert found[100:14_000] == pytest.approx(2 * np.arange(100, 14_000) / RATE, abs=1e-4)
    assert not found[14_401:].any()
    beyond = frames(played(folder, WORDS["s"]("ramp").unit("s").begin(0.5).end(1).speed(2)))
    assert beyond[11_000] == pytest.approx(0.5 + 22_000 / RATE, abs=1e-3)
    assert not beyond[12_001:].any()


def test_accelerate_ends_at_another_speed(folder: Path) -> None:
    """Twice as fast at the end with 1; standing still with -1."""
    found = frames(played(folder, WORDS["s"]("ramp").accelerate(1)))
    heard_frames = found[:32_000] * RATE
    assert np.diff(heard_frames[100:200]).mean() == pytest.approx(1, abs=0.02)
    assert np.diff(heard_frames[31_000:31_500]).mean() == pytest.approx(2, abs=0.05)
    assert not found[32_010:].any()
    slower = frames(played(folder, WORDS["s"]("ramp").accelerate(-1))) * RATE
    assert np.diff(slower[94_000:95_000]).mean() == pytest.approx(0.02, abs=0.02)


def test_a_cut_group_ends_all_and_a_negative_one_the_same_sample(folder: Path) -> None:
    """Within 5 ms."""

    def again(group: int, second: str) -> list[float | None]:
        pattern = WORDS["s"](f"break {second}").cut(group)
        return heard(played(folder, pattern, cps=1), [0.3, 0.62])

    (folder / "other").mkdir()
    write_wav(folder / "other" / "a.wav", np.full((1, 40), 0.3, np.float32), RATE)
    assert near(again(0, "other"), [TONES[0], TONES[1]])
    assert near(again(1, "other"), [TONES[0], None])
    assert near(again(-1, "other"), [TONES[0], TONES[1]])
    assert near(again(-1, "break"), [TONES[0], TONES[0]])


def test_a_unit_that_is_none_is_told_of(folder: Path) -> None:
    """And the sample plays at its speed."""
    problems: list[str] = []
    events = [TimedEvent(0.0, 1.0, {"s": "break", "unit": "parsec"}, "x", 1)]
    sound = render(events, {"x": sampler(folder)}, 1, RATE, problems=problems, master=False)
    assert problems == ["unit='parsec': give r, c or s; taken as r"]
    assert near(heard(sound, [0.2]), [TONES[0]])
