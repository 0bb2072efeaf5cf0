"""What the terminal shows while something is evaluated: the status bar goes on, and what is typed is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.keys import Keys

from repl.stand_in import stand_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from prompt_toolkit.input import Input
    from prompt_toolkit.key_binding.key_processor import KeyPress, KeyPressEvent
    from prompt_toolkit.output import Output

    from repl.conversation import Conversation

_ENTER = frozenset({Keys.ControlM, Keys.ControlJ})


class TypedAhead:
    """The keys that were pressed while nobody could take them."""

    def __init__(self) -> None:
        self.presses: list[KeyPress] = []

    @property
    def text(self) -> str:
        """All of it, for the eye."""
        return _shown(self.presses)

    @property
    def line(self) -> str:
        """The text of the line that is being typed."""
        return _shown(self._tail())

    def add(self, press: KeyPress) -> None:
        """Take a key; the backspace takes back the one before."""
        if press.key in (Keys.ControlH, Keys.Backspace) and self._tail():
            self.presses.pop()
        else:
            self.presses.append(press)

    def drop_line(self) -> None:
        """Forget the line that is being typed."""
        del self.presses[len(self.presses) - len(self._tail()) :]

    def _tail(self) -> list[KeyPress]:
        for number in range(len(self.presses), 0, -1):
            if self.presses[number - 1].key in _ENTER:
                return self.presses[number:]
        return self.presses[:]


def _shown(presses: list[KeyPress]) -> str:
    return "".join(
        " ⏎ " if p.key in _ENTER else p.data
        for p in presses
        if p.key in _ENTER or (len(p.data) == 1 and p.data.isprintable())
    )


class Waiting:
    """Runs in the prompt's place until an answer is there.

    Args:
        conversation: Takes Ctrl-C, Ctrl-D, and `panic` and `exit` if they are typed.
        bar: Gives the status bar.
        terminal: Where keys come from.
        screen: Where it is drawn.
    """

    def __init__(
        self, conversation: Conversation, bar: Callable[[], FormattedText], terminal: Input, screen: Output
    ) -> None:
        self._conversation = conversation
        self._ahead = TypedAhead()
        self.app = stand_in(self._line, bar, self._keys(), terminal, screen)

    async def run(self) -> None:
        """Show it until it gives way."""
        await self.app.run_async(handle_sigint=False)

    def leave(self) -> None:
        """Give way to the prompt."""
        if self.app.is_running and not self.app.is_done:
            self.app.exit()

    @property
    def typed(self) -> list[KeyPress]:
        """What was typed meanwhile, and is for the line."""
        return self._ahead.presses

    def _line(self) -> FormattedText:
        text = "evaluating; Ctrl-C interrupts" if self._conversation.sent else "waiting for the engine"
        return FormattedText([("class:waiting", f"{text}  "), ("", self._ahead.text)])

    def _keys(self) -> KeyBindings:
        keys = KeyBindings()
        # All are eager: no key may fall through to the bindings of a line that is not there.

        @keys.add("c-c", eager=True)
        @keys.add(Keys.SIGINT, eager=True)
        def interrupt(event: KeyPressEvent) -> None:
            self._ahead.presses.clear()
            self._conversation.interrupt()

        @keys.add("f2", eager=True)
        def dashboard(event: KeyPressEvent) -> None:
            # At once, within the key: the next ones are for the dashboard.
            self._conversation.watch()
            self.leave()

        @keys.add("c-d", eager=True)
        def stop(event: KeyPressEvent) -> None:
            self._conversation.leave()

        @keys.add(Keys.CPRResponse, eager=True)
        def cursor(event: KeyPressEvent) -> None:
            row, _, _ = event.data[2:-1].partition(";")
            event.app.renderer.report_absolute_cursor_row(int(row))

        @keys.add(Keys.Any, eager=True)
        def keep(event: KeyPressEvent) -> None:
            for press in event.key_sequence:
                if press.key in _ENTER and self._conversation.command(self._ahead.line):
                    self._ahead.drop_line()
                    if self._conversation.watching:
                        self.leave()
                else:
                    self._ahead.add(press)

        return keys
