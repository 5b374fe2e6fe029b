"""The figures of a report: what their bars, captions and tables say of a class is what numpy finds."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest
from bs4 import BeautifulSoup
from sample_class import a_class, data_of, not_gradable, withheld

from autograder.model import Course, Report
from autograder.report import plots
from autograder.report.class_figures import class_plots


@pytest.fixture
def a_dozen() -> list[Report]:
    """Twelve that are graded, with every time and every size of its own, and two that are not."""
    return [*a_class(12), not_gradable("zac"), withheld("zoe")]


def bars(svg: str) -> list[tuple[int, float, float]]:
    """What the bars of a histogram say of themselves: how many, from, to."""
    told = [str(title.get_text()) for title in BeautifulSoup(svg, "html.parser").select("rect.bar > title")]
    found = [re.search(r"(\d+) from (\S+) to (\S+?)(?: %)?$", words) for words in told]
    return [(int(one[1]), float(one[2]), float(one[3])) for one in found if one]


def assert_bars_are_numpys(svg: str, values: np.ndarray[Any, Any]) -> None:
    """Everybody is in one bar, and each bar has as many as numpy counts between its edges."""
    found = bars(svg)

    assert sum(count for count, _, _ in found) == len(values)
    for count, low, high in found:
        within = (values >= low) & ((values < high) if (low, high) != found[-1][1:] else (values <= high))
        assert count == np.count_nonzero(within), (low, high)


def test_the_summaries_of_a_class_are_numpys(course: Course, a_dozen: list[Report]) -> None:
    data = data_of(a_dozen, course)
    judged = a_dozen[:12]
    expected: dict[str, list[float]] = {
        "scores": [one.score for one in judged],
        "seconds": [one.execution.seconds for one in judged],
        "memory_mb": [one.execution.peak_memory_mb for one in judged],
    }

    for name, values in expected.items():
        found = getattr(data, name)
        assert found.n == 12
        assert (found.mean, found.sd) == pytest.approx((np.mean(values), np.std(values, ddof=1))), name
        quartiles = (found.least, found.lower, found.median, found.upper, found.most)
        assert quartiles == pytest.approx(np.percentile(values, [0, 25, 50, 75, 100])), name


def test_the_histograms_of_a_class_are_numpys(course: Course, a_dozen: list[Report]) -> None:
    drawn = class_plots(data_of(a_dozen, course))
    judged = a_dozen[:12]

    assert_bars_are_numpys(drawn["scores"].svg, np.array([one.score for one in judged]))
    assert_bars_are_numpys(drawn["time"].svg, np.array([one.execution.seconds for one in judged]))
    assert_bars_are_numpys(drawn["memory"].svg, np.array([one.execution.peak_memory_mb for one in judged]))


def test_the_tables_behind_the_figures_of_a_class_are_its_results(course: Course, a_dozen: list[Report]) -> None:
    drawn = class_plots(data_of(a_dozen, course))
    judged = a_dozen[:12]

    assert [tuple(row) for row in drawn["scores"].rows] == [
        (one.student, one.status.value, one.score, one.max_score) for one in a_dozen
    ]
    assert [tuple(row) for row in drawn["time"].rows] == [(one.student, one.execution.seconds) for one in judged]
    assert [tuple(row) for row in drawn["memory"].rows] == [
        (one.student, one.execution.peak_memory_mb) for one in judged
    ]


def test_the_course_so_far_is_numpys(a_dozen: list[Report]) -> None:
    others = a_class(12, seed=2, assignment="sampling")
    plot = plots.progress([("softmax", a_dozen), ("nobody", []), ("sampling", others)])
    percents = {
        name: np.array([100 * one.score / one.max_score for one in reports])
        for name, reports in (("softmax", a_dozen[:12]), ("sampling", others))
    }

    assert [(row[0], row[1]) for row in plot.rows] == [
        (name, one.student) for name, reports in (("softmax", a_dozen[:12]), ("sampling", others)) for one in reports
    ]
    assert [float(str(row[2])) for row in plot.rows] == pytest.approx(np.concatenate(list(percents.values())), abs=1e-3)
    for name, values in percents.items():
        assert f"{name} {np.median(values):.0f} %" in plot.caption
        counts, low = np.histogram(values, np.arange(0, 101, 5))
        rows = re.findall(rf"<title>{name}: (\d+) from (\d+) to (\d+) %</title>", plot.svg)
        assert [(int(count), int(left), int(right)) for count, left, right in rows] == [
            (count, left, left + 5) for count, left in zip(counts, low, strict=False) if count
        ]
    assert "nobody" not in plot.svg
