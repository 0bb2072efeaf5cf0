"""Where an answer is not Strudel's on purpose, and why: for the page of names, and for the tests."""

from __future__ import annotations

ANSWERS: dict[str, str] = {
    '"a".struct("t f t ~")': "in a text of t and f alone f is false, as in Tidal",
    '"0*4".when("t f",x=>x.add(1))': "in a text of t and f alone f is false, as in Tidal",
    "a@0 b": "a weight of 0 drops the step",
    "a@3!2 b": "a repeated step keeps its weight",
    'chord("<F#h7 Bo7 D7b13>").dict("lefthand").voicing()': "a dictionary has every chord, by rule",
    '"a b".take("<1 2>")': "a pattern of amounts counts in every cycle, whatever the query begins with",
    'note("c e").add(12)': "a plain number moves the note",
    '"a b c d".zoom(.5,2)': "more than a cycle is zoomed as a whole",
    '"a b c".every(2,rev)': "there is nothing special before cycle 0",
    '"a b c".palindrome()': "there is nothing special before cycle 0",
    'note("[c3,e3,g3]").s("a b").arp("2 1 0")': "arp takes together what sounds at the same time",
}
"""Strudel's expression → why our answer is another one."""

READ: dict[str, str] = {
    "": "an empty text is silence",
    "<>": "empty brackets are silence",
    "[]": "empty brackets are silence",
    "a(9,8)": "more hits than steps fill all steps",
    "a'maj": "Tidal's way of writing chords is a word",
}
"""Mini-notation that Strudel refuses → what it is here."""
