"""The musician's own sounds: folders of sound files, found by their names; nothing is read here."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from plugin_host.audio import Audio
from plugin_host.errors import nearest
from plugin_host.paths import expanded
from plugin_host.recordings import Wanted
from plugin_host.sample_folders import located, sound_files
from plugin_host.sample_names import zones_by_name
from plugin_host.sound_store import SoundStore
from plugin_host.zones import Zones

__all__ = ["Library", "Sound"]


@dataclass(frozen=True, slots=True)
class Sound:
    """A folder of sound files.

    Args:
        files: Its variants, sorted by name.
        zones: Which of them a note sounds, where their names tell their pitches.
    """

    files: tuple[Path, ...]
    zones: Zones | None

    def variant(self, number: int) -> Path:
        """One of the files; numbers count round: with three files, 3 is the first again."""
        return self.files[number % len(self.files)]


class Library:
    """Sounds found in folders, after Tidal's convention.

    Each folder in one of the given folders is a sound, named as the folder; the files in it, sorted by
    name, are its variants 0, 1, 2… A given folder that holds sound files itself is a sound as well.

    Args:
        folders: Where to look; where two have a sound of one name, the later wins.
        store: Where recordings are kept.
        pitched: Whether the names of files may say their pitch.
    """

    def __init__(self, folders: Sequence[str | Path], store: SoundStore, *, pitched: bool = True) -> None:
        self.folders = tuple(folders)
        self.store = store
        self._pitched = pitched
        self._files: dict[str, tuple[Path, ...]] = {}
        self._sounds: dict[str, Sound] = {}
        self._first = ""
        self.missing: list[Path] = []
        for folder in folders:
            self._look(expanded(folder))

    def impulse(self, file: str) -> Audio | None:
        """Read an impulse response; None if it cannot be had, of which is told.

        Args:
            file: Its path, or where it is in one of the musician's folders.
        """
        path = located(file, self.folders)
        recording = self.store.read_now(Wanted(path), "what goes through it stays dry")
        return None if recording is None else recording.audio

    def _look(self, folder: Path) -> None:
        if not folder.is_dir():
            self.missing.append(folder)
            return
        for place in (folder, *sorted(one for one in folder.iterdir() if one.is_dir())):
            try:
                files = sound_files(place)
            except OSError:
                self.missing.append(place)
                continue
            if files:
                self._files[place.name] = files
                if place == folder and not self._first:
                    self._first = place.name

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

    def find(self, name: str) -> Sound | None:
        """A sound by its name.

        Args:
            name: The folder's name; "" means that of the files in a given folder itself, or else the first.
        """
        if not name and self._files:
            name = self._first or next(iter(self))
        sound = self._sounds.get(name)
        files = self._files.get(name)
        if sound is None and files is not None:
            zones = zones_by_name(files) if self._pitched else None
            sound = self._sounds[name] = Sound(files, None if zones is None else Zones(zones))
        return sound

    def sound(self, name: str, report: Callable[[str], None]) -> Sound | None:
        """The same; one that is not there is told of, with those that are like it.

        Args:
            name: The folder's name.
            report: Takes one line.
        """
        sound = self.find(name)
        if sound is None:
            report(f"no sound {name!r}; {nearest(name, self._files) if self._files else 'there are none'}")
        return sound
