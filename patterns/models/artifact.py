"""A learnt model as a file: a card that everybody can read, and what was learnt, with its digest."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, cast

from patterns.errors import PatternError
from patterns.models.chorales import Frames
from patterns.models.copying import Copies
from patterns.models.melodies import Melodies
from patterns.models.nets import Net, Reckoner
from patterns.models.netted import NettedFrames
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
        net: What a net has learnt of the voices, to be mixed with what was counted; None without one.
    """

    card: Card
    frames: Frames | None
    line: Frames
    melodies: Melodies
    copies: Copies
    bar: int
    digest: str = ""
    net: Net | None = None

    def with_net(self, net: Net, reckoner: Reckoner) -> Learnt:
        """The same, its voices played by a net as well.

        Args:
            net: What is kept in the file.
            reckoner: Who reckons it.

        Raises:
            PatternError: The net is of another number of voices.
        """
        counts = self.frames or self.line
        counts = counts.counts if isinstance(counts, NettedFrames) else counts
        if reckoner.shape.voices != counts.voices:
            raise PatternError(
                f"the net is of {reckoner.shape.voices} voices, and {self.card.name} of {counts.voices}"
            )
        frames = NettedFrames(counts, reckoner, net.share)
        if self.frames is None:
            return replace(self, line=frames, net=net)
        return replace(self, frames=frames, net=net)


def write_learnt(learnt: Learnt) -> bytes:
    """The bytes of the file: the same model always gives the same digest.

    A line of JSON with the card, then the counts, packed.
    """
    table: dict[str, Any] = {
        "bar": learnt.bar,
        "frames": None if learnt.frames is None else learnt.frames.to_json(),
        "line": learnt.line.to_json(),
        "melodies": learnt.melodies.to_json(),
        "copies": learnt.copies.rows(),
    }
    if learnt.net is not None:
        table["net"] = learnt.net.to_json()
    body = json.dumps(table, separators=(",", ":"), ensure_ascii=False).encode()
    head = {"model": FORMAT, "sha256": hashlib.sha256(body).hexdigest(), "card": learnt.card.to_json()}
    return json.dumps(head, ensure_ascii=False).encode() + b"\n" + zlib.compress(body, 9)


def read_learnt(data: bytes, name: str, reckon: Callable[[Net], Reckoner] | None = None) -> Learnt:
    """Read what `write_learnt` wrote.

    Args:
        data: The bytes of the file.
        name: Of the file, for messages.
        reckon: Gives who reckons a net; without it a net is read, and what was counted plays.

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
    learnt = Learnt(
        card,
        frames,
        Frames.from_json(table["line"], card),
        Melodies.from_json(table["melodies"], card),
        Copies.of_rows(table["copies"]),
        table["bar"],
        digest,
    )
    if "net" not in table:
        return learnt
    net = Net.from_json(table["net"])
    return replace(learnt, net=net) if reckon is None else learnt.with_net(net, reckon(net))
