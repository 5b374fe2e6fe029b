"""Inputs for property-based checks, and the models that both sides build for themselves."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from autograder.checks.student import Spy
from autograder.worker import objects

if TYPE_CHECKING:
    import torch


def float_tensors(
    min_value: float = -10.0,
    max_value: float = 10.0,
    *,
    min_dims: int = 1,
    max_dims: int = 3,
    min_side: int = 1,
    max_side: int = 6,
    dtypes: tuple[torch.dtype, ...] = (),
    neg_inf: bool = False,
) -> st.SearchStrategy[torch.Tensor]:
    """Tensors of random shape with values in [min_value, max_value], of a random one of `dtypes` (default float32, float64).

    `neg_inf` replaces about a quarter of the values by -inf, but never all of a slice along any dimension.  The values come from a
    generator with a drawn seed, which is many times faster than a draw for each."""
    return _float_tensors(min_value, max_value, min_dims, max_dims, min_side, max_side, dtypes, neg_inf)


@st.composite
def _float_tensors(  # noqa: PLR0917 - hypothesis passes positionally
    draw: st.DrawFn,
    low: float,
    high: float,
    min_dims: int,
    max_dims: int,
    min_side: int,
    max_side: int,
    dtypes: tuple[Any, ...],
    neg_inf: bool,
) -> torch.Tensor:
    import numpy as np
    import torch

    shape = draw(st.lists(st.integers(min_side, max_side), min_size=min_dims, max_size=max_dims))
    size = math.prod(shape)
    seed = draw(st.binary(min_size=8, max_size=8))
    dtype = draw(st.sampled_from(dtypes or (torch.float32, torch.float64)))
    generator = np.random.default_rng(int.from_bytes(seed, "big"))
    values = generator.uniform(low, high, size)
    tensor = torch.from_numpy(values).reshape(shape).to(dtype)
    if neg_inf and size > 1:
        mask = torch.from_numpy(generator.random(size) < 0.25).reshape(shape)
        for dim in range(len(shape)):
            mask = mask & ~mask.all(dim, keepdim=True)
        tensor = tensor.masked_fill(mask, -math.inf)
    return tensor


def generator(seed: int) -> torch.Generator:
    """A CPU generator with this seed.  Make it in the body of a check, a fresh one for each call: it advances."""
    made: torch.Generator = objects.build({"kind": "generator", "seed": seed})
    return made


def spy(function: Callable[..., Any]) -> Spy:
    """A callable argument that is answered by `function` on the trusted side, and remembers its `calls`.  Make it in the body of a
    check, a fresh one for each call of the student's, and one for a call."""
    return Spy(function, "classifier")


def text_file(name: str, content: str) -> str:
    """The path of a file with this name and content, which both sides have."""
    path: str = objects.build({"kind": "file", "name": name, "content": content})
    return path


def built(kind: str, **spec: Any) -> Any:
    """The object of a kind in `worker.builders`, made by both sides for themselves from the same plain arguments."""
    return objects.build({"kind": kind, **spec})


def tiny_causal_lm(seed: int, arch: str = "llama", dtype: torch.dtype | None = None) -> Any:
    """A causal language model of a few thousand random parameters, `arch` "llama" or "gpt2", vocabulary 384, in eval mode."""
    name = "float32" if dtype is None else str(dtype).removeprefix("torch.")
    return objects.build({"kind": "tiny-causal-lm", "seed": seed, "arch": arch, "dtype": name})


def tiny_tokenizer() -> Any:
    """A byte-level tokenizer with 384 entries that adds no special tokens; its end-of-text token is id 0."""
    return objects.build({"kind": "tiny-tokenizer"})


def course_model(name: str) -> Any:
    """A course model in float32, the object that `from_pretrained(name)` gives in a worker."""
    return objects.build({"kind": "course-model", "name": name})


def course_tokenizer(name: str) -> Any:
    return objects.build({"kind": "course-tokenizer", "name": name})
