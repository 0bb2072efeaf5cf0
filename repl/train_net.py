"""`sempre train --net`: a net is trained beside the counts, and mixed with them as does best."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from patterns.models.nets import Shape
from patterns.models.netted import NettedFrames
from repl.errors import ReplError
from repl.net_lessons import lesson_of, reach
from repl.net_numpy import NumpyReckoner
from repl.net_torch import Course, library, trained
from repl.train import copied, fitted, material

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from patterns.models.artifact import Learnt
    from patterns.models.scores import Score
    from repl.train import Training
    from repl.train_midi import Heard

PART = ".net-part"
"""What the file is called in which the state of a net that learns is kept, beside its model."""
SHARES = 20
"""Ways of mixing that are tried, beside the counts alone."""


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
    alone = NettedFrames(counts, reckoner, 1.0)
    known, held = guesses(alone, tries), guesses(alone, tests)
    share = min((number / SHARES for number in range(SHARES + 1)), key=lambda one: loss(known, one))
    figures = dict(learnt.card.figures)
    for name, each in (("net", 1.0), ("mixed", share)):
        figures |= {f"nll_valid_{name}": loss(known, each), f"nll_test_{name}": loss(held, each)}
        figures[f"nll_test_{name}_changes"] = loss([guess for guess in held if guess.new], each)
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


class Guess(NamedTuple):
    """How likely what sounds was thought.

    Attributes:
        net: By the net.
        counts: By what was counted.
        new: Whether it is another pitch than before.
    """

    net: float
    counts: float
    new: bool


def guesses(net: NettedFrames, scores: Iterable[Score]) -> list[Guess]:
    """What a net, and the counts that it has beside it, think of each voice and sixteenth of some pieces."""
    return [
        Guess(
            net.chance(state, token)[1],
            net.counts.chance(state, token)[1],
            token >= 0 and token != state.held[len(state.now)],
        )
        for score in scores
        for state, token in net.walk(score)
    ]


def loss(among: Sequence[Guess], share: float) -> float:
    """The mean of -ln(how likely the two together think it), where the net counts so much."""
    total = sum(math.log(share * guess.net + (1 - share) * guess.counts) for guess in among)
    return -total / max(1, len(among))
