"""The text of SFZ files: headers and opcodes, with what each inherits, and the line where it stands."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from plugin_host.errors import HostError

__all__ = ["Opcodes", "Region", "read_regions"]

DEPTH: Final = 16
"""How deep files may include each other."""
MOST_LINES: Final = 200_000
LARGEST: Final = 16_000_000
"""Bytes of one file; the largest pianos have a few hundred thousand."""

_COMMENT: Final = re.compile(r"/\*.*?(?:\*/|\Z)|//[^\n]*", re.DOTALL)
_PART: Final = re.compile(r"<(?P<header>\w+)>|(?<![^\s>])(?P<name>[A-Za-z_]\w*)=")
_INCLUDE: Final = re.compile(r"#include\s+\"(?P<file>[^\"]*)\"\s*")
_DEFINE: Final = re.compile(r"#define\s+\$(?P<name>\w+)\s+(?P<value>\S+)\s*")
_VARIABLE: Final = re.compile(r"\$(\w+)")

_LEVELS: Final = ("global", "master", "group", "region")
_SPELT: Final = {
    "loopmode": "loop_mode", "loopstart": "loop_start", "loopend": "loop_end", "offby": "off_by",
    "pitch": "tune", "hilev": "hivel", "lolev": "lovel",
}  # fmt: skip
"""Opcodes that are spelt in more than one way."""

Report = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Opcode:
    """What one opcode says.

    Args:
        value: As it is written.
        where: File and line.
    """

    value: str
    where: str


Opcodes = dict[str, Opcode]


@dataclass(frozen=True, slots=True)
class Region:
    """A region, with what its group, its master and the whole file say for it.

    Args:
        where: File and line of its header.
        opcodes: By name, in its best known spelling.
        control: What stands under <control> so far.
    """

    where: str
    opcodes: Opcodes
    control: Opcodes


@dataclass(slots=True)
class _Text:
    """Reads lines, with what they include and define."""

    report: Report
    defined: dict[str, str] = field(default_factory=dict[str, str])
    lines: int = 0

    def read(self, path: Path, top: Path, depth: int = 0) -> Iterator[tuple[str, str]]:
        """Every line with its place, after what it includes.

        Raises:
            HostError: It cannot be read, or has no end.
        """
        for number, line in enumerate(_source(path).split("\n"), 1):
            self.lines += 1
            if self.lines > MOST_LINES:
                raise HostError(f"{path.name}:{number}: more than {MOST_LINES} lines in all")
            yield from self._line(line.strip(), f"{path.name}:{number}", top, depth)

    def _line(self, line: str, where: str, top: Path, depth: int) -> Iterator[tuple[str, str]]:
        while line.startswith("#"):
            include, define = _INCLUDE.match(line), _DEFINE.match(line)
            if define is not None:
                self.defined[define["name"]] = self._replaced(define["value"])
                line = line[define.end() :]
            elif include is not None:
                line = line[include.end() :]
                yield from self._included(self._replaced(include["file"]), where, top, depth)
            else:
                self.report(f'{where}: {line!r} is not understood: #include "file", #define $name value')
                return
        if line:
            yield self._replaced(line), where

    def _included(self, name: str, where: str, top: Path, depth: int) -> Iterator[tuple[str, str]]:
        if depth >= DEPTH:
            raise HostError(f"{where}: files include each other without end")
        file = top / name.replace("\\", "/")
        if not file.is_file():
            self.report(f"{where}: there is no file {name!r} to include")
            return
        yield from self.read(file, top, depth + 1)

    def _replaced(self, text: str) -> str:
        """The same with what was defined; of names that begin alike, the longest counts."""

        def value(found: re.Match[str]) -> str:
            name = found[1]
            for end in range(len(name), 0, -1):
                if name[:end] in self.defined:
                    return self.defined[name[:end]] + name[end:]
            return found[0]

        return _VARIABLE.sub(value, text) if "$" in text else text


def _source(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST:
            raise HostError(f"{path.name} is larger than {LARGEST // 1_000_000} MB, and so no SFZ file")
        data = path.read_bytes()
    except OSError as error:
        raise HostError(f"{path.name} cannot be read: {error.strerror or error}") from error
    if b"\0" in data:
        raise HostError(f"{path.name} is no text, and so no SFZ file")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    # A comment keeps its line ends, so that all after it is where it says that it is.
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _COMMENT.sub(lambda found: "\n" * found[0].count("\n"), text)


def read_regions(path: Path, report: Report) -> list[Region]:
    """Read a file.

    Args:
        path: Which.
        report: Takes one line about each thing that is passed over.

    Raises:
        HostError: It cannot be read, is no text, or has no end; with file and line where there is one.

    Source: the SFZ format, Cakewalk, "SFZ Format", 2004, with ARIA's <control>, <global>, <master>, #define
        and #include.
    """
    regions: list[Region] = []
    control: Opcodes = {}
    levels: dict[str, Opcodes] = {name: {} for name in _LEVELS}
    into: Opcodes | None = None
    for line, where in _Text(report).read(path, path.parent):
        parts = list(_PART.finditer(line))
        stray = line[: parts[0].start()] if parts else line
        if stray.strip():
            text = repr(stray.strip()[:40])
            report(f"{where}: {text} is neither a header such as <region> nor an opcode such as key=60")
        for part, ends in zip(parts, [*(one.start() for one in parts[1:]), len(line)], strict=False):
            header, value = part["header"], line[part.end() : ends].strip()
            if header is None:
                name = part["name"].lower()
                if into is None:
                    report(f"{where}: {name} stands under no header")
                else:
                    into[_SPELT.get(name, name)] = Opcode(value, where)
                continue
            kind = header.lower()
            if kind == "control":
                # A new one does not end what an older one says.
                into = control = dict(control)
            elif kind in levels:
                for lower in _LEVELS[_LEVELS.index(kind) :]:
                    levels[lower] = {}
                into = levels[kind]
                if kind == "region":
                    for upper in _LEVELS[:-1]:
                        into.update(levels[upper])
                    regions.append(Region(where, into, control))
            else:
                into = {}  # <curve>, <effect>, <midi>: of no use here
            if value:
                report(f"{where}: {value[:40]!r} after <{header}> is no opcode")
    return regions
