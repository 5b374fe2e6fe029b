"""Values as a student would write them.  However large a value is, only what is shown of it is looked at.

No `repr` of a library's or a student's own is asked: it may be endless, or say where in memory something lies."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections import deque
from collections.abc import Callable, ItemsView, Iterable, KeysView, Mapping, ValuesView
from collections.abc import Set as AbstractSet
from decimal import Decimal
from fractions import Fraction
from itertools import islice
from pathlib import PurePath
from typing import Any

from autograder.wire import refused, specs
from autograder.wire.values import Member, NamedRecord, Opaque, Record, Reference

LIMIT = 120
MAX_ELEMENTS = 24
"""Of a tensor that is written out."""
MOST_DIGITS = 17
_DEEPEST = 30
LONG_INT = 4000
_NOT_FINITE = re.compile(r"\b(inf|nan)\b")
"""In the text of a tensor, which is pasted where only `torch` is known."""
_SELF_EXPLAINING = (dt.date, dt.time, dt.timedelta, Decimal, Fraction, range, type(...), type(NotImplemented))
"""Types whose repr is short and is what one writes."""


def show(value: Any, limit: int = LIMIT, *, digits: int = 6) -> str:
    """`value` as a student would write it, shortened to about `limit` characters; floats with so many significant digits."""
    return _Shown(digits).text(value, limit, 0)


class _Shown:
    """One value on its way into a text."""

    def __init__(self, digits: int) -> None:
        self._digits = digits

    def text(self, value: Any, room: int, depth: int) -> str:
        kind = type(value)
        if value is None or kind is bool:
            return repr(value)
        if kind is float:
            return number(value, self._digits)
        if kind is int:
            return whole(value)
        spec = value.spec if kind is Reference else specs.spec_of(value)
        if spec is not None:
            return specs.described(spec, lambda part: self.text(part, room, depth + 1))
        if isinstance(value, str) and kind.__module__ != "numpy":
            return quoted(str.__str__(value), room)
        if isinstance(value, (bytes, bytearray)) and kind.__module__ != "numpy":
            return (
                quoted(bytes(value[: room + 1]), room)
                if kind is bytes
                else f"{kind.__name__}({quoted(bytes(value[: room + 1]), room)})"
            )
        if depth > _DEEPEST or room <= 0:
            return "…"
        return (
            self._library(value, room, depth) or self._container(value, room, depth) or self._other(value, room, depth)
        )

    # ── containers ────────────────────────────────────────────────────────────────────────────────

    def _container(self, value: Any, room: int, depth: int) -> str:
        if isinstance(value, NamedRecord) or (isinstance(value, tuple) and hasattr(value, "_fields")):
            fields = value.fields_ if isinstance(value, NamedRecord) else value._fields
            return self._call(
                getattr(value, "class_name_", "") or type(value).__name__, zip(fields, value, strict=False), room, depth
            )
        if isinstance(value, Record):
            return self._call(value.class_name_, vars(value).items(), room, depth)
        if type(value).__name__ == "Size" and isinstance(value, tuple):
            return f"torch.Size({self._listed(value, room, depth)})"
        if isinstance(value, tuple):
            inner = self._listed(value, room, depth)[1:-1]
            return f"({inner},)" if len(value) == 1 else f"({inner})"
        if isinstance(value, (list, deque)):
            inner = self._listed(value, room, depth)
            return inner if isinstance(value, list) else f"deque({inner})"
        if isinstance(value, (KeysView, ValuesView, ItemsView)):
            return f"dict_{type(value).__name__.removeprefix('dict_').removesuffix('View').lower()}({self._listed(value, room, depth)})"
        if isinstance(value, AbstractSet):
            inner = self._listed(value, room, depth)[1:-1]
            name = "frozenset" if isinstance(value, frozenset) else "set"
            return f"{name}()" if not inner else f"frozenset({{{inner}}})" if name == "frozenset" else f"{{{inner}}}"
        if isinstance(value, Mapping):
            return self._joined("{}", value.items(), lambda pair, left: self._pair(pair, left, depth), room)
        return ""

    def _listed(self, items: Iterable[Any], room: int, depth: int) -> str:
        return self._joined("[]", items, lambda item, left: self.text(item, left, depth + 1), room)

    def _pair(self, pair: tuple[Any, Any], room: int, depth: int) -> str:
        key = self.text(pair[0], room, depth + 1)
        return f"{key}: {self.text(pair[1], room - len(key), depth + 1)}"

    def _call(self, name: str, fields: Iterable[tuple[str, Any]], room: int, depth: int) -> str:
        def field(pair: tuple[str, Any], left: int) -> str:
            return f"{pair[0]}={self.text(pair[1], left, depth + 1)}"

        return f"{name}{self._joined('()', fields, field, room)}"

    @staticmethod
    def _joined(brackets: str, items: Iterable[Any], part: Callable[[Any, int], str], room: int) -> str:
        parts: list[str] = []
        for item in islice(items, room + 1):
            if room < 3 and parts:
                parts.append("…")
                break
            parts.append(part(item, room))
            room -= len(parts[-1]) + 2
        return f"{brackets[0]}{', '.join(parts)}{brackets[1]}"

    # ── what libraries make ───────────────────────────────────────────────────────────────────────

    def _library(self, value: Any, room: int, depth: int) -> str:
        package = type(value).__module__.partition(".")[0]
        names = {cls.__name__ for cls in type(value).__mro__}
        if "Tensor" in names and hasattr(value, "requires_grad"):
            return self._tensor(value)
        if package == "numpy" or "ndarray" in names:
            return self._numpy(value, room, depth)
        if package == "pandas":
            return self._table(value, type(value).__name__, room, depth)
        if package == "torch" and type(value).__name__ == "device":
            return f"torch.device('{value}')"
        if package == "torch" and type(value).__name__ == "dtype":
            return str(value)
        if package == "torch" and type(value).__name__ == "Generator":
            return _generator(value)
        if "Image" in names and hasattr(value, "getpixel"):
            return f"an image of {value.size[0]}×{value.size[1]} pixels in mode {value.mode}"
        return ""

    def _tensor(self, value: Any) -> str:
        name = dtype_name(value.dtype)
        shape = tuple(value.shape)
        if value.is_quantized or value.is_meta or value.is_nested:
            return f"a {name} tensor"
        layout = str(value.layout).removeprefix("torch.")
        if layout != "strided" and value.numel() > MAX_ELEMENTS:
            return f"a {name} tensor of shape {shape} in the layout {layout}"
        dense = value.detach() if layout == "strided" else value.detach().to_dense()
        if dense.numel() > MAX_ELEMENTS:
            kind = "tensor" if name in {"float32", "int64", "bool"} else f"{name} tensor"
            return f"{article(kind)} of shape {shape} [{', '.join(self._elements(dense.reshape(-1)[:4]))}, …]"
        if not dense.numel() and len(shape) != 1:
            inner = f"torch.empty({', '.join(map(str, shape))}"
        else:
            inner = "torch.tensor(" + _NOT_FINITE.sub(r"torch.\1", self.nested(dense))
        implied = "float32" if not dense.numel() or dense.dtype.is_floating_point or dense.is_complex() else "int64"
        dtype = (
            ""
            if (name in {implied, "bool", "complex64"} and dense.numel()) or name == implied
            else f", dtype=torch.{name}"
        )
        grad = ", requires_grad=True" if value.requires_grad else ""
        return f"{inner}{dtype}{grad})" + ("" if layout == "strided" else f".to_{layout.removesuffix('_coo')}()")

    def nested(self, dense: Any) -> str:
        """A tensor or array of few elements as lists in lists."""
        if not dense.ndim:
            return self._elements(dense.reshape(-1))[0]
        if dense.ndim == 1:
            return f"[{', '.join(self._elements(dense))}]"
        return f"[{', '.join(self.nested(row) for row in dense)}]"

    def _elements(self, flat: Any) -> list[str]:
        return [self.text(item, LIMIT, 1) for item in flat.tolist()]

    def _numpy(self, value: Any, room: int, depth: int) -> str:
        import numpy as np

        if isinstance(value, np.dtype):
            return f"np.dtype('{value}')"
        if isinstance(value, (np.str_, np.bytes_)):
            plain = str.__str__(value) if isinstance(value, str) else bytes(value[: room + 1])
            return f"np.{type(value).__name__}({quoted(plain, room)})"
        if isinstance(value, (np.datetime64, np.timedelta64)):
            return f"np.{type(value).__name__}('{value}')"
        if isinstance(value, np.generic):
            plain = value.item()
            text = self.text(plain, room, depth) if isinstance(plain, (bool, int, float, complex)) else f"{value}"[:40]
            return f"np.{type(value).__name__}({text})"
        if not isinstance(value, np.ndarray):
            return ""
        if value.size > MAX_ELEMENTS:
            kind = "array" if value.dtype.name in {"float64", "int64", "bool"} else f"{value.dtype.name} array"
            return f"{article(kind)} of shape {value.shape} [{', '.join(self._elements(value.reshape(-1)[:4]))}, …]"
        kept = value.dtype.kind in "US" or (
            value.size and value.dtype.name in {"float64", "int64", "bool", "complex128"}
        )
        return f"np.array({self.nested(value)}{'' if kept else f', dtype={value.dtype.name!r}'})"

    def _table(self, value: Any, name: str, room: int, depth: int) -> str:
        """Something of pandas': a small one as Python makes it, a large one by what it holds."""
        if name in {"NaTType", "NAType"}:
            return f"pd.{name.removesuffix('Type')}"
        if name in {"Timestamp", "Timedelta"}:
            return f"pd.{name}('{value}')"
        if name not in {"DataFrame", "Series"}:
            return f"pd.Index({self._listed(value, room, depth)})" if hasattr(value, "nlevels") else ""
        index = list(islice(value.index, LIMIT))
        numbered = index == list(range(len(index)))
        named = "" if numbered else f", index={self._listed(index, room // 2, depth)}"
        if name == "Series":
            return f"pd.Series({self._listed(value, room, depth)}{named})"
        columns = list(islice(value.columns, LIMIT))
        if len(value) <= 5 and len(columns) <= 6:
            cells = [(column, value.iloc[:, place].tolist()) for place, column in enumerate(columns)]
            inner = self._joined("{}", cells, lambda pair, left: self._pair(pair, left, depth), 2 * room)
            if len(inner) + len(named) <= 2 * room:
                return f"pd.DataFrame({inner}{named})"
        rows = f"{len(value)} row{'' if len(value) == 1 else 's'}"
        return f"a DataFrame of {rows} with the columns {self._listed(columns, room, depth)[1:-1]}{named}"

    # ── anything else ─────────────────────────────────────────────────────────────────────────────

    def _other(self, value: Any, room: int, depth: int) -> str:
        if isinstance(value, Opaque):
            return article(value.type_name)
        if isinstance(value, Member):
            return f"{value.class_name}.{value.name}"
        if isinstance(value, complex):
            return f"({number(value.real, self._digits)}{'' if value.imag < 0 else '+'}{number(value.imag, self._digits)}j)"
        if isinstance(value, slice):
            return (
                f"slice({', '.join(self.text(end, room, depth + 1) for end in (value.start, value.stop, value.step))})"
            )
        if isinstance(value, int):
            return whole(int(value))
        if isinstance(value, float):
            return number(float(value), self._digits)
        if isinstance(value, _SELF_EXPLAINING):
            return repr(value)[:LIMIT]
        if isinstance(value, PurePath):
            return f"Path({quoted(str(value), room)})"
        if isinstance(value, memoryview):
            return (
                f"memoryview({quoted(bytes(value[: room + 1]), room)})"
                if value.ndim == 1 and value.itemsize == 1
                else "a memoryview"
            )
        return notebook_name(value) or article(refused.what(value))


def notebook_name(value: Any) -> str:
    """What a notebook calls a tokenizer, a model, a pipeline or a scheduler; empty for anything else."""
    names = [cls.__name__ for cls in type(value).__mro__]
    if names[0].endswith("Pipeline"):
        return "classifier" if "Classification" in names[0] else "pipe"
    if hasattr(value, "convert_ids_to_tokens"):
        return "tokenizer"
    if "Module" in names and hasattr(value, "state_dict"):
        return "model"
    return "scheduler" if "SchedulerMixin" in names else ""


def article(noun: str) -> str:
    """`noun` with its article: "an image", "a list"."""
    return f"{'an' if noun[:1].lower() in set('aeio') else 'a'} {noun}"


def number(value: float, digits: int) -> str:
    """A float with so many significant digits, which is a float where it is pasted: 1.0 and not 1."""
    if not math.isfinite(value):
        return repr(float(value))
    text = repr(value) if digits >= MOST_DIGITS else f"{value:.{digits}g}"
    return text if any(letter in text for letter in ".e") else f"{text}.0"


def whole(value: int) -> str:
    """An int; of one with thousands of digits only how many there are, since Python refuses to write them."""
    return (
        repr(value) if value.bit_length() < LONG_INT else f"an int of about {int(value.bit_length() * 0.30103)} digits"
    )


def quoted(text: str | bytes, room: int) -> str:
    """Text in quotes, with what cannot be seen escaped, and cut after about `room` characters."""
    if len(text) <= max(room, 12):
        return repr(text)
    cut = repr(text[: max(room, 12)])
    return f"{cut[:-1]}…{cut[-1]}"


def dtype_name(dtype: Any) -> str:
    return str(dtype).removeprefix("torch.")


def _generator(value: Any) -> str:
    import torch

    seed = value.initial_seed()
    fresh = value.device.type == "cpu" and torch.equal(
        value.get_state(), torch.Generator().manual_seed(seed).get_state()
    )
    return f"torch.Generator().manual_seed({seed})" if fresh else "a torch.Generator that was used before"
