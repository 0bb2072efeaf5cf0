"""Opening a client of the JACK server: what is wrong if none opens, and once more where that helps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bridge.errors import BridgeError
from bridge.worker import pause

if TYPE_CHECKING:
    from jack import Client

TRIES = 4
"""How often a server is asked that runs and refuses: a busy one drops a client and takes the next."""
BETWEEN = 0.25
"""Seconds between two of them."""


def open_client(name: str) -> Client:
    """Open a client of the server that runs; never starts one.

    Args:
        name: What it is to be called; the server adds a number where somebody has that name.

    Raises:
        BridgeError: The library is not installed, no server runs, or it refuses us: says which.
    """
    try:
        import jack
    except OSError as error:
        raise BridgeError("the JACK library is not installed (sudo apt install libjack-jackd2-0)") from error
    refusal: Exception | None = None
    for turn in range(TRIES):
        if turn:
            pause(BETWEEN)
        try:
            return jack.Client(name, no_start_server=True)
        except jack.JackOpenError as error:
            if error.status.server_failed:
                raise BridgeError("no JACK server runs (start one, for example with qjackctl)") from error
            refusal = error
        except jack.JackError as error:
            refusal = error
    raise BridgeError(
        f"a JACK server runs, but refused {name!r} {TRIES} times ({refusal}): "
        "it may have too many clients, or belong to somebody else; its own messages say more"
    ) from refusal
