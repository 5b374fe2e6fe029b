"""The secret seeds that the hidden checks of an assignment draw their inputs from."""

from __future__ import annotations

import hashlib
import json
import secrets
from pathlib import Path
from typing import Any

from autograder import files
from autograder.model import Course

SEEDS = 4


def seeds_path(course: Course) -> Path:
    return course.root / ".autograder" / "seeds.json"


def seeds(course: Course, assignment: str) -> list[int]:
    """The secret seeds of an assignment, made on first use: a regrade gives the same verdict."""
    path = seeds_path(course)
    known: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    if assignment not in known:
        known[assignment] = [secrets.randbits(48) for _ in range(SEEDS)]
        path.parent.mkdir(mode=0o700, exist_ok=True)
        files.write(path, json.dumps(known, indent=1), mode=0o600)
    found: list[int] = known[assignment]
    return found


def seed_number(digest: str) -> int:
    """Which of the secret seeds the submission with this digest is judged with."""
    return int.from_bytes(hashlib.sha256(digest.encode()).digest()[:4], "big") % SEEDS
