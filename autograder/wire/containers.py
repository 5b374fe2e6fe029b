"""Values that hold other values, beyond lists and mappings with text for keys.

    value                               header
    -----                               ------
    tuple                               {"tuple": [values]}
    named tuple                         {"named": [class, [field, …], [values]]}
    instance of a dataclass             {"record": [class, [[field, value], …]]}
    member of an enumeration            {"enum": [class, name, value]}
    set, frozenset                      {"set": [keys]}   {"frozenset": [keys]}
    mapping with other keys than text   {"map": [[key, value], …]}
    deque                               {"deque": [[values], maximal length]}
    views of a dict                     {"keys": [keys]}   {"values": [values]}   {"items": [[key, value], …]}

A key is a scalar, or a tuple, frozenset, named tuple, record or member that holds only such; nothing else is hashed."""

from __future__ import annotations

import dataclasses
from collections import Counter, deque
from collections.abc import Callable, ItemsView, Iterable, KeysView, Mapping, ValuesView
from collections.abc import Set as AbstractSet
from enum import Enum
from typing import Any

from autograder.wire import scalars
from autograder.wire.values import Member, NamedRecord, Record, WireError, is_field

MAX_FIELDS = 1000
MAX_ALIKE = 64
"""Keys with one and the same hash: more of them would make looking them up slow on purpose."""
_NESTED_KEYS = {"tuple", "frozenset", "named", "record", "enum"}
_DEEPEST_KEY = 40

Part = Callable[[Any], Any]


# ── encoding ──────────────────────────────────────────────────────────────────────────────────────


def encode(value: Any, body: list[bytes], part: Part) -> dict[str, Any] | None:
    """The header of `value`; None for what is none of these."""
    kind = type(value)
    if isinstance(value, (Member, Enum)):
        return {"enum": [_class_name(value), part(str(value.name)), part(value.value)]}
    if isinstance(value, tuple):
        fields = _fields_of_tuple(value)
        if fields is None:
            return {"tuple": [part(item) for item in value]}
        return {"named": [_class_name(value), fields, [part(item) for item in value]]}
    if isinstance(value, (KeysView, AbstractSet)) and not isinstance(value, ItemsView):
        tag = "keys" if isinstance(value, KeysView) else "frozenset" if isinstance(value, frozenset) else "set"
        return _encode_keyed(tag, value, body, part, lambda key: key)
    if isinstance(value, (Mapping, ItemsView)):
        pairs = value.items() if isinstance(value, Mapping) else value
        tag = "map" if isinstance(value, Mapping) else "items"
        return _encode_keyed(tag, pairs, body, lambda pair: [part(pair[0]), part(pair[1])], lambda pair: pair[0])
    if isinstance(value, ValuesView):
        return {"values": [part(item) for item in value]}
    if isinstance(value, deque):
        return {"deque": [[part(item) for item in value], value.maxlen]}
    if isinstance(value, Record) or (dataclasses.is_dataclass(value) and kind is not type):
        return _encode_record(value, part)
    return None


def _class_name(value: Any) -> str:
    name = value.class_name if isinstance(value, Member) else getattr(value, "class_name_", None)
    return str(name if type(name) is str and name else type(value).__name__)[:100]


def _fields_of_tuple(value: tuple[Any, ...]) -> list[str] | None:
    """The names of the items of a named tuple, or of what torch returns as one."""
    kind: Any = type(value)
    names = (
        getattr(value, "fields_", ())
        if kind is NamedRecord
        else getattr(kind, "_fields", getattr(kind, "__match_args__", ()))
    )
    if kind is tuple or type(names) is not tuple or len(names) != len(value) or not all(map(is_field, names)):
        return None
    return list(names) if names else None


def _encode_record(value: Any, part: Part) -> dict[str, Any]:
    if isinstance(value, Record):
        fields = dict(vars(value))
    else:
        fields = {field.name: getattr(value, field.name, None) for field in dataclasses.fields(value)}
    if not all(map(is_field, fields)) or len(fields) > MAX_FIELDS:
        return {"u": _class_name(value)}
    return {"record": [_class_name(value), [[name, part(item)] for name, item in fields.items()]]}


def _encode_keyed(
    tag: str, items: Iterable[Any], body: list[bytes], encoded: Callable[[Any], Any], key_of: Callable[[Any], Any]
) -> dict[str, Any]:
    """A value that is looked up by keys; where one of them is no plain key, only what the value is."""
    made, start = [], len(body)
    for item in items:
        one = encoded(item)
        if not is_key(key_of(one)):
            del body[start:]
            what = {"map": "mapping", "items": "dict_items", "keys": "dict_keys"}.get(tag, tag)
            return {"u": f"{what} with keys that are no plain values" if tag == "map" else f"{what} of objects"}
        made.append(one)
    return {tag: made}


def is_key(header: Any, depth: int = 0) -> bool:
    """Whether `header` is one of a value that may be hashed."""
    if type(header) is not dict:
        return type(header) is not list
    tag = next(iter(header), None)
    content = header.get(tag)
    if tag in _NESTED_KEYS and type(content) is list and depth < _DEEPEST_KEY:
        parts = content
        if tag in {"named", "record", "enum"}:
            parts = content[-1] if content else []
        if tag == "record" and type(parts) is list:
            parts = [pair[-1] if type(pair) is list and pair else [] for pair in parts]
        parts = [parts] if tag == "enum" else parts
        return type(parts) is list and all(is_key(one, depth + 1) for one in parts)
    return tag in scalars.KEYS or tag in {"n", "timestamp", "elapsed", "nat", "na"}


# ── decoding ──────────────────────────────────────────────────────────────────────────────────────


def decode(tag: str, content: Any, part: Part, charge: Callable[[int], None]) -> Any:
    """What `encode` wrote.  Raises WireError for anything else."""
    charge(300)
    if type(content) is not list:
        raise WireError(f"a broken {tag}")
    try:
        return _DECODERS[tag](content, part)
    except (TypeError, ValueError, OverflowError, ArithmeticError) as error:
        raise WireError(f"a broken {tag}: {error}"[:200]) from None


def _named(content: list[Any], part: Part) -> NamedRecord:
    name, fields, values = content
    if type(name) is not str or type(fields) is not list or type(values) is not list or len(fields) != len(values):
        raise ValueError("not in the format")
    if len(fields) > MAX_FIELDS or not all(map(is_field, fields)) or len(set(fields)) != len(fields):
        raise ValueError("not in the format")
    return NamedRecord.of(plain_name(name), fields, [part(item) for item in values])


def _record(content: list[Any], part: Part) -> Record:
    name, pairs = content
    if type(name) is not str or type(pairs) is not list or len(pairs) > MAX_FIELDS:
        raise ValueError("not in the format")
    fields = dict(_pairs(pairs, part, key=False))
    if not all(map(is_field, fields)):
        raise ValueError("not in the format")
    return Record(plain_name(name), fields)


def _enum(content: list[Any], part: Part) -> Member:
    class_name, name, value = content
    name = part(name)
    if type(class_name) is not str or type(name) is not str:
        raise ValueError("not in the format")
    return Member(plain_name(class_name), plain_name(name), part(value))


def _deque(content: list[Any], part: Part) -> deque[Any]:
    values, longest = content
    if type(values) is not list or not (longest is None or (type(longest) is int and longest >= len(values))):
        raise ValueError("not in the format")
    return deque([part(item) for item in values], longest)


def _keys(content: list[Any], part: Part) -> list[Any]:
    if not all(map(is_key, content)):
        raise ValueError("a key that is no plain value")
    return _told_apart([part(item) for item in content])


def _pairs(content: list[Any], part: Part, *, key: bool = True) -> list[tuple[Any, Any]]:
    if not all(type(pair) is list and len(pair) == 2 for pair in content):
        raise ValueError("a mapping is a list of pairs")
    if not key:
        return [(pair[0], part(pair[1])) for pair in content if type(pair[0]) is str]
    if not all(is_key(pair[0]) for pair in content):
        raise ValueError("a key that is no plain value")
    made = [(part(pair[0]), part(pair[1])) for pair in content]
    _told_apart([pair[0] for pair in made])
    return made


def _told_apart(keys: list[Any]) -> list[Any]:
    """`keys`, which a table can look up in no time: hashes can be made equal on purpose."""
    hashes = Counter(map(hash, keys))
    if hashes and max(hashes.values()) > MAX_ALIKE:
        raise ValueError("too many keys with the same hash")
    return keys


def plain_name(name: str) -> str:
    """The name of a class in the other process, as far as it can be shown."""
    return "".join(letter if letter.isprintable() else "�" for letter in name[:100])


_DECODERS: dict[str, Callable[[list[Any], Part], Any]] = {
    "tuple": lambda content, part: tuple([part(item) for item in content]),
    "named": _named,
    "record": _record,
    "enum": _enum,
    "set": lambda content, part: set(_keys(content, part)),
    "frozenset": lambda content, part: frozenset(_keys(content, part)),
    "map": lambda content, part: dict(_pairs(content, part)),
    "deque": _deque,
    "keys": lambda content, part: dict.fromkeys(_keys(content, part)).keys(),
    "values": lambda content, part: dict(enumerate([part(item) for item in content])).values(),
    "items": lambda content, part: dict(_pairs(content, part)).items(),
}
TAGS = frozenset(_DECODERS)


# ── walking ───────────────────────────────────────────────────────────────────────────────────────


def rebuilt(value: Any, change: Callable[[Any], Any]) -> Any:
    """`value` as it was decoded, with `change` applied to each value that it holds; one that holds none is returned itself.

    Keys are plain and stay as they are."""
    kind = type(value)
    if kind is list:
        return [change(item) for item in value]
    if kind is dict:
        return {key: change(item) for key, item in value.items()}
    if kind is tuple:
        return tuple([change(item) for item in value])
    if kind is NamedRecord:
        return NamedRecord.of(value.class_name_, value.fields_, [change(item) for item in value])
    if kind is Record:
        return Record(value.class_name_, {name: change(item) for name, item in vars(value).items()})
    if kind is Member:
        return Member(value.class_name, value.name, change(value.value))
    if kind is deque:
        return deque([change(item) for item in value], value.maxlen)
    if kind is _VALUES:
        return dict(enumerate([change(item) for item in value])).values()
    if kind is _ITEMS:
        return {key: change(item) for key, item in value}.items()
    return value


_VALUES: type = type({}.values())
_ITEMS: type = type({}.items())
