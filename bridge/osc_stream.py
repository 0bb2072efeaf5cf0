"""OSC packets in a stream (TCP): by their length, as in OSC 1.0, or by SLIP, as in OSC 1.1."""

from __future__ import annotations

import struct

from bridge.osc_read import OscError

FRAMINGS = ("length", "slip")
"""How packets can be told apart in a stream."""
LARGEST = 1 << 20
"""Bytes of a packet that are taken: a long text to be evaluated has some thousand."""

_END, _ESC, _ESC_END, _ESC_ESC = b"\xc0", b"\xdb", b"\xdb\xdc", b"\xdb\xdd"
_SIZE = struct.Struct(">I")


def framed(packet: bytes, framing: str) -> bytes:
    r"""A packet as it goes into a stream.

    Args:
        packet: The packet.
        framing: "length" or "slip".

    >>> framed(b"/a\xc0b", "slip")
    b'\xc0/a\xdb\xdcb\xc0'

    Source: RFC 1055 for SLIP, with an end before the packet too, as OSC 1.1 wants.
    """
    if framing == "slip":
        return _END + packet.replace(_ESC, _ESC_ESC).replace(_END, _ESC_END) + _END
    return _SIZE.pack(len(packet)) + packet


class Unframer:
    """Takes a stream in pieces of any size and gives its packets.

    Args:
        framing: "length" or "slip"; without it the first byte tells: a packet of OSC is shorter than
            16 MB, so a length begins with a zero, and SLIP with its end. Anything else (a browser that was
            sent here, say) is refused.
    """

    def __init__(self, framing: str = "") -> None:
        self.framing = framing
        self._rest = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """The packets that are whole now.

        Raises:
            OscError: The stream is no OSC, or a packet is too large; there is no way back into step.
        """
        self._rest += data
        if not self.framing and self._rest:
            if self._rest[0] not in (0, _END[0]):
                raise OscError("this stream is neither OSC 1.0 (length) nor OSC 1.1 (SLIP)")
            self.framing = "slip" if self._rest[0] else "length"
        found = self._by_slip() if self.framing == "slip" else self._by_length()
        if len(self._rest) > LARGEST + 4:
            raise OscError(f"a packet is larger than {LARGEST} bytes")
        return found

    def _by_length(self) -> list[bytes]:
        found: list[bytes] = []
        begin = 0
        while begin + 4 <= len(self._rest):
            size = _SIZE.unpack_from(self._rest, begin)[0]
            if size > LARGEST:
                raise OscError(f"a packet is larger than {LARGEST} bytes")
            if begin + 4 + size > len(self._rest):
                break
            if size:
                found.append(bytes(self._rest[begin + 4 : begin + 4 + size]))
            begin += 4 + size
        del self._rest[:begin]
        return found

    def _by_slip(self) -> list[bytes]:
        *whole, rest = self._rest.split(_END)
        self._rest = rest
        return [bytes(one).replace(_ESC_END, _END).replace(_ESC_ESC, _ESC) for one in whole if one]
