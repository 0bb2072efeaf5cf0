"""The reference of the language in Markdown, made from the registry."""

from __future__ import annotations

import ast
import re

from patterns.control_table import TABLE
from patterns.guide import FAMILIES, SECTIONS, TOUR, WISHES
from patterns.registry import Entry, entries, strudel_names

_ASKING = {"haps", "answer", "startswith"}
"""What the examples of descriptions ask of a pattern, so that they can be tested."""

_BEGIN = """# The pattern language

A pattern says what happens when, in cycles. Here are ten lines that sound; save them in a file and start
`sempre` with it, or type them at the prompt one by one. Below them is what one mostly wants to do, with the
words for it; then how to read the rest of the page, which has every word of the language. `?fast` at the
prompt says the same about one of them. (The page is made from the table in the code by
`python -m patterns.reference > docs/patterns.md`; a test sees to it that it is current.)

## A tour
"""

_READING = """## How to read it

- Text is mini-notation wherever a pattern is expected, and arguments may be patterns, too: `fast("<2 3>")`.
- What has a dot in front is a method only. All others are functions *and* methods: `fast(2, "a b")` is
  `mini("a b").fast(2)`. A function takes the pattern last, or waits for it: `every(4, fast(2))`.
- Combining operators take the rhythm from the left; `.add.out`, `.add.mix`, `.add.squeeze`,
  `.add.squeezeout`, `.add.reset`, `.add.restart` and `.add.poly` say otherwise.
- `|` merges controls: `s("bd") | gain(.8)`.
- The columns Strudel and Tidal have the name there, where it is another; empty is the same, "none" is none.

"""

_HEAD = """## Mini-notation

| written | means |
|---|---|
| `a b c` | steps that share a cycle |
| `~` `-` | rest |
| `[a b]` | several steps in the place of one |
| `<a b>` | one step a cycle |
| `{a b c}%4` | so many steps a cycle; without `%`, those of the first line |
| `a, b` | at once |
| `a \\| b` | one of them by chance, each cycle |
| `a b . c d` | groups of steps |
| `a*2` `a/2` | faster, slower |
| `a!3` `a !` | repeated as steps of their own |
| `a@3` `a _ _` | longer |
| `a(3,8)` `a(3,8,2)` | hits spread over steps, later by a rotation; negative hits for the gaps |
| `a?` `a?0.3` | dropped by chance |
| `bd:3` | values for several controls |
| `0 .. 3` | counting |
| `^a b` | this line gives the number of steps |
| `c'maj` `e'min7'i` | in notes: a chord, inverted once for each `i`; also `o` for open, `d1`, a number |

Where others disagree, this is how it is here: an empty text or bracket is silence; more hits than
steps fill all steps; `a@0` drops the step; `a@3!2` keeps its weight; there is nothing special before
cycle 0, for `every` neither; `f` is false in a text of `t`, `f` and rests alone; a rotation moves hits
later; a plain number added to notes moves the notes; a pattern of amounts in `take`, `drop`, `shrink`
and `grow` goes on in every cycle; counts below 1 in `every`, `chunk`, `iter` and the like are errors,
and so are functions of steps on patterns that have none (`pace` gives them some).
"""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def shown(example: str) -> str:
    """Show the pattern of an example without what is asked of it.

    >>> shown('[hap.value for hap in note("c e").rev().haps(0, 1)]')
    'note("c e").rev()'
    """
    statement = ast.parse(example).body[0]
    value = statement.value if isinstance(statement, (ast.Assign, ast.Expr)) else None
    value = value.elts[0] if isinstance(value, ast.Tuple) else value
    if value is None:
        return example
    for node in ast.walk(value):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _ASKING:
            asked = node.func.value
            return (
                example if isinstance(asked, ast.Name) else ast.get_source_segment(example, asked) or example
            )
    return ast.get_source_segment(example, value) or example


def _call(entry: Entry) -> str:
    if entry.kind in {"signal", "constant"}:
        return f"`{entry.name}`"
    dot = "." if entry.is_method and not entry.is_function else ""
    return f"`{dot}{entry.name}{entry.signature}`"


def _theirs(name: str | None, ours: str) -> str:
    """Show a name of another language where it is not ours; none where the language has none."""
    if not name:
        return "none"
    return f"`{_cell(name)}`" if name != ours else ""


def anchor(title: str) -> str:
    """Say where a heading is found on its page.

    >>> anchor("Loudness, length and envelope")
    '#loudness-length-and-envelope'
    """
    return "#" + re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-")


def _link(title: str) -> str:
    return f"[{title}]({anchor(title)})"


def _table(rows: list[Entry], also: dict[str, str]) -> list[str]:
    """Write some rows.

    Args:
        rows: Of one section or family.
        also: For a name, what else is said of it: its other names.
    """
    lines = ["| call | what it does | example | Strudel | Tidal |", "|---|---|---|---|---|"]
    for entry in rows:
        example = f"`{_cell(shown(entry.example))}`" if entry.example else ""
        theirs = " | ".join(_theirs(name, entry.name) for name in (entry.strudel, entry.tidal))
        more = f" {also[entry.name]}" if entry.name in also else ""
        lines.append(f"| {_cell(_call(entry))} | {_cell(entry.doc + more)} | {example} | {theirs} |")
    return [*lines, ""]


def _controls(rows: list[Entry]) -> list[str]:
    """Write the controls by family: other names of one, and the numbered ones after it, in its own row."""
    known = {entry.name: entry for entry in rows}
    also = {control.name: [f"`{name}`" for name in control.aliases] for control in TABLE}
    numbered: dict[str, list[tuple[str, ...]]] = {}
    first: dict[str, str] = {}
    for control in TABLE:
        stem = control.name.rstrip("0123456789")
        base = first.setdefault(stem, control.name)
        if base != control.name:
            numbered.setdefault(base, []).append((control.name, *control.aliases))
    for base, ones in numbered.items():
        low, high = ones[0], ones[-1]
        also[base] += [f"`{a}` to `{b}`" if a != b else f"`{a}`" for a, b in zip(low, high, strict=True)]
    said = {name: f"Also {', '.join(others)}." for name, others in also.items() if others}
    lines: list[str] = []
    family: list[Entry] = []
    for control in TABLE:
        if control.name in FAMILIES:
            lines += _table(family, said) if family else []
            family = []
            title, words = FAMILIES[control.name]
            lines += [f"### {title}", "", words, ""]
        if control.name in first.values():
            family.append(known[control.name])
    in_table = {name for control in TABLE for name in (control.name, *control.aliases)}
    further = [entry for entry in rows if entry.name not in in_table]
    return [*lines, *_table([*family, *further], said)]


def reference() -> str:
    """Write the whole reference."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries():
        groups.setdefault(entry.group, []).append(entry)
    order = [*SECTIONS, *sorted(groups.keys() - SECTIONS.keys())]
    lines = [_BEGIN, TOUR, "", "## What do you want to do?", ""]
    lines += ["| wish | words | section |", "|---|---|---|"]
    lines += [f"| {wish} | {words} | {_link(section)} |" for wish, words, section in WISHES]
    chapters = " · ".join(_link(title) for title in ("Mini-notation", *order))
    lines += ["", f"All sections: {chapters}", "", _READING + _HEAD]
    for group in order:
        rows = groups.get(group, [])
        lines += [f"## {group}", "", SECTIONS.get(group, ""), ""]
        lines += _controls(rows) if group == "Controls" else _table(rows, {})
    tidal = len({entry.tidal for entry in entries() if entry.tidal})
    known = f"Strudel knows {len(strudel_names())} of them, Tidal {tidal}"
    lines += [f"{len(entries())} names; {known}. [coming_from.md](coming_from.md) has the way back.", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    print(reference(), end="")  # noqa: T201 - a command
