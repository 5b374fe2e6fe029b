"""What the author of a hidden suite imports.  `plugin` is the pytest plugin that gives the fixtures `student` and `reference`."""

from autograder.checks.authoring import close, expect, forbids, hint, number, task, weight
from autograder.checks.strategies import (
    course_model,
    course_tokenizer,
    float_tensors,
    tiny_causal_lm,
    tiny_tokenizer,
)

__all__ = [
    "close",
    "course_model",
    "course_tokenizer",
    "expect",
    "float_tensors",
    "forbids",
    "hint",
    "number",
    "task",
    "tiny_causal_lm",
    "tiny_tokenizer",
    "weight",
]
