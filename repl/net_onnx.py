"""Nets as ONNX: a net of ours written as one, and any that has the same inputs and outputs reckoned."""

from __future__ import annotations

import importlib
import json
from typing import TYPE_CHECKING, Any

from patterns.models.nets import GRAIN, Shape
from repl.errors import ReplError
from repl.net_numpy import packed, tables_of, unpacked

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from patterns.models.nets import Net

__all__ = ["OnnxReckoner", "library", "write_onnx"]

INPUTS = ("memory", "sights", "voice", "questions")
OUTPUTS = ("remembered", "answers")
SHAPE = "sempre.shape"
"""Under which an ONNX file says its shape, as JSON: voices, low, high, hidden, width."""
OPSET = 17
_IR = 8  # of 2021: what reads it may be that old
_DOUBLE, _INT64 = 11, 7  # TensorProto's numbers


def library(name: str, wanted: str) -> Any:
    """A library that not everybody has.

    Raises:
        ReplError: It is not installed.
    """
    try:
        return importlib.import_module(name)
    except ImportError:
        raise ReplError(f'{wanted} needs {name}: pip install "sempre[onnx]"') from None


def write_onnx(net: Net) -> bytes:
    """Write a net as an ONNX model, in double precision: it says the very same as by numpy.

    It has two halves that need nothing of one another: of `memory` and `sights`, the numbers of what is so in
    a frame, it says what is `remembered`; of `memory`, `voice` and `questions` it says the `answers`.

    Raises:
        ReplError: The library `onnx` is not installed.
    """
    onnx: Any = library("onnx", "writing an ONNX model")
    helper, np = onnx.helper, importlib.import_module("numpy")
    shape, tables = net.shape, tables_of(net)
    hidden = shape.hidden
    names = ("turn", "look", "lean", "speak", "tone")
    stacked = {name: np.stack([tables[f"{name} {voice}"] for voice in range(shape.voices)]) for name in names}
    constants: dict[str, Any] = {
        **{name: tables[name] for name in ("see", "recall")},
        **{name: tables[name][0] for name in ("gate", "echo")},
        **{name: stacked[name] for name in ("turn", "look", "speak")},
        **{name: stacked[name][:, 0] for name in ("lean", "tone")},
        "grain": np.float64(GRAIN), "one": np.float64(1), "first": np.array([0]),
        "parts": np.array([hidden, hidden, hidden]),
    }  # fmt: skip
    nodes: list[Any] = []

    def node(kind: str, inputs: str, outputs: str, **more: Any) -> None:
        nodes.append(helper.make_node(kind, inputs.split(), outputs.split(), **more))

    def grained(value: str, name: str) -> None:
        node("Mul", f"{value} grain", f"{value}_many")
        node("Round", f"{value}_many", f"{value}_whole")
        node("Div", f"{value}_whole grain", name)

    node("Gather", "see sights", "seen_rows", axis=0)
    node("ReduceSum", "seen_rows first", "seen_sum", keepdims=0)
    node("Add", "seen_sum gate", "given")
    node("MatMul", "memory recall", "recalled")
    node("Split", "given parts", "given_reset given_update given_new", axis=0)
    node("Split", "recalled parts", "recalled_reset recalled_update recalled_new", axis=0)
    for gate in ("reset", "update"):
        node("Add", f"given_{gate} recalled_{gate}", f"{gate}_sum")
        node("Sigmoid", f"{gate}_sum", f"{gate}_gate")
        grained(f"{gate}_gate", gate)
    node("Add", "recalled_new echo", "echoed")
    node("Mul", "reset echoed", "kept_new")
    node("Add", "given_new kept_new", "new_sum")
    node("Tanh", "new_sum", "new_gate")
    grained("new_gate", "new")
    node("Sub", "one update", "rest")
    node("Mul", "rest new", "fresh")
    node("Mul", "update memory", "stale")
    node("Add", "fresh stale", "mixed")
    grained("mixed", "remembered")
    for name in names:
        node("Gather", f"{name} voice", f"{name}_one", axis=0)
    node("MatMul", "memory turn_one", "turned")
    node("Gather", "look_one questions", "looked_rows", axis=0)
    node("ReduceSum", "looked_rows first", "looked", keepdims=0)
    node("Add", "turned looked", "leant")
    node("Add", "leant lean_one", "between_sum")
    node("Relu", "between_sum", "between_all")
    grained("between_all", "between")
    node("MatMul", "between speak_one", "spoken")
    node("Add", "spoken tone_one", "answers")
    value = helper.make_tensor_value_info
    graph = helper.make_graph(
        nodes,
        "sempre net",
        [
            value("memory", _DOUBLE, [hidden]),
            value("sights", _INT64, ["sights"]),
            value("voice", _INT64, []),
            value("questions", _INT64, ["questions"]),
        ],
        [value("remembered", _DOUBLE, [hidden]), value("answers", _DOUBLE, [shape.answers])],
        [onnx.numpy_helper.from_array(np.asarray(table), name) for name, table in constants.items()],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=_IR)
    helper.set_model_props(model, {SHAPE: json.dumps(list(shape))})
    data: bytes = model.SerializeToString()
    return data


class OnnxReckoner:
    """Reckons an ONNX model by onnxruntime; see `patterns.models.nets.Reckoner`.

    Args:
        path: The file. Its inputs and outputs are those of `write_onnx`, in single or double precision.
        shape: How large it is, where the file does not say.

    Raises:
        ReplError: onnxruntime is not installed, or the model cannot be read or has other inputs.
    """

    def __init__(self, path: Path, shape: Shape | None = None) -> None:
        runtime: Any = library("onnxruntime", "an ONNX model")
        options = runtime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session: Any = runtime.InferenceSession(
                path.read_bytes(), options, providers=["CPUExecutionProvider"]
            )
        except OSError as error:
            raise ReplError(f"{path}: cannot be read ({error.strerror or error})") from None
        except Exception as error:  # noqa: BLE001 - the library's own errors share no other class
            raise ReplError(f"{path} is no ONNX model that can be played ({error})") from None
        self._shape = self._shape_of(path, shape)
        np: Any = importlib.import_module("numpy")
        kind = {one.name: one.type for one in self._session.get_inputs()}["memory"]
        self._kind: Any = np.float32 if kind == "tensor(float)" else np.float64
        self._whole: Any = np.int64
        self._array: Any = np.asarray

    def _shape_of(self, path: Path, shape: Shape | None) -> Shape:
        inputs = {one.name for one in self._session.get_inputs()}
        outputs = {one.name: one.shape for one in self._session.get_outputs()}
        if inputs != set(INPUTS) or not set(OUTPUTS) <= set(outputs):
            raise ReplError(
                f"{path} takes {', '.join(sorted(inputs))} and gives {', '.join(sorted(outputs))}; "
                f"wanted are {', '.join(INPUTS)}, and {', '.join(OUTPUTS)}"
            )
        said: str | None = self._session.get_modelmeta().custom_metadata_map.get(SHAPE)
        try:
            found = shape if said is None else Shape(*(int(number) for number in json.loads(said)))
        except (ValueError, TypeError):
            raise ReplError(f"{path}: its {SHAPE} is not [voices, low, high, hidden, width]") from None
        if found is None:
            raise ReplError(
                f"{path} does not say its {SHAPE}: [voices, low, high, hidden, width] as metadata"
            )
        sizes, wanted = (outputs["remembered"][-1], outputs["answers"][-1]), (found.hidden, found.answers)
        if any(isinstance(size, int) and size != one for size, one in zip(sizes, wanted, strict=True)):
            raise ReplError(f"{path} gives {sizes} numbers, and its shape wants {wanted}")
        return found

    @property
    def shape(self) -> Shape:
        """How large the net is."""
        return self._shape

    def start(self) -> str:
        """What it remembers before the first frame."""
        return packed(unpacked("", self._shape.hidden))

    def step(self, memory: str, sights: Sequence[int]) -> str:
        """What it remembers after it has seen one more frame."""
        return packed(self._run("remembered", memory, sights, 0, (0,)))

    def answer(self, memory: str, voice: int, questions: Sequence[int]) -> Sequence[float]:
        """What it says of a voice."""
        found: list[float] = self._run("answers", memory, (0,), voice, questions).tolist()
        return found

    def _run(
        self, output: str, memory: str, sights: Sequence[int], voice: int, questions: Sequence[int]
    ) -> Any:
        given = {
            "memory": unpacked(memory, self._shape.hidden).astype(self._kind),
            "sights": self._array(sights, self._whole),
            "voice": self._array(voice, self._whole),
            "questions": self._array(questions, self._whole),
        }
        return self._session.run([output], given)[0].reshape(-1)
