"""Values cross the wire as what they are, or are named; what is not in the format is refused before it costs anything."""

from __future__ import annotations

import collections
import dataclasses
import datetime as dt
import enum
import io
import itertools
import json
import math
import struct
import sys
import time
import typing
import zoneinfo
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder import wire
from autograder.wire.words import a_kind
from autograder.worker import objects

BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")
quick = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), database=None)


def crossed(value: Any) -> Any:
    """`value` as it arrives on the other side."""
    frame = wire.encode({"value": value})
    header, body = struct.unpack(">II", frame[:8])
    assert len(frame) == 8 + header + body
    return wire.decode(frame[8 : 8 + header], frame[8 + header :])["value"]


def refused(header: Any, body: bytes = b"") -> bool:
    """Whether the decoder refuses a value of this header, in no time and without taking memory for it."""
    started = time.process_time()
    try:
        wire.decode(json.dumps({"value": header}).encode(), body)
    except wire.WireError:
        return time.process_time() - started < 3
    return False


# ── as what they are ──────────────────────────────────────────────────────────────────────────────

PLAIN = [
    (), (1,), (1, (2.5, [3])), [(1, "a"), (2, "b")], {1, 2}, set(), frozenset({(1, frozenset({2}))}),
    {1: "a", (1, 2): "b", None: "c", 2.5: "d", "x": "e", b"y": 1}, {True: 1, "k": {3: {4: 5}}},
    1j, complex(-0.0, math.inf), Fraction(1, 3), Fraction(-(7**50), 3), Decimal("1.50"), Decimal("-1E+300"), Decimal("Infinity"),
    2**53 + 1, -(2**3000), math.inf, -0.0,
    dt.date(2026, 2, 28), dt.datetime(2026, 2, 28, 1, 2, 3, 4), dt.datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN, fold=1),  # noqa: DTZ001 - one without a zone is to cross too
    dt.datetime(2026, 1, 1, tzinfo=dt.UTC), dt.time(1, 2, 3), dt.time(1, tzinfo=BERLIN), dt.timedelta(-3, 4, 5),
    dt.datetime(2026, 1, 1, tzinfo=dt.timezone(dt.timedelta(hours=-3, minutes=-30))),
    b"\x00\xff", bytearray(b"xy"), memoryview(b"xy"), range(3), range(5, -5, -2), range(10**30, 10**30 + 2), slice(1, None, 2), ..., NotImplemented,
    "a\x00b", "\ud800", "\ud83d\ude00", "😀\ud83d", "ü" * 70_000, {"\udfff": 1, "é": 2}, {"\ud83d\ude00": 1},
    collections.deque([1, (2,)], 4), {1: 2}.keys(), {1: [2]}.items(), Path("a/ü b"), np.dtype("float32"), np.dtype("datetime64[ns]"),
    torch.Size([2, 0]), torch.float32, torch.bfloat16, torch.device("cpu"), torch.device("cuda", 1),
    np.complex64(1j), np.complex128(2 + 1j), np.str_("a b"), np.bytes_(b"xy"), np.datetime64("2026-01-01"), np.datetime64("NaT", "ns"),
    np.timedelta64(3, "h"), np.float16(1.5), np.uint8(3), np.bool_(True),
    pd.Timestamp("2026-01-01 01:02:03.000004"), pd.Timestamp("2026-10-25 00:30", tz="UTC").tz_convert("Europe/Berlin"), pd.Timedelta("3s"),
]  # fmt: skip


@pytest.mark.parametrize("value", PLAIN, ids=range(len(PLAIN)))
def test_a_plain_value_arrives_as_what_it_is(value: Any) -> None:
    again = crossed(value)

    assert type(again) is type(value)
    assert again == value or (np.isscalar(value) and np.isnat(value) and np.isnat(again))
    assert repr(again) == repr(value) or isinstance(value, (set, frozenset, memoryview))


def test_values_that_equal_nothing_arrive_too() -> None:
    assert math.isnan(crossed(math.nan))
    assert crossed(Decimal("NaN")).is_nan()
    assert crossed(pd.NaT) is pd.NaT
    assert crossed(pd.NA) is pd.NA
    assert list(crossed({1: 2, "a": [3]}.values())) == [2, [3]]
    assert type(crossed({1: 2}.values())) is type({}.values())
    assert [math.isnan(key) for key in crossed({math.nan: 1})] == [True]


@pytest.mark.parametrize("mapping", [collections.OrderedDict(a=1), collections.Counter("aab"), collections.defaultdict(list, {3: [1]}), collections.UserDict({(1,): 2})])  # fmt: skip
def test_any_mapping_arrives_as_a_dict(mapping: Any) -> None:
    again = crossed(mapping)
    assert type(again) is dict
    assert again == dict(mapping)


class Colour(enum.Enum):
    RED = 1
    PAIR = (1, [2])


class Level(enum.IntEnum):
    LOW = 1


@dataclasses.dataclass
class Point:
    x: int
    near: list[float]


@dataclasses.dataclass(frozen=True)
class Key:
    name: str


Scored = collections.namedtuple("Scored", "count index")  # noqa: PYI024 - the untyped kind is to cross too


class Typed(typing.NamedTuple):
    token: str
    score: float = 0.5


def test_a_member_of_an_enumeration_arrives_as_data() -> None:
    again = crossed({Colour.RED: [Colour.PAIR]})
    (red, [pair]) = next(iter(again.items()))
    assert (red.class_name, red.name, red.value) == ("Colour", "RED", 1)
    assert red == Colour.RED
    assert red != pair
    assert pair == crossed(Colour.PAIR)
    assert type(red) is wire.Member
    assert crossed(Level.LOW) == 1
    assert type(crossed(Level.LOW)) is int


def test_a_record_arrives_as_data() -> None:
    again = crossed(Point(1, [0.5]))
    assert type(again).__name__ == "Record"
    assert (again.x, again.near, again.class_name_) == (1, [0.5], "Point")
    assert again == Point(1, [0.5]) == crossed(again)
    assert again != Point(2, [0.5])
    assert {crossed(Key("a")): 1} == crossed({Key("a"): 1})
    assert crossed({Key("a")}) == {crossed(Key("a"))}


@pytest.mark.parametrize("value", [Scored(1, [2]), Typed("a")])
def test_a_named_tuple_arrives_as_a_tuple_with_names(value: Any) -> None:
    again = crossed(value)
    assert again == value == tuple(value)
    assert [getattr(again, name) for name in value._fields] == list(value)
    assert again.class_name_ == type(value).__name__
    assert crossed(again) == again


def test_what_torch_returns_as_a_named_tuple_keeps_its_names() -> None:
    again = crossed(torch.topk(torch.tensor([1.0, 3.0]), 1))
    assert again.values.tolist() == [3.0]  # noqa: PD011 - a field of the tuple
    assert again.indices.tolist() == [1]


SPARSE = torch.eye(4).to_sparse()


@pytest.mark.parametrize("made", [
    lambda: torch.tensor([1 + 2j, 3]), lambda: torch.tensor([[1j]], dtype=torch.complex128).conj(), lambda: SPARSE,
    lambda: torch.sparse_coo_tensor(torch.tensor([[0, 0]]), torch.tensor([1.0, 2.0]), (3,)), SPARSE.to_sparse_csr, SPARSE.to_sparse_csc,
    lambda: SPARSE.to_dense().to_sparse_bsr((2, 2)), lambda: torch.tensor([1, 2], dtype=torch.uint16),
    lambda: torch.tensor([0.5, 1]).to(torch.float8_e4m3fn), lambda: torch.zeros(0, 50_257), lambda: torch.ones(2, requires_grad=True),
    lambda: torch.nn.Parameter(torch.ones(2)), lambda: torch.arange(6).reshape(2, 3).T,
], ids=range(13))  # fmt: skip
@pytest.mark.filterwarnings("ignore:Sparse")
def test_a_tensor_of_any_kind_arrives(made: Callable[[], Any]) -> None:
    value = made()
    again = crossed(value)
    assert (again.dtype, again.shape, again.layout, again.requires_grad) == (
        value.dtype,
        value.shape,
        value.layout,
        value.requires_grad,
    )
    dense = [one.detach() if one.layout is torch.strided else one.to_dense() for one in (again, value)]
    assert torch.equal(*(one.to(torch.complex128) if one.is_complex() else one.double() for one in dense))


@pytest.mark.parametrize("value", [
    np.array(["a", "bücher", ""]), np.array([b"a", b"xyz"]), np.array([["2026-01-01"]], "datetime64[ns]"), np.array([1, 2], "timedelta64[s]"),
    np.array([1j, 2]), np.array([[1, "a"], [None, 2.5]], dtype=object), np.array([], dtype="<U3"), np.array(1.5), np.zeros((0, 3)),
    np.array([1, 2], ">i4"), np.array([1.5], np.float16), np.arange(6).reshape(2, 3).T,
], ids=range(12))  # fmt: skip
def test_an_array_of_any_kind_arrives(value: Any) -> None:
    again = crossed(value)
    assert (again.shape, again.dtype.kind) == (value.shape, value.dtype.kind)
    assert again.tolist() == value.tolist()
    assert again.dtype == value.dtype.newbyteorder("=") or value.dtype.kind == "U"


FRAMES = [
    pd.DataFrame({"text": ["a", None], "n": [1, 2], "x": [0.5, math.nan], "b": [True, False]}, index=[7, 3]),
    pd.DataFrame({
        "when": pd.date_range("2026-01-01", periods=2), "there": pd.date_range("2026-01-01", periods=2, tz="Europe/Berlin"),
        "took": pd.to_timedelta([1, 2], "s"), "cells": [[1], [2, 3]], "pairs": [(1, 2), (3, 4)], "dicts": [{"a": 1}, None], "z": [1j, 2],
        "kind": pd.Categorical(["b", None], categories=["b", "a"], ordered=True), "any": [pd.NA, 1.5],
    }),
    pd.DataFrame({"a": [1, 1, 2], "b": [2, 3, 4]}).groupby("a").agg(["sum", "mean"]),
    pd.DataFrame({"v": [1, 2]}, index=pd.MultiIndex.from_tuples([("a", 1), ("b", 2)], names=["x", None])),
    pd.DataFrame({0: [1], "a": [2], (1, 2): [3]}), pd.DataFrame(), pd.DataFrame({"a": []}), pd.DataFrame(index=range(3)),
    pd.DataFrame({"a": pd.array([1, None], "Int64"), "b": pd.array([True, None], "boolean"), "c": pd.array(["a", None], "string")}),
    pd.DataFrame({"a": [1, 2], "t": ["x", None]}).convert_dtypes(dtype_backend="pyarrow"),
    pd.DataFrame([[1, 2]], columns=["a", "a"]), pd.DataFrame({"a": [1]}, index=pd.Index([dt.date(2026, 1, 1)], name="day")),
]  # fmt: skip


@pytest.mark.parametrize("frame", FRAMES, ids=range(len(FRAMES)))
def test_a_frame_of_any_columns_arrives(frame: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(crossed(frame), frame, check_freq=False)
    for place in range(frame.shape[1]):
        pd.testing.assert_series_equal(crossed(frame.iloc[:, place]), frame.iloc[:, place], check_freq=False)


@pytest.mark.parametrize("index", [
    pd.Index([1, 2], name="n"), pd.RangeIndex(2, 9, 3), pd.Index(["a"], name=("x", 1)), pd.to_datetime(["2026-01-01"]).tz_localize("UTC"),
    pd.MultiIndex.from_product([["a", "b"], [1, 2]], names=["x", "y"]), pd.CategoricalIndex(["a", "b", "a"]), pd.Index([1.5, None, "a"]),
], ids=range(7))  # fmt: skip
def test_an_index_arrives(index: Any) -> None:
    pd.testing.assert_index_equal(crossed(index), index, exact=True)


def test_pandas_own_arrays_arrive() -> None:
    for array in (
        pd.array([1, None]),
        pd.Categorical(["a", None]),
        pd.Series(["a", "b"]).array,
        pd.array(["a"], dtype="string"),
    ):
        pd.testing.assert_extension_array_equal(crossed(array), array)


KEYS = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(allow_nan=False),
        st.text(),
        st.binary(max_size=5),
        st.dates(),
        st.fractions(),
    ),
    lambda inner: st.one_of(st.tuples(inner, inner), st.frozensets(inner, max_size=3)),
    max_leaves=4,
)
LEAVES = st.one_of(
    KEYS, st.floats(), st.complex_numbers(), st.decimals(allow_nan=False).filter(lambda one: one.is_infinite() or abs(one.adjusted()) < 1000), st.datetimes(), st.timedeltas(), st.times(),
    st.text(st.sampled_from("a\ud83d\ude00\udfff\x00ü😀")), st.binary().map(bytearray), st.sampled_from([Colour.RED, Typed("x"), ...]),
)  # fmt: skip
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.lists(inner, max_size=4).map(tuple), st.dictionaries(KEYS, inner, max_size=4), st.sets(KEYS, max_size=4),
        st.lists(inner, max_size=3).map(collections.deque), st.builds(Point, inner, st.lists(inner, max_size=2)), st.builds(Scored, inner, inner),
    ),
    max_leaves=12,
)  # fmt: skip


def plain(value: Any) -> Any:
    """`value` with all types in it, to be compared by its text; sets in some fixed order."""
    if isinstance(value, (set, frozenset)):
        return [type(value).__name__, *sorted(repr(plain(item)) for item in value)]
    if isinstance(value, (wire.NamedRecord, Scored, Typed)):
        return ["named", *map(plain, value)]
    if isinstance(value, (list, tuple, collections.deque)):
        return [type(value).__name__, *map(plain, value)]
    if isinstance(value, dict):
        return ["dict", *((plain(key), plain(item)) for key, item in value.items())]
    if isinstance(value, (Point, wire.Record)):
        return ["Point", plain(value.x), plain(value.near)]  # type: ignore[union-attr]
    return repr(wire.Member("Colour", value.name, 1) if isinstance(value, Colour) else value)


@quick
@given(VALUES)
def test_any_plain_value_comes_back_as_it_went(value: Any) -> None:
    again = crossed(value)
    assert plain(again) == plain(value)
    assert plain(crossed(again)) == plain(again)
    assert plain(objects.resolve(again)) == plain(again)


def test_references_are_found_in_whatever_holds_them() -> None:
    one = objects.build({"kind": "file", "name": "a.txt", "content": "x"})
    frame = wire.encode(
        {"value": [(one,), collections.deque([one]), {1: one}, Scored(one, [one]), {"k": one}.items(), Point(one, [])]},
        objects.refer,
    )
    header, _ = struct.unpack(">II", frame[:8])
    arrived = wire.decode(frame[8 : 8 + header], frame[8 + header :])["value"]
    for found in (objects.resolve(arrived), objects.resolve_known(arrived)):
        (first,), second, third, fourth, fifth, sixth = found
        assert all(
            item is one
            for item in (first, second[0], third[1], fourth.count, fourth.index[0], dict(fifth)["k"], sixth.x)
        )


# ── what is named instead ─────────────────────────────────────────────────────────────────────────


class Mine:
    pass


LARGE_SPARSE = torch.sparse_coo_tensor(
    torch.zeros(2, 0, dtype=torch.int64), torch.zeros(0), (10**6, 10**6), check_invariants=True
)


NAMED = [
    ((n for n in "a"), "a generator (return a list)"), (map(str, "a"), "a map object (return a list)"), (zip("a"), "a zip object (return a list)"),
    (filter(None, "a"), "a filter object (return a list)"), (iter([1]), "an iterator (return a list)"), (enumerate("a"), "an iterator (return a list)"),
    (itertools.count(), "an iterator (return a list)"), (len, "a function (return its result; are the parentheses of a call missing?)"),
    (lambda: 1, "a function (return its result; are the parentheses of a call missing?)"), (int, "a class (return a value of it)"),
    (sys, "a module (return a value)"), (io.StringIO("x"), "an open file (return its content)"), (Mine(), "a Mine"), (ValueError("x"), "a ValueError"),
    (torch.empty(2, device="meta"), "a meta tensor (return a tensor with values)"), (range(10**9), "a range that is too long (return a shorter one)"),
    (np.ma.masked_array([1], [True]), "a masked array (return an ordinary array)"), (np.longdouble(1), "a NumPy scalar of float128"),
    ({len}, "a set of objects"), ({torch.ones(1): 1}, "a mapping with keys that are no plain values (use strings or numbers for its keys)"),
    (pd.DataFrame({"a": [1]}).groupby("a"), "a grouped table (return what an aggregation of it gives)"), (pd.Interval(0, 1), "an Interval"),
    (pd.period_range("2026", periods=2, freq="M"), "an Index of period[M]"), (pd.Series(np.zeros(2**21, np.uint8)), "a Series of 2097152 rows, more than 1,048,576 cells"),
    (pd.DataFrame(index=range(2**24)), "a DataFrame of 16777216 rows, more than 1,048,576 cells"), (torch.zeros(2**24, 0), "a tensor of shape (16777216, 0), more than 1,048,576 values"),
    (torch.zeros(1).expand(10**10), "a tensor of shape (10000000000,), more than 16,777,216 values"), (10**9999, "an int that is too large"),
    (LARGE_SPARSE, "a sparse tensor of shape (1000000, 1000000)"),
    (np.broadcast_to(np.zeros(1), (10**10,)), "a NumPy array of shape (10000000000,), more than 16,777,216 values"),
]  # fmt: skip


@pytest.mark.filterwarnings("ignore:Sparse")
@pytest.mark.parametrize(("value", "said"), NAMED, ids=range(len(NAMED)))
def test_what_cannot_cross_is_named_with_what_to_return_instead(value: Any, said: str) -> None:
    assert a_kind(crossed(value)) == said
    assert a_kind(crossed([value])[0]) == said


def test_a_cell_that_cannot_cross_is_named_in_its_table() -> None:
    assert a_kind(crossed(pd.Series([len, 1])).iloc[0]).startswith("a function")


# ── what is refused ───────────────────────────────────────────────────────────────────────────────

COLLIDING = [{"i": hex(number * (2**61 - 1))} for number in range(1, 200)]
REFUSED = {
    "an empty tensor of sixteen million rows": ({"t": "float32", "s": [2**24, 0]}, b""),
    "an empty array of sixteen million rows": ({"a": "float64", "s": [0, 2**24]}, b""),
    "empty cells": ({"o": [], "s": [2**24, 0]}, b""),
    "a frame of many rows": ({"p": [], "l": [0, 0, 1, None], "x": [0, 2**24, 1, None]}, b""),
    "a frame of many cells": ({"p": [["int64", {"a": "int64", "s": [0]}]] * 3000, "l": [0, 3000, 1, None], "x": [0, 1000, 1, None]}, b""),
    "a series of many rows": ({"q": ["uint8", {"a": "uint8", "s": [2**21]}], "l": None, "x": [0, 2**21, 1, None]}, bytes(2**21)),
    "a range of many rows": ({"index": [0, 2**24, 1, None]}, b""),
    "a long range": ({"range": [0, 2**30, 1]}, b""),
    "a range without a step": ({"range": [0, 2, 0]}, b""),
    "a large sparse tensor": ({"sparse": "sparse_coo", "s": [2**20, 2**20], "g": False, "c": False, "parts": [{"t": "int64", "s": [2, 0]}, {"t": "float32", "s": [0]}]}, b""),
    "a sparse tensor with places beyond it": ({"sparse": "sparse_coo", "s": [2], "g": False, "c": False, "parts": [{"t": "int64", "s": [1, 1]}, {"t": "uint8", "s": [1]}]}, struct.pack("<q", 5) + b"x"),
    "a compressed tensor with places beyond it": ({"sparse": "sparse_csr", "s": [1, 2], "g": False, "c": False, "parts": [{"t": "int64", "s": [2]}, {"t": "int64", "s": [1]}, {"t": "uint8", "s": [1]}]}, struct.pack("<qqq", 0, 1, 9) + b"x"),
    "characters that there are not": ({"a": "str", "w": 1, "s": [1]}, b"\xff\xff\xff\xff"),
    "text of no width": ({"a": "str", "w": 0, "s": [2**30]}, b""),
    "keys with one hash": ({"set": COLLIDING}, b""),
    "keys with one hash in a mapping": ({"map": [[key, 1] for key in COLLIDING]}, b""),
    "tuples with one hash": ({"set": [{"tuple": [key]} for key in COLLIDING]}, b""),
    "a list as a key": ({"set": [[1]]}, b""),
    "a tensor as a key": ({"map": [[{"t": "uint8", "s": []}, 1]]}, b"x"),
    "an unknown key in depth": ({"set": [{"tuple": [{"tuple": [{"u": "x"}]}]}]}, b""),
    "a huge power of ten": ({"decimal": "1E+99999"}, b""),
    "a signalling NaN": ({"decimal": "sNaN"}, b""),
    "a fraction by nothing": ({"fraction": [1, 0]}, b""),
    "a day that is none": ({"date": [2026, 2, 30]}, b""),
    "a day of bools": ({"date": [2026, True, 1]}, b""),
    "a zone that is a path": ({"datetime": [2026, 1, 1, 0, 0, 0, 0, 0, "../../etc/passwd"]}, b""),
    "a zone that is a folder": ({"datetime": [2026, 1, 1, 0, 0, 0, 0, 0, "Europe"]}, b""),
    "a field that is no name": ({"record": ["A", [["__class__", 1]]]}, b""),
    "a field that is none of ours": ({"named": ["A", ["fields_"], [1]]}, b""),
    "fields without values": ({"named": ["A", ["a", "b"], [1]]}, b""),
    "a member without a name": ({"enum": ["A", 3, 1]}, b""),
    "a dtype that is none": ({"dtype": "load"}, b""),
    "a dtype with dots": ({"dtype": "nn.Module"}, b""),
    "a NumPy dtype that is none": ({"npdtype": "f8, (1000000,)f8"}, b""),
    "a device that is none": ({"device": ["cpu:1", None]}, b""),
    "a constant that is none": ({"constant": "exit"}, b""),
    "surrogates that are no text": ({"str": 1}, b"\xff"),
    "a column of other things": ({"q": ["Int64", ["1"]], "l": None, "x": [0, 1, 1, None]}, b""),
    "a label that is a list": ({"q": ["object", [1]], "l": [1], "x": [0, 1, 1, None]}, b""),
    "codes beyond the categories": ({"pandas": ["category", [{"a": "int8", "s": [1]}, [0, 1, 1, None], False]]}, b"\x05"),
    "levels without names": ({"index": ["multi", [["object", [1]]], []]}, b""),
    "two tags": ({"tuple": [], "set": []}, b""),
}  # fmt: skip


@pytest.mark.parametrize("why", REFUSED)
def test_what_is_not_in_the_format_is_refused(why: str) -> None:
    assert refused(*REFUSED[why])


@pytest.mark.parametrize(
    "tag",
    [
        "tuple",
        "set",
        "frozenset",
        "map",
        "items",
        "deque",
        "enum",
        "record",
        "named",
        "index",
        "o",
        "sparse",
        "complex",
        "slice",
    ],
)
def test_nesting_is_counted_in_every_container(tag: str) -> None:
    tree: Any = 1
    for _ in range(60):
        tree = {
            "map": {"map": [[1, tree]]}, "items": {"items": [[1, tree]]}, "deque": {"deque": [[tree], None]}, "enum": {"enum": ["A", "B", tree]},
            "record": {"record": ["A", [["a", tree]]]}, "named": {"named": ["A", ["a"], [tree]]}, "index": {"index": ["object", [tree], None]},
            "o": {"o": [tree], "s": [1]}, "sparse": {"sparse": "sparse_coo", "s": [1], "g": False, "c": False, "parts": [tree, tree]},
            "complex": {"complex": [tree, 0.5]}, "slice": {"slice": [tree, 1, 1]},
        }.get(tag, {tag: [tree]})  # fmt: skip
        if tag == "sparse":
            tree["parts"][1] = 1
    assert refused(tree)


def test_so_many_tables_are_refused() -> None:
    assert refused([{"p": [], "l": [0, 0, 1, None], "x": [0, 0, 1, None]}] * 20_000)


@quick
@given(VALUES, st.data())
def test_a_header_that_was_bent_is_a_message_or_a_wire_error(value: Any, data: st.DataObject) -> None:
    frame = wire.encode({"value": value})
    length, _ = struct.unpack(">II", frame[:8])
    header, body = bytearray(frame[8 : 8 + length]), frame[8 + length :]
    for _ in range(data.draw(st.integers(1, 3))):
        header[data.draw(st.integers(0, len(header) - 1))] = data.draw(st.sampled_from(b'[]{}",:0129-ntae'))
    try:
        message = wire.decode(bytes(header), body)
    except wire.WireError:
        return
    assert wire.encode(message)
    objects.resolve_known(message)


def test_a_body_over_the_cap_is_said_before_it_is_sent() -> None:
    with pytest.raises(wire.WireError, match="over 10"):
        wire.encode({"value": b"x" * 11}, body_cap=10)
    assert wire.encode({"value": b"x" * 10}, body_cap=10)
