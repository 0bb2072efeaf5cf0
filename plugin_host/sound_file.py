"""Sound files to keep or give away: WAV, FLAC, OGG and MP3 with tempo and marks, the same bytes each time."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from plugin_host import marks
from plugin_host.effects import missing
from plugin_host.errors import HostError
from plugin_host.forms import Form
from plugin_host.wav import whole_numbers, write_wav
from plugin_host.whole_file import written_whole

if TYPE_CHECKING:
    from plugin_host.audio import Audio
    from plugin_host.marks import Tags

__all__ = ["Form", "write_sound_file"]

QUALITY: Final = {"ogg": "320 kbps", "mp3": "320"}
INTO: Final = {"flac": marks.into_flac, "ogg": marks.into_ogg, "mp3": marks.into_mp3}


def write_sound_file(path: Path, audio: "Audio", form: Form, tags: "Tags") -> None:
    """Write a sound file.

    Args:
        path: Where to; a file there is replaced when all is written.
        audio: float32, shape (channels, frames); what lies outside ±1 is cut off, but not of floating point.
        form: How.
        tags: What else it tells.

    Raises:
        HostError: The encoders are not there.
        OSError: It cannot be written; a file that was there is as it was.
    """
    if form.kind == "wav":
        write_wav(path, audio, form.rate, form.bits, marks.wav_chunks(tags), form.mask)
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
    with written_whole(path) as unseen:
        unseen.write_bytes(INTO[form.kind](data, tags, form.rate))
