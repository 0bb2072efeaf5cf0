"""The musician's own sounds: folders of sound files, read when first wanted."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np

from plugin_host.audio import Audio
from plugin_host.effects import read_sound
from plugin_host.errors import nearest

__all__ = ["KINDS", "Library", "resampled"]

KINDS = frozenset({".wav", ".aif", ".aiff", ".flac", ".ogg", ".mp3"})


class Library:
    """Sounds found in folders, after Tidal's convention.

    Each folder in one of the given folders is a sound, named as the folder; the files in it, sorted by
    name, are its variants 0, 1, 2… A given folder that holds sound files itself is a sound as well.
    Nothing is read before it is asked for; what was read stays in memory, at the rack's rate.

    Args:
        folders: Where to look; where two have a sound of one name, the later wins.
        rate: Frames a second of the rack.
    """

    def __init__(self, folders: Sequence[str | Path], rate: int) -> None:
        self.rate = rate
        self._files: dict[str, list[Path]] = {}
        self._read: dict[Path, Audio | None] = {}
        self.missing: list[Path] = []
        for folder in folders:
            self._look(Path(folder).expanduser())

    def _look(self, folder: Path) -> None:
        if not folder.is_dir():
            self.missing.append(folder)
            return
        for place in (folder, *sorted(one for one in folder.iterdir() if one.is_dir())):
            files = sorted(one for one in place.iterdir() if one.suffix.lower() in KINDS and one.is_file())
            if files:
                self._files[place.name] = files

    def __contains__(self, name: object) -> bool:
        """Whether there is a sound of that name."""
        return name in self._files

    def __iter__(self) -> Iterator[str]:
        """The names of all sounds."""
        return iter(sorted(self._files))

    def __len__(self) -> int:
        """How many sounds there are."""
        return len(self._files)

    def variants(self, name: str) -> list[Path]:
        """The files of a sound; empty if there is none of that name."""
        return list(self._files.get(name, ()))

    def sound(self, name: str, variant: int, report: Callable[[str], None]) -> Audio | None:
        """The samples of a sound, read now if they were not before.

        Args:
            name: The folder's name; "" means the only or first one.
            variant: Counts round: with three files, 3 is the first again.
            report: Takes one line if there is no such sound or its file cannot be read.

        Returns:
            Shape (2, frames), or None.
        """
        if not name and self._files:
            name = next(iter(self))
        files = self._files.get(name)
        if not files:
            report(f"no sound {name!r}; {nearest(name, self._files) if self._files else 'there are none'}")
            return None
        path = files[variant % len(files)]
        if path not in self._read:
            self._read[path] = self._load(path, report)
        return self._read[path]

    def _load(self, path: Path, report: Callable[[str], None]) -> Audio | None:
        try:
            sound, rate = read_sound(path)
        except (OSError, ValueError) as error:
            report(f"{path.name} cannot be read: {error}")
            return None
        if not sound.size:
            report(f"{path.name} is empty")
            return None
        stereo = np.repeat(sound, 2, axis=0) if sound.shape[0] == 1 else sound[:2]
        return np.ascontiguousarray(resampled(stereo, rate, self.rate))


def resampled(sound: Audio, rate: int, wanted: int) -> Audio:
    """The same sound at another rate, through its spectrum: exact for what both rates can hold.

    Args:
        sound: Shape (channels, frames).
        rate: Its frames a second.
        wanted: The frames a second to have.
    """
    if rate == wanted:
        return sound.astype(np.float32)
    frames = sound.shape[1]
    # A tail of silence keeps the end from running round into the beginning; a size of small factors is fast.
    size = _smooth(frames + rate // 20, rate, wanted)
    spectrum = np.fft.rfft(sound, size, axis=1)
    out = np.fft.irfft(spectrum[:, : size * wanted // rate // 2 + 1], size * wanted // rate, axis=1)
    kept = -(-frames * wanted // rate)
    return (out[:, :kept] * (wanted / rate)).astype(np.float32)


def _smooth(least: int, rate: int, wanted: int) -> int:
    """The least size from `least` on at which both lengths are whole and even."""
    common = int(np.gcd(rate, wanted))
    step = 2 * (rate // common)
    return -(-least // step) * step
