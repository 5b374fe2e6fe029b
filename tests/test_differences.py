"""Values in words: what can be pasted is shown so, and two values that differ never read the same."""

from __future__ import annotations

import collections
import math
import re
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from autograder.checks import built, generator, spy, text_file, tiny_causal_lm, tiny_tokenizer
from autograder.checks.student import Call
from autograder.wire import Member, NamedRecord, Opaque, Record, Reference
from autograder.wire.words import a_kind, difference, recipe, show

quick = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)
BIG = torch.arange(150.0).reshape(3, 50)


def changed(value: Any, place: Any, to: Any) -> Any:
    again = value.clone() if isinstance(value, torch.Tensor) else value.copy()
    again[place] = to
    return again


# ── show ──────────────────────────────────────────────────────────────────────────────────────────

PASTED = [
    torch.tensor([1.0, 2.5]), torch.tensor([[1.0, -math.inf], [math.nan, 0.0]]), torch.tensor([0.5], dtype=torch.float64), torch.tensor([1, 2]),
    torch.tensor([True]), torch.tensor(3.0), torch.tensor(3), torch.zeros(0), torch.zeros(0, 3), torch.zeros(0, dtype=torch.int64),
    torch.tensor([1], dtype=torch.int32), torch.tensor([1.5], dtype=torch.bfloat16), torch.tensor([1 + 2j]), torch.tensor([1.0], requires_grad=True),
    torch.eye(2).to_sparse(), torch.zeros(2, 0, 2), torch.float32, torch.device("cuda", 1), torch.Size([2]),
    np.array([1.0, 2.0]), np.array([1.0], np.float32), np.array(["a"]), np.float32(0.5), np.int64(3), np.bool_(True), np.str_("a"),
    [1, (2,), {"a": {1}}], (), set(), frozenset({1}), {1: 2}, "a\n\x00'\"", b"\xff", 1.0, 1e-20, -0.0, 10**40, None, True, range(3), 2j,
    slice(1, None, 2), bytearray(b"x"), collections.deque([1]), pd.Series([1, 2]), pd.DataFrame({"text": ["a", "b"], "label": [0, 1]}, index=[3, 4]),
]  # fmt: skip


@pytest.mark.parametrize("value", PASTED, ids=range(len(PASTED)))
def test_a_short_value_can_be_pasted(value: Any) -> None:
    names = {"torch": torch, "np": np, "pd": pd, "deque": collections.deque}
    again = eval(show(value), names)
    assert type(again) is type(value)
    if isinstance(value, torch.Tensor):
        assert (again.dtype, again.shape, again.layout, again.requires_grad) == (
            value.dtype,
            value.shape,
            value.layout,
            value.requires_grad,
        )
        value, again = value.detach().to_dense(), again.detach().to_dense()
    same = np.array_equal if isinstance(value, np.ndarray) else lambda *pair: repr(pair[0]) == repr(pair[1])
    assert same(again, value)


@pytest.mark.parametrize(("made", "said"), [
    (BIG.clone, "a tensor of shape (3, 50) [0.0, 1.0, 2.0, 3.0, …]"),
    (BIG.double, "a float64 tensor of shape (3, 50) [0.0, 1.0, 2.0, 3.0, …]"),
    (lambda: np.arange(90, dtype="int8"), "an int8 array of shape (90,) [0, 1, 2, 3, …]"),
    (lambda: pd.DataFrame({"text": ["a"] * 50}), "a DataFrame of 50 rows with the columns 'text'"),
    (lambda: generator(5), "torch.Generator().manual_seed(5)"),
    (lambda: torch.Generator().manual_seed(6), "torch.Generator().manual_seed(6)"),
    (lambda: text_file("r.csv", "text,label\ngood,1\n"), "'r.csv' (a file which holds 'text,label\\ngood,1\\n')"),
    (lambda: text_file("e.csv", ""), "'e.csv' (a file that is empty)"),
    (lambda: text_file("l.csv", "a\n" * 99), "'l.csv' (a file which begins 'a\\na\\na\\na\\n')"),
    (lambda: tiny_causal_lm(3), "a tiny llama model (seed 3)"),
    (lambda: tiny_causal_lm(4, "gpt2", torch.bfloat16), "a tiny gpt2 model in bfloat16 (seed 4)"),
    (tiny_tokenizer, "a tiny tokenizer"),
    (lambda: built("mapping", kind_of="own", entries={"a": 1}), "{'a': 1}"),
    (lambda: Reference({"kind": "course-tokenizer", "name": "x"}), "tokenizer"),
    (lambda: Reference({"kind": "course-model", "name": "x"}), "model"),
    (lambda: spy(len), "classifier"),
    (lambda: torch.nn.Linear(2, 2), "model"),
    (lambda: Opaque("generator"), "a generator"),
    (lambda: Member("Colour", "RED", 1), "Colour.RED"),
    (lambda: Record("Point", {"x": 1.0}), "Point(x=1.0)"),
    (lambda: NamedRecord.of("Scored", ["token", "score"], ["a", 0.5]), "Scored(token='a', score=0.5)"),
    (object, "an object"), (lambda: print, "a function"), (lambda: [object()], "[an object]"),
    (lambda: 10**5000, "an int of about 5000 digits"), (lambda: pd.NaT, "pd.NaT"), ({1: 2}.keys, "dict_keys([1])"),
], ids=range(27))  # fmt: skip
def test_a_value_is_said_so_that_a_student_gets_the_same_one(made: Callable[[], Any], said: str) -> None:
    assert show(made()) == said


def test_a_call_reads_as_code_and_says_nothing_of_ours() -> None:
    call = str(
        Call(
            "generate",
            (tiny_causal_lm(3), tiny_tokenizer(), "a b", text_file("a.txt", "x")),
            {"generator": generator(5), "classify": spy(len)},
        )
    )
    assert call == "generate(a tiny llama model (seed 3), a tiny tokenizer, 'a b', 'a.txt' (a file which holds 'x'), generator=torch.Generator().manual_seed(5), classify=classifier)"  # fmt: skip


def test_a_tiny_model_can_be_made_again_by_its_recipe() -> None:
    model = tiny_causal_lm(3)
    names: dict[str, Any] = {}
    exec(f"from autograder.checks import built; made = {recipe(model).rpartition('; ')[2]}", names)
    assert names["made"] is model
    assert recipe(torch.ones(1)) == recipe(generator(1)) == ""


def endless() -> Any:
    nested: Any = []
    for _ in range(50_000):
        nested = [nested]
    return nested


class Loud:
    def __repr__(self) -> str:
        raise RuntimeError


@pytest.mark.parametrize("value", [
    "x" * 10**8, b"x" * 10**8, [1] * 10**5, ["x" * 10**7] * 9, dict.fromkeys(range(10**5)), torch.zeros(10**7), np.zeros(10**7), endless(), range(10**9),
    [[[0] * 10**5] * 10**3] * 10**3, pd.Series(np.zeros(10**5)), pd.DataFrame(np.zeros((10**3, 50))), Loud(), [Loud()], [torch.zeros(10**6)] * 100,
    {"a": ["y" * 10**7] * 10}, pd.DataFrame({"t": ["z" * 10**7] * 3}), set(range(10**5)), torch.zeros(5000, 0), {"k" * 10**7: 1},
], ids=range(20))  # fmt: skip
def test_whatever_is_shown_is_short_and_shown_at_once(value: Any) -> None:
    started = time.process_time()
    texts = [show(value), a_kind(value), *difference(value, 1), *difference(value, value)]
    assert max(map(len, texts)) < 700
    assert time.process_time() - started < 5


# ── a_kind ────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("value", "said"), [
    (None, "None"), ([], "a list"), ((), "a tuple"), ({}, "a dictionary"), (set(), "a set"), ("", "a string"), (b"", "bytes"), (1, "an int"),
    (1.0, "a float"), (True, "a bool"), (1j, "a complex number"), (torch.zeros(1, 2), "a tensor of shape (1, 2)"), (np.zeros(2), "a NumPy array"),
    (np.float32(1), "a NumPy scalar"), (np.str_("a"), "a NumPy string"), (torch.eye(2).to_sparse(), "a sparse tensor of shape (2, 2)"),
    (pd.Series([1]), "a Series"), (pd.DataFrame(), "a DataFrame"), (pd.Index([1]), "an Index"), (pd.Timestamp("2026"), "a Timestamp"), (pd.NaT, "pd.NaT"),
    ((n for n in ""), "a generator"), (len, "a function"), (Opaque("generator"), "a generator (return a list)"), (Opaque("Mine"), "a Mine"),
    (Member("Colour", "RED", 1), "a member of Colour"), (Record("Point", {}), "a Point"), (NamedRecord.of("P", ["a"], [1]), "a named tuple (P)"),
    (torch.nn.Linear(1, 1), "a model"), (range(2), "a range"), (collections.OrderedDict(), "an OrderedDict"), (torch.float32, "a torch.dtype"),
], ids=range(32))  # fmt: skip
def test_a_kind_is_said_with_its_article(value: Any, said: str) -> None:
    assert a_kind(value) == said


# ── difference ────────────────────────────────────────────────────────────────────────────────────

TABLE = [
    (1, 1.0, "an int (1)", "a float (1.0)"),
    (True, 1, "a bool (True)", "an int (1)"),
    (np.int64(3), 3, "a NumPy scalar (np.int64(3))", "an int (3)"),
    (0.1234567, 0.1234568, "0.1234567", "0.1234568"),
    (0.1 + 0.2, 0.3, "0.30000000000000004", "0.3"),
    (math.nan, 1.0, "nan", "1.0"),
    ((1,), [1], "a tuple ((1,))", "a list ([1])"),
    ((1,), 1, "a tuple ((1,))", "an int (1)"),
    (None, [1], "None", "a list ([1])"),
    ([1, 2.0], [1, 2], "[1, 2.0]", "[1, 2]"),
    (torch.tensor([1.0, 2.0]), torch.tensor([1.0, 2.0000002]), "[1.0, 2.0]", "[1.0, 2.0000002]"),
    (torch.ones(2), torch.ones(2).double(), "a tensor of float32", "one of float64"),
    (torch.ones(2), torch.ones(1, 2), "a tensor of shape (2,)", "the shape (1, 2)"),
    (torch.ones(2), torch.ones(2, requires_grad=True), "a tensor without a gradient", "one with a gradient attached"),
    (torch.ones(2), torch.empty(2, device="meta"), "a tensor of shape (2,) ([1.0, 1.0])", "a tensor of shape (2,) (a float32 tensor)"),
    (torch.eye(2), torch.eye(2).to_sparse(), "a dense tensor", "a tensor in the layout sparse_coo"),
    (torch.tensor([[1, 2], [3, 4]]).T, torch.tensor([[1, 3], [2, 4]]), "a tensor with the strides (1, 2)", "one with the strides (2, 1)"),
    (np.ones(2), torch.ones(2), "a NumPy array ([1.0, 1.0])", "a tensor of shape (2,) ([1.0, 1.0])"),
    (torch.ones(2), [1.0, 1.0], "a tensor of shape (2,) ([1.0, 1.0])", "a list ([1.0, 1.0])"),
    (changed(BIG, (1, 7), 57.5), BIG, "57.5 at [1, 7] of a tensor of shape (3, 50) ([…, 55.0, 56.0, 57.5, 58.0, 59.0, …])", "57.0 there ([…, 55.0, 56.0, 57.0, 58.0, 59.0, …])"),
    (changed(BIG, (2, 49), 149.0001), BIG, "149.0001 at [2, 49] of a tensor of shape (3, 50) ([…, 147.0, 148.0, 149.0001])", "149.0 there ([…, 147.0, 148.0, 149.0])"),
    ([*range(200), -1, *range(201, 300)], list(range(300)), "-1 at [200] ([…, 198, 199, -1, 201, 202, …])", "200 there ([…, 198, 199, 200, 201, 202, …])"),
    ([1, 0.5] * 50, [*[1.0, 0.5] * 49, 1.0, 0.75], "0.5 at [99] ([…, 0.5, 1, 0.5])", "0.75 there ([…, 0.5, 1.0, 0.75])"),
    (list(range(300)), list(range(299)), "a list of 300 entries, with 299 after these: […, 296, 297, 298, 299]", "one of 299 entries, which end with […, 296, 297, 298]"),
    ({"a": [[1, 2]] * 40}, {"a": [*[[1, 2]] * 39, [1, 3]]}, "[1, 2] at ['a'][39]", "[1, 3] there"),
    (dict.fromkeys(map(str, range(99)), 0), dict.fromkeys(map(str, range(100)), 0), "a dictionary without the key '99'", "one with it"),
    (set(range(100)), set(range(1, 100)), "a set of 100 with 0", "one of 99 without it"),
    ("a  b", "a b", "'a␣␣b'", "'a␣b'"),
    ("a\n", "a", "'a\\n'", "'a'"),
    ("é", "e\u0301", "'\\xe9'", "'e\\u0301'"),
    ("x" * 500 + "cat" + "y" * 99, "x" * 500 + "cut" + "y" * 99, "'…xxxxxxxxxxxxxxxxxcatyyyyyyyyyyyyyyyy…' around character 501", "'…xxxxxxxxxxxxxxxxxcutyyyyyyyyyyyyyyyy…' there"),
    ("it's", 'it"s', '"it\'s"', "'it\"s'"),
    (pd.DataFrame({"a": [1, 2]}), pd.DataFrame({"a": [1, 3]}), "2 in row 1 of column 'a'", "3 there"),
    (pd.DataFrame({"a": [1, 2]}), pd.DataFrame({"a": [1.0, 2]}), "int64 as the type of column 'a'", "float64"),
    (pd.DataFrame({"a": [1]}), pd.DataFrame({"b": [1]}), "the columns ['a']", "the columns ['b']"),
    (pd.Series([1]), pd.Series([1, 2]), "1 rows", "2 rows"),
    (Opaque("generator"), [1], "a generator (return a list)", "a list ([1])"),
]  # fmt: skip


@pytest.mark.parametrize(("got", "expected", "one", "other"), TABLE, ids=range(len(TABLE)))
def test_a_difference_is_seen(got: Any, expected: Any, one: str, other: str) -> None:
    assert difference(got, expected) == (one, other)


def test_numbers_within_the_tolerance_are_not_what_differs() -> None:
    expected = BIG + 1
    got = changed(expected * 1.000001, (2, 3), 0.0)
    assert difference(got, expected)[0].startswith("0.0 at [2, 3]")
    assert difference(got, expected, rtol=0, atol=0)[0].startswith("1.000001 at [0, 0]")
    assert difference([0.1 + 1e-9] * 99 + [5.0], [0.1] * 100)[0].startswith("5.0 at [99]")


LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=200), st.binary(max_size=20), st.complex_numbers(), st.fractions(),
    st.floats(width=32).map(np.float32), st.integers(-9, 9).map(np.int64), st.sampled_from([Opaque("generator"), torch.float32, torch.float64]),
    st.lists(st.floats(width=32), max_size=40).map(torch.tensor), st.lists(st.integers(-9, 9), max_size=40).map(np.array),
    st.lists(st.sampled_from([0.0, 1.0]), min_size=30, max_size=32).map(torch.tensor),
)  # fmt: skip
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=30), st.lists(inner, max_size=4).map(tuple), st.dictionaries(st.text(max_size=9), inner, max_size=4), st.sets(st.integers())
    ),
    max_leaves=40,
)  # fmt: skip


def bent(value: Any, data: st.DataObject) -> Any:
    """`value` with something in it changed."""
    if isinstance(value, list) and value and data.draw(st.booleans()):
        place = data.draw(st.integers(0, len(value) - 1))
        return [*value[:place], bent(value[place], data), *value[place + 1 :]]
    if isinstance(value, dict) and value:
        key = data.draw(st.sampled_from(sorted(value)))
        return {**value, key: bent(value[key], data)}
    if isinstance(value, str) and value:
        place = data.draw(st.integers(0, len(value)))
        return value[:place] + data.draw(st.sampled_from([" ", "\n", "x", "\u200b", "\u0301"])) + value[place:]
    if isinstance(value, float):
        return data.draw(
            st.sampled_from(
                [
                    math.nextafter(value, 9.0),
                    float(np.float32(value)) if abs(value) < 1e30 else 0.0,
                    int(value) if abs(value) < 1e9 else 1,
                ]
            )
        )
    if isinstance(value, torch.Tensor) and value.numel():
        place = data.draw(st.integers(0, value.numel() - 1))
        return changed(value, place, data.draw(st.sampled_from([7.25, math.nan])))
    return data.draw(LEAVES)


def known(value: Any) -> str:
    """All that there is to say of `value`, however long."""
    if isinstance(value, (list, tuple)):
        return f"{type(value).__name__} {[known(item) for item in value]}"
    if isinstance(value, dict):
        return f"dict {sorted((key, known(item)) for key, item in value.items())}"
    if isinstance(value, torch.Tensor):
        return f"{value.dtype} {value.tolist()}"
    return f"{type(value)} {sorted(value) if isinstance(value, set) else value.tolist() if isinstance(value, np.ndarray) else repr(value)}"


@quick
@given(VALUES, VALUES, st.data())
def test_two_values_that_are_not_the_same_never_read_the_same(value: Any, another: Any, data: st.DataObject) -> None:
    for got, expected in ((value, bent(value, data)), (value, another)):
        assume(known(got) != known(expected))
        one, other = difference(got, expected)
        assert one != other
        assert one.removesuffix(" there") != other.removesuffix(" there")
        assert "reads the same" not in other
        assert " object at 0x" not in one + other
        assert not re.search(r"\b(Record|Opaque|Member|NamedRecord|Reference)\(", one + other)
        assert len(one) + len(other) < 1200
