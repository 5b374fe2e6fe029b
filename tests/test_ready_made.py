"""The tasks that forbid a ready-made softmax forbid every one that the libraries have: their public functions are called, and what gives
the answer must be on the list, or made of operators that are."""

from __future__ import annotations

import contextlib
import importlib
import inspect
import io
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
import torch

from autograder import course as courses
from autograder.code.forbidden import banned_name, banned_operator
from autograder.model import Course
from autograder.notebook.known import announced
from autograder.worker.watch import Watch

SCORES = torch.tensor([0.3, 1.7, -0.4, 2.2], dtype=torch.float64)
SOFTMAX = torch.softmax(SCORES, 0)
SUM = torch.logsumexp(SCORES, 0)
MODULES = (
    "torch", "torch.special", "torch.masked", "torch.nn.functional", "torch._refs.special", "numpy", "scipy.special",
    "sklearn.utils.extmath", "transformers.activations", "transformers.loss.loss_utils", "torch.distributions.utils",
)  # fmt: skip
INPUTS: tuple[tuple[Any, ...], ...] = (
    (SCORES,), (SCORES, 0), (SCORES, 0, False), (-SCORES,), (-SCORES, 0), (SCORES[None],), (SCORES[None], 1), (SCORES[None], torch.tensor([1])),
)  # fmt: skip
NOT_CALLED = {"abs_", "set_num_threads", "set_num_interop_threads", "fork", "wait", "load", "save", "compile"}
"""Beside those that give memory as they find it, in which an earlier answer may still stand."""


def functions(module: str) -> Iterator[tuple[str, Callable[..., Any]]]:
    """The functions of a module, and what NumPy's functions of two arguments do with many."""
    owner = importlib.import_module(module)
    for name in sorted(vars(owner)):
        function = getattr(owner, name)
        if (
            name.startswith("__")
            or "empty" in name
            or name in NOT_CALLED
            or not callable(function)
            or inspect.isclass(function)
        ):
            continue
        yield f"{module}.{name}", function
        if isinstance(function, np.ufunc) and function.nin == 2:
            yield f"{module}.{name}.reduce", function.reduce
            yield f"{module}.{name}.accumulate", function.accumulate


def gives_the_answer(function: Callable[..., Any], inputs: tuple[Any, ...]) -> bool:
    """Whether it makes a softmax of scores, its logarithm, or the logarithm of the sum that it divides by."""
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        try:
            values = np.asarray(function(*inputs), dtype=float).reshape(-1)
        except Exception:
            return False
    if values.size > 64:
        return False
    wanted = [SOFTMAX.numpy(), SOFTMAX.log().numpy(), -SOFTMAX.log().numpy()]
    whole = values.size == 4 and any(np.allclose(values, one, atol=1e-6) for one in wanted)
    return whole or bool(np.isclose(values, float(SUM), atol=1e-6).any())


def forms(inputs: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """The inputs as tensors and as arrays, copied."""
    yield tuple(value.clone() if isinstance(value, torch.Tensor) else value for value in inputs)
    yield tuple(value.numpy().copy() if isinstance(value, torch.Tensor) else value for value in inputs)


@pytest.fixture(scope="module")
def found() -> list[tuple[str, set[str]]]:
    """The functions that give the answer, each with the operators that it runs."""
    result = []
    with torch.random.fork_rng():
        for module in MODULES:
            for name, function in functions(module):
                for inputs in (form for one in INPUTS for form in forms(one)):
                    if gives_the_answer(function, inputs):
                        with Watch(operators=True) as watch:
                            gives_the_answer(function, inputs)
                        result.append((name, watch.names))
                        break
    return result


def test_the_walk_finds_those_that_everybody_knows(found: list[tuple[str, set[str]]]) -> None:
    names = {name for name, _ in found}
    assert names >= {
        "torch.softmax", "torch.log_softmax", "torch.logsumexp", "torch.logcumsumexp", "torch.special.softmax", "scipy.special.softmax",
        "torch.nn.functional.softmin", "sklearn.utils.extmath.softmax", "numpy.logaddexp.reduce", "torch.distributions.utils.logits_to_probs",
    }  # fmt: skip


@pytest.mark.parametrize("task", ["softmax", "log-softmax"])
def test_every_function_that_gives_the_answer_is_forbidden(
    task: str, found: list[tuple[str, set[str]]], course: Course
) -> None:
    forbidden = announced("softmax", courses.release_dir(course, "softmax"))[task].forbidden
    missed = []
    for name, operators in found:
        module = name.rpartition(".")[0]
        source = f"import {module.removesuffix('.logaddexp')}\ndef answer(x):\n    return {name}(x)"
        if not banned_name([source], "answer", forbidden, ()) and not banned_operator(sorted(operators), forbidden):
            missed.append(name)
    assert missed == []
