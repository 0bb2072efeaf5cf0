"""The commands about the machine: what is well there, and how a piece lives on it for months."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable


def add(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Add `sempre doctor` and `sempre service`.

    Args:
        command: Makes a command of a name and its help.
    """
    doctor = command("doctor", help="examine this machine, and say what mends what is not well")
    doctor.add_argument("--json", action="store_true", help="for other programs")
    doctor.set_defaults(run=_doctor)

    service = command("service", help="let a piece start with the machine, and run for months")
    verbs = service.add_subparsers(metavar="install|remove|status", required=True)
    install = verbs.add_parser("install", help="start pieces now, and whenever the machine starts")
    install.add_argument("files", nargs="+", type=Path, metavar="FILE")
    install.set_defaults(run=_install)
    remove = verbs.add_parser("remove", help="end it, and start it no more")
    remove.set_defaults(run=_remove)
    status = verbs.add_parser("status", help="say whether it runs, and what it said last")
    status.set_defaults(run=_status)


def _doctor(options: argparse.Namespace) -> int:
    from repl.doctor import doctor

    text, code = doctor(as_json=options.json)
    print(text)  # noqa: T201 - the answer
    return code


def _install(options: argparse.Namespace) -> int:
    from repl.service import install, manager

    print(install(options.files, manager()))  # noqa: T201 - the answer
    return 0


def _remove(_options: argparse.Namespace) -> int:
    from repl.service import manager, remove

    print(remove(manager()))  # noqa: T201 - the answer
    return 0


def _status(_options: argparse.Namespace) -> int:
    from repl.service import manager, status

    print(status(manager()))  # noqa: T201 - the answer
    return 0
