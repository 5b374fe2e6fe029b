"""Which operators and watched functions a call used: what `forbids` looks at when the source alone does not tell.

Operators are noticed by PyTorch's own profiler, which stands below everything that Python can switch off, and sees what gradients and
operators of one's own are made of.  It belongs to a thread: see `elsewhere` for the others."""

from __future__ import annotations

import contextlib
import functools
import importlib
import inspect
import secrets
import sys
from collections.abc import Iterable
from typing import Any, Self

import numpy as np
import torch
from torch._C._autograd import _disable_profiler_legacy as _stop
from torch._C._autograd import _enable_profiler_legacy as _start
from torch.autograd import profiler_legacy

from autograder.code.forbidden import PROFILER

_used: set[str] = set()
_NEEDED = 1 << 20
"""Bytes that the profiler takes when it starts."""
_RESERVE = [bytearray(_NEEDED)]
"""Kept free for it, should a notebook fill the memory and leave it so."""
_mark = secrets.token_hex(8)


class Operators:
    """Collects the names of the operators, as `aten.softmax`, that run in this thread inside a `with` block."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def __enter__(self) -> Self:
        _RESERVE.clear()
        try:
            _start(profiler_legacy.profile().config())
            with torch.autograd.profiler.record_function(_mark):
                pass
        except BaseException:
            _ran()  # half started, it would refuse every later start
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.names |= _ran()
        with contextlib.suppress(MemoryError):
            _RESERVE.append(bytearray(_NEEDED))


class Watch:
    """Collects the names of the watched functions, and of the operators if `operators`, that run inside a `with` block."""

    def __init__(self, *, operators: bool) -> None:
        self.names: set[str] = set()
        self.operators = operators
        self._operators = Operators() if operators else None

    def __enter__(self) -> Self:
        _used.clear()
        if self._operators is not None:
            self._operators.__enter__()
        return self

    def __exit__(self, *_: object) -> None:
        if self._operators is not None:
            self._operators.__exit__()
            self.names |= self._operators.names
        self.names |= _used


def _ran() -> set[str]:
    """The operators since the profiler was started."""
    try:
        ran = {event.name() for events in _stop() for event in events}
    except RuntimeError:  # it does not run any more
        return {PROFILER}
    if _mark not in ran:  # it is another one than was started
        return {PROFILER}
    return {name.replace("::", ".", 1) for name in ran if name.startswith("aten::")}


def watch(names: Iterable[str]) -> None:
    """Wraps the functions and methods with these dotted names so that their use is noticed; `module.*` stands for a module's own functions.

    Called once, in the warm parent.  Other modules' names for the same function are wrapped too, and tables of functions: what is imported
    later takes the wrapped one anyway.  What cannot be wrapped (a class, a type that takes no attributes) is left to the look at the
    source; of torch's functions the operators tell as well, in the thread that is asked."""
    noticed: dict[int, tuple[Any, Any]] = {}
    for name in names:
        owner_name, _, last = name.rpartition(".")
        if not owner_name or (last == "*" and owner_name.startswith("torch")):
            continue  # torch uses its own modules itself
        owner = _owner(name)
        if owner is None:
            continue
        package = owner_name.partition(".")[0]
        if isinstance(owner, np.ufunc):
            # A ufunc takes no attributes: a function that has all of its attributes stands in its place.
            known = noticed.get(id(owner), (owner, _with_its_attributes(owner)))
            setattr(known[1], last, _noticed(getattr(owner, last), name))
            noticed[id(owner)] = known
            setattr(_owner(owner_name), owner.__name__, known[1])
            continue
        if last == "*":
            for attribute, function in list(vars(owner).items()):
                if _is_function(function) and str(getattr(function, "__module__", package)).startswith(package):
                    noticed[id(function)] = function, _wrap(owner, attribute, function, f"{owner_name}.{attribute}")
        elif _is_function(function := getattr(owner, last, None)):
            wrapped = _wrap(owner, last, function, name)
            if package != "torch":  # torch compares its functions by identity, and its operators tell
                noticed[id(function)] = function, wrapped
    _notice_beneath()
    if noticed:
        _replace_elsewhere(noticed)


def _notice_beneath() -> None:
    """Notices what calls an operator's innermost part, where the profiler does not look."""
    overload: Any = torch._ops.OpOverload  # noqa: SLF001 - there is no other place
    for name in ("_op_dk", "_handle"):
        setattr(overload, name, _noticed_part(name))
    core: Any = torch._C  # noqa: SLF001
    find = core._get_operation_overload  # noqa: SLF001

    def found(qualified_name: str, overload_name: str) -> Any:
        parts = find(qualified_name, overload_name)
        return parts and (parts[0], _noticed(parts[1], qualified_name.replace("::", ".")), *parts[2:])

    core._get_operation_overload = found  # noqa: SLF001


def _noticed_part(name: str) -> property:
    """An attribute of PyTorch's operators; who takes it is taken to call it."""
    computed = vars(torch._ops.OpOverload).get(name)  # noqa: SLF001

    def get(operator: Any) -> Any:
        _used.add(f"aten.{operator.__name__.partition('.')[0]}")
        return vars(operator)[name] if computed is None else computed.__get__(operator, type(operator))

    def put(operator: Any, value: Any) -> None:
        vars(operator)[name] = value

    return property(get, put)


def _with_its_attributes(function: Any) -> Any:
    """A plain function that does what `function` does and has its public attributes, which can be set."""

    def plain(*args: Any, **kwargs: Any) -> Any:
        return function(*args, **kwargs)

    for name in dir(function):
        if not name.startswith("__"):
            setattr(plain, name, getattr(function, name))
    return plain


def _is_function(value: Any) -> bool:
    return inspect.isroutine(value) or isinstance(value, np.ufunc)


def _replace_elsewhere(noticed: dict[int, tuple[Any, Any]]) -> None:
    """Puts the wrapped functions (id of the plain one → plain, wrapped) wherever a loaded module names the plain ones."""
    for module_name, module in list(sys.modules.items()):
        if module_name.partition(".")[0] in {"torch", __package__.partition(".")[0]}:
            continue
        for attribute, value in list(getattr(module, "__dict__", {}).items()):
            if id(value) in noticed and noticed[id(value)][0] is value:
                setattr(module, attribute, noticed[id(value)][1])
            elif type(value) is dict and not attribute.startswith("__"):
                for key, entry in list(value.items()):
                    if id(entry) in noticed and noticed[id(entry)][0] is entry:
                        value[key] = noticed[id(entry)][1]


def _wrap(owner: Any, attribute: str, function: Any, name: str) -> Any:
    noticed = _noticed(function, name)
    with contextlib.suppress(TypeError):  # a type that takes no attributes
        setattr(owner, attribute, noticed)
    home = sys.modules.get(str(getattr(function, "__module__", "")))
    if home is not None and vars(home).get(attribute) is function:  # a private module that the public one takes it from
        setattr(home, attribute, noticed)
    return noticed


def _owner(name: str) -> Any:
    """The module or class that holds the last part of a dotted name, or None where it is not installed."""
    parts = name.split(".")[:-1]
    for cut in range(len(parts), 0, -1):
        try:
            found: Any = importlib.import_module(".".join(parts[:cut]))
        except ImportError:
            continue
        for part in parts[cut:]:
            found = getattr(found, part, None)
        return found
    return None


def _noticed(function: Any, name: str) -> Any:
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        _used.add(name)
        return function(*args, **kwargs)

    functools.update_wrapper(wrapper, function, assigned=("__doc__", "__name__"), updated=())
    vars(wrapper).pop("__wrapped__")  # a way around the watch
    with contextlib.suppress(TypeError, ValueError):  # some built-in functions tell no signature
        wrapper.__signature__ = inspect.signature(function)  # type: ignore[attr-defined]
    return wrapper
