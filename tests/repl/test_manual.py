"""help, `?` and the menu of completion answer from one table, and pictures are written at the prompt."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from patterns import manual, registry
from patterns.core import Pattern
from repl.answering import Answering
from repl.commands import Commands
from repl.completion import NameCompleter
from repl.names import names
from repl.reference import Name, describe, question

if TYPE_CHECKING:
    from tests.repl.conftest import Desk


@pytest.fixture
def prompt(desk: Desk) -> Answering:
    """A prompt beside a layer that depends on chance."""
    desk.save('drums = play(s("bd*8?"))\n')
    return Answering(desk.music, Commands(desk.music).table())


@pytest.mark.parametrize("asked", ["fast", '"fast"', "Pattern.fast", 's("bd").fast', "fast(2, s('bd')).fast"])
def test_help_of_a_method_is_its_page(prompt: Answering, asked: str) -> None:
    """However it is named, the same page comes from the registry."""
    prompt.answer("from patterns.core import Pattern")
    page = manual.page(registry.row("fast")[0])
    assert prompt.answer(f"help({asked})") == (page, True)
    assert "factor: How many times as fast" in page
    assert "Strudel: fast; Tidal: fast" in page


@pytest.mark.parametrize("entry", registry.entries(), ids=lambda entry: entry.name)
def test_every_row_has_a_page(entry: registry.Entry) -> None:
    """It says what the row's line says, how it is called, and shows the example."""
    page = manual.page(entry)
    assert entry.doc in page
    assert entry.example in page
    assert entry.name in page or entry.kind in {"signal", "constant"}
    found = manual.entry_of(entry.name)
    assert found is entry
    if entry.is_method:
        assert manual.entry_of(vars(Pattern)[entry.name]) is not None


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("sine", "Swing between 0 and 1"),
        ("play", "play(pattern, on=None,"),
        ('"play"', "play(pattern, on=None,"),
        ("fx.reverb", "fx.reverb(room_size=0.5,"),
        ('"fx.reverb"', "room_size: how large the room is (0…1; 0.5)."),
        ("instrument", "An instrument that comes with Sempre"),
        ("bus", "space: whether it has an echo and a reverb of its own ('shared' or 'own'; shared)."),
        ('"bus"', "bus(name, **params)"),
        ('"bus"', "Also a control of patterns:\nbus(value) or pattern.bus(value)"),
        ('instrument("bass") | fx.chorus()', "bass: an instrument, followed by chorus"),
        ('instrument("bass")', "cutoff: the filter at rest (40…16000 Hz; 520.0)."),
        ('soundfont("a.sf2")', "program: "),
        ("sampler", "tune: by how much every note is moved"),
        ("hush", "hush(*layers)"),
        ("cutoff", "also called lpf, lp, ctf"),
        ('s("bd").add', "rhythm: the left one's, or that of .out"),
        ('s("bd").add.out', "the rhythm is the right one's"),
        ('"add.squeeze"', "pattern.add.squeeze(value): Combine; a cycle of the right one"),
        ('s("bd*2")', "1/2 -> 1  s=bd"),
        ("len", "len(obj"),
        ("3", "int"),
    ],
)
def test_help_of_other_things(prompt: Answering, asked: str, said: str) -> None:
    """Constructors, effects, commands, patterns, and what is Python's."""
    answer, ok = prompt.answer(f"help({asked})")
    assert ok
    assert said in answer


def test_help_of_nothing(prompt: Answering) -> None:
    """Alone it says how to ask; a wrong name is met with its neighbours."""
    assert "help(fast)" in prompt.answer("help()")[0]
    answer, ok = prompt.answer('help("fasst")')
    assert not ok
    assert "nothing is called 'fasst'; did you mean fast" in answer


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("?", ""),
        ("?fast", "fast"),
        ("? fast", "fast"),
        ("fast?", "fast"),
        ("x.fast?", "x.fast"),
        ("fx.reverb??", "fx.reverb"),
        ('s("bd sd").fast(2).every?', "every"),
        ('s("bd").add.squeeze?', "add.squeeze"),
        ("fast(2, x).add?", "add"),
        ('s("bd?")', None),
        ('s("bd*2?', None),
        ("1 + 1", None),
    ],
)
def test_questions(typed: str, asked: str | None) -> None:
    """A mark before or behind; within mini-notation it is none."""
    assert question(typed) == asked


def test_the_answer_to_a_question_mark_is_the_page(desk: Desk) -> None:
    """Head, call, arguments, example, names elsewhere; controls with their unit."""
    rows = Name.read_all(names(desk.session))
    answer = describe("every", rows)
    page = manual.page(registry.row("every")[0], summary=False)
    assert answer.splitlines()[0].startswith("every (transform): Apply a function")
    assert [line.strip() for line in answer.splitlines()[1:]] == [line.strip() for line in page.splitlines()]
    assert describe("x.add.squeeze", rows).startswith("pattern.add.squeeze(value): Combine;")
    assert "(Hz)" in describe("cutoff", rows)
    assert "beats_per_cycle: Beats that make a cycle" in describe("tempo", rows)


def test_the_menu_shows_arguments_and_units(desk: Desk) -> None:
    """What is inserted is the name alone."""
    rows = Name.read_all(names(desk.session))
    completer = NameCompleter(lambda: rows)
    event = CompleteEvent(text_inserted=True)
    found = {c.text: c for c in completer.get_completions(Document('s("bd").c'), event)}
    assert found["chunk"].display_text == "chunk(parts, change)"
    assert found["cutoff"].display_meta_text == "Frequency of the low-pass filter (Hz)."
    explained = {c.text for c in completer.get_completions(Document('s("bd").exp'), event)}
    assert "explain" in explained
    stacked = {c.text for c in completer.get_completions(Document('s("bd").sta'), event)}
    assert "stack" in stacked
    bare = {c.text for c in completer.get_completions(Document("exp"), event)}
    assert "explain" in bare


def test_a_layer_is_explained_as_it_is_heard(prompt: Answering, desk: Desk) -> None:
    """With its own seed: other chances than the bare pattern's."""
    heard, ok = prompt.answer("explain(drums, 2)")
    assert ok
    assert heard == prompt.answer('explain("drums", 2)')[0]
    assert heard != prompt.answer('s("bd*8?").explain(2)')[0]
    assert desk.session.playing() == ["a.py:drums"]
    assert "a.py:1:17" in heard


def test_pictures_are_written(prompt: Answering, tmp_path: Path) -> None:
    """Into a file that ends in .svg, and nowhere else."""
    path = tmp_path / "drums.svg"
    assert prompt.answer(f"svg(drums, {str(path)!r}, 2, title='two bars')") == (f"{path} is written", True)
    assert "<title>two bars</title>" in path.read_text()
    assert prompt.answer(f"svg(s('bd'), {str(tmp_path / 'kick')!r})")[1]
    assert (tmp_path / "kick.svg").exists()
    answer, ok = prompt.answer(f"svg(drums, {str(tmp_path / 'a.py')!r})")
    assert not ok
    assert "svg writes files such as" in answer
    answer, ok = prompt.answer(f"svg(drums, {str(tmp_path / 'no' / 'a.svg')!r})")
    assert not ok
    assert "cannot write" in answer
    assert not prompt.answer("svg(3, 'a.svg')")[1]
