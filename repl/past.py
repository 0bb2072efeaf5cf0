"""What was heard before: the states that the music has been in, and what makes their layers again."""

from __future__ import annotations

import ast
import hashlib
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

from bridge.controls import read_position
from repl.errors import LoadError
from repl.loader import load_piece
from repl.own_modules import beside

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
    from fractions import Fraction

    from bridge.controls import Position
    from bridge.layer import Layer
    from repl.commits import Commit
    from repl.loader import Loaded

MOST = 64
"""Changes that can be undone."""
TYPED = "typed "
"""What the key of a statement begins with; its number follows."""


class Origin(NamedTuple):
    """Where a layer came from.

    Attributes:
        key: Of the edition or the statement.
        name: The layer's name in it.
    """

    key: str
    name: str


class Edition(NamedTuple):
    """A piece as it was, or a statement with all that it needs.

    Attributes:
        file: The piece's name; empty for a statement.
        source: Its text.
        modules: The texts of the modules that it imports, by file name.
        before: The pieces and statements whose names a statement uses: file, text and modules of each.
    """

    file: str
    source: str
    modules: Mapping[str, str]
    before: Sequence[tuple[str, str, Mapping[str, str]]] = ()


class Spoken(NamedTuple):
    """A statement that has bound something.

    Attributes:
        source: Its text.
        binds: The names.
        modules: The texts of the modules that it imports, by file name.
    """

    source: str
    binds: frozenset[str]
    modules: Mapping[str, str]


_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Heard:
    """A state of the music: which version of which layer plays, and which of them are heard."""

    layers: Mapping[str, Origin] = field(default_factory=dict[str, Origin])
    muted: frozenset[str] = frozenset()
    solo: frozenset[str] = frozenset()

    def to_json(self) -> dict[str, object]:
        """As plain data."""
        return {"layers": dict(self.layers), "muted": sorted(self.muted), "solo": sorted(self.solo)}

    @staticmethod
    def from_json(table: Mapping[str, object]) -> Heard:
        """The same again."""
        layers = cast("Mapping[str, tuple[str, str]]", table["layers"])
        muted, solo = cast("list[str]", table["muted"]), cast("list[str]", table["solo"])
        return Heard(
            {place: Origin(*row) for place, row in layers.items()}, frozenset(muted), frozenset(solo)
        )


@dataclass(frozen=True, slots=True)
class Scene:
    """A state of the music that was given a name, with the positions of the inputs."""

    heard: Heard
    knobs: Mapping[str, Position] = field(default_factory=dict[str, "Position"])

    def to_json(self) -> dict[str, object]:
        """As plain data."""
        return {"state": self.heard.to_json(), "knobs": dict(self.knobs)}

    @staticmethod
    def from_json(table: Mapping[str, object]) -> Scene:
        """The same again."""
        knobs = cast("Mapping[str, object]", table["knobs"])
        state = cast("Mapping[str, object]", table["state"])
        return Scene(Heard.from_json(state), {name: read_position(one) for name, one in knobs.items()})


@dataclass(slots=True)
class Past:
    """The states that a session has been in, of which one is the present.

    Args:
        home: The folder that the names of the files start from.

    Attributes:
        states: The oldest first; those after the present were undone.
        at: Which of them is the present.
        editions: Those that some state or scene needs, by key.
        scenes: By name.
        again: Makes the layers of a statement again.
    """

    home: Path = field(default_factory=Path)
    states: list[Heard] = field(default_factory=lambda: [Heard()])
    at: int = 0
    editions: dict[str, Edition] = field(default_factory=dict[str, Edition])
    scenes: dict[str, Scene] = field(default_factory=dict[str, Scene])
    again: Callable[[Edition], Mapping[str, Layer]] = field(default=lambda _: {}, compare=False)
    _said: dict[str, Mapping[str, Layer]] = field(default_factory=dict[str, "Mapping[str, Layer]"])
    _spoken: dict[str, Spoken] = field(default_factory=dict[str, Spoken])
    _statements: int = 0
    _batch: object = None
    _open: bool = True
    _places: dict[str, list[tuple[Fraction, Origin | None]]] = field(
        default_factory=dict[str, "list[tuple[Fraction, Origin | None]]"]
    )
    _made: dict[str, Mapping[str, Layer]] = field(default_factory=dict[str, "Mapping[str, Layer]"])

    @property
    def now(self) -> Heard:
        """The present."""
        return self.states[self.at]

    # What a session tells of its commits.

    def edition(self, loaded: Loaded) -> dict[str, Origin]:
        """Take down an edition of a piece; gives where its layers come from, by name.

        A layer whose own statement is as it was, and all of the piece that it may depend on, comes from where
        it came from before.
        """
        made = Edition(loaded.file, loaded.source, dict(loaded.modules.texts))
        found: dict[str, Origin] = {}
        # Wherever a session is begun that plays it: the key is in the file of scenes.
        folder = Path(loaded.file).parent
        modules = sorted((os.path.relpath(file, folder), text) for file, text in made.modules.items())
        for name, words in _words(loaded).items():
            text = repr((Path(loaded.file).name, name, words, modules))
            key = hashlib.blake2b(text.encode(errors="replace"), digest_size=12).hexdigest()
            self.editions.setdefault(key, made)
            found[name] = Origin(key, name)
        return found

    def statement(self) -> str:
        """Count a statement; gives its key."""
        self._statements += 1
        return f"{TYPED}{self._statements}"

    def take_back(self) -> None:
        """Count a statement no more: it was broken off, and is run again."""
        self._statements -= 1

    def said(self, key: str, loaded: Loaded) -> None:
        """Keep what a statement has bound: its layers may need names that are others by now."""
        if loaded.layers:
            self._said[key] = loaded.layers
        if loaded.names:
            self._spoken[key] = Spoken(loaded.source, frozenset(loaded.names), dict(loaded.modules.texts))

    def spoken(self, key: str, pieces: Iterable[Loaded]) -> Edition:
        """A statement with all that it needs to be made again elsewhere.

        Args:
            key: Of the statement.
            pieces: Those that play: it may use what they bind.
        """
        said = self._spoken[key]
        wanted = uses_of(said.source)
        needed: list[tuple[str, str, Mapping[str, str]]] = []
        earlier = [other for other in self._spoken if _number(other) < _number(key)]
        for one in (self._spoken[other] for other in reversed(earlier)):
            if not wanted.isdisjoint(one.binds):
                needed.insert(0, ("", one.source, one.modules))
                # What it binds need not be looked for any further back.
                wanted = (wanted - one.binds) | uses_of(one.source)
        rows = [(p.file, p.source, dict(p.modules.texts)) for p in pieces if not wanted.isdisjoint(p.names)]
        return Edition("", said.source, said.modules, (*rows, *needed))

    def put(self, place: str, boundary: Fraction, origin: Origin | None) -> None:
        """A place gets a version, from a boundary on."""
        versions = [one for one in self._places.get(place, []) if one[0] < boundary]
        self._places[place] = [*versions, (boundary, origin)][-2:]

    def fall_back(self, place: str) -> None:
        """The version before the newest plays in its stead."""
        versions = self._places.get(place, [])
        if versions:
            versions[-1] = (versions[-1][0], versions[-2][1] if len(versions) > 1 else None)

    def note(
        self, commit: Commit, places: Collection[str], muted: frozenset[str], solo: frozenset[str]
    ) -> None:
        """Take down the state that a commit has led to.

        Args:
            commit: It may say to which of the states it went, or of which batch it is.
            places: Those at which something plays; others are forgotten.
            muted: Names.
            solo: Names.
        """
        self._places = {place: found for place, found in self._places.items() if place in places}
        if not self._open:
            return
        newest = {place: versions[-1][1] for place, versions in self._places.items()}
        state = Heard({place: one for place, one in newest.items() if one is not None}, muted, solo)
        if "to" in commit:
            self.at = min(cast("int", commit["to"]), len(self.states) - 1)
            self._batch = None
        elif commit["kind"] == "fallback":
            self.states[self.at] = state
        elif state != self.now:
            batch = commit.get("batch")
            # What was saved at one go is one change.
            before = self.at if batch is not None and batch == self._batch else self.at + 1
            self.states = [*self.states[:before], state][-MOST - 1 :]
            self.at = len(self.states) - 1
            self._batch = batch
            self.prune()

    def prune(self) -> None:
        """Forget the editions and statements that no state and no scene needs."""
        kept = [*self.states, *(scene.heard for scene in self.scenes.values())]
        needed = {one.key for state in kept for one in state.layers.values()}
        needed |= {one.key for versions in self._places.values() for _, one in versions if one is not None}
        self.editions = {key: made for key, made in self.editions.items() if key in needed}
        self._said = {key: made for key, made in self._said.items() if key in needed}
        self._made = {key: made for key, made in self._made.items() if key in needed}

    # The way back.

    def layer(self, origin: Origin) -> Layer:
        """The layer that came from somewhere, made again.

        Raises:
            LoadError: Its piece cannot be loaded any more, or is not known any more.
        """
        if origin.key.startswith(TYPED):
            found = self._said.get(origin.key, {})
        else:
            found = self._made.get(origin.key) or self._load(origin.key)
        if origin.name not in found:
            raise LoadError(f"{origin.name} cannot be made again: what it came from is not kept any more")
        return found[origin.name]

    def _load(self, key: str) -> Mapping[str, Layer]:
        made = self.editions.get(key)
        if made is None:
            return {}
        if made.file:
            layers = load_piece(made.source, made.file, beside(made.file, self.home, made.modules)).layers
        else:
            layers = self.again(made)
        self._made = {**dict(list(self._made.items())[-7:]), key: layers}
        return layers

    def needed(self, layers: Iterable[Origin | None]) -> dict[str, Edition]:
        """The editions that some layers come from."""
        keys = {one.key for one in layers if one is not None}
        return {key: self.editions[key] for key in sorted(keys) if key in self.editions}

    def learn(self, editions: Mapping[str, Iterable[object]]) -> None:
        """Take down editions as a commit has them."""
        self.editions |= {
            key: Edition(*cast("tuple[str, str, dict[str, str]]", row)) for key, row in editions.items()
        }

    # For an understudy that comes later.

    def around(self, history: list[Commit]) -> list[Commit]:
        """The commits that make a session again, with those that tell of its past around them."""
        if len(self.states) < 2 and not self.scenes:
            return history
        told: Commit = {
            "kind": "past",
            "states": [state.to_json() for state in self.states],
            "at": self.at,
            "scenes": {name: scene.to_json() for name, scene in self.scenes.items()},
            "editions": dict(self.editions),
        }
        return [told, *history, {"kind": "past"}]

    def take(self, commit: Commit) -> None:
        """Keep a scene; or take all of it from one of those commits.

        What follows the first of them is no change, until the other one says that all has been told.
        """
        if commit["kind"] == "scene":
            self.learn(cast("dict[str, list[object]]", commit.get("editions", {})))
            self.scenes = {**self.scenes, str(commit["name"]): Scene.from_json(commit)}
            return
        self._open = "states" not in commit
        if not self._open:
            self.states = [Heard.from_json(row) for row in cast("list[dict[str, object]]", commit["states"])]
            self.at = cast("int", commit["at"])
            scenes = cast("Mapping[str, Mapping[str, object]]", commit["scenes"])
            self.scenes = {name: Scene.from_json(row) for name, row in scenes.items()}
            self.learn(cast("dict[str, list[object]]", commit["editions"]))


def uses_of(source: str) -> frozenset[str]:
    """The names that a text uses.

    >>> sorted(uses_of("hats = play(s(x).fast(n))"))
    ['n', 'play', 's', 'x']
    """
    try:
        nodes = ast.walk(ast.parse(source))
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return frozenset(_WORD.findall(source))
    return frozenset(n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Load))


def _number(key: str) -> int:
    return int(key.removeprefix(TYPED))


def _words(loaded: Loaded) -> dict[str, str]:
    """For each layer what it is made of: its own statement, and all that makes no other layer."""
    own: dict[str, list[str]] = {name: [] for name in loaded.layers}
    common: list[str] = []
    for text, binds in loaded.statements:
        if binds and binds <= own.keys():
            for name in binds:
                own[name].append(text)
        else:
            common.append(text)
    rest = "\n".join(common)
    words = {name: {*_WORD.findall("\n".join(texts))} for name, texts in own.items()}
    used = {*_WORD.findall(rest)}.union(*(found - {name} for name, found in words.items()))
    if used & own.keys() or not all(own.values()):
        # One layer is made of another, or in a loop: then each depends on all.
        return dict.fromkeys(own, "\n".join(text for text, _ in loaded.statements))
    return {name: "\n".join([rest, *texts]) for name, texts in own.items()}
