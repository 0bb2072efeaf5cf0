"""Questions to libraries that may hang, print or crash: asked in other processes, with a time limit."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, cast

from bridge.clock import monotonic

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Answer = dict[str, object]


def ask(questions: Mapping[str, tuple[str, ...]], patience: float) -> dict[str, Answer]:
    """Ask side by side; whoever gives no answer in time is ended, and "missing" in its answer says so.

    Args:
        questions: By name, a module, a function of it that gives an `Answer`, and its arguments as text.
        patience: Seconds for all of them together.
    """
    processes = {
        name: subprocess.Popen(
            [sys.executable, "-P", "-m", "bridge.asking", *question],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        for name, question in questions.items()
    }
    deadline = monotonic() + patience
    return {name: _answer(process, deadline, patience) for name, process in processes.items()}


def _answer(process: subprocess.Popen[bytes], deadline: float, patience: float) -> Answer:
    try:
        said, _ = process.communicate(timeout=max(0.05, deadline - monotonic()))
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return {"missing": f"no answer within {patience:g} s"}
    try:
        found: object = json.loads(said.decode(errors="replace").strip().rpartition("\n")[2])
    except ValueError:
        return {"missing": f"the library ended with code {process.returncode}"}
    return cast("Answer", found) if isinstance(found, dict) else {"missing": "no answer"}


def main(module: str, function: str, *arguments: str) -> None:
    """Answer one question and end; what libraries print goes nowhere."""
    out = os.dup(1)
    os.dup2(2, 1)
    look = cast("Callable[..., Answer]", getattr(importlib.import_module(module), function))
    os.write(out, json.dumps(look(*arguments)).encode() + b"\n")
    # Libraries' own threads must not keep us.
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
