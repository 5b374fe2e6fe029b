"""How checks ended, as stacked bars: upright ones for all of them at a glance, a lying one for each row of a table."""

from __future__ import annotations

import html
from collections.abc import Sequence

from autograder.model import Outcome
from autograder.report.plots import LEFT, RIGHT, Plot
from autograder.report.statistics import Item
from autograder.report.svg import Drawing, Scale

GROUPS: tuple[tuple[str, str, str, frozenset[Outcome]], ...] = (
    ("passed", "✓", "passed", frozenset({Outcome.PASSED})),
    ("failed", "✗", "not passed", frozenset({Outcome.FAILED})),
    ("error", "!", "raised an error", frozenset({Outcome.STUDENT_ERROR})),
    ("stopped", "■", "stopped: time, memory, crash", frozenset({Outcome.TIMEOUT, Outcome.MEMORY, Outcome.CRASHED})),
    ("banned", "⊘", "used what is forbidden", frozenset({Outcome.BANNED})),
    ("untried", "–", "not attempted", frozenset({Outcome.NOT_ATTEMPTED})),
    ("unjudged", "○", "not run here", frozenset({Outcome.SKIPPED, Outcome.GRADER_ERROR})),
)
"""Outcomes as one sees them: class, sign and words.  The sign and the order say the same as the colour."""
BAR = (220, 18)
"""Width and height of a lying bar, in its own units."""


def outcomes(checks: Sequence[Item]) -> Plot:
    """How every check ended for the class: a stacked column each, task by task.  The table of checks has the same, lying, with signs."""
    title = "Outcomes of the checks"
    header = ("number", "task", "check", *(outcome.value for outcome in Outcome))
    rows = [(one.number, one.task, one.title, *(one.outcomes.get(outcome, 0) for outcome in Outcome)) for one in checks]
    if not checks:
        return Plot("outcomes", title, "", "No figure: nobody has been graded.", header, rows)
    tasks = list(dict.fromkeys(one.task for one in checks))
    gap, top, floor = 8.0, 78, 252
    drawing = Drawing(floor + 38)
    width = (RIGHT - LEFT - gap * (len(tasks) - 1)) / len(checks)
    up = Scale(0, 100, floor, top)
    for tick in (0, 50, 100):
        drawing.line(LEFT, up(tick), RIGHT, up(tick), "grid")
        drawing.text(LEFT - 6, up(tick) + 4, f"{tick}", anchor="end")
    drawing.text(4, top - 10, "% of students")
    for place, (kind, _, words, _) in enumerate(GROUPS):
        left, y = (4, 135, 330)[place % 3], 2 + place // 3 * 17
        drawing.rect(left, y, 12, 11, kind=kind)
        drawing.text(left + 17, y + 10, words.partition(":")[0])
    x = float(LEFT)
    for number, task in enumerate(tasks, start=1):
        own = [one for one in checks if one.task == task]
        drawing.text(x + width * len(own) / 2, floor + 15, str(number), anchor="middle")
        for one in own:
            total, below = sum(one.outcomes.values()), 0.0
            for kind, _, words, them in GROUPS:
                amount = sum(one.outcomes.get(outcome, 0) for outcome in them)
                if amount:
                    share = 100 * amount / total
                    told = f"{one.number} {one.title}: {amount} {words}"
                    drawing.rect(
                        x + 0.4, up(below + share), max(width - 0.8, 0.5), up(0) - up(share), kind=kind, title=told
                    )
                    below += share
            x += width
        x += gap
    drawing.text((LEFT + RIGHT) / 2, drawing.height - 4, "checks, by task", anchor="middle")
    said = "A column for each check, in the order of the table below; from the bottom: passed, not passed, and so on, as in the key."
    return Plot("outcomes", title, drawing.markup("outcomes", title, said), said, header, rows)


def bar(outcomes: dict[Outcome, int]) -> str:
    """A check's outcomes as one stacked bar; what each part is stands in it as a sign, and in words for those who do not see it."""
    total = sum(outcomes.values())
    groups = [(kind, sign, words, sum(outcomes.get(one, 0) for one in them)) for kind, sign, words, them in GROUPS]
    said = ", ".join(f"{amount} {words}" for _, _, words, amount in groups if amount) or "nobody was judged"
    drawing, x = Drawing(BAR[1], BAR[0]), 0.0
    for kind, sign, words, amount in groups:
        width = BAR[0] * amount / total if total else 0.0
        if amount:
            drawing.rect(x + 0.5, 1, max(width - 1, 1), 16, kind=kind, title=f"{amount} {words}")
        if width >= 14:
            drawing.text(x + width / 2, 13, sign, anchor="middle", kind=f"sign {kind}-sign")
        x += width
    shapes = drawing.shapes()
    return f'<svg viewBox="0 0 {BAR[0]} {BAR[1]}" role="img" aria-label="{html.escape(said)}">{shapes}</svg>'
