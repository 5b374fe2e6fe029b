"""The secret seeds: drawn once, kept for good."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import draws
from autograder.errors import InfrastructureError
from autograder.model import Course

NAMES = ("softmax", "sampling", "diffusion", "tokenization")
FIRST_COMMAND = """
import json, sys
from pathlib import Path
from autograder import draws
from autograder.model import Course

ready = sys.stdin.readline()
print(json.dumps(draws.seeds(Course("c", "C", (), root=Path(sys.argv[1])), sys.argv[2])))
"""


def test_commands_that_draw_at_once_all_keep_what_they_judge_with(tmp_path: Path) -> None:
    for round_ in range(10):  # they meet in most rounds
        root = tmp_path / str(round_)
        root.mkdir()
        commands = {
            name: subprocess.Popen(
                [sys.executable, "-c", FIRST_COMMAND, str(root), name],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for name in NAMES
        }
        for command in commands.values():
            assert command.stdin is not None
            command.stdin.write("go\n")
            command.stdin.flush()
        used = {name: json.loads(command.communicate()[0]) for name, command in commands.items()}

        course = Course("c", "C", (), root=root)
        assert {name: draws.seeds(course, name) for name in NAMES} == used


@pytest.mark.parametrize("text", ["{", "[]", '{"softmax": []}', '{"softmax": ["1"]}', "\udcff"])
def test_seeds_that_cannot_be_read_are_one_clear_line_and_stay_as_they_are(tmp_path: Path, text: str) -> None:
    course = Course("c", "C", (), root=tmp_path)
    path = draws.seeds_path(course)
    path.parent.mkdir()
    path.write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(InfrastructureError, match=r"seeds\.json cannot be read: .*  Put back a copy"):
        draws.seeds(course, "softmax")
    assert path.read_bytes() == text.encode(errors="surrogateescape")
