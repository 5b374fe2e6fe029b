"""The pages of a report: what they say of a class of any size, and that nothing on them is alive but their own script."""

from __future__ import annotations

import dataclasses
import re
from typing import Any

import pytest
from bs4 import BeautifulSoup
from sample_class import STUDENTS, a_class, check, course_page_of, not_gradable, page_of, report, task, withheld

from autograder.model import Course, Outcome, Report, Status, TaskScore
from autograder.report.class_figures import class_plots, figures
from autograder.report.class_page import class_page
from autograder.report.standing import class_results

SMALL_CLASSES: dict[str, list[Report]] = {
    "nobody": [],
    "one": a_class(1),
    "two": a_class(2),
    "all the same": [dataclasses.replace(a_class(1)[0], student=name) for name in STUDENTS],
    "all without an answer": [report(name, task("t", check(Outcome.NOT_ATTEMPTED))) for name in STUDENTS],
    "all withheld": [withheld(name) for name in STUDENTS],
    "all not gradable": [not_gradable(name) for name in STUDENTS],
    "only skipped": [report(name, task("t", check(Outcome.SKIPPED))) for name in STUDENTS],
    "without points": [report(name, task("t", check(Outcome.PASSED), points=0.0), max_score=0.0) for name in STUDENTS],
}


@pytest.mark.parametrize("reports", SMALL_CLASSES.values(), ids=SMALL_CLASSES.keys())
@pytest.mark.parametrize("make", [page_of, course_page_of])
def test_a_class_without_figures_says_why(course: Course, reports: list[Report], make: Any) -> None:
    soup = BeautifulSoup(make(reports, course), "html.parser")
    text = soup.get_text(" ")

    assert not re.search(r"\b(?:nan|inf|None)\b", str(soup.main) + str(soup.header))
    for figure in soup.select("figure"):
        assert figure.svg or "No figure: " in figure.figcaption.get_text()  # type: ignore[union-attr]
    if not any(one.status is Status.GRADED for one in reports):
        assert not soup.select("figure svg") or make is course_page_of
        assert "No figure: nobody has been graded." in text
    if len(reports) < 10:
        assert "from 10" in text or "No correlations" in text or "nobody has been graded" in text


def test_a_page_says_what_there_is(course: Course) -> None:
    reports = [
        *a_class(30),
        withheld("zoe"),
        *(not_gradable(name, "Half of it is missing.") for name in ("zac", "zed")),
    ]
    reports[0] = dataclasses.replace(reports[0], flags=("It reads a file.",), repairs=("A cell was put back.",))
    soup = BeautifulSoup(page_of(reports, course), "html.parser")
    ids = [section["id"] for section in soup.select("main > section")]

    assert ids == ["attention", "doubts", "figures", "tasks", "mistakes", "checks", "students", "remarks", "missing"]
    assert "33 notebooks handed in, 30 graded, 2 not gradable, 1 withheld" in soup.header.get_text()  # type: ignore[union-attr]
    assert table(soup, "ungraded") == [
        ["withheld", "WorkerError: it went away", "1", "zoe"],
        ["not gradable, 0 points", "Half of it is missing.", "2", "zac; zed"],
    ]
    assert len(soup.select("figure svg")) == 6
    assert [row[0] for row in table(soup, "task-table")] == ["1 task-0", "2 task-1", "3 task-2"]
    assert len(table(soup, "check-table")) == 11
    assert len(table(soup, "student-table")) == 33
    assert table(soup, "flags") == [["It reads a file.", "1whoada"]]
    assert table(soup, "repairs") == [["A cell was put back.", "1whoada"]]


def table(soup: BeautifulSoup, name: str) -> list[list[str]]:
    return [[cell.get_text() for cell in row.select("th, td")] for row in soup.select(f"#{name} tbody tr")]


def test_every_figure_has_words_and_a_table_behind_it(course: Course) -> None:
    for page in (page_of(a_class(30), course), course_page_of(a_class(30), course)):
        soup = BeautifulSoup(page, "html.parser")
        for figure in soup.select("figure"):
            drawing = figure.svg
            assert drawing is not None
            named = [soup.find(id=name) for name in str(drawing["aria-labelledby"]).split()]
            assert all(element is not None and element.get_text() for element in named)
            assert figure.select("figcaption a[href^='data/'][href$='.csv']")
        for bar in soup.select("td svg"):
            assert re.match(r"\d+ ", str(bar["aria-label"]))
        identifiers = [element["id"] for element in soup.select("[id]")]
        assert len(identifiers) == len(set(identifiers))


HOSTILE = "<img src=https://collect.example/x onerror=alert(1)></td></svg><script>alert(1)</script>"


def test_hostile_text_is_text(course: Course) -> None:
    checks = [check(Outcome.FAILED, HOSTILE, message=HOSTILE, hint=HOSTILE), check(Outcome.PASSED, "b")]
    tasks = [TaskScore(HOSTILE, HOSTILE, 2.0, 1.0, tuple(checks))]
    reports = [report(f"{HOSTILE}{n}", *tasks, flags=(HOSTILE,), repairs=(HOSTILE,)) for n in range(12)]
    reports += [not_gradable(f"{HOSTILE}x", HOSTILE)]
    everyone = [*(one.student for one in reports), f"{HOSTILE}y"]
    data = figures(class_results(course.assignments[1], reports, [f"{HOSTILE}w"], everyone))
    page = class_page(data, class_plots(data), course_title=course.title, anonymous=False)

    for html in (page, course_page_of(reports, course)):
        soup = BeautifulSoup(html, "html.parser")
        assert not soup.select("img, iframe, object, link, form, base, [onerror], [style]")
        assert len(soup.select("script")) == 1
        assert HOSTILE in soup.get_text()


def test_a_page_allows_its_own_script_and_style_and_asks_for_nothing(course: Course) -> None:
    for page in (page_of(a_class(12), course), course_page_of(a_class(12), course)):
        soup = BeautifulSoup(page, "html.parser")
        policy = str(soup.select_one("meta[http-equiv=Content-Security-Policy]")["content"])  # type: ignore[index]

        assert policy.startswith("default-src 'none'; style-src 'sha256-")
        assert "unsafe" not in policy
        for tag in ("script", "style"):
            (element,) = soup.select(tag)
            digest = re.search(rf"{tag}-src 'sha256-([^']+)'", policy)
            assert digest
            assert digest[1] == _sha256(element.get_text())
        assert not re.search(r"(?:src|href)=[\"']?(?:https?:)?//|url\(|@import", page)
        assert not soup.select("[style], [onclick]")


def _sha256(text: str) -> str:
    import base64
    import hashlib

    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
