"""`sempre train`: from a folder of music to a model with its card, taken up again where it was broken off."""

from __future__ import annotations

import json
import math
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from patterns.dice import Dice
from patterns.models.artifact import Learnt, read_learnt, write_learnt
from patterns.models.chorales import Frames
from patterns.models.composing import compose, no_parallels
from patterns.models.copying import Copies
from patterns.models.melodies import Melodies
from patterns.models.protocol import Card
from patterns.models.scores import FRAMES_IN_BEAT, HOLD, REST, Score, line_of
from repl.errors import ReplError
from repl.train_midi import Heard
from repl.train_split import Split, divide
from repl.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from repl.net_torch import Course

PART = ".part"
"""What the file is called in which a training keeps what it has read, beside its model."""
FEWEST_NOTES = 8
"""Notes that a piece must have."""
LARGE = 150_000
"""Counts beyond which what was met once only is left out: a third of the size, and 0.005 nats."""
SAMPLES = 40
"""Pieces of four bars that are drawn, to see how many are copies."""
MOST_VOICES = 8


class Source(NamedTuple):
    """One file of a corpus.

    Attributes:
        name: What it is called.
        path: Where it is.
        hear: Reads it.
    """

    name: str
    path: Path
    hear: Callable[[Path, str], Heard]


@dataclass(frozen=True, slots=True)
class Training:
    """What is to be learnt.

    Args:
        name: Of the model.
        corpus: What the card says of where the music is from.
        licences: What the card says of its rights.
        sources: The files.
        output: The file of the model.
        voices: How many it has; as most pieces, if 0.
        seed: Of the split.
        course: How a net is trained as well; None for none.
    """

    name: str
    corpus: str
    licences: str
    sources: Sequence[Source]
    output: Path
    voices: int = 0
    seed: int = 0
    course: Course | None = None


def train(wanted: Training, say: Callable[[str], object]) -> Learnt:
    """Read the corpus, measure, learn, and write the model.

    Args:
        wanted: What is to be learnt.
        say: Is told how it goes.

    Raises:
        ReplError: There is nothing to learn, or the model cannot be written.
    """
    part = wanted.output.with_name(wanted.output.name + PART)
    heard = list(_read(wanted, part, say))
    known = [one for one in heard if sum(map(len, one.lines)) >= FEWEST_NOTES]
    if not known:
        raise ReplError(f"there is nothing to learn in {wanted.corpus}: see above for each file")
    voices = wanted.voices or _voices_of(known)
    say(f"{len(known)} of {len(heard)} files are learnt, in {voices} voices")
    learnt = learn(wanted, known, voices, say)
    data = _written(learnt, wanted.output)
    if wanted.course is not None:
        from repl.train_net import PART as NET_PART
        from repl.train_net import with_net

        say(f"{wanted.output} plays by what was counted, until the net is trained")
        data = _written(with_net(learnt, wanted, known, wanted.course, say), wanted.output)
        wanted.output.with_name(wanted.output.name + NET_PART).unlink(missing_ok=True)
    part.unlink(missing_ok=True)
    return read_learnt(data, wanted.output.name)


def _written(learnt: Learnt, output: Path) -> bytes:
    """Write a model, whole or not at all."""
    data = write_learnt(learnt)
    fresh = output.with_name(output.name + ".new")
    try:
        fresh.write_bytes(data)
        fresh.replace(output)
    except OSError as error:
        raise ReplError(f"cannot write {output}: {error.strerror or error}") from None
    return data


def _read(wanted: Training, part: Path, say: Callable[[str], object]) -> Iterable[Heard]:
    """Read each file, or take what was read before it was broken off."""
    before = _before(part)
    if before:
        say(f"goes on where it was broken off: {len(before)} files are read")
    try:
        with part.open("a", encoding="utf-8") as notes:
            for number, source in enumerate(wanted.sources, 1):
                known = before.get(source.name)
                if known is None or known.digest != _digest(source.path):
                    known = source.hear(source.path, source.name)
                    notes.write(json.dumps(known.to_json()) + "\n")
                    notes.flush()
                for remark in known.remarks:
                    say(f"{source.name}: {remark}")
                if not number % 50:
                    say(f"{number} of {len(wanted.sources)} files")
                yield known
    except OSError as error:
        raise ReplError(f"cannot write {part}: {error.strerror or error}") from None


def _before(part: Path) -> Mapping[str, Heard]:
    """What a training that was broken off has read; its last line may be half a line."""
    found: dict[str, Heard] = {}
    try:
        text = part.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return found
    for line in text.splitlines():
        try:
            one = Heard.from_json(json.loads(line))
        except (ValueError, KeyError, TypeError):
            continue
        found[one.name] = one
    if text and not text.endswith("\n"):
        with part.open("a", encoding="utf-8") as notes:
            notes.write("\n")
    return found


def _digest(path: Path) -> str:
    import hashlib

    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _voices_of(heard: Sequence[Heard]) -> int:
    """As many voices as most pieces have."""
    counts = Counter(min(max(1, one.many), MOST_VOICES) for one in heard)
    return min(counts, key=lambda many: (-counts[many], -many))


def learn(wanted: Training, heard: Sequence[Heard], voices: int, say: Callable[[str], object]) -> Learnt:
    """Measure what can be learnt of some pieces, and learn all of them."""
    tops, many, split = material(heard, voices, wanted.seed)
    for one, score in zip(heard, many, strict=True):
        if voices > 1 and score is None:
            say(f"{one.name}: {one.many} voices, not {voices}: only its melody is learnt")
    first = Card(wanted.name)
    figures: dict[str, float] = {}
    notes: list[str] = []
    if split.test:
        say(
            f"measuring: {len(split.train)} pieces are learnt, {len(split.valid) + len(split.test)} held back"
        )
        tried = fitted(first, tops, many, split.train, voices)
        figures = _figures(tried, tops, many, split)
        notes = ["the figures are of the learnt part alone; the model has then learnt the rest as well"]
    else:
        notes = ["too few tunes to keep some for a test"]
    whole = fitted(first, tops, many, range(len(tops)), voices)
    figures["copied"] = copied(whole, wanted.seed)
    if voices > 1:
        figures["corpus_parallels"] = parallels(score for score in many if score is not None)
    sizes = {"train": len(split.train), "valid": len(split.valid), "test": len(split.test)}
    card = Card(
        wanted.name,
        wanted.corpus,
        wanted.licences,
        len(tops),
        sizes,
        {name: round(value, 4) for name, value in figures.items()},
        wanted.seed,
        f"sempre {VERSION}",
        tuple(notes),
    )
    size = whole.melodies.size + whole.line.size + (whole.frames.size if whole.frames else 0)
    least = 2 if size > LARGE else 1
    frames = whole.frames.with_card(card, least) if whole.frames else None
    return replace(
        whole,
        card=card,
        frames=frames,
        line=whole.line.with_card(card),
        melodies=whole.melodies.with_card(card),
    )


class Material(NamedTuple):
    """Pieces as they are learnt.

    Attributes:
        tops: Their highest lines.
        many: The same pieces in all voices; None for one that has others.
        split: What is learnt, and what is held back.
    """

    tops: list[Score]
    many: list[Score | None]
    split: Split


def material(heard: Sequence[Heard], voices: int, seed: int) -> Material:
    """What is learnt of some pieces, in so many voices."""
    tops = [one.top() for one in heard]
    many = [one.score(voices) if voices > 1 and _fits(one, voices) else None for one in heard]
    return Material(tops, many, divide(tops, seed))


def _fits(one: Heard, voices: int) -> bool:
    """Whether a piece is in so many voices: a dozen of an orchestra, put together, are no model for four."""
    return len(one.lines) == voices or (len(one.lines) == 1 and one.many >= voices)


def fitted(
    card: Card, tops: Sequence[Score], many: Sequence[Score | None], which: Iterable[int], voices: int
) -> Learnt:
    """Learn some of the pieces."""
    numbers = list(which)
    chosen = [score for number in numbers if (score := many[number]) is not None]
    frames = Frames(voices, card) if chosen else None
    if frames is not None:
        frames.fit(chosen)
    line, melodies, copies = Frames(1, card), Melodies(card), Copies()
    line.fit(tops[number] for number in numbers)
    melodies.fit(tops[number] for number in numbers)
    for number in numbers:
        copies.add(tops[number].name, tops[number].line())
    bars = Counter(long for number in numbers for long, _ in tops[number].bars)
    bar = min(bars, key=lambda long: (-bars[long], long))
    return Learnt(card, frames, line, melodies, copies, bar)


def _figures(
    tried: Learnt, tops: Sequence[Score], many: Sequence[Score | None], split: Split
) -> dict[str, float]:
    """What the model says of pieces that it has not learnt, in nats, and how many of them it calls copies."""
    found: dict[str, float] = {}
    for name, numbers in (("valid", split.valid), ("test", split.test)):
        scores = [score for number in numbers if (score := many[number]) is not None]
        model = tried.frames if tried.frames is not None and scores else tried.line
        nll = losses(model, scores if model is tried.frames else [tops[number] for number in numbers])
        found |= {
            f"nll_{name}": nll.pitch,
            f"nll_{name}_changes": nll.changes,
            f"nll_{name}_struck": nll.token,
        }
    alike = [tried.copies.check(tops[number].line()).is_copy for number in split.test]
    return found | {"test_in_corpus": sum(alike) / len(alike)}


class Losses(NamedTuple):
    """Negative logarithms of what was likely, in nats, the mean over voices and sixteenths.

    Attributes:
        pitch: Of what sounds, whether held or struck again, as the literature counts.
        changes: The same, only where the pitch changes: a note that is held flatters every model.
        token: Of what sounds and whether it is struck.
    """

    pitch: float
    changes: float
    token: float


def losses(model: Frames, scores: Iterable[Score]) -> Losses:
    """Measure a model by some pieces."""
    pitch = token = changes = 0.0
    count = changed = 0
    for score in scores:
        for state, value in model.walk(score):
            exact, sounding = model.chance(state, value)
            pitch -= math.log(sounding)
            token -= math.log(exact)
            count += 1
            if value >= 0 and value != state.held[len(state.now)]:
                changes -= math.log(sounding)
                changed += 1
    return Losses(pitch / max(1, count), changes / max(1, changed), token / max(1, count))


def parallels(scores: Iterable[Score]) -> float:
    """Count parallel fifths and octaves of a corpus, from beat to beat, in a hundred changes."""
    found = changes = 0
    for score in scores:
        held = (REST,) * score.voices
        before = held
        for frame, (_, at) in zip(score.frames, score.bars, strict=True):
            held = tuple(was if token == HOLD else token for token, was in zip(frame, held, strict=True))
            if at % FRAMES_IN_BEAT or held == before:
                continue
            one = tuple(None if pitch < 0 else pitch for pitch in before)
            two = tuple(None if pitch < 0 else pitch for pitch in held)
            found += sum(not no_parallels(two[: voice + 1], one) for voice in range(1, score.voices))
            changes += 1
            before = held
    return 100 * found / max(1, changes)


def copied(learnt: Learnt, seed: int) -> float:
    """The part of what the model makes by itself that is a copy; when it plays, such bars are drawn again."""
    model = learnt.frames or learnt.line
    copies = 0
    for number in range(SAMPLES):
        made, _ = compose(
            model, model.start(bool(number % 2), learnt.bar), 4 * learnt.bar, Dice(seed, number)
        )
        copies += learnt.copies.check(line_of([frame[0] for frame in made])).is_copy
    return copies / SAMPLES
