"""Which operators a call used: what `forbids` looks at when the source alone does not tell."""

from __future__ import annotations

import functools
from types import TracebackType
from typing import Any, Self

from torch.utils._python_dispatch import TorchDispatchMode

_scipy_used: set[str] = set()


class OperatorWatch:
    """Collects the names of the ATen operators and scipy.special functions that run inside a `with` block."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self._mode = _Recorder(self.names)

    def __enter__(self) -> Self:
        _scipy_used.clear()
        self._mode.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._mode.__exit__(kind, error, trace)
        self.names |= _scipy_used


class _Recorder(TorchDispatchMode):  # type: ignore[misc,unused-ignore]
    def __init__(self, names: set[str]) -> None:
        super().__init__()
        self._names = names

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        self._names.add(f"aten.{func.overloadpacket.__name__}")
        return func(*args, **(kwargs or {}))


def watch_scipy() -> None:
    """Wraps the functions of scipy.special so that their use is noticed; called once, in the warm parent."""
    from scipy import special

    for name in special.__all__:
        function = getattr(special, name)
        if callable(function) and not isinstance(function, type):
            setattr(special, name, _noticed(function, f"scipy.special.{name}"))


def _noticed(function: Any, name: str) -> Any:
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        _scipy_used.add(name)
        return function(*args, **kwargs)

    return functools.update_wrapper(wrapper, function, assigned=("__doc__", "__name__"), updated=())
