"""The page of one assignment: what to look at first, figures, tasks, mistakes, checks, students."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from autograder.model import Outcome, Report, Status
from autograder.report.class_figures import Figures
from autograder.report.mistakes import remarks
from autograder.report.outcome_bars import GROUPS, bar
from autograder.report.page import Cell, Column, Page, Section, Table, count, number, render
from autograder.report.plots import Plot, level
from autograder.report.standing import ClassResults
from autograder.report.statistics import MINIMUM, Item, graded
from autograder.words import plural

MISTAKES_SHOWN = 25


def class_page(
    data: Figures,
    drawn: dict[str, Plot],
    *,
    course_title: str,
    anonymous: bool,
    feedback: Callable[[str], str] = lambda _: "",
) -> str:
    """The page as HTML.  `feedback` gives the address of a student's feedback page, "" where there is none."""
    results = data.results
    name = results.assignment.name

    def address(plot: str) -> str:
        return f"data/{name}-{plot}.csv"

    sections = [
        _attention(results),
        _doubts(data),
        Section(
            "figures",
            "Figures",
            figures=[
                (drawn[plot], address(plot)) for plot in ("scores", "items", "heat", "outcomes", "time", "memory")
            ],
        ),
        _tasks(data),
        _mistakes(data, address("mistakes")),
        _checks(data, address("outcomes")),
        _students(data, address("heat"), feedback),
        _remarks(data),
        _missing(results),
    ]
    page = Page(
        over=course_title,
        title=results.assignment.title,
        lead=_lead(results),
        facts=_facts(data),
        sections=[section for section in sections if section is not None],
        back=True,
        anonymous=anonymous,
        footer=_footer(anonymous),
    )
    return render(page)


# ── sections ──────────────────────────────────────────────────────────────────────────────────────


def _lead(results: ClassResults) -> str:
    status = [report.status for report in results.reports]
    parts = [
        f"{plural(len(status) + len(results.waiting), 'notebook')} handed in",
        f"{status.count(Status.GRADED)} graded",
    ]
    for amount, words in (
        (status.count(Status.NOT_GRADABLE), "not gradable"),
        (status.count(Status.GRADER_ERROR), "withheld"),
        (len(results.waiting), "waiting to be graded"),
        (len(results.missing), "handed in nothing"),
    ):
        parts += [f"{amount} {words}"] if amount else []
    return f"{', '.join(parts)}."


def _facts(data: Figures) -> list[tuple[str, str]]:
    found = graded(data.results.reports)
    if data.scores is None or data.seconds is None or data.memory_mb is None:
        return []
    full = sum(report.score >= report.max_score for report in found)
    spread = "–" if data.scores.sd is None else f"{data.scores.sd:.2f}"
    facts = [
        ("median", f"{data.scores.median:.4g} of {data.results.max_score:g}"),
        ("mean", f"{data.scores.mean:.2f}"),
        ("standard deviation", spread),
        ("full marks", str(full)),
        ("median time", f"{data.seconds.median:.2g} s"),
    ]
    return [*facts, ("peak memory", f"{data.memory_mb.most:.0f} MB")] if data.memory_mb.most else facts


def _attention(results: ClassResults) -> Section | None:
    """Notebooks without a score: withheld, not gradable, waiting."""
    rows = [
        [
            Cell(words),
            Cell(reason.text),
            Cell(str(len(reason.students)), len(reason.students)),
            Cell("; ".join(reason.students)),
        ]
        for status, words in ((Status.GRADER_ERROR, "withheld"), (Status.NOT_GRADABLE, "not gradable, 0 points"))
        for reason in remarks(
            (report.student, [report.reason]) for report in results.reports if report.status is status
        )
    ]
    if waiting := results.waiting:
        rows.append(
            [
                Cell("waiting"),
                Cell("Handed in, but not graded yet."),
                Cell(str(len(waiting)), len(waiting)),
                Cell("; ".join(waiting)),
            ]
        )
    if not rows:
        return None
    sentences = []
    if any(report.status is Status.GRADER_ERROR for report in results.reports):
        sentences.append("A grade is withheld where the grader failed, not the student. Mend it and grade again.")
    columns = (Column("what"), Column("why", wide=True), Column("students", number=True), Column("who", wide=True))
    return Section(
        "attention", "What needs a person", sentences, tables=[Table("ungraded", "Without a score", columns, rows)]
    )


def _tasks(data: Figures) -> Section:
    columns = (
        Column("task"), Column("title"), Column("points", number=True), Column("difficulty", number=True),
        Column("discrimination", number=True), Column("judged", number=True), Column("not attempted", number=True),
    )  # fmt: skip
    untried = {
        task.task: max((check.outcomes.get(Outcome.NOT_ATTEMPTED, 0) for check in data.checks if check.task == task.task), default=0)
        for task in data.tasks
    }  # fmt: skip
    rows = [
        [
            Cell(f"{task.number} {task.task}"), Cell(task.title), Cell(f"{task.points:g}", task.points),
            number(task.difficulty), number(task.discrimination), count(task.judged), count(untried[task.task]),
        ]
        for task in data.tasks
    ]  # fmt: skip
    said = [
        "Difficulty is the mean share of the points: 0 nobody has any, 1 everybody has all.",
        "Discrimination is the correlation with the points of everything else: near 0 or below, the task does not tell who knows the rest.",
    ]
    said += _why_none(data)
    return Section("tasks", "Tasks", said, tables=[Table("task-table", "Tasks", columns, rows)])


def _why_none(data: Figures) -> list[str]:
    if data.scores is None:
        return ["Nobody has been graded, so there are no numbers."]
    if data.scores.n < MINIMUM:
        return [f"Discrimination is shown from {MINIMUM} graded notebooks on; here it is {data.scores.n}."]
    return []


def _doubts(data: Figures) -> Section | None:
    """What may be wrong with the suite; no section where nothing is."""
    if not data.doubts:
        return None
    columns = (
        Column("task"),
        Column("check", wide=True),
        Column("why it is doubtful", wide=True),
        Column("students", number=True),
    )
    rows = [
        [Cell(one.task), Cell(one.check), Cell(one.reason), Cell(str(len(one.students)), len(one.students), more=one.students)]
        for one in data.doubts
    ]  # fmt: skip
    said = [
        "These checks may be wrong, and not the answers that fail them. Look at each, with one of the answers, before the points are used.",
        "Where the check is wrong: mend it in the suite and run `autograder grade` again; only what has changed is judged anew.",
    ]
    return Section(
        "doubts", "Doubts about the suite", said, tables=[Table("doubt-table", "Doubtful checks", columns, rows)]
    )


def _mistakes(data: Figures, address: str) -> Section:
    columns = (Column("task"), Column("students", number=True), Column("what was said", wide=True), Column("checks"))
    signs = {outcome: f"{sign} {words}" for _, sign, words, them in GROUPS for outcome in them}
    rows = [
        [
            Cell(one.task),
            Cell(str(len(one.students)), len(one.students), more=one.students),
            Cell(one.message or signs[one.outcome], note=one.hint and f"Hint: {one.hint}"),
            Cell(
                one.checks[0],
                note=signs[one.outcome],
                more=one.checks[1:],
                unfold=f"and {plural(len(one.checks) - 1, 'more check')}",
            ),
        ]
        for one in data.mistakes[:MISTAKES_SHOWN]
    ]
    if not rows:
        why = "whoever answered passed every check" if data.scores else "nobody has been graded"
        return Section("mistakes", "Commonest mistakes", [f"There are no mistakes to show: {why}."])
    said = [
        "Messages of one check that differ only in their inputs are one mistake; so are checks that told the same students the same.",
        "The message shown is the shortest: it has the smallest counterexample.",
    ]
    if len(data.mistakes) > MISTAKES_SHOWN:
        said.append(f"The {MISTAKES_SHOWN} commonest of {len(data.mistakes)}; the CSV has all.")
    return Section(
        "mistakes", "Commonest mistakes", said, tables=[Table("mistake-table", "Mistakes", columns, rows, address)]
    )


def _checks(data: Figures, address: str) -> Section:
    columns = (
        Column("check"), Column("task"), Column("outcomes"), Column("difficulty", number=True),
        Column("discrimination", number=True), Column("points", number=True), Column("look at"),
    )  # fmt: skip
    rows = [
        [
            Cell(f"{check.number} {check.title}", note="visible to students" if check.visible else ""),
            Cell(check.task, kind="tight"), Cell("", check.outcomes.get(Outcome.PASSED, 0), bar=bar(check.outcomes)),
            number(check.difficulty), number(check.discrimination), Cell(f"{check.points:.2g}", check.points), Cell(_look(check)),
        ]
        for check in data.checks
    ]  # fmt: skip
    if not rows:
        return Section("checks", "Checks", ["Nobody has been graded, so no check has an outcome."])
    said = [
        _listed(
            "Nobody who answered fails",
            [one for one in data.checks if one.nobody_fails],
            "Every check is failed by somebody.",
        ),
        _listed(
            "Everybody who answered fails",
            [one for one in data.checks if one.everybody_fails],
            "Every check is passed by somebody.",
        ),
    ]
    untold = [one for one in data.checks if not one.tried]
    said += [_listed("Nobody's answer was judged by", untold, "")] if untold else []
    legend = [(kind, sign, words) for kind, sign, words, _ in GROUPS]
    return Section(
        "checks", "Checks", said, legend=legend, tables=[Table("check-table", "Checks", columns, rows, address)]
    )


def _listed(words: str, checks: Sequence[Item], none: str) -> str:
    return f"{words}: {'; '.join(f'{one.number} {one.title}' for one in checks)}." if checks else none


def _look(check: Item) -> str:
    if check.everybody_fails:
        return "everybody fails"
    if check.nobody_fails:
        return "nobody fails"
    return "does not discriminate" if check.discrimination is not None and check.discrimination < 0.1 else ""


def _students(data: Figures, address: str, feedback: Callable[[str], str]) -> Section:
    columns = (
        Column("student"), Column("score", number=True), *(Column(task.task, number=True) for task in data.tasks),
        Column("seconds", number=True), Column("MB", number=True), Column("repairs", number=True), Column("flags", number=True),
    )  # fmt: skip
    rows = [_student(report, data.tasks, feedback(report.student)) for report in data.results.reports]
    if not rows:
        return Section("students", "Students", ["Nobody has been graded."])
    return Section("students", "Students", tables=[Table("student-table", "Students", columns, rows, address)])


def _student(report: Report, tasks: Sequence[Item], link: str) -> list[Cell]:
    if report.status is Status.GRADED:
        score = Cell(f"{report.score:g}", report.score, kind=_heat(report.score, report.max_score))
    else:
        score = Cell("withheld" if report.status is Status.GRADER_ERROR else "not gradable", "")
    own = {task.id: task for task in report.tasks}
    cells = [
        Cell(f"{own[task.task].score:g}", own[task.task].score, kind=_heat(own[task.task].score, own[task.task].points))
        if task.task in own
        else Cell("–", "")
        for task in tasks
    ]
    execution = report.execution
    return [
        Cell(report.student, link=link), score, *cells, Cell(f"{execution.seconds:.2f}", execution.seconds),
        count(execution.peak_memory_mb), count(len(report.repairs)), count(len(report.flags)),
    ]  # fmt: skip


def _heat(score: float, points: float) -> str:
    return f"h{level(score / points)}" if points else ""


def _remarks(data: Figures) -> Section:
    columns = (Column("what", wide=True), Column("students", number=True))
    tables = [
        Table(name, caption, columns, [[Cell(one.text), Cell(str(len(one.students)), len(one.students), more=one.students)] for one in said])
        for name, caption, said in (
            ("flags", "Flags: what a person should look at", data.flags),
            ("repairs", "Repairs: what was put right in their files", data.repairs),
            ("errors", "Errors that cells raised when they were run", data.errors),
        )
    ]  # fmt: skip
    lacking = [word for word, table in zip(("flagged", "repaired"), tables, strict=False) if not table.rows]
    said = [f"No notebook was {' or '.join(lacking)}."] if lacking else []
    return Section("remarks", "Flags and repairs", said, tables=tables)


def _missing(results: ClassResults) -> Section:
    said = [] if results.missing else ["Everyone of whom we know has handed in something."]
    return Section("missing", "Who has handed in nothing", said, names=results.missing)


def _footer(anonymous: bool) -> list[str]:
    said = [
        "Difficulty: classical test theory's mean share of points. Discrimination: corrected item-total correlation (Henrysson 1963).",
        "Only graded notebooks count in figures and numbers; a check that could not run here leaves them.",
    ]
    if anonymous:
        said.append("Students are shown under pseudonyms that cannot be turned back without this course's own key.")
    return said
