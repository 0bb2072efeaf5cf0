"""Sampling from a model of frames, where some voices, notes or pitches are given and rules forbid others."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence
from typing import Any

from patterns.dice import Dice
from patterns.errors import PatternError
from patterns.models.chorales import Frames, FrameState
from patterns.models.protocol import Odds, draw, narrowed
from patterns.models.scores import HOLD, REST

__all__ = ["Given", "Rule", "Tokens", "advance", "compose", "likelihood", "no_parallels", "rekeyed", "ruled"]

Tokens = tuple[int, ...]
"""What the voices do in one frame: notes that they strike, `HOLD`, or `REST`."""
Given = Callable[[int, int], "Collection[int] | None"]
"""What a voice may do in a frame, by their numbers: tokens, or None for anything."""
Rule = Callable[[tuple[Any, ...], tuple[Any, ...]], bool]
"""Whether a chord may come: what the voices sound, from the highest down to the one that is being chosen, and
what all sounded before; None for one that is silent."""

ATTEMPTS = 8
"""Frames that are drawn where a voice below is given, so that those above suit it."""
_LEAST = 1e-9
_WISHED = 0.01  # how likely a token is thought at least that is leant to


def free(_frame: int, _voice: int) -> None:
    """Let every voice do what it likes."""


def compose(
    model: Frames,
    state: FrameState,
    length: int,
    dice: Dice,
    *,
    tonic: int = 0,
    heat: float = 1.0,
    given: Given = free,
    rules: Sequence[Rule] = (),
    begins: bool = True,
    lean: Callable[[int, int], dict[int, float]] | None = None,
) -> tuple[list[Tokens], FrameState]:
    """Draw some frames.

    Args:
        model: What says how likely each token is.
        state: The state before them.
        length: How many.
        dice: What decides.
        tonic: Of the key, 0 to 11.
        heat: See `draw`.
        given: What voices may do; a single token is done whatever the model and the rules think of it.
        rules: All must agree to a chord.
        begins: Whether nothing is held into the first frame: what goes on is struck again.
        lean: Factors by which tokens are likelier, by frame and voice.

    Returns:
        The frames, and the state after them.
    """
    found: list[Tokens] = []
    for frame in range(length):
        wanted = [given(frame, voice) for voice in range(model.voices)]
        fixed = [voice for voice, tokens in enumerate(wanted) if tokens is not None and len(tokens) == 1]
        loose = [voice for voice in range(model.voices) if voice not in fixed]
        # Only where a voice that is given moves under one that is not: there it says most about the others.
        led = [v for v in fixed if loose and v > min(loose) and max(wanted[v] or (HOLD,)) >= 0]
        attempts = ATTEMPTS if led else 1
        drawn: list[tuple[FrameState, Tokens]] = []
        weights: list[tuple[int, float]] = []
        for attempt in range(attempts):
            after, tokens, weight = _frame(
                model, state, wanted, dice, tonic, heat, rules, begins and not frame,
                None if lean is None else lambda voice, frame=frame: lean(frame, voice),
            )  # fmt: skip
            drawn.append((after, tokens))
            weights.append((attempt, weight))
        best = max(weight for _, weight in weights)
        chosen = 0 if attempts == 1 else dice.weighted([(a, math.exp(w - best)) for a, w in weights])
        state, tokens = drawn[chosen]
        found.append(tokens)
    return found, state


def _frame(
    model: Frames,
    state: FrameState,
    wanted: Sequence[Collection[int] | None],
    dice: Dice,
    tonic: int,
    heat: float,
    rules: Sequence[Rule],
    begins: bool,
    lean: Callable[[int], dict[int, float]] | None,
) -> tuple[FrameState, Tokens, float]:
    """Draw one frame; its weight is how well the given notes suit the others, as a logarithm."""
    before = tuple(None if pitch < 0 else pitch + tonic for pitch in state.held)
    sounding: list[int | None] = []
    tokens: list[int] = []
    weight = 0.0
    for voice, may in enumerate(wanted):
        if may is not None and len(may) == 1:
            token = _relative(next(iter(may)), tonic)
            if token == HOLD and state.held[voice] < 0:
                token = REST
            weight += math.log(max(model.chance(state, token)[1], _LEAST))
        else:
            allowed = _allowed(may, tonic, begins, rules, tuple(sounding), before, voice)
            token = _drawn(model, state, allowed, dice, heat, lean and lean(voice), tonic)
        state = model.feed(state, token)
        sounding.append(before[voice] if token == HOLD else None if token < 0 else token + tonic)
        tokens.append(token + tonic if token >= 0 else token)
    return state, tuple(tokens), weight


def _allowed(
    may: Collection[int] | None,
    tonic: int,
    begins: bool,
    rules: Sequence[Rule],
    above: tuple[int | None, ...],
    before: tuple[int | None, ...],
    voice: int,
) -> Callable[[int], bool] | None:
    if may is None and not begins and not rules:
        return None

    def allowed(token: int) -> bool:
        absolute = token + tonic if token >= 0 else token
        if (begins and token == HOLD) or (may is not None and absolute not in may):
            return False
        pitch = before[voice] if token == HOLD else None if token < 0 else absolute
        chord = (*above, pitch)
        return all(rule(chord, before) for rule in rules)

    return allowed


def _drawn(
    model: Frames,
    state: FrameState,
    allowed: Callable[[int], bool] | None,
    dice: Dice,
    heat: float,
    lean: dict[int, float] | None,
    tonic: int,
) -> int:
    try:
        odds: Odds = model.query(state, allowed)
    except PatternError:
        return REST  # the rules forbid all that this voice could do
    if lean:
        leaning = dict(odds)
        for each, factor in lean.items():
            token = _relative(each, tonic)
            if allowed is None or allowed(token):
                leaning[token] = factor * (odds.get(token, 0.0) + _WISHED)
        odds = narrowed(leaning, leaning.__contains__)
    return draw(odds, dice, heat)


def _relative(token: int, tonic: int) -> int:
    return max(0, token - tonic) if token >= 0 else token


def advance(model: Frames, state: FrameState, frames: Sequence[Tokens], tonic: int) -> FrameState:
    """The state after frames that are known."""
    for frame in frames:
        for voice, each in enumerate(frame):
            token = _relative(each, tonic)
            state = model.feed(state, REST if token == HOLD and state.held[voice] < 0 else token)
    return state


def likelihood(model: Frames, state: FrameState, frames: Sequence[Tokens], tonic: int) -> float:
    """How well frames that are known follow a state: the logarithm of how likely they are."""
    found = 0.0
    for frame in frames:
        for voice, each in enumerate(frame):
            token = _relative(each, tonic)
            token = REST if token == HOLD and state.held[voice] < 0 else token
            found += math.log(max(model.chance(state, token)[1], _LEAST))
            state = model.feed(state, token)
    return found


def rekeyed(state: FrameState, by: int, *, minor: bool, bar: int) -> FrameState:
    """The state seen from another tonic, `by` semitones above the former one; a bar begins."""
    held = tuple(max(0, pitch - by) if pitch >= 0 else pitch for pitch in state.held)
    earlier = tuple(max(0, pitch - by) if pitch >= 0 else pitch for pitch in state.earlier)
    return state._replace(held=held, earlier=earlier, minor=int(minor), bar=bar, at=0)


def no_parallels(chord: tuple[int | None, ...], before: tuple[int | None, ...]) -> bool:
    """Let the newest voice of a chord go in no fifths, octaves or unisons with one above it.

    >>> no_parallels((72, 64), (71, 62)), no_parallels((72, 65), (71, 64)), no_parallels((72, 60), (72, 60))
    (True, False, True)
    """
    voice = len(chord) - 1
    was, now = before[voice], chord[voice]
    if was is None or now is None or was == now:
        return True
    for above in range(voice):
        former, present = before[above], chord[above]
        if former is None or present is None or former == present:
            continue
        between = abs(present - now) % 12  # voices may cross, and a fifth is one all the same
        if between in (0, 7) and abs(former - was) % 12 == between:
            return False
    return True


def ruled(rules: object) -> tuple[Rule, ...]:
    """Read rules: one function of a chord and the chord before, or some.

    Raises:
        TypeError: It is something else.
    """
    many: list[Any] = list(rules) if isinstance(rules, (list, tuple)) else [rules]  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType] - of anything
    for rule in many:
        if not callable(rule):
            raise TypeError(f"rules= takes functions of a chord and the chord before, found {rule!r}")
    return tuple(many)
