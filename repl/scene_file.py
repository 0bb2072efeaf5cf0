"""The scenes of a project, in a file beside its pieces: kept by one session, there again in the next."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, cast

from repl.errors import ReplError
from repl.past import TYPED, Edition
from repl.session import file_name, layer_name, place_name

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from repl.commits import Commit
    from repl.following import Says
    from repl.past import Origin, Scene
    from repl.session import Session

NAME = "scenes.json"
FORMAT = 1
KEPT = "kept "
"""What the key of a statement begins with that another session may make again."""

_Table = dict[str, object]


class SceneFile:
    """Reads and writes the scenes of a project.

    In it files are named as they lie below its folder, so it does not matter where a session is begun.

    Args:
        home: The folder that the names of the files start from.
        files: The pieces that were named.
        folders: The folders of pieces that were named.
    """

    def __init__(self, home: Path, files: Sequence[str], folders: Sequence[str] = ()) -> None:
        self._home = home
        first = [*((home / file).parent for file in files), *(home / folder for folder in folders), home]
        self._project = first[0]
        self._files = {(home / file).resolve(): file for file in files}
        self._folders = {(home / folder).resolve(): folder for folder in folders}

    @property
    def path(self) -> Path:
        """Where it lies."""
        return self._project / NAME

    def bring(self, remember: Callable[[Commit], object], say: Says) -> None:
        """Let a session have them from its beginning; what is wrong with them is said, and it has none.

        Args:
            remember: Applies a commit.
            say: Shows a text to the musician.
        """
        try:
            for commit in self.read():
                remember(commit)
        except ReplError as error:
            say(str(error), error=True)

    def keep(self, session: Session, say: Says) -> None:
        """Write down those of a session; that they cannot be is said.

        Args:
            session: Its scenes are kept.
            say: Shows a text to the musician.
        """
        try:
            self.write(session)
        except ReplError as error:
            say(str(error), error=True)

    # From the file.

    def read(self) -> list[Commit]:
        """The commits that give a session its scenes; none if there is no file.

        Raises:
            ReplError: It cannot be read.
        """
        table = self._table()
        try:
            return [self._commit(name, scene, table) for name, scene in _tables(table, "scenes").items()]
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ReplError(f"{self.path}: its scenes cannot be read ({error!r})") from None

    def _table(self) -> Mapping[str, object]:
        try:
            table: object = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {"format": FORMAT, "scenes": {}, "texts": {}}
        except (OSError, ValueError) as error:
            raise ReplError(f"{self.path} cannot be read ({error}); scenes are not kept in it") from None
        found: Mapping[str, object] = cast("_Table", table) if isinstance(table, dict) else {}
        if found.get("format") != FORMAT:
            raise ReplError(
                f"{self.path} holds no scenes that this version of Sempre knows; it is left alone"
            )
        return found

    def _commit(self, name: str, scene: _Table, table: Mapping[str, object]) -> Commit:
        texts = _tables(table, "texts")
        layers: dict[str, tuple[str, str]] = {}
        editions: dict[str, Edition] = {}
        for place, row in cast("dict[str, dict[str, str]]", scene["layers"]).items():
            layers[self._here(place)] = (row["key"], row["name"])
            editions[row["key"]] = self._edition(texts[row["text"]])
        state = {"layers": layers, "muted": scene["muted"], "solo": scene["solo"]}
        kept = {"state": state, "knobs": scene["knobs"], "editions": editions}
        return {"kind": "scene", "name": name, **kept, "from": str(self.path)}

    def _edition(self, row: _Table) -> Edition:
        before = [self._edition(one) for one in cast("list[_Table]", row.get("before", []))]
        modules = cast("dict[str, list[str]]", row.get("modules", {}))
        return Edition(
            self._named(str(row["file"])),
            "\n".join(cast("list[str]", row["text"])),
            {self._named(file): "\n".join(lines) for file, lines in modules.items()},
            tuple((one.file, one.source, one.modules) for one in before),
        )

    def _here(self, place: str) -> str:
        return place_name(self._named(file_name(place)), layer_name(place))

    def _named(self, file: str) -> str:
        """A file of the project, as this session calls it."""
        if not file:
            return ""
        path = (self._project / file).resolve()
        if path in self._files:
            return self._files[path]
        folder = self._folders.get(path.parent)
        found = self._project / file if folder is None else self._home / folder / path.name
        return Path(os.path.relpath(found, self._home)).as_posix()

    # Into the file.

    def write(self, session: Session) -> None:
        """Keep the scenes of a session, beside those that the file has already.

        Raises:
            ReplError: The file cannot be written, or is not ours.
        """
        table = self._table()
        texts = dict(_tables(table, "texts"))
        scenes = dict(_tables(table, "scenes"))
        for name, scene in session.past.scenes.items():
            scenes[name] = self._row(scene, session, texts)
        used = {
            row["text"]
            for one in scenes.values()
            for row in cast("dict[str, dict[str, str]]", one["layers"]).values()
        }
        kept = {key: text for key, text in texts.items() if key in used}
        made = {"about": 'what scene("…") has kept; sempre reads it when a session begins', "format": FORMAT}
        fresh = self.path.with_name(f".{NAME}.new")
        try:
            text = json.dumps({**made, "scenes": scenes, "texts": kept}, indent=1, ensure_ascii=False)
            fresh.write_text(text + "\n", encoding="utf-8")
            fresh.replace(self.path)
        except OSError as error:
            raise ReplError(
                f"{self.path} cannot be written ({error.strerror}): scenes last as long as the session"
            ) from None

    def _row(self, scene: Scene, session: Session, texts: dict[str, _Table]) -> _Table:
        layers: dict[str, dict[str, str]] = {}
        for place, origin in scene.heard.layers.items():
            edition = _edition_of(origin, session)
            text = self._written(edition)
            number = hashlib.blake2b(json.dumps(text).encode(errors="replace"), digest_size=6).hexdigest()
            texts[number] = text
            key = f"{KEPT}{number}" if origin.key.startswith(TYPED) else origin.key
            layers[self._there(place)] = {"text": number, "name": origin.name, "key": key}
        heard = scene.heard
        return {
            "muted": sorted(heard.muted),
            "solo": sorted(heard.solo),
            "knobs": dict(scene.knobs),
            "layers": layers,
        }

    def _written(self, edition: Edition) -> _Table:
        row: _Table = {"file": self._below(edition.file), "text": edition.source.split("\n")}
        if edition.modules:
            row["modules"] = {self._below(file): text.split("\n") for file, text in edition.modules.items()}
        if edition.before:
            row["before"] = [self._written(Edition(*one)) for one in edition.before]
        return row

    def _there(self, place: str) -> str:
        return place_name(self._below(file_name(place)), layer_name(place))

    def _below(self, file: str) -> str:
        return Path(os.path.relpath(self._home / file, self._project)).as_posix() if file else ""


def _tables(table: Mapping[str, object], name: str) -> dict[str, _Table]:
    return cast("dict[str, _Table]", table[name])


def _edition_of(origin: Origin, session: Session) -> Edition:
    """What makes a layer again, in another session too."""
    past = session.past
    return (
        past.spoken(origin.key, session.files.values())
        if origin.key.startswith(TYPED)
        else past.editions[origin.key]
    )
