"""Sound files to keep or give away: WAV, FLAC, OGG and MP3 with tempo and marks, the same bytes each time."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from plugin_host import marks
from plugin_host.effects import missing
from plugin_host.errors import HostError
from plugin_host.wav import whole_numbers, write_wav

if TYPE_CHECKING:
    from plugin_host.audio import Audio
    from plugin_host.marks import Tags

__all__ = ["KINDS", "Form", "write_sound_file"]

KINDS: Final = ("wav", "flac", "ogg", "mp3")
MP3_RATES: Final = (32_000, 44_100, 48_000)
QUALITY: Final = {"ogg": "320 kbps", "mp3": "320"}
INTO: Final = {"flac": marks.into_flac, "ogg": marks.into_ogg, "mp3": marks.into_mp3}


@dataclass(frozen=True, slots=True)
class Form:
    """How a sound is written.

    Args:
        kind: "wav", "flac", "ogg" or "mp3".
        rate: Frames a second, 8000 to 192000; MP3 knows 32000, 44100 and 48000 only.
        bits: 16, 24, or 32 for floating point, which only WAV has; OGG and MP3 count no bits.

    Raises:
        HostError: There is no such file.

    >>> Form("flac", 44100, 16).rate
    44100
    """

    kind: str = "wav"
    rate: int = 48_000
    bits: int = 24

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise HostError(f"no sound file is called {self.kind!r}; there are: {', '.join(KINDS)}")
        if not 8000 <= self.rate <= 192_000:
            raise HostError(f"a rate is 8000 to 192000 frames a second (got {self.rate})")
        if self.kind == "mp3" and self.rate not in MP3_RATES:
            raise HostError(f"an MP3 file has 32000, 44100 or 48000 frames a second (got {self.rate})")
        if self.bits not in (16, 24, 32):
            raise HostError(f"samples have 16 or 24 bits, or 32 of floating point (got {self.bits})")
        if self.kind == "flac" and self.bits == 32:
            raise HostError("a FLAC file has 16 or 24 bits; floating point (32f) needs a WAV file")


def write_sound_file(path: Path, audio: "Audio", form: Form, tags: "Tags") -> None:
    """Write a sound file.

    Args:
        path: Where to; a file there is replaced.
        audio: float32, shape (channels, frames); what lies outside ±1 is cut off, but not of floating point.
        form: How.
        tags: What else it tells.

    Raises:
        HostError: The encoders are not there.
        OSError: It cannot be written.
    """
    if form.kind == "wav":
        write_wav(path, audio, form.rate, form.bits, marks.wav_chunks(tags))
        return
    lack = missing()
    if lack is not None:
        raise HostError(f"only WAV files can be written: {lack}")
    from plugin_host.pedals import encoded

    bits = 16 if form.kind == "mp3" else min(form.bits, 24)
    sound = np.clip(audio, -1, 1)
    if form.kind == "flac":
        # The encoder rounds down; half a step above a whole number is that number.
        sound = ((whole_numbers(audio, bits) + 0.5) / 2 ** (bits - 1)).astype(np.float32)
    data = encoded(sound, form.rate, form.kind, bits, QUALITY.get(form.kind))
    path.write_bytes(INTO[form.kind](data, tags, form.rate))
