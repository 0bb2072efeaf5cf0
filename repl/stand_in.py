"""What stands in the prompt's place for a while: a line of its own above the status bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prompt_toolkit.application import Application
from prompt_toolkit.layout import FormattedTextControl, HSplit, Layout, Window

from repl.colours import STYLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from prompt_toolkit.formatted_text import FormattedText
    from prompt_toolkit.input import Input
    from prompt_toolkit.key_binding import KeyBindings
    from prompt_toolkit.output import Output


def stand_in(
    line: Callable[[], FormattedText],
    bar: Callable[[], FormattedText],
    keys: KeyBindings,
    terminal: Input,
    screen: Output,
) -> Application[None]:
    """Make it; it is gone from the screen when it ends.

    Args:
        line: Gives what it says.
        bar: Gives the status bar.
        keys: What its keys do.
        terminal: Where keys come from.
        screen: Where it is drawn.
    """
    rows = [
        Window(FormattedTextControl(line), height=1),
        Window(FormattedTextControl(bar), height=1, style="class:bottom-toolbar"),
    ]
    return Application(
        layout=Layout(HSplit(rows)),
        key_bindings=keys,
        style=STYLE,
        input=terminal,
        output=screen,
        erase_when_done=True,
    )
