"""What the journal is told of a change: what it was, who made it, at which cycle, and when it was done."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from repl.deeds import standing
from repl.statement import file_of

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from bridge.scheduler import Scheduler
    from repl.commits import Commit
    from repl.deeds import Deed
    from repl.session import Session
    from repl.surroundings import Surroundings

LONGEST_TEXT = 2000
"""Characters of a statement that failed that the journal keeps."""
LONGEST_ERROR = 300
"""Characters of what was wrong with it."""


class Noting:
    """Has things done, and the journal told of them.

    Args:
        session: What has been accepted.
        scheduler: Does them, in its own thread.
        around: The engine.
        passed: How many cycles have passed.
    """

    def __init__(
        self, session: Session, scheduler: Scheduler, around: Surroundings, passed: Callable[[], float]
    ) -> None:
        self._session = session
        self._scheduler = scheduler
        self._around = around
        self._passed = passed
        self._count = 0
        self._by = ""

    @contextlib.contextmanager
    def by(self, who: str) -> Generator[None, None, None]:
        """Let what the main thread accepts within it be somebody's doing.

        Args:
            who: As the others see him; "" for nobody in particular.
        """
        self._by = who
        try:
            yield
        finally:
            self._by = ""

    def note(self, commit: Commit) -> int:
        """Write a commit into the journal, with the cycle and the seeds that it makes; gives its number."""
        self._count += 1
        row: Commit = {"n": self._count, **commit}
        if "done" not in commit:
            row["at"] = self._scheduler.clock.now()
        if self._session.begun:
            row.setdefault("cycle", self._passed())
        if commit["kind"] in {"file", "typed", "seed"}:
            row["seeds"] = self._session.seeds()
        # What is noted as it is done comes out of the scheduler's thread: anybody may be evaluating then.
        if self._by and "done" not in commit:
            row["by"] = self._by
        self._around.note(row)
        return self._count

    def refused(self, error: str, *, text: str = "", file: str = "") -> None:
        """Write down what was wrong and has changed nothing; a replay passes it over.

        Args:
            error: What is said about it, of which the first line is kept.
            text: The statement; it is cut where it is long.
            file: The piece, if one was saved.
        """
        clean = text.strip("\n")
        place = file or file_of(clean)
        if place and not file:
            clean = clean.rpartition("\n")[0]
        row: Commit = {"kind": "refused", "error": error.partition("\n")[0][:LONGEST_ERROR]}
        row["at"] = self._scheduler.clock.now()
        if self._session.begun:
            row["cycle"] = self._passed()
        if self._by:
            row["by"] = self._by
        if place:
            row["file"] = place
        if clean:
            row["source"] = clean if len(clean) <= LONGEST_TEXT else f"{clean[: LONGEST_TEXT - 1]}…"
        self._around.note(row)

    def do(self, deed: Deed, number: int | None = None) -> None:
        """Have something done in the scheduler's thread, all of it at one time.

        Args:
            deed: What.
            number: Of the commit that it comes from: the journal is told when it was done.
        """

        def work() -> None:
            with standing(self._scheduler.clock) as at:
                deed(self._scheduler)
            if number is not None:
                self._around.note({"kind": "done", "of": number, "at": at})

        self._around.post(work)
