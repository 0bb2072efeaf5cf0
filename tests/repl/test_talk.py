"""The protocol as it is written down: docs/protocol.md says what `sempre talk` knows, and no more."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

import pytest

from repl import talk
from repl.talk import Talk

PAGE = (Path(__file__).parents[2] / "docs" / "protocol.md").read_text(encoding="utf-8")


def table(heading: str) -> list[list[str]]:
    """The rows of the first table below a heading, without their `marks`."""
    below = PAGE.partition(f"## {heading}\n")[2]
    found = re.search(r"(?:^\|.*\n)+", below, re.MULTILINE)
    assert found is not None
    rows = [re.split(r"\s*\|\s*", line.strip("|").strip()) for line in found[0].splitlines()]
    return rows[2:]


def name(cell: str) -> str:
    """What stands between the marks."""
    return cell.strip("`| ")


def test_the_ops_of_an_editor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those that are written down are those that are known."""
    monkeypatch.setattr(talk, "PATIENCE", 0.0)
    out = io.StringIO()
    Talk(tmp_path, b"key", out).run(['{"op": "nonsense"}'])
    (told,) = [line for line in map(json.loads, out.getvalue().splitlines()) if line["op"] == "error"]
    known = told["text"].rpartition("it is one of ")[2].split(", ")
    assert sorted(name(row[0]) for row in table("What an editor says")) == known
    assert len(known) == 11


def test_the_topics() -> None:
    """Each with what is told of it; and each answer is named by the op that has it."""
    told = {name(row[0]): name(row[1]) for row in table("What a session says")}
    assert {op: topic for op, topic in told.items() if topic} == talk.TOPIC_OF
    assert set(talk.TOPIC_OF.values()) == talk.TOPICS
    assert {op for op, topic in told.items() if not topic} == {"result", "engine", "error", "bye"}
    answers = " ".join(row[-1] for row in table("What an editor says"))
    assert all(f"`{answer}`" in answers for answer in talk.ANSWERS.values())


def test_the_version() -> None:
    """In the text, and where an editor says hello."""
    assert re.findall(r"\bVersion (\d+)\.", PAGE) == [str(talk.PROTOCOL)]
    (hello,) = [row for row in table("What an editor says") if name(row[0]) == "hello"]
    assert f"`protocol`: {talk.PROTOCOL};" in hello[1]
