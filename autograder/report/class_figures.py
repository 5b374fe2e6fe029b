"""All that is computed of one assignment: the numbers, and the figures with the tables behind them."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from autograder.model import Manifest, Status
from autograder.report import plots
from autograder.report.mistakes import Mistake, Remark, mistakes, remarks
from autograder.report.outcome_bars import outcomes
from autograder.report.plots import Plot
from autograder.report.standing import ClassResults
from autograder.report.statistics import Item, Summary, check_items, graded, summary, task_items
from autograder.report.suite_doubts import Doubt, doubts


@dataclass(frozen=True, slots=True)
class Figures:
    """All that is computed of one assignment's results."""

    results: ClassResults
    scores: Summary | None
    seconds: Summary | None
    memory_mb: Summary | None
    tasks: tuple[Item, ...]
    checks: tuple[Item, ...]
    mistakes: tuple[Mistake, ...]
    flags: tuple[Remark, ...]
    repairs: tuple[Remark, ...]
    errors: tuple[Remark, ...]
    doubts: tuple[Doubt, ...]

    def to_json(self) -> dict[str, Any]:
        results = self.results
        summaries = {"scores": self.scores, "seconds": self.seconds, "memory_mb": self.memory_mb}
        items = {"tasks": self.tasks, "checks": self.checks}
        said = {"flags": self.flags, "repairs": self.repairs, "errors": self.errors}
        return {
            "assignment": results.assignment.name,
            "max_score": results.max_score,
            "status": {status.value: sum(r.status is status for r in results.reports) for status in Status},
            "students": [
                {"student": r.student, "status": r.status.value, "score": r.score, "reason": r.reason}
                for r in results.reports
            ],
            "waiting": list(results.waiting),
            "missing": list(results.missing),
            **{name: found and asdict(found) for name, found in summaries.items()},
            **{name: [asdict(one) for one in found] for name, found in items.items()},
            "mistakes": [asdict(one) for one in self.mistakes],
            "doubts": [asdict(one) for one in self.doubts],
            **{name: [asdict(one) for one in found] for name, found in said.items()},
        }


def figures(results: ClassResults, manifest: Manifest | None = None) -> Figures:
    """The numbers of one assignment.  `manifest` is its release's, which says what the tasks ask for."""
    found = graded(results.reports)
    return Figures(
        results,
        summary([report.score for report in found]),
        summary([report.execution.seconds for report in found]),
        summary([float(report.execution.peak_memory_mb) for report in found]),
        task_items(results.reports),
        check_items(results.reports),
        mistakes(results.reports),
        remarks((report.student, report.flags) for report in results.reports),
        remarks((report.student, report.repairs) for report in results.reports),
        remarks((r.student, [f"{one.type}: {one.message}" for one in r.execution.errors]) for r in results.reports),
        doubts(results.reports, manifest),
    )


def class_plots(data: Figures) -> dict[str, Plot]:
    """The figures of one assignment by name, and the tables of mistakes and outcomes that have no drawing of their own."""
    results = data.results
    listed = [
        (len(one.students), one.task, "; ".join(one.checks), one.outcome.value, one.message, "; ".join(one.students))
        for one in data.mistakes
    ]
    header = ("students", "task", "checks", "outcome", "message", "who")
    made = [
        plots.scores(results.reports, results.max_score),
        plots.items(data.tasks, data.checks, len(graded(results.reports))),
        plots.heat(results.reports, data.tasks),
        plots.seconds(results.reports),
        plots.memory(results.reports),
        outcomes(data.checks),
        Plot("mistakes", "Mistakes", "", "", header, listed),
    ]
    return {plot.name: plot for plot in made}
