"""Whatever bytes arrive, the reader gives a result, the look at the source an answer, and the codec a message or a WireError."""

from __future__ import annotations

import json
import struct
from typing import Any

import mutation
import pytest
from hostile_scene import RIGHT, SETUP
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder import wire
from autograder.code.forbidden import banned_name, called_tasks
from autograder.code.suspicious import signs
from autograder.model import Cell, NotGradable, Role, Submission
from autograder.wire import WireError, arrays, containers, scalars, tables
from autograder.worker import objects
from autograder.worker.outputs import ran

quick = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), database=None)
FORBIDDEN = ("torch.softmax", "scipy.special.*")


def whole(result: Submission | NotGradable) -> None:
    """A result can be written down, and its code looked at."""
    if isinstance(result, NotGradable):
        assert result.reason.endswith((".", "answers."))
        return
    assert sorted(str(cell.task) for cell in result.cells if cell.role is Role.TEST) == ["softmax", "total"]
    assert [cell.source for cell in result.cells if cell.role is Role.SETUP] == [SETUP]
    assert [cell.index for cell in result.cells] == list(range(len(result.cells)))
    assert all(isinstance(cell, Cell) for cell in result.cells)
    json.dumps([*result.repairs, *result.flags, *(cell.source for cell in result.cells)], ensure_ascii=False).encode()
    sources = [cell.source for cell in result.cells if cell.cell_type == "code"]
    for task in RIGHT:
        banned_name(sources, task, FORBIDDEN, RIGHT)
        called_tasks(sources, task, RIGHT)
    signs(sources)


@pytest.mark.parametrize("seed", range(3))
def test_a_broken_notebook_gives_a_result(seed: int) -> None:
    counts = mutation.run(120, seed, check=whole)

    assert counts["Submission"] > 20
    assert counts["NotGradable"] > 5


@quick
@given(st.text(st.sampled_from("def f(x): +-.[]{}'\"\n\t%!@lambda=ac_1\\\ud800\x00"), max_size=400))
def test_any_text_can_be_looked_at(source: str) -> None:
    assert isinstance(banned_name([source, "import torch"], "f", FORBIDDEN, ("f", "g")), str)
    assert set(called_tasks([source], "f", ("f", "g"))) <= {"g"}
    assert all(isinstance(sign, str) for sign in signs([source]))


TAGS = st.sampled_from(
    sorted(
        {"l", "x", "s", "g", "c", "w", "v", "parts", "d", "r", "u", "kind", "seed", "state"}
        | arrays.TAGS | tables.TAGS | scalars.TAGS | containers.TAGS
    )
)  # fmt: skip
NAMES = st.sampled_from(
    [
        "float32",
        "int64",
        "bool",
        "uint8",
        "bfloat16",
        "RGB",
        "L",
        "I",
        "object",
        "category",
        "Int64",
        "nan",
        "0x1f",
        "datetime64[ns]",
        "zoned",
        "multi",
        "sparse_coo",
        "sparse_csr",
        "Europe/Berlin",
        "str",
        "bytes",
        "Ellipsis",
        "1E+5",
        "generator",
        "file",
    ]
)
SIDES = st.lists(st.sampled_from([0, 1, 2, 3, 2**20, 2**39, -1, True]), max_size=5)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**60), 2**60),
    st.floats(allow_nan=False),
    st.text(max_size=5),
    NAMES,
    SIDES,
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TAGS, inner, max_size=4)),
    max_leaves=20,
)


@quick
@given(st.dictionaries(st.sampled_from(["id", "value", "error", "cell"]), TREES, max_size=3), st.binary(max_size=64))
def test_any_header_is_a_message_or_a_wire_error(tree: dict[str, Any], body: bytes) -> None:
    header = json.dumps(tree).encode()
    try:
        message = wire.decode(header, body)
    except WireError:
        return
    assert set(objects.resolve_known(message)) == set(message) == set(tree)
    assert wire.encode(message)


@quick
@given(st.binary(max_size=200))
def test_any_bytes_are_a_message_or_a_wire_error(data: bytes) -> None:
    position = 0

    def read(length: int) -> bytes:
        nonlocal position
        if position + length > len(data):
            raise EOFError
        position += length
        return data[position - length : position]

    try:
        message = wire.receive(read, 1 << 10)
    except (WireError, EOFError):
        return
    assert isinstance(message, dict)
    assert position == 8 + sum(struct.unpack(">II", data[:8]))


@quick
@given(TAGS, st.dictionaries(TAGS, TREES, max_size=3), st.binary(max_size=64))
def test_any_tensor_or_table_is_refused_or_made(tag: str, rest: dict[str, Any], body: bytes) -> None:
    if tag not in arrays.TAGS | tables.TAGS:
        tag = "t"
    value = {tag: rest.pop(tag, "float32"), "s": rest.pop("s", []), **rest}
    try:
        message = wire.decode(json.dumps({"value": value}).encode(), body)
    except WireError:
        return
    assert set(message) == {"value"}


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.binary(max_size=20)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=4), inner, max_size=4)),
    max_leaves=15,
)


@quick
@given(VALUES)
def test_plain_values_come_back_as_they_went(value: Any) -> None:
    frame = wire.encode({"value": value})
    header, body = struct.unpack(">II", frame[:8])
    back = wire.decode(frame[8 : 8 + header], frame[8 + header :])["value"]

    assert len(frame) == 8 + header + body
    assert repr(back) == repr(value)


@quick
@given(st.dictionaries(st.sampled_from(["cell", "outputs", "error"]), TREES, max_size=3))
def test_any_result_of_a_cell_is_rebuilt_or_refused(message: dict[str, Any]) -> None:
    found = ran(message, 1, 1000)

    assert found is None or json.dumps(found.outputs)


@pytest.mark.parametrize("shape", [[0, 2**39, 2**39], [2**39, 0], [0] * 16, [2**39] * 15 + [0]])
def test_empty_tensors_of_impossible_shapes_are_no_crash(shape: list[int]) -> None:
    for tag, name in (("t", "float32"), ("a", "float64"), ("t", "bool")):
        try:
            made = wire.decode(json.dumps({"value": {tag: name, "s": shape}}).encode(), b"")["value"]
        except WireError:
            continue
        assert list(made.shape) == shape
