"""The engine's side of the plugin inside a DAW: finds its instances, and plans for those that are ours.

In a thread of its own, which waits for nobody: a layer that takes long holds up others in the plugin, and
nothing else.
"""

from __future__ import annotations

import contextlib
import os
from fnmatch import fnmatchcase
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from bridge.bond_memory import SUFFIX, Bond
from bridge.bond_plan import BondPlan, Part
from bridge.clock import monotonic
from bridge.errors import BondError
from bridge.planner import Planner
from bridge.targets import PluginTarget
from bridge.worker import pause, start_thread
from patterns.state import DEFAULT_FUEL, Walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    from bridge.bond_memory import Now, Who
    from bridge.controls import ControlTimeline, Position
    from bridge.event import TimedEvent
    from bridge.layer import Layer, Target
    from bridge.place import Place
    from bridge.trouble import Trouble
    from patterns.memory import Memory

NAME = "daw"
"""The folder of the instances, beside those of sessions."""
SEEK = 0.5
"""Seconds between two looks for instances that have come or gone."""
TURN = 0.005
"""Seconds between two looks at where hosts are, while there is an instance of ours."""
STALE = 3.0
"""Seconds without a sign of life after which another engine's instance may be taken."""


class Music(NamedTuple):
    """What the session plays, as far as it concerns a plugin.

    Attributes:
        places: By their names.
        solo: The names of those that are heard alone; none: all of them.
        controls: Where inputs are.
        beats: Quarter notes in a cycle.
        seed: The piece's.
        piece: What the host's session is to remember as what is played.
    """

    places: Mapping[str, Place]
    solo: frozenset[str]
    controls: ControlTimeline
    beats: Fraction
    seed: int
    piece: str


class Newest:
    """Inputs as they are now, at whatever time of the host's is asked for."""

    def __init__(self, controls: ControlTimeline) -> None:
        self._controls = controls

    def at(self, name: str, cycle: Fraction) -> Position:
        """Where an input is.

        Raises:
            KeyError: Nobody has touched it.
        """
        del cycle
        found = self._controls.newest(name)
        if found is None:
            raise KeyError(name)
        return found


class Ours:
    """An instance that we plan for.

    Args:
        bond: It.
        name: What it is called.
        plan: What keeps its pages.
    """

    def __init__(self, bond: Bond, name: str, plan: BondPlan) -> None:
        self.bond, self.name, self.plan = bond, name, plan
        self.cps = 0.5
        self.macros: tuple[float, ...] = ()


class BondLine:
    """Plans for all instances of the plugin that are ours.

    Args:
        folder: Where instances put their files.
        music: Says what is played; asked from our thread.
        notice: Takes one line for the musician.
        on_trouble: Told of what is wrong with a layer.
        limit: Guards one query, in our thread.
        turned: Told of a macro of the host's: its name, and where it is.
        sounds: Says how an instance is to say an event that an instrument of ours plays.
        attend: Told, each turn, which instances such layers are sent to: their files, with their names; and
            the quarter notes in a cycle.
    """

    def __init__(
        self,
        folder: Path,
        music: Callable[[], Music],
        notice: Callable[[str], None],
        on_trouble: Callable[[Trouble], None],
        limit: Callable[[float], AbstractContextManager[None]] | None = None,
        turned: Callable[[str, float], object] = lambda _name, _at: None,
        sounds: Callable[[PluginTarget, TimedEvent], bytes] | None = None,
        attend: Callable[[dict[str, str], float], object] = lambda _instances, _beats: None,
    ) -> None:
        self._folder = folder
        self._music = music
        self._notice = notice
        self._on_trouble = on_trouble
        self._limit = limit
        self._turned = turned
        self._sounds, self._attend = sounds, attend
        self._bonds: dict[Path, Bond] = {}
        self._refused: set[Path] = set()
        self._seen: dict[Path, tuple[int, float]] = {}
        self._ours: dict[Path, Ours] = {}
        self._said: set[tuple[str, str]] = set()
        self._next_look = 0.0
        self._panicked = False
        self._running = True

    def start(self) -> None:
        """Begin, in a thread."""
        start_thread("daw", self._run)

    def stop(self) -> None:
        """End; the instances are silent from then on."""
        self._running = False

    def panic(self) -> None:
        """Let all that sounds end, and nothing that was planned begin; called in any thread."""
        self._panicked = True
        for ours in list(self._ours.values()):
            with contextlib.suppress(ValueError):  # its host has gone
                ours.bond.flush()

    def _run(self) -> None:
        while self._running:
            pause(self.turn())
        for ours in self._ours.values():
            ours.bond.leave()

    def turn(self) -> float:
        """Do what is due; gives the seconds until the next turn."""
        now = monotonic()
        music = self._music()
        if now >= self._next_look:
            self._next_look = now + SEEK
            self._seek(music, now)
        panicked, self._panicked = self._panicked, False
        busy = False
        for path, ours in list(self._ours.items()):
            try:
                if panicked:
                    ours.plan.forget()
                busy = self._serve(ours, music) or busy
            except (ValueError, BondError):  # its file is closed: the host has gone
                self._forget(path)
        heard = names_of(music, heard=True)
        sounding = {str(path): ours.name for path, ours in self._ours.items() if ours.name in heard}
        self._attend(sounding, float(music.beats))
        if busy:
            return 0.0
        return TURN if self._ours else SEEK

    def hosts(self) -> Iterator[tuple[str, Now]]:
        """The names of our instances, and where their hosts are."""
        for ours in list(self._ours.values()):
            with contextlib.suppress(ValueError):
                if (now := ours.bond.now()) is not None:
                    yield ours.name, now

    def _serve(self, ours: Ours, music: Music) -> bool:
        bond = ours.bond
        bond.beat()
        now = bond.now()
        ours.plan.change(parts_of(music, bond.who(), ours.name), now, music.beats)
        if now is None:
            return False
        ours.cps = max(now.bpm, 1.0) / 60 / float(music.beats)
        if now.macros != ours.macros:
            for number, (value, before) in enumerate(
                zip(now.macros, ours.macros or (0.0,) * 8, strict=True), 1
            ):
                if value != before:
                    self._turned(f"{ours.name} {number}", value)
            ours.macros = now.macros
        return ours.plan.step(now)

    def _seek(self, music: Music, now: float) -> None:
        """Look which instances there are, and become the engine of those that nobody else plans for."""
        try:
            paths = set(self._folder.glob(f"*{SUFFIX}"))
        except OSError:
            paths = set[Path]()
        for path, bond in [*self._bonds.items()]:
            if path not in paths or not bond.lives or not alive(bond.who().process):
                self._forget(path)
        for path in sorted(paths - self._bonds.keys() - self._refused):
            try:
                self._bonds[path] = bond = Bond(path)
                if not alive(bond.who().process):  # its host was killed, or ended without taking it away
                    self._forget(path)
                    path.unlink(missing_ok=True)
            except BondError as error:
                self._refused.add(path)
                self._notice(str(error))
        wanted = names_of(music)
        for path, bond in self._bonds.items():
            if path not in self._ours:
                self._claim(path, bond, wanted, music, now)

    def _claim(self, path: Path, bond: Bond, wanted: list[str], music: Music, now: float) -> None:
        who = bond.who()
        count, since = self._seen.get(path, (-1, now))
        beats = bond.beats
        if beats != count:
            self._seen[path] = (beats, now)
        taken = bond.owner not in (0, os.getpid()) and (beats != count or now - since < STALE)
        if taken and alive(bond.owner):
            return
        given = {ours.name for ours in self._ours.values()}
        name = who.name or next((one for one in wanted if one not in given), "")
        if not name or name not in wanted:
            return
        bond.bind(os.getpid(), name=name, piece=music.piece, seed=who.seed)
        plan = BondPlan(bond, self._planner(path), music.beats, self._tell, self._sounds)
        self._ours[path] = Ours(bond, name, plan)
        self._notice(f"plugin {name!r} in {who.host} ({who.format}) is bound")

    def _forget(self, path: Path) -> None:
        ours = self._ours.pop(path, None)
        bond = self._bonds.pop(path, None)
        self._seen.pop(path, None)
        if bond is not None:
            bond.close()
        if ours is not None:
            self._notice(f"plugin {ours.name!r} is gone")

    def _planner(self, path: Path) -> Planner:
        def ask(layer: Layer, seed: int, cycle: Fraction, memory: Memory) -> Walk:
            del cycle
            ours = self._ours.get(path)
            controls = Newest(self._music().controls)
            return Walk(
                0.5 if ours is None else ours.cps, seed, controls, layer.rng or "hash", DEFAULT_FUEL, memory
            )

        return Planner(ask, _nowhere, self._on_trouble, self._limit, lambda _: None)

    def _tell(self, layer: str, text: str) -> None:
        if (layer, text) not in self._said:
            self._said.add((layer, text))
            self._notice(f"{layer}: {text}" if layer else text)


def names_of(music: Music, *, heard: bool = False) -> list[str]:
    """The names of the instances that layers are sent to, in the order in which they come.

    Args:
        music: What the session plays.
        heard: Only of those that are to sound with instruments of ours.
    """
    found = [target for _, layer in playing(music) if (target := target_of(layer)) is not None]
    return list(dict.fromkeys(one.port or "" for one in found if not heard or one.sound is not None))


def parts_of(music: Music, who: Who, name: str) -> dict[str, Part]:
    """What an instance plays.

    Args:
        music: What the session plays.
        who: The instance.
        name: What it is called.
    """
    masks = [one.strip() for one in who.layers.split(",") if one.strip()]
    out: dict[str, Part] = {}
    for place, layer in playing(music):
        target = target_of(layer)
        own = place.name.rpartition(":")[2]
        if (
            target is None
            or target.port != name
            or (masks and not any(fnmatchcase(own, one) for one in masks))
        ):
            continue
        heard = not place.muted and (not music.solo or place.name in music.solo)
        out[place.name] = Part(layer, who.seed or music.seed, heard)
    return out


def playing(music: Music) -> Iterator[tuple[Place, Layer]]:
    """The places whose newest version plays, each with that."""
    for place in list(music.places.values()):
        layer = place.versions[-1][1] if place.versions else None
        if layer is not None and not place.loose:
            yield place, layer


def target_of(layer: Layer) -> PluginTarget | None:
    """The instance that a layer is sent to; None if it goes elsewhere."""
    return layer.target if isinstance(layer.target, PluginTarget) else None


def alive(process: int) -> bool:
    """Whether there is a process of that number."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _nowhere(controls: Mapping[str, object]) -> Target:
    """Layers that are sent to a plugin name it: none is asked where else it might go."""
    raise BondError(f"nothing says where {sorted(controls)} goes")
