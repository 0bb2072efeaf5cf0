"""Which kinds of sound file there are; looked at before anything heavy is imported."""

from dataclasses import dataclass
from typing import Final

from plugin_host.errors import HostError

__all__ = ["KINDS", "Form"]

KINDS: Final = ("wav", "flac", "ogg", "mp3")
MOST: Final = {"flac": 8, "ogg": 2, "mp3": 2}
"""Channels of those kinds that do not take any number. Vorbis has its own order for more than two."""
MP3_RATES: Final = (32_000, 44_100, 48_000)


@dataclass(frozen=True, slots=True)
class Form:
    """How a sound is written.

    Args:
        kind: "wav", "flac", "ogg" or "mp3".
        rate: Frames a second, 8000 to 192000; MP3 knows 32000, 44100 and 48000 only.
        bits: 16, 24, or 32 for floating point, which only WAV has; OGG and MP3 count no bits.
        channels: How many; FLAC has 8 at most, OGG and MP3 have two here.
        mask: Where a WAV file says that they sound, if there are more than two.

    Raises:
        HostError: There is no such file.

    >>> Form("flac", 44100, 16).rate
    44100
    """

    kind: str = "wav"
    rate: int = 48_000
    bits: int = 24
    channels: int = 2
    mask: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise HostError(f"no sound file is called {self.kind!r}; there are: {', '.join(KINDS)}")
        if not 8000 <= self.rate <= 192_000:
            raise HostError(f"a rate is 8000 to 192000 frames a second (got {self.rate})")
        if self.kind == "mp3" and self.rate not in MP3_RATES:
            raise HostError(f"an MP3 file has 32000, 44100 or 48000 frames a second (got {self.rate})")
        if self.bits not in (16, 24, 32):
            raise HostError(f"samples have 16 or 24 bits, or 32 of floating point (got {self.bits})")
        most = MOST.get(self.kind, self.channels)
        if self.channels > most:
            raise HostError(
                f"{self.kind.upper()} has {most} channels at most, not {self.channels}; "
                "take .wav, or another layout (--layout stereo)"
            )
        if self.kind == "flac" and self.bits == 32:
            raise HostError("a FLAC file has 16 or 24 bits; floating point (32f) needs a WAV file")
