"""What saving a file does: it is rehearsed, and when all is well it plays from the next boundary."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Protocol

from bridge.worker import Overtime, Watchman
from repl.commits import Commit
from repl.errors import LoadError
from repl.loader import load_piece
from repl.partner import LOAD_LIMIT, Rehearsal
from repl.remarks import layers_of, remarks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from repl.music import Music


class Says(Protocol):
    """How something is said to the musician."""

    def __call__(self, text: str, *, error: bool = False) -> None:
        """Show a text at every prompt."""
        ...


class Following:
    """Follows the files of a session.

    Args:
        files: Their names with where they are.
        music: What they change.
        rehearse: Has an edition tried by the understudy.
        say: Shows a text to the musician.
        later: Has work done in the main thread.
        accepted: Called when an edition has been accepted.
    """

    def __init__(
        self,
        files: Mapping[str, Path],
        music: Music,
        rehearse: Callable[[Rehearsal], None],
        say: Says,
        later: Callable[[Callable[[], object]], None],
        accepted: Callable[[], None] = lambda: None,
    ) -> None:
        self._paths = dict(files)
        self._music = music
        self._rehearse = rehearse
        self._say = say
        self._later = later
        self._accepted = accepted
        self._watchman = Watchman("watch over loading")
        self._tried: dict[str, int] = {}

    def saved(self, file: str) -> None:
        """A file was saved, or is gone: have it rehearsed; called in any thread."""
        number = self._tried[file] = self._tried.get(file, 0) + 1
        source = self._read(file)
        if source is None:
            return

        def done(error: str | None) -> None:
            self._later(lambda: self._rehearsed(file, source, number, error))

        music = self._music
        self._rehearse(Rehearsal(file, source, music.passed, music.cps, music.session.seed, done))

    def take_over(self) -> None:
        """Look after what was saved while the former engine could not."""
        session = self._music.session
        for file, path in self._paths.items():
            piece = session.files.get(file)
            try:
                source = path.read_text(encoding="utf-8-sig")
            except (OSError, UnicodeDecodeError):
                if piece is not None:
                    self.saved(file)
                continue
            # What the former engine had taken up, perhaps it died of; another save is needed to try it again.
            known = piece is not None and piece.source == source
            if not known and session.tried.get(file) != _digest(source):
                self.saved(file)

    def _read(self, file: str) -> str | None:
        try:
            # Some editors begin a file with a byte order mark.
            return self._paths[file].read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            self._later(lambda: self._gone(file))
        except UnicodeDecodeError as error:
            self._say(
                f"{file}: this is not UTF-8 text (byte {error.start}): save it as UTF-8\n{self._still(file)}",
                error=True,
            )
        except OSError as error:
            self._say(f"{file}: cannot be read ({error.strerror})\n{self._still(file)}", error=True)
        return None

    def _rehearsed(self, file: str, source: str, number: int, error: str | None) -> None:
        if number != self._tried[file]:
            return
        if error is None:
            tried: Commit = {"kind": "tried", "file": file, "digest": _digest(source)}
            self._music.remember(tried)
            try:
                with self._watchman.limit(LOAD_LIMIT):
                    loaded = load_piece(source, file)
                    targets = self._music.try_piece(loaded)
            except LoadError as failed:
                error = failed.block
            except Overtime:
                error = f"{file}: it did not come to an end within {LOAD_LIMIT:g} s"
            else:
                self._accepted()
                former = self._music.session.files.get(file)
                self._say(self._music.accept_piece(loaded, targets))
                for remark in remarks(loaded, former, layers_of(self._music.session)):
                    self._say(remark)
                return
        self._say(f"{error}\n{self._still(file)}", error=True)

    def _still(self, file: str) -> str:
        there = file in self._music.session.files
        return "the version before plays on" if there else "nothing of it plays yet"

    def _gone(self, file: str) -> None:
        if file not in self._music.session.files:
            self._say(f"{file}: there is no such file; it plays as soon as it is there", error=True)
            return
        self._music.end_piece(file)
        self._say(f"{file}: the file is gone; its layers end")


def _digest(source: str) -> str:
    return hashlib.blake2b(source.encode(errors="replace"), digest_size=16).hexdigest()
