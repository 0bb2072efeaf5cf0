"""An example for every control: its own, or one that its range suggests."""

from __future__ import annotations

import re

from patterns.control_table import Control

_BY_NAME = {
    "source": '"saw"',
    "unit": '"c"',
    "ftype": '"24db"',
    "iresponse": '"hall"',
    "distorttype": '"soft"',
    "tremoloshape": '"square"',
    "warpmode": '"mirror"',
    "byte_beat_expression": 'pure("t*(t>>8)")',
    "midiport": '"synth"',
    "midicmd": '"start"',
    "midimap": '"desk"',
    "oschost": '"localhost"',
    "uid": '"kick"',
    "val": '"1"',
    "zzfx": '"1:0.05:440"',
}

_BY_RANGE = (
    ("0 to 127 each", '"1:8"'),
    ("0 to 127, or three", '"0:32:51"'),
    ("0 to 1 each", '"1:0.5:0.25"'),
    ("0 to 127", '"10 100"'),
    ("0 to 100", '"5 50"'),
    ("0 to 23", "12"),
    ("0 to 59", "30"),
    ("0 to 1, .5", '".2 .8"'),
    ("0 to 1", '".2 .8"'),
    ("0 or 1", '"0 1"'),
    ("0 up to but not 1", '".2 .6"'),
    ("0 is its tonic", '"0 2"'),
    ("0 below", '"0 .5"'),
    ("0 square", '"0 1"'),
    ("0 straight", '"0 1"'),
    ("0 and more: tri", '"0 3"'),
    ("0 and more", '".5 1"'),
    ("0, 1, 2", '"0 1"'),
    ("-1 to 1", '"-.5 .5"'),
    ("-inf", "1"),
    ("1 to 16, 16", '"4 16"'),
    ("1 to 16", '"1 2"'),
    ("1 to 65535", "57120"),
    ("1 and more, 12", "19"),
    ("1 and more", '"1 3"'),
    ("1, 2", '"1:2"'),
    ("24, 25", "25"),
    ("3 is the one", '"3 4"'),
    ("Hz", '"400 1200"'),
    ("Q", "5"),
    ("bytes", '"1"'),
    ("cycles a second", ".6"),
    ("cycles", ".25"),
    ("dB", "-20"),
    ("degrees", '"0 2"'),
    ("factor", '"1 2"'),
    ("index", '"1 4"'),
    ("lin or exp", '"exp"'),
    ("metres", "2"),
    ("name", '"hall"'),
    ("octaves", '"1 2"'),
    ("radians", "1.5"),
    ("samples", "1000"),
    ("seconds", '".05 .2"'),
    ("semitones", '"0 7"'),
    ("sine and so on", '"sine"'),
    ("sixteenths", "16"),
    ("times a cycle", '"4 8"'),
    ("whole number", '"0 1"'),
)
"""How a range begins → a value to try; the first that fits."""


def example_of(control: Control, name: str) -> str:
    """Show how a control is written.

    >>> example_of(Control("lpf", "Frequency", "Hz", ("lp",)), "lp")
    'note("c3 e3").lp("400 1200")'

    Args:
        control: Its row.
        name: Its name, or another name of it.
    """
    if control.example:
        # Only where it is called: the text of the example may hold the same word.
        return re.sub(rf"\b{control.name}\(", f"{name}(", control.example)
    value = _BY_NAME.get(control.name)
    if value is None:
        value = next((text for begins, text in _BY_RANGE if control.range.startswith(begins)), "1")
    return f'note("c3 e3").{name}({value})'
