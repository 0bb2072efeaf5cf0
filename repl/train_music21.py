"""Scores that come with music21, where the musician has installed it, as material for training."""

from __future__ import annotations

import hashlib
import importlib
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from patterns.models.scores import Note
from repl.errors import ReplError
from repl.train_midi import Heard

if TYPE_CHECKING:
    from collections.abc import Sequence

PREFIX = "music21:"
SCORES = frozenset({".mxl", ".xml", ".musicxml", ".krn", ".abc"})
RIGHTS = "as the files in music21's corpus say; some are not free for commercial use, so keep it to yourself"


def score_files(composer: str) -> list[Path]:
    """The files of a composer in the installed corpus, in order.

    Raises:
        ReplError: music21 is not installed, or there is nothing of that name.
    """
    try:
        corpus: Any = importlib.import_module("music21.corpus")
    except ImportError:
        raise ReplError(
            "music21 is not installed where Sempre runs: pip install music21, or name a folder of MIDI files"
        ) from None
    found: Sequence[Any] = corpus.getComposer(composer)
    if not found:
        raise ReplError(
            f"music21's corpus has nothing by {composer!r}; there is bach, palestrina, monteverdi"
        )
    # The rest are analyses: chords without their voices.
    return sorted(path for path in map(Path, map(str, found)) if path.suffix in SCORES)


def hear_score(path: Path, name: str) -> Heard:
    """Read a score by music21; whatever is wrong with it becomes a remark.

    Args:
        path: The file.
        name: What it is called in messages.
    """
    converter: Any = importlib.import_module("music21.converter")
    exceptions: Any = importlib.import_module("music21.exceptions21")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            parts: list[Any] = list(converter.parse(str(path)).parts)
            lines = [line for line in map(_line, parts) if line]
            changes, upbeat = _metre(parts) if parts else ((), 0)
    except (
        exceptions.Music21Exception,
        ValueError,
        KeyError,
        IndexError,
        AttributeError,
        TypeError,
    ) as error:
        return Heard(name, digest, remarks=(f"music21 cannot read it ({error})",))
    remarks = () if lines else ("no notes: nothing to learn",)
    return Heard(name, digest, tuple(lines), changes, upbeat, remarks)


def _line(part: Any) -> tuple[Note, ...]:
    found: list[Note] = []
    for one in part.flatten().stripTies().notes:
        begin = round(float(one.offset) * 4)
        end = max(begin + 1, round(float(one.offset + one.duration.quarterLength) * 4))
        found += [Note(begin, end, int(pitch.midi)) for pitch in one.pitches[-1:]]
    return tuple(sorted(found))


def _metre(parts: Sequence[Any]) -> tuple[tuple[tuple[int, int], ...], int]:
    """The bars, and how long the upbeat is."""
    signatures = parts[0].flatten().getElementsByClass("TimeSignature")
    changes = tuple(
        (round(float(one.offset) * 4), max(1, round(16 * one.numerator / one.denominator)))
        for one in signatures
    ) or ((0, 16),)
    first = next(iter(parts[0].getElementsByClass("Measure")), None)
    upbeat = 0 if first is None else round(float(first.duration.quarterLength) * 4)
    return changes, upbeat % changes[0][1]
