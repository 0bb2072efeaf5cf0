"""What a model plays under the rules of a chorale, and whether copies of its corpus are found.

Usage: python tests/bench/bench_models.py [--frames N] [--samples N] [--phrases N] [--model FILE]

Times are processor time of one cycle after the one before it. The exit code is 1 when a checker that sees
only what sounds finds a parallel fifth or octave, when 99 of 100 cycles take more than 50 ms, when an edited
phrase of the corpus is not found, or when what the model plays by itself is taken for a copy. How often that
which it draws is one, before it has looked, is only said.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

import patterns.models
from patterns.dice import Dice
from patterns.memory import Memory
from patterns.models.artifact import read_learnt
from patterns.models.composing import compose, no_parallels
from patterns.models.playing import Improviser
from patterns.models.scores import HOLD, line_of
from patterns.ticks import TICKS
from tests.patterns.rules_checked import shipped
from tests.patterns.test_models_copying import EDITS, corpus, edited
from tests.patterns.test_models_masks import parallels, sixteenths
from tests.repl.parallels import parallels as counted

BUDGET = 0.050  # seconds for a cycle, 99 of 100
SHIPPED = Path(patterns.models.__file__).parent / "chorale.model"


def under_rules(player: Any, frames: int) -> bool:
    """Play by the rules of the chorale; says whether nothing is wrong."""
    cycles = -(-frames // 16)
    pattern, memory = player.continue_(rules=shipped("chorale.py")), Memory()
    chords: list[list[int]] = [[] for _ in range(16 * cycles)]
    times: list[float] = []
    told = 0
    for cycle in range(cycles):
        begun = time.process_time()
        answer = pattern.answer(cycle * TICKS, (cycle + 1) * TICKS, memory=memory)
        times.append(time.process_time() - begun)
        told += bool(answer.problems)
        for at, pitch in sixteenths(answer.haps):
            chords[at].append(pitch)
    found = parallels([sorted(chord, reverse=True) for chord in chords])
    times.sort()
    late = times[int(0.99 * len(times))]
    rests = sum(len(chord) < player.voices for chord in chords)
    print(f"{16 * cycles} frames by the rules of a chorale: {found} parallels, a voice rests in {rests},")
    print(f"  in {told} of {cycles} cycles not all could be kept by notes;", end=" ")
    print(f"a cycle {1000 * times[len(times) // 2]:.1f} ms, 99 of 100 within {1000 * late:.1f} ms")
    return not found and late <= BUDGET


def copies(player: Improviser, phrases: int) -> bool:
    """Find phrases of the corpus with a tenth of their notes edited; says whether all were found."""
    good = True
    for notes, changes in ((12, 1), (16, 1), (16, 2), (20, 2), (24, 3), (32, 3), (32, 4)):
        lines = [line for line in corpus(player) if len(line) >= notes]
        dice = Random(f"{notes} {changes}")
        found = 0
        for _ in range(phrases):
            line = dice.choice(lines)
            first, moved = dice.randrange(len(line) - notes + 1), dice.randrange(-6, 7)
            phrase = [note._replace(pitch=note.pitch + moved) for note in line[first : first + notes]]
            places, kinds = dice.sample(range(1, notes - 1), changes), dice.choices(EDITS, k=changes)
            made = edited(phrase, places, kinds, dice.choice((-3, -2, -1, 1, 2, 3)))
            found += player.learnt.copies.check(made).is_copy
        print(f"{notes} notes, {changes} edited, in other keys: {found} of {phrases} found")
        good = good and found == phrases
    return good


def own(player: Any, samples: int) -> bool:
    """Play four cycles, so many times; says whether none is taken for a copy."""
    found = sum(
        player.copied(player.continue_(key=("C", "A:minor")[seed % 2]).seed(seed)).is_copy
        for seed in range(samples)
    )
    print(f"of {samples} times four cycles that it plays {found} are taken for copies")
    model, bar = player.learnt.frames or player.learnt.line, player.learnt.bar
    made = [compose(model, model.start(bool(n % 2), bar), 4 * bar, Dice(n, 0))[0] for n in range(samples)]
    free = sum(player.learnt.copies.check(line_of([frame[0] for frame in one])).is_copy for one in made)
    print(f"of {samples} that it draws and does not look at, {free}")
    return not found


def by_one_rule(player: Any, frames: int) -> bool:
    """Count parallels without a rule, and with the one that forbids them; says whether there are none."""
    model = player.learnt.frames
    for name, rules in (("without a rule", ()), ("with the rule", (no_parallels,))):
        wrong = changes = 0
        for seed in range(-(-frames // 256)):
            made, _ = compose(
                model,
                model.start(bool(seed % 2)),
                min(256, frames - 256 * seed),
                Dice(seed, 1),
                begins=False,
                rules=rules,
            )
            wrong += counted(made)
            changes += sum(any(token != HOLD for token in frame) for frame in made)
        print(
            f"{name}: {wrong} parallels in {frames} frames, {100 * wrong / changes:.1f} in a hundred changes"
        )
    return not wrong


def main() -> int:
    """Measure, and say so."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--frames", type=int, default=10_000)
    parser.add_argument("--samples", type=int, default=200)
    parser.add_argument("--phrases", type=int, default=50)
    parser.add_argument("--model", type=Path, default=SHIPPED)
    given = parser.parse_args()
    player = Improviser(read_learnt(given.model.read_bytes(), given.model.name), given.model.stem)
    good = [copies(player, given.phrases), own(player, given.samples)]
    if player.voices == 4:
        good += [by_one_rule(player, given.frames), under_rules(player, given.frames)]
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
