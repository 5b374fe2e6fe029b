"""The global settings of libraries that a notebook may change: code of ours runs under the ones that the process began with.

`torch.set_default_dtype(torch.float64)` in a student's cell is in force for the student's functions, and not for the models and the inputs
that the worker builds for them."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np
import torch


class _Settings(NamedTuple):
    dtype: torch.dtype
    device: torch.device | None
    grad: bool
    inference: bool
    deterministic: int
    float_errors: tuple[str, ...]
    warnings: list[Any]
    strings: tuple[Any, ...]


_TEXT_OPTIONS = ("mode.string_storage",)
_TORCH_DEVICE: Any = torch._GLOBAL_DEVICE_CONTEXT  # noqa: SLF001 - the public function makes up a device where none is set


def _now() -> _Settings:
    set_device = getattr(_TORCH_DEVICE, "device_context", None)
    pandas = sys.modules.get("pandas")
    return _Settings(
        torch.get_default_dtype(),
        None if set_device is None else set_device.device,
        torch.is_grad_enabled(),
        torch.is_inference_mode_enabled(),
        torch.get_deterministic_debug_mode(),
        tuple(np.geterr().values()),
        warnings.filters[:],
        tuple(pandas.get_option(name) for name in _TEXT_OPTIONS) if pandas is not None else (),
    )


def _set(wanted: _Settings, now: _Settings) -> None:
    """Changes what differs; the inference mode, which only a block can enter, stays."""
    if wanted.dtype != now.dtype:
        torch.set_default_dtype(wanted.dtype)
    if wanted.device != now.device:
        torch.set_default_device(wanted.device)
    if wanted.grad != now.grad:
        torch.set_grad_enabled(wanted.grad)
    if wanted.deterministic != now.deterministic:
        torch.set_deterministic_debug_mode(wanted.deterministic)
    if wanted.float_errors != now.float_errors:
        np.seterr(**dict(zip(np.geterr(), wanted.float_errors, strict=True)))
    if wanted.warnings != now.warnings:
        warnings.filters[:] = wanted.warnings
        warnings._filters_mutated()  # type: ignore[attr-defined]  # noqa: SLF001 - as `warnings.catch_warnings` does
    if wanted.strings != now.strings and wanted.strings:
        for name, value in zip(_TEXT_OPTIONS, wanted.strings, strict=True):
            sys.modules["pandas"].set_option(name, value)


def _glance() -> tuple[Any, ...]:
    """What of the settings is looked at after every call: a look at all of them takes longer than most answers."""
    return (
        torch.get_default_dtype(),
        torch.is_grad_enabled(),
        torch.get_deterministic_debug_mode(),
        getattr(_TORCH_DEVICE, "device_context", None),
        len(warnings.filters),
    )


class Settings:
    """Two sets of settings: ours, in force except inside `theirs()`, and the notebook's."""

    def __init__(self) -> None:
        self._ours = self._theirs = _now()
        self._glance = _glance()
        self._threads = torch.get_num_threads()

    @contextmanager
    def theirs(self, *, cell: bool = False) -> Iterator[None]:
        """Code of the notebook runs in this block, under what it has set so far; what it sets now is kept for the next one.

        After a `cell` everything is looked at, after a call what a function is likely to set.  The number of threads is the machine's affair
        and goes back after each cell: more threads than there are free processors wait for each other."""
        if self._theirs is not self._ours:
            _set(self._theirs, self._ours)
        try:
            yield
        finally:
            if cell and torch.get_num_threads() != self._threads:
                torch.set_num_threads(self._threads)
            if cell or self._theirs is not self._ours or self._glance != _glance():
                now = _now()
                self._theirs = self._ours if now == self._ours else now
                _set(self._ours, now)

    @contextmanager
    def ours(self) -> Iterator[None]:
        """Code of ours runs in this block, in the middle of one of theirs."""
        theirs = _now()
        _set(self._ours, theirs)
        try:
            yield
        finally:
            _set(theirs, self._ours)
