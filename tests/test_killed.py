"""Whatever is killed, and whenever: the next run goes on, and nothing is lost, doubled or wrong."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import small_class

from autograder import cli, judge_process, pool
from autograder.errors import InfrastructureError
from autograder.judge_process import JudgeProcess
from autograder.model import Course, Limits, NotGradable, Submission
from autograder.release import released
from autograder.submitted import Job, handed_in

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
        code = running.wait(30)
        said.seek(0)
        assert said.read() == "autograder: stopped; what was finished is kept. Run the same command to go on.\n"
        assert code == 130
    assert 3 < len(list(results.glob("*.json"))) < 200
    for path in results.glob("*.json"):
        assert json.loads(path.read_text(encoding="utf-8"))[0]["status"] in {"graded", "not_gradable"}
    deadline = time.monotonic() + 10
    while left := of_this_run(environ["TMPDIR"]):
        assert time.monotonic() < deadline, left


@pytest.fixture
def killed(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """How often the judge that gets a student's notebook is yet to be killed."""
    left: dict[str, int] = {}
    ask = JudgeProcess.ask

    def ask_and_kill(self: JudgeProcess, job: Job, submission: Submission | NotGradable | None = None) -> None:
        ask(self, job, submission)
        if left.get(job.student, 0):
            left[job.student] -= 1
            os.kill(self.pid, signal.SIGKILL)

    monkeypatch.setattr(JudgeProcess, "ask", ask_and_kill)
    return left


def reason_of_the_one_withheld(course: Course, lost: dict[str, int]) -> str:
    """Why grace's grade is withheld, with whose notebook two judges are `lost`; with ada's it is one, and she has points, as all others."""
    (assignment,) = course.assignments
    work = handed_in(course, assignment)
    lost.update(ada=1, grace=2)
    run = pool.judge_all(course, assignment, released(course, assignment), work, hidden=True, processes=2)
    done = {one.job.student: one.judgement.report for one in run}

    assert lost == {"ada": 0, "grace": 0}
    assert sorted(done) == sorted(job.student for job in work)
    assert {name for name, report in done.items() if report.status == "grader_error"} == {"grace"}
    assert done["ada"].score > 0
    return done["grace"].reason


def test_a_judge_that_is_killed_is_replaced_and_what_kills_two_is_withheld(
    small: Course, environ: dict[str, str], killed: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", environ["TMPDIR"])
    monkeypatch.setattr("tempfile.tempdir", None)

    assert reason_of_the_one_withheld(small, killed) == "2 times the judge's process ended while it judged this."


@pytest.fixture
def hanging(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """How often the judge that gets a student's notebook is yet to hang; all its time is then over."""
    left: dict[str, int] = {}
    ask = JudgeProcess.ask

    def ask_and_stop(self: JudgeProcess, job: Job, submission: Submission | NotGradable | None = None) -> None:
        if left.get(job.student, 0):
            left[job.student] -= 1
            os.kill(self.pid, signal.SIGSTOP)
            self._longest = 0.0
        ask(self, job, submission)

    monkeypatch.setattr(JudgeProcess, "ask", ask_and_stop)
    return left


def test_a_judge_that_hangs_is_replaced_and_what_hangs_two_is_withheld(
    small: Course, environ: dict[str, str], hanging: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", environ["TMPDIR"])
    monkeypatch.setattr("tempfile.tempdir", None)

    assert reason_of_the_one_withheld(small, hanging) == "2 times the judge's process took longer than 0 s for this."


def test_a_judge_has_the_time_of_a_submission_twice_and_more() -> None:
    limits = Limits(submission_seconds=1000)
    assert judge_process.longest(limits) > 2 * limits.submission_seconds + 60


def test_judges_that_hang_while_they_start_end_the_run_and_are_ended(
    small: Course, environ: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", environ["TMPDIR"])
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setattr(judge_process, "START_SECONDS", 0.0)
    is_open, stopped = JudgeProcess.is_open, []

    def stop_when_known(self: JudgeProcess) -> bool:
        select.select([self], [], [])  # its first word is its number
        self._takes_pid()
        stopped.append(os.pidfd_open(self.pid))
        os.kill(self.pid, signal.SIGSTOP)
        return is_open(self)

    monkeypatch.setattr(JudgeProcess, "is_open", stop_when_known)
    (assignment,) = small.assignments
    manifest, work = released(small, assignment), handed_in(small, assignment)
    with pytest.raises(InfrastructureError, match="3 judges in a row"):
        list(pool.judge_all(small, assignment, manifest, work, hidden=True, processes=1))
    assert len(stopped) == pool.STARTS
    for handle in stopped:
        assert select.select([handle], [], [], 10)[0]
        os.close(handle)


def test_judges_that_are_killed_as_they_start_end_the_run_in_one_line(
    small: Course, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(judge_process, "__name__", "no_such_module")  # what the fork server is told to run
    monkeypatch.setenv("AUTOGRADER_COURSE", str(small.root))
    assert cli.main(["grade", "--jobs", "2", "--quiet"]) == 4
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("autograder: 3 judges in a row were killed while they started; what was finished is kept.")


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
