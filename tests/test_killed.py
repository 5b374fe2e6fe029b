"""Whatever is killed, and whenever: the next run goes on, and nothing is lost, doubled or wrong."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import small_class

from autograder.model import Course

ROOT = Path(__file__).resolve().parent.parent
KILLS = 200


@pytest.fixture
def small(tmp_path: Path) -> Course:
    (tmp_path / "course").mkdir()
    return small_class.make(tmp_path / "course")


@pytest.fixture
def environ(tmp_path: Path, small: Course) -> dict[str, str]:
    """The environment of a program that grades the class, with temporary files of its own."""
    (tmp_path / "tmp").mkdir()
    return {**os.environ, "AUTOGRADER_COURSE": str(small.root), "TMPDIR": str(tmp_path / "tmp")}


def test_a_kill_at_any_of_200_moments_loses_nothing_and_doubles_nothing(small: Course, environ: dict[str, str]) -> None:
    scene = ROOT / "tests" / "killed_scene.py"
    seed = 20260201
    done = subprocess.run(
        [sys.executable, str(scene), str(small.root), str(KILLS), str(seed)],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout)
    assert sum(told["killed"].values()) >= KILLS
    assert min(told["killed"].values()) >= KILLS // 20, told
    assert told["whole"] >= KILLS // 20, told


def test_ctrl_c_ends_a_run_with_two_judges_in_one_line_and_keeps_what_was_finished(
    small: Course, environ: dict[str, str], tmp_path: Path
) -> None:
    text = (small.root / "submitted" / "ada" / small_class.NAME / f"{small_class.NAME}.ipynb").read_text(
        encoding="utf-8"
    )
    for number in range(200):
        small_class.hand_in(small, f"student{number:03}", text + " " * number)
    results = small.root / "results" / small_class.NAME
    command = [sys.executable, "-m", "autograder", "grade", "--jobs", "2", "--quiet"]
    with (tmp_path / "said").open("w+") as said:
        running = subprocess.Popen(command, env=environ, stdout=said, stderr=said, process_group=0)
        for _ in moments(running):
            if len(list(results.glob("*.json"))) > 3:
                break
        os.killpg(running.pid, signal.SIGINT)  # as the terminal does: to every process of the command
        assert running.wait(30) == 130
        said.seek(0)
        assert said.read() == "autograder: stopped; what was finished is kept. Run the same command to go on.\n"
    assert 3 < len(list(results.glob("*.json"))) < 200
    for path in results.glob("*.json"):
        assert json.loads(path.read_text(encoding="utf-8"))[0]["status"] in {"graded", "not_gradable"}
    deadline = time.monotonic() + 10
    while left := of_this_run(environ["TMPDIR"]):
        assert time.monotonic() < deadline, left


def moments(running: subprocess.Popen[bytes]) -> Iterator[None]:
    """Again and again, until the process has ended, which it should not."""
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        try:
            running.wait(0.02)
        except subprocess.TimeoutExpired:
            yield
        else:
            break
    pytest.fail("the run ended before it could be interrupted")


def of_this_run(folder: str) -> list[str]:
    """The processes that work in `folder`, as every warm parent does, or that were told to."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (
                str((process / "cwd").readlink()).startswith(folder)
                or folder.encode() in (process / "environ").read_bytes()
            ):
                found.append((process / "cmdline").read_text().replace("\0", " "))
        except OSError:  # gone, or another user's
            continue
    return found
