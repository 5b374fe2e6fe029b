"""What the results of a class say in numbers: pure functions of its reports, so that the same reports give the same numbers anywhere.

Only graded notebooks count.  One that could not be read says nothing about a task, and one whose grade is withheld says nothing yet."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from autograder.model import CheckResult, Outcome, Report, Status, TaskScore

MINIMUM = 10
"""From how many students on a correlation is shown.  Of fewer it is mostly noise: at n = 10 and r = 0.5, the 95 % interval of Fisher's z
already reaches from -0.19 to 0.86."""

UNJUDGED = frozenset({Outcome.SKIPPED, Outcome.GRADER_ERROR})
UNTRIED = UNJUDGED | {Outcome.NOT_ATTEMPTED}


@dataclass(frozen=True, slots=True)
class Summary:
    """Of `n` values, in their own unit.  `sd` divides by n - 1 and is None for a single value; the quartiles `lower` and `upper`
    interpolate linearly between ranks (Hyndman & Fan 1996, The American Statistician 50(4), type 7, as NumPy does)."""

    n: int
    mean: float
    sd: float | None
    least: float
    lower: float
    median: float
    upper: float
    most: float


@dataclass(frozen=True, slots=True)
class Item:
    """A task, or a check of one.

    `number` is "2" for the second task and "2.3" for its third check.  `points` is what it is worth; `judged` is for how many students it
    was decided.  `difficulty` is 0 (nobody gets a point) to 1, `discrimination` -1 to 1; both are None where there is no such number.
    `outcomes` counts the students by outcome; a task has none."""

    number: str
    task: str
    title: str
    points: float
    judged: int
    difficulty: float | None
    discrimination: float | None
    visible: bool = False
    outcomes: dict[Outcome, int] = field(default_factory=dict)

    @property
    def tried(self) -> int:
        """How many students answered: neither left the stub nor were judged where the check could not run."""
        return sum(number for outcome, number in self.outcomes.items() if outcome not in UNTRIED)

    @property
    def nobody_fails(self) -> bool:
        """All who answered passed: an easy check, or one that checks nothing."""
        return 0 < self.tried == self.outcomes.get(Outcome.PASSED, 0)

    @property
    def everybody_fails(self) -> bool:
        """None of those who answered passed: a hard check, or one that is wrong."""
        return self.tried > 0 and not self.outcomes.get(Outcome.PASSED, 0)


def graded(reports: Iterable[Report]) -> list[Report]:
    return [report for report in reports if report.status is Status.GRADED]


def summary(values: Sequence[float]) -> Summary | None:
    """Mean, spread and quartiles of `values`; None where there are none."""
    if not values:
        return None
    alone = len(values) == 1
    lower, median, upper = (
        (values[0],) * 3 if alone else statistics.quantiles(values, n=4, method="inclusive")  # type 7
    )
    sd = None if alone else statistics.stdev(values)
    return Summary(len(values), statistics.fmean(values), sd, min(values), lower, median, upper, max(values))


def correlation(one: Sequence[float | None], other: Sequence[float | None], minimum: int = MINIMUM) -> float | None:
    """Pearson's r of the pairs in which neither is missing: Σ(x-x̄)(y-ȳ) / √(Σ(x-x̄)² · Σ(y-ȳ)²), without a unit, -1 to 1.

    None for fewer than `minimum` pairs and where one side does not vary."""
    pairs = [(x, y) for x, y in zip(one, other, strict=True) if x is not None and y is not None]
    if len(pairs) < max(2, minimum):
        return None
    xs, ys = zip(*pairs, strict=True)
    if len(set(xs)) == 1 or len(set(ys)) == 1:
        return None
    return max(-1.0, min(1.0, statistics.correlation(xs, ys)))


def task_items(reports: Iterable[Report], minimum: int = MINIMUM) -> tuple[Item, ...]:
    """Every task, in the order of the assignment.

    Difficulty is the mean share of the task's points, as in classical test theory (Lord & Novick 1968, Statistical Theories of Mental Test
    Scores, ch. 15): the higher, the easier.  Discrimination is the corrected item-total correlation (Henrysson 1963, Psychometrika 28(2),
    211-218): Pearson's r between the share and the points of all *other* tasks, since a total that held the task would correlate with it
    by itself."""
    found = graded(reports)
    totals = [_total(report) for report in found]
    made = []
    for at, first in enumerate(_all_tasks(found)):
        own = [_task(report, first.id) for report in found]
        shares = [_share(task) for task in own]
        rests = [
            None if task is None or share is None else _clean(total - share * task.points)
            for total, share, task in zip(totals, shares, own, strict=True)
        ]
        made.append(
            Item(
                str(at + 1), first.id, first.title, first.points, *_counted(shares), correlation(shares, rests, minimum)
            )
        )
    return tuple(made)


def check_items(reports: Iterable[Report], minimum: int = MINIMUM) -> tuple[Item, ...]:
    """Every check, task by task.

    Difficulty is the share of students who pass it; a check that was skipped says nothing, one whose task was not attempted is not passed.
    Discrimination is as for tasks: Pearson's r (here the point-biserial one) between passing, 0 or 1, and the points earned without it."""
    found = graded(reports)
    totals = [_total(report) for report in found]
    made = []
    for at, first in enumerate(_all_tasks(found)):
        answers = [_task(report, first.id) for report in found]
        own = [(_weight(task), _by_name(task)) if task else (0.0, {}) for task in answers]
        names = dict.fromkeys(name for _, checks in own for name in checks)
        for place, name in enumerate(names):
            passed: list[float | None] = []
            rests: list[float | None] = []
            outcomes: Counter[Outcome] = Counter()
            worth, visible = 0.0, False
            for total, (weight, checks) in zip(totals, own, strict=True):
                check = checks.get(name)
                if check is None or check.outcome in UNJUDGED:
                    passed.append(None)
                    rests.append(None)
                else:
                    worth = first.points * check.weight / weight if weight else 0.0
                    good = check.outcome is Outcome.PASSED
                    passed.append(float(good))
                    rests.append(_clean(total - worth * good))
                if check is not None:
                    outcomes[check.outcome] += 1
                    visible = check.visible
            number, r = f"{at + 1}.{place + 1}", correlation(passed, rests, minimum)
            made.append(Item(number, first.id, name, worth, *_counted(passed), r, visible, dict(outcomes)))
    return tuple(made)


def histogram(values: Sequence[float], edges: Sequence[float]) -> tuple[int, ...]:
    """How many values are in each of the bins between `edges`, lower edge included, as `numpy.histogram` counts: the last bin has both.
    Values outside go to the outermost bins."""
    counts = [0] * (len(edges) - 1)
    for value in values:
        place = next((at for at in range(len(counts) - 1, 0, -1) if value >= edges[at]), 0)
        counts[place] += 1
    return tuple(counts)


# ── parts ─────────────────────────────────────────────────────────────────────────────────────────


def _counted(values: Sequence[float | None]) -> tuple[int, float | None]:
    """How many values there are, and their mean."""
    known = [value for value in values if value is not None]
    return len(known), statistics.fmean(known) if known else None


def _clean(value: float) -> float:
    """`value` without the noise of floating point, in which a constant would seem to vary."""
    return round(value, 9)


def _all_tasks(reports: Iterable[Report]) -> list[TaskScore]:
    """Each task once, as it first appears: an assignment may have been graded before and after a task was added."""
    known: dict[str, TaskScore] = {}
    for report in reports:
        for task in report.tasks:
            known.setdefault(task.id, task)
    return list(known.values())


def _task(report: Report, task: str) -> TaskScore | None:
    return next((found for found in report.tasks if found.id == task), None)


def _by_name(task: TaskScore) -> dict[str, CheckResult]:
    """The checks of a task by name; of two with one name, the second gets a number."""
    found: dict[str, CheckResult] = {}
    for check in task.checks:
        name, number = check.name, 1
        while name in found:
            number += 1
            name = f"{check.name} ({number})"
        found[name] = check
    return found


def _weight(task: TaskScore) -> float:
    return sum(check.weight for check in task.checks if check.outcome is not Outcome.SKIPPED)


def _share(task: TaskScore | None) -> float | None:
    """The share of a task's points, unrounded; None where nothing was weighed."""
    weight = _weight(task) if task else 0.0
    if task is None or not weight:
        return None
    return sum(check.weight for check in task.checks if check.outcome is Outcome.PASSED) / weight


def _total(report: Report) -> float:
    """The unrounded score: in rounded ones, hundredths would pass for differences between students."""
    return sum(task.points * (_share(task) or 0.0) for task in report.tasks)
