"""The musician's own modules: files beside a piece that it imports, read anew for each edition of it."""

from __future__ import annotations

import builtins
import importlib.util
import sys
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, cast

from patterns.where import PIECE, Literal
from repl.errors import LoadError
from repl.literals import LITERAL
from repl.parsing import compiled, parse

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from types import CodeType

PACKAGE = "/__init__.py"
"""What a folder is called as a module."""
_ROOT = Path(__file__).resolve().parent.parent
OURS = tuple(_ROOT / name for name in ("patterns", "bridge", "plugin_host", "repl"))
"""Where our own modules are: beside a piece that is played where Sempre itself lies, they are still ours."""
KNOWN = 256
"""Modules whose code is kept, by their texts: an edition of a piece mostly changes none of them."""


@dataclass(slots=True)
class OwnModules:
    """The modules that one edition of a piece finds.

    They are no modules of Python's: none stays in `sys.modules`, so each edition has what was on the disk
    when it was rehearsed, and two pieces never share what either of them changes. The language is known in
    them as in a piece, without an import.

    Args:
        folders: Where they lie, as shown in messages: that of the piece, "" for the current one.
        home: The folder that those names start from.
        given: Their texts by file name, where they are known; None reads the disk.
        unsaved: Texts that stand in for what is on the disk.

    Attributes:
        texts: Of those that were imported, by file name.
        sought: The files that were looked for in vain: an edition would find them if they came.
    """

    folders: Sequence[str] = ("",)
    home: Path = Path()
    given: Mapping[str, str] | None = None
    unsaved: Mapping[str, str] = field(default_factory=dict[str, str])
    texts: dict[str, str] = field(default_factory=dict[str, str])
    sought: set[str] = field(default_factory=set[str])
    _made: dict[str, ModuleType] = field(default_factory=dict[str, ModuleType])
    _words: dict[str, object] = field(default_factory=dict[str, object])
    _aside: OwnModules | None = None
    _is_aside: bool = False

    def open(self, space: dict[str, object]) -> None:
        """Let what runs in a namespace import them.

        Args:
            space: Of a piece or the prompt. What it has now are the words of the language: a module has them
                as it has Python's own.
        """
        words = {name: value for name, value in space.items() if not name.startswith("__")}
        python = {**builtins.__dict__, "__import__": self.bring}
        self._words = {**words, **python, LITERAL: Literal}
        space["__builtins__"] = python

    def bring(
        self,
        name: str,
        names: Mapping[str, object] | None = None,
        local: Mapping[str, object] | None = None,
        wanted: Sequence[str] | None = (),
        level: int = 0,
    ) -> ModuleType:
        """Do what `import` does; the arguments are those of Python's `__import__`.

        Raises:
            ImportError: There is no such module, or not what is wanted of it.
            LoadError: The module cannot be read.
        """
        whole = name
        if level:
            package = str((names or {}).get("__package__") or "")
            above = package.split(".")[: -(level - 1) or None]
            if len(above) < 2 or above[0] != PIECE:
                line = f"import {name}" if name else f"import {', '.join(wanted or ())}"
                raise ImportError(f"there is no package around this file: write  {line}")
            whole = ".".join([*above[1:], *([name] if name else [])])
        top = whole.partition(".")[0]
        if top not in self._made and self._file_of(top) is None:
            try:
                return builtins.__import__(name, names, local, wanted or (), level)
            except ModuleNotFoundError as error:
                if error.name == top and (near := get_close_matches(top, self._there(), n=1)):
                    raise ModuleNotFoundError(f"{error}; did you mean {near[0]!r}?", name=top) from None
                raise
        found = self._module(whole)
        if not wanted:
            return self._module(top) if not level else found
        for one in wanted:
            self._have(found, whole, one)
        return found

    def by_file(self, file: str, shipped: Path | None = None, *, itself: bool = False) -> ModuleType:
        """Give the module of a file, which need not be called as a module may be.

        Args:
            file: Its name beside the piece.
            shipped: The file that is read where there is none of that name.
            itself: Whether that beside the piece is the piece, and so is not meant.

        Raises:
            ModuleNotFoundError: There is none.
            LoadError: It cannot be read.
        """
        name = module_name(file)
        if shipped is None or name in self._made or (not itself and self._file_of(name) is not None):
            return self._module(name)
        own = shipped.as_posix()
        # A journal may come from a machine on which Sempre lies elsewhere.
        end = "/".join(shipped.parts[-3:])
        return self._run(name, next((known for known in self.given or () if known.endswith(end)), own))

    def aside(self, space: Callable[[], dict[str, object]]) -> OwnModules:
        """The same files once more, for what is read and not played: other words, modules of its own.

        Args:
            space: Makes the namespace with those words; asked the first time.
        """
        if self._is_aside:  # what is read aside may read aside, and the other way round
            return self
        if self._aside is None:
            self._aside = replace(self, _made={}, _words={}, _is_aside=True)
            self._aside.open(space())
        return self._aside

    def files(self) -> list[str]:
        """The names of the files beside the piece that could be its modules."""
        return [f"{name}.py" for name in self._there()]

    def _have(self, module: ModuleType, name: str, wanted: str) -> None:
        """See that a module has what is wanted of it: something that it binds, or a module below it."""
        if wanted == "*" or hasattr(module, wanted):
            return
        if hasattr(module, "__path__") and self._file_of(f"{name}.{wanted}") is not None:
            self._module(f"{name}.{wanted}")
            return
        near = get_close_matches(wanted, [n for n in vars(module) if not n.startswith("_")], n=1)
        hint = f"; did you mean {near[0]!r}?" if near else ""
        raise ImportError(f"{module.__file__} has nothing called {wanted!r}{hint}", name=name)

    def _module(self, name: str) -> ModuleType:
        """A module by its whole name; those above it come first."""
        if name in self._made:
            return self._made[name]
        above, _, last = name.rpartition(".")
        parent = self._module(above) if above else None
        if name in self._made:  # the module above has imported it
            return self._made[name]
        file = self._file_of(name) if parent is None or hasattr(parent, "__path__") else None
        if file is None:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        module = self._run(name, file)
        if parent is not None:
            setattr(parent, last, module)
        return module

    def _run(self, name: str, file: str) -> ModuleType:
        """Run a module's file; one that imports it while it runs finds what there is of it."""
        module = ModuleType(f"{PIECE}.{name}")
        module.__file__ = file
        module.__package__ = module.__name__ if file.endswith(PACKAGE) else module.__name__.rpartition(".")[0]
        module.__dict__["__builtins__"] = self._words
        if file.endswith(PACKAGE):
            module.__path__ = [file.removesuffix(PACKAGE)]
        code = _code(self._read(file), file)
        self._made[name] = module
        # Only while it runs: `dataclass` looks there for the module of a class.
        before = sys.modules.get(module.__name__)
        sys.modules[module.__name__] = module
        try:
            exec(code, module.__dict__)
        except BaseException:
            del self._made[name]
            raise
        finally:
            if before is None:
                sys.modules.pop(module.__name__, None)
            else:
                sys.modules[module.__name__] = before
        return module

    # Where they are.

    def _file_of(self, name: str) -> str | None:
        """The file of a module; the musician's come before those that are installed, as Python has it."""
        inner = name.replace(".", "/")
        candidates = [
            f"{folder}/{inner}{end}" if folder else f"{inner}{end}"
            for folder in self.folders
            for end in (PACKAGE, ".py")
        ]
        for file in candidates:
            if self._is_there(file):
                return file
            self.sought.add(file)
        # A folder without an __init__.py, unless something that is installed is called so.
        for file in candidates:
            if file.endswith(PACKAGE) and self._has_modules(file.removesuffix(PACKAGE)):
                return None if "." not in name and _installed(name) else file
        return None

    def _is_there(self, file: str) -> bool:
        if self.given is not None:
            return file in self.given
        path = self.home / file
        return path.is_file() and not _is_ours(path)

    def _has_modules(self, folder: str) -> bool:
        if self.given is not None:
            return any(file.startswith(f"{folder}/") for file in self.given)
        place = self.home / folder
        return place.is_dir() and any(not _is_ours(path) for path in place.glob("*.py"))

    def _there(self) -> list[str]:
        """The names of the modules that could be imported."""
        if self.given is not None:
            return [Path(file).stem for file in self.given]
        found = [path for folder in self.folders for path in (self.home / folder).glob("*.py")]
        return sorted({path.stem for path in found})

    def _read(self, file: str) -> str:
        if self.given is not None and (file in self.given or not Path(file).is_absolute()):
            text = self.given.get(file, "")
        elif file in self.unsaved:
            text = self.unsaved[file]
        else:
            try:
                text = (self.home / file).read_text(encoding="utf-8-sig")
            except FileNotFoundError:
                text = ""  # a folder of modules that has no __init__.py
            except UnicodeDecodeError as error:
                raise LoadError(
                    f"{file}: this is not UTF-8 text (byte {error.start}): save it as UTF-8"
                ) from None
            except OSError as error:
                raise LoadError(f"{file}: cannot be read ({error.strerror})") from None
        self.texts[file] = text
        return text


def beside(
    file: str,
    home: Path = Path(),
    given: Mapping[str, str] | None = None,
    unsaved: Mapping[str, str] | None = None,
) -> OwnModules:
    """The modules that a piece finds: those in its own folder.

    Args:
        file: The piece's name.
        home: The folder that the name starts from.
        given: See `OwnModules`.
        unsaved: See `OwnModules`.
    """
    return OwnModules((folder_of(file),), home, given, unsaved or {})


def folder_of(file: str) -> str:
    """The folder of a file, as its name says it.

    >>> folder_of("set/evening.py"), folder_of("evening.py")
    ('set', '')
    """
    folder = Path(file).parent.as_posix()
    return "" if folder == "." else folder


def module_name(file: str) -> str:
    """How a module is imported, by its file below the folder of its piece.

    >>> module_name("lib/steps.py"), module_name("lib/__init__.py")
    ('lib.steps', 'lib')
    """
    return file.removesuffix(".py").removesuffix(PACKAGE.removesuffix(".py")).replace("/", ".")


def given_with(commit: Mapping[str, object]) -> Mapping[str, str] | None:
    """The texts of a piece's modules as they are in a commit; None if it has none, as in earlier journals."""
    return cast("Mapping[str, str] | None", commit.get("modules"))


def _is_ours(path: Path) -> bool:
    return any(folder in path.resolve().parents for folder in OURS)


@lru_cache(KNOWN)
def _code(text: str, file: str) -> CodeType:
    return compiled(parse(text, file), file, text)


@lru_cache(KNOWN)
def _installed(name: str) -> bool:
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, ValueError):
        return False
