"""Pieces that are played without a session: read, with the tempo and the seed that hold for them."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from bridge.clock import ManualClock
from bridge.scheduler import Scheduler
from bridge.sink import Recorder
from bridge.targets import alone
from bridge.tempo import BEATS_PER_CYCLE, Tempo, cps_of
from repl.errors import LoadError, ReplError
from repl.loader import load_piece
from repl.own_modules import beside
from repl.report import Once, of_problem
from repl.session import place_name
from repl.settings import read_settings
from repl.sinks import default_target

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from bridge.event import Seconds, TimedEvent
    from bridge.layer import Target
    from bridge.trouble import Trouble
    from repl.loader import Loaded
    from repl.settings import Settings

DEFAULT_BPM = 120


@dataclass(frozen=True, slots=True)
class Opened:
    """Pieces, and what holds for all of them together.

    Args:
        pieces: As they were loaded, in order.
        settings: Of the folder of the first.
        tempo: Cycles and seconds from cycle 0 on, with the ramp if one is asked for.
        beats: Beats that make a cycle.
        seed: Of all of them.
        journal: The text of the journal, where it is a session that was played.
        played: What each place played in it, by time.
        lasts: How many seconds it lasted.
        troubles: What went wrong in it.
    """

    pieces: tuple[Loaded, ...]
    settings: Settings
    tempo: Tempo
    beats: Fraction
    seed: int
    journal: str = ""
    played: Mapping[str, Sequence[tuple[Target, TimedEvent]]] = field(
        default_factory=dict[str, "Sequence[tuple[Target, TimedEvent]]"]
    )
    lasts: Seconds = 0.0
    troubles: tuple[str, ...] = ()

    @property
    def bpm(self) -> float:
        """Beats per minute at the beginning."""
        return round(self.tempo.segments[0].cps * 60 * float(self.beats), 6)

    def seconds(self, cycles: Fraction | float) -> float:
        """How long so many cycles are, from cycle 0."""
        return self.tempo.time_at(cycles)

    def play(self, seconds: Seconds, troubles: list[str]) -> dict[str, list[tuple[Target, TimedEvent]]]:
        """What each place plays in so many seconds from cycle 0, by time.

        Args:
            seconds: How much of it.
            troubles: Takes what went wrong, each once.
        """
        if not self.journal:
            return play_layers(self.pieces, self.tempo, self.seed, seconds, troubles)
        return {
            place: [row for row in rows if row[1].at < seconds - HAIR] for place, rows in self.played.items()
        }


def open_pieces(files: Sequence[Path], seed: int | None = None) -> Opened:
    """Read pieces as a session would that begins with them.

    Args:
        files: The pieces, played together from cycle 0.
        seed: Another seed than their own.

    Raises:
        LoadError: A piece cannot be loaded.
        ReplError: A file is not there.
    """
    return open_texts(files, [read_source(file) for file in files], read_settings(files), seed)


def open_texts(
    files: Sequence[Path],
    texts: Sequence[str],
    settings: Settings,
    seed: int | None = None,
    modules: Mapping[str, str] | None = None,
) -> Opened:
    """Read pieces from their texts.

    Args:
        files: What they are called.
        texts: Their texts.
        settings: What holds for them.
        seed: Another seed than their own.
        modules: The texts of the musician's own modules, by file name; those on the disk unless given.

    Raises:
        LoadError: A piece cannot be loaded.
    """
    pieces = tuple(
        load_piece(text, str(file), beside(str(file), given=modules))
        for file, text in zip(files, texts, strict=True)
    )
    asked = [piece.tempo for piece in pieces if piece.tempo is not None]
    beats = Fraction(asked[-1].beats_per_cycle if asked else BEATS_PER_CYCLE).limit_denominator(1000)
    before = cps_of(settings.bpm or DEFAULT_BPM)
    tempo = Tempo.steady(asked[-1].cps if asked else before)
    if asked and asked[-1].over > 0:
        tempo = Tempo.steady(before).ramped(0.0, asked[-1].cps, asked[-1].over, cycle=Fraction(0))
    seeds = [piece.seed for piece in pieces if piece.seed is not None]
    own = seeds[-1] if seeds else settings.seed or 0
    return Opened(pieces, settings, tempo, beats, own if seed is None else seed)


def read_source(file: Path) -> str:
    """The text of a piece.

    Raises:
        ReplError: It is not there; names the pieces that are.
        LoadError: It cannot be read.
    """
    try:
        return file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        near = sorted(p.name for p in file.parent.glob("*.py")) if file.parent.is_dir() else []
        there = f"; there are {', '.join(near)}" if near else ""
        raise ReplError(f"there is no file {file}{there}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise LoadError(f"{file}: cannot be read ({error})") from error


TURN = 0.5
"""Virtual seconds between two steps of the scheduler."""
HAIR = 1e-6
"""Seconds before an end in which an onset belongs to what follows: times are floats here."""


def play_layers(
    pieces: Sequence[Loaded], tempo: Tempo, seed: int, seconds: Seconds, troubles: list[str]
) -> dict[str, list[tuple[Target, TimedEvent]]]:
    """What each place plays in so many seconds from cycle 0, by time.

    Args:
        pieces: What to play.
        tempo: Cycles and seconds.
        seed: Of all of them.
        seconds: How much of it, in virtual time.
        troubles: Takes what went wrong, each once.
    """
    sources = {file: text for piece in pieces for file, text in piece.modules.texts.items()}
    sources |= {piece.file: piece.source for piece in pieces}
    show = Once()

    def trouble(found: Trouble) -> None:
        file = found.layer.rpartition(":")[0]
        text = of_problem(found.problem, file, sources.get(file, ""), sources)
        if show(text) == text:
            troubles.append(text)

    recorder, clock = Recorder(), ManualClock()
    sinks = {"audio": recorder, "midi": recorder, "osc": recorder, "plugin": recorder}
    scheduler = Scheduler(clock, sinks, tempo, default_target, on_trouble=trouble, seed=seed)
    places = {place_name(piece.file, name): layer for piece in pieces for name, layer in piece.layers.items()}
    for place, layer in places.items():
        scheduler.set_layer(place, alone(layer), Fraction(0))

    def forget() -> bool:
        recorder.log.clear()  # only what is held at the end counts
        return False

    run_until(scheduler, clock, seconds, forget)
    found: dict[str, list[tuple[Target, TimedEvent]]] = {place: [] for place in places}
    for target, event in sorted(recorder.held.values(), key=lambda pair: (pair[1].at, pair[1].id)):
        if event.at < seconds - HAIR:
            found[event.layer].append((target, event))
    return found


def run_until(
    scheduler: Scheduler, clock: ManualClock, until: Seconds, over: Callable[[], bool] = lambda: False
) -> bool:
    """Let virtual time pass up to exactly a time.

    Args:
        scheduler: What plays.
        clock: Its own.
        until: When.
        over: Asked after each step whether it is to end.

    Returns:
        Whether it ended before.
    """
    while True:
        scheduler.step()
        if over():
            return True
        if clock.now() >= until:
            return False
        clock.time = min(until, clock.now() + TURN)
