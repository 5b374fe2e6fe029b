"""What has not changed is not judged again, nor booked again; what a regrade changes is said first."""

from __future__ import annotations

import dataclasses
import errno
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import small_class
from nbgrader.api import Gradebook

from autograder import cli, gradebook, journal, notebook, plan, pool
from autograder import course as courses
from autograder.journal import Done
from autograder.model import Course, Judgement, Report
from autograder.release import released
from autograder.submitted import Job

NAME = small_class.NAME
HEAVY = ("torch", "transformers", "nbgrader", "pytest", "hypothesis")


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Course:
    """The small class, graded.  A test takes a copy."""
    root = tmp_path_factory.mktemp("graded")
    course = small_class.make(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTOGRADER_COURSE", str(root))
        assert cli.main(["grade", "--quiet", "--jobs", "1"]) == 0
    return course


@pytest.fixture
def small(graded: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Course:
    subprocess.run(["cp", "-a", f"{graded.root}/.", str(tmp_path)], check=True)
    monkeypatch.setenv("AUTOGRADER_COURSE", str(tmp_path))
    return courses.load(tmp_path)


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Whose notebooks are judged from now on."""
    names: list[str] = []
    judge_all = pool.judge_all

    def noting(course: Any, assignment: Any, manifest: Any, jobs: list[Job], **options: Any) -> Any:
        names.extend(job.student for job in jobs)
        return judge_all(course, assignment, manifest, jobs, **options)

    monkeypatch.setattr(pool, "judge_all", noting)
    return names


def grade(*options: str) -> int:
    return cli.main(["grade", "--jobs", "1", *options])


def result(course: Course, student: str) -> Report:
    report = journal.load(journal.path_of(course, NAME, student))
    assert report is not None
    return report


def files_of(course: Course, *folders: str) -> dict[Path, tuple[int, bytes]]:
    paths = [path for folder in folders for path in (course.root / folder).rglob("*") if path.is_file()]
    return {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in [*paths, course.root / "gradebook.db"]}


# ── what stays ────────────────────────────────────────────────────────────────────────────────────


def test_an_unchanged_class_of_1000_takes_under_5_seconds_and_nothing_heavy(small: Course) -> None:
    (assignment,) = small.assignments
    text = (small.root / "submitted" / "ada" / NAME / f"{NAME}.ipynb").read_text(encoding="utf-8")
    ada, entries = result(small, "ada"), []
    manifest = released(small, assignment)
    for number in range(1000):
        student = f"student{number:04}"
        path = small_class.hand_in(small, student, text + "\n" * (number + 1))
        submission = notebook.read(path, manifest, student, small.limits)
        report = dataclasses.replace(
            ada, student=student, fingerprint=dataclasses.replace(ada.fingerprint, submission=submission.digest)
        )
        judgement = Judgement(report)
        journal.keep(small, Done(Job(path, student), submission, judgement))
        entries.append((submission, judgement))
    gradebook.record(small, entries)
    before = files_of(small, "results", "autograded")
    program = f"""
import sys, time
started = time.perf_counter()
from autograder import cli
code = cli.main(["grade"])
print(code, time.perf_counter() - started, *(name for name in {HEAVY!r} if name in sys.modules))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    code, seconds, *heavy = done.stdout.splitlines()[-1].split()
    assert (code, heavy) == ("0", [])
    assert float(seconds) < 5
    assert "1003 done" in done.stderr
    assert files_of(small, "results", "autograded") == before


@pytest.mark.parametrize(
    "change",
    [
        lambda course: (course.root / "source" / NAME / "checks" / "words.txt").write_text("a word list"),
        lambda course: _edit(course.root / courses.CONFIG, "limits=Limits()", "limits=Limits(memory_mb=2000)"),
    ],
    ids=["a file of the checks", "the limits"],
)
def test_whatever_a_verdict_depends_on_has_everybody_judged_again(
    small: Course, judged: list[str], change: Callable[[Course], object]
) -> None:
    change(small)
    assert grade("--quiet") == 0
    assert {"ada", "grace"} <= set(judged)
    judged.clear()
    assert grade("--quiet") == 0
    assert judged == []


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_another_file_has_its_student_alone_judged_again(small: Course, judged: list[str]) -> None:
    small_class.hand_in(small, "grace", (small.root / "submitted/ada" / NAME / f"{NAME}.ipynb").read_text("utf-8"))
    assert grade("--quiet") == 0
    assert judged == ["grace"]
    assert result(small, "grace").score == 2


@pytest.mark.usefixtures("small")
def test_force_judges_everybody_again(judged: list[str]) -> None:
    assert grade("--quiet", "--force") == 0
    assert judged == ["ada", "grace", "radia"]


# ── what is booked ────────────────────────────────────────────────────────────────────────────────


def test_a_gradebook_that_was_deleted_is_filled_again_without_judging(small: Course, judged: list[str]) -> None:
    before = gradebook.scores(small, small.assignments[0])
    (small.root / "gradebook.db").unlink()
    assert grade("--quiet") == 0
    assert judged == []
    assert gradebook.scores(small, small.assignments[0]) == before


def test_a_run_that_was_killed_before_it_booked_is_finished_by_the_next(small: Course, judged: list[str]) -> None:
    """The result is there; the gradebook and the autograded notebook are those of the run before."""
    old = result(small, "grace")
    (check, *rest) = old.tasks[0].checks
    worse = dataclasses.replace(old.tasks[0], score=0.5, checks=(check, *rest))
    manifest = released(small, small.assignments[0])
    graded = plan.Graded(Job(Path(old.notebook), "grace"), dataclasses.replace(old, tasks=(worse,), score=0.5))
    path = small.root / "submitted" / "grace" / NAME / f"{NAME}.ipynb"
    done = plan.opened(small, manifest, dataclasses.replace(graded, job=Job(path, "grace")))
    assert done is not None
    journal.keep(small, done)

    assert grade() == 0

    assert judged == []
    assert gradebook.scores(small, small.assignments[0])["grace"] == {"count-vowels": 0.5}
    assert not list((small.root / "results").rglob("*.before"))


def test_an_autograded_notebook_that_is_lost_is_written_again(small: Course) -> None:
    path = small.root / "autograded" / "ada" / NAME / f"{NAME}.ipynb"
    before = path.read_bytes()
    path.unlink()
    assert grade("--quiet") == 0
    assert path.read_bytes() == before


def test_what_a_person_entered_is_no_reason_to_judge_or_to_book_again(small: Course, judged: list[str]) -> None:
    with Gradebook(courses.gradebook_url(small), small.name) as book:
        mark = book.find_grade("count-vowels", NAME, NAME, "grace")
        mark.manual_score, mark.extra_credit = 1.75, 0.25
        book.find_comment("count-vowels", NAME, NAME, "grace").manual_comment = "Nearly."
        book.db.commit()
    before = files_of(small)
    assert grade("--quiet") == 0
    assert judged == []
    assert files_of(small) == before


def test_a_gradebook_that_is_locked_is_one_clear_line_and_the_next_run_books(
    small: Course, judged: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    _edit(small.root / "source" / NAME / "checks" / "test_counting.py", '"EDUCATION"', '"education"')
    with closing(sqlite3.connect(small.root / "gradebook.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert grade("--quiet") == 4
    said = capsys.readouterr().err
    assert "The gradebook cannot be used: database is locked." in said
    assert len(said.splitlines()) == 1
    judged.clear()
    assert grade() == 0
    assert judged == []
    assert "grace: 1 → 2" in capsys.readouterr().out
    assert gradebook.scores(small, small.assignments[0])["grace"] == {"count-vowels": 2.0}


# ── what a regrade says ───────────────────────────────────────────────────────────────────────────


def test_a_regrade_says_who_gains_and_why_and_a_dry_run_writes_nothing(
    small: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    checks = small.root / "source" / NAME / "checks" / "test_counting.py"
    _edit(checks, '"EDUCATION"', '"education"')  # capitals are not asked for any more
    before = files_of(small, "results", "autograded", ".autograder")
    assert grade("--dry-run") == 0
    dry = capsys.readouterr().out
    assert files_of(small, "results", "autograded", ".autograder") == before
    assert "grace: 1 → 2, because the checks or the release changed" in dry
    assert "count-vowels: 1 → 2 (Capital letters: failed → passed)" in dry
    assert "1 would gain points, 0 lose some, 2 keep theirs" in dry

    assert grade() == 0
    assert "grace: 1 → 2, because" in capsys.readouterr().out
    assert result(small, "grace").score == 2
    assert gradebook.scores(small, small.assignments[0])["grace"] == {"count-vowels": 2.0}
    assert grade() == 0
    assert "→" not in capsys.readouterr().out
    assert grade("--dry-run") == 0
    assert f"{NAME}: nobody who has a result would be graded again." in capsys.readouterr().out


def test_with_json_on_standard_output_the_differences_go_to_the_other(
    small: Course, capsys: pytest.CaptureFixture[str]
) -> None:
    _edit(small.root / "source" / NAME / "checks" / "test_counting.py", '"EDUCATION"', '"education"')
    assert grade("--json", "-") == 0
    said = capsys.readouterr()
    assert [one["score"] for one in json.loads(said.out)] == [2, 2, 0]
    assert "grace: 1 → 2" in said.err


def test_a_reader_who_stops_reading_does_not_stop_the_booking(small: Course) -> None:
    old = result(small, "grace")
    worse = dataclasses.replace(old, tasks=(dataclasses.replace(old.tasks[0], score=0.5),), score=0.5)
    job = Job(small.root / "submitted" / "grace" / NAME / f"{NAME}.ipynb", "grace")
    done = plan.opened(small, released(small, small.assignments[0]), plan.Graded(job, worse))
    assert done is not None
    journal.keep(small, done)
    reads, writes = os.pipe()
    os.close(reads)
    command = [sys.executable, "-u", "-m", "autograder", "grade"]  # -u: the first line fails, not the last
    run = subprocess.run(command, stdout=writes, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writes)

    assert (run.returncode, "Error" in run.stderr) == (0, False), run.stderr
    assert gradebook.scores(small, small.assignments[0])["grace"] == {"count-vowels": 0.5}


def test_a_socket_of_ours_that_breaks_is_no_reader_who_stopped_reading(
    small: Course, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def breaking(*_: object, **__: object) -> None:
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))

    monkeypatch.setattr(pool, "judge_all", breaking)
    shutil.rmtree(small.root / "results")

    assert grade("--quiet") == 4
    assert "a fault of the grader itself: BrokenPipeError" in capsys.readouterr().err


def test_a_grade_that_is_withheld_asks_for_a_look_and_the_next_says_what_changes_of_the_one_that_is_booked(
    small: Course, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = result(small, "grace")
    worse = dataclasses.replace(before, tasks=(dataclasses.replace(before.tasks[0], score=0.5),), score=0.5)

    def lost(_course: Any, _assignment: Any, manifest: Any, jobs: list[Job], **_: Any) -> list[Done]:
        return [journal.withheld(job, manifest, "2 times the judge ended.") for job in jobs]

    def judged(_course: Any, _assignment: Any, manifest: Any, jobs: list[Job], **_: Any) -> list[Done]:
        return [
            Done(job, notebook.read(job.path, manifest, job.student, small.limits), Judgement(worse)) for job in jobs
        ]

    monkeypatch.setattr(pool, "judge_all", lost)
    assert grade("--quiet", "--force", "--student", "grace") == 4
    with Gradebook(courses.gradebook_url(small), small.name) as book:
        mark = book.find_grade("count-vowels", NAME, NAME, "grace")
        assert (mark.auto_score, mark.needs_manual_grade) == (1.0, True)
    monkeypatch.setattr(pool, "judge_all", judged)
    capsys.readouterr()
    assert grade("--student", "grace") == 0
    assert "grace: 1 → 0.5" in capsys.readouterr().out
    assert not list((small.root / "results").rglob("*.before"))


def test_what_another_version_wrote_is_no_result_of_ours(small: Course) -> None:
    path = journal.path_of(small, NAME, "ada")
    (data,) = json.loads(path.read_text(encoding="utf-8"))
    for other in ([{**data, "schema": 99}], ["words"], [["a list"]]):
        path.write_text(json.dumps(other), encoding="utf-8")
        assert journal.load(path) is None
