"""What the author of a hidden suite imports.  `plugin` is the pytest plugin that gives the fixtures `student` and `reference`."""

from autograder.checks.authoring import asks, close, expect, forbids, heart, hint, number, plain, task, weight
from autograder.checks.comparing import same, same_table
from autograder.checks.strategies import (
    built,
    course_model,
    course_tokenizer,
    float_tensors,
    generator,
    spy,
    text_file,
    tiny_causal_lm,
    tiny_tokenizer,
)

__all__ = [
    "asks",
    "built",
    "close",
    "course_model",
    "course_tokenizer",
    "expect",
    "float_tensors",
    "forbids",
    "generator",
    "heart",
    "hint",
    "number",
    "plain",
    "same",
    "same_table",
    "spy",
    "task",
    "text_file",
    "tiny_causal_lm",
    "tiny_tokenizer",
    "weight",
]
