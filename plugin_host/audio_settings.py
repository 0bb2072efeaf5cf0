"""What a musician may say about the audio device, read and checked."""

from collections.abc import Mapping
from dataclasses import dataclass

from plugin_host.errors import HostError, nearest
from plugin_host.layouts import STEREO, Layout, read_layout

__all__ = ["DRIVERS", "PROFILES", "AudioSettings"]

DRIVERS = ("auto", "jack", "sounddevice", "miniaudio", "null")

PROFILES: dict[str, tuple[int, int]] = {"tight": (128, 4), "normal": (256, 3), "safe": (512, 4)}
"""Frames a block and blocks rendered ahead: 11, 16 and 43 ms at 48 kHz. Only live input hears them."""

_KNOWN = ("driver", "device", "rate", "block", "ahead", "profile", "layout", "cue", "inputs", "input_device")


@dataclass(frozen=True, slots=True)
class AudioSettings:
    """How the sound is to reach the ear.

    Args:
        driver: One of `DRIVERS`; "auto" takes the first that has a device.
        device: Part of a device's name; None for the system's usual one.
        rate: Frames per second that are asked for; the device has the last word. 8000 to 192000.
        block: Frames rendered at a time, 32 to 4096.
        ahead: Blocks rendered before the device asks for them, 1 to 32.
        layout: Where the loudspeakers are.
        cue: Whether a pair of outputs beyond those is for what is heard beforehand.
        inputs: How many channels come in, 0 to 64.
        input_device: Part of the name of what they come from; None for the system's usual one.
        adapts: Whether more is rendered ahead where that was too little; not where somebody has chosen.
    """

    driver: str = "auto"
    device: str | None = None
    rate: int = 48_000
    block: int = 256
    ahead: int = 3
    layout: Layout = STEREO
    cue: bool = False
    inputs: int = 0
    input_device: str | None = None
    adapts: bool = True

    @property
    def channels(self) -> int:
        """How many the device is asked for."""
        return self.layout.channels + self.cues

    @property
    def cues(self) -> int:
        """How many of these, the last, are for what is heard beforehand."""
        return 2 if self.cue else 0

    @staticmethod
    def read(table: Mapping[str, object]) -> "AudioSettings":
        """Read the table `audio` of the settings.

        Args:
            table: `driver`, `device`, `rate`, `profile` ("tight", "normal" or "safe"), `block`, `ahead`,
                `layout`, `cue`, `inputs`, `input_device`.

        Raises:
            TypeError: A value of a wrong kind.
            ValueError: An unknown name, or a number out of range.

        >>> AudioSettings.read({"profile": "tight"}).block
        128
        """
        for name in table:
            if name not in _KNOWN:
                raise ValueError(f"no audio setting {name!r}; {nearest(name, _KNOWN)}")
        driver = str(table.get("driver", "auto"))
        if driver not in DRIVERS:
            raise ValueError(f"no audio driver {driver!r}; {nearest(driver, DRIVERS)}")
        profile = str(table.get("profile", "normal"))
        if profile not in PROFILES:
            raise ValueError(f"no audio profile {profile!r}; {nearest(profile, PROFILES)}")
        block, ahead = PROFILES[profile]
        device, heard = (table.get(one) for one in ("device", "input_device"))
        return AudioSettings(
            driver,
            None if device is None else str(device),
            _whole(table, "rate", 48_000, 8_000, 192_000),
            _whole(table, "block", block, 32, 4096),
            _whole(table, "ahead", ahead, 1, 32),
            _layout(table.get("layout")),
            table.get("cue") is True,
            _whole(table, "inputs", 0, 0, 64),
            None if heard is None else str(heard),
            not table.keys() & {"profile", "ahead"},
        )


def _layout(text: object) -> Layout:
    try:
        return STEREO if text is None else read_layout(str(text))
    except HostError as error:
        raise ValueError(str(error)) from None


def _whole(table: Mapping[str, object], name: str, default: int, low: int, high: int) -> int:
    value = table.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"audio.{name} must be a whole number from {low} to {high}, not {value!r}")
    if not low <= value <= high:
        raise ValueError(f"audio.{name} must lie from {low} to {high}, not {value}")
    return value
