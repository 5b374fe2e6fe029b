"""What the author of a hidden suite imports.  `plugin` is the pytest plugin that gives the fixtures `student` and `reference`."""

from autograder.checks.authoring import asks, expect, forbids, heart, hint, plain, task, weight
from autograder.checks.comparing import close, number, same, text_of
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
from autograder.checks.tables import same_table

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
    "text_of",
    "tiny_causal_lm",
    "tiny_tokenizer",
    "weight",
]
