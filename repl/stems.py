"""Stems: a sound file for each layer, all of one length from cycle 0, and a MIDI file beside them."""

from __future__ import annotations

import math
import re
from contextlib import ExitStack, closing
from dataclasses import replace
from typing import TYPE_CHECKING

from plugin_host.specs import Chain
from plugin_host.whole_file import written_whole
from repl.errors import ReplError
from repl.export import MOST_CYCLES, PPQ, midi_file, tracks_of
from repl.larder import Larder
from repl.opened import HAIR, open_pieces
from repl.render import RATE, tags_of
from repl.session import layer_name
from repl.sinks import controls_or_trouble

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from bridge.event import TimedEvent
    from plugin_host.layouts import Layout
    from repl.export import Played
    from repl.opened import Opened


def write_stems(
    files: Sequence[Path],
    folder: Path,
    *,
    cycles: int | None = None,
    seconds: float | None = None,
    tail: float = 0.0,
    seed: int | None = None,
    rate: int = RATE,
    progress: Callable[[float], object] = bool,
    opened: Opened | None = None,
    larder: Larder | None = None,
    layout: Layout | None = None,
) -> str:
    """Write pieces as stems, ready to be dragged into a DAW; gives what is to be said about them.

    A stem is what its layer adds to the mix before the master, as 32-bit floating point: with all of them at
    the same place and level a DAW has the mix, without our glue and limiter. Each has all channels of the
    layout, and is heard in them where it is in the mix.

    Args:
        files: The pieces, played together from cycle 0.
        folder: Where to; it is made, and files of the same names in it are replaced.
        cycles: How many cycles.
        seconds: How many seconds, where no cycles are given.
        tail: Seconds in which everything may ring out after the last cycle.
        seed: Another seed than the pieces' own.
        rate: Frames a second.
        progress: Told now and then how much of it is done, 0 to 1.
        opened: The pieces; None reads them.
        larder: Takes down what was used.
        layout: The loudspeakers; left and right, unless given.

    Raises:
        LoadError: A piece cannot be loaded.
        ReplError: A file is not there, or nothing of it is played by our own instruments.
    """
    if cycles is not None and not 1 <= cycles <= MOST_CYCLES:
        raise ReplError(f"stems: --cycles must be 1 to {MOST_CYCLES} (got {cycles})")
    opened = opened or open_pieces(files, seed)
    length = opened.seconds(cycles) if cycles is not None else float(seconds or 0)
    whole = cycles if cycles is not None else math.ceil(opened.tempo.cycle_at(length) - HAIR)
    troubles: list[str] = []
    events = opened.play(length, troubles)
    heard = {place: rows for place, rows in events.items() if any(isinstance(t, Chain) for t, _ in rows)}
    if not heard:
        why = "nothing is played by an instrument of ours: there is no sound to divide into stems"
        raise ReplError("\n".join([*dict.fromkeys(troubles), why]))
    places = _places(heard)
    names = _names(files[0].stem, places, opened.bpm)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        paths = {place: folder / f"{name}.wav" for place, name in names.items()}
        with ExitStack() as whole_files:  # none is replaced before all are written
            unseen = {place: whole_files.enter_context(written_whole(path)) for place, path in paths.items()}
            _sound(opened, heard, length, tail, unseen, troubles, rate, progress, larder, layout)
        if larder is not None:
            larder.written += paths.values()
        written = [f"{name}.wav" for name in names.values()]
        tracks = tracks_of(opened, events, PPQ, troubles)
        if any(track.rows for track in tracks):
            song = f"{files[0].stem}_{_bpm(opened.bpm)}.mid"
            with written_whole(folder / song) as file:
                midi_file(tracks, whole, opened.tempo, opened.beats, PPQ).save(file)
            written.append(song)
            if larder is not None:
                larder.written.append(folder / song)
    except OSError as error:
        raise ReplError(f"cannot write to {folder}: {error.strerror or error}") from None
    said = [f"{folder}: {length + tail:g} s at {opened.bpm:g} bpm: {', '.join(written)}"]
    only = sorted(layer_name(place) for place, rows in events.items() if rows and place not in heard)
    if only:
        said.append(f"no sound of ours, so no stem: {', '.join(only)}")
    return "\n".join([*dict.fromkeys(troubles), *said])


def _sound(
    opened: Opened,
    heard: Mapping[str, Played],
    length: float,
    tail: float,
    paths: Mapping[str, Path],
    troubles: list[str],
    rate: int,
    progress: Callable[[float], object],
    larder: Larder | None,
    layout: Layout | None,
) -> None:
    """Write the sound files."""
    # Numpy and pedalboard are imported here, so that a mistake in the piece is said at once.
    import numpy as np

    from plugin_host.layouts import STEREO
    from plugin_host.marks import wav_chunks
    from plugin_host.stems import render_stems
    from plugin_host.wav import WavWriter

    routes: dict[str, Chain] = {}
    owners: dict[str, str] = {}
    timed: list[TimedEvent] = []
    players: dict[str, set[str]] = {}
    for place, rows in heard.items():
        for target, event in rows:
            if isinstance(target, Chain) and event.at < length:
                route = f"{place}\0{target.key}"
                routes[route] = target
                players.setdefault(layer_name(place), set()).add(route)
                owners.update(_owner(place, route, target))
                controls = controls_or_trouble(event, opened.tempo.cps_at(event.at), troubles)
                if controls is None:
                    continue
                timed.append(replace(event, at=max(event.at, 0.0), layer=route, controls=controls))
    whole, speakers = length + tail, layout or STEREO
    with ExitStack() as writing:
        writers = {
            place: writing.enter_context(
                closing(
                    WavWriter(
                        path,
                        speakers.channels,
                        round(whole * rate),
                        rate,
                        wav_chunks(tags_of(opened, layer_name(place), length, tail, rate)),
                        speakers.mask,
                    )
                )
            )
            for place, path in paths.items()
        }
        blocks = render_stems(
            timed,
            routes,
            whole,
            rate,
            cps=opened.tempo.cps_at(0.0),
            sample_folders=opened.settings.sample_folders,
            problems=troubles,
            plugins=(larder or Larder()).plugins("stems", opened.settings.plugin_folders),
            progress=progress,
            sounds=None if larder is None else larder.setup(),
            players=players,
            layout=speakers,
            tempo=opened.tempo,
        )
        for block in blocks:
            for place, writer in writers.items():
                parts = [sound for route, sound in block.items() if owners.get(route) == place]
                shape = next(iter(block.values())).shape
                writer.write(sum(parts[1:], parts[0]) if parts else np.zeros(shape, np.float32))
    if larder is not None:
        larder.chains.update(routes.values())


def _owner(place: str, route: str, chain: Chain) -> tuple[tuple[str, str], ...]:
    """Under which key a chain's sound comes, and the stem to which it belongs: its own, or its last bus's."""
    if chain.to is None:
        return ((route, place),)
    last = chain.path[-1]
    return ((last.key, f"bus:{last.instrument.name}"),)


def _places(heard: Mapping[str, Played]) -> list[str]:
    """What gets a stem: layers, and in the place of those that play into a bus, the bus."""
    found: dict[str, None] = {}
    for place, rows in heard.items():
        for target, _ in rows:
            if isinstance(target, Chain):
                found |= dict.fromkeys(owner for _, owner in _owner(place, "", target))
    return [*found]


def _names(title: str, places: Iterable[str], bpm: float) -> dict[str, str]:
    """The names of the files by place, each once, without what a file system may not take."""
    found: dict[str, str] = {}
    for place in places:
        plain = re.sub(r"[^\w.-]+", "_", layer_name(place)).strip("._") or "layer"
        name, number = f"{title}_{plain}_{_bpm(bpm)}", 2
        while name.lower() in {other.lower() for other in found.values()}:
            name, number = f"{title}_{plain}{number}_{_bpm(bpm)}", number + 1
        found[place] = name
    return found


def _bpm(bpm: float) -> str:
    """The tempo in a file's name, as DAWs look for it there.

    >>> _bpm(120.0), _bpm(92.5)
    ('120bpm', '92.5bpm')
    """
    return f"{round(bpm, 3):g}bpm"
