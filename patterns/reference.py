"""The reference of the language in Markdown, made from the registry."""

from __future__ import annotations

import ast

from patterns.registry import Entry, entries, strudel_names

_ASKING = {"haps", "answer", "startswith"}
"""What the examples of descriptions ask of a pattern, so that they can be tested."""

_HEAD = """# The pattern language

This page is made from the table in the code by `python -m patterns.reference > docs/patterns.md`; a
test sees to it that it is current.

Text is mini-notation wherever a pattern is expected. Arguments may be patterns too: `fast("<2
3>")`. Functions take the pattern last, `fast(2, "a b")`, or can be applied later, `every(4,
fast(2))`. Combining operators take the rhythm from the left; `.add.out`, `.add.mix`,
`.add.squeeze`, `.add.squeezeout`, `.add.reset`, `.add.restart` and `.add.poly` say otherwise. `|`
merges controls: `s("bd") | gain(.8)`.

## Mini-notation

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


def reference() -> str:
    """Write the whole reference."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries():
        groups.setdefault(entry.group, []).append(entry)
    lines = [_HEAD]
    for group in sorted(groups):
        lines += [
            f"## {group}",
            "",
            "| call | what it does | example | Strudel | Tidal |",
            "|---|---|---|---|---|",
        ]
        for entry in groups[group]:
            example = f"`{_cell(shown(entry.example))}`" if entry.example else ""
            theirs = " | ".join(_theirs(name, entry.name) for name in (entry.strudel, entry.tidal))
            lines.append(f"| {_cell(_call(entry))} | {_cell(entry.doc)} | {example} | {theirs} |")
        lines.append("")
    tidal = len({entry.tidal for entry in entries() if entry.tidal})
    known = f"Strudel knows {len(strudel_names())} of them, Tidal {tidal}"
    lines += [f"{len(entries())} names; {known}. [coming_from.md](coming_from.md) has the way back.", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    print(reference(), end="")  # noqa: T201 - a command
