"""What screens are told is what sounds: nothing lost, doubled or left standing, whatever is changed."""

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import Any, cast

from hypothesis import given, settings
from hypothesis import strategies as st

from bridge.clock import ManualClock
from bridge.event import TimedEvent
from bridge.layer import Layer, Target
from bridge.scheduler import Scheduler
from bridge.sink import Player
from bridge.targets import midi
from bridge.tempo import Tempo
from patterns.registry import namespace
from repl.clients import Client, Clients, Message
from repl.loader import load_piece
from repl.screens import Screens

NAMES: dict[str, Any] = namespace()
s, note = NAMES["s"], NAMES["note"]
MORNING = 1_700_000_000.0
"""The time of day when the clock of the tests shows 0."""


class Screen(Client):
    """A client that draws: it keeps what it was told, and what lit up at what time."""

    def __init__(self) -> None:
        self.topics: frozenset[str] = frozenset()
        self.rows: dict[str, dict[str, Any]] = {}
        self.lit: dict[str, dict[str, Any]] = {}
        self.messages = 0

    def send(self, message: Message) -> None:
        """Do what the protocol says."""
        self.messages += 1
        if message["whole"]:
            self.rows.clear()
        for ident in cast("list[str]", message["gone"]):
            self.rows.pop(ident, None)
        for row in cast("list[dict[str, Any]]", message["rows"]):
            self.rows[str(row["id"])] = row

    def look(self, now: float) -> None:
        """Light what has begun."""
        self.lit |= {ident: row for ident, row in self.rows.items() if row["at"] <= MORNING + now}


class Room(Clients):
    """Those who look."""

    def __init__(self, *screens: Screen) -> None:
        self._all = screens


class Shown(Player):
    """A sink with a screen beside it."""

    def __init__(self, screens: Screens) -> None:
        super().__init__()
        self._screens = screens

    def send(self, target: Target, events: Sequence[TimedEvent], cps: float) -> None:
        """Take events."""
        self._screens.show(events)
        super().send(target, events, cps)

    def cancel(self, ids: Iterable[int]) -> None:
        """Take them back."""
        several = list(ids)
        self._screens.take_back(several)
        super().cancel(several)

    def panic(self) -> None:
        """Sound off."""
        self._screens.clear()
        super().panic()


class Studio:
    """A scheduler in virtual time whose sink is looked at."""

    def __init__(self) -> None:
        self.clock = ManualClock()
        self.screen = Screen()
        self.screens = Screens(lambda: Room(self.screen), lambda at: MORNING + at)
        self.player = Shown(self.screens)
        sinks = {"midi": self.player}
        self.scheduler = Scheduler(self.clock, sinks, Tempo.steady(0.5), lambda _: midi())

    def set(self, name: str, layer: Layer | None) -> None:
        """Change a layer at the next cycle; the first are there from the beginning."""
        begun = self.clock.now() > 0
        self.scheduler.set_layer(name, layer, self.scheduler.next_boundary() if begun else Fraction(0))

    def run(self, seconds: float) -> None:
        """Let time pass."""
        until = self.clock.now() + seconds
        while self.clock.now() < until:
            self.scheduler.step()
            self.screens.flush()
            self.clock.advance(0.02)
            self.player.play(self.clock.now())
            self.screen.look(self.clock.now())


BEAT = Layer(s("bd*4, ~ cp"), midi())
TUNE = Layer(note("c3 e3 g3 <b3 c4>"), midi(channel=2))
OTHER = Layer(note("c3 f3 g3 <b3 d4>"), midi(channel=2))

CHANGES: dict[str, Callable[[Studio], None]] = {
    "other": lambda studio: studio.set("piece.py:tune", OTHER),
    "end": lambda studio: studio.set("piece.py:tune", None),
    "faster": lambda studio: studio.scheduler.set_tempo(0.8),
    "slower": lambda studio: studio.scheduler.set_tempo(0.3),
    "mute": lambda studio: studio.scheduler.set_muted("piece.py:beat", muted=True),
    "unmute": lambda studio: studio.scheduler.set_muted("piece.py:beat", muted=False),
    "solo": lambda studio: studio.scheduler.set_solo(frozenset({"piece.py:tune"})),
    "all": lambda studio: studio.scheduler.set_solo(frozenset()),
    "hush": lambda studio: studio.scheduler.hush(),
}


@settings(max_examples=25)
@given(st.lists(st.tuples(st.sampled_from(sorted(CHANGES)), st.floats(0.05, 2.5)), max_size=6))
def test_what_lights_up_is_what_sounds(changes: list[tuple[str, float]]) -> None:
    """Each sound is seen at its time and nothing else is, whatever is changed when."""
    studio = Studio()
    studio.set("piece.py:beat", BEAT)
    studio.set("piece.py:tune", TUNE)
    studio.screens.begin(studio.screen, studio.scheduler)
    for what, after in changes:
        studio.run(after)
        CHANGES[what](studio)
    studio.run(3.0)
    events = [one.event for one in studio.player.sounds]
    heard = sorted((one.layer.partition(":")[2], round(MORNING + one.at, 3)) for one in events)
    seen = sorted((row["layer"], round(row["at"], 3)) for row in studio.screen.lit.values())
    assert heard
    assert seen == heard


def test_who_comes_later_sees_what_sounds_already() -> None:
    """All that was sent and is not over yet, and nothing that is."""
    studio = Studio()
    studio.set("piece.py:tune", Layer(note("c3"), midi()))
    studio.run(3.0)
    late = Screen()
    studio.screens.begin(late, studio.scheduler)
    begins = [row["at"] - MORNING for row in late.rows.values()]
    assert min(begins) == 2.0  # it sounds from 2 to 4
    assert all(row["until"] > MORNING + 3 for row in late.rows.values())


def test_who_looks_no_longer_is_told_no_more() -> None:
    """And is told of all of it again when it comes back."""
    studio = Studio()
    studio.set("piece.py:tune", Layer(note("c3*4"), midi()))
    screen = Screen()
    studio.screens.hear(screen, {"op": "watch"}, studio.scheduler)
    assert screen.topics == {"haps"}
    studio.screens.hear(screen, {"op": "watch", "on": False}, studio.scheduler)
    assert not screen.topics
    studio.screens.hear(screen, {"op": "watch"}, studio.scheduler)
    assert screen.topics == {"haps"}


def test_panic_clears_the_screen() -> None:
    """At once."""
    studio = Studio()
    studio.set("piece.py:beat", BEAT)
    studio.screens.begin(studio.screen, studio.scheduler)
    studio.run(1.0)
    assert studio.screen.rows
    studio.scheduler.panic()
    studio.screens.flush()
    assert not studio.screen.rows


def test_nothing_is_said_while_nobody_looks_or_nothing_changes() -> None:
    """No message without a reason, and few with one."""
    studio = Studio()
    studio.set("piece.py:beat", BEAT)
    studio.run(1.0)
    assert studio.screen.messages == 0
    studio.screens.begin(studio.screen, studio.scheduler)
    studio.run(4.0)
    assert studio.screen.messages < 30


def test_each_atom_is_shown_where_it_stands() -> None:
    """File, line, column and length of what was written, also behind other letters than ASCII."""
    source = 'gruß = "ä"\nbass = play(note("c2 <eb2 g2>").gain("0.8 1"))\n'
    studio = Studio()
    studio.set("morning.py:bass", load_piece(source, "morning.py").layers["bass"])
    studio.screens.begin(studio.screen, studio.scheduler)
    studio.run(4.0)
    rows = sorted(studio.screen.lit.values(), key=lambda row: row["at"])[:4]
    line = source.splitlines()[1]
    texts = [{line[at - 1 : at - 1 + size] for _, _, at, size in row["where"]} for row in rows]
    assert texts == [{"c2", "0.8"}, {"eb2", "1"}, {"c2", "0.8"}, {"g2", "1"}]
    assert {(file, number) for row in rows for file, number, _, _ in row["where"]} == {("morning.py", 2)}
    drawn = [(row["label"], row["pitch"], row["strength"]) for row in rows[:2]]
    assert drawn == [("c2", 36, 0.8), ("eb2", 39, 1.0)]


def test_steps_of_signals_are_not_shown() -> None:
    """A controller that moves a hundred times a second would be a flood."""
    studio = Studio()
    piece = load_piece('a = play(stack(note("c3"), cc(7, sine)), on=midi())\n', "piece.py")
    studio.set("piece.py:a", piece.layers["a"])
    studio.screens.begin(studio.screen, studio.scheduler)
    studio.run(1.9)
    assert len(studio.player.sounds) > 50
    assert [row["label"] for row in studio.screen.lit.values()] == ["c3"]
