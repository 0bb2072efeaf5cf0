"""What saving a file does: it is rehearsed, and when all is well it plays from the next boundary."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar, cast

from bridge.watchman import Overtime, Watchman
from plugin_host.preset_files import preset_files
from plugin_host.specs import Chain
from repl.commits import Commit
from repl.errors import LoadError
from repl.folders import named, pieces_in
from repl.loader import load_piece
from repl.own_modules import beside
from repl.partner import LOAD_LIMIT, LOADED, Outcome, Rehearsal
from repl.remarks import layers_of, remarks
from repl.report import FROM, file_as_shown
from repl.unsaved import Unsaved, clean

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from bridge.layer import Target
    from repl.absent import Places
    from repl.loader import Loaded
    from repl.music import Music

    Ready = tuple[Loaded, Sequence[Target]]


Found = TypeVar("Found")
FADE = 2.0
"""Cycles in which the layers of a file fade out that is gone, where no setting says it: 4 s at 120 bpm."""


class Says(Protocol):
    """How something is said to the musician."""

    def __call__(self, text: str, *, error: bool = False) -> None:
        """Show a text at every prompt."""
        ...


@dataclass(eq=False, slots=True)
class _Edition:
    """What was saved of one piece, and how far it has come here.

    Args:
        modules: The texts of modules that it was loaded with.
        loaded: What was loaded, or what is wrong in it.
        targets: What it plays on, once the cycle that comes next was tried; or what is wrong there.
    """

    file: str
    source: str
    number: int
    outcome: Outcome | None = None
    modules: Mapping[str, str] | None = None
    loaded: Loaded | str | None = None
    targets: Sequence[Target] | str | None = None


@dataclass(eq=False, slots=True)
class _Batch:
    """What was saved at one go: it takes hold at one boundary.

    Args:
        gone: Files that are not there any more.
        unsaved: Texts that stand in for files.
        played: The file of which an editor plays a text without saving it, if that is what this is, and
            what the file held then.
        told: Told then what went wrong, "" if nothing did.
    """

    gone: list[str] = field(default_factory=list[str])
    unsaved: Mapping[str, str] = field(default_factory=dict[str, str])
    played: tuple[str, str | None] | None = None
    told: Callable[[str], object] | None = None
    editions: list[_Edition] = field(default_factory=list[_Edition])


class Following:
    """Follows the files of a session.

    Args:
        files: The pieces that were named.
        music: What they change.
        rehearse: Has an edition tried by the understudy.
        say: Shows a text to the musician.
        later: Has work done in the main thread.
        accepted: Called when an edition has been accepted.
        folders: Each file in them is a piece, unless another one imports it.
        home: The folder that the names start from.
        also: Has more files watched: what the pieces import, with the texts that they found, and the files of
            plugins' presets.
        places: Where files and plugins are looked for that a piece names.
        fade: Cycles in which the layers of a file fade out that is gone; 0 ends them at their boundaries.
    """

    def __init__(
        self,
        files: Sequence[str],
        music: Music,
        rehearse: Callable[[Rehearsal], None],
        say: Says,
        later: Callable[[Callable[[], object]], None],
        accepted: Callable[[], None] = lambda: None,
        *,
        folders: Sequence[str] = (),
        home: Path = Path(),
        also: Callable[[Mapping[Path, str | None]], None] = lambda _: None,
        places: Places | None = None,
        fade: Fraction = Fraction(0),
    ) -> None:
        self._places = places
        self._fade = fade
        self._named = tuple(files)
        self._names = {home / file: file for file in files}
        self._folders = {home / folder: folder for folder in folders}
        self._home = home
        self._music = music
        self._rehearse = rehearse
        self._say = say
        self._later = later
        self._accepted = accepted
        self._also = also
        self._watchman = Watchman("watch over loading")
        self._tried: dict[str, int] = {}
        self._uses: dict[str, frozenset[str]] = {}
        self._unsaved = Unsaved(self._text)
        self._pieces = set(files)

    def begin(self) -> None:
        """Have all pieces rehearsed, to begin together."""
        pieces, _ = self._look()
        if not pieces:
            for folder in self._folders.values():
                self._say(f"{folder}: no piece is in this folder; it plays as soon as one is there")
        self._try(pieces, _Batch())

    def saved(self, *files: str) -> None:
        """Files were saved at one go, or are gone: have the pieces rehearsed that they concern.

        Args:
            *files: Their names: of pieces, of modules, or of what may become one. Called in any thread.
        """
        before = self._pieces
        pieces, gone = self._look()
        concerned = [file for file in pieces if file not in before or self._concerns(file, files)]
        self._try(concerned, _Batch(gone, self._unsaved.texts()))

    def play(self, file: str, text: str, told: Callable[[str], object]) -> None:
        """Play a text of an editor as if the file had been saved with it; it stands in for it until it is.

        Args:
            file: The name of a piece, or of a module that pieces import.
            text: All of it.
            told: Told when that is done what went wrong, "" if nothing did. Called in the main thread.
        """
        texts = {**self._unsaved.texts(), file: clean(text)}
        concerned = [piece for piece in sorted(self._pieces) if self._concerns(piece, (file,))]
        if concerned:
            self._try(concerned, _Batch([], texts, (file, self._text(file)), told))
        else:
            told(f"{file}: no piece that plays, and none imports it")

    def _concerns(self, piece: str, files: Collection[str]) -> bool:
        return piece in files or not self._uses.get(piece, frozenset()).isdisjoint(files)

    def noticed(self, paths: Iterable[Path]) -> None:
        """Files were saved at one go, by where they are; called in any thread."""
        self.saved(*(self._name(path) for path in paths))

    def take_over(self) -> None:
        """Look after what was saved while the former engine could not."""
        session = self._music.session
        self._pieces |= session.files.keys() - set(self._named)
        missed: list[str] = []
        pieces, gone = self._look()
        for file in pieces:
            piece, tried = session.files.get(file), session.tried.get(file, {})
            known = {} if piece is None else {file: piece.source, **piece.modules.texts}
            looked = () if piece is None else piece.modules.sought
            texts = {name: self._text(name) for name in {file, *known, *tried, *looked}}
            self._watch_modules(file, {name: text for name, text in texts.items() if name != file})
            if piece is not None:
                self._watch_presets(file, piece)
            there = {name: text for name, text in texts.items() if text is not None}
            for name in self._unsaved_before(file, there):
                if name in known:
                    self._unsaved.keep(name, known[name], there[name])
                    there[name] = known[name]
            # What the former engine had taken up, perhaps it died of: another save is needed to try it again.
            deadly = tried != _digests(known) and tried == _digests({k: there.get(k, "") for k in tried})
            if there != known and not deadly:
                missed.append(file)
        self._try(missed, _Batch(gone, self._unsaved.texts()))

    def _unsaved_before(self, file: str, there: Mapping[str, str]) -> list[str]:
        """The files whose texts an editor had played to the former engine, and that were not saved since."""
        tried = next((c for c in self._music.session.history if _is_trial(c, file)), Commit())
        beneath = cast("Mapping[str, str]", tried.get("beneath", {}))
        now = _digests({name: there[name] for name in beneath if name in there})
        return [name for name in beneath if now.get(name) == beneath[name]]

    # What there is.

    def _look(self) -> tuple[list[str], list[str]]:
        """The pieces that there are now, and those that are none any more."""
        found = [name for folder in self._folders.values() for name in pieces_in(folder, self._home)]
        pieces = list(dict.fromkeys([*self._named, *found]))
        gone = sorted(self._pieces.difference(pieces))
        self._pieces = set(pieces)
        for file in gone:
            self._tried[file] = self._tried.get(file, 0) + 1
            self._uses.pop(file, None)
        return pieces, gone

    def _name(self, path: Path) -> str:
        if path in self._names:
            return self._names[path]
        if path.parent in self._folders:
            return named(self._folders[path.parent], path.name)
        return path.as_posix()

    def _path(self, file: str) -> Path:
        return self._home / file

    def _text(self, file: str) -> str | None:
        try:
            # Some editors begin a file with a byte order mark.
            return self._path(file).read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError):
            return None

    def _watch_modules(self, file: str, texts: Mapping[str, str | None]) -> None:
        self._uses[file] = frozenset(texts)
        paths = {self._path(name): name for name in texts}
        self._names |= paths
        self._also({path: texts[name] for path, name in paths.items()})

    def _watch_presets(self, file: str, piece: Loaded) -> None:
        """Have a piece tried again when a preset of a plugin is saved on which it plays."""
        chains = [layer.target for layer in piece.layers.values() if isinstance(layer.target, Chain)]
        names = {path: path.as_posix() for path in preset_files(chains)}
        self._uses[file] = self._uses.get(file, frozenset()).union(names.values())
        self._names |= names
        self._also({path: self._text(name) for path, name in names.items()})

    # What is done with it.

    def _try(self, files: Iterable[str], batch: _Batch) -> None:
        """Have pieces rehearsed; those that are ready, and those that are gone, then change together."""
        music = self._music
        for file in files:
            number = self._tried[file] = self._tried.get(file, 0) + 1
            source = self._read(file, batch)
            if source is not None:
                batch.editions.append(_Edition(file, source, number))
        if not batch.editions:
            self._later(lambda: self._take_up(batch))
        for one in list(batch.editions):
            now = music.passed, music.cps, music.session.seed
            done, passed = partial(self._rehearsed, batch, one), partial(self._passed, one)
            self._rehearse(Rehearsal(one.file, one.source, *now, done, batch.unsaved, passed))

    def _read(self, file: str, batch: _Batch) -> str | None:
        if file in batch.unsaved:
            return batch.unsaved[file]
        try:
            return self._path(file).read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            batch.gone.append(file)
        except UnicodeDecodeError as error:
            self._unread(file, f"this is not UTF-8 text (byte {error.start}): save it as UTF-8")
        except OSError as error:
            self._unread(file, f"cannot be read ({error.strerror})")
        return None

    def _unread(self, file: str, why: str) -> None:
        self._music.noting.refused(f"{file}: {why}", file=file)
        self._say(f"{file}: {why}\n{self._still(file)}", error=True)

    def _rehearsed(self, batch: _Batch, edition: _Edition, outcome: Outcome) -> None:
        """An edition has been tried; called in any thread."""
        edition.outcome = outcome
        # What was wrong and is not even saved does not say what its piece uses.
        if outcome.modules is not None and not (batch.played is not None and outcome.error):
            self._watch_modules(edition.file, {**dict.fromkeys(outcome.sought), **outcome.modules})
        if all(one.outcome is not None for one in batch.editions):
            self._later(lambda: self._take_up(batch))

    def _take_up(self, batch: _Batch) -> None:
        ready: list[Ready] = []
        failed: dict[str, list[tuple[str, str]]] = {}
        wrong: list[str] = []
        for one in batch.editions:
            # Whoever plays a text is told what is wrong in it, also if another version came meanwhile.
            wrong_in_it = one.outcome.error if one.outcome is not None and batch.told is not None else None
            if one.number != self._tried[one.file] and wrong_in_it is None:
                continue
            found = wrong_in_it or self._loaded(one)
            if isinstance(found, str):
                self._music.noting.refused(found, file=one.file)
                # What is wrong in a module is said once, with all the pieces that use it.
                what, _, by = found.partition(FROM)
                failed.setdefault(what, []).append((one.file, by.rstrip(")")))
            else:
                ready.append(found)
        for what, users in failed.items():
            by = ", ".join(where for _, where in users if where)
            told = f"{what}{FROM}{by})" if by else what
            wrong.append(f"{told}\n{self._still(*(file for file, _ in users))}")
        with self._music.together([target for _, targets in ready for target in targets]):
            for file in batch.gone:
                self._gone(file, ready)
            for loaded, targets in ready:
                self._accept(loaded, targets)
        if batch.played is not None and (ready or not wrong):
            file, disk = batch.played
            self._unsaved.keep(file, batch.unsaved[file], disk)
        if batch.told is not None:
            batch.told("\n".join(wrong))  # whoever plays it is told, as of what is typed
        else:
            for text in wrong:
                self._say(text, error=True)

    def _passed(self, edition: _Edition, stage: str, modules: Mapping[str, str]) -> None:
        """The understudy has come so far: so far we can follow, while it goes on; called in any thread."""
        step = self._load if stage == LOADED else self._try_here
        self._later(lambda: step(edition, modules) if edition.number == self._tried[edition.file] else None)

    def _loaded(self, edition: _Edition) -> Ready | str:
        """An edition as it can be accepted, or why it cannot."""
        outcome = edition.outcome or Outcome()
        return self._try_here(edition, outcome.modules) if outcome.error is None else outcome.error

    def _load(self, edition: _Edition, modules: Mapping[str, str] | None) -> Loaded | str:
        """Run an edition here, unless that was done."""
        if edition.loaded is None or edition.modules != modules:
            edition.modules, edition.targets = modules, None
            file, source = edition.file, edition.source
            texts = {file: source, **(modules or {})}
            tried: Commit = {"kind": "tried", "file": file, "texts": _digests(texts)}
            if beneath := self._unsaved.beneath(texts):
                tried["beneath"] = _digests(beneath)
            self._music.remember(tried)
            given = beside(file, self._home, modules)
            edition.loaded = self._limited(file, lambda: load_piece(source, file, given))
        return edition.loaded

    def _try_here(self, edition: _Edition, modules: Mapping[str, str] | None) -> Ready | str:
        """Try the cycle that comes next of an edition, unless that was done."""
        loaded = self._load(edition, modules)
        if isinstance(loaded, str):
            return loaded
        if edition.targets is None:
            self._watch_presets(edition.file, loaded)
            edition.targets = self._limited(edition.file, lambda: self._music.try_piece(loaded))
        return edition.targets if isinstance(edition.targets, str) else (loaded, edition.targets)

    def _limited(self, file: str, work: Callable[[], Found]) -> Found | str:
        """What comes of running a piece; or what is wrong in it."""
        try:
            with self._watchman.limit(LOAD_LIMIT):
                return work()
        except LoadError as failed:
            return failed.block
        except Overtime:
            return f"{file_as_shown(file)}: it did not come to an end within {LOAD_LIMIT:g} s"

    def _accept(self, loaded: Loaded, targets: Sequence[Target]) -> None:
        self._accepted()
        former = self._music.session.files.get(loaded.file)
        self._say(self._music.accept_piece(loaded, targets))
        for remark in remarks(loaded, former, layers_of(self._music.session), self._places):
            self._say(remark)

    def _still(self, *files: str) -> str:
        there = [file for file in files if file in self._music.session.files]
        if not there:
            return "nothing of it plays yet"
        return "the version before plays on" if len(files) == 1 else "the versions before play on"

    def _gone(self, file: str, ready: Sequence[Ready]) -> None:
        piece = self._music.session.files.get(file)
        if piece is not None:
            why, fade = "the file is gone", self._fade
            if self._path(file).exists():
                why, fade = "other pieces import it: it is a module now", Fraction(0)
            other = next((new.file for new, _ in ready if new.source == piece.source), None)
            if other is not None:
                why, fade = f"it is {other} now", Fraction(0)
            self._music.end_piece(file, fade)
            if other is not None:
                self._say(f"{file_as_shown(file)}: {why}, and plays on")
            else:
                how = f"fade out in {float(fade):g} cycles" if fade > 0 else "end"
                self._say(f"{file_as_shown(file)}: {why}; its layers {how}")
        elif file in self._named:
            self._say(f"{file}: there is no such file; it plays as soon as it is there", error=True)


def _is_trial(commit: Commit, file: str) -> bool:
    return commit["kind"] == "tried" and commit["file"] == file


def _digests(texts: Mapping[str, str]) -> dict[str, str]:
    return {
        name: hashlib.blake2b(text.encode(errors="replace"), digest_size=16).hexdigest()
        for name, text in texts.items()
    }
