"""Training a net with torch: what is broken off goes on to the same end."""

from __future__ import annotations

import importlib
import math
from dataclasses import astuple, dataclass
from pickle import UnpicklingError
from typing import TYPE_CHECKING, Any

import numpy as np

from patterns.models.nets import GRADE, GRAIN, LEAP, Net, Shape, parts_of
from repl.errors import ReplError
from repl.net_lessons import HELD, SKIPPED, Lesson, batch_of, fingerprint, stacked
from repl.net_numpy import packed, tables_of, unpacked

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

__all__ = ["Course", "TorchReckoner", "trained"]

WARM = 50
"""Steps in which the rate of learning rises to its height."""
FEWEST_STEPS = 250
"""Steps that a small corpus wants, too: a few minutes."""
LAST_RATE = 0.02
"""The part of it that is left at the end."""
MEAN = 0.998
"""How much of the mean over the steps is kept from step to step; it is what is played."""
ANEW = 0.5
"""How much it counts whether a note is struck anew, beside which note it is."""
_LEAPS = 2 * LEAP + 1
_LONGEST = 5.0  # of a step's slope, against single wild ones


@dataclass(frozen=True, slots=True)
class Course:
    """How a net is trained; that of a few hundred chorales takes 20 minutes.

    Args:
        hidden: Numbers that it remembers.
        width: Numbers between these and what it says.
        embedded: Numbers as which it reads a frame, while it learns.
        steps: How often it learns a batch; 0 for as often as the corpus wants.
        rounds: How often it hears each frame, where `steps` is 0.
        batch: Stretches at a time.
        length: Frames of each.
        rate: Of learning, at its height.
        decay: How much its numbers are drawn to 0.
        deaf: The part of what it could see that it does not see, drawn anew in each step.
        unasked: The same of what it could see of a voice.
        forgets: The same of what it remembers.
        dumb: The same of the numbers between.
        every: Steps after which it is tried, and kept in a file.
        seed: What decides.
    """

    hidden: int = 256
    width: int = 192
    embedded: int = 256
    steps: int = 0
    rounds: int = 40
    batch: int = 24
    length: int = 160
    rate: float = 3e-3
    decay: float = 0.02
    deaf: float = 0.15
    unasked: float = 0.15
    forgets: float = 0.4
    dumb: float = 0.3
    every: int = 25
    seed: int = 0


def library() -> Any:
    """The library, one thread of it: more of them would add in another order.

    Raises:
        ReplError: It is not installed.
    """
    try:
        torch: Any = importlib.import_module("torch")
    except ImportError:
        raise ReplError(
            'training a net needs torch: pip install "sempre[train]"; what it plays needs nothing'
        ) from None
    torch.set_num_threads(1)
    return torch


class _Pupil:
    """A net that can still learn."""

    def __init__(self, torch: Any, shape: Shape, course: Course) -> None:
        self.torch, self.shape, self.course = torch, shape, course
        layers, voices = torch.nn, range(shape.voices)
        torch.manual_seed(course.seed)
        self.parts: Any = layers.ModuleDict(
            {
                "see": layers.EmbeddingBag(
                    shape.sights + 1, course.embedded, mode="sum", padding_idx=shape.sights
                ),
                "recall": layers.GRU(course.embedded, shape.hidden, batch_first=True),
                "turn": layers.ModuleList([layers.Linear(shape.hidden, shape.width) for _ in voices]),
                "look": layers.ModuleList(
                    [
                        layers.EmbeddingBag(
                            shape.questions + 1, shape.width, mode="sum", padding_idx=shape.questions
                        )
                        for _ in voices
                    ]
                ),
                "speak": layers.ModuleList([layers.Linear(shape.width, shape.answers) for _ in voices]),
            }
        )
        with torch.no_grad():
            for table, spread in [(self.parts["see"], 0.2), *((one, 0.15) for one in self.parts["look"])]:
                table.weight.normal_(0, spread)
                table.weight[-1] = 0
        places = range(shape.pitches)
        rows = [[max(-LEAP, min(LEAP, to - was)) + LEAP for to in places] for was in places]
        self._leaps = torch.tensor([*rows, [_LEAPS] * shape.pitches])
        self._classes = torch.tensor([(shape.low + place) % 12 for place in places])

    def losses(self, lesson: Lesson) -> tuple[Any, Any]:
        """How unlikely each pitch was thought, and each striking anew: one number a frame and voice."""
        torch, shape, course = self.torch, self.shape, self.course
        learns: bool = self.parts.training
        rest: Any = torch.nn.functional
        sights, questions, own, target, anew = (torch.from_numpy(rows) for rows in lesson[:5])
        many, length = own.shape[:2]
        if learns:
            sights = torch.where(torch.rand(sights.shape) < course.deaf, shape.sights, sights)
            questions = torch.where(torch.rand(questions.shape) < course.unasked, shape.questions, questions)
        given = self.parts["see"](sights.view(many * length, -1)).view(many, length, -1)
        memory = rest.dropout(self.parts["recall"](given)[0], course.forgets, learns)
        said: list[Any] = []
        for voice in range(shape.voices):
            looks = self.parts["look"][voice](questions[:, :, voice].reshape(many * length, -1))
            between = torch.relu(self.parts["turn"][voice](memory) + looks.view(many, length, -1))
            said.append(self.parts["speak"][voice](rest.dropout(between, course.dumb, learns)))
        answers = torch.stack(said, 2)
        leaps = rest.pad(answers[..., 2 : 2 + _LEAPS], (0, 1))
        classes = answers[..., 2 + _LEAPS : 14 + _LEAPS][..., self._classes]
        pitches = torch.gather(leaps, -1, self._leaps[own]) + classes + answers[..., 14 + _LEAPS :]
        logits = torch.cat([answers[..., :1], pitches], -1)
        wrong = rest.cross_entropy(logits.flatten(0, -2), target.flatten(), reduction="none")
        struck = rest.binary_cross_entropy_with_logits(
            answers[..., 1], (anew > HELD).to(answers.dtype), reduction="none"
        )
        return wrong.view(own.shape), struck * (anew != SKIPPED)

    def net(self, share: float = 1.0) -> Net:
        """Its numbers as they are kept."""
        shape, torch = self.shape, self.torch
        gru, hidden = self.parts["recall"], shape.hidden
        tables: dict[str, Any] = {}
        with torch.no_grad():
            # What reads a frame and what follows are one table: there is nothing between them.
            tables["see"] = self.parts["see"].weight[:-1] @ gru.weight_ih_l0.T
            tables["recall"] = gru.weight_hh_l0.T
            tables["gate"] = gru.bias_ih_l0.clone()
            tables["gate"][: 2 * hidden] += gru.bias_hh_l0[: 2 * hidden]
            tables["echo"] = gru.bias_hh_l0[2 * hidden :]
            for voice in range(shape.voices):
                turn, speak = self.parts["turn"][voice], self.parts["speak"][voice]
                tables[f"turn {voice}"], tables[f"lean {voice}"] = turn.weight.T, turn.bias
                tables[f"look {voice}"] = self.parts["look"][voice].weight[:-1]
                tables[f"speak {voice}"], tables[f"tone {voice}"] = speak.weight.T, speak.bias
        most = np.iinfo(np.int16)
        written = [
            np.clip(np.rint(tables[name].detach().numpy().astype(np.float64) * GRADE), most.min, most.max)
            .astype("<i2")
            .tobytes()
            for name, _, _ in parts_of(shape)
        ]
        return Net(shape, share, b"".join(written))


def trained(
    shape: Shape,
    lessons: Sequence[Lesson],
    tried: Sequence[Lesson],
    course: Course,
    part: Path,
    say: Callable[[str], object],
) -> Net:
    """Train a net, or go on where it was broken off.

    Args:
        shape: How large it becomes.
        lessons: What it learns.
        tried: What it is tried with: the net of the step that does best there is taken.
        course: How.
        part: The file in which its state is kept meanwhile.
        say: Is told how it goes.

    Raises:
        ReplError: torch is not installed, or the file cannot be written.
    """
    torch = library()
    pupil, mean = _Pupil(torch, shape, course), _Pupil(torch, shape, course)
    steps = course.steps or _steps(lessons, course)
    worker = torch.optim.AdamW(
        pupil.parts.parameters(), lr=course.rate, weight_decay=course.decay, betas=(0.9, 0.98)
    )
    mark = fingerprint([shape, astuple(course), steps, torch.__version__], [*lessons, *tried])
    step, best, weights = _resumed(torch, part, mark, pupil, mean, worker)
    if step:
        say(f"the net goes on where it was broken off, at step {step} of {steps}")
    longest = max(len(one.heard) for one in tried)
    trial = stacked(shape, tried, longest)
    while step < steps:
        _learn(torch, pupil, worker, lessons, step, steps)
        step += 1
        keep = min(MEAN, step / (step + 9))
        with torch.no_grad():
            for old, new in zip(mean.parts.parameters(), pupil.parts.parameters(), strict=True):
                old.lerp_(new, 1 - keep)
        if step % course.every == 0 or step == steps:
            mean.parts.eval()
            with torch.no_grad():
                loss = _mean(mean.losses(trial)[0], torch.from_numpy(trial.heard))
            if loss < best:
                best, weights = loss, mean.net().weights
            say(f"net: step {step} of {steps}, {loss:.4f} nats where it is tried, at best {best:.4f}")
            _keep(torch, part, (mark, step, best, weights), pupil, mean, worker)
    return Net(shape, 1.0, weights)


def _steps(lessons: Sequence[Lesson], course: Course) -> int:
    frames = sum(len(one.heard) for one in lessons)
    return max(FEWEST_STEPS, round(course.rounds * frames / (course.batch * course.length)))


def _learn(torch: Any, pupil: _Pupil, worker: Any, lessons: Sequence[Lesson], step: int, steps: int) -> None:
    """Take one step; all chance in it is of its own number."""
    course = pupil.course
    fall = LAST_RATE + (1 - LAST_RATE) * (1 + math.cos(math.pi * step / steps)) / 2
    for group in worker.param_groups:
        group["lr"] = course.rate * fall * min(1, (step + 1) / WARM)
    torch.manual_seed(course.seed * 1_000_003 + step)
    lesson = batch_of(pupil.shape, lessons, course.batch, course.length, course.seed, step)
    pupil.parts.train()
    pitch, anew = pupil.losses(lesson)
    loss = _sum(pitch + ANEW * anew, torch.from_numpy(lesson.heard))
    worker.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(pupil.parts.parameters(), _LONGEST)
    worker.step()


def _sum(losses: Any, heard: Any) -> Any:
    return (losses * heard[..., None]).sum() / (heard.sum() * losses.shape[-1])


def _mean(losses: Any, heard: Any) -> float:
    found: float = _sum(losses, heard).item()
    return found


def _resumed(
    torch: Any, part: Path, mark: str, pupil: _Pupil, mean: _Pupil, worker: Any
) -> tuple[int, float, bytes]:
    """The step, and the best net so far, of a training that was broken off; 0 if there was none like it."""
    try:
        kept: Any = torch.load(part, weights_only=True)
        if kept["mark"] != mark:
            return 0, math.inf, b""
    except (OSError, RuntimeError, KeyError, TypeError, ValueError, EOFError, UnpicklingError):
        return 0, math.inf, b""
    pupil.parts.load_state_dict(kept["pupil"])
    mean.parts.load_state_dict(kept["mean"])
    worker.load_state_dict(kept["worker"])
    return kept["step"], kept["best"], bytes(kept["weights"].numpy().tobytes())


def _keep(
    torch: Any, part: Path, reached: tuple[str, int, float, bytes], pupil: _Pupil, mean: _Pupil, worker: Any
) -> None:
    """Write all that is needed to go on; whoever kills it meanwhile leaves the former state."""
    mark, step, best, weights = reached
    fresh = part.with_name(part.name + ".new")
    kept = {
        "mark": mark, "step": step, "best": best,
        "weights": torch.frombuffer(bytearray(weights), dtype=torch.uint8),
        "pupil": pupil.parts.state_dict(), "mean": mean.parts.state_dict(), "worker": worker.state_dict(),
    }  # fmt: skip
    try:
        torch.save(kept, fresh)
        fresh.replace(part)
    except (OSError, RuntimeError) as error:
        raise ReplError(f"cannot write {part}: {error}") from None


class TorchReckoner:
    """Reckons a net by torch; see `patterns.models.nets.Reckoner`. It says what numpy says, and takes longer.

    Args:
        net: Its numbers.
    """

    def __init__(self, net: Net) -> None:
        self._torch = library()
        self._shape = net.shape
        self._tables: dict[str, Any] = {
            name: self._torch.from_numpy(table.copy()) for name, table in tables_of(net).items()
        }

    @property
    def shape(self) -> Shape:
        """How large the net is."""
        return self._shape

    def start(self) -> str:
        """What it remembers before the first frame."""
        return packed(np.zeros(self._shape.hidden))

    def step(self, memory: str, sights: Sequence[int]) -> str:
        """What it remembers after it has seen one more frame."""
        torch, tables = self._torch, self._tables
        before = torch.from_numpy(unpacked(memory, self._shape.hidden))
        given = (tables["see"][list(sights)].sum(0) + tables["gate"][0]).chunk(3)
        recalled = (before @ tables["recall"]).chunk(3)
        reset, update = (self._grained(torch.sigmoid(given[i] + recalled[i])) for i in range(2))
        new = self._grained(torch.tanh(given[2] + reset * (recalled[2] + tables["echo"][0])))
        return packed(self._grained((1 - update) * new + update * before).numpy())

    def answer(self, memory: str, voice: int, questions: Sequence[int]) -> Sequence[float]:
        """What it says of a voice."""
        torch, tables = self._torch, self._tables
        before = torch.from_numpy(unpacked(memory, self._shape.hidden))
        looks = tables[f"look {voice}"][list(questions)].sum(0) + tables[f"lean {voice}"][0]
        between = self._grained(torch.relu(before @ tables[f"turn {voice}"] + looks))
        found: list[float] = (between @ tables[f"speak {voice}"] + tables[f"tone {voice}"][0]).tolist()
        return found

    def _grained(self, numbers: Any) -> Any:
        return self._torch.round(numbers * GRAIN) / GRAIN
