"""What a worker says that a cell did, rebuilt field by field: only what is named here gets into results and pages."""

from __future__ import annotations

import dataclasses
from typing import Any

from autograder.notebook.text import clean

OUTPUTS_PER_CELL = 2000


@dataclasses.dataclass(frozen=True, slots=True)
class Ran:
    """What one cell did."""

    cell: int
    outputs: list[dict[str, Any]]
    error: dict[str, Any] | None


def ran(message: dict[str, Any], expected: int, room: int) -> Ran | None:
    """The result of the cell `expected`, with outputs of at most `room` characters; None for anything else."""
    outputs, error = message.get("outputs"), message.get("error")
    if message.get("cell") != expected or type(outputs) is not list or not isinstance(error, (dict, type(None))):
        return None
    made: list[dict[str, Any]] = []
    for output in outputs[:OUTPUTS_PER_CELL]:
        rebuilt = _output(output)
        if rebuilt is not None:
            room -= size(rebuilt)
            if room < 0:
                break
            made.append(rebuilt)
    return Ran(expected, made, error)


def size(output: dict[str, Any]) -> int:
    """The characters of an output that `ran` made."""
    if output["output_type"] == "stream":
        return len(output["text"])
    if output["output_type"] == "error":
        return len(output["ename"]) + len(output["evalue"]) + sum(map(len, output["traceback"]))
    return sum(map(len, output["data"].values()))


def _output(raw: Any) -> dict[str, Any] | None:
    """`raw` as a notebook output of nbformat 4, or None; the text in it stays untrusted."""
    if type(raw) is not dict:
        return None
    kind = raw.get("output_type")
    if kind == "stream":
        name, text = raw.get("name"), raw.get("text")
        if type(text) is not str or type(name) is not str or name not in {"stdout", "stderr"}:
            return None
        return {"output_type": kind, "name": name, "text": clean(text)}
    if kind == "display_data" or kind == "execute_result":  # noqa: PLR1714 - what is compared may be of any type
        data = raw.get("data")
        if type(data) is not dict or not all(type(value) is str for value in data.values()):
            return None
        bundle = {clean(mime)[:100]: clean(text) for mime, text in data.items()}
        made = {"output_type": kind, "data": bundle, "metadata": {}}
        return made if kind == "display_data" else {**made, "execution_count": None}
    if kind == "error":
        name, said, trace = raw.get("ename"), raw.get("evalue"), raw.get("traceback")
        if type(name) is not str or type(said) is not str or type(trace) is not list:
            return None
        lines = [clean(line) for line in trace if type(line) is str]
        return {"output_type": kind, "ename": clean(name), "evalue": clean(said), "traceback": lines}
    return None
