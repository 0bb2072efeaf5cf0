"""Write the model that comes with Sempre: four voices that our own rules set, of which it learns to go on.

    python tools/make_model.py

writes `patterns/models/chorale.model`, always with the same bytes. No music of anybody is in it: chords
follow one another by a few habits of tonal harmony, and a search gives each to four voices so that they sing.
"""

from __future__ import annotations

import sys
from itertools import islice, pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from patterns.dice import Dice
from patterns.models.artifact import write_learnt
from patterns.models.scores import Note
from repl.train import Training, learn
from repl.train_midi import Heard

OUTPUT = Path(__file__).resolve().parents[1] / "patterns" / "models" / "chorale.model"
PIECES = 110
SEED = 2026
BEAM = 14
"""Ways to set a phrase that are followed at once."""

RANGES = ((60, 79), (55, 72), (48, 67), (41, 60))
"""The lowest and the highest note of soprano, alto, tenor and bass."""
FOLLOW = {
    0: {3: 4, 4: 4, 1: 3, 5: 3, 6: 1},
    1: {4: 6, 6: 1},
    2: {5: 3, 3: 2},
    3: {4: 4, 0: 3, 1: 2},
    4: {0: 6, 5: 2},
    5: {1: 4, 3: 3, 4: 1},
    6: {0: 1},
}
"""After the chord on a degree, counted from 0, the chord on which other degree how often."""
MAJOR = (0, 2, 4, 5, 7, 9, 11)
MINOR = (0, 2, 3, 5, 7, 8, 11)  # with the leading note: what goes down in minor is left to the passing notes

Chord = tuple[int, int]
"""The degree, and 1 where its third is in the bass."""
Setting = tuple[int, int, int, int]


def plan(dice: Dice, last: bool) -> list[Chord]:
    """The chords of a phrase of eight beats: it begins at home, and ends there or on the dominant."""
    end = [4, 0] if last or dice.random() < 0.5 else [dice.choose([0, 1, 3]), 4]
    found = [dice.weighted({0: 5, 5: 1, 3: 1})]
    while len(found) < 5:
        found.append(dice.weighted(FOLLOW[found[-1]]))
    ways = [3, 1, 0, 5]
    links = [w for w in ways if w != found[-1] and end[0] in FOLLOW[w]] or [0]
    found += [dice.choose(links), *end]
    return [(d, int(d != 0 and i < 6 and dice.random() < 0.25) if d != 6 else 1) for i, d in enumerate(found)]


def tones(chord: Chord, scale: tuple[int, ...]) -> tuple[int, int, int]:
    """Root, third and fifth of a chord, as pitch classes."""
    degree = chord[0]
    first, third, fifth = (scale[(degree + step) % 7] for step in (0, 2, 4))
    return first, third, fifth


def settings(chord: Chord, scale: tuple[int, ...], tonic: int) -> list[Setting]:
    """Every way to give a chord to four voices: in their ranges, not far apart, without a second third."""
    root, third, fifth = ((tone + tonic) % 12 for tone in tones(chord, scale))
    lead = (tonic + 11) % 12
    low = third if chord[1] else root
    found: list[Setting] = []
    places = [[p for p in range(a, b + 1) if p % 12 in (root, third, fifth)] for a, b in RANGES]
    for bass in (p for p in places[3] if p % 12 == low):
        for tenor in (p for p in places[2] if bass <= p <= bass + 19):
            for alto in (p for p in places[1] if tenor <= p <= tenor + 12):
                for soprano in (p for p in places[0] if alto <= p <= alto + 12):
                    classes = [p % 12 for p in (soprano, alto, tenor, bass)]
                    if third not in classes or classes.count(lead) > 1:
                        continue
                    if fifth not in classes and classes.count(root) < 3 and not chord[1]:
                        continue
                    if classes.count(third) > 1 and third != tonic % 12 and not chord[1]:
                        continue
                    found.append((soprano, alto, tenor, bass))
    return found


def strain(before: Setting, after: Setting, lead: int) -> float | None:
    """How badly one setting follows another; None where it must not."""
    found = 0.0
    for one in range(4):
        for two in range(one + 1, 4):
            was, now = before[one] - before[two], after[one] - after[two]
            moved = before[one] != after[one] and before[two] != after[two]
            if moved and was % 12 == now % 12 and now % 12 in (0, 7):
                return None
            if after[two] > before[one] or after[one] < before[two]:
                return None
    for voice in range(4):
        leap = after[voice] - before[voice]
        size = abs(leap)
        if size in (6, 10, 11) or size > 12 or (voice < 3 and size > 7):
            return None
        found += (0, 0, 0, 1, 1.5, 3, 9, 4, 6, 7, 9, 9, 5)[size] * (0.4 if voice == 3 else 1)
        if before[voice] % 12 == lead and voice in (0, 3) and leap not in (1, 0):
            return None
    return found + (2.0 if before[0] == after[0] else 0)


def voiced(
    chords: list[Chord], scale: tuple[int, ...], tonic: int, before: Setting | None, dice: Dice
) -> list[Setting]:
    """Set a phrase: the way of least strain among those that chance makes dear or cheap."""
    lead = (tonic + 11) % 12
    ways: list[tuple[float, list[Setting]]] = [(0.0, [before] if before else [])]
    for chord in chords:
        grown: list[tuple[float, list[Setting]]] = []
        every = settings(chord, scale, tonic)
        for cost, way in ways:
            for one in every:
                more = strain(way[-1], one, lead) if way else abs(one[0] - 70) / 3
                if more is not None:
                    grown.append((cost + more + 5 * dice.random(), [*way, one]))
        if not grown:
            return []
        grown.sort(key=lambda row: row[0])
        ways = grown[:BEAM]
    return ways[0][1][1:] if before else ways[0][1]


def sung(
    beats: list[tuple[Setting, int]], scale: tuple[int, ...], tonic: int, dice: Dice
) -> list[list[Note]]:
    """The notes of each voice: with passing and neighbouring notes, and what stays is now and then held."""
    lines: list[list[Note]] = [[], [], [], []]
    at = 0
    starts: list[int] = []
    for _, long in beats:
        starts.append(at)
        at += long
    inside = {(tone + tonic) % 12 for tone in scale}
    for voice, line in enumerate(lines):
        for index, (setting, long) in enumerate(beats):
            pitch, begin = setting[voice], starts[index]
            after = beats[index + 1][0][voice] if index + 1 < len(beats) else pitch
            if line and line[-1].pitch == pitch and begin % 16 and voice and dice.random() < 0.5:
                line[-1] = line[-1]._replace(end=begin + long)
                continue
            between = [p for p in range(min(pitch, after) + 1, max(pitch, after)) if p % 12 in inside]
            if long == 4 and len(between) == 1 and abs(after - pitch) in (3, 4) and dice.random() < 0.45:
                middle = between[0]
                if scale is MINOR and after < pitch:
                    middle = next((p for p in range(middle, after, -1) if (p - tonic) % 12 == 10), middle)
                line += [Note(begin, begin + 2, pitch), Note(begin + 2, begin + 4, middle)]
            else:
                line.append(Note(begin, begin + long, pitch))
    return lines


def piece(number: int) -> Heard | None:
    """One piece of four phrases; None where a phrase found no setting."""
    dice = Dice(SEED, number)
    scale = MINOR if dice.random() < 0.4 else MAJOR
    tonic = dice.choose([0, 2, 5, 7, 9, 10, 3])
    beats: list[tuple[Setting, int]] = []
    for phrase in range(4):
        chords = plan(dice, phrase == 3)
        # A phrase lasts two bars; its last chord is held for two beats, in place of the one before.
        del chords[dice.choose([2, 3, 4])]
        found = voiced(chords, scale, tonic, beats[-1][0] if beats else None, dice)
        if not found:
            return None
        beats += [(setting, 4) for setting in found[:-1]] + [(found[-1], 8)]
    lines = sung(beats, scale, tonic, dice)
    return Heard(f"piece {number:03}", "", tuple(tuple(line) for line in lines), ((0, 16),))


def parallels(heard: Heard) -> int:
    """How many parallel fifths and octaves the chords of the beats have."""
    score = heard.score(4)
    held = [0, 0, 0, 0]
    chords: list[tuple[int, ...]] = []
    for at, frame in enumerate(score.frames):
        held = [token if token >= 0 else was for token, was in zip(frame, held, strict=True)]
        if not at % 4:
            chords.append(tuple(held))
    return sum(
        before[a] != after[a] and before[b] != after[b]
        and (before[a] - before[b]) % 12 == (after[a] - after[b]) % 12
        and (after[a] - after[b]) % 12 in (0, 7)
        for before, after in pairwise(chords) for a in range(4) for b in range(a + 1, 4)
    )  # fmt: skip


def main() -> None:
    """Make the pieces, learn them, write the model."""
    found = (one for number in range(3 * PIECES) if (one := piece(number)) is not None)
    made = list(islice(found, PIECES))
    rights = "made by our own rules: no rights of others"
    wanted = Training("chorale", "pieces that tools/make_model.py makes", rights, [], OUTPUT, 4, SEED)
    learnt = learn(wanted, made, 4, print)
    OUTPUT.write_bytes(write_learnt(learnt))
    wrong = sum(parallels(one) for one in made)
    print(f"{len(made)} pieces, {wrong} parallels on beats, {OUTPUT.stat().st_size} bytes")
    for name, value in learnt.card.figures.items():
        print(f"  {name} {value:g}")


if __name__ == "__main__":
    main()
