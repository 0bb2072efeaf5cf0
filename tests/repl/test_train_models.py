"""Models by name in a piece, the one that comes with Sempre, and what is found of copies of its corpus."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, cast

import pytest

from patterns.core import Pattern
from patterns.dice import Dice
from patterns.models.composing import compose
from patterns.models.copying import Copies
from patterns.models.scores import Note, line_of
from patterns.registry import namespace
from repl.errors import LoadError, ReplError
from repl.loader import load_piece
from repl.model_files import OURS, model, models_taken

N: dict[str, Any] = dict(namespace())
OWN = model("chorale")
PHRASE = 20


def corpus() -> list[list[Note]]:
    """The melodies of the model that comes along, beginning on c."""
    found: list[list[Note]] = []
    for _, flat in OWN.learnt.copies.rows():
        line = [Note(0, 4, 60)]
        for step, long in zip(flat[::2], flat[1::2], strict=True):
            last = line[-1]
            line.append(Note(last.end, last.end + long, last.pitch + step))
        found.append(line)
    return found


def phrases(count: int) -> list[list[Note]]:
    """Phrases from anywhere in the corpus, in other keys."""
    lines, dice = corpus(), Dice(1, 1)
    found: list[list[Note]] = []
    while len(found) < count:
        line = dice.choose(lines)
        if len(line) > PHRASE:
            at, by = dice.whole(len(line) - PHRASE), dice.whole(11) - 5
            found.append([note._replace(pitch=note.pitch + by) for note in line[at : at + PHRASE]])
    return found


def test_copies_are_found_in_every_key() -> None:
    """Fifty phrases of the corpus, transposed: all are found."""
    known = OWN.learnt.copies
    found = [known.check(phrase) for phrase in phrases(50)]
    assert all(one.is_copy and one.run == PHRASE - 1 and one.share == 1 for one in found)


def test_copies_with_a_tenth_of_their_notes_changed_are_found() -> None:
    """The same fifty, two notes of each moved by up to three semitones: all are found."""
    dice, known = Dice(2, 2), OWN.learnt.copies
    for phrase in phrases(50):
        edited = list(phrase)
        for at in (1 + dice.whole(9), 10 + dice.whole(9)):
            edited[at] = edited[at]._replace(pitch=edited[at].pitch + dice.choose([-3, -2, -1, 1, 2, 3]))
        assert known.check(edited).is_copy


def test_two_hundred_samples_pass() -> None:
    """Of what the model draws no sample is a copy, though nobody has looked for one yet."""
    for known, samples, frames in ((OWN.learnt.line, 200, 32), (OWN.learnt.frames, 50, 64)):
        assert known is not None
        for seed in range(samples):
            made, _ = compose(known, known.start(bool(seed % 2)), frames, Dice(seed, 0))
            melody = line_of([frame[0] for frame in made])
            assert len(melody) > 4
            assert not OWN.learnt.copies.check(melody).is_copy, melody


def test_a_note_left_out_or_put_in_hides_no_copy() -> None:
    """And a scale, which everybody plays, is none; a melody is as much a copy of itself in any index."""
    known = Copies()
    tune = corpus()[3]
    known.add("tune", tune)
    short = tune[:9] + tune[10:]
    assert known.check(short).is_copy
    more = [*tune[:9], tune[9], tune[9], *tune[10:]]
    assert known.check(more).is_copy
    scale = [Note(4 * i, 4 * i + 4, 60 + p) for i, p in enumerate((0, 2, 4, 5, 7, 9, 11, 12))]
    assert not OWN.learnt.copies.check(scale).is_copy
    assert known.check([]).run == 0


def chords(pattern: Pattern, cycles: int, seed: int) -> list[tuple[int, ...]]:
    """What sounds on each sixteenth where anything begins, from the highest."""
    haps = pattern.haps(0, cycles, seed=seed)
    onsets = sorted({hap.whole.begin for hap in haps if hap.whole})
    return [
        tuple(sorted(h.value["note"] for h in haps if h.whole and h.whole.begin <= at < h.whole.end)[::-1])
        for at in onsets
    ]


def parallels(found: Sequence[tuple[int, ...]]) -> float:
    """Parallel fifths and octaves in a hundred changes, counted by the book."""
    wrong = changes = 0
    for one, two in pairwise(found):
        if len(one) != 4 or len(two) != 4 or one == two:
            continue
        changes += 1
        wrong += sum(
            one[a] != two[a] and one[b] != two[b]
            and (one[a] - one[b]) % 12 == (two[a] - two[b]) % 12 and (two[a] - two[b]) % 12 in (0, 7)
            for a in range(4) for b in range(a + 1, 4)
        )  # fmt: skip
    return 100 * wrong / changes


def test_the_model_that_comes_along_sings_well() -> None:
    """Small, of our own making, in its key, and without parallels, which without rules it would have."""
    assert (OURS / "chorale.model").stat().st_size < 300_000
    assert "our own rules" in OWN.card.licences
    assert {"nll_test", "nll_test_changes", "copied"} <= OWN.card.figures.keys()
    player: Any = OWN
    kept = [chords(player.continue_(), 10, seed) for seed in range(2)]
    free = [chords(player.continue_(rules=()), 10, seed) for seed in range(2)]
    assert sum(map(parallels, kept)) / 2 < 1 < sum(map(parallels, free)) / 2
    pitches = [pitch % 12 for one in kept for chord in one for pitch in chord]
    assert sum(pitch in (0, 2, 4, 5, 7, 9, 11) for pitch in pitches) >= 0.98 * len(pitches)


def test_a_piece_finds_the_model_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside the piece first, then where Sempre was started; a recipe can name the file."""
    beside = tmp_path / "set"
    beside.mkdir()
    monkeypatch.chdir(tmp_path)
    shutil.copy(OURS / "chorale.model", beside / "mine.model")
    shutil.copy(OURS / "chorale.model", tmp_path / "other.model")
    text = 'voices = play(model("{}").continue_())'
    loaded = load_piece(text.format("mine"), "set/evening.py")
    assert loaded.layers["voices"].pattern.haps(0, 1)
    load_piece(text.format("other.model"), "set/evening.py")
    assert {beside / "mine.model", tmp_path / "other.model"} <= models_taken()
    with pytest.raises(LoadError, match=r"no model is called 'mind' .*did you mean 'mine'"):
        load_piece(text.format("mind"), "set/evening.py")
    (beside / "mine.model").write_bytes(b"something else")
    with pytest.raises(LoadError, match=r"mine.model is no model"):
        load_piece(text.format("mine"), "set/evening.py")


@pytest.mark.parametrize("name", [3, "", "a\0b", None])
def test_a_name_is_text(name: object) -> None:
    """As for every file."""
    with pytest.raises((TypeError, ReplError), match="model"):
        model(cast("str", name))


def test_the_card_is_shown() -> None:
    """At the prompt a model is its card."""
    said = repr(OWN)
    for word in ("chorale", "licences", "nll_test", OWN.learnt.digest):
        assert word in said
    kept = [OWN.card.split[part] for part in ("train", "valid", "test")]
    assert sum(kept) == OWN.card.pieces
    learnt, tried, tested = kept
    assert f"divided: {learnt} learnt while it was measured, {tried} to try, {tested} for the test" in said
    assert f"seed {OWN.card.seed}" in said
