"""The `sempre` command: what it can do, each part imported only when it is asked for."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from repl import cli_journal, cli_plugin, cli_service, cli_shelf, cli_stage, cli_talk, train_command
from repl.cli_analyse import add as add_analyse
from repl.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ABOUT = "A live-coding environment for generative music: rewrite it while it plays."
EXAMPLES = """
  sempre new evening; sempre evening/piece.py     make a first piece, play it and open the prompt
  sempre render evening/piece.py --seconds 60 -o evening.wav
"""
COMMANDS = (
    "play", "stage", "talk", "render", "export", "touchosc", "daw", "attach", "status", "stop", "devices",
    "plugins", "log", "calibrate", "journal", "history", "replay", "stubs", "prompt", "new", "examples",
    "analyse", "restart",
    "service", "doctor", "train", "plugin",
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
    try:
        from patterns.errors import SempreError
    except ImportError as error:
        from repl.ours import explained

        said = explained(error)
        if not said:
            raise
        print(f"sempre: {said}", file=sys.stderr)  # noqa: T201 - the command line's own voice
        return 1

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

    cli_shelf.add(commands.add_parser)
    cli_talk.add(commands.add_parser)
    cli_stage.add(commands.add_parser)
    cli_service.add(commands.add_parser)
    cli_plugin.add(commands.add_parser)
    # Not in the list, which is as long as a screen: `sempre FILE` is what it does.
    prompt = commands.add_parser("prompt", description="Plays pieces and opens the prompt, as sempre FILE.")
    prompt.add_argument("files", nargs="*", type=Path, metavar="FILE", help="pieces, or folders of them")
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
    export.add_argument("files", nargs="+", type=Path, metavar="FILE", help="pieces, or folders of them")
    export.add_argument("--cycles", type=int, default=16, help="how many of them (16)")
    export.add_argument("-o", "--output", type=Path, default=None, help="a .mid file")
    _take_stems(export)
    export.add_argument("--seed", type=int, default=None, help="another seed than the piece's own")
    export.add_argument("--ppq", type=int, default=None, help="ticks of a quarter note (20160)")
    export.set_defaults(run=_export)

    add_analyse(commands.add_parser)
    touchosc = commands.add_parser("touchosc", help="write a tablet's layout with the inputs of a piece")
    touchosc.add_argument("files", nargs="+", type=Path, metavar="FILE", help="pieces, or folders of them")
    touchosc.add_argument("-o", "--output", type=Path, required=True, help="a .tosc file")
    touchosc.set_defaults(run=_touchosc)

    daw = commands.add_parser("daw", help="say and write how a DAW is set up for a piece")
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
    attach.add_argument("--name", default="", help="as which the others see what you type (the terminal's)")
    attach.set_defaults(run=_attach)
    status = commands.add_parser("status", help="say what runs")
    status.set_defaults(run=_status)
    about = "draw how loud everything is until Ctrl-C, with the spectra of some layers and buses"
    status.add_argument("--meters", nargs="*", metavar="NAME", help=about)
    status.add_argument("--json", action="store_true", help="meters for other programs: 20 lines a second")
    stop = commands.add_parser("stop", help="end the session that runs")
    stop.set_defaults(run=_stop)
    stop.add_argument("--all", action="store_true", help="end all that run, not only the newest")

    restart = commands.add_parser("restart", help="end the session that runs, and begin it anew")
    restart.set_defaults(run=_restart)

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

    cli_journal.add(commands.add_parser)
    train_command.add(commands.add_parser)
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
    from repl.runtime import project_of

    session = launch.start(options.files, leash=False, record=options.record)
    from repl.settings import read_settings

    return run(session.folder, settings=read_settings([project_of(session.folder) / "-"]).prompt)


def _play(options: argparse.Namespace) -> int:
    from repl import launch

    return launch.play(options.files, options.seconds, options.record)


def _take_record(parser: argparse.ArgumentParser) -> None:
    said = "record what is heard, as .wav or .flac"
    parser.add_argument("--record", type=Path, default=None, metavar="SOUND", help=said)


def _take_render(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="pieces, or folders of them")
    made = "make a render again, as the recipe beside it tells"
    parser.add_argument("--recipe", type=Path, default=None, metavar="FILE", help=made)
    session = "a session as it was played: a file, a name that `sempre journal` lists, or last"
    parser.add_argument("--journal", default=None, metavar="JOURNAL", help=session)
    length = parser.add_mutually_exclusive_group()
    length.add_argument("--cycles", type=int, default=None, help="how many cycles")
    length.add_argument("--seconds", type=_seconds, default=None, help="or how long (60; all of a session)")
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
    from repl.archive import found
    from repl.folders import all_pieces
    from repl.rendering import run

    if bool(options.files) + (options.recipe is not None) + (options.journal is not None) != 1:
        refuse: Callable[[str], object] = options.refuse
        refuse("say what to render: --journal JOURNAL, or pieces, or --recipe FILE")
    if options.recipe is None:
        _wanted(options, "FILE.wav")
        options.files = all_pieces(options.files) if options.journal is None else [found(options.journal)]
    return run(options)


def _export(options: argparse.Namespace) -> int:
    from repl.export import PPQ, export_files
    from repl.folders import all_pieces
    from repl.stems import write_stems

    _wanted(options, "FILE.mid")
    files = all_pieces(options.files)
    if options.output is not None:
        ppq = PPQ if options.ppq is None else options.ppq
        print(export_files(files, options.cycles, options.output, seed=options.seed, ppq=ppq))  # noqa: T201 - the answer
    if options.stems is not None:
        more = {"cycles": options.cycles, "tail": options.tail, "seed": options.seed}
        print(write_stems(files, options.stems, **more))  # noqa: T201 - the answer
    return 0


def _wanted(options: argparse.Namespace, file: str) -> None:
    if options.output is None and options.stems is None:
        refuse: Callable[[str], object] = options.refuse
        refuse(f"say what to write: -o {file}, --stems FOLDER, or both")


def _touchosc(options: argparse.Namespace) -> int:
    from repl.folders import all_pieces
    from repl.touchosc import write_layout

    print(write_layout(all_pieces(options.files), options.output))  # noqa: T201 - the answer
    return 0


def _daw(options: argparse.Namespace) -> int:
    from repl.daw import daw
    from repl.daw_live import write_clips
    from repl.errors import ReplError
    from repl.folders import all_pieces

    if options.clips is None:
        print(daw(options.name, all_pieces(options.files), options.output))  # noqa: T201 - the answer
        return 0
    if options.name != "live" or options.files or options.output is not None:
        raise ReplError(
            "clips are written into Live, and nothing else with them: sempre daw live --clips FILE"
        )
    print(write_clips(all_pieces(options.clips), options.cycles, scene=options.scene))  # noqa: T201 - the answer
    return 0


def _attach(options: argparse.Namespace) -> int:
    from repl.prompt import run
    from repl.runtime import newest, project_of
    from repl.settings import read_settings

    session = newest()
    read = read_settings([project_of(session) / "-"])
    for problem in read.problems:
        print(problem, file=sys.stderr)  # noqa: T201 - for the musician, before the prompt
    settings = replace(read.prompt, name=options.name) if options.name else read.prompt
    return run(session, settings=settings, ours=False)


def _status(options: argparse.Namespace) -> int:
    from repl import launch

    if options.meters is not None or options.json:
        from repl.cli_meters import show_meters

        return show_meters(options.meters or [], as_json=options.json)
    print(launch.status())  # noqa: T201 - the answer
    return 0


def _stop(options: argparse.Namespace) -> int:
    from repl import launch

    print(launch.stop(everything=options.all))  # noqa: T201 - the answer
    return 0


def _restart(_options: argparse.Namespace) -> int:
    from repl.restart import restart

    return restart()


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
