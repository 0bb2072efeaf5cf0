"""What the set is at this moment, as values: the same in the engine and in its understudy.

A session changes only by *commits*: small JSON objects that the engine makes when it accepts a change,
applies to its own session, and hands to the understudy, which applies them to its own. So whoever goes
on knows every accepted change, and the boundary from which it holds.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast

from bridge.controls import ControlTimeline, read_position
from bridge.crossing import arrived, crossed
from bridge.layer import Layer, layer_seed
from bridge.place import Place
from bridge.recall import Recall
from bridge.tempo import Tempo
from bridge.transport import Transport
from repl.bus_names import names_of
from repl.commits import COMMANDS, STATES, Commit, boundaries_of, text_of, written_boundaries
from repl.loader import Loaded, load_piece, load_statement
from repl.namespace import BEATS_PER_CYCLE, Collector, collecting, piece_namespace
from repl.report import prompt_file

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Generator, Iterable, Mapping

    from patterns.memory import Memory
    from repl.clockwork import ClockRows

KEPT = 3
"""Versions of a place that are remembered: what plays, what comes, and what was good before."""


@dataclass(frozen=True, slots=True)
class Change:
    """One place gets another layer, or none; it waits for the layer's quantum."""

    place: str
    layer: Layer | None
    quantum: Fraction


@dataclass(slots=True)
class Session:
    """Everything that has been accepted.

    Attributes:
        begun: Whether cycle 0 has its time.
        beats: Beats in a cycle, for the tempo as it is shown.
        places: For each playing place the versions and the cycle that each holds from.
        files: The pieces by file name, as they were last accepted.
        tried: For each file a digest of the edition that the engine took up last.
        overrides: For each place of a file that the prompt has taken, the statement that it holds against.
        typed: The names that were bound at the prompt.
        space: The namespace of the prompt.
        clocks: What each file, and the prompt (under ""), says of MIDI clock.
        follow: The clock that is followed, such as "midi:Digitakt"; None is our own.
        history: The commits that make this session again, for a new understudy.
        memories: What the named folds of each place have reached, as `bridge.recall` writes it down.
        lent: For each place what this process has computed of the folds of a version itself.
    """

    seed: int = 0
    begun: bool = False
    tempo: Tempo = field(default_factory=lambda: Tempo.steady(0.5))
    transport: Transport = field(default_factory=Transport)
    beats: float = BEATS_PER_CYCLE
    controls: ControlTimeline = field(default_factory=ControlTimeline)
    muted: frozenset[str] = frozenset()
    solo: frozenset[str] = frozenset()
    places: dict[str, list[tuple[Fraction, Layer | None]]] = field(
        default_factory=dict[str, "list[tuple[Fraction, Layer | None]]"]
    )
    files: dict[str, Loaded] = field(default_factory=dict[str, Loaded])
    tried: dict[str, str] = field(default_factory=dict[str, str])
    overrides: dict[str, str] = field(default_factory=dict[str, str])
    typed: set[str] = field(default_factory=set[str])
    space: dict[str, object] = field(default_factory=dict[str, object])
    follow: str | None = None
    clocks: dict[str, ClockRows] = field(default_factory=dict[str, "ClockRows"])
    history: list[Commit] = field(default_factory=list[Commit])
    memories: dict[str, dict[str, Any]] = field(default_factory=dict[str, "dict[str, Any]"])
    lent: dict[str, tuple[Layer, Memory]] = field(
        default_factory=dict[str, "tuple[Layer, Memory]"], compare=False
    )
    _count: int = 0

    # What a piece or a statement would change.

    def changes_of_file(self, loaded: Loaded) -> list[Change]:
        """What accepting this edition of a piece changes: each of its layers, and those that are gone."""
        changes: list[Change] = []
        for name, layer in loaded.layers.items():
            place = place_name(loaded.file, name)
            if not self._overridden(place, loaded):
                changes.append(Change(place, layer, layer.quantum))
                # What was tried at the prompt before it came into the file plays on in the file.
                changes += self._ends([place_name("", name)], layer.quantum)
        kept = {place_name(loaded.file, name) for name in loaded.layers}
        return changes + self._ends(sorted(self._places_of(loaded.file) - kept))

    def changes_of_end(self, file: str) -> list[Change]:
        """What the removal of a file changes: its layers end."""
        return self._ends(sorted(self._places_of(file)))

    def changes_of_statement(self, loaded: Loaded) -> list[Change]:
        """What was bound at the prompt: it takes the place of a file's layer of that name."""
        changes = [Change(self.place_of(name), layer, layer.quantum) for name, layer in loaded.layers.items()]
        return changes + self._ends(self.place_of(name) for name in sorted(loaded.unbound))

    def overrides_of(self, loaded: Loaded) -> dict[str, str]:
        """The places of files that a statement takes, and the lines that it holds against."""
        found: dict[str, str] = {}
        for name in sorted(loaded.layers.keys() | loaded.unbound):
            place = self.place_of(name)
            piece = self.files.get(file_name(place))
            if piece is not None:
                found[place] = piece.lines[name]
        return found

    def place_of(self, name: str) -> str:
        """The place that a layer's name means at the prompt: a file's, if one has it."""
        file = next((file for file, piece in self.files.items() if name in piece.layers), "")
        return place_name(file, name)

    def newest(self, place: str) -> Layer | None:
        """The layer that a place got last."""
        versions = self.places.get(place)
        return versions[-1][1] if versions else None

    def playing(self) -> list[str]:
        """The places at which a layer plays, or will at the next boundary."""
        return [place for place in self.places if self._plays(place)]

    def seeds(self) -> dict[str, int]:
        """The seed of each layer that plays, by place."""
        newest = ((place, self.newest(place)) for place in self.playing())
        return {p: layer_seed(self.seed, p, layer) for p, layer in newest if layer is not None}

    # The commits.

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
            self._apply_file(commit, loaded or load_piece(text_of(commit, "source"), text_of(commit, "file")))
        elif kind == "end":
            self._place(commit, {})
            self._end_file(text_of(commit, "file"))
        elif kind == "typed":
            self._apply_typed(commit, loaded or self._retype(text_of(commit, "source")))
        elif kind == "ended":
            self._place(commit, {})
        elif kind == "hush":
            self.places.clear()
        elif kind == "fallback":
            commit = self._dated(commit)
            self.fall_back(text_of(commit, "place"))
        elif kind == "tried":
            self.tried[text_of(commit, "file")] = text_of(commit, "digest")
        else:
            self._apply_state(kind, commit)
        self._remember(commit)

    def _apply_state(self, kind: str, commit: Commit) -> None:
        if kind == "tempo":
            self.tempo = Tempo.from_json(cast("list[list[float | str]]", commit["tempo"]))
            self.beats = cast("float", commit["beats"])
            self.begun = cast("bool", commit["begun"])
        elif kind == "transport":
            self.transport = Transport.from_json(cast("Any", commit["passages"]))
        elif kind == "mix":
            self.muted = frozenset(cast("list[str]", commit["muted"]))
            self.solo = frozenset(cast("list[str]", commit["solo"]))
        elif kind == "seed":
            self.seed = cast("int", commit["seed"])
        elif kind == "clocks":
            self.clocks = self.clocks | {text_of(commit, "file"): cast("ClockRows", commit["clocks"])}
        elif kind == "follow":
            self.follow = cast("str | None", commit["clock"])
        elif kind == "memory":
            self.memories = cast("dict[str, dict[str, Any]]", commit["places"])
        elif kind == "controls":
            self.controls = ControlTimeline.from_json(cast("Any", commit["controls"]))
        elif kind == "moved":
            for name, cycle, value in cast("list[tuple[str, str, object]]", commit["rows"]):
                self.controls.set(name, Fraction(cycle), read_position(value))
                # What a takeover still asks about, and some more.
                self.controls.forget_before(Fraction(cycle) - 16)

    def handover(self) -> list[Commit]:
        """The commits that make this session again; all that inputs did is in one of them."""
        found = [commit for commit in self.history if commit["kind"] != "controls"]
        knobs = self.controls.to_json()
        return [*found, {"kind": "controls", "controls": knobs}] if knobs else found

    def fall_back(self, place: str) -> None:
        """Put the version before the newest in its stead."""
        versions = self.places.get(place, [])
        if versions:
            before = versions[-2][1] if len(versions) > 1 else None
            versions[-1] = (versions[-1][0], before)
            # What it had taken over goes to the version in its stead; what it made of that is gone.
            kept: dict[str, Any] = {
                at: {**rows, "tracks": {}} for at, rows in self.memories.get(place, {}).items()
            }
            self.memories = {**self.memories, place: kept} if kept else self.memories

    # The prompt's namespace.

    def statement(self, source: str, commands: Mapping[str, Callable[..., object]]) -> Loaded:
        """Run what was typed in the prompt's namespace, with these commands.

        Raises:
            LoadError: See `repl.loader.load_statement`.
        """
        collector = Collector()
        for name, value in piece_namespace(collector).items():
            self.space.setdefault(name, value)  # also what was covered by a name that was deleted
        self.space.update(collecting(collector))
        self.space.update(commands)
        self._count += 1
        return load_statement(source, self.space, collector, prompt_file(self._count))

    @contextlib.contextmanager
    def attempt(self) -> Generator[None, None, None]:
        """Take back what was bound in the prompt's namespace, should what is tried here fail."""
        before = dict(self.space)
        try:
            yield
        except BaseException:
            self.space.clear()
            self.space.update(before)
            raise

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
                recall = Recall.from_json(self.memories.get(name, {}), versions)
                if name in self.lent:
                    recall.lend(*self.lent[name])
                out.append(
                    Place(
                        name,
                        list(versions),
                        versions[0][0],
                        self.seed,
                        good,
                        muted=name in self.muted_places(),
                        recall=recall,
                    )
                )
        return out

    def solo_places(self) -> frozenset[str]:
        """The places that are heard alone; none: all are heard, as when all that were solo have ended."""
        return self._named(self.solo).intersection(self.playing())

    def muted_places(self) -> frozenset[str]:
        """The places that go on unheard."""
        return self._named(self.muted)

    def _named(self, names: frozenset[str]) -> frozenset[str]:
        return frozenset(p for p in self.places if names & names_of(layer_name(p), self.newest(p)))

    # Inside.

    def _apply_file(self, commit: Commit, loaded: Loaded) -> None:
        layers = {place_name(loaded.file, name): layer for name, layer in loaded.layers.items()}
        known = self.files.get(loaded.file, loaded).lines
        same = {p for p in layers if known.get(layer_name(p)) == loaded.lines.get(layer_name(p))}
        self._place(commit, layers, same)
        for place in [p for p in self.overrides if file_name(p) == loaded.file]:
            if not self._overridden(place, loaded):
                del self.overrides[place]
                self.typed.discard(layer_name(place))
        for name in loaded.layers:
            if place_name(loaded.file, name) not in self.overrides:
                self.typed.discard(name)
        self.files[loaded.file] = loaded
        self.space.update((n, v) for n, v in loaded.names.items() if n not in self.typed)

    def _end_file(self, file: str) -> None:
        self.files.pop(file, None)
        self.overrides = {p: line for p, line in self.overrides.items() if file_name(p) != file}

    def _apply_typed(self, commit: Commit, loaded: Loaded) -> None:
        layers = loaded.layers
        self._place(
            commit, {p: layers[layer_name(p)] for p in boundaries_of(commit) if layer_name(p) in layers}
        )
        self.overrides.update(cast("dict[str, str]", commit["overrides"]))
        self.typed.update(loaded.names)

    def _retype(self, source: str) -> Loaded:
        # What a command did is a commit of its own; here it must do nothing.
        return self.statement(source, dict.fromkeys(COMMANDS, _nothing))

    def _place(self, commit: Commit, layers: Mapping[str, Layer], same: Container[str] = frozenset()) -> None:
        """Put at each place that a commit names the layer that it gets there, or none.

        Args:
            commit: What names the places and their boundaries.
            layers: By place.
            same: The places whose layers say what those before them said.
        """
        for place, boundary in boundaries_of(commit).items():
            versions = [v for v in self.places.get(place, []) if v[0] < boundary]
            layer = layers.get(place)
            if layer is not None and versions:
                before = arrived(*versions[-1], boundary, self.transport)
                at = self.transport.position(boundary)
                layer = crossed(before, layer, at, changed=place not in same)
            self.places[place] = [*versions, (boundary, layer)][-KEPT:]
        over = Fraction(cast("float", commit.get("cycle", 0))) - 1
        for place in [p for p, v in self.places.items() if v[-1][1] is None and v[-1][0] < over]:
            del self.places[place]

    def _ends(self, places: Iterable[str], quantum: Fraction | None = None) -> list[Change]:
        return [
            Change(p, None, self._quantum(p) if quantum is None else quantum)
            for p in places
            if self._plays(p)
        ]

    def _places_of(self, file: str) -> set[str]:
        piece = self.files.get(file)
        return {place_name(file, name) for name in piece.layers} if piece is not None else set()

    def _overridden(self, place: str, loaded: Loaded) -> bool:
        return place in self.overrides and self.overrides[place] == loaded.lines.get(layer_name(place))

    def _plays(self, place: str) -> bool:
        return self.newest(place) is not None

    def _quantum(self, place: str) -> Fraction:
        layers = [layer for _, layer in self.places.get(place, []) if layer is not None]
        return layers[-1].quantum if layers else Fraction(1)

    def _remember(self, commit: Commit) -> None:
        """Keep what makes the session again, and of each commit only what still matters."""
        kind = commit["kind"]
        if kind == "moved":
            return  # a tablet says hundreds in a second; `handover` has them
        if kind in STATES:
            self.history = [
                c for c in self.history if (c["kind"], c.get("file")) != (kind, commit.get("file"))
            ]
        self.history.append(commit)
        if kind not in {"typed", *STATES}:
            self._forget()

    def _forget(self) -> None:
        """Drop what later commits have made irrelevant.

        A version matters while a place has it; an edition of a file also while it is the newest, or the one
        that a statement typed after it found; a statement always, for the names that it bound.
        """
        versions = {(p, str(b)) for p, found in self.places.items() for b, _ in found}
        wanted = set(self.files)
        kept: list[Commit] = []
        for commit in reversed(self.history):
            kind, file = commit["kind"], cast("str", commit.get("file", ""))
            if kind in STATES or kind == "typed":
                needed = True
            elif kind == "file":
                needed = file in wanted
            else:
                # A file's end, as long as an edition of it may be kept before.
                needed = kind == "end" and any(
                    c["kind"] == "file" and c["file"] == file for c in self.history
                )
            alive = {p: b for p, b in written_boundaries(commit).items() if (p, b) in versions}
            if needed or alive:
                kept.append(self._still_true(commit, alive))
            if kind == "typed":
                wanted |= {cast("str", c["file"]) for c in self.history if c["kind"] == "file"}
            elif kind == "file":
                wanted.discard(file)
            if kind != "fallback":
                versions -= alive.items()
        self.history = kept[::-1]

    def _still_true(self, commit: Commit, boundaries: Mapping[str, str]) -> Commit:
        found = dict(commit)
        if "boundaries" in commit:
            found["boundaries"] = boundaries
        if "overrides" in commit:
            overrides = cast("dict[str, str]", commit["overrides"])
            found["overrides"] = {p: t for p, t in overrides.items() if self.overrides.get(p) == t}
        return found

    def _dated(self, fallback: Commit) -> Commit:
        """The same with the boundary of the version that it undoes: it matters as long as that one does."""
        place = text_of(fallback, "place")
        versions = self.places.get(place, [])
        return {**fallback, "boundaries": {place: str(versions[-1][0])} if versions else {}}


def place_name(file: str, layer: str) -> str:
    """The place of a layer of a file; of the prompt with an empty file name."""
    return f"{file}:{layer}"


def layer_name(place: str) -> str:
    """The layer's name as the musician wrote it.

    >>> layer_name("evening.py:drums")
    'drums'
    """
    return place.rpartition(":")[2]


def file_name(place: str) -> str:
    """The file of a place; empty for the prompt's.

    >>> file_name("evening.py:drums")
    'evening.py'
    """
    return place.rpartition(":")[0]


def _nothing(*_args: object, **_named: object) -> None:
    """A command that has been carried out already."""
