"""What the rendering thread owns: the events to come, the rack that plays them, and what went wrong."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Protocol, TypeVar, runtime_checkable

import numpy as np

from bridge.event import Agenda, Due, Seconds, SinkEvent
from bridge.sent import DROPPED, OFF, ON, SentLog
from bridge.tempo import Tempo
from bridge.transport import Transport
from plugin_host.audio import Audio
from plugin_host.cue import Cue
from plugin_host.heirs import Heirs, said, succeeds
from plugin_host.intake import Inputs, Intake
from plugin_host.problems import Failure
from plugin_host.specs import Chain
from plugin_host.stream_time import Place
from plugin_host.succession import GONE, Held, Succeeding

__all__ = ["Desk", "Instruments", "preparer"]

_T = TypeVar("_T")

SLACK = 0.05
"""Seconds by which two blocks may differ from following each other and still be one stream."""


class Instruments(Protocol):
    """The part of `plugin_host.rack.Rack` that the desk plays on."""

    @property
    def block(self) -> int:
        """Frames in a block."""
        ...

    @property
    def latency(self) -> int:
        """Frames between an event's beginning and its being heard."""
        ...

    @property
    def problems(self) -> list[str]:
        """What it could not do, each said once, and each failure."""
        ...

    def set_chains(self, chains: Mapping[int, Chain]) -> None:
        """Have just these chains on these routes; between two blocks."""
        ...

    def begin(self, route: int, ident: int, controls: Mapping[str, object], offset: int) -> None:
        """Begin an event inside the next block."""
        ...

    def end(self, ident: int, offset: int) -> None:
        """End an event inside the next block."""
        ...

    def foresee(self, route: int, controls: Mapping[str, object]) -> None:
        """Read what an event will need, before it is due; on any thread."""
        ...

    def render(self) -> Audio:
        """The next block: float32, shape (channels, block)."""
        ...

    def silence(self) -> None:
        """Stop everything that sounds."""
        ...

    def meters(self) -> Mapping[str, object]:
        """How loud it is."""
        ...


@runtime_checkable
class Preparing(Protocol):
    """Instruments that can be built beside the sound."""

    def prepare(self, chain: Chain) -> None:
        """Do what takes long for a chain, so that `set_chains` is quick; on any thread."""
        ...


@runtime_checkable
class Knowing(Protocol):
    """Instruments that give way to layers by their names."""

    def plays(self, layer: str, route: int) -> None:
        """Say that a layer plays on a route."""
        ...

    def hear_before(self, names: Collection[str]) -> None:
        """Take layers and buses out of the mix, into `cue`; all others come back."""
        ...

    @property
    def cue(self) -> Cue | None:
        """Where they are heard."""
        ...

    @property
    def inputs(self) -> Inputs:
        """What comes in during the next block."""
        ...


@runtime_checkable
class Leading(Protocol):
    """Instruments some of which are told earlier of their notes than others."""

    def lead(self, route: int) -> int:
        """Frames by which a route is told earlier."""
        ...


@runtime_checkable
class Awaiting(Protocol):
    """Instruments that are rendered in part by other processes."""

    @property
    def awaits(self) -> bool:
        """Whether what these owe of the next block is not there yet, and will be in a moment."""
        ...


@runtime_checkable
class Closing(Protocol):
    """Instruments that hold something outside this process."""

    def close(self) -> None:
        """Let go of it; takes no time."""
        ...


def knowing(rack: Instruments) -> Knowing | None:
    """A rack that knows who plays; None if it does not."""
    # Looked for once: in Python 3.11 that takes 30 us, which each block had to pay.
    return rack if isinstance(rack, Knowing) else None


def awaiting(rack: Instruments) -> Awaiting | None:
    """A rack that is rendered in part by others; None if it is not."""
    return rack if isinstance(rack, Awaiting) else None


def preparer(rack: Instruments) -> Callable[[Chain], None]:
    """What builds a chain for a rack beside the sound; nothing, where the rack builds at once."""
    return rack.prepare if isinstance(rack, Preparing) else lambda chain: None


class Desk:
    """Plays events on a rack, block after block; only one thread may touch it.

    Args:
        rack: The instruments.
        notice: Takes one line for the musician.
        channels: How many the rack gives.
        lead: Frames by which the rack is told earlier of what goes through a plugin, for each of them.

    Attributes:
        leads: Frames by which it is told earlier, by route, where that is not 0.
        layers: The names of layers by their numbers.
        refused: Routes whose instruments are not there and will not be.
    """

    def __init__(
        self, rack: Instruments, notice: Callable[[str], None], lead: int = 0, channels: int = 2
    ) -> None:
        self.rack = rack
        self._knowing, self._awaiting = knowing(rack), awaiting(rack)
        self._channels = channels
        self.agenda = Agenda(missed=self._missed)
        self.leads: dict[int, int] = {}
        self._lead = lead
        self.layers: dict[int, str] = {}
        self._met: set[tuple[int, int]] = set()
        self._before: frozenset[str] = frozenset()
        self.refused: set[int] = set()
        self._agendas = {0: self.agenda}
        self._heirs = Heirs(self._agendas.values(), lambda: self.rack)
        self.log: SentLog | None = None
        self._notice = notice
        self._said: set[str] = set()
        self._reported = 0
        self._reached: Seconds | None = None
        self._cut: set[int] = set()  # what sounded when the instruments were replaced
        self._line = Tempo.steady(0.5), Transport()

    @property
    def heirs(self) -> Heirs:
        """Who plays for whom."""
        return self._heirs

    def add(self, events: Iterable[SinkEvent]) -> None:
        """Take events that are to come, or move those that are known."""
        for event in events:
            if succeeds(event):
                self._heirs.expect(event)
            self.agenda_of(event).add(event)

    def agenda_of(self, event: SinkEvent) -> Agenda:
        """Where an event belongs."""
        lead = self.leads.get(self._heirs.foreseen(event.route), 0)
        agenda = self._agendas.get(lead)
        if agenda is None:
            agenda = self._agendas[lead] = Agenda(missed=self._missed)
        return agenda

    def learn(self, stages: Mapping[int, int]) -> None:
        """Know of routes through how many plugins they go; exactly that is known when they are there.

        Args:
            stages: By route.
        """
        for route, count in stages.items():
            self.leads.setdefault(route, count * self._lead)

    def cancel(self, ids: Sequence[int]) -> None:
        """Forget what has not begun."""
        self._heirs.forget(ids)
        for agenda in self._agendas.values():
            agenda.cancel(ids)

    def held(self) -> list[tuple[int, Seconds]]:
        """The ids and times of what has not begun."""
        return [one for agenda in self._agendas.values() for one in agenda.held()]

    def counts(self) -> dict[str, object]:
        """How many events were late, are held and so on."""
        agendas = [*self._agendas.values()]
        return {
            "late": sum(one.late for one in agendas),
            "dropped": sum(one.dropped for one in agendas),
            "worst": max(one.worst for one in agendas),
            "late_of": _sums(one.late_of for one in agendas),
            "dropped_of": _sums(one.dropped_of for one in agendas),
            "held": sum(one.waiting for one in agendas),
            "sounding": sum(one.sounding for one in agendas),
        }

    def foresee(self, events: Iterable[SinkEvent]) -> None:
        """Read what events will need, beside the sound; on any thread."""
        for event in events:
            self._safely("an event could not be played", lambda event=event: self._foresee(event))

    def panic(self) -> None:
        """Silence everything and forget what was to come."""
        self._heirs.forget()
        for agenda in self._agendas.values():
            agenda.silence()
        self.rack.silence()

    def replace_rack(self, rack: Instruments) -> None:
        """Play on other instruments from now on, because the device has another rate, say.

        What is held sounds on when its instrument is there.
        """
        self.close()
        self.rack, self._knowing, self._awaiting = rack, knowing(rack), awaiting(rack)
        self._cut |= {one.id for agenda in self._agendas.values() for one in agenda.begun()}
        self._met.clear()
        if self._before:
            self.hear_before(self._before)
        self.keep_time(*self._line)
        self._reported = 0

    def close(self) -> None:
        """Let go of what the instruments hold outside this process."""
        if isinstance(self.rack, Closing):
            self.rack.close()

    @property
    def awaits(self) -> bool:
        """Whether the next block would be more whole a moment later."""
        return self._awaiting is not None and self._awaiting.awaits

    def play(self, place: Place) -> Audio:
        """Render the block that lies there, with all that begins and ends inside it.

        Args:
            place: Of the block's first frame.

        Returns:
            float32, shape (channels, block).
        """
        # What begins now is heard the rack's latency later.
        place = place._replace(first=place.first + self.rack.latency)
        begun, overlap = place.until(0), 0.0
        if self._reached is not None and abs(self._reached - begun) < SLACK:
            # Where the clock is fitted, blocks may overlap by a hair: nothing is late for that.
            overlap = max(0.0, begun - self._reached)
        self._reached = place.until(self.rack.block)
        self._heirs.warm(begun)
        if self._knowing is not None:
            self._knowing.inputs.look(place.time, place.rate)
        for lead, agenda in [*self._agendas.items()]:
            self._play(agenda, place._replace(first=place.first + lead), overlap)
        audio = self._safely("the mixer lost a block", self.rack.render)
        problems = self.rack.problems
        if len(problems) != self._reported:
            for text in problems[self._reported :]:
                self.say_once(text)
            self._reported = len(problems)
        return np.zeros((self._channels, self.rack.block), np.float32) if audio is None else audio

    def set_chains(self, chains: Mapping[int, Chain]) -> None:
        """Have just these chains on these routes from the next block on."""
        self._safely("the instruments could not be changed", lambda: self._set_chains(chains))

    def _set_chains(self, chains: Mapping[int, Chain]) -> None:
        self.rack.set_chains(chains)
        if self._cut and isinstance(self.rack, Succeeding):
            self._sound_on(self.rack, chains)
        late = {*self._heirs.built(self._reached or 0.0)}
        if isinstance(self.rack, Leading):
            for route in chains:
                lead = self.rack.lead(route)
                if lead != self.leads.get(route, 0):
                    self.leads[route] = lead
                    late.add(route)
        for route in late:
            # Another one was to play them, or it was not known how much earlier they are to be told.
            for event in [one for agenda in self._agendas.values() for one in agenda.take(route)]:
                self.agenda_of(event).add(event)

    def _sound_on(self, rack: Succeeding, routes: Iterable[int]) -> None:
        """Let what was held when the instruments were replaced come in on those that are there by now."""
        now = self._reached or 0.0
        held = [one for agenda in self._agendas.values() for one in agenda.begun() if one.id in self._cut]
        for route in routes:
            mine = [one for one in held if self._heirs.playing(one.route) == route and not succeeds(one)]
            if mine and rack.has(route):
                notes = [Held(one.id, said(one), max(0.0, now - one.at)) for one in mine]
                rack.succeed(GONE, route, notes, alone=False)
                self._cut -= {one.id for one in mine}

    def hear_before(self, names: Collection[str]) -> None:
        """Have just these layers and buses heard beforehand, and not in the mix."""
        self._before = frozenset(names)
        if self._knowing is not None:
            self._knowing.hear_before(self._before)

    def hear(self, intake: Intake, position: int, back: int = 0) -> None:
        """Let the rack hear what came in, in the next block.

        Args:
            intake: From where.
            position: The device's frame at which it came.
            back: Frames by which that lies before the block.
        """
        if self._knowing is not None:
            self._knowing.inputs.hear(intake, position)
            # Whoever plays along hears the block later than it is rendered, and is heard later still.
            self._knowing.inputs.late = back + self.rack.latency + intake.late

    def keep_time(self, tempo: Tempo, transport: Transport) -> None:
        """Know where the music is from now on, for loops."""
        self._line = tempo, transport
        if self._knowing is not None:
            self._knowing.inputs.beat.keep(tempo, transport)

    def cue(self) -> Audio:
        """What is heard beforehand, of the block that was played last: float32, shape (2, block)."""
        cue = None if self._knowing is None else self._knowing.cue
        sound = None if cue is None else self._safely("the cue lost a block", cue.render)
        return np.zeros((2, self.rack.block), np.float32) if sound is None else sound

    def meters(self) -> Mapping[str, object]:
        """How loud it is."""
        return self._safely("the meters do not work", self.rack.meters) or {}

    def say_once(self, text: str) -> None:
        """Tell the musician, but each text only once, unless it is of a failure."""
        if isinstance(text, Failure):
            self._notice(text)
        elif text not in self._said:
            self._said.add(text)
            self._notice(text)

    def _play(self, agenda: Agenda, place: Place, overlap: Seconds) -> None:
        begun = place.until(0) - overlap
        for due in agenda.due(place.until(self.rack.block), begun):
            self._hand_over(due, place)
            if self.log is not None and not succeeds(due.event):
                kind, data = (ON, due.event.on) if due.on else (OFF, b"")
                self.log.row(kind, due.event.layer, due.event.route, due.at, max(due.at, begun), -1, data)

    def _missed(self, event: SinkEvent, late: Seconds) -> None:
        if succeeds(event):  # never too late
            self._heirs.begin(event, event.at + late)
        if self.log is not None:
            self.log.row(DROPPED, event.layer, event.route, event.at, event.at + late, -1, event.on)

    def _hand_over(self, due: Due, place: Place) -> None:
        event = due.event
        offset = min(self.rack.block - 1, max(0, place.offset(due.at)))
        if due.on:
            self._safely("an event could not be played", lambda: self._begin(event, offset, due.at))
        else:
            self._safely("an event could not be ended", lambda: self.rack.end(event.id, offset))

    def _begin(self, event: SinkEvent, offset: int, at: Seconds) -> None:
        if succeeds(event):
            self._heirs.begin(event, at)
        elif (route := self._heirs.playing(event.route)) not in self.refused:
            if (event.layer, route) not in self._met:
                self._meet(event.layer, route)
            self.rack.begin(route, event.id, said(event), offset)

    def _meet(self, layer: int, route: int) -> None:
        """Tell the rack who plays where."""
        name = self.layers.get(layer)
        if name is not None and self._knowing is not None:
            self._met.add((layer, route))
            self._knowing.plays(name.rpartition(":")[2], route)

    def _foresee(self, event: SinkEvent) -> None:
        if succeeds(event):
            return
        controls = said(event)
        for route in {event.route, self._heirs.foreseen(event.route)}:
            self.rack.foresee(route, controls)

    def _safely(self, trouble: str, work: Callable[[], _T]) -> _T | None:
        try:
            return work()
        except Exception as error:  # noqa: BLE001 - the seam of a sink: nothing in a rack may end the sound
            self.say_once(f"{trouble}: {str(error) or repr(error)}")
            return None


def _sums(tables: Iterable[Mapping[int, int]]) -> dict[int, int]:
    total: Counter[int] = Counter()
    for table in tables:
        total.update(table)
    return dict(total)
