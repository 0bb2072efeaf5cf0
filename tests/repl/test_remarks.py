"""What is allowed and hardly meant: said in a line, once, and only where it is so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from repl.absent import Places
from repl.answering import Answering
from repl.commands import Commands
from repl.following import Following
from repl.loader import load_piece
from repl.partner import Outcome
from repl.remarks import remarks

if TYPE_CHECKING:
    from pathlib import Path

    from repl.partner import Rehearsal
    from tests.repl.conftest import Desk


NAMED = """
kit = play(s("bd*4"), on=sampler("kits/tr99"))
bells = play(note("c"), on=soundfont("belsl.sf2"))
far = bus("far") | fx.convolution("hal.wav")
keys = play(note("c"), on=instrument("keys") | vst3("Shapper") | far)
lead = play(note("c"), on=vst3("Mine", preset="sounds/brihgt.vstpreset"))
again = play(note("e"), on=sampler("kits/tr99"))
"""


def test_what_is_not_there_is_named_with_its_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Folders of samples, files, plugins and presets: what, where it was looked for, and what is like it."""
    monkeypatch.chdir(tmp_path)
    for name in ("kits/tr909/bd", "mine", "plugs/Mine.vst3", "plugs/Shaper.vst3", "sounds"):
        (tmp_path / name).mkdir(parents=True)
    for name in ("mine/bells.sf2", "mine/hall.wav", "sounds/bright.vstpreset"):
        (tmp_path / name).touch()
    places = Places((str(tmp_path / "mine"),), (tmp_path / "plugs",))
    loaded = load_piece(NAMED, "a.py")
    said = remarks(loaded, places=places)
    mine = tmp_path / "mine"
    assert said[0] == (
        f"a.py:2: sampler('kits/tr99'): no such folder or file is here or in {mine}; "
        "did you mean 'kits/tr909'?"
    )
    assert said[1] == (
        f"a.py:3: soundfont('belsl.sf2'): no such file is here or in {mine}; did you mean 'bells.sf2'?"
    )
    assert said[2].startswith("a.py:5: vst3('Shapper'): no plugin 'Shapper' in ")
    assert said[2].endswith("did you mean 'Shaper'?")
    assert said[3].startswith("a.py:5: fx.convolution('hal.wav'): no such file")
    assert said[4] == (
        "a.py:6: vst3('Mine'): the preset 'sounds/brihgt.vstpreset' is not there; "
        "did you mean 'bright.vstpreset'?"
    )
    assert len(said) == 5
    assert remarks(loaded, loaded, places=places) == []
    right = {"tr99": "tr909", "belsl": "bells", "hal.": "hall.", "Shapper": "shaper", "ihg": "igh"}
    for old, new in right.items():
        loaded = load_piece(loaded.source.replace(old, new), "a.py")
    assert remarks(loaded, places=places) == []


@pytest.mark.parametrize(
    "target",
    [
        'sampler("~nosuchuser/x")',
        'soundfont("~nosuchuser/x.sf2")',
        'instrument("keys") | fx.convolution("~nosuchuser/x.wav")',
        'vst3("~nosuchuser/X.vst3")',
        'vst3("X", preset="~nosuchuser/x.vstpreset")',
    ],
)
def test_what_lies_in_nobodys_home_is_not_there(target: str) -> None:
    """It is named as it was written, and nothing else happens."""
    loaded = load_piece(f'a = play(note("c"), on={target})\n', "a.py")
    said = remarks(loaded, places=Places())
    assert any("~nosuchuser" in line and ("no " in line or "not there" in line) for line in said), said


SOUNDS = """
kit = play(s("bd*4, ~ cp <hh hhh:3>*2").gain(.8).every(2, rev))
keys = play(note("c e").s("pad <padd saw>"))
mine = play(s("gong KICK gonk"))
own = play(s("low:1 lov"), on=sampler("tones"))
far = play(s("bdd*2"), on=superdirt())
odd = play(s("nobody").fast(2), on=sampler("not there"))
made = play(s("".join(("c", "pp"))))
worse = play(s("bd").with_value(lambda one: 1 / 0))
"""


def test_a_sound_that_nobody_has_is_named_where_it_is_written(tmp_path: Path) -> None:
    """Before it is heard, with line and column; in the kit, the musician's folders and those of a sampler."""
    for name in ("gong/a.wav", "tones/low/a.wav", "tones/empty/a.txt"):
        (tmp_path / name).parent.mkdir(parents=True)
        (tmp_path / name).touch()
    loaded = load_piece(SOUNDS, "a.py")
    places = Places((str(tmp_path),))
    said = [one for one in remarks(loaded, places=places) if "no sound" in one]
    assert said == [
        "a.py:2:30: no sound 'hhh'; did you mean 'hh'?",
        "a.py:3:33: no sound 'padd'; did you mean 'pad'?",
        "a.py:4:26: no sound 'gonk'; did you mean 'gong'?",
        "a.py:5:21: no sound 'lov'; did you mean 'low'?",
        "a.py: no sound 'cpp'; did you mean 'cp' or 'clap'?",
    ]
    assert remarks(loaded, loaded, places=places) == []


def made(source: str) -> list[str]:
    """The remarks on a piece."""
    return remarks(load_piece(source, "a.py"))


MEANT = {
    'x = s("bd")  # speed(2)': "a.py:1:14: # begins a comment in Python, so speed(2) is not heard; "
    "write | speed(2), or .speed(2)",
    'é = s("bd") # n("1 2") # pan(.5)': 'a.py:1:13: # begins a comment in Python, so n("1 2") '
    'is not heard; write | n("1 2"), or .n("1 2")',
    'x = s("bd") # pan "0 1"': 'write | pan("0 1"), or .pan("0 1")',
    'x = s("bd") #speed(2).fast(2)': "write | speed(2).fast(2), or .speed(2).fast(2)",
    'x = stack(\n  s("bd"), # gain(.5)\n)': "a.py:2:12: # begins a comment",
    'x = s("bd") # every(4, rev)': "write .every(4, rev)",
}
PROSE = [
    'x = s("bd")  # the drums', 'x = s("bd") # speed(2) is too fast', "# speed(2)", 'x = s("bd")\n# speed(2)',
    'x = s("bd") # speed', 'x = s("bd") # speed 2', 'x = s("bd") # .speed(2)', "x = 3  # fast(2)",
    'x = s("bd"); y = "s # speed(2)"', 'x = s("bd") # TODO(me)', 'x = s("bd") # print(2)',
    'x = s("bd") # note: (c e)',
    'x = s("bd") # see fast(2), slow(2)', 'x = s("bd") # "speed(2)"', 'x = s("bd") # speed(',
    "import os  # rev()",
    'x = s("bd") # (speed(2))?', 'x = s("bd") # s("bd") s("sd")', 'x = """bd # speed(2)\n"""',
    'x = s("bd") # x = speed(2)', 'x = s("bd") # play(s("bd"))',
]  # fmt: skip


@pytest.mark.parametrize("source", MEANT)
def test_a_comment_that_was_meant_as_music(source: str) -> None:
    """Tidal joins controls with the sign that begins a comment in Python."""
    (remark,) = made(source)
    assert MEANT[source] in remark
    assert "\n" not in remark


@pytest.mark.parametrize("source", PROSE)
def test_prose_is_no_music(source: str) -> None:
    """No false alarm: also not for a line that was put out of use."""
    assert made(source) == []


SLOW = {
    "tempo(0.5)": "a.py:1: tempo(0.5) is a beat every 120 seconds; 0.5 cycles a second are tempo(cps=0.5)",
    "tempo(30/60)": "tempo(cps=0.5)",
    "x = 1\ntempo(15, 3)": "a.py:2: tempo(15, 3) is a beat every 4 seconds; "
    "15 cycles a minute are tempo(cps=15 / 60)",
}


@pytest.mark.parametrize("source", SLOW)
def test_a_tempo_that_counts_cycles(source: str) -> None:
    """What is written has its way; what was most likely meant is said."""
    loaded = load_piece(source, "a.py")
    assert loaded.tempo is not None
    (remark,) = remarks(loaded)
    assert SLOW[source] in remark


@pytest.mark.parametrize("source", ["tempo(20)", "tempo(112)", "tempo(cps=.05)", "tempo(60, 1)", "x = 1"])
def test_a_tempo_that_is_one(source: str) -> None:
    """Slow music is music, too."""
    assert made(source) == []


def test_a_saved_file_is_remarked_on_once(desk: Desk, tmp_path: Path) -> None:
    """Not at each save, and again when it has been away."""
    tried: list[Rehearsal] = []
    said: list[str] = []
    file = tmp_path / "a.py"

    def say(text: str, *, error: bool = False) -> None:
        said.append(f"error: {text}" if error else text)

    following = Following(
        ["a.py"],
        desk.music,
        tried.append,
        say,
        desk.waiting.append,
        home=tmp_path,
    )

    def save(text: str) -> list[str]:
        file.write_text(text)
        said.clear()
        following.saved("a.py")
        tried.pop().done(Outcome())
        desk.work()
        desk.play(0)
        desk.work()
        return [text for text in said if "comment" in text]

    doubtful = 'a = play(s("bd")) # speed(2)\n'
    assert len(save(doubtful)) == 1
    assert save("\n" + doubtful) == []
    assert save('a = play(s("bd"))\n') == []
    assert len(save(doubtful)) == 1


def test_what_is_typed_is_remarked_on(desk: Desk) -> None:
    """After its answer; it has been done."""
    answering = Answering(desk.music, Commands(desk.music).table())
    answer, ok = answering.answer('s("bd") # speed(2)')
    assert ok
    assert answer.splitlines()[-1].startswith("<prompt>:1:9: # begins a comment in Python, so speed(2)")
    assert answering.answer("tempo(0.5)") == (
        "<prompt>:1: tempo(0.5) is a beat every 120 seconds; 0.5 cycles a second are tempo(cps=0.5)",
        True,
    )
