"""Grades as a table of the course, and as the files that Canvas and Moodle import."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from pathlib import Path

from autograder.errors import UsageError
from autograder.lms import tables
from autograder.lms.grades import Grades
from autograder.lms.layouts import PARTICIPANT
from autograder.lms.roster import Person, Roster
from autograder.model import Assignment

CANVAS_COLUMNS = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
MOODLE_COLUMNS = ("Identifier", "Full name", "Grade", "Maximum Grade")
EXCUSED = "EX"
_TITLE = re.compile(r"(?P<title>.*) \((?P<id>\d+)\)")


@dataclass(frozen=True, slots=True)
class Made:
    """A file's text, and the graded students that have no row in it."""

    text: str
    left_out: tuple[str, ...] = ()


def plain(grades: Grades) -> str:
    """A row for each student: points that count and the late penalty of each assignment, then the total.  Empty is not handed in, or
    withheld (the last column names those); then there is no total either."""
    header = ["student", "name", "email"]
    for assignment in grades.assignments:
        header += [assignment.name, f"{assignment.name}_penalty"]
    header += ["points", "of", "percent", "bonus", "dropped", "withheld"]
    rows = []
    for student in grades.students.values():
        row: list[object] = [student.id, student.name, student.email]
        withheld = []
        for assignment in grades.assignments:
            grade = grades.grade(student.id, assignment.name)
            row += [grade.mark.counted, grade.mark.penalty or None] if grade else [None, None]
            withheld += [assignment.name] if grade and grade.withheld else []
        total = grades.total(student.id)
        if total is None:
            row += [None] * 5
        else:
            row += [total.points, total.out_of, total.percent, total.bonus or None, " ".join(total.dropped)]
        rows.append([*row, " ".join(withheld)])
    return tables.text_of(header, rows)


# ── Canvas ────────────────────────────────────────────────────────────────────────────────────────


def canvas(grades: Grades, roster: Roster, template: Path | None) -> Made:
    """The CSV that Canvas' gradebook imports.  `template` is the one that it exported: its assignments, students and EX are kept.

    Without it the roster's canvas_id or sis_id says who is who, and Canvas makes the assignments anew.
    Raises UsageError where the template is none or lacks an assignment, where its points differ from ours, and where there is neither a
    template nor anybody with a number."""
    return _canvas_from_roster(grades) if template is None else _canvas_filled(grades, roster, tables.read(template))


def _canvas_from_roster(grades: Grades) -> Made:
    header = [*CANVAS_COLUMNS, *(assignment.title for assignment in grades.assignments)]
    rows: list[list[object]] = [["    Points Possible", *[""] * 4, *(_possible(grades, a) for a in grades.assignments)]]
    left_out = []
    for student in grades.students.values():
        canvas_id, sis_id = student.numbers.get("canvas_id", ""), student.numbers.get("sis_id", "")
        if not canvas_id and not sis_id:
            left_out += [student.id] if student.id in grades.table else []
            continue
        points = [_counted(grades, student.id, assignment) for assignment in grades.assignments]
        rows.append([student.name, canvas_id, sis_id, "", "", *points])
    if left_out and len(rows) == 1:
        raise UsageError(
            "Nobody of those who have grades has a canvas_id or sis_id in roster.csv, so Canvas could not tell who is who.",
            "Put the numbers there, or give --template the gradebook that Canvas exports.",
        )
    return Made(tables.text_of(header, rows), tuple(left_out))


def _canvas_filled(grades: Grades, roster: Roster, template: tables.Table) -> Made:
    missing = [name for name in CANVAS_COLUMNS[:2] if name not in template.header]
    if missing:
        raise UsageError(f"The template has no column {missing[0]}.", "Export the gradebook in Canvas as CSV.")
    keep = [at for at, name in enumerate(template.header) if name in CANVAS_COLUMNS]
    ours = {assignment.name: _canvas_column(template, assignment) for assignment in grades.assignments}
    header = [template.header[at] for at in (*keep, *ours.values())]
    records = list(template.records())
    people = [_canvas_person(record) for record in records if record["ID"].strip()]
    students = iter(grades.who(people, roster))
    rows: list[list[object]] = []
    served = set()
    for values, record in zip(template.rows, records, strict=True):
        row: list[object] = [values[at] for at in keep]
        if not record["ID"].strip():  # the points, and what else Canvas says of the columns
            if record["Student"].strip() == "Points Possible":
                _same_points(grades, ours, values)
            rows.append([*row, *(values[at] for at in ours.values())])
            continue
        student = next(students)
        served |= {student}
        for assignment in grades.assignments:
            before = values[ours[assignment.name]].strip()
            graded = student is not None and grades.grade(student, assignment.name) is not None
            points = _counted(grades, student or "", assignment)
            row.append(before if before.upper() == EXCUSED or not graded else points)
        rows.append(row)
    return Made(tables.text_of(header, rows), tuple(name for name in grades.table if name not in served))


def _canvas_column(template: tables.Table, assignment: Assignment) -> int:
    """The column of an assignment: by its title, else by its name, in "Title (id)"."""
    titles = {
        at: found["title"].casefold() for at, name in enumerate(template.header) if (found := _TITLE.fullmatch(name))
    }
    for wanted in (assignment.title.casefold(), assignment.name.casefold()):
        fitting = [at for at, title in titles.items() if title == wanted]
        if len(fitting) == 1:
            return fitting[0]
    fitting = [at for at, title in titles.items() if assignment.name.casefold() in title]
    if len(fitting) != 1:
        raise UsageError(
            f"The template has {'no' if not fitting else 'more than one'} assignment {assignment.title!r}.",
            f"Call it so in Canvas, or export without --template, or name the assignments that are there ({assignment.name} is not).",
        )
    return fitting[0]


def _same_points(grades: Grades, columns: dict[str, int], values: tuple[str, ...]) -> None:
    for name, at in columns.items():
        try:
            possible = float(values[at].replace(",", ".") or 0)
        except ValueError:  # "(read only)"
            continue
        if possible and possible != grades.max_scores[name]:
            raise UsageError(
                f"{name} has {possible:g} points in Canvas, and {grades.max_scores[name]:g} here.",
                "Set its points in Canvas; a bonus may have 0.",
            )


def _canvas_person(record: dict[str, str]) -> tuple[Person, list[str]]:
    number, sis, login = (record.get(name, "").strip() for name in CANVAS_COLUMNS[1:4])
    numbers = {key: value for key, value in (("canvas_id", number), ("sis_id", sis)) if value}
    return Person(record["Student"], login if "@" in login else "", numbers, number), [login, sis]


def _possible(grades: Grades, assignment: Assignment) -> float:
    """A bonus adds points and no possible ones: so it lies over 100 % in Canvas too."""
    return 0.0 if assignment.bonus else grades.max_scores[assignment.name]


def _counted(grades: Grades, student: str, assignment: Assignment) -> float | None:
    grade = grades.grade(student, assignment.name)
    return grade.mark.counted if grade else None


# ── Moodle ────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Filled(Made):
    """A filled-in worksheet.  `folders` is student → the folder of their feedback, as Moodle names it."""

    folders: tuple[tuple[str, str], ...] = ()


def moodle(grades: Grades, roster: Roster, template: Path) -> Filled:
    """The grading worksheet that Moodle wrote for one assignment, with grades, and why something was taken off.

    Raises UsageError where it is none, or its points differ from ours."""
    (assignment,) = grades.assignments
    table = tables.read(template)
    missing = [name for name in MOODLE_COLUMNS if name not in table.header]
    if missing:
        raise UsageError(
            f"The template has no column {missing[0]}.",
            "Download the grading worksheet in Moodle, with the language set to English.",
        )
    rows: list[list[object]] = []
    folders, served = [], set()
    students = grades.who([_moodle_person(record) for record in table.records()], roster)
    for record, student in zip(table.records(), students, strict=True):
        _same_maximum(record["Maximum Grade"], assignment, grades.max_scores[assignment.name])
        number = PARTICIPANT.sub("", record["Identifier"])
        grade = grades.grade(student, assignment.name) if student else None
        row: dict[str, object] = dict(record)
        if grade is not None and student is not None:
            served.add(student)
            row["Grade"] = grade.mark.counted
            if grade.why and "Feedback comments" in row:
                row["Feedback comments"] = " ".join(grade.why)
            folders.append((student, f"{_moodle_name(record['Full name'])}_{number}_assignsubmission_file_"))
        rows.append([row[name] for name in table.header])
    left_out = tuple(name for name in grades.table if name not in served)
    return Filled(tables.text_of(table.header, rows), left_out, tuple(folders))


def _moodle_person(record: dict[str, str]) -> tuple[Person, list[str]]:
    known = record.get("ID number", "").strip()
    email = record.get("Email address", "").strip()
    numbers = {"moodle_id": known} if known else {}
    person = Person(record["Full name"].strip(), email, numbers, PARTICIPANT.sub("", record["Identifier"]))
    return person, [known, record.get("Username", "").strip(), email.partition("@")[0]]


def _same_maximum(written: str, assignment: Assignment, points: float) -> None:
    try:
        maximum = float(written.replace(",", ".") or points)
    except ValueError:
        maximum = -1.0
    if maximum != points:
        raise UsageError(
            f"{assignment.name} has a maximum grade of {written} in Moodle, and {points:g} points here.",
            "Set the maximum grade in Moodle, and download the worksheet again.",
        )


def _moodle_name(name: str) -> str:
    """As Moodle does it: an underscore would end the name, and what a path cannot hold is left out."""
    cleaned = "".join(
        letter for letter in name.replace("_", " ") if letter.isprintable() and letter not in '/\\:*?"<>|'
    )
    return cleaned.strip(" .") or "Participant"


def feedback_zip(grades: Grades, filled: Filled) -> tuple[bytes, tuple[str, ...]]:
    """The zip of feedback files that Moodle takes, of the pages in feedback/; and the students who have no page."""
    (assignment,) = grades.assignments
    out = io.BytesIO()
    missing = []
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for student, folder in filled.folders:
            page = grades.course.root / "feedback" / student / assignment.name / f"{assignment.name}.html"
            if not page.is_file():
                missing.append(student)
                continue
            info = zipfile.ZipInfo(f"{folder}/{page.name}", (1980, 1, 1, 0, 0, 0))  # the same zip for the same pages
            archive.writestr(info, page.read_bytes(), zipfile.ZIP_DEFLATED)
    return out.getvalue(), tuple(missing)
