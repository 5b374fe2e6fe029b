"""A suite is collected once, and judges one submission after another without a trace of the one before."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import small_course

from autograder import fingerprint, notebook, variants
from autograder.checks.remembered import Remembered
from autograder.checks.session import Suite
from autograder.errors import AuthoringError
from autograder.judge import judged, open_judge
from autograder.model import Cell, CheckResult, Course, Limits, Outcome, Report, Role, Status, Submission
from autograder.release import load_source
from autograder.release.source import agree
from autograder.submitted import Job
from autograder.worker.attempt import Attempt
from autograder.worker.client import WarmParent

HEAD = (
    "import pytest\nfrom autograder.checks import expect, forbids, hint, same, task\n"
    "from hypothesis import given\nfrom hypothesis import strategies as st\n\n"
)
LIMITS = Limits(call_seconds=6.0, submission_seconds=40.0)
SUITE = f"source/{small_course.NAME}/checks/test_{small_course.NAME}.py"
WRONG = f"source/{small_course.NAME}/variants/wrong/{small_course.TASK}"

Judged = Callable[..., tuple[CheckResult, ...]]


@pytest.fixture(scope="module")
def parent(course: Course) -> Iterator[WarmParent]:
    with WarmParent((), course.required_layers) as made:
        made.watch(("json.dumps",))
        yield made


def written(folder: Path, tests: str, references: str) -> Path:
    checks = folder / "some" / "checks"
    checks.mkdir(parents=True)
    (checks / "references.py").write_text(references)
    (checks / "test_it.py").write_text(HEAD + tests)
    return checks


@pytest.fixture
def opened(tmp_path: Path, parent: WarmParent) -> Iterator[Callable[[str, str], Judged]]:
    """`opened(tests, references)`: the suite of one task, "it", as what judges the notebook of one cell with it."""
    suites = []

    def of(tests: str, references: str) -> Judged:
        suites.append(suite := Suite(written(tmp_path, tests, references)))

        def judge(answer: str, doubt: str = "") -> tuple[CheckResult, ...]:
            cell = Cell(0, Role.ANSWER, "code", answer)
            submission = Submission(Path("nb.ipynb"), "a", "ada", "sha256:0", (cell,))
            with Attempt(parent, submission, LIMITS) as attempt:
                return suite.run("it", attempt, [1], doubt=doubt)

        return judge

    yield of
    for suite in suites:
        suite.close()


def test_a_reference_that_raises_is_no_mistake_of_the_students(opened: Callable[[str, str], Judged]) -> None:
    tests = '@task("it", points=1)\nclass TestIt:\n    @given(n=st.integers())\n    def test_it(self, student, n):\n        student.f(n)\n'
    judge = opened(tests, "def f(n): return 1 / 0")

    with pytest.raises(AuthoringError, match="fails on its own reference"):
        judge("def f(n): return n")


def test_a_doubt_about_the_first_submission_leaves_the_next_alone(opened: Callable[[str, str], Judged]) -> None:
    tests = (
        '@forbids("json.dumps", why="No.")\n@task("it", points=1)\nclass TestIt:\n'
        "    def test_it(self, student):\n        same(student.f(1), 1)\n"
    )
    judge = opened(tests, "def f(n): return n")

    (doubted,) = judge("def f(n): return n", doubt="It cannot be seen.")
    (believed,) = judge("def f(n): return n")

    assert (doubted.outcome, doubted.message) == (Outcome.FAILED, "It cannot be seen.")
    assert believed.outcome is Outcome.PASSED


def test_what_fails_before_the_first_call_names_no_call_of_another_submission(
    opened: Callable[[str, str], Judged],
) -> None:
    tests = (
        '@task("it", points=1)\nclass TestIt:\n    def test_it(self, student, reference):\n'
        '        reference.TURNS.append(1)\n        expect(len(reference.TURNS) < 3, "came too late")\n        same(student.f(1), 1)\n'
    )
    judge = opened(tests, "TURNS = []\ndef f(n): return n")

    (first,) = judge("def f(n): return 2")
    (second,) = judge("def f(n): return 1")

    assert first.message == "f(1) returned 2; expected 1"
    assert (second.outcome, second.message) == (Outcome.FAILED, "came too late")


def test_a_check_may_say_that_it_fails_as_pytest_does(opened: Callable[[str, str], Judged]) -> None:
    tests = (
        '@task("it", points=1)\nclass TestIt:\n    def test_it(self, student):\n'
        '        if student.f(1) != 1:\n            pytest.fail("is wrong")\n'
    )
    (check,) = opened(tests, "def f(n): return n")("def f(n): return 2")

    assert (check.outcome, check.message) == (Outcome.FAILED, "f(1): is wrong")


def test_a_ban_falls_on_every_check_and_leaves_no_hint(opened: Callable[[str, str], Judged]) -> None:
    tests = (
        '@forbids("json.dumps", why="Write it yourself.")\n@task("it", points=1)\nclass TestIt:\n'
        '    @hint("Add 0.")\n    def test_zero(self, student):\n        same(student.f(0), "0")\n'
        '    @hint("Add 1.")\n    def test_one(self, student):\n        same(student.f(1), "1")\n'
    )
    answer = "import json\ndef f(n): return getattr(json, 'du' + 'mps')(n) if n else '0'"
    checks = opened(tests, "def f(n): return str(n)")(answer)

    assert {(check.outcome, check.message, check.hint) for check in checks} == {
        (Outcome.BANNED, "`json.dumps` was used while `f` ran. Write it yourself.", "")
    }


def test_an_open_suite_leaves_the_process_its_stderr_and_its_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_ADDOPTS", "-x")
    before, checks = (
        sys.stderr,
        written(tmp_path, '@task("it", points=1)\nclass TestIt:\n    def test_it(self): pass', ""),
    )

    with Suite(checks):
        assert sys.stderr is before
        assert os.environ["PYTEST_ADDOPTS"] == "-x"
        assert "PYTEST_DISABLE_PLUGIN_AUTOLOAD" not in os.environ
    assert sys.stderr is before


def test_an_argument_that_no_encoding_tells_is_seen_behind_any_other() -> None:
    class Thing:
        def __init__(self, worth: int) -> None:
            self.worth = worth

    remembered = Remembered(SimpleNamespace(worth=lambda _, thing: thing.worth))

    assert remembered.worth("x" * 100_000, Thing(1)) == 1
    assert remembered.worth("x" * 100_000, Thing(2)) == 2


# ── a course of one small assignment ──────────────────────────────────────────────────────────────


def changed(course: Course, old: str, new: str) -> None:
    path = course.root / SUITE
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def result(course: Course) -> Report:
    """What the solution of the course's assignment gets."""
    path, assignment = small_course.hand_in(course, "ada"), small_course.assignment(course)
    manifest = agree(course, assignment)
    with open_judge(course, assignment, manifest, hidden=True, seeds=(1,)) as judge:
        return judged(judge, Job(path, "ada")).judgement.report


def test_a_task_of_which_nothing_can_be_checked_here_is_withheld_and_not_lost(tmp_path: Path) -> None:
    course = small_course.make(tmp_path)
    changed(course, "        same(", '        pytest.skip("it needs a GPU")\n        same(')
    changed(course, "from hypothesis import given", "import pytest\nfrom hypothesis import given")
    report = result(course)

    assert report.status is Status.GRADER_ERROR
    assert "No check of count-vowels can be asked on this machine: it needs a GPU" in report.reason


def test_a_skipped_check_leaves_the_points_to_the_others(tmp_path: Path) -> None:
    course = small_course.make(tmp_path)
    changed(course, '"""Capital letters count as well"""', 'pytest.skip("it needs a GPU")')
    changed(course, "from hypothesis import given", "import pytest\nfrom hypothesis import given")
    report = result(course)

    assert (report.score, report.max_score) == (2, 2)
    assert [check.outcome for check in report.tasks[0].checks if not check.visible] == [Outcome.PASSED, Outcome.SKIPPED]


def test_an_edit_while_the_suite_is_read_does_not_pass_for_judged(tmp_path: Path) -> None:
    course = small_course.make(tmp_path)
    changed(course, "from hypothesis import given", "from pathlib import Path\nfrom hypothesis import given")
    changed(course, '@task("', 'Path(__file__).with_name("edited.txt").write_text("later")\n\n\n@task("')
    assignment = small_course.assignment(course)
    before = fingerprint.checks(course, assignment, agree(course, assignment))

    assert result(course).fingerprint.checks == before
    assert fingerprint.checks(course, assignment, agree(course, assignment)) != before


def test_running_out_of_memory_catches_a_wrong_answer_and_a_ban_proves_nothing_of_a_check(tmp_path: Path) -> None:
    course = small_course.make(tmp_path)
    changed(course, '@task("', '@forbids("json.dumps", why="No.")\n@task("')
    changed(course, "import hint", "import forbids, hint")
    wrong = course.root / WRONG
    for path in wrong.iterdir():
        path.unlink()
    (wrong / "banned.py").write_text("import json\n\n\ndef count_vowels(text):\n    return len(json.dumps(text))\n")

    def problems() -> list[str]:
        matrix = variants.validate(course, small_course.assignment(course), processes=1, quick=True, sets=((1,),))
        return [problem for problem in matrix.problems if "has failed no wrong variant" in problem]

    assert len(problems()) == 2
    (wrong / "greedy.py").write_text("def count_vowels(text):\n    return len(bytearray(80_000_000_000))\n")
    assert problems() == []


def test_what_is_forbidden_is_forbidden_by_hand_too(tmp_path: Path) -> None:
    course = small_course.make(tmp_path)
    changed(course, '@task("', '@forbids("json.dumps", why="Do it yourself.")\n@task("')
    changed(course, "import hint", "import forbids, hint")
    answer = "import json\n\n\ndef count_vowels(text):\n    json.dumps(text)\n    return sum(map(text.lower().count, 'aeiou'))"
    path = tmp_path / "theirs.ipynb"
    nb = variants.notebook_of(load_source(course, small_course.NAME), {small_course.TASK: answer})
    path.write_text(notebook.canonical(nb), encoding="utf-8")

    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str((course.root / SUITE).parent)]
    ended = subprocess.run(
        [*command, "--submission", str(path)], cwd=course.root, capture_output=True, text=True, check=False
    )

    assert "`json.dumps` was used while `count_vowels` ran. Do it yourself." in ended.stdout
    assert "2 failed" in ended.stdout
