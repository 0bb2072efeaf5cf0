"""The commands of the prompt, by what is typed and what is answered."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest

from repl.answering import Answering
from repl.commands import Commands
from repl.commits import COMMANDS
from repl.names import names

if TYPE_CHECKING:
    from tests.repl.conftest import Desk


class Prompt:
    """A prompt on a session that plays `drums` and `bass`."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        desk.save(
            'drums = play(s("bd*4"))\nbass = play(note("c2").lpf(knob("cutoff", 100, 900)))\nkit = "bd"'
        )
        self._answering = Answering(desk.music, Commands(desk.music).table())

    def type(self, text: str) -> str:
        """Type something that goes well."""
        answer, ok = self._answering.answer(text)
        assert ok, answer
        self.desk.play(0)
        return answer

    def refusal(self, text: str) -> str:
        """Type something that does not."""
        answer, ok = self._answering.answer(text)
        assert not ok, answer
        return answer


@pytest.fixture
def prompt(desk: Desk) -> Prompt:
    """A prompt."""
    return Prompt(desk)


def test_every_command_is_there_and_says_what_it_does(prompt: Prompt) -> None:
    """The table, the list of names and the completion agree."""
    table = Commands(prompt.desk.music).table()
    assert tuple(table) == COMMANDS
    rows = {row["name"]: row for row in names(prompt.desk.session)}
    assert all(rows[name]["kind"] == "command" and rows[name]["doc"] for name in COMMANDS)


def test_layers_are_listed(prompt: Prompt) -> None:
    """By name."""
    assert prompt.type("layers()") == "['bass', 'drums']"


@pytest.mark.parametrize("what", ["'drums'", "drums"])
def test_mute_takes_names_and_layers(prompt: Prompt, what: str) -> None:
    """As text, or as what `play` gave."""
    prompt.type(f"mute({what})")
    assert prompt.desk.session.muted == {"drums"}
    assert prompt.desk.scheduler.places["a.py:drums"].muted
    prompt.type(f"unmute({what})")
    assert prompt.desk.session.muted == frozenset()
    assert not prompt.desk.scheduler.places["a.py:drums"].muted


def test_unmute_takes_all_or_what_has_ended(prompt: Prompt) -> None:
    """A mute stays with its name, so it must be possible to take it back."""
    prompt.type("mute(drums, 'bass')")
    prompt.type("del drums")
    prompt.type("unmute('drums')")
    assert prompt.desk.session.muted == {"bass"}
    prompt.type("unmute()")
    assert prompt.desk.session.muted == frozenset()


def test_solo(prompt: Prompt) -> None:
    """Only these are heard, until all are again."""
    prompt.type("solo(bass)")
    assert prompt.desk.scheduler.solo == {"a.py:bass"}
    prompt.type("unsolo()")
    assert prompt.desk.scheduler.solo == frozenset()
    prompt.type("solo(bass, drums)")
    prompt.type("unsolo('drums')")
    assert prompt.desk.scheduler.solo == {"a.py:bass"}


def test_a_command_without_brackets_says_what_is_missing(prompt: Prompt) -> None:
    """It is a value like others, and does nothing."""
    assert prompt.type("hush") == "nothing was done yet: write hush()"
    assert prompt.type("layers()") == "['bass', 'drums']"


def test_a_layer_is_explained_where_it_is(prompt: Prompt) -> None:
    """The cycle that sounds, not the first of all; a pattern begins at 0, and any cycle can be asked for."""
    assert prompt.type("explain(drums)").startswith("1 cycle from 0")
    prompt.desk.play(9)
    now = int(prompt.desk.music.cycle)
    assert now >= 3
    assert prompt.type("explain(drums)").startswith(f"1 cycle from {now}")
    assert prompt.type("explain(drums, begin=1)").startswith("1 cycle from 1")
    assert prompt.type('explain(s("bd"))').startswith("1 cycle from 0")


FOLD = 'lead = play(note(fold(lambda v: v + {}, 0, per_cycle=2, name="n")))\n'


def shown(text: str) -> list[int]:
    """The notes of an explanation, in order."""
    return [int(row.partition("note=")[2].split()[0]) for row in text.splitlines() if "note=" in row]


def test_a_fold_is_explained_as_it_is_heard(desk: Desk) -> None:
    """With the state that it has carried over, before a change and after it, near and far."""
    prompt = Prompt(desk)
    desk.save(FOLD.format(1))
    desk.play(9)
    assert shown(prompt.type("explain(lead)")) == [8, 9]
    desk.save(FOLD.format(100))
    changed = int(desk.music.cycle) + 1
    assert prompt.type("explain(lead)").startswith(f"1 cycle from {changed}")
    assert shown(prompt.type("explain(lead)")) == [10, 110]
    desk.play(8)
    now = int(desk.music.cycle)
    heard = [note for at, note in sorted(desk.heard("note")) if now <= at < now + 1]
    assert shown(prompt.type("explain(lead)")) == heard
    assert shown(prompt.type(f"explain(lead, begin={changed - 2})")) == [6, 7]
    assert shown(prompt.type(f"explain(lead, begin={changed})")) == [10, 110]
    desk.play(200)
    now = int(desk.music.cycle)
    heard = [note for at, note in sorted(desk.heard("note")) if now <= at < now + 1]
    assert shown(prompt.type("explain(lead)")) == heard


def test_a_layer_is_explained_with_its_inputs_and_its_chance(prompt: Prompt) -> None:
    """What a knob says now, and what Strudel's numbers give."""
    assert "cutoff=100" in prompt.type("explain(bass)")
    prompt.type("turn('cutoff', .5)")
    prompt.desk.play(4)
    assert "cutoff=500" in prompt.type("explain(bass)")
    for rng in ("hash", "strudel"):
        prompt.type(f"hats = play(s('hh*8?'), rng='{rng}', seed=0)")
        prompt.desk.play(4)
        first = int(prompt.desk.music.cycle)
        times = [at for at, sound in prompt.desk.heard() if sound == "hh" and first <= at < first + 1]
        rows = prompt.type("explain(hats)").splitlines()
        assert sum("s=hh" in row for row in rows) == len(times)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("drums.explain()", 'a layer has no .explain; with its name it is explain("…") at the prompt'),
        ("drums.every(4, rev)", "a layer has no .every; it belongs to the pattern: play(….every(…))"),
        ("drums.nonsense", "a layer has no .nonsense"),
        ("explain(drums, begin=1.5)", "begin must be a whole number, found 1.5"),
        ("explain(drums, begin='x')", "begin must be a whole number, found 'x'"),
    ],
)
def test_what_is_asked_of_a_layer_is_told_where_it_belongs(prompt: Prompt, text: str, told: str) -> None:
    """What `play` gives is neither a pattern nor a command."""
    assert told in prompt.refusal(text)


def test_hush_takes_names_or_all(prompt: Prompt) -> None:
    """Layers end; the files stay."""
    prompt.type("hush('drums')")
    assert prompt.type("layers()") == "['bass']"
    prompt.type("hush()")
    assert prompt.type("layers()") == "[]"
    assert prompt.desk.session.files


def test_panic(prompt: Prompt) -> None:
    """Sound off now."""
    prompt.type("panic()")
    assert ("panic", None) in prompt.desk.recorder.log


def test_tap_and_nudge(prompt: Prompt) -> None:
    """Each says what it made of it; nonsense is named."""
    assert prompt.type("tap()") == "tap again"
    prompt.desk.play(0.5)
    assert prompt.type("tap()") == "120.0 bpm"
    assert prompt.type("nudge_clock(20)") == ""
    assert "-1000 to 1000 (got 2000)" in prompt.refusal("nudge_clock(2000)")
    prompt.type('follow("midi:Digitakt")')
    assert "Digitakt is followed" in prompt.refusal("nudge_clock(20)")
    prompt.type("follow(None)")
    assert prompt.type("nudge_clock(20)") == ""
    assert "over= is in cycles" in prompt.refusal("tempo(100, over=-1)")


def test_turn(prompt: Prompt) -> None:
    """From 0 to 1."""
    prompt.type("turn('cutoff', .5)")
    prompt.desk.play(1)
    assert prompt.desk.scheduler.controls.at("cutoff", 1000) == 0.5  # pyright: ignore[reportArgumentType] - any number


def test_cue_is_kept_for_whoever_comes_after(prompt: Prompt) -> None:
    """As `mute` is: a commit, of which the newest counts; an engine that takes over tells the mixer again."""
    told: list[tuple[bytes, str, bool]] = []

    def tell(kind: bytes, body: bytes, *, stands: bool = False) -> None:
        told.append((kind, body.decode(), stands))

    commands = Commands(prompt.desk.music, mixer=tell)
    assert told == []
    assert str(commands.cue("drums")) == "to be cued: drums"
    assert str(commands.cue("bass", "drums")) == "to be cued: bass, drums"
    cued = {"kind": "cue", "names": ["bass", "drums"]}
    assert [one for one in prompt.desk.session.history if one["kind"] == "cue"] == [cued]
    assert cued in prompt.desk.commits
    assert told[-1] == (b"C", '["bass", "drums"]', True)
    after = type(prompt.desk)()
    for commit in prompt.desk.session.handover():
        after.session.apply(commit)
    told.clear()
    Commands(after.music, mixer=tell)
    assert told == [(b"C", '["bass", "drums"]', True)]
    commands.cue()
    assert told[-1] == (b"C", "[]", True)


REFUSED = {
    "mute('drms')": "no layer is called 'drms'; did you mean 'drums'?",
    "mute('zzz')": "no layer is called 'zzz' (there: bass, drums)",
    "mute('drums', 'zzz')": "no layer is called 'zzz'",
    "mute()": 'mute takes names of layers, such as mute("drums")',
    "mute(5)": "something of type int",
    "mute(None)": "something of type NoneType",
    "mute(['drums'])": "something of type list",
    "mute(kit)": "no layer is called 'bd'",
    "mute(s('bd'))": "something of type Pattern",
    "solo()": "unsolo() lets all be heard",
    "solo('bas')": "did you mean 'bass'?",
    "unmute('zzz')": "no layer is called 'zzz'",
    "hush('zzz')": "no layer is called 'zzz'",
    "hush(3)": "something of type int",
    "turn('cutof', .5)": "no layer follows a knob called 'cutof'; did you mean 'cutoff'?",
    "turn(3, .5)": "no layer follows a knob called 3 (there: cutoff)",
    "turn('cutoff', 'loud')": "a knob goes from 0 to 1 (got 'loud')",
    "turn('cutoff', 1500)": "a knob goes from 0 to 1 (got 1500)",
    "turn('cutoff', float('nan'))": "(got nan)",
    "turn('cutoff')": "missing 1 required positional argument: 'value'",
    "unsolo(1)": "takes names of layers",
    "tempo('quick')": "bpm must be a number",
}


@pytest.mark.parametrize("text", REFUSED)
def test_nonsense_is_answered_and_changes_nothing(prompt: Prompt, text: str) -> None:
    """With the nearest name, or those that there are."""
    before = (prompt.desk.session.muted, prompt.desk.session.solo, prompt.desk.session.playing())
    answer = prompt.refusal(text)
    assert answer.startswith("<prompt>:1:1: ")
    assert REFUSED[text] in answer
    assert before == (prompt.desk.session.muted, prompt.desk.session.solo, prompt.desk.session.playing())


def test_with_nothing_playing(desk: Desk) -> None:
    """The message says so."""
    answering = Answering(desk.music, Commands(desk.music).table())
    assert "(there: none)" in answering.answer("mute('drums')")[0]
    assert answering.answer("layers()") == ("[]", True)
    assert answering.answer("hush()") == ("", True)


def test_names_that_cover_a_command(prompt: Prompt) -> None:
    """A command is always there in the next statement."""
    prompt.type("hush = 3")
    prompt.type("hush('drums')")
    assert prompt.type("layers()") == "['bass']"


def test_completion_knows_what_there_is(prompt: Prompt) -> None:
    """Functions, methods, constructors, verbs, effects, layers, and what was bound; each name once."""
    prompt.type("mine = 5")
    rows = names(prompt.desk.session)
    kinds = {row["name"]: row["kind"] for row in rows}
    assert kinds["play"] == "session"
    assert kinds["midi"] == "constructor"
    assert kinds["fx.reverb"] == "effect"
    assert kinds["drums"] == "layer"
    assert kinds["mine"] == kinds["kit"] == "yours"
    assert not [name for name in kinds if name.startswith("_")]
    assert all(isinstance(value, str) for row in rows for value in row.values())
    layers = [row["name"] for row in rows if row["kind"] == "layer"]
    assert len(layers) == len(set(layers))


def test_a_daw_is_steered_from_the_prompt(prompt: Prompt) -> None:
    """By one datagram; what it does not know is said."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as ear:
        ear.bind(("127.0.0.1", 0))
        ear.settimeout(5)
        port = ear.getsockname()[1]
        assert f"reaper: tempo 112 to 127.0.0.1:{port}" in prompt.type(
            f'daw("reaper", "tempo", 112, port={port})'
        )
        assert ear.recv(100).startswith(b"/tempo/raw\0")
    assert "Ardour takes no tempo by OSC" in prompt.refusal('daw("ardour", "tempo", 112)')
