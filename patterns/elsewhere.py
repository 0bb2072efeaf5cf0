"""What the names of Tidal and Strudel are called here: for the map in docs, and for hints in messages."""

from __future__ import annotations

import re
from functools import cache

from patterns import differences, strudel_names, tidal_names
from patterns.registry import camel, entries, is_free

SESSION = frozenset(
    {"play", "once", "tempo", "reseed", "knob", "mute", "unmute", "solo", "unsolo", "haps", "draw"}
)
"""Names that stand outside of the table: what a piece and the prompt have besides."""


@cache
def _maps() -> dict[str, dict[str, str]]:
    """For each of the two: their name → ours."""
    theirs: dict[str, dict[str, str]] = {"Strudel": {}, "Tidal": {}}
    for entry in entries():
        if entry.strudel:
            theirs["Strudel"].setdefault(entry.strudel, entry.name)
        if entry.tidal:
            theirs["Tidal"].setdefault(entry.tidal, entry.name)
    spelt = {name.lower(): here for name, here in theirs["Strudel"].items()}
    for name in strudel_names.STRUDEL:  # many names are there twice: iterBack and iterback
        if name.lower() in spelt:
            theirs["Strudel"].setdefault(name, spelt[name.lower()])
    for which, renamed in (("Strudel", strudel_names.RENAMED), ("Tidal", tidal_names.RENAMED)):
        for name, ours in renamed.items():
            theirs[which].setdefault(name, ours)
    return theirs


def ours(name: str, language: str) -> str:
    """Say what a name of Strudel or Tidal is called here; empty if it has nothing here.

    >>> ours("someCyclesBy", "Strudel"), ours("every'", "Tidal")
    ('some_cycles_by', 'every_offset')

    Args:
        name: Their name.
        language: "Strudel" or "Tidal".
    """
    return _maps()[language].get(name, "")


def reason(name: str, language: str) -> str:
    """Say why a name of Strudel or Tidal has nothing here; empty if it has, or is not known.

    >>> reason("mono", "Tidal")
    'write .cut(1), or legato_to_next'
    """
    absent = strudel_names.ABSENT if language == "Strudel" else tidal_names.ABSENT
    return "" if ours(name, language) else absent.get(name, "")


_MORE = {
    "play": ': drums = play(s("bd sn"))',
    "tempo": ": half a cycle a second is tempo(cps=.5), or tempo(120) of four beats a cycle",
}
"""What a hint to a name needs besides."""


def hint(name: str) -> str:
    """Say in a few words what someone may have meant who wrote a name of Tidal or Strudel; or nothing.

    >>> hint("juxBy")
    "Strudel's and Tidal's juxBy is called jux_by here"
    >>> hint("rolledBy")
    "Tidal's rolledBy is called rolled_by here"
    >>> hint("mono")
    "Tidal's mono is not here: write .cut(1), or legato_to_next"
    """
    found = {language: ours(name, language) for language in ("Strudel", "Tidal")}
    same = set(found.values()) - {""}
    if len(same) == 1:
        meant = same.pop()
        who = " and ".join(f"{language}'s" for language, known in found.items() if known)
        if meant == name:
            return "" if _is_function(name) else f"{name} is a method here: pattern.{name}(…)"
        more = _MORE.get(meant, "")
        return f"{who} {name} is called {meant} here{more}"
    if same:
        return "; ".join(f"{language}'s {name} is called {known} here" for language, known in found.items())
    for language in ("Strudel", "Tidal"):
        why = reason(name, language)
        if why:
            return f"{language}'s {name} is not here: {why}"
    return ""


def of_method(name: str) -> str:
    """Say what someone may have meant who wrote a method that patterns do not have; or nothing.

    >>> of_method("markov_pat")
    'it stands alone: markov_pat(steps, start, matrix)'
    >>> of_method("iterBack")
    "Strudel's iterBack is called iter_back here"
    """
    entry = next((entry for entry in entries() if entry.name == name), None)
    if entry is not None and not entry.is_method:
        return f"it stands alone: {name}{entry.signature}"
    return hint(name)


_FOREIGN = (
    (r"^\s*[dp]\s*\d*\s*(\"[^\"]*\"\s*)?\$", "Tidal", 'drums = play(s("bd sn").every(4, rev))'),
    (r"^\s*\w*\$\w*\s*:", "Strudel", 'drums = play(s("bd sn"))'),
    (r"=>", "JavaScript", "lambda x: x.fast(2), or fast(2) alone"),
    (r"^\s*(let|const|var)\s+\w+\s*=", "JavaScript", "x = ..."),
    (r"^\s*let\s", "Haskell", "x = ..."),
    (r"`", "JavaScript", 'three quotes for text over several lines: s("""bd sn""")'),
    (r"\s\$\s|<~|~>|<\$>|[|][+*/%-]|[+*/%-][|]", "Tidal", 'brackets and dots: s("bd sn").fast(2).add(n(1))'),
)
"""What a line looks like → whose it is, and how it is said here; the first that fits."""


def foreign(line: str) -> str:
    """Say how a line of Tidal, Strudel or JavaScript is written here; empty if it looks like none.

    >>> foreign('d1 $ sound "bd sn"')
    'this looks like Tidal; here it is drums = play(s("bd sn").every(4, rev))'
    """
    for looks, whose, here in _FOREIGN:
        if re.search(looks, line):
            return f"this looks like {whose}; here it is {here}"
    return ""


def _is_function(name: str) -> bool:
    return is_free(name) and any(entry.name == name and entry.is_function for entry in entries())


MOST_USED: tuple[tuple[str, str, str], ...] = (
    ('d1 $ s "bd sn"', '$: s("bd sn")', 'drums = play(s("bd sn"))'),
    ("hush", "hush()", "hush()"),
    ("setcps 0.5", "setcps(.5)", "tempo(cps=.5)"),
    ('n "0 4" # s "hh"', 'n("0 4").s("hh")', 'n("0 4").s("hh")'),
    ("# speed 2", ".speed(2)", "p.speed(2)"),
    ("every 4 (fast 2) $ p", "p.every(4, x => x.fast(2))", "p.every(4, fast(2))"),
    ("sometimes (# speed 2) $ p", "p.sometimes(x => x.speed(2))", "p.sometimes(lambda x: x.speed(2))"),
    ("off 0.25 (|+ n 2) $ p", "p.off(1/4, x => x.add(n(2)))", "p.off(1/4, add(n(2)))"),
    ("jux rev $ p", "p.jux(rev)", "p.jux(rev)"),
    ("0.25 ~> p, 0.25 <~ p", "p.late(.25), p.early(.25)", "p.late(.25), p.early(.25)"),
    ("stack [p, q]", "stack(p, q)", "stack(p, q)"),
    ("cat [p, q], fastcat [p, q]", "cat(p, q), seq(p, q)", "cat(p, q), seq(p, q)"),
    ("p |+ n 1, p +| n 1", "p.add(n(1)), p.add.out(n(1))", "p.add(n(1)), p.add.out(n(1))"),
    ('struct "t f t t" $ p', 'p.struct("t f t t")', 'p.struct("t f t t")'),
    ("euclidOff 3 8 2 $ p", "p.euclidRot(3, 8, -2)", "p.euclid_rot(3, 8, -2)"),
    ("# lpf (range 200 2000 sine)", ".lpf(sine.range(200, 2000))", "p.lpf(sine.range(200, 2000))"),
    ("degradeBy 0.3 $ p", "p.degradeBy(.3)", "p.degrade_by(.3)"),
    ('n (scale "minor" "0 2 4")', 'n("0 2 4").scale("C:minor")', 'n("0 2 4").scale("C:minor")'),
    ("chop 4 $ p, striate 4 $ p", "p.chop(4), p.striate(4)", "p.chop(4), p.striate(4)"),
    ("xfadeIn 1 4 $ q", "", "drums = play(q, transition=xfade_in(cycles=4))"),
)
"""What Tidal, Strudel and we write for the same; `p` and `q` are patterns."""

_HEAD = """# If you come from Tidal or Strudel

First the words that you use most, then what bites, then where an answer is another one, and at the end
every name of both languages that is another here, or is not here. At the prompt, `?jux_by` says what a name
is called there, and a name from there leads to ours. (The page is made from the tables in the code by
`python -m patterns.elsewhere > docs/coming_from.md`; a test sees to it that it is current.)

[The words that you use most](#the-words-that-you-use-most) · [What bites](#what-bites) ·
[Where an answer is another one](#where-an-answer-is-another-one) · [Tidal's names](#tidal) ·
[Strudel's names](#strudel) · [Only here](#only-here)

## The words that you use most

Names are in snake_case: `iterBack` is `iter_back`, `rolledBy` is `rolled_by`.

| Tidal | Strudel | here |
|---|---|---|
"""

_BITES = """
## What bites

- **`#` begins a comment in Python.** `s("bd") # speed(2)` plays `s("bd")` and says so: write `.speed(2)`, or
  `| speed(2)`.
- **Python joins two texts before anybody reads them:** `"1 2" + "3"` is `"1 23"`; write `mini("1 2").add(3)`.
- **A pattern plays when `play` is bound to a name**, which is the layer's; a bare pattern at the prompt is
  drawn. There are no `$`, `<~` and `=>`: brackets and dots, and `lambda x: x.fast(2)` or `fast(2)` alone.
- **`tempo` counts beats a minute**, four to a cycle; cycles a second are `tempo(cps=.5)`.
- **Degrees are `n` until `.scale`, notes after it:** `n("0 2").add(n(1)).scale("C:minor")`, and not the
  other way round. `note("c")` is c3, number 48, as in Strudel.
- **One name, two meanings:** Strudel's has it, Tidal's has another name. `spread` is a control and Tidal's is
  `slowspread`; `fit` fits a sample and Tidal's is `fit_list`; `stretch` stretches a sample and Tidal's is
  `stretch_out`. Names that Python keeps for itself are methods only; `and`, `or` are `both`, `either`.
- **A Euclidean rotation moves the hits later**, as in Strudel: Tidal's `(3,8,2)` and `euclidOff 3 8 2` are
  `(3,8,-2)` and `euclid_off(3, 8, -2)`. `when_t` asks where an event begins, `trunc` and `rot` look at whole
  cycles: none depends on how it is queried.
- **Our own instruments read a part of the controls** ([sinks.md](sinks.md) lists them, and of a layer that
  says others you are told); SuperDirt gets all of them: `play(…, on=superdirt())`.
- **Chance is of the layer:** Strudel's own random numbers come with `rng="strudel"`.

## Where an answer is another one

"""

_ANSWERS = """\
Where an answer is not Strudel's, there is a reason. The same random numbers come with `rng="strudel"`;
without it they are better ones, by layer. Voicings are derived by rule: those of major, minor and
seventh chords mostly meet Strudel's, those of chords with tensions are our own. A word other than `t`
and `f` beside them makes `f` as true as any word. `range` stretches the note of an event, as `add` moves
it. A control that takes one value refuses `1:2`, a chance is from 0 to 1. Of all expressions that were
compared these have another answer:

"""


def _rows(language: str, names: list[str]) -> list[str]:
    lines = [f"## {language}", "", f"| {language} | here |", "|---|---|"]
    for name in sorted(names, key=lambda each: (each.lower(), each)):
        here = ours(name, language)
        shown = f"`{here}`" if here else f"none: {reason(name, language)}"
        lines.append(f"| `{_cell(name)}` | {_cell(shown)} |")
    return [*lines, ""]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _most_used() -> list[str]:
    return [f"| {' | '.join(f'`{_cell(each)}`' if each else '' for each in row)} |" for row in MOST_USED]


def _differences() -> list[str]:
    """Write what differs on purpose: as the tests that compare know it."""
    lines = ["| Strudel's | here |", "|---|---|"]
    by_reason: dict[str, list[str]] = {}
    for text, why in (*differences.ANSWERS.items(), *differences.READ.items()):
        shown = text if '"' in text else f'"{text}"'  # bare mini-notation
        by_reason.setdefault(why, []).append(f"`{_cell(shown)}`")
    lines += [f"| {', '.join(those)} | {why} |" for why, those in by_reason.items()]
    return [*lines, ""]


def page() -> str:
    """Write the map: each name of Tidal and of Strudel that is another here, or is not here, with why."""
    strudel = [name for name in strudel_names.STRUDEL if ours(name, "Strudel") != name]
    known = tidal_names.TIDAL | set(tidal_names.RENAMED) | set(tidal_names.ABSENT)
    tidal = [name for name in known if ours(name, "Tidal") != name]
    same = len(strudel_names.STRUDEL) - len(strudel), len(known) - len(tidal)
    lines = [
        _HEAD + "\n".join(_most_used()),
        _BITES + _ANSWERS + "\n".join(_differences()),
        f"{same[1]} of Tidal's names and {same[0]} of Strudel's are the same here; these are not:",
        "",
    ]
    lines += _rows("Tidal", tidal)
    lines += _rows("Strudel", strudel)
    new = [
        entry.name for entry in entries() if not entry.strudel and not entry.tidal and "." not in entry.name
    ]
    lines += ["## Only here", "", " ".join(f"`{name}`" for name in new if camel(name)), ""]
    return "\n".join(lines)


if __name__ == "__main__":
    print(page(), end="")  # noqa: T201 - a command
