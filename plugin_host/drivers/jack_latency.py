"""How long a JACK server's devices take on the way out and in, which its Python library does not tell."""

from __future__ import annotations

import ctypes
import ctypes.util
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from jack import OwnPort

__all__ = ["way_round"]

CAPTURE, PLAYBACK = 0, 1


class _Range(ctypes.Structure):
    _fields_ = (("least", ctypes.c_uint32), ("most", ctypes.c_uint32))


def way_round(outputs: Sequence[OwnPort], inputs: Sequence[OwnPort]) -> int:
    """Frames from a period's begin to what comes in of what goes out then, as far as the devices tell.

    Args:
        outputs: Our ports that play.
        inputs: Our ports that hear.

    Source: JACK's API, "Managing and determining latency".
    """
    name = ctypes.util.find_library("jack")
    if name is None:
        return 0
    library = ctypes.CDLL(name)
    return _most(library, outputs, PLAYBACK) + _most(library, inputs, CAPTURE)


def _most(library: ctypes.CDLL, ports: Sequence[OwnPort], mode: int) -> int:
    import jack

    found = [0]
    for port in ports:
        several = _Range()
        # The library hands a port's address out nowhere else.
        address = int(jack._ffi.cast("uintptr_t", port._ptr))  # noqa: SLF001 # pyright: ignore[reportPrivateUsage] - see above
        library.jack_port_get_latency_range(ctypes.c_void_p(address), mode, ctypes.byref(several))
        found.append(int(several.most))
    return max(found)
