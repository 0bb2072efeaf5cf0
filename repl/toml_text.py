"""The text of a TOML file: what it says in spite of mistakes, and on which line."""

from __future__ import annotations

import re
import tomllib

MENDS = 8
"""Lines of a file that are passed over because they are no TOML; with more it is left unread."""

_AT = re.compile(r" \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)")


def tables_of(source: str, file: str) -> tuple[dict[str, object], list[str]]:
    """What the text says, and a block for each problem; lines that are no TOML are named and passed over.

    Args:
        source: The text.
        file: Its name, for messages.

    >>> tables_of("bpm = 112", "sempre.toml")
    ({'bpm': 112}, [])
    """
    problems: list[str] = []
    lines = source.splitlines()
    for _ in range(MENDS):
        try:
            return tomllib.loads("\n".join(lines)), problems
        except tomllib.TOMLDecodeError as error:
            found = _AT.search(str(error))
            line = int(found["line"]) if found and found["line"] else len(lines)
            column = int(found["column"]) if found and found["column"] else 0
            what = f"not TOML: {_AT.sub('', str(error))}; this line is passed over"
            problems.append(told(what, file, source, line, column))
            if not 1 <= line <= len(lines) or not lines[line - 1].strip():
                break
            lines[line - 1] = ""
        except RecursionError:
            problems.append(f"{file}: nested too deeply")
            break
    problems.append(f"{file}: left unread, the usual settings hold")
    return {}, problems


def told(message: str, file: str, source: str, line: int, column: int = 0) -> str:
    """The text of a problem, with the line that it is about.

    Args:
        message: What is wrong.
        file: The file's name.
        source: Its text.
        line: Where, counted from 1.
        column: Where in the line; 0 is all of it.
    """
    # It brings half of the language with it, which need not be there where all is well.
    from repl.report import Place, block

    return block(message, Place(file, line, column), source)


_HEADER = re.compile(r"\s*\[+\s*[\"']?(?P<name>[\w-]+)")


def where_is(source: str, section: str, key: str | None) -> int:
    r"""The line on which a key of a section stands, or the section itself; 1 if it is written otherwise.

    Args:
        source: The text.
        section: Its name.
        key: None is the section itself.

    >>> where_is("[session]\nbpm = 112", "session", "bpm")
    2
    """
    above = re.compile(rf"\s*[\"']?{re.escape(section)}[\"']?\s*[.=]")
    own = re.compile(rf"\s*[\"']?{re.escape(key or '')}[\"']?\s*[.=]")
    began, inside = 0, False
    for number, line in enumerate(source.splitlines(), 1):
        header = _HEADER.match(line)
        if header:
            inside = header["name"] == section
            began = began or (number if inside else 0)
        elif above.match(line):
            # `section.key = ...` or `section = {key = ...}`
            began = began or number
            if key is not None and key in line:
                return number
        elif inside and key is not None and own.match(line):
            return number
    return began or 1
