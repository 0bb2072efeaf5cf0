"""`sempre render`: a piece as a sound file, through the same graph as live, faster than it plays."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from bridge.clock import ManualClock
from bridge.planner import Trouble
from bridge.scheduler import Scheduler
from bridge.sink import Recorder
from bridge.tempo import Tempo
from plugin_host.specs import Chain
from repl.errors import LoadError, ReplError
from repl.loader import load_piece
from repl.report import Once, of_problem
from repl.session import place_name
from repl.settings import read_settings
from repl.sinks import audio_controls, default_target

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from pathlib import Path

    from bridge.event import Seconds, TimedEvent
    from repl.loader import Loaded
    from repl.settings import Settings

RATE = 48_000
TURN = 0.5
"""Virtual seconds between two steps of the scheduler."""
DEFAULT_CPS = 0.5


def render_files(files: Sequence[Path], seconds: float, output: Path, *, seed: int | None = None) -> str:
    """Write what pieces sound like to a WAV file; gives what is to be said about it.

    Args:
        files: The pieces, played together from cycle 0.
        seconds: How much of it.
        output: The file, which is replaced.
        seed: Another seed than the pieces' own.

    Raises:
        LoadError: A piece cannot be loaded.
        ReplError: A file is not there, or nothing of it is played by our own instruments.
    """
    if output.suffix.lower() != ".wav":
        raise ReplError(f"what is rendered is a .wav file (got {output})")
    settings = read_settings(files)
    pieces = [load_piece(_read(file), str(file)) for file in files]
    cps = _cps(pieces, settings.bpm)
    troubles: list[str] = []
    events, elsewhere = play_through(pieces, seconds, cps, _seed(pieces, settings.seed, seed), troubles)
    return write_sound([(*pair, cps) for pair in events], elsewhere, seconds, output, settings, troubles)


def write_sound(
    events: Sequence[tuple[Chain, TimedEvent, float]],
    elsewhere: Collection[str],
    seconds: float,
    output: Path,
    settings: Settings,
    troubles: list[str],
) -> str:
    """Write what events sound like to a WAV file; gives what is to be said about it.

    Args:
        events: By time, with their instruments and with the cycles per second that they are played at.
        elsewhere: Layers whose events are not among them.
        seconds: How long the file is.
        output: The file, which is replaced.
        settings: The musician's.
        troubles: What went wrong before; what goes wrong here is added.

    Raises:
        ReplError: There are no events.
    """
    if not events:
        where = " (its layers go to MIDI or OSC)" if elsewhere else ""
        why = f"nothing is played by an instrument of ours{where}: nothing to render"
        raise ReplError("\n".join([*dict.fromkeys(troubles), why]))
    # Numpy and pedalboard are imported here, so that a mistake in the piece is said at once.
    from plugin_host.offline import render, write_wav

    chains = {chain.key: chain for chain, _, _ in events}
    # What is nudged before the beginning sounds at the beginning: a file has nothing earlier.
    timed = [
        replace(event, at=max(event.at, 0.0), layer=chain.key, controls=audio_controls(event, cps))
        for chain, event, cps in events
    ]
    audio = render(
        timed,
        chains,
        seconds,
        RATE,
        cps=events[0][2],
        sample_folders=settings.sample_folders,
        problems=troubles,
    )
    try:
        write_wav(output, audio, RATE)
    except OSError as error:
        raise ReplError(f"cannot write {output}: {error.strerror or error}") from None
    peak = float(abs(audio).max())
    said = [f"{output}: {seconds:g} s, {len(timed)} events, peak {peak:.2f}"]
    if elsewhere:
        said.append(f"not in it, for they go to MIDI or OSC: {', '.join(sorted(elsewhere))}")
    return "\n".join([*dict.fromkeys(troubles), *said])


def play_through(
    pieces: Sequence[Loaded], seconds: float, cps: float, seed: int, troubles: list[str]
) -> tuple[list[tuple[Chain, TimedEvent]], set[str]]:
    """Every event that pieces give to instruments of ours in so many seconds, in virtual time.

    Args:
        pieces: What to play, together from cycle 0.
        seconds: How much of it.
        cps: Cycles per second.
        seed: The seed of them all.
        troubles: Takes what went wrong, each once.

    Returns:
        The events with their chains, by time; and the names of layers that go elsewhere.
    """
    sources = {piece.file: piece.source for piece in pieces}
    show = Once()

    def trouble(found: Trouble) -> None:
        file = found.layer.rpartition(":")[0]
        text = of_problem(found.problem, file, sources.get(file, ""))
        if show(text) == text:
            troubles.append(text)

    recorder, outside = Recorder(), Recorder()
    clock = ManualClock()
    sinks = {"audio": recorder, "midi": outside, "osc": outside}
    scheduler = Scheduler(clock, sinks, Tempo.steady(cps), default_target, on_trouble=trouble, seed=seed)
    for piece in pieces:
        for name, layer in piece.layers.items():
            scheduler.set_layer(place_name(piece.file, name), layer, Fraction(0))
    run_until(scheduler, clock, seconds)
    events = [(t, e) for t, e in recorder.held.values() if isinstance(t, Chain) and e.at < seconds]
    events.sort(key=lambda pair: (pair[1].at, pair[1].id))
    return events, {event.layer.rpartition(":")[2] for _, event in outside.held.values()}


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


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        near = sorted(p.name for p in file.parent.glob("*.py")) if file.parent.is_dir() else []
        there = f"; there are {', '.join(near)}" if near else ""
        raise ReplError(f"there is no file {file}{there}") from None
    except (OSError, UnicodeDecodeError) as error:
        raise LoadError(f"{file}: cannot be read ({error})") from error


def _cps(pieces: Sequence[Loaded], bpm: float | None) -> float:
    asked = [piece.tempo.cps for piece in pieces if piece.tempo is not None]
    if asked:
        return asked[-1]
    return bpm / 240 if bpm is not None else DEFAULT_CPS


def _seed(pieces: Sequence[Loaded], settled: int | None, given: int | None) -> int:
    if given is not None:
        return given
    asked = [piece.seed for piece in pieces if piece.seed is not None]
    return asked[-1] if asked else settled or 0
