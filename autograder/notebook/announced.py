"""What a release tells students about the hidden suite: what each task forbids and why, and the topics of its hidden checks.

`release` writes it as announced.json beside the manifest.  `check` and `%check` read it, since a student has no suite."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from autograder.model import SCHEMA

ANNOUNCED = "announced.json"
NAME = re.compile(r"[A-Za-z_][\w.]*(\.\*)?")
"""A forbidden name: a dotted name, or a whole module."""
TOPIC = re.compile(r"[\w ,.'’±∞/#+-]{1,50}")
"""A topic: a few words, and no piece of code."""


@dataclass(frozen=True, slots=True)
class Announced:
    """What one task announces: names that its answer must not use, as dotted names (a trailing `.*` stands for a module), the reason, and
    what its hidden checks look at, in words."""

    forbidden: tuple[str, ...] = ()
    why: str = ""
    topics: tuple[str, ...] = ()


def to_text(tasks: Mapping[str, Announced]) -> str:
    """The file's text, the same for the same `tasks` (task id → what it announces)."""
    data = {"schema": SCHEMA, "tasks": {task: asdict(one) for task, one in tasks.items()}}
    return json.dumps(data, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def load(path: Path) -> dict[str, Announced]:
    """Task id → what it announces.  Empty where the file is missing or broken: then nothing is known, and nothing is said."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return {task: _announced(one) for task, one in data["tasks"].items()} if data["schema"] == SCHEMA else {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _announced(data: dict[str, Any]) -> Announced:
    return Announced(tuple(data["forbidden"]), str(data["why"]), tuple(data["topics"]))
