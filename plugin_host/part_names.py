"""What instruments are called in files of their own."""

from pathlib import Path
from typing import Final

from plugin_host.specs import Chain

__all__ = ["SPACE", "PartNames"]

SPACE: Final = "space"
"""The part of the mix that is echo and reverb of all."""


class PartNames:
    """A name for each chain, which no other has; buses have their own.

    >>> from plugin_host.specs import instrument
    >>> names = PartNames()
    >>> [names.of(instrument("keys", decay=one)) for one in (1, 2, 1)]
    ['keys', 'keys-2', 'keys']
    >>> names.goes_on(instrument("keys", decay=1), instrument("keys", decay=3))
    >>> names.of(instrument("keys", decay=3))
    'keys'
    """

    def __init__(self) -> None:
        self._named: dict[str, str] = {}

    def of(self, chain: Chain) -> str:
        """What a chain is called among its neighbours; the same for as long as this is there."""
        name = chain.instrument.name if chain.instrument.kind == "bus" else self._named.get(chain.key)
        if name is None:
            taken = {*self._named.values(), SPACE}
            # Of "lv2:MDA ePiano" what stands behind the kind.
            plain, number = Path(chain.instrument.name.split(":", 1)[-1]).stem or "sound", 1
            name = plain
            while name in taken:
                number += 1
                name = f"{plain}-{number}"
            self._named[chain.key] = name
        return name

    def goes_on(self, former: Chain, chain: Chain) -> None:
        """Let a chain be called as the one that it follows, of which it has the voices."""
        self._named[chain.key] = self.of(former)
