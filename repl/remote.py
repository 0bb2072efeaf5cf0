"""What other programs may ask of an engine: to move inputs, to do a command, to tell of its inputs."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, cast

from bridge.controls import read_position
from patterns.errors import SempreError
from patterns.inputs import Input, Source, inputs_in
from repl.errors import ReplError
from repl.keyboards import keyboards_in_session
from repl.namespace import Collector, TempoRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from repl.clients import Message
    from repl.loader import Loaded
    from repl.music import Move, Music
    from repl.session import Session


def inputs_of(loaded: Loaded) -> list[Input]:
    """The inputs that a piece declares, in the order in which its text names them."""
    found = inputs_in([*loaded.names.values(), *(layer.pattern for layer in loaded.layers.values())])
    return sorted(found.values(), key=lambda one: (_place_of(one.control, loaded.source), one.name))


def inputs_in_session(session: Session) -> list[Input]:
    """The inputs of every piece, of what was typed, and of layers whose line is gone but that still play."""
    found: dict[str, Input] = {}
    for piece in session.files.values():
        for one in inputs_of(piece):
            found.setdefault(one.name, one)
    layers = (layer for versions in session.places.values() for _, layer in versions if layer is not None)
    typed = [session.space[name] for name in sorted(session.typed & session.space.keys())]
    for name, one in inputs_in([*typed, *(layer.pattern for layer in layers)]).items():
        found.setdefault(name, one)
    return [*found.values()]


def _place_of(name: str, source: str) -> int:
    places = [source.find(f"{quote}{name}{quote}") for quote in "\"'"]
    return min((place for place in places if place >= 0), default=len(source))


class Remote:
    """Does what comes from other programs, in the engine's main thread.

    Args:
        music: What it changes.
        commands: The prompt's.
    """

    def __init__(self, music: Music, commands: Mapping[str, Callable[..., object]]) -> None:
        self._music = music
        self._commands = commands

    def move(self, rows: object) -> list[tuple[str, float]]:
        """Inputs were moved: rows of name, position, and the time that it is for, or None.

        Returns:
            Those that others show, with their positions.
        """
        moves: list[Move] = []
        for name, position, at in cast("list[tuple[object, object, float | None]]", rows):
            moves.append((str(name), read_position(position), None if at is None else float(at)))
        self._music.move(moves)
        shown: list[tuple[str, float]] = []
        for name, place, _ in moves:
            if isinstance(place, float) and Source.parse(name) is None:
                shown.append((name, place))
        return shown

    def command(self, name: str, arguments: Sequence[object]) -> tuple[str, bool]:
        """Do a command; gives what there is to say, and whether all went well."""
        try:
            answer = self._do(name, arguments)
        except (SempreError, TypeError, ValueError) as error:
            return str(error), False
        if isinstance(answer, list):
            return " ".join(str(one) for one in cast("list[object]", answer)), True
        return "" if answer is None else str(answer), True

    def _do(self, name: str, arguments: Sequence[object]) -> object:
        if name == "tempo":
            if not 1 <= len(arguments) <= 2 or not all(isinstance(a, int | float) for a in arguments):
                raise ReplError("tempo takes beats per minute, and perhaps beats in a cycle")
            bpm, *beats = (float(cast("float", a)) for a in arguments)
            request = TempoRequest(bpm, beats[0] if beats else self._music.session.beats)
            if request.cps:  # asked for here: it says what is out of range
                self._music.set_tempo(request)
            return None
        if name in ("set_cycle", "loop"):
            self._move(name, arguments)
            return None
        if name == "seed":
            if len(arguments) != 1 or not isinstance(arguments[0], int):
                raise ReplError("seed takes a whole number")
            self._music.accept({"kind": "seed", "seed": int(arguments[0])})
            return None
        command = self._commands.get(name)
        if command is None:
            near = get_close_matches(name, self._commands, n=1)
            raise ReplError(f"no command is called {name!r}" + (f"; did you mean {near[0]}?" if near else ""))
        return command(*arguments)

    def _move(self, name: str, arguments: Sequence[object]) -> None:
        """Go elsewhere in the piece, as the same words of a piece do."""
        cycles = [one for one in arguments if isinstance(one, int | float)]
        asked = Collector()
        if len(cycles) == len(arguments) and name == "set_cycle" and 1 <= len(cycles) <= 2:
            asked.set_cycle(cycles[0], quantum=cycles[1] if len(cycles) > 1 else 1)
        elif len(cycles) == len(arguments) and name == "loop" and len(cycles) in (0, 2):
            begin, end = cycles or (None, None)
            asked.loop(begin, end)
        elif name == "loop":
            raise ReplError("loop takes the first cycle and the one after the last, or nothing")
        else:
            raise ReplError("set_cycle takes a cycle, and perhaps the cycles that it waits for a multiple of")
        self._music.moving.take(asked.moves)

    def inputs(self) -> Message:
        """What surfaces are told: every input with its range, and where those are that were moved."""
        session = self._music.session
        inputs = inputs_in_session(session)
        return {
            "op": "inputs",
            "inputs": [{k: getattr(one, k) for k in Input.__slots__} for one in inputs],
            "keyboards": keyboards_in_session(session),
            "tempo": session.tempo.to_json() if session.begun else None,
            "positions": {
                one.name: position
                for one in inputs
                if (position := session.controls.newest(one.name)) is not None
            },
        }
