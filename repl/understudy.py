"""The process that is first an understudy and, when the supervisor says so, the engine.

As understudy it rehearses each piece before the engine takes it, and applies every commit, so that it can
go on at any moment. Started as `python -m repl.understudy CONFIG`.
"""

from __future__ import annotations

import contextlib
import faulthandler
import json
import mmap
import os
import queue
import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

from bridge.clock import SharedClock, monotonic
from bridge.errors import PeerGone
from bridge.outlet import Lookout
from bridge.watchman import Overtime, Watchman
from bridge.worker import Connection, Door, Parent, pause, start_thread
from repl.answering import hear_pokes
from repl.catching_up import PATIENCE, put_off
from repl.commits import Commit
from repl.engine import Engine
from repl.errors import LoadError
from repl.journal_settings import journal_settings
from repl.left_behind import accepted
from repl.loader import Loaded, load_piece
from repl.own_modules import OwnModules, beside, given_with
from repl.partner import ANSWER_LIMIT, LOAD_LIMIT, LOADED, NEAR, TYPED_LIMIT
from repl.promotion import Promotion
from repl.rehearsal import rehearse
from repl.report import Place, block
from repl.runtime import door, key_of
from repl.session import Session, place_name
from repl.transport import tried_line
from repl.warming import Warming

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MARK_SIZE = 8192
"""Bytes: a place begins with the name of a file, which may be 4,096 long."""
WARMING = 1.0
"""Seconds between two looks at what folds have come to."""
LAST_WORDS = 0.3
"""Seconds for which a promotion waits until all that the former engine sent has been read."""
BEAT = 0.2
"""Seconds between two signs of life while we are not yet the engine, and within a long turn once we are."""


class Understudy:
    """Rehearses and remembers, until it is promoted.

    Args:
        runtime: The session's folder.
        settings: The musician's.
        log: Where prints go.
    """

    def __init__(self, runtime: Path, settings: dict[str, object], log: Path | None) -> None:
        self._runtime = runtime
        self._settings = settings
        self._inbox: queue.SimpleQueue[Callable[[], object]] = queue.SimpleQueue()
        # Now: a piece may change the current folder.
        self._home = Path.cwd()
        self._session = Session(seed=cast("int", settings.get("seed") or 0), home=self._home)
        self._loaded: dict[str, Loaded] = {}
        self._watchman = Watchman("watch over loading")
        # Of its own: whoever cuts a rehearsal short must not lose an accepted change.
        self._trial_watchman = Watchman("watch over rehearsals")
        self._query_watchman = Watchman("watch over queries")
        self._engine: Engine | None = None
        self._served = False
        self._next: tuple[str, int] | None = None
        self._promotion: Promotion | None = None
        self._told = self._wanted = self._hurries = False
        self._behind: list[Commit] = []
        self._at: object = None
        pid = os.getpid()
        self._mark = Mark(runtime / f"mark-{pid}")
        self._stack = (runtime / f"stack-{pid}.log").open("w")
        faulthandler.enable(self._stack)
        self.parent = Parent(self._from_supervisor, self._leave, log)
        where = door(runtime, f"understudy-{pid}")
        self._door = Door(where, key_of(runtime), self._serve)
        self._beat = Lookout("signs of life", BEAT, lambda _: self.parent.say({"op": "beat"}))
        self._warming = Warming(self._session, SharedClock(runtime / "clock"), self._query_watchman.limit)
        self._beaten = 0.0
        self._warmth = Lookout("warming", WARMING, lambda _: self._warm_later())
        self.parent.listen()
        self.parent.say({"op": "ready", "door": where, "pid": pid})

    def run(self) -> None:
        """Do what comes in, for ever."""
        while True:
            self._inbox.get()()

    # The supervisor; its messages come in a thread of their own.

    def _from_supervisor(self, message: dict[str, object]) -> None:
        op = message.get("op")
        if op == "promote":
            promotion = Promotion(
                cast("int", message["term"]),
                tuple(cast("list[str]", message["files"])),
                tuple(cast("list[str]", message.get("folders", []))),
                str(message.get("suspect", "")),
            )
            self._inbox.put(lambda: self._promote(promotion))
            # What is being rehearsed was asked for by an engine that is gone.
            self._wanted = True
            self._trial_watchman.expire()
            start_thread("hurry", self._hurry)
        elif op == "understudy":
            next_one = (str(message["door"]), cast("int", message["pid"]))
            self._inbox.put(lambda: self._meet(next_one))
        elif op == "panic":
            if self._engine is not None:
                self._engine.panic()
            else:
                # The engine may be hanging: what takes over from it must be silent too.
                self._inbox.put(lambda: self._commit({"kind": "hush"}))
        elif op == "stop":
            self._leave()

    def _leave(self) -> None:
        if self._engine is not None:
            self._engine.end()
        os._exit(0)

    def _promote(self, promotion: Promotion) -> None:
        """Go on as the engine, when what the former one has handed over last is in our session."""
        self._promotion = promotion
        if promotion.term > 1 and not self._told:
            written = cast("Mapping[str, object]", self._settings.get("journal", {}))
            for commit in accepted(self._runtime, journal_settings(written)):
                self._commit(commit)
        if not self._served:
            self._take_over()
            return
        # The end of its connection follows; unless a child of a piece keeps that open.
        start_thread("promotion", lambda: (pause(LAST_WORDS), self._inbox.put(self._take_over)))

    def _hurry(self) -> None:
        """After a while put off what the music need not wait for, and what is being computed of that."""
        pause(PATIENCE)
        self._hurries = True
        if self._at == "typed" and self._engine is None:
            self._watchman.expire()

    def _take_over(self) -> None:
        promotion = self._promotion
        if promotion is None or self._engine is not None:
            return
        self._door.close()
        # In the order in which it was typed, and before what is typed from now on.
        for commit in self._behind:
            self._inbox.put(lambda commit=commit: self._commit(commit))
        self._warmth.close()
        self._engine = Engine(
            self._runtime,
            self.parent,
            self._session,
            self._inbox,
            self._querying,
            promotion,
            self._settings,
            self._home,
        )
        # From now on the scheduler's own turns are the signs of life.
        self._beat.close()
        if self._next is not None:
            self._engine.meet_understudy(*self._next)

    def _querying(self, place: str) -> None:
        """Note whom the scheduler asks; between two queries a long turn of it gives a sign of life, too.

        After a save eight moving layers are asked for seconds ahead: 0.2 s of computing, in which an engine
        that shared its processors with others, and its interpreter with an evaluation, seemed to hang.
        """
        self._mark.write(place)
        now = monotonic()
        if not place and now - self._beaten > BEAT:
            self._beaten = now
            # Who evaluates may have been stopped in the middle of a sentence.
            self.parent.say({"op": "beat"}, wait=False)

    def _meet(self, understudy: tuple[str, int]) -> None:
        """Let the engine know its understudy, which may be there before we are the engine."""
        self._next = understudy
        if self._engine is not None:
            self._engine.meet_understudy(*understudy)

    # The engine, while we are not it.

    def _serve(self, connection: Connection) -> None:
        self._served = True
        try:
            while True:
                message = cast("dict[str, object]", json.loads(connection.receive()[1]))
                if message["op"] == "commit":
                    self._told = True
                    commit = cast("Commit", message["commit"])
                    self._inbox.put(lambda commit=commit: self._commit(commit))
                elif message["op"] == "mark":
                    self._inbox.put(lambda message=message: self._reached(connection, message))
                elif message["op"] == "rehearse":
                    self._inbox.put(lambda message=message: self._rehearse(connection, message))
        finally:
            self._served = False
            self._inbox.put(self._take_over)

    def _warm_later(self) -> None:
        if self._inbox.empty():
            self._inbox.put(self._warm)

    def _warm(self) -> None:
        if not self._wanted:
            self._warming.go_on()

    def _commit(self, commit: Commit) -> None:
        if self._hurries and self._engine is None:
            self._behind, at_once = put_off(self._behind, commit)
            if not at_once:
                return
        loaded = None
        if commit["kind"] == "file":
            tried = self._loaded.pop(str(commit["file"]), None)
            if tried is not None and tried.source == commit["source"]:
                same = tried.modules.texts == (given_with(commit) or {})
                loaded = tried if same else None
        try:
            self._at = commit["kind"]
            with self._watchman.limit(TYPED_LIMIT if commit["kind"] == "typed" else LOAD_LIMIT):
                if self._engine is None:
                    self._session.apply(commit, loaded)
                else:
                    self._engine.follow(commit)
        except (LoadError, Overtime) as error:
            if self._hurries and self._engine is None and commit["kind"] == "typed":
                self._session.past.take_back()
                self._behind.append(commit)
                return
            print(f"a commit could not be followed: {error}", flush=True)  # noqa: T201 - into the log
        finally:
            self._at = None

    def _reached(self, connection: Connection, mark: dict[str, object]) -> None:
        """Tell the engine how far we have come in what it told us."""
        with contextlib.suppress(PeerGone):
            connection.send_json(b"J", mark)

    def _rehearse(self, connection: Connection, request: dict[str, object]) -> None:
        if self._wanted:
            return
        file, source = str(request["file"]), str(request["source"])
        faulthandler.dump_traceback_later(ANSWER_LIMIT - 0.3, file=self._stack)
        modules = beside(file, self._home, unsaved=cast("dict[str, str]", request.get("unsaved", {})))

        def tell(op: str) -> None:
            # The engine may have died meanwhile: then nobody wants to know, and we are needed.
            with contextlib.suppress(PeerGone):
                connection.send_json(b"J", {"op": op, "modules": modules.texts})

        try:
            error = self._try(file, source, modules, request, tell)
        finally:
            faulthandler.cancel_dump_traceback_later()
        found = {"modules": modules.texts, "sought": sorted(modules.sought)}
        with contextlib.suppress(PeerGone):
            connection.send_json(b"J", {"op": "rehearsed", "error": error, **found})

    def _try(
        self,
        file: str,
        source: str,
        modules: OwnModules,
        request: dict[str, object],
        tell: Callable[[str], None],
    ) -> str | None:
        try:
            with self._trial_watchman.limit(LOAD_LIMIT):
                loaded = load_piece(source, file, modules)
                tell(LOADED)
                places = {place_name(file, name): layer for name, layer in loaded.layers.items()}
                places |= {f"once {k}": single.layer for k, single in enumerate(loaded.singles)}
                rehearse(
                    places,
                    file,
                    source,
                    modules=modules.texts,
                    cycle=cast("float", request["cycle"]),
                    cps=cast("float", request["cps"]),
                    seed=cast("int", request["seed"]),
                    limit=self._query_watchman.limit,
                    former=self._session.as_places(),
                    line=lambda cycle: tried_line(self._session, loaded.moves, cycle),
                    near=lambda: tell(NEAR),
                )
        except LoadError as error:
            return error.block
        except Overtime as error:
            return _overtime(error, file, {**modules.texts, file: source})
        self._loaded[file] = loaded
        return None


class Mark:
    """A few bytes that outlive a crash: which place was being queried.

    Args:
        path: The file, which is mapped into memory.
    """

    def __init__(self, path: Path) -> None:
        path.write_bytes(bytes(MARK_SIZE))
        with path.open("r+b") as file:
            self._page = mmap.mmap(file.fileno(), MARK_SIZE)

    def write(self, place: str) -> None:
        """Note the place; "" when no query runs."""
        data = place.encode()[: MARK_SIZE - 1]
        self._page[: len(data) + 1] = data + b"\0"

    @staticmethod
    def read(path: Path) -> str:
        """What was noted last."""
        if not path.exists():
            return ""
        return path.read_bytes().partition(b"\0")[0].decode(errors="replace")


def _overtime(error: Overtime, file: str, sources: Mapping[str, str]) -> str:
    """The block for a piece that does not end: the innermost of the musician's own lines that was running."""
    place = Place(file, 0)
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename in sources:
            place = Place(trace.tb_frame.f_code.co_filename, trace.tb_lineno)
        trace = trace.tb_next
    message = f"it does not come to an end (interrupted after {LOAD_LIMIT:g} s)"
    return block(message, place, sources[place.file])


def main(arguments: list[str]) -> None:
    """Run the process until the supervisor says stop or is gone."""
    hear_pokes()
    config = json.loads(arguments[0])
    log = Path(config["log"]) if config.get("log") else None
    Understudy(Path(config["runtime"]), config["settings"], log).run()


if __name__ == "__main__":
    main(sys.argv[1:])
