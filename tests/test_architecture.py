"""The habits of the house that no linter knows: lengths, docstrings, names, and who may start threads."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("patterns", "bridge", "plugin_host", "repl")
LONGEST = 450  # lines that a reader sits through at one go

MAKES_THREADS = frozenset({"bridge/worker.py"})

MODULES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def _name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def _calls(tree: ast.Module) -> Iterator[tuple[str, int]]:
    """What a module calls, as dotted names with their lines."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield _dotted(node.func), node.lineno


def _dotted(node: ast.expr) -> str:
    """A name, dotted if it is one of something; what is computed is not spelled out, for that takes 15 s."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=name):
            return f"{_dotted(value)}.{name}"
        case _:
            return ""


def _undocumented(body: list[ast.stmt], within: str = "") -> Iterator[str]:
    """Public functions, classes and methods without a docstring; what is private may be silent."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            if node.name.startswith("_") or any("overload" in ast.unparse(d) for d in node.decorator_list):
                continue
            if ast.get_docstring(node) is None:
                yield f"{within}{node.name} (line {node.lineno})"
            if isinstance(node, ast.ClassDef):
                yield from _undocumented(node.body, f"{node.name}.")


def test_modules_are_short() -> None:
    """A module has one job and can be read at one go."""
    lengths = {_name(path): len(path.read_text(encoding="utf-8").splitlines()) for path in MODULES}
    long = {name: lines for name, lines in lengths.items() if lines > LONGEST}
    assert long == {}, "divide them by what their parts are for"


def test_what_is_public_is_described() -> None:
    """Modules and their public functions, classes and methods say what they are for."""
    for path in MODULES:
        tree = _tree(path)
        assert ast.get_docstring(tree), f"{_name(path)} does not say its purpose"
        assert [*_undocumented(tree.body)] == [], _name(path)


def test_threads_come_from_one_place() -> None:
    """Nobody but the worker starts a thread or a timer; who may import `time` is in the contracts."""
    threads = {"threading.Thread", "threading.Timer", "Thread", "Timer", "ThreadPoolExecutor", "os.fork"}
    found = [
        f"{_name(path)}, line {line}: {called}"
        for path in MODULES
        if _name(path) not in MAKES_THREADS
        for called, line in _calls(_tree(path))
        if called in threads
    ]
    assert found == [], "use bridge.worker.start_thread"


@pytest.mark.parametrize("folder", ["tests", "docs", "examples"])
def test_folders_of_files_are_no_packages(folder: str) -> None:
    """An `__init__.py` below tests would hide the product from pytest: tests/bridge would become `bridge`."""
    assert [*(ROOT / folder).rglob("__init__.py")] == []


def test_test_files_have_names_of_their_own() -> None:
    """Two tests of one name are told apart only by one of pytest's ways to import."""
    counts = Counter(path.name for path in (ROOT / "tests").rglob("test_*.py"))
    assert [name for name, count in counts.items() if count > 1] == []


ALSO_CHECKED = ("tests", "typings", "tools")
EXCEPTION = re.compile(r"#\s*(?:noqa\b|(?:type|pyright): ignore)")
RULES = r"(?:noqa: [A-Z]+\d+(?:, [A-Z]+\d+)*|(?:type|pyright): ignore\[[\w, -]+\])"
WITH_REASON = re.compile(rf"# {RULES}(?: # {RULES})? [-#] (?!pyright|type|noqa)\w")


def test_every_exception_from_a_check_has_a_reason() -> None:
    """Where a line is let through by a linter or a type checker, it names the rule, and says why."""
    others = [path for folder in ALSO_CHECKED for path in sorted((ROOT / folder).rglob("*.py*"))]
    sources = [path for path in (*MODULES, *others) if path.suffix in {".py", ".pyi"}]
    bare = [
        f"{_name(path)}:{number}"
        for path in sources
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if EXCEPTION.search(line) and not WITH_REASON.search(line)
    ]
    assert bare == []
