"""Which operators and watched functions a call used: what `forbids` looks at when the source alone does not tell."""

from __future__ import annotations

import contextlib
import functools
import importlib
import inspect
import sys
import threading
from collections.abc import Iterable
from concurrent.futures.thread import _WorkItem
from types import TracebackType
from typing import Any, Self

from torch.utils._python_dispatch import TorchDispatchMode

_used: set[str] = set()
_RUNS: dict[Any, Any] = {owner: owner.run for owner in (threading.Thread, _WorkItem)}


class Watch:
    """Collects the names of the watched functions, and of the ATen operators if `operators`, that run inside a `with` block."""

    def __init__(self, *, operators: bool) -> None:
        self.names: set[str] = set()
        self._mode = _Recorder(self.names) if operators else None

    def __enter__(self) -> Self:
        _used.clear()
        if self._mode is not None:
            self._mode.__enter__()
            self._inherit()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._mode is not None:
            for owner, run in _RUNS.items():
                setattr(owner, "run", run)  # noqa: B010 - mypy
            self._mode.__exit__(kind, error, trace)
        self.names |= _used

    def _inherit(self) -> None:
        """Modes belong to a thread: what threads and pools run meanwhile gets one of its own."""
        for owner, run in _RUNS.items():

            def watched(*args: Any, run: Any = run) -> None:
                with _Recorder(self.names):
                    run(*args)

            setattr(owner, "run", watched)  # noqa: B010 - mypy


class _Recorder(TorchDispatchMode):  # type: ignore[misc,unused-ignore]
    def __init__(self, names: set[str]) -> None:
        super().__init__()
        self._names = names

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self._names.add(
            f"aten.{getattr(func, 'overloadpacket', func).__name__}"
        )  # a higher-order operator has no packet
        return func(*args, **(kwargs or {}))


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
        if last == "*":
            for attribute, function in list(vars(owner).items()):
                if _is_function(function) and str(getattr(function, "__module__", package)).startswith(package):
                    noticed[id(function)] = function, _wrap(owner, attribute, function, f"{owner_name}.{attribute}")
        elif _is_function(function := getattr(owner, last, None)):
            wrapped = _wrap(owner, last, function, name)
            if package != "torch":  # torch compares its functions by identity, and its operators tell
                noticed[id(function)] = function, wrapped
    if noticed:
        _replace_elsewhere(noticed)


def _is_function(value: Any) -> bool:
    return inspect.isroutine(value) or type(value).__name__ == "ufunc"


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
