"""Reckoning a net with numpy: imported only when a piece takes a model that has one."""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import TYPE_CHECKING

import numpy as np

from patterns.models.nets import GRADE, GRAIN, parts_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from patterns.models.nets import Net, Shape

    Numbers = NDArray[np.float64]

__all__ = ["NumpyReckoner", "packed", "tables_of", "unpacked"]


def tables_of(net: Net) -> dict[str, Numbers]:
    """The tables of a net by their names."""
    found: dict[str, Numbers] = {}
    at = 0
    flat = np.frombuffer(net.weights, "<i2").astype(np.float64) / GRADE
    for name, rows, columns in parts_of(net.shape):
        found[name] = flat[at : at + rows * columns].reshape(rows, columns)
        at += rows * columns
    return found


def packed(memory: Numbers) -> str:
    """What a net remembers, as text."""
    return b64encode(memory.astype("<f4").tobytes()).decode("ascii")


def unpacked(memory: str, hidden: int) -> Numbers:
    """What `packed` wrote; nothing, where it is of another net."""
    data = b64decode(memory)
    if len(data) != 4 * hidden:
        return np.zeros(hidden)
    return np.frombuffer(data, "<f4").astype(np.float64)


def _grained(numbers: Numbers) -> Numbers:
    return np.rint(numbers * GRAIN) / GRAIN


class NumpyReckoner:
    """Reckons a net; see `patterns.models.nets.Reckoner`.

    Args:
        net: Its numbers.
    """

    def __init__(self, net: Net) -> None:
        self._shape = net.shape
        tables = tables_of(net)
        self._see, self._recall = tables["see"], tables["recall"]
        self._gate, self._echo = tables["gate"][0], tables["echo"][0]
        self._voices = [
            tuple(tables[f"{name} {voice}"] for name in ("turn", "look", "lean", "speak", "tone"))
            for voice in range(net.shape.voices)
        ]

    @property
    def shape(self) -> Shape:
        """How large the net is."""
        return self._shape

    def start(self) -> str:
        """What it remembers before the first frame."""
        return packed(np.zeros(self._shape.hidden))

    def step(self, memory: str, sights: Sequence[int]) -> str:
        """What it remembers after it has seen one more frame."""
        hidden = self._shape.hidden
        before = unpacked(memory, hidden)
        given = self._see[list(sights)].sum(axis=0) + self._gate
        recalled = before @ self._recall
        two = given[: 2 * hidden] + recalled[: 2 * hidden]
        gates = _grained(1 / (1 + np.exp(-np.clip(two, -60, 60))))
        reset, update = gates[:hidden], gates[hidden:]
        new = _grained(np.tanh(given[2 * hidden :] + reset * (recalled[2 * hidden :] + self._echo)))
        return packed(_grained((1 - update) * new + update * before))

    def answer(self, memory: str, voice: int, questions: Sequence[int]) -> Sequence[float]:
        """What it says of a voice."""
        turn, look, lean, speak, tone = self._voices[voice]
        before = unpacked(memory, self._shape.hidden)
        between = _grained(np.maximum(before @ turn + look[list(questions)].sum(axis=0) + lean[0], 0))
        found: list[float] = (between @ speak + tone[0]).tolist()
        return found
