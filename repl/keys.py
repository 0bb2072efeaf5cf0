"""The keys of the prompt: when Enter runs, what a paste does, what Ctrl-C clears."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from prompt_toolkit.application import get_app
from prompt_toolkit.enums import DEFAULT_BUFFER
from prompt_toolkit.filters import Condition, has_focus
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.keys import Keys

from repl.completion import in_text
from repl.statement import finished, indent_after, parses

if TYPE_CHECKING:
    from collections.abc import Callable

    from prompt_toolkit.document import Document
    from prompt_toolkit.key_binding.key_processor import KeyPressEvent

    from repl.signature import Aside

INDENT = "    "


def runs(document: Document, pasted: str = "") -> bool:
    """Whether Enter runs what is typed, rather than beginning another line.

    Args:
        document: Text and cursor.
        pasted: What was last pasted: as long as nothing is changed, a whole block runs at once.
    """
    text = document.text
    if text.strip().startswith("?") or text.strip().endswith("?"):
        return True
    if text == pasted and parses(text):
        return True
    return document.on_last_line and finished(text)


def bindings(dashboard: Callable[[], object], explained: Aside) -> KeyBindings:
    """The keys of the line that is typed.

    Args:
        dashboard: Opens the dashboard.
        explained: What is explained below the line.
    """
    keys = KeyBindings()
    typing = has_focus(DEFAULT_BUFFER)
    pasted = [""]

    @Condition
    def at_indent() -> bool:
        return not get_app().current_buffer.document.current_line_before_cursor.strip()

    @keys.add("enter", filter=typing)
    def enter(event: KeyPressEvent) -> None:
        buffer = event.current_buffer
        if buffer.complete_state is not None and buffer.complete_state.current_completion is not None:
            buffer.complete_state = None
        elif runs(buffer.document, pasted[0]):
            explained.close()
            buffer.validate_and_handle()
        else:
            before = buffer.document.text_before_cursor
            buffer.insert_text("\n" + ("" if in_text(before) else indent_after(before)))

    @keys.add("escape", "enter", filter=typing)
    def run(event: KeyPressEvent) -> None:
        explained.close()
        event.current_buffer.validate_and_handle()

    @keys.add("tab", filter=typing & at_indent)
    def indent(event: KeyPressEvent) -> None:
        event.current_buffer.insert_text(INDENT)

    @keys.add("c-c", filter=typing)
    @keys.add(Keys.SIGINT, filter=typing)
    def clear(event: KeyPressEvent) -> None:
        explained.close()
        event.current_buffer.reset()

    @keys.add("f1", filter=typing)
    @keys.add("c-x", "h", filter=typing)  # many terminals keep F1 for themselves
    def explain(event: KeyPressEvent) -> None:
        explained.turn()

    @keys.add("f2", filter=typing)
    def aside(event: KeyPressEvent) -> None:
        dashboard()

    @keys.add(Keys.BracketedPaste, filter=typing)
    def paste(event: KeyPressEvent) -> None:
        data = event.data.replace("\r\n", "\n").replace("\r", "\n")
        buffer = event.current_buffer
        whole = not buffer.text.strip()
        if whole:
            buffer.reset()
            data = textwrap.dedent(data).strip("\n")
        buffer.insert_text(data)
        pasted[0] = buffer.text if whole else ""

    return keys
