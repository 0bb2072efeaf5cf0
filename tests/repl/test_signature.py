"""What is explained at the cursor: which call it stands in, which argument is marked, page by page."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repl.reference import Name
from repl.signature import Aside, Meant, explained, meant_at
from repl.toolbar import cells, text

NAMES = [
    Name("every", "transform", "Apply a function now and then.", "(count, change)", method=True),
    Name("fast", "transform", "Play a pattern faster.", "(factor)", method=True),
    Name("fx.reverb", "effect", "The reverb effect."),
    Name("play", "session", "Play a pattern."),
    Name("riff", "yours", "Make a riff.", "(a, *more, key='c', **others)"),
    Name("drums", "layer", "A layer that plays."),
]


@pytest.mark.parametrize(
    ("before", "meant"),
    [
        ("", []),
        ("every", [Meant("every")]),
        ("every ", []),
        ("every(", [Meant("every", argument=0)]),
        ('s("bd").every(2, fast(3), ', [Meant("every", method=True, argument=2)]),
        ('s("bd")\n  .every(2,\n  ', [Meant("every", method=True, argument=1)]),
        ("play(drums, on=", [Meant("play", argument=1, keyword="on")]),
        ("play(a == ", [Meant("play", argument=0)]),
        ("play([1, (2, ", [Meant("play", argument=0)]),
        ("fx.reverb(", [Meant("fx.reverb", argument=0)]),
        ("drums.fast(", [Meant("fast", method=True, argument=0)]),
        ('fast("a, (b', [Meant("fast", argument=0)]),
        ("fast('''a,\n(b", [Meant("fast", argument=0)]),
        ("fast(2, # half, (", [Meant("fast", argument=1)]),
        ('fast("every', [Meant("fast", argument=0)]),
        ("fast(2))", []),
        ("))fast(", [Meant("fast", argument=0)]),
    ],
)
def test_what_is_meant(before: str, meant: list[Meant]) -> None:
    """The name at the cursor, then the open calls from inside out; texts and comments are no code."""
    assert meant_at(before) == meant


def marked(before: str) -> list[str]:
    """The arguments that are marked."""
    return [piece for line in explained(before, NAMES, 80) for style, piece in line if "argument" in style]


@pytest.mark.parametrize(
    ("before", "argument"),
    [
        ("riff(", ["a"]),
        ("riff(1, 2, 3, ", ["*more"]),
        ("riff(1, key=", ["key='c'"]),
        ("riff(1, other=", ["**others"]),
        ("riff", []),
        ("x.every(1, ", ["change"]),
        ("every(1, fast, ", ["pattern"]),
        ("x.every(1, 2, 3, ", []),
        ("play(a, on=", ["on=None"]),
        ("play(a, b, c, ", []),
    ],
)
def test_the_argument_is_marked(before: str, argument: list[str]) -> None:
    """Of the form that is typed, by its place or its name; none, where there is none."""
    assert marked(before) == argument


def test_a_name_is_explained_as_it_is_used() -> None:
    """As a method behind a dot; in full, with an example; one's own functions too."""
    said = [text(line) for line in explained("x.every(2, ", NAMES, 80)]
    assert said[:2] == ["pattern.every(count, change)", "  Apply a function now and then."]
    assert "  count: Number of cycles, 1 to 4096." in said
    assert text(explained("every", NAMES, 80)[0]) == "every(count, change, pattern)"
    assert [text(line) for line in explained("riff(", NAMES, 80)] == [
        "riff(a, *more, key='c', **others)",
        "  Make a riff.",
    ]
    assert explained("nothing(", NAMES, 80) == []


@given(st.text(alphabet="ab(){}[],='\"#.\n \\é鼓", max_size=40), st.integers(1, 100))
def test_any_text_and_width(before: str, width: int) -> None:
    """Whatever is typed, nothing fails, and no line is too wide."""
    meant_at(before)
    lines = explained(f"play({before}", NAMES, width)
    assert all(cells(text(line)) <= width for line in lines)


def test_it_is_turned_over_page_by_page() -> None:
    """After the last page it is gone, and begins anew."""
    aside = Aside()
    assert aside.lines("fast(", NAMES, 60, 4) == []
    pages: list[str] = []
    for _ in range(9):
        aside.turn()
        shown = aside.lines("fast(", NAMES, 60, 4)
        if not aside.open:
            break
        assert len(shown) <= 4
        assert all(cells(text(line)) == 60 for line in shown)
        pages += (text(line).rstrip() for line in shown)
    assert pages == [text(line).rstrip() for line in explained("fast(", NAMES, 60)]
    aside.turn()
    assert text(aside.lines("fast(", NAMES, 60, 4)[0]).startswith("fast(factor")
    assert "no name and no call" in text(aside.lines("", NAMES, 90, 4)[0])
    aside.close()
    assert aside.lines("fast(", NAMES, 60, 4) == []
