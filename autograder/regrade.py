"""What a regrade changes."""

from __future__ import annotations

from autograder.model import Report, Status, TaskScore


def differences(old: Report, new: Report) -> list[str]:
    """Who gained or lost and why, in lines: the total, then each task whose points changed with the checks that made it so, then what
    was changed.  Empty where the points are the same."""
    if _total(old) == _total(new) and _points(old) == _points(new):
        return []
    lines = [f"{new.student}: {_total(old)} → {_total(new)}, because {_cause(old, new)}"]
    before = {task.id: task for task in old.tasks}
    after = {task.id: task for task in new.tasks}
    for name in dict.fromkeys((*before, *after)):
        was, now = before.get(name), after.get(name)
        if (was and was.score) != (now and now.score) and old.status is new.status:
            moved = f"{f'{was.score:g}' if was else 'no such task'} → {f'{now.score:g}' if now else 'no such task'}"
            lines.append(f"    {name}: {moved}{_checks(was, now)}")
    if new.status is not Status.GRADED:
        lines.append(f"    {new.reason}")
    return lines


def gain(old: Report, new: Report) -> float:
    """The points that `new` has more than `old`; 0 where one of them is withheld."""
    if Status.GRADER_ERROR in {old.status, new.status}:
        return 0.0
    return round(new.score - old.score, 2)


def _points(report: Report) -> dict[str, float]:
    return {task.id: task.score for task in report.tasks if task.score}


def _total(report: Report) -> str:
    return "withheld" if report.status is Status.GRADER_ERROR else f"{report.score:g}"


def _cause(old: Report, new: Report) -> str:
    was, now = old.fingerprint, new.fingerprint
    if Status.GRADER_ERROR in {old.status, new.status}:
        return "the grader failed" if new.status is Status.GRADER_ERROR else "the grader had failed"
    causes = [
        what
        for what, one, other in (
            ("another file was handed in", was.submission, now.submission),
            ("the checks or the release changed", was.checks, now.checks),
            ("packages, models, limits, data or the grader changed", was.environment, now.environment),
        )
        if one != other
    ]
    return " and ".join(causes) or "the same notebook was judged differently: its answers are not the same every time"


def _checks(was: TaskScore | None, now: TaskScore | None) -> str:
    """The checks whose outcome changed, in brackets; and the points of the task itself where they did."""
    before = {check.name: check for check in was.checks} if was else {}
    after = {check.name: check for check in now.checks} if now else {}
    said = [f"worth {was.points:g}, now {now.points:g}"] if was and now and was.points != now.points else []
    for name in dict.fromkeys((*before, *after)):
        one, other = before.get(name), after.get(name)
        if one is None or other is None or one.outcome is not other.outcome:
            first = one.outcome.replace("_", " ") if one else "was no check"
            then = other.outcome.replace("_", " ") if other else "no check any more"
            said.append(f"{name}: {first} → {then}")
        elif one.weight != other.weight:
            said.append(f"{name}: weight {one.weight:g} → {other.weight:g}")
    return f" ({'; '.join(said)})" if said else ""
