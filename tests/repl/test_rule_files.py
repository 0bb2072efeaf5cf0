"""Rule files: named by a piece, beside it or among those that come with Sempre, changed while it plays."""

from __future__ import annotations

import itertools
from fractions import Fraction
from pathlib import Path
from textwrap import dedent
from typing import TYPE_CHECKING, cast

import pytest

from patterns.carrying import states_at, take_over
from patterns.core import Pattern
from patterns.memory import Memory
from patterns.rules.composed import composed
from patterns.rules.declaring import Ruleset
from patterns.state import DEFAULT_FUEL, NO_CONTROLS, Walk
from patterns.ticks import TICKS
from repl.errors import LoadError
from repl.loader import Loaded, load_piece
from repl.own_modules import beside
from repl.rehearsal import rehearse
from repl.rule_files import rules, shipped_rules
from repl.session import place_name
from tests.patterns.rules_checked import UPWARDS, Line, chorale_faults, lines, names_of_chords, shipped
from tests.repl.test_following import Stage

if TYPE_CHECKING:
    from tests.repl.conftest import Desk

STEPS = """
# A line of steps.
line = ruleset([part("line", "c3", "c4", onsets=4)], [rule.leaps({leap}), rule.no_interval(0)], variety=5)
"""
PIECE = 'tune = rules("steps.py")\nlead = play(composed(tune))\n'


def load(place: Path, source: str, leap: int = 2, given: dict[str, str] | None = None) -> Loaded:
    """A piece beside a rule file."""
    (place / "steps.py").write_text(dedent(STEPS.format(leap=leap)))
    return load_piece(source, "a.py", beside("a.py", place, given))


def notes(pattern: Pattern, begin: int, end: int, memory: Memory | None = None) -> list[int]:
    """What a pattern plays in some cycles."""
    answer = pattern.answer(begin * TICKS, end * TICKS, fuel=10 * DEFAULT_FUEL, memory=memory)
    assert answer.problems == []
    return [cast("dict[str, int]", hap.value)["note"] for hap in answer.haps]


def test_a_file_beside_the_piece(tmp_path: Path) -> None:
    """It is a module of the piece: its text is kept with the edition, and it is called as its file."""
    loaded = load(tmp_path, PIECE)
    assert "steps.py" in loaded.modules.texts
    tune = loaded.names["tune"]
    assert isinstance(tune, Ruleset)
    assert tune.name == "steps"
    heard = notes(loaded.layers["lead"].pattern, 0, 4)
    assert len(heard) == 16
    assert all(0 < abs(two - one) <= 2 for one, two in itertools.pairwise(heard))


def test_asked_twice_it_is_the_same(tmp_path: Path) -> None:
    """So that parts on several layers, and several parts on one, belong together."""
    loaded = load(tmp_path, 'one = rules("steps.py")\nsame = rules("steps") is one\n')
    assert loaded.names["same"] is True


def test_a_file_that_comes_with_sempre(tmp_path: Path) -> None:
    """It is found where none of that name lies beside the piece; one that comes there goes first."""
    loaded = load(tmp_path, 'choir = rules("chorale.py")\n')
    assert cast("Ruleset", loaded.names["choir"]).name == "chorale"
    assert "chorale.py" in loaded.modules.sought
    (tmp_path / "chorale.py").write_text(STEPS.format(leap=5))
    assert len(cast("Ruleset", load(tmp_path, 'choir = rules("chorale.py")\n').names["choir"]).parts) == 1


def test_from_a_journal_it_has_the_text_of_then(tmp_path: Path) -> None:
    """Also where Sempre lay elsewhere when it was written."""
    for file in ("/elsewhere/examples/rules/chorale.py", "chorale.py"):
        given = {file: STEPS.format(leap=3)}
        loaded = load(tmp_path, 'choir = rules("chorale.py")\n', given=given)
        assert len(cast("Ruleset", loaded.names["choir"]).parts) == 1


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('rules("step.py")', "did you mean 'steps.py'"),
        ('rules("chorales.py")', "did you mean 'chorale.py'"),
        ('rules("zzzzzzzzz.py")', "with Sempre come"),
        ('rules("../steps.py")', "a file beside the piece"),
        ("rules(3)", "a file beside the piece"),
        ('rules("empty.py")', "declares none"),
        ('rules("two.py")', "several"),
        ('rules("two.py", "c")', "several"),
        ('rules("broken.py")', "ZeroDivisionError"),
        ("composed(3)", "composed wants rules"),
        ('composed(rules("steps.py"), "lin")', "did you mean line"),
    ],
)
def test_what_cannot_be_found_is_told(tmp_path: Path, source: str, said: str) -> None:
    """With what is there, or how it is written."""
    (tmp_path / "empty.py").write_text("x = 1\n")
    (tmp_path / "broken.py").write_text("x = 1 / 0\n")
    line = '{0} = ruleset([part("p")], [])\n'
    (tmp_path / "two.py").write_text(line.format("a") + line.format("b"))
    with pytest.raises(LoadError) as refusal:
        load(tmp_path, source)
    assert said in refusal.value.block


def test_one_of_several(tmp_path: Path) -> None:
    """By the name that it is bound to."""
    line = '{0} = ruleset([part("p")], [])\n'
    (tmp_path / "two.py").write_text(line.format("a") + line.format("b"))
    assert cast("Ruleset", load(tmp_path, 'r = rules("two.py", "b")\n').names["r"]).name == "two b"


def test_outside_of_a_piece_there_is_nothing_beside() -> None:
    """It says so."""
    with pytest.raises(TypeError, match="belongs into a piece"):
        rules("chorale.py")


def test_changed_in_the_middle_of_a_phrase_it_goes_on_from_the_last_bar(tmp_path: Path) -> None:
    """The first bar by new rules follows the last by the old ones as if it had always been so."""

    def walk(memory: Memory) -> Walk:
        return Walk(0.5, 0, NO_CONTROLS, "hash", 10 * DEFAULT_FUEL, memory)

    for boundary in (3, 5, 8):
        old = load(tmp_path, PIECE, leap=9).layers["lead"].pattern
        new = load(tmp_path, PIECE, leap=4).layers["lead"].pattern
        memory, fresh = Memory(), Memory()
        before = notes(old, 0, boundary, memory)
        held = states_at(old, boundary * TICKS, walk(memory))
        take_over(new, boundary * TICKS, held, walk(fresh))
        after = notes(new, boundary, boundary + 3, fresh)
        seam = [before[-1], *after]
        assert all(0 < abs(two - one) <= 4 for one, two in itertools.pairwise(seam)), boundary
        assert any(abs(two - one) > 4 for one, two in itertools.pairwise(before))


@pytest.mark.parametrize("file", list(shipped_rules()))
def test_every_file_that_comes_with_sempre_plays(file: str, tmp_path: Path) -> None:
    """Each of its rules, by the rehearsal of a save."""
    space = load_piece(shipped_rules()[file].read_text(), file, beside(file, tmp_path)).names
    names = [name for name, value in space.items() if isinstance(value, Ruleset)]
    assert names
    assert shipped_rules()[file].read_text().startswith("# ")
    source = "".join(f'p{k} = play(composed(rules("{file}", "{name}")))\n' for k, name in enumerate(names))
    loaded = load_piece(source, "a.py", beside("a.py", tmp_path))
    places = {place_name("a.py", name): layer for name, layer in loaded.layers.items()}
    rehearse(places, "a.py", source, cycle=0, cps=0.5, seed=0)


def test_any_part_of_a_composition_fits_the_others() -> None:
    """A part asked alone is that of all together."""
    loaded = load_piece('choir = rules("chorale.py")', "a.py")
    choir = cast("Ruleset", loaded.names["choir"])
    together = sorted(notes(composed(choir), 0, 2))
    alone = sorted(note for part in choir.parts for note in notes(composed(choir, part.name), 0, 2))
    assert together == alone


def test_saving_a_rule_file_reloads_the_piece_that_names_it(desk: Desk, tmp_path: Path) -> None:
    """As any module of its own; one that is broken is told, and the piece plays on by the rules before."""
    stage = Stage(desk, tmp_path)
    (tmp_path / "steps.py").write_text(STEPS.format(leap=5))
    stage.save(PIECE)
    stage.rehearse()
    assert stage.accepted == 1
    assert tmp_path / "steps.py" in stage.watched
    stage.save(STEPS.format(leap="nothing_of_the_kind"), "steps.py")
    stage.rehearse()
    assert stage.accepted == 1
    assert "steps.py" in stage.said[-1][0]
    stage.save(STEPS.format(leap=2), "steps.py")
    stage.rehearse()
    assert stage.accepted == 2


CHOIR = 'choir = rules("chorale.py")\n' + "".join(
    f'{one} = play(composed(choir, "{one}"))\n' for one in UPWARDS
)
HIGH, LOW = 'part("soprano", "c4", "g5"', 'part("soprano", "c4", "d5"'


def sung(desk: Desk, bars: int) -> dict[str, Line]:
    """What came to sound, layer by layer."""
    voices: dict[str, Line] = {one: [] for one in UPWARDS}
    for event in desk.recorder.events():
        begin = Fraction(desk.scheduler.tempo.cycle_at(event.at)).limit_denominator(64)
        pitch = cast("int", event.controls["note"])
        if begin < bars:
            voices[event.layer.partition(":")[2]].append((begin, begin + Fraction(1, 4), pitch))
    return {one: sorted(line) for one, line in voices.items()}


def highest(line: Line, begin: int) -> float:
    """The highest note from a bar on."""
    return max(pitch for at, _, pitch in line if at >= begin)


@pytest.mark.parametrize(("bar", "beat"), [(2, 0.7), (4, 2.5), (6, 3.9)])
def test_a_chorale_whose_rules_change_in_mid_phrase_has_no_fault(
    desk: Desk, tmp_path: Path, bar: int, beat: float
) -> None:
    """Four layers by the new rules from the next bar on, together, and led on from what had sounded."""
    text = shipped_rules()["chorale.py"].read_text()
    assert text.count(HIGH) == 1
    stage = Stage(desk, tmp_path)
    (tmp_path / "chorale.py").write_text(text)
    stage.save(CHOIR)
    stage.rehearse()
    desk.play(2 * bar + beat / 2)
    stage.save(text.replace(HIGH, LOW), "chorale.py")
    stage.rehearse()
    assert stage.accepted == 2
    desk.play(2 * (14 - bar))
    assert desk.troubles == []
    voices, former = sung(desk, 12), lines(shipped("chorale.py"), 12)
    for one in UPWARDS:
        assert [at for at, _, _ in voices[one]] == [Fraction(at, 4) for at in range(48)]
        assert voices[one][: 4 * (bar + 1)] == former[one][: 4 * (bar + 1)]
    assert voices != former
    assert chorale_faults(voices, names_of_chords(shipped("chorale.py"), 12)) == []
    assert highest(voices["soprano"], bar + 1) <= 74 < highest(former["soprano"], bar + 1)


@pytest.mark.parametrize("late", [False, True])
def test_rules_that_contradict_play_and_are_told(desk: Desk, tmp_path: Path, late: bool) -> None:
    """At the first save and in mid-phrase: a save is not refused for them, and all that is left is kept."""
    text = shipped_rules()["chorale.py"].read_text()
    up, down = (
        f"rule(lambda note: note.place.beat != 2 or note.leap {sign} 0, of='soprano')" for sign in "><"
    )
    wrong = text.replace("     the_close_is_whole],", f"     the_close_is_whole, {up}, {down}],")
    assert wrong != text
    stage = Stage(desk, tmp_path)
    (tmp_path / "chorale.py").write_text(text if late else wrong)
    stage.save(CHOIR)
    stage.rehearse()
    desk.play(7)
    if late:
        stage.save(wrong, "chorale.py")
        stage.rehearse()
    assert stage.accepted == 1 + late
    desk.play(13)
    voices = sung(desk, 9)
    assert chorale_faults(voices, names_of_chords(shipped("chorale.py"), 9)) == []
    assert len(voices["soprano"]) == 36
    rises = [
        voices["soprano"][at + 1][2] > voices["soprano"][at][2] for at in range(16 if late else 0, 36, 4)
    ]
    assert all(rises)
    said = {trouble.problem.message for trouble in desk.troubles}
    assert said == {"chorale: the rules 'a rule' and 'a rule' contradict one another; 'a rule' is left out"}


def test_why_after_a_change_tells_of_the_new_rules(desk: Desk, tmp_path: Path) -> None:
    """How the bar is by them alone, from the beginning of its phrase on."""
    text = shipped_rules()["chorale.py"].read_text()
    stage = Stage(desk, tmp_path)
    (tmp_path / "chorale.py").write_text(text)
    stage.save(CHOIR)
    stage.rehearse()
    desk.play(5)
    stage.save(text.replace(HIGH, LOW), "chorale.py")
    stage.rehearse()
    desk.play(10)
    choir = cast("Ruleset", desk.session.files["a.py"].names["choir"])
    assert choir.parts[1].high == 74
    told = choir.why(4)
    assert told.startswith("chorale, bar 4: bar 5 of 8 in its phrase")
    letters = ("c", "c#", "d", "eb", "e", "f", "f#", "g", "ab", "a", "bb", "b")
    for one, line in lines(choir, 5).items():
        found = [row.split(",")[0] for row in told.splitlines() if row.startswith(f"  {one} ")]
        pitches = [int(pitch) for at, _, pitch in line if at >= 4]
        assert found == [f"  {one} {letters[pitch % 12]}{pitch // 12 - 1}" for pitch in pitches]


def test_a_piece_called_as_the_rules_it_wants(tmp_path: Path) -> None:
    """`chorale.py` may play those that come with Sempre, in all its layers; nobody's rules are its own."""
    source = "".join(f'{one} = play(composed(rules("chorale.py"), "{one}"))\n' for one in ("soprano", "bass"))
    (tmp_path / "chorale.py").write_text(source)
    loaded = load_piece(source, "chorale.py", beside("chorale.py", tmp_path, None))
    assert len(notes(loaded.layers["soprano"].pattern, 0, 2)) == 8
    (tmp_path / "mine.py").write_text("")
    with pytest.raises(LoadError, match=r"mine\.py is this piece itself"):
        load_piece('tune = rules("mine.py")\n', "mine.py", beside("mine.py", tmp_path, None))
