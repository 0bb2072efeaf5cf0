"""A folder of files that are named for their pitches is an instrument."""

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from bridge.event import TimedEvent
from plugin_host.audio import Audio, hertz
from plugin_host.offline import render
from plugin_host.rack import Rack
from plugin_host.recordings import Wanted
from plugin_host.sample_names import zones_by_name
from plugin_host.specs import Chain, sampler
from plugin_host.wav import write_wav
from plugin_host.zones import Zone, Zones

RATE, BLOCK = 48000, 256


def zones(*names: str) -> list[tuple[str, int, int, int, int, float]] | None:
    """What is made of names: (name, low, high, soft, loud, root)."""
    made = zones_by_name([Path(f"{name}.wav") for name in names])
    if made is None:
        return None
    return [(z.wanted.path.stem, z.low, z.high, z.soft, z.loud, z.root) for z in made]


def test_each_key_has_the_nearest_pitch() -> None:
    """The lower of two that are as near."""
    assert zones("piano_C4", "piano_E4", "piano_G#4") == [
        ("piano_C4", 0, 62, 0, 127, 60),
        ("piano_E4", 63, 66, 0, 127, 64),
        ("piano_G#4", 67, 127, 0, 127, 68),
    ]


@pytest.mark.parametrize(
    ("name", "root"),
    [
        ("piano_C4_v2", 60), ("C#3", 49), ("Db3-rr1", 49), ("A0v5", 21), ("F#4v12", 66), ("bb3", 58),
        ("Cs4", 61), ("pianoC4", 60), ("B3 organ C4", 60), ("Piano.ff.A4", 69), ("fs2_mp", 42),
        ("Eb5 (1)", 75), ("c♯2", 37), ("G9", 127),
    ],
)  # fmt: skip
def test_pitches_as_people_write_them(name: str, root: int) -> None:
    """c4 is 60; of several in a name the last one counts, if they do not tell themselves apart."""
    made = zones(name)
    assert made is not None
    assert made[0][5] == root


@pytest.mark.parametrize(
    "names",
    [
        (), ("kick", "snare"), ("bd_01", "bd_02"), ("loop_120",), ("take1", "take2"), ("C4", "noise"),
        ("kick_f",), ("a_08", "a_40"), ("G#9",), ("C4x",), ("x60", "x62"), ("2023-01", "2023-02"),
        ("C#", "D"),
    ],
)  # fmt: skip
def test_other_names_say_no_pitch(names: tuple[str, ...]) -> None:
    """Counts, single numbers, a folder of which only some say it: as before."""
    assert zones(*names) is None


def test_bare_numbers_are_keys_where_all_have_one() -> None:
    """Those that differ, should there be more than one."""
    assert zones("Piano-60-f", "Piano-72-f") == [
        ("Piano-60-f", 0, 66, 0, 127, 60),
        ("Piano-72-f", 67, 127, 0, 127, 72),
    ]
    made = zones("44 Harp 36 99", "44 Harp 48 99")
    assert made is not None
    assert [row[5] for row in made] == [36, 48]


@pytest.mark.parametrize(
    ("names", "bounds"),
    [
        (("C4_v1", "C4_v2"), [(0, 63), (64, 127)]),
        (("C4v1", "C4v2", "C4v10"), [(0, 42), (43, 84), (85, 127)]),
        (("C4_pp", "C4_mf", "C4_ff"), [(0, 56), (57, 96), (97, 127)]),
        (("p C4", "f C4"), [(0, 72), (73, 127)]),
        (("C4_vel64", "C4_vel127"), [(0, 95), (96, 127)]),
        (("C4_velocity_40", "C4 velocity 100"), [(0, 70), (71, 127)]),
        (("C4_v1", "C4_x"), [(0, 127), (0, 127)]),
    ],
)
def test_velocities_as_people_write_them(names: tuple[str, ...], bounds: list[tuple[int, int]]) -> None:
    """Counted layers share the range; words and numbers get what is nearest to them."""
    made = zones(*names)
    assert made is not None
    assert [row[3:5] for row in sorted(made, key=lambda row: row[3])] == bounds


def test_files_that_differ_in_nothing_else_take_turns() -> None:
    """Each pitch has as many as it has."""
    made = zones_by_name([Path(f"{n}.wav") for n in ("C4_rr1", "C4_rr2", "C4_rr3", "C5_1", "C5_2", "C6")])
    assert made is not None
    assert [(z.turn, z.turns) for z in made] == [(0, 3), (1, 3), (2, 3), (0, 2), (1, 2), (0, 1)]


def test_turns_depend_on_the_events_and_never_repeat_one() -> None:
    """All get their share, no one is heard twice in a row, and whoever joins later agrees soon."""
    several = [Zone(Wanted(Path(str(turn))), turn=turn, turns=4) for turn in range(4)]

    def heard(begin: int) -> list[int]:
        fresh = Zones(several)
        return [fresh.struck(60, 100, 7919 * ident)[0].turn for ident in range(begin, 400)]

    whole = heard(0)
    assert all(one != other for one, other in pairwise(whole))
    assert min(whole.count(turn) for turn in range(4)) > 60
    assert whole == heard(0)
    assert whole[120:] == heard(100)[20:]


def test_keys_have_turns_of_their_own() -> None:
    """Another key in between changes nothing."""
    several = [Zone(Wanted(Path(str(turn))), turn=turn, turns=3) for turn in range(3)]
    alone, beside = Zones(several), Zones(several)
    for ident in range(50):
        beside.struck(61, 100, ident + 1000)
        assert alone.struck(60, 100, ident) == beside.struck(60, 100, ident)


# What is heard.


@pytest.fixture
def piano(tmp_path: Path) -> Path:
    """Two pitches, two strengths: the soft ones are sines, the hard ones have an octave above."""
    folder = tmp_path / "piano"
    folder.mkdir()
    time = np.arange(RATE) / 44100
    for name, key in (("C3", 48), ("C5", 72)):
        for strength, above in (("p", 0.0), ("f", 0.3)):
            angle = 2 * np.pi * hertz(key) * time
            sound = 0.3 * np.sin(angle) + above * np.sin(2 * angle)
            write_wav(folder / f"Piano_{name}_{strength}.wav", sound[None].astype(np.float32), 44100)
    return folder


def played(chain: Chain, controls: Mapping[str, object], length: float = 0.4, seconds: float = 0.8) -> Audio:
    """One note, without the master."""
    events = [TimedEvent(0.0, length, dict(controls), "x", 5)]
    problems: list[str] = []
    sound = render(events, {"x": chain}, seconds, RATE, problems=problems, master=False)
    assert problems == []
    return sound


def partials(sound: Audio, low: float = 50) -> list[float]:
    """The frequencies of the two strongest partials."""
    size = 1 << 17
    lines = np.abs(np.fft.rfft(sound[0, 500:15000] * np.hanning(14500), size))
    lines[: int(low * size / RATE)] = 0
    found: list[float] = []
    for _ in range(2):
        best = int(np.argmax(lines))
        found.append(best * RATE / size)
        lines[max(0, best - 150) : best + 150] = 0
    return found


@pytest.mark.parametrize("note", [36, 48, 55.5, 60, 61, 72, 90])
def test_every_note_sounds_at_its_pitch(piano: Path, note: float) -> None:
    """Also between the keys, and far from all that was recorded."""
    found = partials(played(sampler(piano), {"note": note, "velocity": 0.2}))
    assert found[0] == pytest.approx(hertz(note), rel=0.003)


def test_the_velocity_chooses_the_layer(piano: Path) -> None:
    """The hard one has its octave."""
    soft, hard = (played(sampler(piano), {"note": 60, "velocity": v}) for v in (0.4, 0.8))
    assert sorted(partials(hard)) == pytest.approx([hertz(60), hertz(72)], rel=0.003)

    def octave(sound: Audio) -> float:
        lines = np.abs(np.fft.rfft(sound[0, 500:15000] * np.hanning(14500), RATE))
        return float(lines[500:550].max() / lines[240:290].max())

    assert octave(soft) < 0.05
    assert octave(hard) > 0.8


def test_a_note_ends_with_its_event(piano: Path) -> None:
    """It fades within a fifth of a second, or as is asked for."""
    usual = played(sampler(piano), {"note": 60}, 0.2)
    assert np.abs(usual[:, 14_000:17_000]).max() > 0.005
    assert not usual[:, 19_500:].any()
    short = played(sampler(piano, release=0.05), {"note": 60}, 0.2)
    assert not short[:, 12_100:].any()
    said = played(sampler(piano, release=0.05), {"note": 60, "release": 0.1}, 0.2)
    assert np.abs(said[:, 12_100:13_000]).max() > 0.001
    assert not said[:, 14_500:].any()


def test_without_a_note_files_are_variants(piano: Path) -> None:
    """As they always were: `s` and `n`, sounding to their end."""
    sound = played(sampler(piano), {"s": "piano", "n": 2}, 0.1)
    assert partials(sound)[0] == pytest.approx(hertz(72), rel=0.003)
    assert np.abs(sound[:, 30_000:]).max() > 0.05


def test_names_can_be_ignored_and_all_moved(piano: Path) -> None:
    """`pitched="no"` takes the first file as it is at c2; `tune` moves every note."""
    plain = played(sampler(piano, pitched="no"), {"note": 36}, 0.1)
    assert sorted(partials(plain)) == pytest.approx([hertz(48), hertz(60)], rel=0.003)
    moved = played(sampler(piano, tune=-12), {"note": 72, "velocity": 0.2})
    assert partials(moved)[0] == pytest.approx(hertz(60), rel=0.003)


def test_the_musicians_folders_have_pitches_too(piano: Path) -> None:
    """`s("piano").note("c4")` on the kit, with the folder above in the settings."""
    rack = Rack(RATE, BLOCK, [piano.parent])
    rack.set_chains({0: sampler(piano.parent)})
    rack.begin(0, 1, {"s": "piano", "note": 60, "velocity": 0.2}, 0)
    sound = np.concatenate([rack.render_open() for _ in range(60)], axis=1)
    assert partials(sound)[0] == pytest.approx(hertz(60), rel=0.003)


def test_a_samplers_folder_is_looked_for_among_the_musicians(piano: Path) -> None:
    """`sampler("piano")` finds it there."""
    rack = Rack(RATE, BLOCK, [piano.parent])
    rack.set_chains({0: sampler("piano")})
    rack.begin(0, 1, {"note": 60}, 0)
    assert np.abs(rack.render_open()).max() > 0.001
    assert rack.problems == []


def test_a_folders_own_files_come_before_those_in_it(piano: Path) -> None:
    """A sampler of a folder that has both plays its own."""
    (piano / "Another").mkdir()
    write_wav(piano / "Another" / "x.wav", np.zeros((1, 100), np.float32), RATE)
    assert np.abs(played(sampler(piano), {"note": 60})).max() > 0.05
