"""`sempre train --net`: a net is trained beside the counts, and mixed with them as does best."""

from __future__ import annotations

import math
import os
from dataclasses import replace
from typing import TYPE_CHECKING

from patterns.models.nets import Shape
from patterns.models.netted import NettedFrames
from repl.errors import ReplError
from repl.net_lessons import lesson_of, reach
from repl.net_numpy import NumpyReckoner
from repl.net_torch import Course, library, trained
from repl.train import copied, fitted, losses, material

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from patterns.models.artifact import Learnt
    from patterns.models.chorales import Frames
    from patterns.models.scores import Score
    from repl.train import Training
    from repl.train_midi import Heard

PART = ".net-part"
"""What the file is called in which the state of a net that learns is kept, beside its model."""
SHARES = 20
"""Ways of mixing that are tried, beside the counts alone."""
POLITE = 10
"""How far training steps back from whatever plays."""


def with_net(
    learnt: Learnt, wanted: Training, heard: Sequence[Heard], course: Course, say: Callable[[str], object]
) -> Learnt:
    """Train a net of some pieces, and mix it with what was counted.

    It learns what is not held back; where the mixture is no better than the counts, these are left alone.

    Args:
        learnt: What was counted.
        wanted: What is to be learnt.
        heard: The pieces.
        course: How the net is trained.
        say: Is told how it goes.

    Raises:
        ReplError: torch is not installed, there are too few tunes, or the state cannot be written.
    """
    library()
    if hasattr(os, "nice"):
        os.nice(POLITE)
    voices = 1 if learnt.frames is None else learnt.frames.voices
    tops, many, split = material(heard, voices, wanted.seed)
    scores = tops if learnt.frames is None else many

    def chosen(numbers: Iterable[int]) -> list[Score]:
        return [score for number in numbers if (score := scores[number]) is not None]

    learns, tries, tests = chosen(split.train), chosen(split.valid), chosen(split.test)
    if not learns or not tries or not tests:
        raise ReplError("too few tunes for a net: some of them have to be held back, to try it")
    tried = fitted(learnt.card, tops, many, split.train, voices)
    counts = tried.frames or tried.line
    shape = Shape(voices, *reach(counts), course.hidden, course.width)
    say(f"the net learns {len(learns)} pieces, {sum(len(score.frames) for score in learns)} sixteenths")
    part = wanted.output.with_name(wanted.output.name + PART)
    lessons = [[lesson_of(shape, counts, score) for score in some] for some in (learns, tries)]
    net = trained(shape, lessons[0], lessons[1], course, part, say)
    reckoner = NumpyReckoner(net)
    share = best_share(NettedFrames(counts, reckoner, 1.0), counts, tries)
    figures = dict(learnt.card.figures)
    for name, model in (
        ("net", NettedFrames(counts, reckoner, 1.0)), ("mixed", NettedFrames(counts, reckoner, share)),
    ):  # fmt: skip
        found = losses(model, tests)
        figures |= {f"nll_test_{name}": found.pitch, f"nll_test_{name}_changes": found.changes}
        figures |= {f"nll_valid_{name}": losses(model, tries).pitch}
    note = f"the net has learnt {len(learns)} pieces and none of those held back; it counts {share:g} of 1"
    if not share:
        note = "a net was trained, and is left out: it makes nothing better"
        say(note)
    else:
        net = replace(net, share=share)
        learnt = learnt.with_net(net, reckoner)
        figures["copied"] = copied(learnt, wanted.seed)
    figures["net_share"] = share
    card = replace(
        learnt.card,
        figures={name: round(value, 4) for name, value in figures.items()},
        notes=(*learnt.card.notes, note),
    )
    return replace(learnt, card=card)


def best_share(net: NettedFrames, counts: Frames, tries: Iterable[Score]) -> float:
    """How much a net should count beside the counts: what makes pieces likeliest that neither has learnt."""
    pairs: list[tuple[float, float]] = []
    for score in tries:
        known = counts.walk(score)
        for (state, token), (plain, _) in zip(net.walk(score), known, strict=True):
            pairs.append((net.chance(state, token)[1], counts.chance(plain, token)[1]))

    def loss(share: float) -> float:
        return -sum(math.log(share * mine + (1 - share) * theirs) for mine, theirs in pairs)

    return min((number / SHARES for number in range(SHARES + 1)), key=loss)
