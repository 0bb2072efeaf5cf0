"""MPE: zones, and notes on channels of their own."""

from __future__ import annotations

import pytest

from bridge.errors import BridgeError
from bridge.event import Agenda, Due, TimedEvent
from bridge.layer import route_of
from bridge.midi import encode
from bridge.midi_bytes import messages
from bridge.midi_routes import MidiRoutes
from bridge.mpe import Zone
from bridge.targets import MidiTarget, midi, mpe


class Port:
    """What a sending process does with the events of some targets, without a port."""

    def __init__(self, *targets: MidiTarget) -> None:
        self.routes = MidiRoutes()
        self.setups = self.routes.learn({route_of(t.key): t.to_json() for t in targets})
        self.agenda = Agenda(self.routes.key, seat=self.routes.seat, left=self.routes.left)
        self._ids = 0

    def add(self, target: MidiTarget, at: float, until: float, **controls: object) -> int:
        """Take an event."""
        self._ids += 1
        for event in encode(target, TimedEvent(at, until - at, controls, "lead", self._ids)):
            self.agenda.add(event)
        return self._ids

    def play(self, until: float) -> list[str]:
        """The messages due before a time."""
        return hexed(self.agenda.due(until))


def hexed(dues: list[Due]) -> list[str]:
    """What is sent."""
    return [m.hex() for due in dues for m in messages(due.event.on if due.on else due.event.off)]


def channels(sent: list[str], status: str = "9") -> list[int]:
    """The channels of the notes, counted from 1."""
    return [int(m[1], 16) + 1 for m in sent if m[0] == status]


def test_a_zone_is_set_up_before_its_first_note() -> None:
    """The configuration with the number of members, then the range of bends on every channel, closed."""
    target = mpe(voices=2, bend_range=24)
    setup = Port(target).setups[None]
    configured = ["b06500", "b06406", "b00602", "b02600", "b0657f", "b0647f"]
    ranges = [f"b{c}{rest}" for c in "012" for rest in ("6500", "6400", "0618", "2600", "657f", "647f")]
    assert [m.hex() for m in messages(setup)] == configured + ranges


def test_set_up_is_asked_for_once_and_known_for_each_connection() -> None:
    """A second layer of the same zone does not set it up again; a port that comes gets all of it."""
    routes = MidiRoutes()
    one, other = mpe("Osmose"), mpe("Osmose", latency=0.1)
    assert set(routes.learn({1: one.to_json()})) == {"Osmose"}
    assert routes.learn({2: other.to_json(), 3: midi("Osmose").to_json()}) == {}
    assert routes.setup("Osmose") == Zone().set_up()
    assert routes.setup(None) == b""


def test_each_note_has_a_channel_of_its_own_and_is_prepared_before_it_sounds() -> None:
    """Bend, pressure and timbre are reset on it: the channel still has those of its last note."""
    target = mpe()
    port = Port(target)
    for key in (60, 64.5, 67):
        port.add(target, 1, 2, note=key, velocity=1)
    sent = port.play(1.5)
    assert sent == [
        "e10040", "d100", "b14a40", "913c7f",
        "e22b3f", "d200", "b24a40", "92417f",
        "e30040", "d300", "b34a40", "93437f",
    ]  # fmt: skip
    assert channels(port.play(3), "8") == [2, 3, 4]


@pytest.mark.parametrize(
    ("note", "bend_range", "key", "steps"),
    [(60.5, 48, 61, -0.5 / 48), (60.25, 48, 60, 0.25 / 48), (60.49, 1, 60, 0.49), (59.5, 12, 60, -0.5 / 12)],
)
def test_a_note_between_keys_is_the_nearest_key_and_a_bend(
    note: float, bend_range: int, key: int, steps: float
) -> None:
    """To the 8192nd part of the range."""
    target = mpe(bend_range=bend_range)
    port = Port(target)
    port.add(target, 1, 2, note=note)
    sent = port.play(1.5)
    low, high = int(sent[0][2:4], 16), int(sent[0][4:6], 16)
    assert int(sent[3][2:4], 16) == key
    assert abs((high * 128 + low - 8192) / 8192 - steps) <= 1 / 16384


def test_frequencies_are_notes() -> None:
    """432 Hz is 31.8 cents below the a of 440."""
    target = mpe()
    port = Port(target)
    port.add(target, 1, 2, freq=432, velocity=1)
    sent = port.play(1.5)
    low, high = int(sent[0][2:4], 16), int(sent[0][4:6], 16)
    assert sent[3] == "91457f"
    assert (high * 128 + low - 8192) / 8192 * 4800 == pytest.approx(-31.77, abs=0.6)


def test_what_a_note_says_of_its_dimensions_goes_to_its_channel_and_the_rest_to_all() -> None:
    """Programs and other controllers concern the whole zone; poly pressure is a channel's here."""
    target = mpe(zone="upper")
    port = Port(target)
    port.add(target, 1, 2, note=60, velocity=1, bend=0.5, touch=1, timbre=0, prog=3, cc7=1)
    port.add(target, 1, 2, note=61, velocity=1, polyTouch=1, cc74=1)
    port.add(target, 1, 1, midibend=1)
    assert port.play(1.5) == [
        "ef7f7f",
        "cf03", "bf077f", "ee0060", "de7f", "be4a00", "9e3c7f",
        "ed0040", "dd7f", "bd4a7f", "9d3d7f",
    ]  # fmt: skip


def test_the_channel_that_was_free_for_longest_is_used_next() -> None:
    """So that a tail is not bent by the next note."""
    target = mpe(voices=3)
    port = Port(target)
    for n in range(7):
        port.add(target, n, n + 0.5, note=60)
    assert channels(port.play(10)) == [2, 3, 4, 2, 3, 4, 2]


def test_a_channel_freed_at_the_same_time_may_be_used() -> None:
    """The end comes before the beginning."""
    target = mpe(voices=1)
    port = Port(target)
    port.add(target, 0, 1, note=60, velocity=1)
    port.add(target, 1, 2, note=62, velocity=1)
    sent = [m for m in port.play(5) if m[0] in "89"]
    assert sent == ["913c7f", "813c40", "913e7f", "813e40"]


def test_with_too_many_notes_the_oldest_ends_first() -> None:
    """Fifteen sound; the sixteenth takes the channel of the first, whose off comes before."""
    target = mpe()
    port = Port(target)
    for n in range(16):
        port.add(target, n / 100, 5, note=40 + n, velocity=1)
    sent = [m for m in port.play(1) if m[0] in "89"]
    assert channels(sent) == [*range(2, 17), 2]
    assert sent[15:] == ["812840", "91377f"]
    assert channels(port.play(9), "8") == [*range(3, 17), 2]


def test_two_layers_of_a_zone_share_its_channels() -> None:
    """Also with different latencies, which are different routes."""
    one, other = mpe("x"), mpe("x", latency=0.1)
    port = Port(one, other)
    for n in range(4):
        port.add((one, other)[n % 2], 1, 2, note=60)
    assert channels(port.play(1.5)) == [2, 3, 4, 5]


def test_panic_frees_every_channel() -> None:
    """What is ended early is ended."""
    target = mpe(voices=2)
    port = Port(target)
    for n in range(2):
        port.add(target, 0, 9, note=60 + n)
    port.play(1)
    assert channels(hexed(port.agenda.silence()), "8") == [2, 3]
    port.add(target, 2, 3, note=60)
    assert channels(port.play(2.5)) == [2]


def test_targets_of_mpe_say_what_is_wrong() -> None:
    """With value and range."""
    for call, text in (
        (lambda: mpe(voices=16), r"voices must be 1 to 15 \(got 16\)"),
        (lambda: mpe(zone="middle"), "lower"),
        (lambda: mpe(bend_range=0), "bend_range"),
    ):
        with pytest.raises(BridgeError, match=text):
            call()
    assert midi("x", mpe=True) == mpe("x")
    assert midi("x", mpe=True, bend_range=24) == mpe("x", bend_range=24)
