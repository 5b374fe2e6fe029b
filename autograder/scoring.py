"""From what the checks of a task found to its points, and to the causes of what is missing.

A task earns the passed share of its checks' weights.  Three rules change that share:

- An answer that fails a check of the task's heart keeps at most half.
- Right values in another form pass, and cost the task's form charge once; never more than the checks that saw it are worth.
- Nothing is ever less than 0.

The same failures are sorted by cause: five checks that stumble over one missing `return` have one cause."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import replace

from autograder.model import Cause, CheckResult, Kind, Outcome, TaskScore

FORM = 0.25
"""The share of a task's points that right values in the wrong form cost, unless the suite says otherwise."""
HEART = 0.5
"""The most that an answer keeps that fails a check of what the task is about."""

_FIRST = (Kind.BANNED, Kind.NOT_ATTEMPTED, Kind.RETURNED_NOTHING)
"""Causes that explain all that follows."""


def scored(task: TaskScore, form: float = FORM) -> TaskScore:
    """`task` with the points that its checks earn, rounded to 2 decimals, and with the causes of what is missing.

    Of checks with one cause only the first keeps its hint.  A task of which nothing was weighed has no points."""
    counted = [check for check in task.checks if check.outcome is not Outcome.SKIPPED]
    total = sum(check.weight for check in counted)
    if not total:
        return _explained(replace(task, score=0.0), counted, 0.0, 0.0, 0.0)
    passed = [check for check in counted if check.outcome is Outcome.PASSED]
    earned = sum(check.weight for check in passed) / total
    capped = min(earned, HEART) if any(_failed(check) and check.heart for check in counted) else earned
    charge = min(form, sum(check.weight for check in passed if check.form) / total, capped)
    score = round(task.points * (capped - charge), 2)
    return _explained(
        replace(task, score=score),
        counted,
        task.points / total,
        task.points * (earned - capped),
        task.points * charge,
    )


def _explained(task: TaskScore, counted: Sequence[CheckResult], share: float, heart: float, charge: float) -> TaskScore:
    """`task` with its causes.  `share` is the worth of one unit of weight, `heart` what the heart's limit takes, `charge` the form."""
    groups: dict[Hashable, list[CheckResult]] = {}
    plainly_wrong = any(_failed(check) and check.plain and check.kind is Kind.VALUES for check in counted)
    for check in counted:
        if _failed(check):
            groups.setdefault(_cause_of(check, plainly_wrong), []).append(check)
    leads, causes = set(), []
    for group in groups.values():
        lead = next((check for check in group if check.plain), group[0])
        # A visible test tries everything and advises nothing: the hint is that of the first hidden check that fails for this cause.
        adviser = next((check for check in group if not check.visible), lead) if lead.visible else lead
        leads.add(id(adviser))
        cost = share * sum(check.weight for check in group)
        if heart and any(check.heart for check in group):
            cost, heart = cost + heart, 0.0
        kind = lead.kind or Kind.VALUES
        causes.append(Cause(kind, lead.message, round(cost, 2), _names(group), adviser.hint))
    slips = [check for check in counted if check.form and not _failed(check)]
    if slips:
        causes.append(Cause(Kind.FORM, slips[0].form, round(charge, 2), _names(slips)))
    # A failed visible test costs nothing by itself: it is a cause only where no other check says why.
    paid = [cause for cause in causes if cause.cost]
    causes = sorted(paid or causes, key=lambda cause: (cause.kind not in _FIRST, -cause.cost))
    checks = tuple(
        replace(check, hint="") if _failed(check) and id(check) not in leads else check for check in task.checks
    )
    return replace(task, checks=checks, causes=tuple(causes))


def _cause_of(check: CheckResult, plainly_wrong: bool) -> Hashable:
    """What the checks of one cause have in common."""
    kind = check.kind or Kind.VALUES
    if kind is Kind.VALUES and (plainly_wrong or check.plain):
        return kind
    if kind in {Kind.VALUES, Kind.NOT_RAISED, Kind.RAISED, Kind.FORM}:
        return kind, check.detail or check.name
    return kind


def _failed(check: CheckResult) -> bool:
    return check.outcome not in {Outcome.PASSED, Outcome.SKIPPED, Outcome.GRADER_ERROR}


def _names(checks: Sequence[CheckResult]) -> tuple[str, ...]:
    return tuple(check.name for check in checks)
