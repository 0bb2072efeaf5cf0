"""The dashboard on the whole screen: what sounds and what comes, how loud, what was said, keys for layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from prompt_toolkit.application import Application
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import Layout, Window
from prompt_toolkit.layout.controls import UIContent, UIControl

from bridge.clock import processor_time, wall_now
from repl.colours import STYLE
from repl.dashboard_picture import BLOCKS, LETTERS, Board, draw

if TYPE_CHECKING:
    from collections.abc import Callable

    from prompt_toolkit.formatted_text import StyleAndTextTuples
    from prompt_toolkit.input import Input
    from prompt_toolkit.key_binding.key_processor import KeyPressEvent
    from prompt_toolkit.output import Output

    from repl.conversation import Conversation
    from repl.toolbar import Shown

FRAME = 0.05
"""Seconds between two pictures at least."""
REST = 9
"""How many times as long as a picture took it rests after it: it takes a tenth of a processor at most."""
SCALES = (4.0, 8.0, 16.0, 32.0)
"""Columns that a second may take in the roll."""
USUAL = 2
"""The one of `SCALES` with which it begins."""
PAGE = 5
"""Lines by which the log is scrolled at a time."""
ALONE = 0.05
"""Seconds after which an Esc is the key itself, and not the beginning of another key's code."""


class Dashboard:
    """Runs in the prompt's place until it is left, and remembers what was chosen.

    Args:
        talk: Tells what there is, and takes what the keys order.
        terminal: Where keys come from.
        screen: Where it is drawn.
        draws: Whether the terminal has signs beyond letters.
        wall: Tells seconds since 1970.
        spent: Tells the seconds of processor time that a picture takes.
    """

    def __init__(
        self,
        talk: Conversation,
        terminal: Input,
        screen: Output,
        *,
        draws: bool = True,
        wall: Callable[[], float] = wall_now,
        spent: Callable[[], float] = processor_time,
    ) -> None:
        self._talk = talk
        self._signs = BLOCKS if draws else LETTERS
        self._wall, self._spent = wall, spent
        self._chosen = ""
        self._zoom = USUAL
        self._back = 0
        self._begun = self._took = 0.0
        self.app: Application[None] = Application(
            layout=Layout(Window(_Picture(self.board), always_hide_cursor=True)),
            key_bindings=self._keys(),
            style=STYLE,
            full_screen=True,
            erase_when_done=True,
            min_redraw_interval=FRAME,
            input=terminal,
            output=screen,
            before_render=self._begin,
            after_render=self._end,
        )
        self.app.ttimeoutlen = ALONE

    def leave(self) -> None:
        """Give way to the prompt."""
        if self.app.is_running and not self.app.is_done:
            self.app.exit()

    async def run(self) -> None:
        """Show it until somebody leaves."""
        await self.app.run_async(handle_sigint=False)

    def pause(self) -> float:
        """Seconds until the next picture: in step with the columns, so that the roll goes on evenly."""
        rest = max(FRAME, REST * self._took)
        return rest + -(self._wall() + rest) % (1 / SCALES[self._zoom])

    def board(self) -> Board:
        """All that is drawn now."""
        talk = self._talk
        return Board(
            talk.status,
            talk.absence,
            talk.seen,
            talk.log,
            self._wall(),
            self._chosen,
            SCALES[self._zoom],
            self._back,
            self._signs,
        )

    def _begin(self, _app: Application[None]) -> None:
        self._begun = self._spent()

    def _end(self, _app: Application[None]) -> None:
        self._took = self._spent() - self._begun

    # Keys.

    def _keys(self) -> KeyBindings:
        keys = KeyBindings()
        talk = self._talk

        def on(names: tuple[str, ...], does: Callable[[], object]) -> None:
            def pressed(event: KeyPressEvent) -> None:
                does()

            for name in names:
                keys.add(name)(pressed)

        on(("up", "k"), lambda: self._choose(-1))
        on(("down", "j"), lambda: self._choose(1))
        on(("m",), self._mute)
        on(("s",), self._solo)
        on(("h",), self._end_it)
        on(("u",), self._hear_all)
        on(("H",), lambda: talk.order("hush"))
        on(("!",), talk.panic)
        on(("+", "="), lambda: self._closer(1))
        on(("-",), lambda: self._closer(-1))
        on(("pageup",), lambda: self._scroll(PAGE))
        on(("pagedown",), lambda: self._scroll(-PAGE))
        on(("escape", "f2", "q", "c-c", Keys.SIGINT), self._close)
        return keys

    def _close(self) -> None:
        # At once, within the key: the next ones are for the line already.
        self._talk.unwatch()
        self.leave()

    def _layers(self) -> tuple[Shown, ...]:
        status = self._talk.status
        return status.layers if status is not None else ()

    def _choose(self, by: int) -> None:
        names = [layer.name for layer in self._layers()]
        if names:
            place = names.index(self._chosen) if self._chosen in names else 0
            self._chosen = names[min(max(place + by, 0), len(names) - 1)]

    def _one(self) -> Shown | None:
        """The layer that the keys act on: the one that is marked."""
        layers = self._layers()
        return next((layer for layer in layers if layer.name == self._chosen), layers[0] if layers else None)

    def _mute(self) -> None:
        layer = self._one()
        if layer is not None:
            self._talk.order("unmute" if layer.muted else "mute", layer.name)

    def _solo(self) -> None:
        layer = self._one()
        if layer is not None and layer.solo:
            self._talk.order("unsolo", layer.name)
        elif layer is not None:
            # Beside those that are solo already, as on a mixing desk.
            self._talk.order("solo", *(each.name for each in self._layers() if each.solo), layer.name)

    def _end_it(self) -> None:
        layer = self._one()
        if layer is not None:
            self._talk.order("hush", layer.name)

    def _hear_all(self) -> None:
        self._talk.order("unmute")
        self._talk.order("unsolo")

    def _closer(self, by: int) -> None:
        self._zoom = min(max(self._zoom + by, 0), len(SCALES) - 1)

    def _scroll(self, by: int) -> None:
        self._back = min(max(0, self._back + by), len(self._talk.log))


class _Picture(UIControl):
    """Gives the lines of the picture in the size of the screen."""

    def __init__(self, board: Callable[[], Board]) -> None:
        self._board = board

    def create_content(self, width: int, height: int) -> UIContent:
        lines = draw(self._board(), width, height)

        def line(number: int) -> StyleAndTextTuples:
            return [*lines[number]]

        return UIContent(line, line_count=len(lines), show_cursor=False)
