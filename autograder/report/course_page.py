"""The page of the whole course: how it goes on, totals, everyone and everything, how assignments hang together."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from itertools import combinations

from autograder.model import Course, Report, Status
from autograder.policy import Mark
from autograder.report import plots
from autograder.report.page import Cell, Column, Page, Section, Table, count, number, render
from autograder.report.plots import Plot, level
from autograder.report.standing import ClassResults, Standing
from autograder.report.statistics import MINIMUM, correlation, graded, summary
from autograder.words import plural


def course_plots(results: Sequence[ClassResults], standings: Sequence[Standing]) -> dict[str, Plot]:
    """The figures of the course by name, and the tables of students and correlations."""
    names = [one.assignment.name for one in results]
    shares = {one.assignment.name: _shares(one.reports) for one in results}
    students = sorted({student for own in shares.values() for student in own})
    pairs = [
        (a, b, len(shares[a].keys() & shares[b].keys()), correlation([shares[a].get(s) for s in students], [shares[b].get(s) for s in students]))
        for a, b in combinations(names, 2)
    ]  # fmt: skip
    header = ("student", *names, "total", "out_of", "percent")
    rows = [
        (
            one.student,
            *(_said(one.marks.get(name)) for name in names),
            *((one.total.points, one.total.out_of, one.total.percent) if one.total else ("withheld", "", "")),
        )
        for one in standings
    ]
    made = [
        plots.progress([(one.assignment.name, one.reports) for one in results]),
        plots.totals([one.student for one in standings], [_percent(one) for one in standings]),
        Plot("students", "Students", "", "", header, rows),
        Plot("correlations", "Correlations", "", "", ("assignment", "other", "students", "correlation"),
             [(a, b, n, "" if r is None else f"{r:.4f}") for a, b, n, r in pairs]),
    ]  # fmt: skip
    return {plot.name: plot for plot in made}


def course_page(
    course: Course,
    results: Sequence[ClassResults],
    standings: Sequence[Standing],
    drawn: dict[str, Plot],
    *,
    pages: Collection[str],
    anonymous: bool,
) -> str:
    """The page as HTML.  `pages` names the assignments that have a page beside it."""
    begun = [one for one in results if one.reports]
    page = Page(
        over=course.name,
        title=course.title,
        lead=f"{plural(len(standings), 'student')}, {len(begun)} of {plural(len(course.assignments), 'assignment')} graded.",
        facts=[],
        sections=[
            Section("figures", "Figures", figures=[(drawn[name], f"data/course-{name}.csv") for name in ("progress", "totals")]),
            _assignments(results, pages),
            _correlations(begun, drawn["correlations"]),
            _students(course, begun, standings),
        ],
        back=False,
        anonymous=anonymous,
        footer=[
            "Scores are those of the grader; what was changed by hand in formgrader is in the gradebook and the exports.",
            "Totals are after late penalties, with dropped assignments left out, in percent of the points without bonus."
        ],
    )  # fmt: skip
    return render(page)


def _assignments(results: Sequence[ClassResults], pages: Collection[str]) -> Section:
    columns = (
        Column("assignment"), Column("title"), Column("points", number=True), Column("graded", number=True),
        Column("median", number=True), Column("mean", number=True), Column("not gradable", number=True),
        Column("withheld", number=True), Column("waiting", number=True), Column("nothing", number=True),
    )  # fmt: skip
    rows = []
    for one in results:
        name = one.assignment.name
        found = summary([report.score for report in graded(one.reports)])
        status = [report.status for report in one.reports]
        rows.append([
            Cell(name, link=f"{name}.html" if name in pages else "", note="bonus" if one.assignment.bonus else ""),
            Cell(one.assignment.title), Cell(f"{one.max_score:g}", one.max_score) if one.max_score else number(None), count(status.count(Status.GRADED)),
            number(found.median if found else None), number(found.mean if found else None), count(status.count(Status.NOT_GRADABLE)),
            count(status.count(Status.GRADER_ERROR)), count(len(one.waiting)), count(len(one.missing)),
        ])  # fmt: skip
    return Section("assignments", "Assignments", tables=[Table("assignment-table", "Assignments", columns, rows)])


def _correlations(begun: Sequence[ClassResults], plot: Plot) -> Section:
    title = "How assignments hang together"
    found = {(str(a), str(b)): float(str(r)) for a, b, _, r in plot.rows if r}
    if not found:
        why = f"pairs of assignments with at least {MINIMUM} students graded in both, whose scores are not all the same, are needed"
        return Section("correlations", title, [f"No correlations: {why}."])
    names = [one.assignment.name for one in begun]
    rows = [
        [
            Cell(name),
            *(_related(found.get((other, name)) or found.get((name, other)), name == other) for other in names),
        ]
        for name in names
    ]
    said = [
        "Pearson's correlation of the scores of those graded in both. Near 1, they ask for the same; near 0, for different things."
    ]
    columns = (Column("assignment"), *(Column(name, number=True) for name in names))
    return Section("correlations", title, said, tables=[
        Table("correlation-table", "Correlations", columns, rows, "data/course-correlations.csv")
    ])  # fmt: skip


def _related(r: float | None, same: bool) -> Cell:
    if r is None:
        return Cell("" if same else "–", "")
    return Cell(f"{r:+.2f}".replace("-", "−"), r, kind=f"h{level(abs(r))}")  # noqa: RUF001 - a minus sign


def _students(course: Course, begun: Sequence[ClassResults], standings: Sequence[Standing]) -> Section:
    if not standings:
        return Section("students", "Students", ["Nobody has handed in anything."])
    columns = (
        Column("student"), *(Column(one.assignment.name, number=True) for one in begun),
        Column("total", number=True), Column("%", number=True),
    )  # fmt: skip
    rows = []
    for one in standings:
        cells = [_mark(one, each) for each in begun]
        if one.total is None:
            total = [Cell("withheld", ""), Cell("–", "")]
        else:
            note = f"without {', '.join(one.total.dropped)}" if one.total.dropped else ""
            out_of = f"{one.total.points:g} of {one.total.out_of:g}"
            total = [Cell(out_of, one.total.points, note=note), Cell(f"{one.total.percent:.1f}", one.total.percent)]
        rows.append([Cell(one.student), *cells, *total])
    said = [
        "The stronger the colour, the larger the share of an assignment's points. A dash is work that was not handed in: it counts 0."
    ]
    if course.drop_worst:
        said.append(f"The worst {plural(course.drop_worst, 'assignment')} of each student is left out of the total.")
    table = Table("student-table", "Students", columns, rows, "data/course-students.csv")
    return Section("students", "Students and totals", said, tables=[table])


def _mark(standing: Standing, results: ClassResults) -> Cell:
    mark = standing.marks.get(results.assignment.name)
    if mark is None:
        return Cell("waiting" if standing.student in results.waiting else "–", "")
    if mark.counted is None:
        return Cell("withheld", "")
    note = f"late: −{mark.penalty:g}" if mark.penalty else ""  # noqa: RUF001 - a minus sign
    share = mark.counted / mark.max_score if mark.max_score else 0.0
    return Cell(f"{mark.counted:g}", mark.counted, kind=f"h{level(share)}", note=note)


def _said(mark: Mark | None) -> object:
    return "" if mark is None else "withheld" if mark.counted is None else mark.counted


def _percent(standing: Standing) -> float | None:
    return standing.total.percent if standing.total and standing.total.out_of else None


def _shares(reports: Sequence[Report]) -> dict[str, float]:
    """Share of the points by student, of those who were graded."""
    return {report.student: report.score / report.max_score for report in graded(reports) if report.max_score}
