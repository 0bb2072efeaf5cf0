"""Where others find this machine."""

from __future__ import annotations

import socket

EVERYWHERE = {"0.0.0.0": socket.AF_INET, "::": socket.AF_INET6, "": socket.AF_INET}
"""Addresses that mean all of them."""
FAR = {socket.AF_INET: ("192.0.2.1", 9), socket.AF_INET6: ("2001:db8::1", 9)}
"""Addresses beyond any network, made for documentation (RFC 5737, RFC 3849); nothing is sent there."""


def addresses(host: str) -> list[str]:
    """What to write in a browser for a server that listens at an address.

    Args:
        host: Where it listens; "0.0.0.0" or "::" is everywhere.

    >>> addresses("127.0.0.1")
    ['127.0.0.1']
    """
    family = EVERYWHERE.get(host)
    if family is None:
        return [f"[{host}]" if ":" in host else host]
    here = "127.0.0.1" if family == socket.AF_INET else "[::1]"
    outer = _towards(family)
    return [here] if outer is None else [outer, here]


def _towards(family: socket.AddressFamily) -> str | None:
    """The address under which others on the network see this machine; None without a network."""
    with socket.socket(family, socket.SOCK_DGRAM) as asking:
        try:
            asking.connect(FAR[family])
        except OSError:
            return None
        found = str(asking.getsockname()[0])
    return f"[{found}]" if ":" in found else found
