"""A learnt model as a file: a card that everybody can read, and what was learnt, with its digest."""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import dataclass
from typing import Any, cast

from patterns.errors import PatternError
from patterns.models.chorales import Frames
from patterns.models.copying import Copies
from patterns.models.melodies import Melodies
from patterns.models.protocol import Card

__all__ = ["SUFFIX", "Learnt", "read_learnt", "write_learnt"]

SUFFIX = ".model"
"""How a file with a model ends."""
FORMAT = 1
MOST_BYTES = 512 * 2**20  # unpacked: a file of zeros would fill the memory


@dataclass(frozen=True, slots=True, eq=False)
class Learnt:
    """All that one training gives.

    Args:
        card: What it was made of.
        frames: The model of voices that move together; None where no piece had more than one voice.
        line: The same of the highest voice alone.
        melodies: The model of single lines, note by note.
        copies: The melodies of the corpus, for finding copies of them.
        bar: Frames of the commonest bar.
        digest: SHA-256 of what was learnt.
    """

    card: Card
    frames: Frames | None
    line: Frames
    melodies: Melodies
    copies: Copies
    bar: int
    digest: str = ""


def write_learnt(learnt: Learnt) -> bytes:
    """The bytes of the file: the same model always gives the same digest.

    A line of JSON with the card, then the counts, packed.
    """
    body = json.dumps(
        {
            "bar": learnt.bar,
            "frames": None if learnt.frames is None else learnt.frames.to_json(),
            "line": learnt.line.to_json(),
            "melodies": learnt.melodies.to_json(),
            "copies": learnt.copies.rows(),
        },
        separators=(",", ":"),
        ensure_ascii=False,
    ).encode()
    head = {"model": FORMAT, "sha256": hashlib.sha256(body).hexdigest(), "card": learnt.card.to_json()}
    return json.dumps(head, ensure_ascii=False).encode() + b"\n" + zlib.compress(body, 9)


def read_learnt(data: bytes, name: str) -> Learnt:
    """Read what `write_learnt` wrote.

    Args:
        data: The bytes of the file.
        name: Of the file, for messages.

    Raises:
        PatternError: It is no model, one of a later version, or damaged.
    """
    line, _, packed = data.partition(b"\n")
    try:
        head = cast("dict[str, Any]", json.loads(line))
        version, digest, card = head["model"], head["sha256"], Card.from_json(head["card"])
    except (ValueError, KeyError, TypeError):
        raise PatternError(f"{name} is no model: sempre train makes one") from None
    if version != FORMAT:
        raise PatternError(f"{name} was made by another version of Sempre: train it again")
    unpacker = zlib.decompressobj()
    try:
        body = unpacker.decompress(packed, MOST_BYTES)
    except zlib.error:
        body = b""
    if hashlib.sha256(body).hexdigest() != digest:
        raise PatternError(f"{name} is damaged: its content is not what its first line says")
    table = cast("dict[str, Any]", json.loads(body))
    frames = None if table["frames"] is None else Frames.from_json(table["frames"], card)
    return Learnt(
        card,
        frames,
        Frames.from_json(table["line"], card),
        Melodies.from_json(table["melodies"], card),
        Copies.of_rows(table["copies"]),
        table["bar"],
        digest,
    )
