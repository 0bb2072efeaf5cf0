"""Patterns on a host's timeline: what the plugin plays is what the pattern says at those beats."""

import ctypes
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import pytest

from bridge.bond_line import NAME, BondLine, Music
from bridge.bond_memory import SUFFIX, Bond
from bridge.controls import ControlTimeline
from bridge.layer import Layer
from bridge.place import Place
from bridge.targets import plugin
from bridge.trouble import Trouble
from patterns.core import Pattern
from patterns.registry import namespace
from patterns.tonality import note_number
from tests.daw_plugin.conftest import Host
from tests.daw_plugin.test_player import RATE, pairs

pytestmark = pytest.mark.plugin
WORDS = namespace()


def pattern(text: str) -> Pattern:
    """A pattern as a piece writes it."""
    found = eval(text, dict(WORDS))
    assert isinstance(found, Pattern)
    return found


class Studio:
    """An engine's line beside a host, in the host's own time: a turn of the line in each block.

    Args:
        host: Which runs the instance.
        folder: Where sessions and instances are.
    """

    def __init__(self, host: Host, folder: Path) -> None:
        self.host = host
        self.places: dict[str, Place] = {}
        self.solo: frozenset[str] = frozenset()
        self.controls = ControlTimeline()
        self.said: list[str] = []
        self.troubles: list[Trouble] = []
        self.turned: list[tuple[str, float]] = []
        self.line = BondLine(
            folder / "sempre" / NAME,
            lambda: Music(self.places, self.solo, self.controls, Fraction(4), 7, "set.py"),
            self.said.append,
            self.troubles.append,
            turned=lambda name, at: self.turned.append((name, at)),
        )
        self.beat, self.bpm, self.frame = 0.0, 120.0, 0

    def play(self, name: str, text: str, on: str = "Bass", quantum: int = 1) -> None:
        """Let a layer play a pattern from now on."""
        layer = Layer(pattern(text), plugin(on), quantum=Fraction(quantum))
        place = self.places.get(name)
        if place is None:
            place = self.places[name] = Place(name, [], Fraction(0), 7)
        place.versions = [*place.versions[-1:], (Fraction(0), layer)]

    def catch_up(self) -> None:
        """Let the line do all that there is to do where the host is."""
        while self.line.turn() == 0.0:
            pass

    def stand(self) -> None:
        """Let the host stand, and the line get ready for it."""
        self.line._next_look = 0.0  # pyright: ignore[reportPrivateUsage] - it looks each half second of true time
        self.host.run(self.beat, self.bpm, self.frame, 128, rolls=False)
        self.catch_up()

    def roll(self, beats: float, block: int = 256) -> None:
        """Let the host go on."""
        step = self.bpm / 60 / RATE
        left, begin, at = round(beats / step), self.beat, 0
        while left:
            frames = min(block, left)
            self.host.run(begin + at * step, self.bpm, self.frame, frames)
            self.catch_up()
            at, left, self.frame = at + frames, left - frames, self.frame + frames
        self.beat = begin + at * step

    def jump(self, beat: float) -> None:
        """Let the host be elsewhere."""
        self.beat, self.frame = beat, self.frame + 1_000_000


@pytest.fixture
def studio(host: Host, tmp_path: Path) -> Iterator[Studio]:
    """An engine and a host."""
    made = Studio(host, tmp_path)
    yield made
    made.line.stop()


def key_of(note: object) -> int:
    """A note as a key."""
    return round(note_number(note) if isinstance(note, str) else float(str(note)))


def wanted(text: str, begin: float, end: float, ran: int = 0) -> list[tuple[int, int]]:
    """Keys and frames that a pattern has between two beats of the host's."""
    haps = pattern(text).haps(Fraction(begin) / 4, Fraction(end) / 4)
    rows: list[tuple[int, int]] = []
    for hap in haps:
        if hap.whole is not None and hap.whole.begin == hap.part.begin:
            beat = float(hap.whole.begin * 4)
            rows.append((key_of(hap.value["note"]), ran + round((beat - begin) * 24_000)))
    return sorted(rows, key=lambda row: (row[1], row[0]))


def begun(host: Host) -> list[tuple[int, int]]:
    """Keys and frames that were heard."""
    return sorted(((key, begin) for key, begin, _ in pairs(host.heard)), key=lambda row: (row[1], row[0]))


def test_what_is_heard_is_the_pattern(studio: Studio) -> None:
    """Sixteen beats of a tune with holes, chords and its own speed."""
    tune = 'note("c2 <eb2 g2> [~ bb1] [c3,e3,g3]*2")'
    studio.play("piece:bass", tune)
    studio.stand()
    assert studio.host.bond.who().name == "Bass"
    assert any("is bound" in line for line in studio.said)
    studio.roll(16)
    studio.stand()
    assert begun(studio.host) == wanted(tune, 0, 16, 128)
    assert studio.host.bond.counts().late == studio.host.bond.counts().missing == 0
    assert not studio.troubles


def test_a_loop_and_jumps_are_the_pattern_where_they_are(studio: Studio) -> None:
    """Two bars eight times, then three places: each time what belongs there, from the first frame on."""
    tune = 'note("c2 d2 e2 f2 g2 a2 b2 c3").fast("<1 2 3>")'
    studio.play("piece:bass", tune)
    studio.stand()
    expected: list[tuple[int, int]] = []
    for first, beats in [*[(8.0, 8)] * 8, (40.0, 4), (3.5, 3), (100.25, 4)]:
        studio.jump(first)
        expected += wanted(tune, first, first + beats, studio.host.ran)
        studio.roll(beats)
    studio.stand()
    heard = begun(studio.host)
    # Where nobody had planned anything, what begins with the very first block comes with the second.
    late = [(key, at) for key, at in heard if (key, at) not in expected]
    assert len(late) == studio.host.bond.counts().late <= 4
    early = [(key, at - 256) for key, at in late]
    assert sorted([row for row in heard if row not in late] + early) == sorted(expected)


def test_a_changed_layer_holds_from_its_boundary(studio: Studio) -> None:
    """In the middle of a bar: the old one to its end, the new one from the next on; a loop has it, too."""
    studio.play("piece:bass", 'note("c2*8")')
    studio.stand()
    studio.roll(5.3)
    studio.play("piece:bass", 'note("e3*4")')
    studio.roll(6.7)
    studio.jump(4.0)
    studio.roll(4)
    studio.stand()
    shift = studio.host.ran - 128 - 4 * 24_000
    expected = wanted('note("c2*8")', 0, 8, 128) + wanted('note("e3*4")', 8, 12, 128 + 8 * 24_000)
    assert begun(studio.host) == expected + wanted('note("e3*4")', 4, 8, shift)


def test_mute_solo_and_other_layers(studio: Studio) -> None:
    """Two layers on one instance; what is muted or alone is heard so from the next beat on."""
    studio.play("piece:a", 'note("c2*4")')
    studio.play("piece:b", 'note("c5*4")')
    studio.play("piece:c", 'note("c7*4")', on="Drums")
    studio.stand()
    studio.roll(4)
    studio.places["piece:a"].muted = True
    studio.roll(4)
    studio.places["piece:a"].muted, studio.solo = False, frozenset({"piece:a"})
    studio.roll(4)
    studio.stand()
    keys = [key for key, _ in begun(studio.host)]
    assert set(keys) == {36, 72}
    by_bar = [
        [key for key, frame in begun(studio.host) if bar <= (frame - 128) / 96_000 < bar + 1]
        for bar in range(3)
    ]
    assert by_bar[0].count(36) == 4
    assert by_bar[1].count(36) <= 1
    assert by_bar[2].count(36) >= 3
    assert by_bar[2].count(72) <= 1


def test_chance_is_that_of_the_seed_each_time(studio: Studio) -> None:
    """Going through the same beats again gives the same notes."""
    tune = 'note("c2*16").sometimes(lambda x: x.note(12)).degrade_by(.3)'
    studio.play("piece:bass", tune)
    studio.stand()
    studio.roll(8)
    studio.stand()
    first = begun(studio.host)
    studio.jump(0.0)
    start = studio.host.ran
    studio.roll(8)
    studio.stand()
    again = [(key, frame - start + 128) for key, frame in begun(studio.host) if frame >= start]
    assert again == first
    assert 10 < len(first) < 32


def test_a_macro_of_the_host_is_told(studio: Studio) -> None:
    """By the name of its instance and its number."""
    studio.play("piece:bass", 'note("c2*4")')
    studio.stand()
    studio.roll(0.5)
    at = studio.host._library.bond_offset(b"macros")  # pyright: ignore[reportPrivateUsage] - as the host's automation writes it
    with studio.host.path.open("r+b") as file:
        file.seek(at + 8)
        file.write(bytes(ctypes.c_float(0.75)))
    studio.roll(0.5)
    assert ("Bass 3", 0.75) in studio.turned


def test_panic_is_silent_at_once(studio: Studio) -> None:
    """In the middle of a bar: what sounds ends, what was planned does not begin; what is played then does."""
    studio.play("piece:bass", 'note("c2*4").legato(4)')
    studio.stand()
    studio.roll(2.3)
    studio.line.panic()
    studio.places.clear()
    at = studio.host.ran
    studio.roll(1)
    assert studio.host.sounding == 0
    assert not [frame for frame, data in studio.host.heard if frame >= at and data[0] == 0x90]
    studio.play("piece:bass", 'note("e3*4")')
    studio.roll(4.7)
    studio.stand()
    assert [key for key, frame in begun(studio.host) if frame >= at] == [52] * 4


def test_a_second_instance_gets_the_next_name(library: ctypes.CDLL, studio: Studio, tmp_path: Path) -> None:
    """Each plays what is sent to it; names that the host's session has kept come first."""
    studio.play("piece:bass", 'note("c2*4")')
    studio.play("piece:drums", 'note("c5*4")', on="Drums")
    studio.stand()
    second = ctypes.c_void_p(library.instance_new())
    (more,) = set((tmp_path / "sempre" / NAME).glob(f"*{SUFFIX}")) - {studio.host.path}
    studio.stand()
    bond = Bond(more)
    assert bond.who().name == "Drums"
    bond.close()
    library.instance_delete(second)
    studio.stand()
    assert "plugin 'Drums' is gone" in studio.said


def test_what_cannot_be_said_is_told_once(studio: Studio) -> None:
    """A note out of range is left out and named; its neighbours play."""
    studio.play("piece:bass", 'note("c2 200 e2 g2")')
    studio.stand()
    studio.roll(8)
    studio.stand()
    assert len(begun(studio.host)) == 6
    assert sum("200" in line for line in studio.said) == 1


def test_an_engine_that_comes_back_goes_on(studio: Studio, tmp_path: Path) -> None:
    """Another engine plans on from where the first one fell: nothing is missing, nothing comes twice."""
    tune = 'note("c2 d2 e2 f2 g2 a2 b2 c3")'
    studio.play("piece:bass", tune)
    studio.stand()
    studio.roll(6.2)
    other = Studio(studio.host, tmp_path)
    other.places, other.beat, other.frame = studio.places, studio.beat, studio.frame
    other.roll(10)
    other.stand()
    assert begun(studio.host) == wanted(tune, 0, 16.2, 128)
