"""`sempre render`: a piece as a sound file, through the same graph as live, faster than it plays."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from plugin_host.specs import Chain
from repl.errors import ReplError
from repl.opened import open_pieces, play_layers
from repl.session import layer_name
from repl.sinks import audio_controls
from repl.unplayed import Unplayed

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

    from bridge.event import TimedEvent
    from bridge.tempo import Tempo
    from repl.loader import Loaded
    from repl.settings import Settings

RATE = 48_000


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
    opened = open_pieces(files, seed)
    troubles: list[str] = []
    events, elsewhere = play_through(opened.pieces, seconds, opened.tempo, opened.seed, troubles)
    timed = [(chain, event, opened.tempo.cps_at(event.at)) for chain, event in events]
    return write_sound(timed, elsewhere, seconds, output, opened.settings, troubles)


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
    from plugin_host.plugin_link import PluginSetup

    chains = {chain.key: chain for chain, _, _ in events}
    unplayed = Unplayed()
    told = (unplayed(layer_name(event.layer), chain, event.controls) for chain, event, _ in events)
    troubles += [text for text in told if text]
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
        plugins=PluginSetup(settings.plugin_folders),
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
    found = play_layers(pieces, tempo, seed, seconds, troubles)
    rows = [row for rows in found.values() for row in rows]
    events = [(target, event) for target, event in rows if isinstance(target, Chain)]
    events.sort(key=lambda pair: (pair[1].at, pair[1].id))
    return events, {layer_name(event.layer) for target, event in rows if not isinstance(target, Chain)}
