"""Whether an answer uses what its task announces to be forbidden, as far as the source alone tells: for those who have no suite."""

from __future__ import annotations

from collections.abc import Iterable

from autograder.code.forbidden import banned_name, uses
from autograder.notebook.announced import Announced

_OF_PYTHON = frozenset(name for kind in (str, bytes, int, float, list, dict, set, tuple) for name in dir(kind))


def sentence(sources: Iterable[str], function: str, announced: Announced, functions: Iterable[str]) -> str:
    """What to say of an answer that uses what its task forbids, or "".  `functions` are those of all tasks: each answers for itself.

    A method counts by its name, so one that Python's own types have, such as `encode`, does not."""
    if not announced.forbidden:
        return ""
    sources, functions = tuple(sources), tuple(functions)
    telling = tuple(name for name in announced.forbidden if name.rpartition(".")[2] not in _OF_PYTHON)
    name = banned_name(sources, function, announced.forbidden, functions) or uses(sources, function, telling, functions)
    return f"uses `{name}`, which this task forbids: 0 points. {announced.why}".rstrip() if name else ""
