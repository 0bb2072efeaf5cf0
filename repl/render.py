"""`sempre render`: a piece as a sound file, through the same graph as live, faster than it plays."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bridge.clock import SystemClock
from plugin_host.specs import Chain
from repl.errors import ReplError
from repl.larder import Larder
from repl.opened import open_pieces, play_layers
from repl.render_job import RATE, Finish, RenderJob
from repl.session import layer_name
from repl.sinks import controls_or_trouble
from repl.unplayed import Unplayed

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path

    from bridge.event import TimedEvent
    from bridge.tempo import Tempo
    from plugin_host.marks import Tags
    from repl.export import Played
    from repl.loader import Loaded
    from repl.opened import Opened
    from repl.settings import Settings

__all__ = ["RATE", "play_through", "render_files", "render_mix", "tags_of", "write_sound"]

MOST_MARKS = 64
FIRST_MARKS = 4
"""Cycles between two marks, twice as many as often as there would be too many."""
LOUD_ENOUGH = 0.1
"""LU by which a loudness may be missed without a word."""


def render_files(files: Sequence[Path], seconds: float, output: Path, *, seed: int | None = None) -> str:
    """Write what pieces sound like to a sound file; gives what is to be said about it.

    Args:
        files: The pieces, played together from cycle 0.
        seconds: How much of it.
        output: The file, which is replaced; its ending says what kind it is.
        seed: Another seed than the pieces' own.

    Raises:
        LoadError: A piece cannot be loaded.
        ReplError: A file is not there, or nothing of it is played by our own instruments.
    """
    return render_mix(RenderJob(tuple(files), output, seconds=seconds, seed=seed))


def render_mix(
    job: RenderJob,
    progress: Callable[[float], object] = bool,
    opened: Opened | None = None,
    larder: Larder | None = None,
) -> str:
    """Write the mix of a job's pieces; gives what is to be said about it.

    Args:
        job: With an output.
        progress: Told now and then how much of it is done, 0 to 1.
        opened: The pieces; None reads them.
        larder: Takes down what was used.

    Raises:
        LoadError: A piece cannot be loaded.
        ReplError: A file is not there, or nothing of it is played by our own instruments.
    """
    if job.output is None:
        raise ReplError("say what to write: -o FILE.wav")
    opened = opened or open_pieces(job.files, job.seed)
    length = job.seconds if job.cycles is None else opened.seconds(job.cycles)
    troubles: list[str] = []
    events, elsewhere = _ours(opened.play(length, troubles))
    timed = [(chain, event, opened.tempo.cps_at(event.at)) for chain, event in events]
    return write_sound(
        timed,
        elsewhere,
        length + job.tail,
        job.output,
        opened.settings,
        troubles,
        finish=job.finish,
        tags=tags_of(opened, job.files[0].stem, length, job.tail, job.finish.rate),
        progress=progress,
        larder=larder,
        tempo=opened.tempo,
    )


def tags_of(opened: Opened, title: str, seconds: float, tail: float, rate: int) -> Tags:
    """The tempo and the marks of a sound that begins at cycle 0.

    Args:
        opened: Its pieces.
        title: Its name.
        seconds: Up to its last cycle.
        tail: In which it rings out.
        rate: Frames a second.
    """
    from plugin_host.marks import Mark, Tags

    cycles = opened.tempo.cycle_at(seconds)
    step = FIRST_MARKS
    while cycles / step > MOST_MARKS:
        step *= 2
    last = round(seconds * rate)
    marks = [
        Mark(frame, f"cycle {cycle}")
        for cycle in range(0, int(cycles) + 1, step)
        if (frame := round(opened.seconds(cycle) * rate)) < last
    ]
    if tail > 0:
        marks.append(Mark(last, "end"))
    bar = int(opened.beats) if opened.beats.denominator == 1 else 4
    return Tags(title, opened.bpm, round(float(cycles * opened.beats)), bar, tuple(marks))


def write_sound(
    events: Sequence[tuple[Chain, TimedEvent, float]],
    elsewhere: Collection[str],
    seconds: float,
    output: Path,
    settings: Settings,
    troubles: list[str],
    *,
    finish: Finish | None = None,
    tags: Tags | None = None,
    progress: Callable[[float], object] = bool,
    larder: Larder | None = None,
    tempo: Tempo | None = None,
) -> str:
    """Write what events sound like to a sound file; gives what is to be said about it.

    Args:
        events: By time, with their instruments and with the cycles per second that they are played at.
        elsewhere: Layers whose events are not among them.
        seconds: How long the file is.
        output: The file, which is replaced.
        settings: The musician's.
        troubles: What went wrong before; what goes wrong here is added.
        finish: What becomes of the mix.
        tags: What the file tells beside its sound.
        progress: Told now and then how much of it is done, 0 to 1.
        larder: Takes down what was used.
        tempo: Cycles and seconds, for loops; that of the first event, unless given.

    Raises:
        ReplError: There are no events, or no such kind of file.
    """
    finish = finish or Finish()
    form = finish.form(output)
    if not events:
        where = " (its layers go to MIDI or OSC)" if elsewhere else ""
        why = f"nothing is played by an instrument of ours{where}: nothing to render"
        raise ReplError("\n".join([*dict.fromkeys(troubles), why]))
    if not output.parent.is_dir():
        raise ReplError(f"cannot write {output}: No such file or directory")
    # Numpy and pedalboard are imported here, so that a mistake in the piece is said at once.
    from plugin_host.loudness import brought_to
    from plugin_host.marks import Tags
    from plugin_host.offline import render
    from plugin_host.sound_file import write_sound_file

    clock = SystemClock()
    begun = clock.now()
    chains = {chain.key: chain for chain, _, _ in events}
    players: dict[str, set[str]] = {}
    for chain, event, _ in events:
        players.setdefault(layer_name(event.layer), set()).add(chain.key)
    unplayed = Unplayed()
    told = (unplayed(layer_name(event.layer), chain, event.controls) for chain, event, _ in events)
    troubles += [text for text in told if text]
    # What is nudged before the beginning sounds at the beginning: a file has nothing earlier.
    timed = [
        replace(event, at=max(event.at, 0.0), layer=chain.key, controls=controls)
        for chain, event, cps in events
        if (controls := controls_or_trouble(event, cps, troubles)) is not None
    ]
    audio = render(
        timed,
        chains,
        seconds,
        form.rate,
        cps=events[0][2],
        sample_folders=settings.sample_folders,
        problems=troubles,
        plugins=(larder or Larder()).plugins("mix", settings.plugin_folders),
        progress=progress,
        sounds=None if larder is None else larder.setup(),
        layout=finish.speakers,
        players=players,
        tempo=tempo,
    )
    audio, loudness = brought_to(audio, form.rate, finish.lufs, finish.ceiling, finish.speakers)
    try:
        write_sound_file(output, audio, form, tags or Tags())
    except OSError as error:
        raise ReplError(f"cannot write {output}: {error.strerror or error}") from None
    if larder is not None:
        larder.chains.update(chains.values())
        larder.written.append(output)
    peak = float(abs(audio).max())
    fast = seconds / max(clock.now() - begun, 1e-3)
    level = f"peak {peak:.2f}, {loudness.lufs:.1f} LUFS, {loudness.peak:.1f} dB true peak"
    pace = f"{fast:.1f} times as fast as it plays"
    said = [f"{output}: {round(seconds, 3):g} s, {len(timed)} events, {level}; {pace}"]
    if finish.lufs is not None and abs(loudness.lufs - finish.lufs) > LOUD_ENOUGH:
        said.append(
            f"not at {finish.lufs:g} LUFS: it peaks too high for that under {finish.ceiling:g} dB true peak"
        )
    if elsewhere:
        said.append(f"not in it, for they go to MIDI or OSC: {', '.join(sorted(elsewhere))}")
    return "\n".join([*dict.fromkeys(troubles), *said])


def play_through(
    pieces: Sequence[Loaded], seconds: float, tempo: Tempo, seed: int, troubles: list[str]
) -> tuple[list[tuple[Chain, TimedEvent]], set[str]]:
    """Every event that pieces give to instruments of ours in so many seconds, in virtual time.

    Args:
        pieces: What to play, together from cycle 0.
        seconds: How much of it.
        tempo: Cycles and seconds.
        seed: The seed of them all.
        troubles: Takes what went wrong, each once.

    Returns:
        The events with their chains, by time; and the names of layers that go elsewhere.
    """
    return _ours(play_layers(pieces, tempo, seed, seconds, troubles))


def _ours(found: Mapping[str, Played]) -> tuple[list[tuple[Chain, TimedEvent]], set[str]]:
    """What our own instruments play of all that is played, and the layers that go elsewhere."""
    rows = [row for rows in found.values() for row in rows]
    events = [(target, event) for target, event in rows if isinstance(target, Chain)]
    events.sort(key=lambda pair: (pair[1].at, pair[1].id))
    return events, {layer_name(event.layer) for target, event in rows if not isinstance(target, Chain)}
