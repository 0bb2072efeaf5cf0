"""What a musician writes to say where a layer goes outside of Sempre: `midi`, `osc`, `superdirt`."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from functools import lru_cache

from bridge.errors import BridgeError


@lru_cache(maxsize=1024)
def _key(target: MidiTarget | OscTarget) -> str:
    # Asked for with every event; writing it anew would take 10 us.
    return target.kind + json.dumps(asdict(target), sort_keys=True)


@dataclass(frozen=True, slots=True)
class MidiTarget:
    """A MIDI port and channel.

    Args:
        port: A part of an existing port's name; None is our own virtual port "Sempre".
        channel: 1 to 16; an event's own `channel` wins.
        latency: Seconds by which everything for it is sent early (negative: late).
    """

    port: str | None = None
    channel: int = 1
    latency: float = 0.0

    @property
    def kind(self) -> str:
        """Sent by the output process as MIDI."""
        return "midi"

    @property
    def key(self) -> str:
        """Equal for equal targets."""
        return _key(self)

    def to_json(self) -> dict[str, object]:
        """What the output process has to know: the port."""
        return {"midi": {"port": self.port}}


@dataclass(frozen=True, slots=True)
class OscTarget:
    """An address that takes OSC bundles.

    Args:
        host: Name or address of the machine.
        port: UDP port, 1 to 65535.
        path: OSC address of the message.
        latency: Seconds by which a bundle is sent before its timetag.
        dirt: Whether to write the arguments as SuperDirt reads them.
    """

    host: str = "127.0.0.1"
    port: int = 57120
    path: str = "/dirt/play"
    latency: float = 0.2
    dirt: bool = False

    @property
    def kind(self) -> str:
        """Sent by the output process as OSC."""
        return "osc"

    @property
    def key(self) -> str:
        """Equal for equal targets."""
        return _key(self)

    def to_json(self) -> dict[str, object]:
        """What the output process has to know: host and port."""
        return {"osc": {"host": self.host, "port": self.port}}


def midi(port: str | None = None, channel: int = 1, latency: float = 0.0) -> MidiTarget:
    """Send a layer to a MIDI port.

    Args:
        port: A part of the port's name as your system shows it; without it our own virtual port "Sempre",
            which a DAW sees as an input.
        channel: MIDI channel, 1 to 16.
        latency: Seconds by which to send early, -1 to 1, for an instrument that answers late.

    >>> midi("Ableton", channel=3).channel
    3

    Raises:
        BridgeError: The channel or latency is out of range.
    """
    if not 1 <= channel <= 16:
        raise BridgeError(f"midi: channel must be 1 to 16 (got {channel})")
    _check_latency("midi", latency)
    return MidiTarget(port, channel, latency)


def osc(port: int, path: str = "/play", host: str = "127.0.0.1", latency: float = 0.2) -> OscTarget:
    """Send a layer as OSC bundles with timetags: one message an event, names and values in turn.

    Args:
        port: UDP port, 1 to 65535.
        path: OSC address, beginning with a slash.
        host: Where to.
        latency: Seconds by which a bundle leaves before its timetag, 0 to 1.

    >>> osc(9000, "/synth").path
    '/synth'

    Raises:
        BridgeError: A value is out of range.
    """
    if not 1 <= port <= 65535:
        raise BridgeError(f"osc: port must be 1 to 65535 (got {port})")
    if not path.startswith("/"):
        raise BridgeError(f"osc: path must begin with a slash (got {path!r}); try {'/' + path!r}")
    _check_latency("osc", latency)
    return OscTarget(host, port, path, latency)


def superdirt(host: str = "127.0.0.1", port: int = 57120, latency: float = 0.2) -> OscTarget:
    """Send a layer to SuperDirt in SuperCollider: `/dirt/play` bundles with the fields that it expects.

    Args:
        host: Where SuperCollider runs.
        port: Its UDP port.
        latency: Seconds by which a bundle leaves before its timetag; 0.2 is SuperDirt's custom.

    >>> superdirt().port
    57120
    """
    if not 1 <= port <= 65535:
        raise BridgeError(f"superdirt: port must be 1 to 65535 (got {port})")
    _check_latency("superdirt", latency)
    return OscTarget(host, port, "/dirt/play", latency, dirt=True)


def _check_latency(name: str, latency: float) -> None:
    if not -1 <= latency <= 1:
        raise BridgeError(f"{name}: latency is in seconds, -1 to 1 (got {latency})")
