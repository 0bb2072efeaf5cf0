"""`sempre doctor`: examines the machine, and says for each thing that is not well what mends it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from repl.checks import CHECKS, NOTE, OK, WRONG
from repl.machine import look_at_machine

if TYPE_CHECKING:
    from collections.abc import Mapping

    from repl.checks import Finding
    from repl.machine import Machine

WIDTH = 11


def doctor(*, as_json: bool = False) -> tuple[str, int]:
    """Examine this machine; gives what is to be said, and the exit code: 1 if something is wrong."""
    machine = look_at_machine()
    found = examine(machine)
    wrong = any(finding.state == WRONG for findings in found.values() for finding in findings)
    text = as_text(machine.system, found) if not as_json else _as_json(machine.system, found)
    return text, int(wrong)


def examine(machine: Machine) -> dict[str, list[Finding]]:
    """Make all checks.

    Args:
        machine: What was gathered.
    """
    return {name: list(check(machine)) for name, check in CHECKS.items()}


def as_text(system: str, found: Mapping[str, list[Finding]]) -> str:
    """A line for each finding, and below it the command that mends it.

    Args:
        system: What the system calls itself.
        found: By check.
    """
    lines = [system, ""]
    for name, findings in found.items():
        for finding in findings:
            said = finding.said.replace("\n", f"\n{'':<{WIDTH + 9}}")
            lines.append(f"{finding.state:<6} {name:<{WIDTH}}  {said}")
            if finding.mend:
                lines.append(f"{'':<{WIDTH + 9}}→ {finding.mend}")
    states = [finding.state for findings in found.values() for finding in findings]
    count = {state: states.count(state) for state in (WRONG, NOTE, OK)}
    notes = f"{count[NOTE]} thing{'s' if count[NOTE] != 1 else ''} could be better" if count[NOTE] else ""
    wrong = f"{count[WRONG]} thing{'s are' if count[WRONG] != 1 else ' is'} wrong" if count[WRONG] else ""
    return "\n".join([*lines, "", "; ".join(part for part in (wrong, notes) if part) or "all is well"])


def _as_json(system: str, found: Mapping[str, list[Finding]]) -> str:
    rows = [
        {"check": name, "state": finding.state, "said": finding.said, "mend": finding.mend}
        for name, findings in found.items()
        for finding in findings
    ]
    return json.dumps({"system": system, "findings": rows}, indent=2, ensure_ascii=False)
