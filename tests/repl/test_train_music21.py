"""Scores of music21, by a stand-in with the objects that are used of it: ties, upbeats, metres, bad files."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType

import pytest

from patterns.models.artifact import read_learnt
from patterns.models.scores import Note
from repl.cli import main
from repl.errors import ReplError
from repl.train_music21 import hear_score, score_files


@dataclass(frozen=True)
class Duration:
    """As music21's: in quarters."""

    quarterLength: float  # noqa: N815 - music21's name


@dataclass(frozen=True)
class Pitch:
    """As music21's."""

    midi: int


@dataclass(frozen=True)
class Sound:
    """A note, or a chord with its pitches from below."""

    offset: float
    duration: Duration
    pitches: tuple[Pitch, ...]
    tie: str = ""


@dataclass(frozen=True)
class TimeSignature:
    """A metre."""

    offset: float
    numerator: int
    denominator: int


@dataclass(frozen=True)
class Measure:
    """A bar; what is in it counts from its beginning."""

    offset: float
    duration: Duration
    inside: tuple[Sound | TimeSignature, ...]


@dataclass(frozen=True)
class Stream:
    """A part with its bars, or what is in them one after the other once it is flat."""

    inside: tuple[Measure | Sound | TimeSignature, ...]

    def flatten(self) -> Stream:
        """Without bars: offsets count from the beginning of the part."""
        bars = [bar for bar in self.inside if isinstance(bar, Measure)]
        return Stream(
            tuple(replace(one, offset=bar.offset + one.offset) for bar in bars for one in bar.inside)
        )

    def stripTies(self) -> Stream:  # noqa: N802 - music21's name
        """Tied notes become one that is as long as all of them."""
        found: list[Measure | Sound | TimeSignature] = []
        for one in self.inside:
            last = found[-1] if found else None
            if isinstance(one, Sound) and isinstance(last, Sound) and one.tie in ("continue", "stop"):
                long = last.duration.quarterLength + one.duration.quarterLength
                found[-1] = replace(last, duration=Duration(long))
            else:
                found.append(one)
        return Stream(tuple(found))

    @property
    def notes(self) -> list[Sound]:
        """Notes and chords, no rests."""
        return [one for one in self.inside if isinstance(one, Sound)]

    def getElementsByClass(self, name: str) -> list[Measure | Sound | TimeSignature]:  # noqa: N802 - music21's name
        """Those of one class, at this level."""
        return [one for one in self.inside if type(one).__name__ == name]


@dataclass
class Score:
    """As music21's."""

    parts: list[Stream] = field(default_factory=list[Stream])


class Music21Exception(Exception):
    """Of the library."""


def sound(offset: float, long: float, *midi: int, tie: str = "") -> Sound:
    """A note or a chord."""
    return Sound(offset, Duration(long), tuple(map(Pitch, midi)), tie)


def bar(offset: float, long: float, *inside: Sound | TimeSignature) -> Measure:
    """A bar."""
    return Measure(offset, Duration(long), inside)


UPPER = Stream(
    (
        bar(0, 1, TimeSignature(0, 3, 4), sound(0, 1, 72)),
        bar(1, 3, sound(0, 2, 74), sound(2, 1, 76, tie="start")),
        bar(4, 3, sound(0, 1, 76, tie="stop"), sound(1, 0, 77), sound(1, 2, 60, 79)),
        bar(7, 4, TimeSignature(0, 4, 4), sound(0, 4, 77)),
    )
)
LOWER = Stream(
    (bar(0, 1), bar(1, 3, sound(0, 3, 48)), bar(4, 3, sound(1, 2, 50)), bar(7, 4, sound(0, 4, 53)))
)


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Score | Exception]:
    """Stands in for music21; what its files say goes into the dict that this gives."""
    files: dict[str, Score | Exception] = {}

    def parse(path: str) -> Score:
        found = files[Path(path).name]
        if isinstance(found, Exception):
            raise found
        return found

    def composed_by(name: str) -> list[Path]:
        return [] if name != "me" else sorted(tmp_path.glob("*.*"), reverse=True)

    made = {name: ModuleType(f"music21.{name}") for name in ("corpus", "converter", "exceptions21")}
    vars(made["corpus"])["getComposer"] = composed_by
    vars(made["converter"])["parse"] = parse
    vars(made["exceptions21"])["Music21Exception"] = Music21Exception
    monkeypatch.setitem(sys.modules, "music21", ModuleType("music21"))
    for name, module in made.items():
        monkeypatch.setitem(sys.modules, f"music21.{name}", module)
    for name in ("a.xml", "b.mxl", "c.krn", "analysis.rntxt"):
        (tmp_path / name).write_text(name)
    files |= {
        "a.xml": Score([UPPER, LOWER]),
        "b.mxl": Music21Exception("no such clef"),
        "c.krn": Score([Stream((bar(0, 4, TimeSignature(0, 4, 4)),))]),
    }
    return files


@pytest.mark.usefixtures("library")
def test_a_score_is_heard_as_it_is_written(tmp_path: Path) -> None:
    """A tied note is one, of a chord the highest counts, a grace note lasts a sixteenth."""
    heard = hear_score(tmp_path / "a.xml", "a.xml")
    assert heard.remarks == ()
    assert heard.lines[0] == (
        Note(0, 4, 72), Note(4, 12, 74), Note(12, 20, 76),
        Note(20, 21, 77), Note(20, 28, 79), Note(28, 44, 77),
    )  # fmt: skip
    assert heard.lines[1] == (Note(4, 16, 48), Note(20, 28, 50), Note(28, 44, 53))
    assert heard.changes == ((0, 12), (28, 16))
    assert heard.upbeat == 4
    bars = heard.score(2).bars
    assert (bars[0], bars[3], bars[4], bars[16]) == ((12, 8), (12, 11), (12, 0), (12, 0))
    assert (bars[27], bars[28], bars[43]) == ((12, 11), (16, 0), (16, 15))


@pytest.mark.usefixtures("library")
def test_what_music21_cannot_read_is_said(tmp_path: Path) -> None:
    """And so is what has no notes."""
    assert hear_score(tmp_path / "b.mxl", "b.mxl").remarks == ("music21 cannot read it (no such clef)",)
    silent = hear_score(tmp_path / "c.krn", "c.krn")
    assert silent.remarks == ("no notes: nothing to learn",)
    assert silent.lines == ()


@pytest.mark.usefixtures("library")
def test_scores_are_found_in_order_and_analyses_left_out(tmp_path: Path) -> None:
    """Whatever order the library has them in."""
    assert score_files("me") == [tmp_path / name for name in ("a.xml", "b.mxl", "c.krn")]
    with pytest.raises(ReplError, match="nothing by 'nobody'"):
        score_files("nobody")


def test_a_composer_is_learnt(
    library: dict[str, Score | Exception], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the command, which says what it could not read; the card says whose rights are in it."""
    library["c.krn"] = Score([UPPER, LOWER])
    output = tmp_path / "out" / "me.model"
    output.parent.mkdir()
    assert main(["train", "--corpus", "music21:me", "-o", str(output)]) == 0
    assert "b.mxl: music21 cannot read it" in "".join(capsys.readouterr())
    card = read_learnt(output.read_bytes(), "me").card
    assert (card.corpus, card.pieces) == ("music21:me", 2)
    assert "music21" in card.licences
