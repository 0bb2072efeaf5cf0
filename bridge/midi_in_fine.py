"""Controllers that come in as two messages, a coarse and a fine one: those of 14 bits, and NRPNs. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

CC14, NRPN = "cc14", "nrpn"
"""What inputs of these kinds follow."""
DATA, FINE = 6, 32
"""The controller that gives a selected parameter its value; how far above a coarse one its fine one is."""
NRPN_FINE, NRPN_COARSE, RPN_FINE, RPN_COARSE = 98, 99, 100, 101
NONE = 16383
"""The number of the parameter that means none."""


class Value(NamedTuple):
    """Where such a controller is.

    Attributes:
        what: `CC14` or `NRPN`.
        number: 0 to 31, or 0 to 16382.
        position: 0 to 1.
    """

    what: str
    number: int
    position: float


_Place = tuple[str, int]
"""A port and a channel: on each a parameter of its own is selected."""


class FineControllers:
    """Puts coarse and fine messages together.

    The coarse one comes first, as the standard has it. Of a controller that was never heard to send fine ones
    it is the value; of one that does, it waits for its fine one, for what lies between them is beside both.
    """

    def __init__(self) -> None:
        self._coarse: dict[tuple[_Place, str, int], int] = {}
        self._pairs: set[tuple[_Place, str, int]] = set()
        self._waits: set[tuple[_Place, str, int]] = set()
        self._selected: dict[_Place, dict[int, int]] = {}

    def feed(self, port: str, channel: int, controller: int, value: int) -> Iterator[Value]:
        """Take a controller's message; gives where that leaves the fine ones that it belongs to."""
        place = port, channel
        if controller in (NRPN_COARSE, NRPN_FINE):
            self._selected.setdefault(place, {})[controller] = value
        elif controller in (RPN_COARSE, RPN_FINE):
            self._selected.pop(place, None)
        elif controller < 2 * FINE:
            number, fine = controller % FINE, controller >= FINE
            yield from self._put((place, CC14, number), value, fine=fine)
            parameter = self._parameter(place)
            if number == DATA and parameter is not None:
                yield from self._put((place, NRPN, parameter), value, fine=fine)

    def lose(self, port: str) -> None:
        """A port is gone: nothing of it is waited for."""
        for known in (self._pairs, self._waits):
            known -= {key for key in known if key[0][0] == port}
        self._coarse = {key: value for key, value in self._coarse.items() if key[0][0] != port}
        self._selected = {key: value for key, value in self._selected.items() if key[0] != port}

    def _parameter(self, place: _Place) -> int | None:
        chosen = self._selected.get(place, {})
        if len(chosen) < 2:
            return None
        number = chosen[NRPN_COARSE] << 7 | chosen[NRPN_FINE]
        return None if number == NONE else number

    def _put(self, key: tuple[_Place, str, int], value: int, *, fine: bool) -> Iterator[Value]:
        _, what, number = key
        if fine:
            self._pairs.add(key)
            self._waits.discard(key)
            yield Value(what, number, (self._coarse.get(key, 0) << 7 | value) / 16383)
            return
        self._coarse[key] = value
        if key not in self._pairs:
            yield Value(what, number, value / 127)
        elif key in self._waits:
            # The second coarse one in a row: it has ceased to send fine ones.
            self._pairs.discard(key)
            self._waits.discard(key)
            yield Value(what, number, value / 127)
        else:
            self._waits.add(key)
