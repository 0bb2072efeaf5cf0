"""SoundFont files: presets and zones, held against a tiny bank that is made here."""

import struct
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from bridge.event import TimedEvent
from patterns.registry import namespace
from plugin_host.audio import Audio
from plugin_host.errors import HostError
from plugin_host.offline import render
from plugin_host.rack import Rack
from plugin_host.reading import read_by
from plugin_host.recordings import Loop
from plugin_host.sf2 import SoundFont, soundfont_zones
from plugin_host.specs import Chain, instrument, sampler, soundfont
from plugin_host.zones import Zone

RATE = 48000
PERIOD = 96
"""Frames of the recordings' period: 500 Hz at 48 kHz."""

INSTRUMENT, KEYS, VELOCITIES, SAMPLE, MODE, ROOT = 41, 43, 44, 53, 54, 58

Generators = Sequence[tuple[int, int]]


def chunk(kind: bytes, data: bytes) -> bytes:
    """A chunk of a RIFF file."""
    return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def span(low: int, high: int) -> int:
    """A range of keys or velocities as a generator has it."""
    return low | high << 8


def bank(
    presets: Sequence[tuple[str, int, int, Sequence[Generators]]],
    instruments: Sequence[Sequence[Generators]],
    samples: Sequence[tuple[Audio, int, int, int, int, int]],
) -> bytes:
    """A SoundFont file.

    Args:
        presets: (name, bank, program, zones).
        instruments: The zones of each.
        samples: (sound, first frame of its loop, frame after its loop, rate, root, cents).
    """
    frames, heads, at = b"", b"", 0
    for sound, begin, end, rate, root, cents in samples:
        data = np.rint(sound * 32767).astype("<i2").tobytes() + b"\0" * 92
        places = (at, at + len(sound), at + begin, at + end)
        heads += struct.pack("<20sIIIIIBbHH", b"one", *places, rate, root, cents, 0, 1)
        frames, at = frames + data, at + len(data) // 2
    heads += struct.pack("<20sIIIIIBbHH", b"EOS", *[0] * 9)

    def zones(several: Sequence[Sequence[Generators]]) -> tuple[list[int], bytes, bytes]:
        firsts, bags, generators = [0], b"", b""
        for one in several:
            for zone in one:
                bags += struct.pack("<HH", len(generators) // 4, 0)
                generators += b"".join(struct.pack("<HH", kind, amount & 0xFFFF) for kind, amount in zone)
            firsts.append(len(bags) // 4)
        return firsts, bags + struct.pack("<HH", len(generators) // 4, 0), generators + b"\0" * 4

    upper, pbag, pgen = zones([one[3] for one in presets])
    lower, ibag, igen = zones(instruments)
    named = [*((one[0], one[2], one[1]) for one in presets), ("EOP", 0, 0)]
    phdr = b"".join(
        struct.pack("<20sHHHIII", name.encode(), program, number, first, 0, 0, 0)
        for (name, program, number), first in zip(named, upper, strict=True)
    )
    inst = b"".join(struct.pack("<20sH", b"instrument", first) for first in lower)
    tables = {"phdr": phdr, "pbag": pbag, "pmod": b"\0" * 10, "pgen": pgen, "inst": inst, "ibag": ibag}
    tables |= {"imod": b"\0" * 10, "igen": igen, "shdr": heads}
    pdta = b"".join(chunk(name.encode(), data) for name, data in tables.items())
    info = chunk(b"ifil", struct.pack("<HH", 2, 4)) + chunk(b"INAM", b"tiny")
    body = chunk(b"LIST", b"INFO" + info) + chunk(b"LIST", b"sdta" + chunk(b"smpl", frames))
    return chunk(b"RIFF", b"sfbk" + body + chunk(b"LIST", b"pdta" + pdta))


def sine(frames: int, above: int = 1) -> Audio:
    """500 Hz, or a multiple of it."""
    return (0.4 * np.sin(2 * np.pi * above * np.arange(frames) / PERIOD)).astype(np.float32)


LOW, HIGH = (sine(9600), 960, 1920, RATE, 60, 0), (sine(9600, 3), 960, 1920, RATE, 60, 0)


def tiny(folder: Path, zone: Generators = (), above: Generators = ()) -> Path:
    """A bank of one preset, which plays one sample."""
    file = folder / "tiny.sf2"
    file.write_bytes(bank([("Tiny", 0, 0, [[*above, (INSTRUMENT, 0)]])], [[[*zone, (SAMPLE, 0)]]], [LOW]))
    return file


def one(folder: Path, zone: Generators = (), above: Generators = ()) -> Zone:
    """Its zone."""
    said: list[str] = []
    zones = soundfont_zones(tiny(folder, zone, above), None, 0, 0, said.append)
    assert said == []
    assert len(zones) == 1
    return zones[0]


def test_a_zone_that_says_nothing(tmp_path: Path) -> None:
    """All keys and velocities, no loop, from the sample's own pitch."""
    plain = one(tmp_path)
    assert (plain.low, plain.high, plain.soft, plain.loud) == (0, 127, 0, 127)
    assert (plain.root, plain.track, plain.tune, plain.level, plain.pan) == (60, 1, 0, 1, 0)
    assert (plain.wanted.loop, plain.gated, plain.attack, plain.decay, plain.sustain) == (
        False,
        True,
        0,
        None,
        1,
    )
    cut = plain.wanted.cut
    assert cut is not None
    assert (cut.frames, cut.rate) == (9600, RATE)
    assert (tmp_path / "tiny.sf2").read_bytes()[cut.at : cut.at + 2] == b"\0\0"


def test_every_generator_that_we_know(tmp_path: Path) -> None:
    """Each in its unit; those of the preset are added."""
    ranged = one(tmp_path, [(KEYS, span(36, 80)), (VELOCITIES, span(10, 99))], [(KEYS, span(48, 127))])
    assert (ranged.low, ranged.high, ranged.soft, ranged.loud) == (48, 80, 10, 99)
    tuned = one(tmp_path, [(51, -2), (52, 30), (56, 50), (ROOT, 70)], [(51, 12), (52, -5)])
    assert (tuned.tune, tuned.track, tuned.root) == (10.25, 0.5, 70)
    mixed = one(tmp_path, [(48, 100), (17, -250)], [(48, 100), (17, -500)])
    assert (mixed.level, mixed.pan) == (0.1, -1)
    shaped = one(tmp_path, [(34, -1200), (35, 0), (36, 1200), (37, 200), (38, 2400)], [(34, -1200)])
    assert (shaped.attack, shaped.hold, shaped.decay, shaped.sustain) == (0.25, 1, 1.2, 0.1)
    assert shaped.release == pytest.approx(2.4)
    looped = one(tmp_path, [(MODE, 1), (2, 10), (3, -20), (0, 100), (57, 3)])
    assert (looped.wanted.loop, looped.sustained) == (Loop(870, 1800), False)
    assert (looped.group, looped.ended_by) == (3, 3)
    assert one(tmp_path, [(MODE, 3)]).sustained
    far = one(tmp_path, [(1, -100)])
    assert far.wanted.cut is not None
    assert far.wanted.cut.frames == 9500


def test_first_zones_speak_for_all_and_instruments_are_layered(tmp_path: Path) -> None:
    """Of the preset and of the instrument; a zone may say otherwise."""
    file = tmp_path / "x.sf2"
    instruments = [
        [[(51, 7)], [(KEYS, span(0, 59)), (SAMPLE, 0)], [(KEYS, span(60, 127)), (51, 5), (SAMPLE, 1)]],
        [[(SAMPLE, 0)]],
    ]
    upper: list[Generators] = [
        [(52, 50)],
        [(INSTRUMENT, 0)],
        [(KEYS, span(50, 70)), (52, 25), (INSTRUMENT, 1)],
    ]
    file.write_bytes(bank([("One", 1, 5, upper), ("Two", 128, 0, upper[1:])], instruments, [LOW, HIGH]))
    zones = soundfont_zones(file, None, 1, 5, print)
    assert [(z.low, z.high, z.tune) for z in zones] == [(0, 59, 7.5), (60, 127, 5.5), (50, 70, 0.25)]
    zones = soundfont_zones(file, "TWO", 0, 0, print)
    assert [(z.low, z.high, z.tune) for z in zones] == [(0, 59, 7), (60, 127, 5), (50, 70, 0.25)]
    assert [tuple(preset) for preset in SoundFont(file).presets] == [("One", 1, 5), ("Two", 128, 0)]


def test_presets_that_are_not_there_are_named_with_those_that_are(tmp_path: Path) -> None:
    """By name what is alike, by number all."""
    file = tiny(tmp_path)
    with pytest.raises(HostError, match="has no preset 'Tinny'; did you mean 'Tiny'"):
        soundfont_zones(file, "Tinny", 0, 0, print)
    with pytest.raises(HostError, match="has no bank 0, program 9; there are: 0:0 Tiny"):
        soundfont_zones(file, None, 0, 9, print)


def test_recordings_that_are_not_in_the_file_are_left_out(tmp_path: Path) -> None:
    """And counted; a preset without any is an error."""
    file = tmp_path / "x.sf2"
    zones: list[Generators] = [[(SAMPLE, 0)], [(SAMPLE, 9)], [(1, 30_000), (12, 30_000), (SAMPLE, 0)]]
    file.write_bytes(bank([("One", 0, 0, [[(INSTRUMENT, 0)]])], [zones], [LOW]))
    said: list[str] = []
    assert len(soundfont_zones(file, None, 0, 0, said.append)) == 1
    assert said == ["x.sf2: 2 zones of 'One' are left out: the file lacks their recordings"]
    file.write_bytes(bank([("One", 0, 0, [[(INSTRUMENT, 4)]])], [zones], [LOW]))
    with pytest.raises(HostError, match="nothing to play in 'One'"):
        soundfont_zones(file, None, 0, 0, print)


@pytest.mark.parametrize("data", [b"", b"RIFF\0\0\0\0WAVE", b"RIFF\0\0\0\0sfbk", b"\0" * 999])
def test_what_is_no_soundfont_is_named(tmp_path: Path, data: bytes) -> None:
    """Nothing else is raised."""
    (tmp_path / "x.sf2").write_bytes(data)
    with pytest.raises(HostError, match=r"x\.sf2 is no SoundFont file"):
        SoundFont(tmp_path / "x.sf2")
    with pytest.raises(HostError, match=r"gone\.sf2 cannot be read"):
        SoundFont(tmp_path / "gone.sf2")


def test_damaged_files_raise_nothing_else(tmp_path: Path) -> None:
    """Cut off anywhere, or with a byte changed: they play, or are named."""
    whole = tiny(tmp_path, [(MODE, 1), (KEYS, span(0, 100))]).read_bytes()
    tables = whole.index(b"pdta")
    chance = np.random.default_rng(5)
    played = 0
    for number in range(600):
        data = bytearray(whole)
        if number % 2:
            del data[int(chance.integers(tables, len(data))) :]
        else:
            data[int(chance.integers(tables, len(data)))] = int(chance.integers(256))
        (tmp_path / "x.sf2").write_bytes(data)
        try:
            played += bool(soundfont_zones(tmp_path / "x.sf2", None, 0, 0, list[str]().append))
        except HostError:
            continue
    assert 50 < played < 400


# Descriptions.


def test_a_soundfont_is_a_chain_like_any_other() -> None:
    """Compared, stored and sent; `sampler` of such a file is the same."""
    chain = soundfont("bank.sf2", preset="Grand Piano", gain=0.5)
    assert Chain.from_json(chain.to_json()) == chain
    assert chain.key != soundfont("bank.sf2", preset="Grand", gain=0.5).key
    assert sampler("bank.SF2", program=4) == soundfont("bank.SF2", program=4)
    assert Chain.from_json(soundfont("bank.sf2", bank=128).to_json()).instrument["bank"] == 128
    assert {"s", "n"} & read_by(chain.instrument) == set()


def test_parameters_of_a_soundfont_can_be_moved_but_not_its_preset() -> None:
    """As those of every instrument."""
    sine_wave: object = namespace()["sine"]
    chain = soundfont("bank.sf2", gain=sine_wave)
    assert [move.name for move in chain.instrument.moves] == ["gain"]
    assert Chain.from_json(chain.to_json()) == chain
    with pytest.raises(TypeError, match="program cannot be moved while it plays"):
        soundfont("bank.sf2", program=sine_wave)


@pytest.mark.parametrize(
    ("kwargs", "message"),
    [
        ({"program": 128}, "program=128 is out of range"),
        ({"program": 1.5}, "program=1.5: give a whole number"),
        ({"bank": "drums"}, "bank='drums': give a number"),
        ({"preset": 4}, "preset=4: give its name"),
        ({"pitched": "no"}, "no parameter 'pitched'"),
    ],
)
def test_values_are_checked(kwargs: Mapping[str, object], message: str) -> None:
    """When the piece is read."""
    with pytest.raises((HostError, TypeError, ValueError), match=message):
        soundfont("bank.sf2", **kwargs)  # type: ignore[arg-type] # wrong on purpose
    with pytest.raises(HostError, match=r"ends with \.sf2"):
        soundfont("bank.wav")


# What is heard.


def played(chain: Chain, controls: Mapping[str, object], length: float, seconds: float) -> Audio:
    """One note, without the master."""
    problems: list[str] = []
    events = [TimedEvent(0.0, length, dict(controls), "x", 1)]
    sound = render(events, {"x": chain}, seconds, RATE, problems=problems, master=False)
    assert problems == []
    return sound


def share(sound: Audio, frequency: float, begin: float, end: float) -> float:
    """How much of a frequency there is in the left side."""
    part = sound[0, int(begin * RATE) : int(end * RATE)]
    turning = np.exp(-2j * np.pi * frequency * np.arange(len(part)) / RATE)
    return float(abs(np.dot(part * np.hanning(len(part)), turning)) * 4 / len(part))


def test_a_note_is_heard_at_its_pitch_and_goes_round(tmp_path: Path) -> None:
    """From a recording at another rate, with cents of its own; a fifth above."""
    file = tmp_path / "x.sf2"
    sample = (sine(9600), 960, 1920, 44_100, 60, -20)
    file.write_bytes(bank([("One", 0, 3, [[(INSTRUMENT, 0)]])], [[[(MODE, 1), (SAMPLE, 0)]]], [sample]))
    sound = played(soundfont(file, program=3), {"note": 67}, 1.0, 1.2)
    right = 500 * 44_100 / 48_000 * 2 ** ((7 - 0.2) / 12)
    for begin in (0.05, 0.7):
        assert share(sound, right, begin, begin + 0.25) > 0.1
        assert share(sound, right, begin, begin + 0.25) > 30 * share(
            sound, right * 1.0595, begin, begin + 0.25
        )
    assert not sound[:, int(1.05 * RATE) :].any()


def test_keys_and_velocities_choose(tmp_path: Path) -> None:
    """As in every bank."""
    file = tmp_path / "x.sf2"
    zones: list[Generators] = [
        [(VELOCITIES, span(0, 63)), (SAMPLE, 0)],
        [(VELOCITIES, span(64, 127)), (SAMPLE, 1)],
    ]
    file.write_bytes(bank([("One", 0, 0, [[(INSTRUMENT, 0)]])], [zones], [LOW, HIGH]))
    soft = played(soundfont(file, preset="one"), {"note": 60, "velocity": 0.4}, 0.2, 0.2)
    hard = played(soundfont(file, preset="one"), {"note": 60, "velocity": 0.6}, 0.2, 0.2)
    assert share(soft, 500, 0.02, 0.18) > 50 * share(soft, 1500, 0.02, 0.18)
    assert share(hard, 1500, 0.02, 0.18) > 50 * share(hard, 500, 0.02, 0.18)


def test_a_broken_bank_silences_nobody_else(tmp_path: Path) -> None:
    """It is named; the drums play."""
    (tmp_path / "x.sf2").write_bytes(b"nothing")
    rack = Rack(RATE, 256)
    rack.set_chains({0: soundfont(tmp_path / "x.sf2"), 1: instrument("drums")})
    rack.begin(0, 1, {"note": 60}, 0)
    rack.begin(1, 2, {"s": "bd"}, 0)
    assert max(float(np.abs(rack.render()).max()) for _ in range(6)) > 0.05
    assert [line for line in rack.problems if "x.sf2 is no SoundFont file" in line]
