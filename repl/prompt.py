"""The prompt: a process of its own, joined to the engine and the supervisor by their doors."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from collections import deque
from typing import TYPE_CHECKING, Protocol, cast

from bridge.worker import address
from repl.client import Client
from repl.conversation import LOG, Conversation
from repl.prompt_settings import PromptSettings, terminal_name
from repl.runtime import project_of

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path
    from typing import TextIO

    from prompt_toolkit.application import Application
    from prompt_toolkit.document import Document
    from prompt_toolkit.formatted_text import FormattedText
    from prompt_toolkit.input import Input
    from prompt_toolkit.key_binding.key_processor import KeyPress
    from prompt_toolkit.output import Output

    from repl.client import Message
    from repl.dashboard import Dashboard
    from repl.leaving import Leaving
    from repl.waiting import Waiting

PATIENCE = 5.0
"""Seconds during which the doors of a session that starts are tried."""
AT_ONCE = 0.05
"""Seconds within which an answer comes without the screen showing that it is waited for."""
TICK = 0.25
"""Seconds between two looks at what time has changed; an engine reports as often, and is drawn then."""
LEAVE = 5.0
"""Seconds that the session has for ending after it was asked to."""
MENU = 6
"""Lines kept free below the line that is typed, for the menu of completions."""


def run(
    runtime: Path,
    *,
    settings: PromptSettings | None = None,
    ours: bool = True,
    input: Input | None = None,
    output: Output | None = None,
) -> int:
    """Talk to a session until it ends, or until the prompt is left.

    Args:
        runtime: The session's folder.
        settings: How one types, and under which name others see it; the usual ones unless given.
        ours: Whether the session was started for this prompt: then a pipe that ends, ends it.
        input: Where keys come from; the terminal unless a test gives another.
        output: Where the screen is.

    Returns:
        The exit code: 0 when the session was ended, 1 when it was lost.
    """
    settings = settings or PromptSettings()
    if input is None and not sys.stdin.isatty():
        return _run_plain(runtime, settings.name or "a pipe", ours=ours)
    return asyncio.run(Terminal(input, output, settings, project_of(runtime)).run(runtime))


class Front(Protocol):
    """A terminal or a pipe: shows texts and runs what the doors' threads hand over."""

    def post(self, event: Callable[[], object]) -> None:
        """Have something done in the conversation's thread."""
        ...

    def show(self, text: str, tone: str) -> None:
        """Show a text above the line that is typed."""
        ...

    def changed(self) -> None:
        """Draw again what depends on the conversation."""
        ...


@contextlib.contextmanager
def joined(runtime: Path, front: Front, who: str, *, asks: bool) -> Generator[Conversation, None, None]:
    """Open both doors of a session and hold a conversation through them.

    Args:
        runtime: The session's folder.
        front: Where the conversation is shown.
        who: The name under which others see what is typed.
        asks: Whether somebody is there who can answer.
    """
    talk: list[Conversation] = []

    def later(what: Callable[[Conversation], object]) -> Callable[[], None]:
        return lambda: front.post(lambda: what(talk[0]))

    def heard(what: Callable[[Conversation, Message], object]) -> Callable[[Message], None]:
        return lambda message: front.post(lambda: what(talk[0], message))

    try:
        key = (runtime / "key").read_bytes()
    except OSError:
        key = b""  # no session: both doors will stay shut, and the supervisor's absence is said
    engine = Client(
        address(runtime, "engine"),
        key,
        heard(Conversation.engine_says),
        later(Conversation.engine_open),
        later(Conversation.engine_gone),
        patience=PATIENCE,
    )
    supervisor = Client(
        address(runtime, "supervisor"),
        key,
        heard(Conversation.supervisor_says),
        later(Conversation.supervisor_open),
        later(Conversation.supervisor_gone),
        patience=PATIENCE if runtime.is_dir() else 0.0,
        again=False,
    )
    talk.append(Conversation(engine, supervisor, front.show, front.changed, who=who, asks=asks))
    supervisor.start("supervisor's door")
    engine.start("engine's door")
    try:
        yield talk[0]
    finally:
        engine.close()
        supervisor.close()


class Terminal:
    """The prompt on a terminal.

    Args:
        terminal: Where keys come from; None for the real one.
        screen: Where it is drawn; None for the real one.
        settings: How one types, and under which name.
        project: The folder that keeps what was typed.
    """

    def __init__(
        self, terminal: Input | None, screen: Output | None, settings: PromptSettings, project: Path
    ) -> None:
        # Imported here: a pipe needs none of it.
        from prompt_toolkit import PromptSession
        from prompt_toolkit.cursor_shapes import ModalCursorShapeConfig
        from prompt_toolkit.input import create_input
        from prompt_toolkit.output import create_output

        from repl.colours import STYLE, CodeLexer
        from repl.completion import NameCompleter
        from repl.history import ProjectHistory
        from repl.keys import bindings
        from repl.port_list import PortList
        from repl.signature import Aside
        from repl.toolbar import draws

        self._who = settings.name or terminal_name()
        self._input = terminal or create_input()
        self._output = screen or create_output()
        self._draws = draws(self._output.encoding())
        self._talk: Conversation | None = None
        self._dashboard: Dashboard | None = None
        self._explained = Aside()
        self._typed: Document | str = ""
        self._ahead: list[KeyPress] = []
        self._held: deque[tuple[str, str]] = deque(maxlen=LOG)
        self._stir = asyncio.Event()
        self._app: Application[object] | None = None
        ports = PortList()
        self._session: PromptSession[str] = PromptSession(
            [("class:prompt", "sempre> ")],
            multiline=True,
            prompt_continuation=[("class:prompt", "   ...  ")],
            lexer=CodeLexer(),
            completer=NameCompleter(
                lambda: self._talk.names if self._talk is not None else (),
                lambda: self._talk.texts if self._talk is not None else {},
                lambda: self._talk.lines if self._talk is not None else {},
                ports,
                ports.inputs,
            ),
            complete_while_typing=True,
            history=ProjectHistory(project),
            bottom_toolbar=self._below,
            key_bindings=bindings(self._turn_aside, self._explained),
            style=STYLE,
            include_default_pygments_style=False,
            vi_mode=settings.keys == "vi",
            # With vi's keys a block stands for commands, a line for text.
            cursor=ModalCursorShapeConfig() if settings.keys == "vi" else None,
            reserve_space_for_menu=MENU,
            input=self._input,
            output=self._output,
        )
        # What is typed is drawn at once: completing it comes after, and takes several times as long.
        self._session.app.max_render_postpone_time = 0

    def post(self, event: Callable[[], object]) -> None:
        """Have something done in the loop's thread; from any thread."""
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody wants to know any more
            self._loop.call_soon_threadsafe(event)

    def show(self, text: str, tone: str) -> None:
        """Print above the line that is typed, which stays as it is."""
        if self._covered:
            self._held.append((text, tone))
            return
        from prompt_toolkit.renderer import print_formatted_text

        from repl.colours import STYLE

        app = self._app if self._app is not None and self._app.is_running else None
        if app is not None:
            # Like prompt_toolkit's run_in_terminal, but at once, in order, and without leaving raw mode,
            # so that a Ctrl-C in between never becomes a signal to the whole session.
            app.renderer.erase()
        print_formatted_text(self._output, [(f"class:{tone}", text), ("", "\n")], STYLE)
        if app is not None:
            app.renderer.reset()
            app.renderer.request_absolute_cursor_position()
            app.invalidate()

    def changed(self) -> None:
        """Draw again, and let whoever waits look again."""
        self._stir.set()
        if self._app is not None and not self._covered:  # the dashboard has a pace of its own
            self._app.invalidate()

    async def run(self, runtime: Path) -> int:
        """Talk until the session ends; returns the exit code."""
        self._loop = asyncio.get_running_loop()
        talking = joined(runtime, self, self._who, asks=True)
        with talking as talk, self._input.raw_mode(), self._signals(talk):
            self._talk = talk
            ticking = asyncio.create_task(self._tick(talk))
            try:
                return await self._converse(talk)
            finally:
                ticking.cancel()

    async def _converse(self, talk: Conversation) -> int:
        while talk.exit_code is None and not talk.leaving:
            if self._input.closed:
                talk.detach(quietly=True)  # the terminal was closed: nobody said that the music shall end
            elif talk.asking:
                await self._ask(talk)
            elif talk.watching:
                await self._watch(talk)
            elif talk.waiting:
                await self._answer(talk)
            else:
                await self._read(talk)
        talk.watching = False
        self._show_held()
        if talk.exit_code is None:
            await self._until(lambda: talk.exit_code is not None, LEAVE)
        return talk.exit_code or 0

    async def _read(self, talk: Conversation) -> None:
        """Take what is typed next; Ctrl-D on an empty line is a wish to go."""
        app = self._session.app
        self._app = cast("Application[object]", app)
        typed, self._typed = self._typed, ""
        reading = asyncio.create_task(self._session.prompt_async(default=typed, handle_sigint=False))
        try:
            while not reading.done():
                self._stir.clear()
                stirred = asyncio.create_task(self._stir.wait())
                await asyncio.wait({reading, stirred}, return_when=asyncio.FIRST_COMPLETED)
                stirred.cancel()
                if talk.exit_code is not None and app.is_running and not app.is_done:
                    app.exit(result="")
            entered = await reading
        except EOFError:
            talk.leave()
        else:
            if talk.watching:
                self._typed = self._session.default_buffer.document
            else:
                talk.enter(entered)
        finally:
            self._app = None
            app.erase_when_done = False

    def _turn_aside(self) -> None:
        """Let the dashboard take the place of the line that is typed, which leaves nothing on the screen."""
        app = self._session.app
        if self._talk is not None:
            self._talk.watch()
            app.erase_when_done = True
            app.exit(result="")

    async def _watch(self, talk: Conversation) -> None:
        """Show the dashboard; what is said meanwhile stands in its log, and later above the line."""
        from repl.dashboard import Dashboard

        if self._dashboard is None:
            self._dashboard = Dashboard(talk, self._input, self._output, draws=self._draws)
        moving = asyncio.create_task(self._move(self._dashboard))
        try:
            await self._instead(talk, self._dashboard, lambda: not talk.watching)
        finally:
            moving.cancel()
            self._put_before(self._ahead)
            self._ahead = []
            self._show_held()

    async def _move(self, dashboard: Dashboard) -> None:
        while True:
            await asyncio.sleep(dashboard.pause())
            dashboard.app.invalidate()

    @property
    def _covered(self) -> bool:
        """Whether the dashboard covers the lines, or is about to: what was printed would go with it."""
        comes = self._talk is not None and self._talk.watching
        return comes or (self._dashboard is not None and self._dashboard.app.is_running)

    def _show_held(self) -> None:
        while self._held and not self._covered:
            self.show(*self._held.popleft())

    async def _ask(self, talk: Conversation) -> None:
        """Ask what becomes of the music; the status bar goes on."""
        from repl.leaving import Leaving

        await self._instead(
            talk, Leaving(talk, self._bar, self._input, self._output), lambda: not talk.asking
        )

    async def _answer(self, talk: Conversation) -> None:
        """Wait for the answer to what was entered; the status bar goes on."""
        if await self._until(lambda: self._settled(talk), AT_ONCE):
            return
        from repl.waiting import Waiting

        waiting = Waiting(talk, self._bar, self._input, self._output)
        await self._instead(talk, waiting, lambda: self._settled(talk))
        if talk.watching:
            # What was typed meanwhile is for the line, not for the dashboard's keys, which act on layers.
            self._ahead = waiting.typed
        else:
            self._put_before(waiting.typed)

    def _put_before(self, presses: list[KeyPress]) -> None:
        """Have keys taken before those that were pressed since and wait."""
        from prompt_toolkit.input.typeahead import get_typeahead, store_typeahead

        store_typeahead(self._input, [*presses, *get_typeahead(self._input)])

    async def _instead(
        self, talk: Conversation, shown: Waiting | Leaving | Dashboard, done: Callable[[], bool]
    ) -> None:
        """Show something in the place of the line that is typed, until it has no sense any more."""
        self._app = cast("Application[object]", shown.app)
        running = asyncio.create_task(shown.run())
        try:
            while not running.done():
                self._stir.clear()
                if done() or talk.exit_code is not None:
                    shown.leave()
                stirred = asyncio.create_task(self._stir.wait())
                await asyncio.wait({running, stirred}, return_when=asyncio.FIRST_COMPLETED)
                stirred.cancel()
            with contextlib.suppress(EOFError):
                await running
        finally:
            self._app = None

    def _settled(self, talk: Conversation) -> bool:
        return not talk.waiting or talk.asking or talk.watching or talk.leaving or talk.exit_code is not None

    async def _until(self, done: Callable[[], bool], seconds: float) -> bool:
        """Wait until something is true; False if it has not become so in time."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not done():
                    self._stir.clear()
                    await self._stir.wait()
        return done()

    async def _tick(self, talk: Conversation) -> None:
        while True:
            await asyncio.sleep(TICK)
            talk.tick()

    def _below(self) -> FormattedText:
        """What stands below the line: what is explained, and the status bar."""
        bar = self._bar()
        if self._talk is None or not self._explained.open:
            return bar
        size, typed = self._output.get_size(), self._session.default_buffer.document
        room = size.rows - typed.line_count - MENU - 1
        lines = self._explained.lines(typed.text_before_cursor, self._talk.names, size.columns, room)
        return type(bar)([piece for line in lines for piece in [*line, ("", "\n")]] + [*bar])

    def _bar(self) -> FormattedText:
        from prompt_toolkit.formatted_text import FormattedText

        from repl.toolbar import bar

        if self._talk is None:
            return FormattedText()
        width = self._output.get_size().columns
        return FormattedText(bar(self._talk.status, width, self._talk.absence, meters=self._draws))

    @contextlib.contextmanager
    def _signals(self, talk: Conversation) -> Generator[None, None, None]:
        """Let a SIGINT from outside do what Ctrl-C does; raw mode makes a key of the one typed here."""

        def interrupt() -> None:
            if talk.waiting:
                talk.interrupt()
            else:
                self._session.default_buffer.reset()

        try:
            self._loop.add_signal_handler(signal.SIGINT, interrupt)
        except (NotImplementedError, RuntimeError, ValueError):
            yield  # Windows, or not the main thread
            return
        try:
            yield
        finally:
            self._loop.remove_signal_handler(signal.SIGINT)


def _run_plain(runtime: Path, who: str, *, ours: bool) -> int:
    from repl.plain import Plain

    source: TextIO = sys.stdin
    # Bytes that are no text must not end the session; a test's own stdin has nothing to set.
    reconfigure = getattr(source, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="replace")
    plain = Plain(source, sys.stdout, ours=ours)
    with joined(runtime, plain, who, asks=False) as talk:
        return plain.run(talk)
