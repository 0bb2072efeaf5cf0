"""The prompt: a process of its own, joined to the engine and the supervisor by their doors."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, cast

from bridge.worker import address
from repl.client import Client
from repl.conversation import Conversation

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from typing import TextIO

    from prompt_toolkit.application import Application
    from prompt_toolkit.formatted_text import FormattedText
    from prompt_toolkit.input import Input
    from prompt_toolkit.output import Output

    from repl.client import Message

PATIENCE = 5.0
"""Seconds during which the doors of a session that starts are tried."""
AT_ONCE = 0.05
"""Seconds within which an answer comes without the screen showing that it is waited for."""
TICK = 0.25
"""Seconds between two looks at what time has changed; the status bar is drawn as often."""
LEAVE = 5.0
"""Seconds that the session has for ending after it was asked to."""
MENU = 6
"""Lines kept free below the line that is typed, for the menu of completions."""


def run(runtime: Path, *, input: Input | None = None, output: Output | None = None) -> int:
    """Talk to a session until it ends.

    Args:
        runtime: The session's folder.
        input: Where keys come from; the terminal unless a test gives another.
        output: Where the screen is.

    Returns:
        The exit code: 0 when the session was ended, 1 when it was lost.
    """
    if input is None and not sys.stdin.isatty():
        return _run_plain(runtime)
    return asyncio.run(Terminal(input, output).run(runtime))


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
def joined(runtime: Path, front: Front) -> Generator[Conversation, None, None]:
    """Open both doors of a session and hold a conversation through them.

    Args:
        runtime: The session's folder.
        front: Where the conversation is shown.
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
    talk.append(Conversation(engine, supervisor, front.show, front.changed))
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
    """

    def __init__(self, terminal: Input | None, screen: Output | None) -> None:
        # Imported here: a pipe needs none of it.
        from prompt_toolkit import PromptSession
        from prompt_toolkit.input import create_input
        from prompt_toolkit.output import create_output

        from repl.colours import STYLE, CodeLexer
        from repl.completion import NameCompleter
        from repl.history import ProjectHistory
        from repl.keys import bindings

        self._input = terminal or create_input()
        self._output = screen or create_output()
        self._talk: Conversation | None = None
        self._stir = asyncio.Event()
        self._app: Application[object] | None = None
        self._session: PromptSession[str] = PromptSession(
            [("class:prompt", "sempre> ")],
            multiline=True,
            prompt_continuation=[("class:prompt", "   ...  ")],
            lexer=CodeLexer(),
            completer=NameCompleter(
                lambda: self._talk.names if self._talk is not None else (),
                lambda: self._talk.texts if self._talk is not None else {},
            ),
            complete_while_typing=True,
            history=ProjectHistory(Path.cwd()),
            bottom_toolbar=self._bar,
            key_bindings=bindings(),
            style=STYLE,
            include_default_pygments_style=False,
            reserve_space_for_menu=MENU,
            input=self._input,
            output=self._output,
        )

    def post(self, event: Callable[[], object]) -> None:
        """Have something done in the loop's thread; from any thread."""
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody wants to know any more
            self._loop.call_soon_threadsafe(event)

    def show(self, text: str, tone: str) -> None:
        """Print above the line that is typed, which stays as it is."""
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
        if self._app is not None:
            self._app.invalidate()

    async def run(self, runtime: Path) -> int:
        """Talk until the session ends; returns the exit code."""
        self._loop = asyncio.get_running_loop()
        with joined(runtime, self) as talk, self._input.raw_mode(), self._signals(talk):
            self._talk = talk
            ticking = asyncio.create_task(self._tick(talk))
            try:
                return await self._converse(talk)
            finally:
                ticking.cancel()

    async def _converse(self, talk: Conversation) -> int:
        while talk.exit_code is None and not talk.leaving:
            typed = await self._read(talk)
            if typed is None:
                break
            talk.enter(typed)
            await self._answer(talk)
        if talk.exit_code is None:
            talk.stop()
            await self._until(lambda: talk.exit_code is not None, LEAVE)
        return talk.exit_code or 0

    async def _read(self, talk: Conversation) -> str | None:
        """What is typed next; None when it is time to go."""
        app = self._session.app
        self._app = cast("Application[object]", app)
        reading = asyncio.create_task(self._session.prompt_async(handle_sigint=False))
        try:
            while not reading.done():
                self._stir.clear()
                stirred = asyncio.create_task(self._stir.wait())
                await asyncio.wait({reading, stirred}, return_when=asyncio.FIRST_COMPLETED)
                stirred.cancel()
                if talk.exit_code is not None and app.is_running and not app.is_done:
                    app.exit(result="")
            return await reading
        except EOFError:
            return None
        finally:
            self._app = None

    async def _answer(self, talk: Conversation) -> None:
        """Wait for the answer to what was entered; the status bar goes on."""
        if await self._until(lambda: self._settled(talk), AT_ONCE):
            return
        from repl.waiting import Waiting

        waiting = Waiting(talk, self._bar, self._input, self._output)
        self._app = cast("Application[object]", waiting.app)
        running = asyncio.create_task(waiting.app.run_async(handle_sigint=False))
        try:
            while not running.done():
                self._stir.clear()
                if self._settled(talk):
                    waiting.leave()
                stirred = asyncio.create_task(self._stir.wait())
                await asyncio.wait({running, stirred}, return_when=asyncio.FIRST_COMPLETED)
                stirred.cancel()
            with contextlib.suppress(EOFError):
                await running
        finally:
            self._app = None

    def _settled(self, talk: Conversation) -> bool:
        return not talk.waiting or talk.leaving or talk.exit_code is not None

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
            if self._app is not None:
                self._app.invalidate()

    def _bar(self) -> FormattedText:
        from prompt_toolkit.formatted_text import FormattedText

        from repl.toolbar import bar

        if self._talk is None:
            return FormattedText()
        return FormattedText(bar(self._talk.status, self._output.get_size().columns, self._talk.absence))

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


def _run_plain(runtime: Path) -> int:
    from repl.plain import Plain

    source: TextIO = sys.stdin
    # Bytes that are no text must not end the session; a test's own stdin has nothing to set.
    reconfigure = getattr(source, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(encoding="utf-8", errors="replace")
    plain = Plain(source, sys.stdout)
    with joined(runtime, plain) as talk:
        return plain.run(talk)
