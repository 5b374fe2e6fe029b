"""The figures of the report.  Each is a drawing, what it says in words, and the table behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from autograder.model import Report
from autograder.report.statistics import MINIMUM, Item, Summary, graded, histogram, summary
from autograder.report.svg import WIDTH, Drawing, Labels, Scale, cut, edges, growing, named, ticks

LEFT, RIGHT, TOP, BOTTOM = 40, WIDTH - 14, 26, 36
"""The edges of what is drawn between axes, from the left, the left, the top and the bottom."""
LEVELS = ((0.0, "0"), (0.25, "≤ ¼"), (0.5, "≤ ½"), (0.75, "≤ ¾"), (1 - 1e-9, "< 1"), (1.0, "1"))
"""The steps of the heat map: the share of a task's points up to which each goes."""
Row = Sequence[object]


@dataclass(frozen=True, slots=True)
class Plot:
    """`svg` is empty where there is nothing to draw; `caption` then says why.  `header` and `rows` are the table behind it."""

    name: str
    title: str
    svg: str
    caption: str
    header: Sequence[str]
    rows: Sequence[Row]


def scores(reports: Sequence[Report], max_score: float) -> Plot:
    """How the scores of the graded are spread."""
    found = graded(reports)
    values = [report.score for report in found]
    rows = [(r.student, r.status.value, r.score, r.max_score) for r in reports]
    header = ("student", "status", "score", "max_score")
    title, points = "Scores", f"of {max_score:g} points"
    whole = summary(values)
    if whole is None:
        return Plot("scores", title, "", "No figure: nobody has been graded.", header, rows)
    said = f"{_notebooks(len(values))}; median {whole.median:.4g} {points}, middle half {whole.lower:.4g} to {whole.upper:.4g}."
    bounds = edges(max(max_score, whole.most), 20)
    drawing = _bars(values, bounds, ticks(0, bounds[-1]), f"points, of {max_score:g}", whole)
    return Plot("scores", title, drawing.markup("scores", title, said), said, header, rows)


def totals(students: Sequence[str], percents: Sequence[float | None]) -> Plot:
    """How the totals are spread, in percent of the points that can be had without a bonus."""
    header, rows = ("student", "percent"), list(zip(students, percents, strict=True))
    values = [percent for percent in percents if percent is not None]
    whole = summary(values)
    if whole is None:
        return Plot("totals", "Totals", "", "No figure: nobody has a total yet.", header, rows)
    over = sum(value > 100 for value in values)
    said = f"{_students(len(values))}; median {whole.median:.4g} %" + (
        f"; {over} over 100 %, by a bonus." if over else "."
    )
    bounds = edges(max(100.0, whole.most), 25)
    drawing = _bars(values, bounds, ticks(0, bounds[-1]), "% of the points without bonus", whole)
    return Plot("totals", "Totals", drawing.markup("totals", "Totals", said), said, header, rows)


def seconds(reports: Sequence[Report]) -> Plot:
    """How long the notebooks ran; the bins grow, as the few slow ones are what one looks for."""
    found = graded(reports)
    values = [report.execution.seconds for report in found]
    header, rows = ("student", "seconds"), [(r.student, r.execution.seconds) for r in found]
    whole = summary(values)
    if whole is None:
        return Plot("time", "Time", "", "No figure: nobody has been graded.", header, rows)
    said = f"Median {whole.median:.2g} s, longest {whole.most:.3g} s: cells and checks, on the clock. The bins grow from left to right."
    bounds = growing(values, 0.01)
    drawing = _bars(values, bounds, None, "seconds", None)
    return Plot("time", "Time", drawing.markup("time", "Time", said), said, header, rows)


def memory(reports: Sequence[Report]) -> Plot:
    """How much memory the notebooks took at their peak."""
    found = graded(reports)
    values = [float(report.execution.peak_memory_mb) for report in found]
    header, rows = ("student", "peak_memory_mb"), [(r.student, r.execution.peak_memory_mb) for r in found]
    whole = summary(values)
    if whole is None or not whole.most:
        why = "nobody has been graded" if whole is None else "no memory was measured"
        return Plot("memory", "Memory", "", f"No figure: {why}.", header, rows)
    said = f"Median {whole.median:.4g} MB, most {whole.most:.4g} MB at the peak."
    if whole.most > 10 * max(whole.median, 1):  # a few take far more than the rest
        drawing = _bars(values, growing(values, 1), None, "MB", None)
    else:
        bounds = edges(whole.most, 16)
        drawing = _bars(values, bounds, ticks(0, bounds[-1]), "MB", None)
    return Plot("memory", "Memory", drawing.markup("memory", "Memory", said), said, header, rows)


def items(tasks: Sequence[Item], checks: Sequence[Item], students: int) -> Plot:
    """Difficulty against discrimination: tasks as labelled squares, checks as dots; a check that discriminates badly gets its number."""
    title = "Difficulty and discrimination"
    header = ("number", "kind", "task", "title", "points", "judged", "difficulty", "discrimination")
    rows = [
        (one.number, kind, one.task, one.title, _cell(one.points), one.judged, _cell(one.difficulty), _cell(one.discrimination))
        for kind, them in (("task", tasks), ("check", checks))
        for one in them
    ]  # fmt: skip
    shown = [one for one in (*checks, *tasks) if one.discrimination is not None and one.difficulty is not None]
    if not shown:
        if students == 0:
            why = "nobody has been graded"
        elif students < MINIMUM:
            too_few = "is" if students == 1 else "are"
            why = f"discrimination is a correlation, and {_notebooks(students)} {too_few} too few for one (from {MINIMUM} on)"
        else:
            why = "no task and no check sets students apart: all have the same points"
        return Plot("items", title, "", f"No figure: {why}.", header, rows)
    weak = [one.number for one in checks if one.discrimination is not None and one.discrimination < 0.1]
    constant = sum(one.discrimination is None for one in checks)
    said = (
        "Right is easy, high tells strong from weak. Squares are tasks, by number; dots are checks. "
        + (f"Below 0.1: {', '.join(weak)}. " if weak else "No check is below 0.1. ")
        + (f"{_checks(constant)} without a number: the same for all." if constant else "")
    ).strip()
    drawing = Drawing(300)
    floor = drawing.height - BOTTOM
    lowest = min(one.discrimination or 0.0 for one in shown)
    across = Scale(min(0.75, *(int(4 * (one.difficulty or 0)) / 4 for one in shown)), 1, LEFT, RIGHT - 6)
    up = Scale(-1 if lowest < -0.5 else (-0.5 if lowest < 0 else 0), 1, floor, TOP)
    for tick in ticks(up.low, 1, 4):
        drawing.line(LEFT, up(tick), RIGHT, up(tick), "zero" if tick == 0 else "grid")
        drawing.text(LEFT - 6, up(tick) + 4, f"{tick:g}", anchor="end")
    for tick in ticks(across.low, 1, 5):
        drawing.text(across(tick), floor + 15, f"{tick:g}", anchor="middle")
    drawing.text((LEFT + RIGHT) / 2, drawing.height - 4, "difficulty: mean share of points", anchor="middle")
    drawing.text(4, 12, "discrimination")
    labels = Labels(LEFT, RIGHT)
    for one in shown:
        x, y = across(one.difficulty or 0), up(one.discrimination or 0)
        told = f"{one.number} {one.title}: difficulty {one.difficulty:.2f}, discrimination {one.discrimination:.2f}"
        if one in tasks:
            drawing.rect(x - 5, y - 5, 10, 10, kind="square", title=told)
            labels.add(x, y, cut(f"{one.number} {one.task}", 20), one.number)
        else:
            drawing.circle(x, y, 3.5, "dot", told)
            if one.number in weak:
                labels.add(x, y, one.number)
    labels.write(drawing)
    return Plot("items", title, drawing.markup("items", title, said), said, header, rows)


def heat(reports: Sequence[Report], tasks: Sequence[Item]) -> Plot:
    """Who has how much of each task: a column for each student, best first, a row for each task."""
    title = "Tasks and students"
    found = sorted(graded(reports), key=lambda report: -report.score)
    earned = [{task.id: task.score for task in report.tasks} for report in found]
    header = ("student", *(task.task for task in tasks), "score")
    rows = [
        (r.student, *(own.get(task.task, "") for task in tasks), r.score) for r, own in zip(found, earned, strict=True)
    ]
    if not found or not tasks:
        return Plot("heat", title, "", "No figure: nobody has been graded.", header, rows)
    said = "A column for each student, best on the left; the stronger the colour, the larger the share of the task's points. The table of students has the numbers."
    left, height = 146, 22
    drawing = Drawing(TOP + height * len(tasks) + 26)
    width = (RIGHT - left) / len(found)
    shapes: dict[int, list[str]] = {}
    for place, task in enumerate(tasks):
        y = TOP + place * height
        drawing.text(left - 6, y + 15, cut(f"{task.number} {task.task}", 18), anchor="end")
        levels = [level(own[task.task] / task.points) if task.points and task.task in own else -1 for own in earned]
        start = 0
        for at in range(1, len(levels) + 1):  # neighbours of one level are one shape
            if at == len(levels) or levels[at] != levels[start]:
                x, long = left + start * width, (at - start) * width
                shapes.setdefault(levels[start], []).append(f"M{x:.1f} {y}h{long:.1f}v{height - 2}h-{long:.1f}z")
                start = at
    for step, paths in sorted(shapes.items()):
        if step >= 0:
            drawing.path("".join(paths), f"heat h{step}")
    for step, (_, words) in enumerate(LEVELS):
        x = left + step * 55
        drawing.rect(x, 3, 14, 14, kind=f"heat h{step} framed")
        drawing.text(x + 19, 14, words)
    drawing.text(left, drawing.height - 10, "best")
    drawing.text(RIGHT, drawing.height - 10, _students(len(found)), anchor="end")
    return Plot("heat", title, drawing.markup("heat", title, said), said, header, rows)


def progress(course: Sequence[tuple[str, Sequence[Report]]]) -> Plot:
    """The scores of every assignment, one below the other, in percent of its points."""
    title = "The course so far"
    header = ("assignment", "student", "percent")
    rows = [(name, r.student, _cell(_percent(r))) for name, reports in course for r in graded(reports)]
    shown = [(name, values) for name, reports in course if (values := [_percent(r) for r in graded(reports)])]
    if not shown:
        return Plot("progress", title, "", "No figure: nobody has been graded.", header, rows)
    left, right, height = 118, WIDTH - 98, 48
    drawing = Drawing(len(shown) * height + 34)
    across = Scale(0, 100, left, right)
    bounds = [5.0 * step for step in range(21)]
    for tick in ticks(0, 100, 4):
        drawing.line(across(tick), 4, across(tick), len(shown) * height, "grid")
        drawing.text(across(tick), len(shown) * height + 15, f"{tick:g}", anchor="middle")
    drawing.text((left + right) / 2, drawing.height - 4, "% of the assignment's points", anchor="middle")
    medians = []
    for place, (name, values) in enumerate(shown):
        floor = (place + 1) * height - 6
        counts = histogram(values, bounds)
        for count, low in zip(counts, bounds, strict=False):
            if count:
                tall = max(1.5, count / max(counts) * (height - 16))
                told = f"{name}: {count} from {low:g} to {low + 5:g} %"
                drawing.rect(across(low) + 0.5, floor - tall, across(5) - across(0) - 1, tall, kind="bar", title=told)
        whole = summary(values)
        assert whole is not None
        medians.append(f"{name} {whole.median:.0f} %")
        drawing.line(across(whole.median), floor - height + 10, across(whole.median), floor, "median")
        drawing.line(left, floor, right, floor, "axis")
        drawing.text(left - 8, floor - 10, cut(name, 15), anchor="end")
        drawing.text(right + 8, floor - 16, f"median {whole.median:.0f}")
        drawing.text(right + 8, floor - 3, f"n = {whole.n}")
    said = f"A small histogram for each assignment; the upright line is the median: {', '.join(medians)}."
    return Plot("progress", title, drawing.markup("progress", title, said), said, header, rows)


def level(share: float) -> int:
    """The step of the heat map for a share of points."""
    return next((step for step, (most, _) in enumerate(LEVELS) if share <= most), len(LEVELS) - 1)


# ── parts ─────────────────────────────────────────────────────────────────────────────────────────


def _bars(
    values: Sequence[float], bounds: Sequence[float], marks: Sequence[float] | None, unit: str, whole: Summary | None
) -> Drawing:
    """A histogram.  Without `marks` the bins are equally wide whatever their edges, and every edge is named."""
    counts = histogram(values, bounds)
    drawing = Drawing(220)
    floor = drawing.height - BOTTOM
    up = Scale(0, max(counts), floor, TOP)
    across = Scale(bounds[0], bounds[-1], LEFT, RIGHT) if marks is not None else Scale(0, len(counts), LEFT, RIGHT)
    places = [across(edge) for edge in bounds] if marks is not None else [across(at) for at in range(len(bounds))]
    for tick in ticks(0, max(counts), 4):
        if tick == int(tick):
            drawing.line(LEFT, up(tick), RIGHT, up(tick), "grid")
            drawing.text(LEFT - 6, up(tick) + 4, f"{tick:g}", anchor="end")
    for at, count in enumerate(counts):
        if count:
            told = f"{count} from {bounds[at]:g} to {bounds[at + 1]:g}"
            drawing.rect(
                places[at] + 0.7,
                up(count),
                places[at + 1] - places[at] - 1.4,
                floor - up(count),
                kind="bar",
                title=told,
            )
    drawing.line(LEFT, floor, RIGHT, floor, "axis")
    written = [(edge, x) for edge, x in zip(bounds, places, strict=True) if len(bounds) < 10 or named(edge)]
    for value, x in written if marks is None else [(mark, across(mark)) for mark in marks]:
        drawing.text(x, floor + 15, f"{value:g}", anchor="middle")
    drawing.text((LEFT + RIGHT) / 2, drawing.height - 4, unit, anchor="middle")
    drawing.text(4, 12, "students")
    if whole is not None:
        x = across(whole.median)
        drawing.line(x, TOP - 8, x, floor, "median")
        side = "end" if x > (LEFT + RIGHT) / 2 else "start"
        drawing.text(x + (-4 if side == "end" else 4), TOP - 12 + 8, f"median {whole.median:.4g}", anchor=side)
    return drawing


def _percent(report: Report) -> float:
    return 100 * report.score / report.max_score if report.max_score else 0.0


def _cell(value: float | None) -> str:
    """A number for a table that others go on working with: four decimals."""
    return "" if value is None else f"{round(value, 4):g}"


def _notebooks(number: int) -> str:
    return f"{number} graded notebook{'' if number == 1 else 's'}"


def _students(number: int) -> str:
    return f"{number} student{'' if number == 1 else 's'}"


def _checks(number: int) -> str:
    return f"{number} check{'' if number == 1 else 's'}"
