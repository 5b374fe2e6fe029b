"""Two values that are not the same, in two texts that show how."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from itertools import islice, zip_longest
from typing import Any

from autograder.wire import elements
from autograder.wire.elements import Texts, is_array, is_tensor, near, same
from autograder.wire.shown import LONG_INT, MOST_DIGITS, number, show, whole
from autograder.wire.windows import AROUND, FULL, first_place, looks, window

NEIGHBOURS = 2
_DEEPEST = 30
_NOTHING = object()


class Differing:
    """One comparison.  Places in which numbers differ by no more than the tolerance, or values only in kind, come second."""

    def __init__(self, a_kind: Callable[[Any], str], rtol: float, atol: float) -> None:
        self._a_kind, self._rtol, self._atol = a_kind, rtol, atol

    def texts(self, got: Any, expected: Any) -> Texts:
        """The texts for `got` and for `expected`."""
        found: Texts | None = None
        for fits, compare in (
            (_is_number, self._numbers),
            (_is_text, self._strings),
            (is_tensor, self._tensors),
            (is_array, self._tensors),
            (_is_table, self._tables),
        ):
            if fits(got) and fits(expected):
                found = compare(got, expected)
                return found if found is not None else self._kinds(got, expected)
        found = self._whole(got, expected)
        if found is None and _is_container(got, expected):
            found = self._containers(got, expected)
        return found if found is not None else self._kinds(got, expected)

    # ── short values, and values of two kinds ─────────────────────────────────────────────────────

    def _whole(self, got: Any, expected: Any) -> Texts | None:
        """Both values, where they are of one kind, short, and can be told apart so."""
        if type(got) is not type(expected) or _few(got, FULL) < 0 or _few(expected, FULL) < 0:
            return None
        return _told_apart(
            lambda digits: (show(got, 4 * FULL, digits=digits), show(expected, 4 * FULL, digits=digits)), 2 * FULL
        )

    def _kinds(self, got: Any, expected: Any) -> Texts:
        """Both values by their kinds."""
        one, other = self._by_kind(got), self._by_kind(expected)
        return (one, other) if one != other else (one, "another one, which reads the same")

    def _by_kind(self, value: Any) -> str:
        kind = self._a_kind(value)
        text = elements.plainly(value, 6) if is_tensor(value) or is_array(value) else show(value)
        if text.startswith(kind) or text == kind.partition(" (")[0]:
            return kind if len(kind) > len(text) else text
        return f"{kind} ({text})"

    # ── numbers and text ──────────────────────────────────────────────────────────────────────────

    def _numbers(self, got: Any, expected: Any) -> Texts | None:
        if same(got, expected) and type(got) is not type(expected):
            return None
        one_kind = type(got) is type(expected) or {type(got), type(expected)} <= {int, float}
        if not one_kind:
            return self._kinds(got, expected)
        found = _told_apart(lambda digits: (_bare(got, digits), _bare(expected, digits)), FULL)
        if found is None and isinstance(got, int) and isinstance(expected, int) and got != expected:
            return _long_ints(got, expected)
        return found

    def _strings(self, got: Any, expected: Any) -> Texts | None:
        if isinstance(got, str) is not isinstance(expected, str) or got == expected:
            return None
        place = first_place(got, expected)
        start = max(0, place - AROUND)
        alike = isinstance(got, str) and looks(got[start:][: 4 * AROUND]) == looks(expected[start:][: 4 * AROUND])
        one, other = (window(text, place, alike=alike) for text in (got, expected))
        if max(len(got), len(expected)) <= FULL:
            return one, other
        counts = ("", "") if len(got) == len(expected) else (f", of {len(got)}", f", of {len(expected)}")
        return f"{one} around character {place}{counts[0]}", f"{other} there{counts[1]}"

    # ── containers ────────────────────────────────────────────────────────────────────────────────

    def _containers(self, got: Any, expected: Any) -> Texts | None:
        """The first place in which two containers of one kind differ, however deep it lies."""
        path, around, found = "", ("", ""), None
        for _ in range(_DEEPEST):
            step = self._step(got, expected)
            if step is None:
                found = self._ends(got, expected)
                break
            name, one, other = step
            path += f"[{show(name, 40)}]"
            around = ("", "")
            if not isinstance(got, Mapping):
                around = tuple(
                    f" ({_around(items, name)})" if _is_leaf(items[name]) else "" for items in (got, expected)
                )  # type: ignore[assignment]
            got, expected = one, other
            found = self._whole(got, expected)
            if found is not None or not _is_container(got, expected):
                break
        if not path:
            return found
        if found is None:
            found = self._kinds(got, expected) if _is_container(got, expected) else self.texts(got, expected)
        first, second = found
        return f"{first} at {path}{around[0]}", f"{second} there{around[1]}"

    def _step(self, got: Any, expected: Any) -> tuple[Any, Any, Any] | None:
        """The first index or key under which two lists, tuples or mappings differ, and what stands there."""
        for exact in (False, True):
            if isinstance(got, Mapping) and isinstance(expected, Mapping):
                if got.keys() != expected.keys():
                    return None
                pairs = ((key, got[key], other) for key, other in expected.items())
            elif type(got) is type(expected) and isinstance(got, (list, tuple)):
                pairs = ((place, one, other) for place, (one, other) in enumerate(zip(got, expected, strict=False)))
            else:
                return None
            for name, one, other in pairs:
                if self.differ(one, other, exact=exact):
                    return name, one, other
        return None

    @staticmethod
    def _ends(got: Any, expected: Any) -> Texts | None:
        """Two containers with the same entries as far as both go: which has more."""
        if isinstance(got, Mapping) and isinstance(expected, Mapping):
            for holds, lacks, texts in ((expected, got, ("without", "with")), (got, expected, ("with", "without"))):
                for key in holds:
                    if key not in lacks:
                        it = {"with": f"with the key {show(key)}", "without": f"without the key {show(key)}"}
                        return f"a dictionary {it[texts[0]]}", f"one {texts[1]} it"
            return None
        if type(got) is not type(expected) or not isinstance(got, (list, tuple, AbstractSet)):
            return None
        if isinstance(got, AbstractSet):
            return _sets(got, expected)
        shorter = min(len(got), len(expected))
        one, other = (
            f"{len(items)} entries, with {show(items[shorter])} after these: {_around(items, shorter - 1)}"
            if len(items) > shorter
            else f"{len(items)} entries, which end with {_around(items, shorter - 1)}"
            for items in (got, expected)
        )
        return f"a {'list' if isinstance(got, list) else 'tuple'} of {one}", f"one of {other}"

    def differ(self, one: Any, other: Any, *, exact: bool, depth: int = 0) -> bool:
        """Whether two values differ: by more than the tolerance, or with `exact` at all, in kind too."""
        if one is other:
            return False
        if _is_number(one) and _is_number(other):
            return (
                (type(one) is not type(other) or not same(one, other))
                if exact
                else not near(one, other, self._rtol, self._atol)
            )
        if type(one) is not type(other) or depth > _DEEPEST:
            return True
        tolerance = (0.0, 0.0) if exact else (self._rtol, self._atol)
        if is_tensor(one) or is_array(one):
            if not elements.can_be_read(one) or elements.aspect(one, other):
                return True
            place = elements.first_place(one, other, *tolerance)
            return place is not None or (exact and elements.last_aspect(one, other) is not None)
        if isinstance(one, (list, tuple)):
            pairs = zip_longest(one, other, fillvalue=_NOTHING)
            return len(one) != len(other) or any(self.differ(a, b, exact=exact, depth=depth + 1) for a, b in pairs)
        if isinstance(one, Mapping):
            return set(one) != set(other) or any(
                self.differ(one[key], other[key], exact=exact, depth=depth + 1) for key in one
            )
        return not one.equals(other) if _is_table(one) else not same(one, other)

    # ── tensors, arrays and tables ────────────────────────────────────────────────────────────────

    def _tensors(self, got: Any, expected: Any) -> Texts | None:
        if not (elements.can_be_read(got) and elements.can_be_read(expected)):
            return None
        found = elements.aspect(got, expected)
        if found is not None:
            return found
        place = elements.element(got, expected, self._rtol, self._atol)
        if place is None:
            return elements.last_aspect(got, expected)
        if elements.count(got) > 12:
            return place
        return (
            _told_apart(lambda digits: (elements.plainly(got, digits), elements.plainly(expected, digits)), 2 * FULL)
            or place
        )

    def _tables(self, got: Any, expected: Any) -> Texts | None:
        if type(got) is not type(expected):
            return None
        if len(got) != len(expected):
            return f"{len(got)} rows", f"{len(expected)} rows"
        series = type(got).__name__ == "Series"
        columns = ([got.name], [expected.name]) if series else (list(got.columns), list(expected.columns))
        for what, one, other in (("columns", *columns), ("index", got.index.tolist(), expected.index.tolist())):
            if self.differ(one, other, exact=True):
                if series and what == "columns":
                    return f"a Series with the name {show(one[0])}", f"one with the name {show(other[0])}"
                first, second = self.texts(one, other)
                return f"the {what} {first}", f"the {what} {second}"
        for exact in (False, True):
            for place, name in enumerate(columns[0]):
                one, other = (table if series else table.iloc[:, place] for table in (got, expected))
                if one.equals(other):
                    continue
                of = "" if series else f" of column {show(name)}"
                if exact and one.dtype != other.dtype:
                    return f"{one.dtype} as the type{of or ' of the Series'}", str(other.dtype)
                for row, a, b in zip(got.index.tolist(), one.tolist(), other.tolist(), strict=True):
                    if self.differ(a, b, exact=exact):
                        first, second = self.texts(a, b)
                        return f"{first} in row {show(row)}{of}", f"{second} there"
        return None


def _told_apart(shown: Callable[[int], Texts], most: int) -> Texts | None:
    """The two texts with as few digits as tell them apart, unless they are longer than `most` or look the same."""
    for digits in range(6, MOST_DIGITS + 1):
        one, other = shown(digits)
        if one != other:
            fits = max(len(one), len(other)) <= most + 4 * digits and looks(one) != looks(other)
            return (one, other) if fits else None
    return None


def _long_ints(got: int, expected: int) -> Texts:
    if max(got.bit_length(), expected.bit_length()) >= LONG_INT:
        return f"a {'larger' if got > expected else 'smaller'} number ({whole(got)})", whole(expected)
    one, other = str(got), str(expected)
    place = first_place(one, other)
    first, second = (window(text, place, alike=False).replace("'", "") for text in (one, other))
    return f"{first} ({len(one)} digits, other ones from place {place} on)", f"{second} ({len(other)} digits)"


def _sets(got: Any, expected: Any) -> Texts | None:
    for one in got:
        if one not in expected:
            return f"a set of {len(got)} with {show(one)}", f"one of {len(expected)} without it"
    for one in expected:
        if one not in got:
            return f"a set of {len(got)} without {show(one)}", f"one of {len(expected)} with it"
    return None


# ── which kind of comparison ──────────────────────────────────────────────────────────────────────


def _is_text(value: Any) -> bool:
    return isinstance(value, (str, bytes))


def _is_number(value: Any) -> bool:
    if isinstance(value, (int, float, complex)):
        return True
    return (
        type(value).__module__ == "numpy"
        and not is_array(value)
        and getattr(value, "dtype", None) is not None
        and value.dtype.kind in "biufc"
    )


def _is_table(value: Any) -> bool:
    return type(value).__name__ in {"DataFrame", "Series"}


def _is_container(got: Any, expected: Any) -> bool:
    if isinstance(got, Mapping) and isinstance(expected, Mapping):
        return True
    return type(got) is type(expected) and isinstance(got, (list, tuple, AbstractSet))


def _is_leaf(value: Any) -> bool:
    return value is None or _is_number(value) or (_is_text(value) and len(value) <= AROUND)


def _few(value: Any, room: int) -> int:
    """What is left of `room` once each value in `value`, and each character, has taken a place of it; negative if there are too many."""
    if room < 0 or _is_text(value):
        return room - len(value) if _is_text(value) else room
    if is_tensor(value) or is_array(value):
        return room - 8 * elements.count(value)
    if isinstance(value, Mapping):
        value = islice((part for pair in value.items() for part in pair), room + 1)
    elif _is_table(value):
        return -1
    elif not isinstance(value, (list, tuple, AbstractSet)):
        return room - 1
    for part in value:
        room = _few(part, room - 2)
        if room < 0:
            break
    return room


# ── parts of texts ────────────────────────────────────────────────────────────────────────────────


def _bare(value: Any, digits: int) -> str:
    return number(value, digits) if type(value) is float else show(value, digits=digits)


def _around(items: Any, place: int) -> str:
    """The entries around `place`."""
    left, right = max(0, place - NEIGHBOURS), place + NEIGHBOURS + 1
    parts = [show(item, 30) for item in items[left:right]]
    return f"[{'…, ' if left else ''}{', '.join(parts)}{', …' if right < len(items) else ''}]"
