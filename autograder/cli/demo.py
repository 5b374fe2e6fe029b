"""`autograder demo`: a sample class made from the variants, released, graded, booked, fed back and reported in one go."""

from __future__ import annotations

import argparse
import json
import random
from pathlib import Path

from autograder import course as courses
from autograder import files, notebook, plan, variants
from autograder.cli import show
from autograder.cli.feedback import write_pages
from autograder.cli.grade import announce, grade
from autograder.cli.report import load, write_report
from autograder.errors import UsageError
from autograder.lms import roster
from autograder.model import Assignment, Course, Manifest
from autograder.release import load_source, release

STUDENTS = (
    "ada", "alan", "anita", "annie", "barbara", "brian", "charles", "claude", "cynthia", "dennis", "donald", "dorothy",
    "edsger", "evelyn", "frances", "grace", "guido", "hedy", "ivan", "jean", "joan", "john", "karen", "katherine", "ken",
    "linus", "lynn", "margaret", "mary", "niklaus", "radia", "tim",
)  # fmt: skip
STRENGTHS = (0.95, 0.85, 0.7, 0.5)
"""How likely a student of each strength is to get a task right."""
PERFECT, UNTOUCHED, TRUNCATED = "ada", "alan", "radia"
EXTRA_CELLS = {
    "katherine": "import os\nos._exit(0)",
    "linus": "1 / 0",
    "margaret": "for _ in range(300):\n    print('still working ' * 500)",
}
"""What some students left at the end of their notebook."""


def run(options: argparse.Namespace) -> int:
    course = courses.load()
    show.writable(options.json)
    _refuse_to_mix(course)
    _enrol(course)
    withheld = False
    pages: list[Path] = []
    graded = []
    for assignment in courses.pick(course, []):
        with show.waiting(f"Releasing {assignment.name}", quiet=options.quiet):
            manifest = release(course, assignment)
        _hand_in(course, assignment, manifest)
        results = grade(course, assignment, student=None, jobs=options.jobs, force=False, quiet=options.quiet)
        opened = [done for one in results if (done := plan.opened(course, manifest, one)) is not None]
        pages += write_pages(course, assignment, manifest, opened, quiet=options.quiet)
        graded.append((assignment, [one.report for one in results]))
        withheld |= announce(course, *graded[-1], show_table=False)
    write_report(course, load(course), course.assignments, quiet=options.quiet)
    show.write_json([report.to_json() for _, reports in graded for report in reports], options.json)
    if not options.quiet and options.json != "-":
        screen = show.console()
        screen.print(show.course_table(course.title, graded))
        for what, where in (
            ("feedback pages", pages[0].relative_to(course.root) if pages else "feedback"),
            ("the class in figures", "report/index.html"),
            ("results as JSON", "results/"),
            ("nbgrader's gradebook", "gradebook.db   (make lab, then Nbgrader > Formgrader)"),
            ("what they handed in", "submitted/"),
        ):
            screen.print(f"{what:22} {where}", markup=False)
    return 4 if withheld else 0


def _refuse_to_mix(course: Course) -> None:
    folder = course.root / "submitted"
    real = (
        [path.name for path in folder.iterdir() if path.is_dir() and path.name not in STUDENTS]
        if folder.is_dir()
        else []
    )
    if real:
        raise UsageError(
            f"submitted/ holds a class already ({real[0]}, …); the demo would mix with it.",
            "Run the demo in a fresh clone.",
        )


def _enrol(course: Course) -> None:
    """Writes roster.csv, with numbers such as Canvas gives, unless there is one."""
    path = course.root / roster.NAME
    if not path.exists():
        lines = [f"{student},{student.title()},{1001 + number}" for number, student in enumerate(STUDENTS)]
        files.write(path, "\n".join(["id,name,canvas_id", *lines, ""]))


def _hand_in(course: Course, assignment: Assignment, manifest: Manifest) -> None:
    """Writes every sample student's notebook, the same ones on every run."""
    released = json.loads(
        (courses.release_dir(course, assignment.name) / manifest.notebook).read_text(encoding="utf-8")
    )
    solution = variants.answers(load_source(course, assignment.name), manifest)
    pool = variants.variants(course, assignment.name)
    for number, student in enumerate(STUDENTS):
        if assignment.bonus and number % 3 == 2:  # a bonus is optional
            continue
        nb = variants.notebook_of(released, _answers(student, solution, pool, STRENGTHS[number % len(STRENGTHS)]))
        if student in EXTRA_CELLS:
            nb["cells"].append(
                {"cell_type": "code", "id": "extra", "metadata": {}, "outputs": [], "execution_count": None,
                 "source": EXTRA_CELLS[student]}
            )  # fmt: skip
        text = notebook.canonical(nb)
        path = course.root / "submitted" / student / assignment.name / manifest.notebook
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text[: len(text) // 2] if student == TRUNCATED else text, encoding="utf-8")


def _answers(student: str, solution: dict[str, str], pool: list[variants.Variant], strength: float) -> dict[str, str]:
    """A student's answer cells by task id: a right or a wrong variant each, with the odds of their strength."""
    if student == UNTOUCHED:
        return {}
    if student == PERFECT:
        return solution
    draw = random.Random(f"{student} {', '.join(solution)}")  # noqa: S311 - the same class on every run, nothing secret
    chosen = {}
    for task, known in solution.items():
        kind = "right" if draw.random() < strength else "wrong"
        fitting = [one.source for one in pool if one.kind == kind and one.task == task]
        chosen[task] = draw.choice(fitting or [known])
    return chosen
