"""What the set is at this moment, as values: the same in the engine and in its understudy.

A session changes only by *commits*: small JSON objects that the engine makes when it accepts a change,
applies to its own session, and hands to the understudy, which applies them to its own. So whoever goes
on knows every accepted change, and the boundary from which it holds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, cast

from bridge.controls import ControlTimeline
from bridge.layer import Layer, seed_of
from bridge.scheduler import Place
from bridge.tempo import Tempo
from repl.loader import Loaded, load_piece, load_statement
from repl.namespace import Collector, collecting, piece_namespace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from repl.namespace import TempoRequest

Commit = dict[str, object]

KEPT = 3
"""Versions of a place that are remembered: what plays, what comes, and what was good before."""


@dataclass(frozen=True, slots=True)
class Change:
    """One place gets another layer, or none; it waits for the layer's quantum."""

    place: str
    layer: Layer | None
    quantum: Fraction


@dataclass(slots=True)
class File:
    """A piece as it was last accepted."""

    loaded: Loaded
    places: frozenset[str]


@dataclass(slots=True)
class Session:
    """Everything that has been accepted.

    Attributes:
        places: For each playing place the versions and the cycle that each holds from.
        files: The pieces by file name.
        space: The namespace of the prompt.
        history: The commits that make this session again, for a new understudy.
    """

    seed: int = 0
    tempo: Tempo = field(default_factory=lambda: Tempo.steady(0.5))
    controls: ControlTimeline = field(default_factory=ControlTimeline)
    muted: frozenset[str] = frozenset()
    solo: frozenset[str] = frozenset()
    places: dict[str, list[tuple[Fraction, Layer | None]]] = field(
        default_factory=dict[str, "list[tuple[Fraction, Layer | None]]"]
    )
    files: dict[str, File] = field(default_factory=dict[str, File])
    overrides: dict[str, str] = field(default_factory=dict[str, str])
    typed: set[str] = field(default_factory=set[str])
    space: dict[str, object] = field(default_factory=lambda: piece_namespace(Collector()))
    history: list[Commit] = field(default_factory=list[Commit])

    # What a piece or a statement would change.

    def changes_of_file(self, loaded: Loaded) -> list[Change]:
        """What accepting this edition of a piece changes: each of its layers, and those that are gone."""
        former = self.files.get(loaded.file)
        changes = [
            Change(place_name(loaded.file, name), layer, layer.quantum)
            for name, layer in loaded.layers.items()
            if not self._overridden(name, loaded)
        ]
        if former is not None:
            kept = {place_name(loaded.file, name) for name in loaded.layers}
            changes += [Change(place, None, self._quantum(place)) for place in sorted(former.places - kept)]
        return changes

    def changes_of_end(self, file: str) -> list[Change]:
        """What the removal of a file changes: its layers end."""
        former = self.files.get(file)
        places = sorted(former.places) if former is not None else []
        return [Change(place, None, self._quantum(place)) for place in places]

    def changes_of_statement(self, loaded: Loaded) -> list[Change]:
        """What was bound at the prompt: it takes the place of a file's layer of that name."""
        changes = [Change(self.place_of(name), layer, layer.quantum) for name, layer in loaded.layers.items()]
        for name in sorted(loaded.unbound):
            place = self.place_of(name)
            if self._plays(place):
                changes.append(Change(place, None, self._quantum(place)))
        return changes

    def place_of(self, name: str) -> str:
        """The place that a layer's name means at the prompt: a file's, if one has it."""
        for file, one in self.files.items():
            if place_name(file, name) in one.places:
                return place_name(file, name)
        return place_name("", name)

    def playing(self) -> list[str]:
        """The places at which a layer plays, or will at the next boundary."""
        return [place for place in self.places if self._plays(place)]

    # The commits; each method applies one.

    def apply(self, commit: Commit, loaded: Loaded | None = None) -> None:
        """Apply a commit.

        Args:
            commit: What was accepted.
            loaded: The piece or statement, if it has been loaded already; else it is loaded here.

        Raises:
            LoadError: The piece cannot be loaded here.
        """
        kind = cast("str", commit["kind"])
        if kind == "file":
            self._apply_file(commit, loaded or load_piece(_text(commit, "source"), _text(commit, "file")))
        elif kind == "end":
            changes = self.changes_of_end(_text(commit, "file"))
            self._place(changes, _boundaries(commit))
            self.files.pop(_text(commit, "file"), None)
        elif kind == "typed":
            self._apply_typed(commit, loaded or self._retype(_text(commit, "source")))
        elif kind == "ended":
            boundaries = _boundaries(commit)
            self._place([Change(place, None, Fraction(1)) for place in boundaries], boundaries)
        elif kind == "hush":
            self.places.clear()
        elif kind == "tempo":
            self.tempo = Tempo.from_json(cast("list[list[float | str]]", commit["tempo"]))
        elif kind == "mix":
            self.muted = frozenset(cast("list[str]", commit["muted"]))
            self.solo = frozenset(cast("list[str]", commit["solo"]))
        elif kind == "seed":
            self.seed = cast("int", commit["seed"])
        elif kind == "controls":
            self.controls = ControlTimeline.from_json(
                cast("dict[str, list[tuple[str, float]]]", commit["controls"])
            )
        elif kind == "fallback":
            self.fall_back(_text(commit, "place"))
        self._remember(commit)

    def fall_back(self, place: str) -> None:
        """Put the version before the newest in its stead."""
        versions = self.places.get(place, [])
        if versions:
            before = versions[-2][1] if len(versions) > 1 else None
            versions[-1] = (versions[-1][0], before)

    def statement(self, source: str, commands: Mapping[str, Callable[..., object]]) -> Loaded:
        """Run what was typed in the prompt's namespace, with these commands.

        Raises:
            LoadError: See `repl.loader.load_statement`.
        """
        collector = Collector()
        self.space.update(collecting(collector))
        self.space.update(commands)
        return load_statement(source, self.space, collector)

    # For the scheduler of an engine that takes over.

    def as_places(self, suspect: str = "") -> list[Place]:
        """The playing places as a scheduler has them.

        Args:
            suspect: The place whose query took the former engine down; it goes back a version.
        """
        if suspect:
            self.fall_back(suspect)
        out: list[Place] = []
        for name, versions in self.places.items():
            if any(layer is not None for _, layer in versions):
                good = next((layer for _, layer in reversed(versions[:-1]) if layer is not None), None)
                out.append(
                    Place(
                        name,
                        list(versions),
                        versions[0][0],
                        seed_of(self.seed, name),
                        good,
                        muted=layer_name(name) in self.muted,
                    )
                )
        return out

    def solo_places(self) -> frozenset[str]:
        """The places that are heard alone; none: all are heard."""
        return frozenset(place for place in self.places if layer_name(place) in self.solo)

    # Inside.

    def _apply_file(self, commit: Commit, loaded: Loaded) -> None:
        self._place(self.changes_of_file(loaded), _boundaries(commit))
        for name in [n for n in self.overrides if n in loaded.lines and not self._overridden(n, loaded)]:
            del self.overrides[name]
        places = frozenset(place_name(loaded.file, name) for name in loaded.layers)
        self.files[loaded.file] = File(loaded, places)
        self.space.update((n, v) for n, v in loaded.names.items() if n not in self.typed)
        if loaded.seed is not None:
            self.seed = loaded.seed

    def _apply_typed(self, commit: Commit, loaded: Loaded) -> None:
        self._place(self.changes_of_statement(loaded), _boundaries(commit))
        for name in loaded.layers:
            for one in self.files.values():
                if name in one.loaded.lines:
                    self.overrides[name] = one.loaded.lines[name]
        self.typed.update(loaded.names)

    def _retype(self, source: str) -> Loaded:
        # What a command did is a commit of its own; here it must do nothing.
        return self.statement(source, dict.fromkeys(COMMANDS, _nothing))

    def _place(self, changes: Iterable[Change], boundaries: Mapping[str, Fraction]) -> None:
        for change in changes:
            boundary = boundaries.get(change.place)
            if boundary is None:
                continue
            versions = [v for v in self.places.get(change.place, []) if v[0] < boundary]
            self.places[change.place] = [*versions, (boundary, change.layer)][-KEPT:]

    def _overridden(self, name: str, loaded: Loaded) -> bool:
        return name in self.overrides and self.overrides[name] == loaded.lines.get(name)

    def _plays(self, place: str) -> bool:
        versions = self.places.get(place)
        return bool(versions) and versions[-1][1] is not None

    def _quantum(self, place: str) -> Fraction:
        layers = [layer for _, layer in self.places.get(place, []) if layer is not None]
        return layers[-1].quantum if layers else Fraction(1)

    def _remember(self, commit: Commit) -> None:
        """Keep what makes the session again: of each file two editions, of each state the newest."""
        kind = commit["kind"]
        if kind in {"tempo", "mix", "seed", "controls"}:
            self.history = [c for c in self.history if c["kind"] != kind]
        elif kind == "file":
            editions = [c for c in self.history if c["kind"] == kind and c["file"] == commit["file"]]
            old = {id(c) for c in editions[:-1]}
            self.history = [c for c in self.history if id(c) not in old]
        self.history.append(commit)


COMMANDS = ("hush", "panic", "mute", "unmute", "solo", "unsolo", "turn", "layers")
"""What can be said at the prompt only; `repl.commands` does it."""


def place_name(file: str, layer: str) -> str:
    """The place of a layer of a file; of the prompt with an empty file name."""
    return f"{file}:{layer}"


def layer_name(place: str) -> str:
    """The layer's name as the musician wrote it.

    >>> layer_name("evening.py:drums")
    'drums'
    """
    return place.rpartition(":")[2]


def typed_commit(source: str, boundaries: Mapping[str, Fraction]) -> Commit:
    """The commit of a statement typed at the prompt."""
    return {"kind": "typed", "source": source, "boundaries": _plain(boundaries)}


def file_commit(loaded: Loaded, boundaries: Mapping[str, Fraction]) -> Commit:
    """The commit of an edition of a piece."""
    return {
        "kind": "file",
        "file": loaded.file,
        "source": loaded.source,
        "boundaries": _plain(boundaries),
    }


def end_commit(file: str, boundaries: Mapping[str, Fraction]) -> Commit:
    """The commit of a file that is gone."""
    return {"kind": "end", "file": file, "boundaries": _plain(boundaries)}


def wanted_tempo(loaded: Loaded, former: Loaded | None) -> TempoRequest | None:
    """The tempo that an edition asks for, if it is another than the edition before asked for."""
    before = former.tempo if former is not None else None
    return loaded.tempo if loaded.tempo != before else None


def _plain(boundaries: Mapping[str, Fraction]) -> dict[str, str]:
    return {place: str(boundary) for place, boundary in boundaries.items()}


def _boundaries(commit: Commit) -> dict[str, Fraction]:
    return {p: Fraction(b) for p, b in cast("dict[str, str]", commit.get("boundaries", {})).items()}


def _text(commit: Commit, field_name: str) -> str:
    return cast("str", commit[field_name])


def _nothing(*_args: object, **_named: object) -> None:
    """A command that has been carried out already."""
