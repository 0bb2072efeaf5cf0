"""Whether what is imported under our names is ours: they are common words, which others use too."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, packages_distributions, version

NAMES = ("patterns", "bridge", "plugin_host", "repl")
"""The names under which our own parts are imported."""


def strangers() -> tuple[str, ...]:
    """Who else has installed something under a name of ours in this environment, with the version."""
    found = packages_distributions()
    others = {one for name in NAMES for one in found.get(name, []) if one != "sempre"}
    return tuple(sorted(f"{one} {_version(one)}".strip() for one in others))


def explained(error: ImportError) -> str:
    """What is to be said where a part of ours cannot be imported; empty if nobody else is to blame.

    Args:
        error: From importing it.
    """
    others = ", ".join(strangers())
    if not others:
        return ""
    return (
        f"{others} has put its files in the place of ours in this environment ({error}).\n"
        "Sempre needs one of its own: pipx install, or uv tool install; see docs/install.md"
    )


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
