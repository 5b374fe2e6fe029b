"""Notebooks that were broken at random, and frames: what the fuzzers feed to the reader, the repairer and the codec.

python tests/hostile/mutation.py 10000      reads so many broken notebooks; each must give a Submission or a NotGradable"""

from __future__ import annotations

import copy
import json
import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

STRANGE: tuple[Any, ...] = (
    None, True, 0, -1, 2**70, 1e308, 1e999, float("nan"), "", "x" * 5000, "\ud800", "\x00", [], {}, [[]], {"a": {}}, ["a", 1], [None, "x"],
    [{"a": [{}]}], "code", "markdown", {"nbgrader": []}, {"nbgrader": {"grade_id": ["setup"], "solution": "yes"}}, {"tags": "demo"}, {"tags": [1]},
    "def total(x): return 1", "%%bash\nls", "setup", "total-test", "### BEGIN SOLUTION", {"nbgrader": {"grade_id": "total", "solution": True}},
)  # fmt: skip
KEYS = (
    "cells",
    "cell_type",
    "source",
    "metadata",
    "nbgrader",
    "grade_id",
    "id",
    "outputs",
    "tags",
    "nbformat",
    "worksheets",
    "input",
    "data",
    "text",
)


def places(tree: Any, at: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of everything within a JSON value."""
    found = [at] if at else []
    if isinstance(tree, (dict, list)):
        for key, part in list(tree.items() if isinstance(tree, dict) else enumerate(tree)):
            found += places(part, (*at, key))
    return found


def _within(tree: Any, at: tuple[Any, ...]) -> Any:
    for key in at:
        tree = tree[key]
    return tree


def mutate(tree: Any, chance: random.Random) -> None:
    """Changes one thing in `tree`."""
    known = places(tree)
    if not known:
        return
    at = chance.choice(known)
    owner, key = _within(tree, at[:-1]), at[-1]
    action = chance.randrange(7)
    if action == 0:
        owner[key] = copy.deepcopy(chance.choice(STRANGE))
    elif action == 1:
        del owner[key]
    elif action == 2 and isinstance(owner, list):
        owner.insert(chance.randrange(len(owner) + 1), copy.deepcopy(owner[key]))
    elif action == 3 and isinstance(owner, list):
        chance.shuffle(owner)
    elif action == 4 and isinstance(owner, dict):
        owner[chance.choice(KEYS)] = copy.deepcopy(chance.choice(STRANGE))
    elif action == 5:
        owner[key] = copy.deepcopy(_within(tree, chance.choice(known)))
    elif isinstance(owner[key], str):
        text = owner[key]
        cut = chance.randrange(len(text) + 1)
        owner[key] = (
            text[:cut]
            + chance.choice(["\n", "(", '"""', "\t", "é", "\\", "\ud800", "def f():"])
            + text[cut + chance.randrange(3) :]
        )


def broken(nb: dict[str, Any], chance: random.Random) -> bytes:
    """`nb` with up to a dozen changes to its content, and sometimes to its bytes."""
    tree: Any = copy.deepcopy(nb)
    for _ in range(chance.randint(1, 12)):
        if len(json.dumps(tree)) < 200_000:
            mutate(tree, chance)
    data = bytearray(json.dumps(tree, ensure_ascii=chance.random() < 0.8).encode("utf-8", "surrogatepass"))
    if chance.random() < 0.3:
        for _ in range(chance.randint(1, 8)):
            at = chance.randrange(len(data) + 1)
            data[at : at + chance.randrange(4)] = chance.randbytes(chance.randrange(4))
    if chance.random() < 0.1:
        del data[chance.randrange(len(data) + 1) :]
    return bytes(data)


def run(count: int, seed: int, *, check: Callable[[Any], None]) -> dict[str, int]:
    """Reads `count` broken notebooks, hands each result to `check`, and counts the kinds of results."""
    from hostile_scene import HONEST_LIMITS, NAME, RIGHT, released, source

    from autograder import notebook

    manifest = notebook.manifest_from_notebook(source(), NAME, title="Lab")
    chance, counts, nb = random.Random(seed), {}, released(RIGHT)  # type: ignore[var-annotated]
    nb["cells"][-1]["outputs"] = [{"output_type": "display_data", "data": {"text/html": "<b>"}, "metadata": {}}]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"{NAME}.ipynb"
        for _ in range(count):
            path.write_bytes(broken(nb, chance))
            result = notebook.read(path, manifest, "ada", HONEST_LIMITS)
            check(result)
            kind = type(result).__name__
            counts[kind] = counts.get(kind, 0) + 1
    return counts


if __name__ == "__main__":
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    sys.stdout.write(f"{run(wanted, 0, check=lambda _: None)}\n")
