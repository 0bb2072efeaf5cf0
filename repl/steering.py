"""Steering the forms of a session: `go`, `build`, and the buttons that say the same."""

from __future__ import annotations

import math
from difflib import get_close_matches
from typing import TYPE_CHECKING, Protocol

from patterns.form.steering import FormReading, gone, legs_of, written
from patterns.views import Drawing
from repl.errors import ReplError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from bridge.controls import ControlTimeline
    from bridge.scheduler import Scheduler
    from patterns.core import Pattern
    from patterns.form.plans import Plan
    from patterns.state import Held
    from repl.music import Move
    from repl.session import Session

MOST = 100_000
"""Cycles beforehand."""


class Steers(Protocol):
    """What these commands need of an engine."""

    session: Session

    @property
    def cycle(self) -> float:
        """Where the music is."""
        ...

    def move(self, moves: Sequence[Move]) -> None:
        """Move inputs."""
        ...


class Steering:
    """The commands `go` and `build`.

    Args:
        desk: The engine.
    """

    def __init__(self, desk: Steers) -> None:
        self._steers = desk

    def steering(self) -> dict[str, Callable[..., object]]:
        """These commands by the name under which they are called."""
        return {"go": self.go, "build": self.build}

    def go(self, section: str, cycles: int = 0, *, form: str = "") -> str:
        """Go to a section of the form that plays, after so many cycles.

        Args:
            section: Its name.
            cycles: Whole cycles that are still played before, 0 to 100,000, counted from the next one on.
            form: The form's name, where several play.

        From there the form goes on as it would; what was said for later is taken back.

        Example: `go("bridge", 4)`
        """
        return self._say("go", section, cycles, form, build=False)

    def build(self, cycles: int, section: str = "", *, form: str = "") -> str:
        """Hold the section that plays and let all rise for so many cycles; then comes the next.

        Args:
            cycles: How many, 1 to 100,000, counted from the next one on.
            section: The name of the section that comes then; the following one unless given.
            form: The form's name, where several play.

        Example: `build(16, "chorus")`
        """
        return self._say("build", section, cycles, form, build=True)

    def _say(self, verb: str, section: object, cycles: object, form: object, *, build: bool) -> str:
        playing = self._steers.session
        patterns = (layer.pattern for p in playing.playing() if (layer := playing.newest(p)) is not None)
        plan = _named(verb, plans_of(patterns), form)
        number = plan.numbered(section) if isinstance(section, str) else -1
        if number < 0 and (section or not build):
            names = [each.name for each in plan.sections]
            near = get_close_matches(str(section), names, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else f" (there: {', '.join(names)})"
            raise ReplError(f"{verb}: the form has no section {section!r}{hint}")
        if isinstance(cycles, float) and cycles.is_integer():
            cycles = int(cycles)  # from OSC
        if isinstance(cycles, bool) or not isinstance(cycles, int) or not build <= cycles <= MOST:
            raise ReplError(f"{verb}: whole cycles, {int(build)} to {MOST} (got {cycles!r})")
        now = max(0, math.floor(self._steers.cycle))
        value = steered(plan, playing.controls, now, cycles, number, build=build)
        self._steers.move([(f"form {plan.name}", value, None)])
        where = plan.sections[number].name if number >= 0 else "the next section"
        return Drawing(
            f"{where} comes in cycle {now + 1 + cycles}" + (", built from now on" if build else "")
        )


def plans_of(patterns: Iterable[Pattern]) -> dict[str, Plan]:
    """The forms that some patterns follow, by name."""
    found: dict[str, Plan] = {}
    for pattern in patterns:
        for read in sorted(pattern.reads):
            if isinstance(read, FormReading):
                found[read.plan.name] = read.plan
    return found


def steered(
    plan: Plan, controls: ControlTimeline, now: int, cycles: int, section: int, *, build: bool
) -> Held:
    """What the input of a form says from now on.

    Args:
        plan: The form's.
        controls: What it has said.
        now: The cycle that is played.
        cycles: How many are left.
        section: Where to; -1 is the next one.
        build: Whether all rises till then.
    """
    legs = legs_of(plan, controls.newest(f"form {plan.name}"))
    return written(gone(plan, legs, now, cycles, section, build=build))


def pressed(scheduler: Scheduler, moves: Sequence[Move]) -> list[Move]:
    """What buttons say to forms that listen to them; called in the scheduler's thread, before they move.

    Args:
        scheduler: What plays.
        moves: The inputs that are about to be moved.
    """
    news = {name for name, value, _ in moves if isinstance(value, float) and value >= 0.5}
    news = {name for name in news if not _is_down(scheduler.controls.newest(name))}
    if not news:
        return []
    layers = (place.versions[-1][1] for place in scheduler.places.values() if place.versions)
    plans = plans_of(layer.pattern for layer in layers if layer is not None)
    now = max(0, math.floor(scheduler.position(scheduler.clock.now())))
    found: list[Move] = []
    for plan in plans.values():
        for name, section, cycles, build in plan.buttons:
            if name in news:
                value = steered(plan, scheduler.controls, now, cycles, section, build=build)
                found.append((f"form {plan.name}", value, None))
    return found


def _is_down(value: object) -> bool:
    return isinstance(value, float) and value >= 0.5


def _named(verb: str, plans: dict[str, Plan], form: object) -> Plan:
    if not plans:
        raise ReplError(f'{verb}: no layer follows a form, as s("bd").gain(song.energy) does')
    if not form and len(plans) == 1:
        return next(iter(plans.values()))
    if form not in plans:
        said = f"no form is called {form!r}" if form else "several forms play: say which with form="
        raise ReplError(f"{verb}: {said} (there: {', '.join(plans)})")
    return plans[str(form)]
