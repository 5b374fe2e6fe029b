"""Which operators and watched functions a call used: what `forbids` looks at when the source alone does not tell."""

from __future__ import annotations

import contextlib
import functools
import importlib
import sys
from collections.abc import Iterable
from types import TracebackType
from typing import Any, Self

from torch.utils._python_dispatch import TorchDispatchMode

_used: set[str] = set()


class Watch:
    """Collects the names of the watched functions, and of the ATen operators if `operators`, that run inside a `with` block."""

    def __init__(self, *, operators: bool) -> None:
        self.names: set[str] = set()
        self._mode = _Recorder(self.names) if operators else contextlib.nullcontext()

    def __enter__(self) -> Self:
        _used.clear()
        self._mode.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._mode.__exit__(kind, error, trace)
        self.names |= _used


class _Recorder(TorchDispatchMode):  # type: ignore[misc,unused-ignore]
    def __init__(self, names: set[str]) -> None:
        super().__init__()
        self._names = names

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self._names.add(f"aten.{func.overloadpacket.__name__}")
        return func(*args, **(kwargs or {}))


def watch(names: Iterable[str]) -> None:
    """Wraps the functions and methods with these dotted names so that their use is noticed; `module.*` stands for all of a module.

    Called once, in the warm parent.  What cannot be wrapped (a class, a type that takes no attributes) is left to the look at the
    source; of torch's functions the operators tell as well, in the thread that is asked."""
    for name in names:
        if name.startswith(".") or (name.startswith("torch.") and name.endswith(".*")):
            continue  # torch uses its own modules itself
        owner = _owner(name)
        if owner is None:
            continue
        last = name.rpartition(".")[2]
        for attribute in list(vars(owner)) if last == "*" else (last,):
            function = vars(owner).get(attribute) if last == "*" else getattr(owner, attribute, None)
            if callable(function) and not isinstance(function, type):
                _wrap(owner, attribute, function, f"{name[:-1]}{attribute}" if last == "*" else name)


def _wrap(owner: Any, attribute: str, function: Any, name: str) -> None:
    noticed = _noticed(function, name)
    with contextlib.suppress(TypeError):  # a type that takes no attributes
        setattr(owner, attribute, noticed)
    home = sys.modules.get(str(getattr(function, "__module__", "")))
    if home is not None and vars(home).get(attribute) is function:  # a private module that the public one takes it from
        setattr(home, attribute, noticed)


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

    return functools.update_wrapper(wrapper, function, assigned=("__doc__", "__name__"), updated=())
