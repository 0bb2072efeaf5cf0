"""Completion, colours and the answer to `?`: what is typed, seen by its letters."""

from __future__ import annotations

import io
import tokenize
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import fragment_list_to_text
from pygments.lexers.python import PythonLexer

from bridge.layer import Layer
from patterns.reading import reify
from patterns.registry import namespace
from patterns.ticks import TICKS
from plugin_host.specs import fx, instrument, sampler
from repl.absent import Places
from repl.colours import CodeLexer, colour
from repl.completion import TAKES, NameCompleter, in_text
from repl.conversation import OWN
from repl.questions import Questions
from repl.reference import Name, describe, read_lines, read_texts
from repl.remote import Remote
from repl.session import Session
from repl.texts import samplers, texts

if TYPE_CHECKING:
    from tests.repl.conftest import Desk

NAMES = (
    Name("drums", "layer", "A layer that plays."),
    Name("every", "transform", "Apply a function now and then."),
    Name("fx.reverb", "effect", "A room."),
    Name("fx.delay", "effect", "An echo."),
    Name("rev", "transform", "Turn round."),
    Name("round", "method", "Round values."),
    Name("tempo", "session", "Set the tempo."),
)


def offered(text: str, *, tab: bool = False) -> list[str]:
    """What the menu would hold with the cursor at the end."""
    completer = NameCompleter(lambda: NAMES)
    event = CompleteEvent(completion_requested=tab, text_inserted=not tab)
    return [c.text for c in completer.get_completions(Document(text), event)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("te", ["tempo"]),
        ("TE", ["tempo"]),
        ("t", []),
        ("re", ["rev"]),
        ('s("bd").re', ["rev"]),
        ('s("bd").', ["every", "rev", "round"]),
        ("x.ro", ["round"]),
        ("keys | fx.", ["reverb", "delay"]),
        ("fx.de", ["delay"]),
        ("?te", ["tempo"]),
        ("tempo", []),
        ('s("te', []),
        ("# te", []),
        ("1 te", ["tempo"]),
        ("x = (\n te", ["tempo"]),
    ],
)
def test_what_is_offered(text: str, names: list[str]) -> None:
    """Functions at the beginning of a word, methods after a dot, nothing inside a text."""
    assert offered(text) == names


TEXTS = {**texts(()), "sampler": ["Grand", "Grand/Grand piano.sfz", "kit"]}


def within(text: str, *, tab: bool = True) -> list[str]:
    """What is offered within quotes, as the line would be then."""
    completer = NameCompleter(lambda: NAMES, lambda: {kind: tuple(rows) for kind, rows in TEXTS.items()})
    event = CompleteEvent(completion_requested=tab, text_inserted=not tab)
    found = completer.get_completions(Document(text), event)
    return [text[: len(text) + one.start_position] + one.text for one in found]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ('n("0").scale("C:hira', ['n("0").scale("C:hirajoshi']),
        ('scale("<C:dor', ['scale("<C:dorian', 'scale("<C:dorian:#4', 'scale("<C:dorian:b2']),
        ('scale("<C:minor f#4:minor:pen', ['scale("<C:minor f#4:minor:pentatonic']),
        ("scale('MAJOR:P", ["scale('major:pentatonic"]),
        ('chord("Am1', ['chord("Am11', 'chord("Am13']),
        ('chord("<C^7 Bbh', ['chord("<C^7 Bbh7', 'chord("<C^7 Bbh9']),
        ('chord("am7b', []),
        ('s("bd*2 cow', ['s("bd*2 cowbell']),
        ('x.sound("[bd ki', ['x.sound("[bd kick']),
        ('s("bd:k', []),
        ('s("""bd\n  snar', ['s("""bd\n  snare']),
        ('chord("C").dictionary("left', ['chord("C").dictionary("lefthand']),
        ('x.voicing(dictionary="gui', ['x.voicing(dictionary="guidetones']),
        ('instrument("pa', ['instrument("pad']),
        ('sampler("gra', ['sampler("Grand', 'sampler("Grand/Grand piano.sfz']),
        ('sampler("Grand/', ['sampler("Grand/Grand piano.sfz']),
        ('x.mode("abo', ['x.mode("above']),
        ('note("cow', []),
        ('print("cow', []),
        ('s("bd") # cow', []),
        ("s(# cow", []),
        ('x == "cow', []),
    ],
)
def test_texts_are_completed_by_who_takes_them(text: str, lines: list[str]) -> None:
    """Of a scale what follows its tonic, of a chord what follows its root; elsewhere nothing."""
    assert within(text) == lines


def test_a_text_opens_the_menu_from_two_letters_on() -> None:
    """Tab opens it always."""
    assert within('s("c', tab=False) == []
    assert within('s("cow', tab=False) == ['s("cowbell']
    assert len(within('s("')) == len(TEXTS["sound"])
    assert 'chord("Am' in within('chord("A')
    assert len(within('scale("C:')) > 100


def test_everything_that_is_offered_can_be_played() -> None:
    """No name that mini-notation would take apart, or that the language does not know."""
    words: dict[str, Any] = dict(namespace())
    for name in TEXTS["scale"]:
        assert words["n"]("0 2").scale(f"C:{name}").answer(0, TICKS).problems == []
    for name in TEXTS["chord"]:
        assert words["chord"](f"C{name}").voicing().answer(0, TICKS).problems == []
    for name in TEXTS["dictionary"]:
        assert words["chord"]("C^7").voicing(name).answer(0, TICKS).problems == []
    for name in TEXTS["mode"]:
        assert words["chord"]("C").mode(f"{name}:c4").voicing().answer(0, TICKS).problems == []
    for name in TEXTS["arp"]:
        assert words["note"]("[c,e,g]").arp(name).answer(0, TICKS).problems == []
    for name in TEXTS["instrument"]:
        assert instrument(name)
    assert all(words["s"](name).haps(0, 1)[0].value == {"s": name} for name in TEXTS["sound"])


def test_folders_of_samples_are_sounds(tmp_path: Path) -> None:
    """Those that can be written in mini-notation; a folder that is gone is no matter."""
    for name in ("breaks", "808-kick", "my bells", ".hidden"):
        (tmp_path / name).mkdir()
    (tmp_path / "loose.wav").touch()
    sounds = texts((str(tmp_path), str(tmp_path / "gone")))["sound"]
    assert set(sounds) - set(TEXTS["sound"]) == {"breaks", "808-kick"}


OUT = ('midi("dig', "mpe('", 'midi_clock("', 'midi(channel=2, port="', 'play(p, on=mpe(voices=4, port="D')
IN = ('cc_in(74, port="', 'keys_in(port="', 'keyboard("keys", port="K', 'note(pitch_bend_in(low=f(2), port="')


def completed(before: str) -> dict[str, str]:
    """What is offered in a text, with the line about each."""
    names = [Name("drums", "layer", "A layer that plays."), Name("bass", "layer"), Name("rev", "transform")]
    texts: dict[str, tuple[str, ...]] = {
        "plugin": ("Surge XT", "Dexed"), "lv2": ("Calf Reverb",), "knob": ("cutoff",), "scale": ("minor",),
    }  # fmt: skip
    completer = NameCompleter(
        lambda: names,
        lambda: texts,
        lambda: {"scale": {"minor": "0 2 3 5 7 8 10"}},
        lambda: {"Digitakt": "Digitakt:MIDI 1 20:0"},
        lambda: {"KeyStep": "KeyStep:MIDI 1 24:0"},
    )
    found = completer.get_completions(Document(before), CompleteEvent(completion_requested=True))
    return {one.text: one.display_meta_text for one in found}


@pytest.mark.parametrize(
    ("before", "found"),
    [
        ('mute("', {"drums": "A layer that plays.", "bass": ""}),
        ('solo("dr', {"drums": "A layer that plays."}),
        ('mute("bass", "dr', {"drums": "A layer that plays."}),
        ("mute(bass, 'bass', \"", {"drums": "A layer that plays.", "bass": ""}),
        ('fx.duck(amount=.4, by="b', {"bass": ""}),
        ('s("bd", "', {}),
        (
            'follow("',
            {
                "link": "Ableton Link: tempo and phase with other programs in this network",
                "jack": "JACK's transport: where it is, and whether it rolls",
                "plugin": "your DAW, by Sempre inside it",
                "midi:KeyStep": "the MIDI clock of KeyStep:MIDI 1 24:0",
            },
        ),
        ('follow("midi:k', {"midi:KeyStep": "the MIDI clock of KeyStep:MIDI 1 24:0"}),
        ('vst3("sur', {"Surge XT": "plugin"}),
        ('x | fx.lv2("', {"Calf Reverb": "lv2"}),
        *((text, {"Digitakt": "MIDI goes out to Digitakt:MIDI 1 20:0"}) for text in OUT),
        *((text, {"KeyStep": "MIDI comes in from KeyStep:MIDI 1 24:0"}) for text in IN),
        ('turn("', {"cutoff": "knob"}),
        ('scale("c:mi', {"minor": "0 2 3 5 7 8 10"}),
    ],
)
def test_layers_plugins_ports_and_knobs_are_completed(before: str, found: dict[str, str]) -> None:
    """By who takes the text, with a line about each."""
    assert completed(before) == found


PIECE = '''\
cut = knob("cut", 200, 4000, 900, curve="log")
wet = toggle("wet")
go = button("go")
pad = xy("pad", x=(0, 1), y=(0, 1))
kit = instrument("drums") | fx.reverb() | bus("dub")

def low(pattern):
    """An octave lower."""
    return pattern.add(note(-12))

drums = play(s("bd*4"), on=kit)
bass = play(note("c2").cutoff(cut).gain(wet).pan(go).room(pad.x).delay(pad.y), on=midi("Volca", channel=3))
line = play(low(note("c5")), on=osc(9000, path="/x"))
air = play(s("breaks"))
'''


def test_each_name_has_a_line_of_its_own(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """More than its kind: for all that there is to say of a piece, of the musician's sounds and plugins."""
    shelf, plugins = tmp_path / "shelf", tmp_path / "plugins"
    for file in ("breaks/1.wav", "breaks/2.flac", "Grand/Grand.sfz", "Grand/all.sf2"):
        (shelf / file).parent.mkdir(parents=True, exist_ok=True)
        (shelf / file).touch()
    told = plugins / "Acme" / "Deep.vst3" / "Contents" / "moduleinfo.json"
    told.parent.mkdir(parents=True)
    told.write_text('{"Factory Info": {"Vendor": "Acme Sounds", }, }')
    bundle = tmp_path / "lv2" / "soft.lv2"
    bundle.mkdir(parents=True)
    (bundle / "soft.ttl").write_text('<urn:soft> a lv2:Plugin ; doap:name "Soft Room" .\n')
    monkeypatch.setenv("LV2_PATH", str(bundle.parent))
    desk.save(PIECE, "evening.py")
    places = Places((str(shelf),), (plugins,))
    remote = Remote(desk.music, {})
    answer = Questions(desk.session, remote.inputs, places).answer({"op": "names"})
    names = Name.read_all(answer["names"])
    kept, lines = read_texts(answer["texts"]), read_lines(answer["lines"])
    kinds = {name.kind for name in names} | {*TAKES.values()}
    bare = [name.name for name in (*names, *OWN) if len(name.doc.split()) < 2 or name.doc in kinds]
    assert bare == []
    said = {name.name: name.doc for name in names}
    assert said["drums"] == "plays on drums | fx.reverb | the bus dub; evening.py:11"
    assert said["bass"] == "plays on the MIDI port Volca, channel 3; evening.py:12"
    assert said["line"] == "plays on OSC at 127.0.0.1:9000 /x; evening.py:13"
    assert said["air"] == "plays on the instruments that its sounds name; evening.py:14"
    assert said["kit"] == "an instrument: drums | fx.reverb | the bus dub; evening.py:5"
    assert said["low"] == "An octave lower.; evening.py:7"
    assert said["fx.delay"] == "Repeat it as an echo. delay_seconds, feedback, mix"
    assert {"sound", "sampler", "soundfont", "plugin", "lv2", "knob"} <= {kind for kind in kept if kept[kind]}
    for kind, each in kept.items():
        assert [one for one in each if len(lines[kind].get(one, "").split()) < 2] == [], kind
    assert lines["sound"]["breaks"] == lines["sampler"]["breaks"] == f"2 sound files in {shelf}"
    assert lines["soundfont"] == {"Grand/all.sf2": f"a SoundFont, in {shelf / 'Grand'}"}
    assert lines["plugin"]["Deep"] == f"Acme Sounds, in {plugins / 'Acme'}"
    assert lines["lv2"]["Soft Room"] == f"in {bundle}: urn:soft"
    assert lines["knob"]["cut"] == "a knob from 200 to 4000, by equal factors; begins at 900"
    completer = NameCompleter(lambda: names, lambda: kept, lambda: lines)
    for taker in ("s", "sampler", "soundfont", "vst3", "lv2", "turn", "mute", "follow", "arp", ""):
        text = f'{taker}("' if taker else ""
        found = [*completer.get_completions(Document(text), CompleteEvent(completion_requested=True))]
        assert found
        assert all(len(one.display_meta_text.split()) > 1 for one in found), text


def test_the_plugins_of_the_musician_are_known(tmp_path: Path) -> None:
    """By the names of their files."""
    (tmp_path / "Deep").mkdir()
    (tmp_path / "Deep" / "Surge XT.vst3").touch()
    assert "Surge XT" in texts((), (), (tmp_path,))["plugin"]


def test_what_samplers_play_are_sounds(tmp_path: Path) -> None:
    """A sampler's own name and those of the folders in it, also where it is found among the musician's."""
    for name in ("shop/tools/saw-1", "shop/my tools", "mine/Grand/Samples"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "mine" / "Grand" / "Grand.sfz").touch()
    (tmp_path / "mine" / "Small.SFZ").touch()
    (tmp_path / "mine" / "Grand" / "all.sf2").touch()
    usual = texts((str(tmp_path / "mine"),))
    assert set(usual["sound"]) - set(TEXTS["sound"]) == {"Grand"}
    assert usual["sampler"] == ["Grand", "Small.SFZ", "Grand/Grand.sfz"]
    assert usual["soundfont"] == ["Grand/all.sf2"]
    played = (str(tmp_path / "shop"), "Grand", "Small.SFZ", "gone")
    more = texts((str(tmp_path / "mine"),), played)
    assert set(more["sound"]) - set(usual["sound"]) == {"shop", "tools", "Samples"}


def test_the_samplers_of_a_session_are_known() -> None:
    """Of all that plays, whatever it is chained with; nothing else counts."""
    session = Session()
    layer = Layer(reify("~"))
    session.places["a"] = [(Fraction(0), layer), (Fraction(1), replace(layer, target=sampler("bells")))]
    session.places["b"] = [(Fraction(0), replace(layer, target=sampler("x.sfz") | fx.reverb()))]
    session.places["c"] = [(Fraction(0), replace(layer, target=sampler("old"))), (Fraction(1), None)]
    session.places["d"] = [(Fraction(0), replace(layer, target=instrument("keys"))), (Fraction(1), layer)]
    assert samplers(session) == ("bells", "x.sfz")


def test_texts_from_an_engine_are_read_whatever_they_are() -> None:
    """As the names are."""
    assert read_texts(None) == read_texts([1]) == {}
    assert read_texts({"sound": ["bd", None], "scale": "minor"}) == {"sound": ("bd",)}


def test_tab_asks_for_everything() -> None:
    """Also where nothing is typed yet."""
    assert offered("", tab=True) == ["drums", "every", "rev", "tempo"]


@given(st.text(alphabet="ab \n\\\"'#()", max_size=12))
def test_texts_are_seen_as_python_sees_them(source: str) -> None:
    """After what Python reads without complaint, the cursor is in code or behind a remark."""
    try:
        tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (tokenize.TokenError, IndentationError):
        return
    if any(t.type == tokenize.ERRORTOKEN for t in tokens) or "\\" in source:
        return
    remark = any(t.type == tokenize.COMMENT and t.end[0] == source.count("\n") + 1 for t in tokens)
    assert in_text(source) == remark


def test_mini_notation_stands_out() -> None:
    """Its signs have a style of their own, its words that of a text."""
    (line,) = colour('s("bd*4 [~ cp]")  # x', PythonLexer(ensurenl=False, stripnl=False))
    styles = {text: style for style, text, *_ in line}
    assert styles["bd"] == "class:code.string"
    assert styles["*"] == styles["[~"] == "class:code.mini"
    assert styles["# x"] == "class:code.comment"


@given(st.text(alphabet="ab0 \n\t\"'#()[]~*ü🥁\\", max_size=30))
def test_colours_change_no_letter(source: str) -> None:
    """Line by line, what is shown is what was typed."""
    document = Document(source)
    line = CodeLexer().lex_document(document)
    shown = [fragment_list_to_text(line(n)) for n in range(document.line_count)]
    assert shown == document.lines


def test_a_question_about_a_name() -> None:
    """Its kind and line; a method also with its pattern before it; a wrong one with its neighbours."""
    assert describe("drums", NAMES) == "drums (layer): A layer that plays."
    assert describe("rev", NAMES).startswith("rev (transform): Turn round.\n  rev(")
    assert describe("x.rev", NAMES).startswith("rev (transform)")
    assert describe("fx.delay", NAMES).startswith(
        "fx.delay (effect): An echo.\n  fx.delay(delay_seconds=0.375,"
    )
    assert describe("tempi", NAMES) == "nothing is called 'tempi'; did you mean tempo?"
    assert describe("rolledBy", NAMES) == (
        "nothing is called 'rolledBy'; Tidal's rolledBy is called rolled_by here"
    )
    assert describe("qqq", NAMES) == "nothing is called 'qqq'; `?` lists what there is"


def test_a_question_about_everything() -> None:
    """By kinds; before an engine has spoken it says so."""
    assert "transform:\n  every rev" in describe("", NAMES)
    assert "ask again" in describe("", ())


def test_rows_that_make_no_sense_are_passed_over() -> None:
    """Whatever an engine sends, there are names."""
    assert Name.read_all({"a": 1}) == ()
    assert Name.read_all([None, {"name": 3}, {"name": ""}, {"name": "a", "doc": None}]) == (
        Name("a", "", "None"),
    )
