"""The `sempre` command: what it can do, each part imported only when it is asked for."""

from __future__ import annotations

import argparse
import os
import sys
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from repl import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ABOUT = "A live-coding environment for generative music: rewrite it while it plays."
EXAMPLES = """
  sempre evening.py                          play a piece and open the prompt
  sempre play evening.py --seconds 60        play it without a prompt
  sempre render evening.py --seconds 60 -o evening.wav
  sempre export evening.py --cycles 32 -o evening.mid --stems stems
  sempre touchosc evening.py -o evening.tosc
  sempre daw reaper evening.py -o reaper     a DAW's set-up, in words and as files
  sempre attach                              open a prompt on what plays already
  sempre devices                             ports and devices, and what to write for them
  sempre replay last -o evening.wav          play one of them again, exactly
  sempre log --midi set.mid                  what was sent, and when
  sempre stubs .                             let your editor know what a piece here can say
"""
COMMANDS = (
    "play", "render", "export", "touchosc", "daw", "attach", "status", "stop", "devices", "plugins", "log",
    "calibrate", "journal", "replay", "stubs", "prompt",
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `sempre` as from the command line; returns its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    if not given or (given[0] not in COMMANDS and given[0] not in {"-h", "--help", "--version"}):
        meant = _meant(given[0]) if given else None
        if meant is not None:
            print(f"sempre: no command or file {given[0]!r}; did you mean {meant!r}?", file=sys.stderr)  # noqa: T201 - the command line's own voice
            return 2
        # `sempre FILE ...` is what everybody types: it opens the prompt.
        given = ["prompt", *given]
    options = _parser().parse_args(given)
    run: Callable[[argparse.Namespace], int] = options.run
    from patterns.errors import SempreError

    try:
        return run(options)
    except SempreError as error:
        print(f"sempre: {error}", file=sys.stderr)  # noqa: T201 - the command line's own voice
        return 1
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # of `sempre log | head`: nothing of ours may be written any more
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="sempre",
        description=ABOUT,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"sempre {VERSION}")
    commands = parser.add_subparsers(metavar="COMMAND or FILE", required=True)

    prompt = commands.add_parser("prompt", help="play pieces and open the prompt (the default)")
    prompt.add_argument("files", nargs="*", type=Path, metavar="FILE", help="pieces to play and to watch")
    _take_record(prompt)
    prompt.set_defaults(run=_prompt)

    play = commands.add_parser("play", help="play pieces without a prompt")
    play.add_argument("files", nargs="+", type=Path, metavar="FILE")
    play.add_argument("--seconds", type=_seconds, default=None, help="stop after so long; else on Ctrl-C")
    _take_record(play)
    play.set_defaults(run=_play)

    render = commands.add_parser("render", help="write a piece to a sound file, faster than it plays")
    _take_render(render)
    _take_stems(render)
    render.set_defaults(run=_render)

    export = commands.add_parser("export", help="write a piece as a MIDI file, a track for each layer")
    export.add_argument("files", nargs="+", type=Path, metavar="FILE")
    export.add_argument("--cycles", type=int, default=16, help="how many of them (16)")
    export.add_argument("-o", "--output", type=Path, default=None, help="a .mid file")
    _take_stems(export)
    export.add_argument("--seed", type=int, default=None, help="another seed than the piece's own")
    export.add_argument("--ppq", type=int, default=None, help="ticks of a quarter note (20160)")
    export.set_defaults(run=_export)

    touchosc = commands.add_parser("touchosc", help="write a tablet's layout with the inputs of a piece")
    touchosc.add_argument("files", nargs="+", type=Path, metavar="FILE")
    touchosc.add_argument("-o", "--output", type=Path, required=True, help="a .tosc file")
    touchosc.set_defaults(run=_touchosc)

    daw = commands.add_parser("daw", help="say how a DAW is set up for a piece, and write what it reads")
    daw.add_argument(
        "name", choices=("live", "reaper", "ardour", "bitwig"), metavar="live|reaper|ardour|bitwig"
    )
    daw.add_argument("files", nargs="*", type=Path, metavar="FILE", help="pieces, whose layers become tracks")
    daw.add_argument(
        "-o", "--output", type=Path, default=None, metavar="FOLDER", help="write the set-up there"
    )
    clips = "write the layers of these pieces as clips into Live, by AbletonOSC"
    daw.add_argument("--clips", nargs="+", type=Path, default=None, metavar="FILE", help=clips)
    daw.add_argument("--cycles", type=int, default=4, help="how long the clips are (4)")
    daw.add_argument("--scene", type=int, default=1, help="in which scene of Live (1)")
    daw.set_defaults(run=_daw)

    attach = commands.add_parser("attach", help="open a prompt on the session that runs")
    attach.set_defaults(run=_attach)
    status = commands.add_parser("status", help="say what runs")
    status.set_defaults(run=_status)
    stop = commands.add_parser("stop", help="end the session that runs")
    stop.set_defaults(run=_stop)

    devices = commands.add_parser("devices", help="list ports and devices, and what to write for them")
    devices.add_argument("--json", action="store_true", help="for other programs")
    devices.set_defaults(run=_devices)

    plugins = commands.add_parser("plugins", help="list your plugins, show what one can be told, edit it")
    plugins.add_argument("verb", nargs="?", choices=("show", "edit"), metavar="show|edit")
    plugins.add_argument("name", nargs="?", metavar="NAME", help="a plugin's name, or the path to it")
    plugins.add_argument("--preset", type=Path, metavar="FILE", help="where edit keeps what you set")
    plugins.set_defaults(run=_plugins, refuse=plugins.error)

    log = commands.add_parser("log", help="show what was sent, when it was due and when it left")
    log.add_argument("--layer", default=None, metavar="NAME", help="only this layer")
    form = log.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="all of it as JSON lines")
    form.add_argument("--midi", type=Path, default=None, metavar="FILE", help="write it as a MIDI file")
    log.set_defaults(run=_log)

    journal = commands.add_parser("journal", help="list the sessions that were written down")
    journal.set_defaults(run=_journal)
    replay = commands.add_parser("replay", help="play a session again, as its journal tells it")
    replay.add_argument("journal", metavar="JOURNAL", help="a file, a name in the list, or last")
    replay.add_argument("-o", "--output", type=Path, default=None, help="a .wav, .flac, .ogg or .mp3 file")
    replay.add_argument("--events", type=Path, default=None, help="a file for the events, as JSON lines")
    replay.add_argument("--from", dest="begin", type=_cycle, default=None, metavar="CYCLE", help="the first")
    replay.add_argument("--to", dest="end", type=_cycle, default=None, metavar="CYCLE", help="where it ends")
    replay.set_defaults(run=_replay)

    calibrate = commands.add_parser("calibrate", help="measure how late a port is heard, on JACK")
    calibrate.add_argument("port", metavar="PORT", help="a part of the name of the MIDI port to measure")
    calibrate.add_argument("--back", metavar="PORT", help="the MIDI port from which notes come back (PORT)")
    calibrate.add_argument("--audio", metavar="PORT", help="the audio port from which its sound comes back")
    calibrate.add_argument("--notes", type=int, default=20, help="how many notes (20)")
    calibrate.add_argument("--channel", type=int, default=1, help="1 to 16 (1)")
    calibrate.add_argument("--minus", type=float, default=0.0, metavar="MS", help="what the way back takes")
    calibrate.set_defaults(run=_calibrate)

    stubs = commands.add_parser("stubs", help="let your editor know what a piece can say")
    stubs.add_argument("folder", nargs="?", type=Path, default=Path(), help="where your pieces are (here)")
    stubs.set_defaults(run=_stubs)
    return parser


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 86400:
        raise argparse.ArgumentTypeError(f"seconds must be above 0 and at most 86400 (got {text!r})")
    return value


def _tail(text: str) -> float:
    return 0.0 if text == "0" else _seconds(text)


def _cycle(text: str) -> Fraction:
    try:
        value = Fraction(text)
    except (ValueError, ZeroDivisionError):
        value = Fraction(-1)
    if not 0 <= value <= 10**9:
        raise argparse.ArgumentTypeError(f"a cycle is a number from 0, such as 8 or 17/2 (got {text!r})")
    return value


def _meant(name: str) -> str | None:
    """The command that somebody meant who wrote what is neither a command nor a file.

    >>> _meant("plya")
    'play'
    """
    from difflib import get_close_matches

    near = get_close_matches(name, COMMANDS, n=1)
    return near[0] if near and not Path(name).suffix and not Path(name).exists() else None


def _prompt(options: argparse.Namespace) -> int:
    from repl import launch
    from repl.prompt import run

    session = launch.start(options.files, leash=False, record=options.record)
    return run(session.folder)


def _play(options: argparse.Namespace) -> int:
    from repl import launch

    return launch.play(options.files, options.seconds, options.record)


def _take_record(parser: argparse.ArgumentParser) -> None:
    said = "record what is heard, as .wav or .flac"
    parser.add_argument("--record", type=Path, default=None, metavar="SOUND", help=said)


def _take_render(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    made = "make a render again, as the recipe beside it tells"
    parser.add_argument("--recipe", type=Path, default=None, metavar="FILE", help=made)
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--cycles", type=int, default=None, help="how many cycles")
    length.add_argument("--seconds", type=_seconds, default=60.0, help="or how long (60)")
    where = "a .wav, .flac, .ogg or .mp3 file; a folder takes a file of each piece"
    parser.add_argument("-o", "--output", type=Path, default=None, metavar="FILE", help=where)
    kinds = ("wav", "flac", "ogg", "mp3")
    parser.add_argument("--format", choices=kinds, default=None, help="the kind of file, in a folder (wav)")
    parser.add_argument("--rate", type=int, default=48_000, help="frames a second (48000)")
    parser.add_argument("--bits", choices=("16", "24", "32f"), default="24", help="of a sample (24)")
    where = "the loudspeakers: stereo, quad, 5.1, 7.1, 5.1.4, 7.1.4, binaural, ambix3, or a file"
    parser.add_argument("--layout", default="", help=where)
    parser.add_argument("--lufs", type=float, default=None, help="how loud, as services measure it: -14")
    parser.add_argument("--tp", type=float, default=None, help="the highest true peak in dB (-1 with --lufs)")
    twice = "render twice, and keep the sound of plugins that are not the same twice"
    parser.add_argument("--check", action="store_true", help=twice)
    parser.add_argument("--jobs", type=int, default=None, help="how many pieces at once, into a folder")
    parser.add_argument("--seed", type=int, default=None, help="another seed than the piece's own")


def _take_stems(parser: argparse.ArgumentParser) -> None:
    parser.set_defaults(refuse=parser.error)
    parser.add_argument(
        "--stems", type=Path, default=None, metavar="FOLDER", help="a sound file for each layer"
    )
    parser.add_argument(
        "--tail", type=_tail, default=0.0, metavar="SECONDS", help="let the sound ring out (0)"
    )


def _render(options: argparse.Namespace) -> int:
    from repl.rendering import run

    if bool(options.files) == (options.recipe is not None):
        refuse: Callable[[str], object] = options.refuse
        refuse("say what to render: pieces, or --recipe FILE")
    if options.recipe is None:
        _wanted(options, "FILE.wav")
    return run(options)


def _export(options: argparse.Namespace) -> int:
    from repl.export import PPQ, export_files
    from repl.stems import write_stems

    _wanted(options, "FILE.mid")
    if options.output is not None:
        ppq = PPQ if options.ppq is None else options.ppq
        print(export_files(options.files, options.cycles, options.output, seed=options.seed, ppq=ppq))  # noqa: T201 - the answer
    if options.stems is not None:
        more = {"cycles": options.cycles, "tail": options.tail, "seed": options.seed}
        print(write_stems(options.files, options.stems, **more))  # noqa: T201 - the answer
    return 0


def _wanted(options: argparse.Namespace, file: str) -> None:
    if options.output is None and options.stems is None:
        refuse: Callable[[str], object] = options.refuse
        refuse(f"say what to write: -o {file}, --stems FOLDER, or both")


def _touchosc(options: argparse.Namespace) -> int:
    from repl.touchosc import write_layout

    print(write_layout(options.files, options.output))  # noqa: T201 - the answer
    return 0


def _daw(options: argparse.Namespace) -> int:
    from repl.daw import daw
    from repl.daw_live import write_clips
    from repl.errors import ReplError

    if options.clips is None:
        print(daw(options.name, options.files, options.output))  # noqa: T201 - the answer
        return 0
    if options.name != "live" or options.files or options.output is not None:
        raise ReplError(
            "clips are written into Live, and nothing else with them: sempre daw live --clips FILE"
        )
    print(write_clips(options.clips, options.cycles, scene=options.scene))  # noqa: T201 - the answer
    return 0


def _journal(_options: argparse.Namespace) -> int:
    from repl.archive import listing

    print(listing())  # noqa: T201 - the answer
    return 0


def _replay(options: argparse.Namespace) -> int:
    from repl.archive import found, replay
    from repl.errors import ReplError

    if options.begin is not None and options.end is not None and options.end <= options.begin:
        raise ReplError(f"--to {options.end} lies before --from {options.begin}")
    print(replay(found(options.journal), options.output, options.events, options.begin, options.end))  # noqa: T201 - the answer
    return 0


def _attach(_options: argparse.Namespace) -> int:
    from repl.prompt import run
    from repl.runtime import newest

    return run(newest())


def _status(_options: argparse.Namespace) -> int:
    from repl import launch

    print(launch.status())  # noqa: T201 - the answer
    return 0


def _stop(_options: argparse.Namespace) -> int:
    from repl import launch

    print(launch.stop())  # noqa: T201 - the answer
    return 0


def _devices(options: argparse.Namespace) -> int:
    from repl.devices import devices

    print(devices(as_json=options.json))  # noqa: T201 - the answer
    return 0


def _plugins(options: argparse.Namespace) -> int:
    from repl.plugins import edit, plugins, show

    name: str | None = options.name
    refuse: Callable[[str], object] = options.refuse
    if options.verb and name is None:
        refuse(f'say which: sempre plugins {options.verb} "Surge XT"')
    if options.preset and options.verb != "edit":
        refuse("--preset belongs to sempre plugins edit")
    if options.verb == "edit" and name is not None:
        print(edit(name, options.preset))  # noqa: T201 - the answer
    else:
        print(plugins() if name is None else show(name))  # noqa: T201 - the answer
    return 0


def _log(options: argparse.Namespace) -> int:
    from repl.sent import sent

    print(sent(options.layer, as_json=options.json, midi=options.midi))  # noqa: T201 - the answer
    return 0


def _calibrate(options: argparse.Namespace) -> int:
    from repl.calibrate import calibrate

    text = calibrate(
        options.port,
        options.back,
        options.audio,
        notes=options.notes,
        channel=options.channel,
        minus=options.minus,
    )
    print(text)  # noqa: T201 - the answer
    return 0


def _stubs(options: argparse.Namespace) -> int:
    from repl.declarations import write
    from repl.errors import ReplError

    try:
        print("\n".join(write(options.folder)))  # noqa: T201 - the answer
    except OSError as error:
        raise ReplError(f"cannot write to {options.folder}: {error.strerror or error}") from None
    return 0
