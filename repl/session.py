"""What the set is at this moment, as values: the same in the engine and in its understudy.

A session changes only by *commits*: small JSON objects that the engine makes when it accepts a change,
applies to its own session, and hands to the understudy, which applies them to its own. So whoever goes
on knows every accepted change, and the boundary from which it holds.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from bridge.controls import ControlTimeline, read_position
from bridge.crossing import arrived, crossed, leaving
from bridge.layer import Layer, layer_seed
from bridge.place import Mix
from bridge.tempo import Tempo
from bridge.transport import Transport
from repl.bus_names import names_of
from repl.commits import COMMANDS, STATES, Commit, boundaries_of, text_of
from repl.going_back import told_apart
from repl.loader import Loaded, load_piece, load_statement
from repl.namespace import BEATS_PER_CYCLE, Collector, collecting, piece_namespace
from repl.own_modules import OwnModules, beside, folder_of, given_with
from repl.past import Edition, Origin, Past
from repl.remembered import still_mattering
from repl.report import prompt_file
from repl.resumed import resumed
from repl.statement import file_of

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Generator, Mapping

    from bridge.place import Place
    from patterns.memory import Memory
    from repl.clockwork import ClockRows

KEPT = 3
"""Versions of a place that are remembered: what plays, what comes, and what was good before."""


@dataclass(slots=True)
class Session:
    """Everything that has been accepted.

    Attributes:
        begun: Whether cycle 0 has its time.
        beats: Beats in a cycle, for the tempo as it is shown.
        places: For each playing place the versions and the cycle that each holds from.
        former: What was muted and solo, by name, until the newest change of that holds.
        files: The pieces by file name, as they were last accepted.
        tried: For each file digests of the texts, by file name, of the edition that the engine took up last.
        overrides: For each place of a file that the prompt has taken, the statement that it holds against.
        typed: The names that were bound at the prompt.
        space: The namespace of the prompt.
        clocks: What each file, and the prompt (under ""), says of MIDI clock.
        follow: The clock that is followed, such as "midi:Digitakt"; None is our own.
        history: The commits that make this session again, for a new understudy.
        memories: What the named folds of each place have reached, as `bridge.recall` writes it down.
        home: The folder that the names of the files start from.
        past: The states that it has been in.
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
    former: Mix | None = None
    places: dict[str, list[tuple[Fraction, Layer | None]]] = field(
        default_factory=dict[str, "list[tuple[Fraction, Layer | None]]"]
    )
    files: dict[str, Loaded] = field(default_factory=dict[str, Loaded])
    tried: dict[str, dict[str, str]] = field(default_factory=dict[str, "dict[str, str]"])
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
    home: Path = field(default_factory=Path, compare=False)
    past: Past = field(default_factory=Past, compare=False)
    _count: int = 0

    def __post_init__(self) -> None:
        """Let what is made again be looked for where it was."""
        self.past.home = self.home
        self.past.again = self._said_again

    # What plays.

    def place_of(self, name: str) -> str:
        """The place that a layer's name means at the prompt: a file's, if one has it."""
        file = next((file for file, piece in self.files.items() if name in piece.layers), "")
        return place_name(file, name)

    def newest(self, place: str) -> Layer | None:
        """The layer that a place got last."""
        versions = self.places.get(place)
        return versions[-1][1] if versions else None

    def since(self, place: str, boundary: Fraction) -> list[tuple[Fraction, Layer | None]]:
        """The versions of a place from a cycle on: one that fades out is there until it ends."""
        return [one for one in self.places.get(place, []) if one[0] >= boundary]

    def playing(self) -> list[str]:
        """The places at which a layer plays, or will at the next boundary."""
        return [place for place in self.places if self.plays(place)]

    def quantum_of(self, place: str, layer: Layer | None = None) -> Fraction:
        """The cycles that a change of a place waits for: as its new layer says, else the one before."""
        layers = [layer for _, layer in [*self.places.get(place, []), (0, layer)] if layer is not None]
        return layers[-1].quantum if layers else Fraction(1)

    def plays(self, place: str) -> bool:
        """Whether a layer plays at a place, or will at the next boundary."""
        return self.newest(place) is not None

    def overridden(self, place: str, loaded: Loaded) -> bool:
        """Whether what was typed holds against a layer of an edition: its line is as it was then."""
        return place in self.overrides and self.overrides[place] == loaded.lines.get(layer_name(place))

    def sounding(self) -> list[str]:
        """The places at which a layer plays, or is about to have ended."""
        return [p for p, versions in self.places.items() if any(layer is not None for _, layer in versions)]

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
            self._apply_file(commit, loaded or self._reload(commit))
        elif kind == "end":
            self._place(commit, {}, fade=Fraction(str(commit.get("fade", 0))))
            self._end_file(text_of(commit, "file"))
        elif kind == "typed":
            self._apply_typed(commit, self.past.statement(), loaded or self._retype(commit))
        elif kind == "recalled":
            self._apply_recalled(commit)
        elif kind == "ended":
            self._place(commit, {})
        elif kind == "hush":
            self.places.clear()
        elif kind == "fallback":
            commit = self._dated(commit)
            self.fall_back(text_of(commit, "place"))
        elif kind == "tried":
            self.tried[text_of(commit, "file")] = cast("dict[str, str]", commit["texts"])
        else:
            self._apply_state(kind, commit)
        self.past.note(commit, self.places, self.muted, self.solo)
        self._remember(commit)

    def _apply_state(self, kind: str, commit: Commit) -> None:
        if kind == "tempo":
            self.tempo = Tempo.from_json(cast("list[list[float | str]]", commit["tempo"]))
            self.beats = cast("float", commit["beats"])
            self.begun = cast("bool", commit["begun"])
        elif kind == "transport":
            self.transport = Transport.from_json(cast("Any", commit["passages"]))
        elif kind == "mix":
            self.former = _former(commit)
            self.muted = frozenset(cast("list[str]", commit["muted"]))
            self.solo = frozenset(cast("list[str]", commit["solo"]))
        elif kind == "seed":
            self.seed = cast("int", commit["seed"])
        elif kind in {"past", "scene"}:
            self.past.take(commit)
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
        if knobs:
            found.append({"kind": "controls", "controls": knobs})
        return self.past.around(found)

    def fall_back(self, place: str) -> None:
        """Put the version before the newest in its stead."""
        versions = self.places.get(place, [])
        # What is to end, ends: one that fails on its way out only goes before it would have.
        if versions and versions[-1][1] is not None:
            self.past.fall_back(place)
            before = versions[-2][1] if len(versions) > 1 else None
            versions[-1] = (versions[-1][0], before)
            # What it had taken over goes to the version in its stead; what it made of that is gone.
            kept: dict[str, Any] = {
                at: {**rows, "tracks": {}} for at, rows in self.memories.get(place, {}).items()
            }
            self.memories = {**self.memories, place: kept} if kept else self.memories

    # The prompt's namespace.

    def statement(
        self,
        source: str,
        commands: Mapping[str, Callable[..., object]],
        given: Mapping[str, str] | None = None,
    ) -> Loaded:
        """Run what was typed in the prompt's namespace.

        Args:
            source: What was typed.
            commands: What can be said at the prompt only.
            given: The texts of the modules that it can import; those beside the pieces unless given.

        Raises:
            LoadError: See `repl.loader.load_statement`.
        """
        collector = Collector()
        for name, value in piece_namespace(collector).items():
            self.space.setdefault(name, value)  # also what was covered by a name that was deleted
        asks = collecting(collector)
        self.space.update(asks)
        modules = OwnModules(sorted({folder_of(file) for file in self.files}) or [""], self.home, given)
        modules.open(self.space)
        self.space.update(told_apart(commands, asks))
        self._count += 1
        return load_statement(
            source, self.space, collector, file_of(source) or prompt_file(self._count), modules
        )

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
        return resumed(self)

    def solo_places(self) -> frozenset[str]:
        """The places that are heard alone; none: all are heard, as when all that were solo have ended."""
        return self._named(self.solo).intersection(self.playing())

    def former_mix(self) -> Mix | None:
        """Which places are heard until the newest change of that holds."""
        now = self.former
        return now and now._replace(muted=self._named(now.muted), solo=self._named(now.solo))

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
        origins = self.past.edition(loaded)
        self._place(commit, layers, same, {p: origins[layer_name(p)] for p in layers})
        for place in [p for p in self.overrides if file_name(p) == loaded.file]:
            if not self.overridden(place, loaded):
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

    def _apply_typed(self, commit: Commit, key: str, loaded: Loaded) -> None:
        layers = {p: loaded.layers.get(layer_name(p)) for p in boundaries_of(commit)}
        self.past.said(key, loaded)
        self._place(commit, layers, origins={p: Origin(key, layer_name(p)) for p in layers})
        self.overrides.update(cast("dict[str, str]", commit["overrides"]))
        self.typed.update(loaded.names)

    def _apply_recalled(self, commit: Commit) -> None:
        self.past.learn(cast("dict[str, list[object]]", commit["editions"]))
        rows = cast("dict[str, tuple[str, str]]", commit["layers"])
        origins = {place: Origin(*rows[place]) for place in boundaries_of(commit) if place in rows}
        layers = {place: self.past.layer(origin) for place, origin in origins.items()}
        self._place(commit, layers, origins=origins, whole=True)

    def _reload(self, commit: Commit) -> Loaded:
        file = text_of(commit, "file")
        return load_piece(text_of(commit, "source"), file, beside(file, self.home, given_with(commit)))

    def _said_again(self, made: Edition) -> Mapping[str, Layer]:
        """The layers of a statement that was made in another session, or at another time."""
        space = Session(home=self.home)
        for file, source, modules in made.before:
            if file:
                space.apply({"kind": "file", "file": file, "source": source, "modules": modules})
            else:
                space.statement(source, dict.fromkeys(COMMANDS, _nothing), modules)
        return space.statement(made.source, dict.fromkeys(COMMANDS, _nothing), made.modules).layers

    def _retype(self, commit: Commit) -> Loaded:
        # What a command did is a commit of its own; here it must do nothing.
        nothing = dict.fromkeys(COMMANDS, _nothing)
        return self.statement(text_of(commit, "source"), nothing, given_with(commit))

    def _place(
        self,
        commit: Commit,
        layers: Mapping[str, Layer | None],
        same: Container[str] = frozenset(),
        origins: Mapping[str, Origin] | None = None,
        *,
        whole: bool = False,
        fade: Fraction = Fraction(0),
    ) -> None:
        """Put at each place that a commit names the layer that it gets there, or none.

        Args:
            commit: What names the places and their boundaries.
            layers: By place.
            same: The places whose layers say what those before them said.
            origins: Where the layers come from, by place.
            whole: They come back as they were: on no way from those before them.
            fade: Cycles in which what ends fades out.
        """
        for place, boundary in boundaries_of(commit).items():
            versions = [v for v in self.places.get(place, []) if v[0] < boundary]
            layer = layers.get(place)
            if layer is not None and versions and not whole:
                before = arrived(*versions[-1], boundary, self.transport)
                at = self.transport.position(boundary)
                layer = crossed(before, layer, at, changed=place not in same)
            if layer is None and versions:
                before = arrived(*versions[-1], boundary, self.transport)
                left = before and leaving(before, self.transport.position(boundary), fade)
                # On its way it is another version; it has ended when that is over.
                versions += [(boundary, left[0])] if left else []
                self.places[place] = [*versions, (boundary + (left[1] if left else 0), None)][-KEPT:]
            else:
                self.places[place] = [*versions, (boundary, layer)][-KEPT:]
            self.past.put(place, boundary, (origins or {}).get(place) if layer is not None else None)
        over = Fraction(cast("float", commit.get("cycle", 0))) - 1
        for place in [p for p, v in self.places.items() if v[-1][1] is None and v[-1][0] < over]:
            del self.places[place]

    def _remember(self, commit: Commit) -> None:
        """Keep what makes the session again, and of each commit only what still matters."""
        kind = commit["kind"]
        if kind in {"moved", "past", "scene"}:
            return  # a tablet says hundreds in a second; `handover` has them
        if kind in STATES:
            self.history = [
                c for c in self.history if (c["kind"], c.get("file")) != (kind, commit.get("file"))
            ]
        self.history.append(commit)
        if kind not in {"typed", *STATES}:
            versions = {(p, str(b)) for p, found in self.places.items() for b, _ in found}
            self.history = still_mattering(self.history, versions, self.files, self.overrides)

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


def _former(mix: Commit) -> Mix | None:
    """What is muted and solo until a change of that holds, if it waits for a boundary."""
    if "since" not in mix:
        return None
    muted, solo = (frozenset(cast("list[str]", mix[name])) for name in ("was_muted", "was_solo"))
    return Mix(Fraction(text_of(mix, "since")), muted, solo)


def _nothing(*_args: object, **_named: object) -> None:
    """A command that has been carried out already."""
