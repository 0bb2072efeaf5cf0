"""What is said at the prompt to go back and forth between what was heard."""

from __future__ import annotations

from difflib import get_close_matches
from functools import wraps
from typing import TYPE_CHECKING, Protocol

from patterns.views import Drawing
from repl.errors import ReplError
from repl.quantities import cycles_given

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from repl.recalling import Recalling
    from repl.session import Session


class Remembers(Protocol):
    """What these commands need of an engine."""

    session: Session

    @property
    def recalling(self) -> Recalling:
        """Brings back what was heard."""
        ...


class GoingBack:
    """The commands `undo`, `redo`, `scene` and `scenes`.

    Args:
        desk: The engine.
    """

    def __init__(self, desk: Remembers) -> None:
        self._remembers = desk

    def going_back(self) -> dict[str, Callable[..., object]]:
        """These commands by the name under which they are called."""
        return {"undo": self.undo, "redo": self.redo, "scene": self.scene, "scenes": self.scenes}

    def undo(self, steps: int = 1) -> str:
        """Go back to what was heard before the last change of layers, mutes or solos, whoever made it.

        Args:
            steps: So many changes back; 64 are kept.

        What was saved at one go is one change. It takes hold at the layers' boundaries, as every change; the
        files stay as they are, and the next save of one is heard again.

        With the name of a loop it takes back what was done last to that loop, see docs/looping.md.

        Example: `undo()`
        """
        return Drawing(self._remembers.recalling.step(-_count("undo", steps)))

    def redo(self, steps: int = 1) -> str:
        """Take back what `undo` has done, as long as nothing else has been changed since.

        Args:
            steps: So many changes forth.
        """
        return Drawing(self._remembers.recalling.step(_count("redo", steps)))

    def scene(self, name: str, *, keep: bool = False, quantum: float | None = None) -> str:
        """Keep what plays under a name; with a name that is known, let it be heard again.

        Args:
            name: Of the scene.
            keep: Keep it anew, though a scene of that name, or nearly of that name, is known.
            quantum: Cycles that all of it waits for; the longest of its layers' own unless given.

        A scene has the layers, which of them are muted or solo, and where the knobs and toggles are. All of
        it comes at one boundary, without a `transition=`. `undo()` goes back to what was before a scene;
        `scenes()` lists them.

        Example: `scene("verse")`
        """
        known = list(self._remembers.session.past.scenes)
        if not isinstance(name, str) or not name.strip() or not name.isprintable():  # pyright: ignore[reportUnnecessaryIsInstance] - a musician may write anything
            raise ReplError(f'scene takes a name, such as scene("verse") (got {name!r})')
        name = str(name)
        if name in known and not keep:
            waits = None if quantum is None else cycles_given("scene", quantum)
            return Drawing(self._remembers.recalling.recall(name, waits))
        near = get_close_matches(name, known, n=1, cutoff=0.8)
        if near and not keep:
            line = f'scene("{name}", keep=True)'
            raise ReplError(f"no scene is called {name!r}; did you mean {near[0]!r}? {line} keeps a new one")
        return Drawing(self._remembers.recalling.keep(name))

    def scenes(self) -> list[str]:
        """The names of the scenes that `scene` has kept."""
        return list(self._remembers.session.past.scenes)


def told_apart(
    commands: Mapping[str, Callable[..., object]], asks: Mapping[str, Callable[..., object]]
) -> dict[str, Callable[..., object]]:
    """The commands; one that is called as what a piece may ask for is told from that by its argument.

    Args:
        commands: By name.
        asks: What asks something of what a name stands for: `undo("riff")` is about a loop.
    """
    return {
        name: _either(command, asks[name]) if name in asks else command for name, command in commands.items()
    }


def _either(command: Callable[..., object], ask: Callable[..., object]) -> Callable[..., object]:
    @wraps(command)
    def told(*arguments: object, **named: object) -> object:
        return (ask if any(isinstance(one, str) for one in arguments) else command)(*arguments, **named)

    return told


def _count(verb: str, steps: object) -> int:
    if isinstance(steps, bool) or not isinstance(steps, int) or steps < 1:
        raise ReplError(f"{verb}: the steps are a whole number from 1 (got {steps!r})")
    return steps
