"""What a musician writes to say where a layer goes outside of Sempre: `midi`, `osc`, `superdirt`."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from bridge.adm import adm_osc
from bridge.errors import BridgeError
from bridge.mpe import Zone, bend_range_of
from bridge.osc_targets import OscTarget, osc, superdirt

if TYPE_CHECKING:
    from bridge.layer import Layer, Target

__all__ = ["MidiTarget", "OscTarget", "PluginTarget", "adm_osc", "midi", "mpe", "osc", "plugin", "superdirt"]


@lru_cache(maxsize=1024)
def _key(target: MidiTarget) -> str:
    # Asked for with every event; writing it anew would take 10 us.
    return target.kind + json.dumps(asdict(target), sort_keys=True)


@dataclass(frozen=True, slots=True)
class MidiTarget:
    """A MIDI port and channel.

    Args:
        port: A part of an existing port's name; None is our own virtual port "Sempre".
        channel: 1 to 16; an event's own `channel` wins.
        latency: Seconds by which everything for it is sent early (negative: late).
        zone: The channels of its notes, if it takes MPE.
        microtonal: Whether a note between two keys is bent there; else it is rounded.
        bend_range: Semitones of a whole bend on an ordinary channel.
        rate: Bits per second that the line takes; None is without a limit.
        set_range: Whether the instrument is told that range.
    """

    port: str | None = None
    channel: int = 1
    latency: float = 0.0
    zone: Zone | None = None
    microtonal: bool = False
    bend_range: int = 2
    rate: int | None = None
    set_range: bool = False

    @property
    def kind(self) -> str:
        """Sent by the output process as MIDI."""
        return "midi"

    @property
    def key(self) -> str:
        """Equal for equal targets."""
        return _key(self)

    def to_json(self) -> dict[str, object]:
        """What the output process has to know: the port, its rate, its zone, and what sets it up."""
        place: dict[str, object] = {"port": self.port}
        if self.rate is not None:
            place["rate"] = self.rate
        if self.zone is not None:
            place |= {"zone": self.zone.to_json(), "setup": self.zone.set_up().hex()}
        elif self.set_range:
            place["setup"] = bend_range_of(self.channel - 1, self.bend_range).hex()
        return {"midi": place}


@dataclass(frozen=True, slots=True)
class PluginTarget(MidiTarget):
    """An instance of our plugin inside a DAW: `port` is its name.

    Args:
        sound: The instrument of ours that is heard there; None where it plays notes.
    """

    sound: Target | None = None

    @property
    def kind(self) -> str:
        """Planned in the host's beats; no process of ours sends it."""
        return "plugin"

    @property
    def key(self) -> str:
        """Equal for equal targets."""
        return _key(self) if self.sound is None else f"{_key(replace(self, sound=None))} {self.sound.key}"

    def to_json(self) -> dict[str, object]:
        """What the process has to know that makes its sound."""
        return {"instance": self.port, "chain": None if self.sound is None else self.sound.to_json()}


def plugin(name: str = "Sempre", channel: int = 1, *, sound: Target | None = None) -> PluginTarget:
    """Send a layer to Sempre inside your DAW, on its timeline: through loops, tempo changes and bounces.

    Args:
        name: What the instance is called. One without a name gets the first that is asked for, and keeps
            it in the DAW's session.
        channel: MIDI channel, 1 to 16; an event's own `channel` wins.
        sound: One of Sempre's instruments, with its effects: it is heard from the plugin's outputs. Without
            it notes come out of the plugin.

    >>> plugin("Bass", channel=2).channel
    2

    Raises:
        BridgeError: A value is out of range.
    """
    _check_whole("plugin", "channel", channel, 1, 16)
    if not name.strip() or len(name.encode()) > 63:
        raise BridgeError(f"plugin: a name has 1 to 63 bytes (got {name!r})")
    if sound is not None and getattr(sound, "kind", None) != "audio":
        raise BridgeError(f'plugin: sound is an instrument, such as instrument("pad") (got {sound!r})')
    return PluginTarget(name, channel, sound=sound)


def alone(layer: Layer) -> Layer:
    """A layer as it sounds without its DAW: on the instrument that would be heard there.

    Args:
        layer: Any; one that is not heard by way of a plugin is as it was.
    """
    target = layer.target
    if not isinstance(target, PluginTarget) or target.sound is None:
        return layer
    return replace(layer, target=target.sound)


def midi(
    port: str | None = None,
    channel: int = 1,
    latency: float = 0.0,
    *,
    mpe: bool = False,
    microtonal: bool = False,
    bend_range: int | None = None,
    rate: int | None = None,
) -> MidiTarget:
    """Send a layer to a MIDI port.

    Args:
        port: A part of the port's name as your system shows it; without it our own virtual port "Sempre",
            which a DAW sees as an input.
        channel: MIDI channel, 1 to 16.
        latency: Seconds by which to send early, -1 to 1, for an instrument that answers late.
        mpe: Give each note a channel of its own: the same as `mpe(port)`.
        microtonal: Bend a note that lies between two keys; notes that sound together are bent together.
        bend_range: Semitones that the instrument bends at most, 1 to 96; it is told so. Not given it is
            taken to be 2 (48 in MPE), as instruments have it.
        rate: Bits per second that the line takes: 31250 for a DIN plug. Controllers then wait for their
            turn, and notes never wait for them.

    >>> midi("Ableton", channel=3).channel
    3

    Raises:
        BridgeError: A value is out of range.
    """
    if mpe:
        return _mpe("midi", port, Zone(bend_range=48 if bend_range is None else bend_range), latency, rate)
    _check_whole("midi", "channel", channel, 1, 16)
    _check_whole("midi", "bend_range", 2 if bend_range is None else bend_range, 1, 96)
    _check_latency("midi", latency)
    _check_rate("midi", rate)
    told = bend_range is not None
    return MidiTarget(
        port,
        channel,
        latency,
        microtonal=microtonal,
        bend_range=2 if bend_range is None else bend_range,
        rate=rate,
        set_range=told,
    )


def mpe(
    port: str | None = None,
    voices: int = 15,
    bend_range: int = 48,
    zone: str = "lower",
    latency: float = 0.0,
    *,
    rate: int | None = None,
) -> MidiTarget:
    """Send a layer to an instrument that takes MPE: each note has its own bend, pressure and timbre.

    Args:
        port: A part of the port's name; without it our own virtual port "Sempre".
        voices: Notes that may sound at once, 1 to 15; with one more the oldest ends.
        bend_range: Semitones of a whole bend, 1 to 96; the instrument is told so.
        zone: "lower" (channel 1 speaks to all notes) or "upper" (channel 16 does).
        latency: Seconds by which to send early, -1 to 1.
        rate: Bits per second that the line takes, as for `midi`.

    >>> mpe("Osmose", voices=8).zone.members
    (1, 2, 3, 4, 5, 6, 7, 8)

    Raises:
        BridgeError: A value is out of range.
    """
    if zone not in ("lower", "upper"):
        raise BridgeError(f'mpe: zone must be "lower" or "upper" (got {zone!r})')
    return _mpe("mpe", port, Zone(zone == "upper", voices, bend_range), latency, rate)


def _mpe(name: str, port: str | None, zone: Zone, latency: float, rate: int | None) -> MidiTarget:
    _check_whole(name, "voices", zone.voices, 1, 15)
    _check_whole(name, "bend_range", zone.bend_range, 1, 96)
    _check_latency(name, latency)
    _check_rate(name, rate)
    return MidiTarget(port, zone.master + 1, latency, zone=zone, bend_range=zone.bend_range, rate=rate)


def _check_latency(name: str, latency: float) -> None:
    if not -1 <= latency <= 1:
        raise BridgeError(f"{name}: latency is in seconds, -1 to 1 (got {latency})")


def _check_rate(name: str, rate: object) -> None:
    if rate is not None:
        _check_whole(name, "rate", rate, 300, 10_000_000)


def _check_whole(name: str, what: str, value: object, low: int, high: int) -> None:
    if isinstance(value, bool) or not isinstance(value, int):
        raise BridgeError(f"{name}: {what} must be a whole number (got {value!r})")
    if not low <= value <= high:
        raise BridgeError(f"{name}: {what} must be {low} to {high} (got {value})")
