"""Leaving the prompt: what is asked when music plays, and the keys that answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prompt_toolkit.formatted_text import FormattedText
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.keys import Keys

from repl.stand_in import stand_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from prompt_toolkit.input import Input
    from prompt_toolkit.key_binding.key_processor import KeyPressEvent
    from prompt_toolkit.output import Output

    from repl.conversation import Conversation

ALONE = 0.05
"""Seconds after which an Esc is the key itself, and not the beginning of another key's code."""
QUESTION = "leave, and the music?  Enter: it plays on   s: stop it   Esc: stay here"


class Leaving:
    """Runs in the prompt's place until it is known what becomes of the music.

    Enter, and Ctrl-D once more, leave it playing: of the two ways to go, that can be taken back.

    Args:
        conversation: Is told the answer.
        bar: Gives the status bar.
        terminal: Where keys come from.
        screen: Where it is drawn.
    """

    def __init__(
        self, conversation: Conversation, bar: Callable[[], FormattedText], terminal: Input, screen: Output
    ) -> None:
        self._conversation = conversation
        self.app = stand_in(
            lambda: FormattedText([("class:waiting", QUESTION)]), bar, self._keys(), terminal, screen
        )
        self.app.ttimeoutlen = ALONE

    async def run(self) -> None:
        """Show it until it gives way."""
        await self.app.run_async(handle_sigint=False)

    def leave(self) -> None:
        """Give way: the question is answered, or has no sense any more."""
        if self.app.is_running and not self.app.is_done:
            self.app.exit()

    def _keys(self) -> KeyBindings:
        keys = KeyBindings()
        talk = self._conversation

        @keys.add("enter", eager=True)
        @keys.add("c-d", eager=True)
        def play_on(event: KeyPressEvent) -> None:
            talk.detach()
            self.leave()

        @keys.add("s", eager=True)
        def stop(event: KeyPressEvent) -> None:
            talk.stop()
            self.leave()

        @keys.add("escape", eager=True)
        @keys.add("c-c", eager=True)
        @keys.add(Keys.SIGINT, eager=True)
        def stay(event: KeyPressEvent) -> None:
            talk.stay()
            self.leave()  # at once: keys that came together with this one are for the line, not more answers

        @keys.add(Keys.CPRResponse, eager=True)
        def cursor(event: KeyPressEvent) -> None:
            row, _, _ = event.data[2:-1].partition(";")
            event.app.renderer.report_absolute_cursor_row(int(row))

        @keys.add(Keys.Any, eager=True)
        def nothing(event: KeyPressEvent) -> None:
            """Any other key: the question stays."""

        return keys
