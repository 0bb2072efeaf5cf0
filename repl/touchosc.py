"""`sempre touchosc`: a TouchOSC layout with exactly the inputs that a piece declares."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from bridge.surface_book import Book, address_of
from patterns.inputs import MIDI
from repl.errors import LoadError, ReplError
from repl.loader import load_piece
from repl.remote import inputs_of
from repl.report import Place, block

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import py2tosc

    from patterns.inputs import Input

SIZE = (1024, 768)
"""Points of a tablet held across; TouchOSC fits a layout to any screen."""
GAP = 8
COLOURS = ("#4FC3F7", "#FFB74D", "#AED581", "#F06292", "#BA68C8", "#FFF176", "#4DB6AC", "#E57373")
"""One for each group, in turn."""


def write_layout(files: Sequence[Path], output: Path) -> str:
    """Write the layout of pieces; gives what is to be said about it.

    Args:
        files: The pieces, whose inputs come in this order.
        output: The file, which is replaced.

    Raises:
        LoadError: A piece cannot be read.
        ReplError: No piece declares an input, two inputs would have one address, or py2tosc is missing.
    """
    inputs: dict[str, Input] = {}
    for file in files:
        for one in _inputs(file):
            inputs.setdefault(one.name, one)
    if not inputs:
        raise ReplError('no input is declared, such as knob("cutoff", 200, 8000): nothing to lay out')
    for problem in Book().declare(inputs.values(), {}):
        raise ReplError(problem)
    document = layout(inputs.values(), output.stem)
    for issue in document.validate():
        raise ReplError(f"py2tosc finds fault with the layout: {issue}")
    try:
        document.save(output)
    except OSError as error:
        raise ReplError(f"{output} cannot be written ({error.strerror or error})") from None
    controls = [*dict.fromkeys(one.control for one in inputs.values())]
    return f"{output}: {len(controls)} controls: {', '.join(controls)}"


def _inputs(file: Path) -> list[Input]:
    try:
        source = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise ReplError(f"{file}: cannot be read ({error.strerror or error})") from None
    except UnicodeDecodeError:
        raise LoadError(block("this is not UTF-8 text: save it as UTF-8", Place(str(file), 1), "")) from None
    return [one for one in inputs_of(load_piece(source, str(file))) if one.kind != MIDI]


def layout(inputs: Iterable[Input], title: str) -> py2tosc.Document:
    """A page for each group (what stands before the dot of a name), a control for each input.

    Every control sends and receives the one message of its input, 0 to 1, and echoes nothing.

    Args:
        inputs: In the order in which they are to be laid out.
        title: The name of the whole.

    Raises:
        ReplError: py2tosc is not installed.
    """
    try:
        import py2tosc
        from py2tosc import ui
    except ImportError:
        raise ReplError("layouts need py2tosc: pip install 'sempre[tablet]'") from None
    groups: dict[str, dict[str, list[Input]]] = {}
    for one in inputs:
        group, _, _ = one.control.rpartition(".")
        groups.setdefault(group, {}).setdefault(one.control, []).append(one)
    pages: list[py2tosc.Control] = []
    for number, (group, controls) in enumerate(groups.items()):
        colour = COLOURS[number % len(COLOURS)]
        columns = max(1, math.ceil(math.sqrt(len(controls) * 1.5)))
        cells = [_control(name, parts, colour) for name, parts in controls.items()]
        pages.append(ui.tiles(*cells, columns=columns, gap=GAP, pad=GAP, name=group or title or "inputs"))
    frame = (0, 0, *SIZE)
    if len(pages) == 1:
        root = pages[0]
        root.set("frame", frame)
        root.set("name", title)
    else:
        root = ui.stack(ui.pager(*pages), name=title, frame=frame)
    document = py2tosc.Document(root=root)
    document.resolve()
    for number, control in enumerate(document.walk()):
        # Else they are drawn by lot, and the same piece would give another file each time.
        control.id = str(uuid5(NAMESPACE_URL, f"sempre:{title}:{number}"))
    return document


def _control(name: str, parts: list[Input], colour: str) -> py2tosc.Control:
    import py2tosc
    from py2tosc import ui

    address = address_of(name)
    kind = parts[0].kind
    names = [part.kind if part.kind in ("x", "y") else "x" for part in parts]
    message = ui.osc(
        address,
        args=[ui.value(key) for key in names],
        triggers=[py2tosc.Trigger(var=key) for key in names],
    )
    rest = [
        *(py2tosc.Value(key=key, default=part.rest) for key, part in zip(names, parts, strict=True)),
        py2tosc.Value(key="touch"),
    ]
    own = name.rpartition(".")[2]
    if kind == "knob":
        made = py2tosc.fader(name=own, messages=[message], values=rest, color=colour)
    elif kind in ("toggle", "button"):
        press = py2tosc.ButtonType.TOGGLE_PRESS if kind == "toggle" else py2tosc.ButtonType.MOMENTARY
        made = py2tosc.button(name=own, messages=[message], values=rest, color=colour, buttonType=press)
    else:
        made = py2tosc.xy(name=own, messages=[message], values=rest, color=colour)
    return ui.labelled(made, _caption(own, parts), size=20)


def _caption(own: str, parts: list[Input]) -> str:
    """What stands on a control: its name, and its range where that is not 0 to 1."""
    ranges = [f"{p.low:g} … {p.high:g}" for p in parts if (p.low, p.high) != (0, 1)]
    return "\n".join([own, *ranges])
