"""SFZ files: what they say, what of it is heard, and what is said of those that are broken."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from bridge.event import TimedEvent
from plugin_host.audio import Audio
from plugin_host.errors import HostError
from plugin_host.offline import render
from plugin_host.rack import Rack
from plugin_host.reading import read_by
from plugin_host.recordings import Loop
from plugin_host.sfz_zones import sfz_zones
from plugin_host.specs import instrument, sampler
from plugin_host.wav import write_wav
from plugin_host.zones import Zone

RATE = 48000
PERIOD = 100
"""Frames of the test sounds' period: 480 Hz."""


def sine(frames: int, above: int = 1) -> Audio:
    """A sine of 480 Hz, or of a multiple of it."""
    return (0.4 * np.sin(2 * np.pi * above * np.arange(frames) / PERIOD)).astype(np.float32)[None]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two sounds of a second, and one of a tenth."""
    write_wav(tmp_path / "a.wav", sine(RATE), RATE)
    write_wav(tmp_path / "b.wav", sine(RATE, 3), RATE)
    (tmp_path / "Short Ones").mkdir()
    write_wav(tmp_path / "Short Ones" / "c d.WAV", sine(4800), RATE)
    return tmp_path


def made(folder: Path, text: str) -> tuple[list[Zone], list[str]]:
    """The zones of a text, and what is said of it."""
    (folder / "x.sfz").write_text(text, encoding="utf-8")
    said: list[str] = []
    return sfz_zones(folder / "x.sfz", said.append), said


def one(folder: Path, opcodes: str) -> Zone:
    """The zone of a region with `a.wav`, of which nothing is to be said."""
    zones, said = made(folder, f"<region> sample=a.wav {opcodes}")
    assert said == []
    return zones[0]


def test_every_opcode_that_we_know(folder: Path) -> None:
    """Each in its unit."""
    plain = one(folder, "")
    assert (plain.low, plain.high, plain.soft, plain.loud, plain.root) == (0, 127, 0, 127, 60)
    assert (plain.gated, plain.wanted.loop, plain.sustain, plain.decay) == (True, True, 1, None)
    keyed = one(folder, "key=c#3")
    assert (keyed.low, keyed.high, keyed.root) == (49, 49, 49)
    ranged = one(folder, "lokey=36 hikey=c4 lovel=10 hivel=99 pitch_keycenter=40")
    assert (ranged.low, ranged.high, ranged.soft, ranged.loud, ranged.root) == (36, 60, 10, 99, 40)
    tuned = one(folder, "tune=-50 transpose=12 pitch_keytrack=0")
    assert (tuned.tune, tuned.track) == (11.5, 0)
    mixed = one(folder, "volume=-6 pan=-50 amp_veltrack=0 amplitude=50")
    assert (round(mixed.level, 4), mixed.pan, mixed.velocity) == (0.2506, -0.5, 0)
    shaped = one(folder, "ampeg_attack=.1 ampeg_hold=.2 ampeg_decay=.3 ampeg_sustain=40 ampeg_release=.5")
    assert (shaped.attack, shaped.hold, shaped.decay, shaped.sustain, shaped.release) == (
        0.1,
        0.2,
        0.3,
        0.4,
        0.5,
    )
    cut = one(folder, "offset=10 end=99 loop_mode=no_loop")
    assert (cut.first, cut.last, cut.wanted.loop) == (10, 100, False)
    turns = one(folder, "seq_length=4 seq_position=3 lorand=.25 hirand=.5 group=2 off_by=3")
    assert (turns.turn, turns.turns, turns.chance, turns.group, turns.ended_by) == (2, 4, (0.25, 0.5), 2, 3)
    looped = one(folder, "loop_mode=loop_sustain loop_start=100 loop_end=299")
    assert (looped.wanted.loop, looped.sustained, looped.gated) == (Loop(100, 300), True, True)
    assert not one(folder, "loop_mode=one_shot").gated
    assert one(folder, "loopmode=loop_continuous").wanted.whole


def test_headers_hand_down_and_end_what_stood_before(folder: Path) -> None:
    """A region has what its group, its master and the whole file say, and what it says itself."""
    zones, said = made(
        folder,
        """
        <global> volume=-6 sample=a.wav  // for all
        <master> pan=50
        <group> lovel=64 /* of the hard
           ones */ tune=10
        <region> key=60 <region> key=61 tune=20
        <group>
        <region> key=62
        <master>
        <region> key=63
        <global>
        <region> key=64 sample=b.wav
        """,
    )
    assert said == []
    assert [(z.low, round(z.level, 1), z.pan, z.soft, z.tune) for z in zones] == [
        (60, 0.5, 0.5, 64, 0.1),
        (61, 0.5, 0.5, 64, 0.2),
        (62, 0.5, 0.5, 0, 0),
        (63, 0.5, 0, 0, 0),
        (64, 1, 0, 0, 0),
    ]


def test_folders_names_with_spaces_and_other_capitals(folder: Path) -> None:
    """As files from Windows have them."""
    zones, said = made(
        folder,
        "<control> default_path=short ones\\ \n<region> sample=C D.wav key=60\n"
        "<control> default_path= note_offset=12\n<region> sample=SHORT ones/c d.wav key=60",
    )
    assert said == []
    assert {zone.wanted.path for zone in zones} == {folder / "Short Ones" / "c d.WAV"}
    assert [(zone.low, zone.root) for zone in zones] == [(60, 60), (72, 72)]


def test_files_include_each_other_and_define(folder: Path) -> None:
    """The longest name that fits counts; names hold in what is included."""
    (folder / "inc").mkdir()
    (folder / "inc" / "keys.txt").write_text("#define $KEYS 70\n<region> sample=$FILE.wav key=$KEY\n")
    zones, said = made(
        folder,
        '#define $FILE a\n#define $KEY 60\n#include "inc/keys.txt"\n<region> sample=$FILE.wav key=$KEYS\n',
    )
    assert said == []
    assert [zone.low for zone in zones] == [60, 70]


def test_what_cannot_be_played_is_said_once_by_name(folder: Path) -> None:
    """All unknown opcodes in one line; regions that no note begins are counted."""
    zones, said = made(
        folder,
        "<control> set_cc1=100 label_cc1=Modulation\n"
        "<group> fil_type=lpf_2p cutoff=500 sw_default=24 sw_last=24\n"
        "<region> sample=a.wav cutoff=600 lfo01_freq=3\n<region> sample=a.wav trigger=release\n"
        "<region> sample=a.wav sw_last=25\n<region> sample=a.wav hicc1=63\n<region> sample=a.wav locc1=64\n"
        "<region> sample=a.wav hikey=-1\n<region> sample=*sine\n<region>\n<region> sample=a.wav end=-1",
    )
    assert len(zones) == 2
    assert said == [
        "x.sfz: not played, and passed over: cutoff, fil_type, lfo01_freq (first: x.sfz:2)",
        "x.sfz: 1 of 9 regions are left out: trigger=release",
        "x.sfz: 1 of 9 regions are left out: another key switch than 24",
        "x.sfz: 1 of 9 regions are left out: controller 1 stands at 100",
        "x.sfz: 1 of 9 regions are left out: no key begins them",
        "x.sfz: 1 of 9 regions are left out: *sine is no file",
        "x.sfz: 1 of 9 regions are left out: they name no file",
        "x.sfz: 1 of 9 regions are left out: end=-1",
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("<region> sample=a.wav key=h9", "x.sfz:1: key=h9: give a key from 0 to 127, or c-1 to g9"),
        ("\n\n<region> sample=a.wav volume=loud", "x.sfz:3: volume=loud: give a number from -144 to 24"),
        ("<region> sample=a.wav volume=900", "x.sfz:1: volume=900: give a number from -144 to 24"),
        ("<region> sample=a.wav lovel=nan", "x.sfz:1: lovel=nan: give a number from 0 to 127"),
        (
            "<region> sample=a.wav\nloop_mode=on",
            "x.sfz:2: loop_mode=on: give no_loop, one_shot, loop_continuous, ",
        ),
        (
            "hello\n<region> sample=a.wav",
            "x.sfz:1: 'hello' is neither a header such as <region> nor an opcode",
        ),
        ("key=60 <region> sample=a.wav", "x.sfz:1: key stands under no header"),
        ("<region> loud sample=a.wav", "x.sfz:1: 'loud' after <region> is no opcode"),
        ('#include "no.txt"\n<region> sample=a.wav', "x.sfz:1: there is no file 'no.txt' to include"),
        ("#define KEY\n<region> sample=a.wav", "x.sfz:1: '#define KEY' is not understood: "),
        ("<region> sample=a.wav\n<region> sample=no.wav", "x.sfz:2: there is no file 'no.wav'"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_the_rest_plays(folder: Path, text: str, line: str) -> None:
    """One line of it, for the musician."""
    zones, said = made(folder, text)
    assert len(zones) == 1
    assert len(said) == 1
    assert said[0].startswith(line)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "x.sfz has no region that can be played: there is none"),
        (b"<region> sample=no.wav", "x.sfz has no region that can be played: all 1 are left out"),
        (b"\0\1\2", "x.sfz is no text"),
        (b'#include "x.sfz"', "x.sfz:1: files include each other without end"),
        (b"<group>" * 100_000 + b"\n" * 300_000, "more than 200000 lines in all"),
    ],
)
def test_a_file_of_which_nothing_can_be_played_is_an_error(folder: Path, data: bytes, reason: str) -> None:
    """With what is wrong."""
    (folder / "x.sfz").write_bytes(data)
    with pytest.raises(HostError, match=reason.replace(".", r"\.")):
        sfz_zones(folder / "x.sfz", list[str]().append)


def test_a_heap_of_mistakes_is_counted(folder: Path) -> None:
    """Twelve are told."""
    zones, said = made(folder, "<region> sample=a.wav\n" + "?\n" * 500)
    assert len(zones) == 1
    assert len(said) == 13
    assert said[-1] == "x.sfz: 488 more things like these"


def test_old_encodings_are_read(folder: Path) -> None:
    """What is no UTF-8 counts as Latin 1."""
    write_wav(folder / "ä.wav", sine(4800), RATE)
    (folder / "x.sfz").write_bytes("<region> sample=ä.wav".encode("latin-1"))
    assert len(sfz_zones(folder / "x.sfz", print)) == 1


# What is heard.


def played(
    folder: Path, text: str, events: Sequence[tuple[float, float, Mapping[str, object]]], seconds: float
) -> Audio:
    """Events (begin, length, controls) on an SFZ file, without the master."""
    (folder / "x.sfz").write_text(text)
    timed = [TimedEvent(at, long, dict(said), "x", ident) for ident, (at, long, said) in enumerate(events, 1)]
    problems: list[str] = []
    chains = {"x": sampler(folder / "x.sfz")}
    sound = render(timed, chains, seconds, RATE, problems=problems, master=False)
    assert problems == []
    return sound


def level(sound: Audio, begin: float, end: float) -> float:
    """The root of the mean square of the left side, between two times."""
    part = sound[0, int(begin * RATE) : int(end * RATE)].astype(np.float64)
    return float(np.sqrt(np.mean(part * part)))


def share(sound: Audio, frequency: float, begin: float, end: float) -> float:
    """How much of a frequency there is in the left side."""
    part = sound[0, int(begin * RATE) : int(end * RATE)]
    turning = np.exp(-2j * np.pi * frequency * np.arange(len(part)) / RATE)
    return float(abs(np.dot(part * np.hanning(len(part)), turning)) * 4 / len(part))


NOTE = {"note": 60, "velocity": 0.8}


def test_keys_and_velocities_choose_regions(folder: Path) -> None:
    """At their pitch, with tune and transpose."""
    text = (
        "<region> sample=a.wav hivel=63 key=60 <region> sample=b.wav lovel=64 key=60"
        " <region> sample=a.wav lokey=61 hikey=80 pitch_keycenter=60 transpose=12 tune=100"
    )
    soft = played(folder, text, [(0, 0.3, {"note": 60, "velocity": 0.4})], 0.3)
    hard = played(folder, text, [(0, 0.3, {"note": 60, "velocity": 0.6})], 0.3)
    assert share(soft, 480, 0.05, 0.25) > 50 * share(soft, 1440, 0.05, 0.25)
    assert share(hard, 1440, 0.05, 0.25) > 50 * share(hard, 480, 0.05, 0.25)
    above = played(folder, text, [(0, 0.3, {"note": 67, "velocity": 0.4})], 0.3)
    right = 480 * 2 ** (20 / 12)
    assert share(above, right, 0.05, 0.25) > 20 * share(above, right * 2 ** (1 / 12), 0.05, 0.25)
    assert not played(folder, text, [(0, 0.3, {"note": 40})], 0.3).any()


def test_regions_of_one_note_sound_together_and_stand_where_they_are_put(folder: Path) -> None:
    """Pan and volume of each."""
    text = "<region> sample=a.wav pan=-100 <region> sample=b.wav pan=100 volume=-12"
    sound = played(folder, text, [(0, 0.3, NOTE)], 0.3)
    left, right = sound[:1], sound[1:]
    assert share(left, 480, 0.05, 0.25) > 100 * share(left, 1440, 0.05, 0.25)
    assert share(right, 1440, 0.05, 0.25) > 100 * share(right, 480, 0.05, 0.25)
    assert share(left, 480, 0.05, 0.25) / share(right, 1440, 0.05, 0.25) == pytest.approx(
        10 ** (12 / 20), 0.02
    )


def test_the_envelope_is_that_of_the_region(folder: Path) -> None:
    """Attack, hold, decay to the held level, release."""
    text = (
        "<region> sample=a.wav loop_mode=loop_continuous loop_start=0 loop_end=47999 ampeg_attack=0.1"
        " ampeg_hold=0.1 ampeg_decay=0.2 ampeg_sustain=25 ampeg_release=0.3"
    )
    sound = played(folder, text, [(0, 1.5, NOTE)], 2)
    full = level(sound, 0.12, 0.19)
    assert level(sound, 0.045, 0.055) == pytest.approx(full / 2, rel=0.05)
    assert level(sound, 0.5, 1.4) == pytest.approx(full / 4, rel=0.05)
    assert 0 < level(sound, 1.6, 1.7) < full / 5
    assert not sound[:, int(1.81 * RATE) :].any()


def bend(sound: Audio, begin: float, end: float) -> float:
    """The largest second difference: a click, where the sound is a sine."""
    return float(np.abs(np.diff(sound[0, int(begin * RATE) : int(end * RATE)], n=2)).max())


@pytest.mark.parametrize("note", [60, 64.3, 72])
def test_a_loop_goes_round_without_a_click(folder: Path, note: float) -> None:
    """Whole periods, some hundred times, at its own and at other pitches; and it is left at the end."""
    text = "<region> sample=a.wav loop_mode=loop_continuous loop_start=1000 loop_end=1299 ampeg_release=0.1"
    sound = played(folder, text, [(0, 3, {"note": note})], 3.5)
    free = played(folder, "<region> sample=a.wav loop_mode=no_loop", [(0, 0.4, {"note": note})], 0.4)
    assert level(sound, 2.5, 2.9) == pytest.approx(level(free, 0.1, 0.3), rel=0.02)
    assert bend(sound, 0.1, 2.9) < 1.02 * bend(free, 0.1, 0.35)
    assert not sound[:, int(3.11 * RATE) :].any()


def test_a_loop_within_other_sound_reads_only_itself(folder: Path) -> None:
    """What stands before and behind it is not heard, not even between two frames."""
    whole = np.concatenate(
        [np.full((1, 500), 0.9, np.float32), sine(2000), np.full((1, 500), -0.9, np.float32)], 1
    )
    write_wav(folder / "a.wav", whole, RATE)
    text = "<region> sample=a.wav offset=600 loop_mode=loop_continuous loop_start=500 loop_end=2499"
    sound = played(folder, text, [(0, 1, {"note": 61.7})], 1)
    assert bend(sound, 0.02, 0.98) < 0.006


def test_a_sustained_loop_plays_on_to_the_end(folder: Path) -> None:
    """When the note is let go; a continuous one goes on round."""
    tail = np.concatenate([sine(9600), sine(48_000, 3)], axis=1)
    write_wav(folder / "a.wav", tail, RATE)
    for mode, heard in (("loop_sustain", 1440), ("loop_continuous", 480)):
        text = f"<region> sample=a.wav loop_mode={mode} loop_start=4800 loop_end=9599 ampeg_release=2"
        sound = played(folder, text, [(0, 1, NOTE)], 1.6)
        assert share(sound, 480, 0.3, 0.95) > 50 * share(sound, 1440, 0.3, 0.95)
        other = 1920 - heard
        assert share(sound, heard, 1.2, 1.4) > 50 * share(sound, other, 1.2, 1.4)


def test_the_loop_of_a_wav_file_is_heard(folder: Path) -> None:
    """Unless the region says that there is none."""
    data = (folder / "Short Ones" / "c d.WAV").read_bytes()
    loop = np.array([0, 0, 0, 60, 0, 0, 0, 1, 0, 0, 0, 1000, 1999, 0, 0], "<u4").tobytes()
    chunk = b"smpl" + np.array([len(loop)], "<u4").tobytes() + loop
    size = np.array([len(data) - 8 + len(chunk)], "<u4").tobytes()
    (folder / "a.wav").write_bytes(data[:4] + size + data[8:] + chunk)
    held = played(folder, "<region> sample=a.wav", [(0, 1, NOTE)], 1)
    assert level(held, 0.5, 0.9) == pytest.approx(level(held, 0.02, 0.08), rel=0.03)
    plain = played(folder, "<region> sample=a.wav loop_mode=no_loop", [(0, 1, NOTE)], 1)
    assert not plain[:, 4900:].any()


def test_a_folder_named_by_pitches_has_loops_too(folder: Path) -> None:
    """Those that its files tell of."""
    test_the_loop_of_a_wav_file_is_heard(folder)
    (folder / "organ").mkdir()
    (folder / "a.wav").rename(folder / "organ" / "organ_C4.wav")
    events = [TimedEvent(0.0, 1.0, {"note": 60}, "x", 1)]
    sound = render(events, {"x": sampler(folder / "organ")}, 1.0, RATE, master=False)
    assert level(sound, 0.5, 0.9) == pytest.approx(level(sound, 0.02, 0.08), rel=0.03)


def test_beginning_and_end_are_frames(folder: Path) -> None:
    """`end` is the last one."""
    sound = played(
        folder, "<region> sample=a.wav offset=4800 end=9599 loop_mode=one_shot", [(0, 0.01, NOTE)], 0.3
    )
    assert level(sound, 0.01, 0.09) > 0.05
    assert not sound[:, 4800:].any()


def test_a_group_ends_another(folder: Path) -> None:
    """A closed hat ends the open one, within 5 ms; those of one note do not end each other."""
    text = (
        "<region> sample=a.wav key=46 group=1 off_by=1 loop_mode=one_shot"
        " <region> sample=b.wav key=46 group=1 off_by=1 loop_mode=one_shot"
        " <region> sample=Short Ones/c d.WAV key=42 group=1 off_by=1 loop_mode=one_shot"
    )
    sound = played(folder, text, [(0, 0.1, {"note": 46}), (0.5, 0.1, {"note": 42})], 1)
    assert share(sound, 480 * 2 ** (0 / 12), 0.1, 0.45) > 0.02
    assert share(sound, 1440, 0.1, 0.45) > 0.02
    assert share(sound, 1440, 0.51, 0.6) < 0.001
    assert not sound[:, int(0.61 * RATE) :].any()


def test_velocity_moves_loudness_as_far_as_it_should(folder: Path) -> None:
    """`amp_veltrack=0`: not at all."""
    for track, ratio in ((0, 1.0), (100, 0.55**1.5)):
        text = f"<region> sample=a.wav amp_veltrack={track}"
        soft = played(folder, text, [(0, 0.3, {"note": 60, "velocity": 0.5})], 0.3)
        hard = played(folder, text, [(0, 0.3, {"note": 60, "velocity": 1})], 0.3)
        assert level(soft, 0.05, 0.25) / level(hard, 0.05, 0.25) == pytest.approx(ratio, rel=0.01)


def test_takes_in_turn_are_the_same_in_every_render(folder: Path) -> None:
    """And each comes."""
    text = "<group> seq_length=2 <region> sample=a.wav seq_position=1 <region> sample=b.wav seq_position=2"
    events = [(0.25 * number, 0.2, NOTE) for number in range(8)]
    sound = played(folder, text, events, 2)
    assert np.array_equal(sound, played(folder, text, events, 2))
    which = [share(sound, 480, at, at + 0.15) > share(sound, 1440, at, at + 0.15) for at, _, _ in events]
    assert which in ([True, False] * 4, [False, True] * 4)


def test_a_broken_file_silences_nobody_else(folder: Path) -> None:
    """It is named; the drums play."""
    (folder / "x.sfz").write_text("nothing of use")
    rack = Rack(RATE, 256)
    rack.set_chains({0: sampler(folder / "x.sfz"), 1: instrument("drums"), 2: sampler(folder / "gone.sfz")})
    rack.begin(0, 1, {"note": 60}, 0)
    rack.begin(1, 2, {"s": "bd"}, 0)
    assert max(float(np.abs(rack.render()).max()) for _ in range(6)) > 0.05
    assert any("x.sfz has no region that can be played" in line for line in rack.problems)
    assert any("gone.sfz cannot be read" in line for line in rack.problems)


def test_what_an_sfz_file_reads() -> None:
    """A name of a sound means nothing to it."""
    read = read_by(sampler("piano.sfz").instrument)
    assert {"s", "n"} & read == set()
    assert {"note", "begin", "cut", "lpf"} <= read
