"""A small notebook that was handed in, its result, the feedback page about it, and that nothing on one is alive."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path
from typing import Any

import pictures
from bs4 import BeautifulSoup

from autograder.model import (
    Cell,
    CheckResult,
    Execution,
    Fingerprint,
    Judgement,
    Kind,
    Manifest,
    NotGradable,
    Outcome,
    ReleasedCell,
    Report,
    Role,
    Status,
    Submission,
    Task,
    TaskScore,
)
from autograder.report.feedback import feedback_page
from autograder.scoring import scored

Output = dict[str, Any]
TEST_CODE = 'assert double(2) == 4, "double(2) is 4"'


def display(**data: str) -> Output:
    """A notebook output that holds the same thing in several forms, called by short names."""
    names = {
        "png": "image/png",
        "jpeg": "image/jpeg",
        "svg": "image/svg+xml",
        "html": "text/html",
        "text": "text/plain",
    }
    return {"output_type": "display_data", "data": {names.get(k, k): v for k, v in data.items()}, "metadata": {}}


def stream(text: str, name: str = "stdout") -> Output:
    return {"output_type": "stream", "name": name, "text": text}


MANIFEST = Manifest(
    assignment="numbers",
    title="Numbers",
    notebook="numbers.ipynb",
    tasks=(Task("times-two", "Twice a number", "double", 4.0), Task("times-three", "Three times", "triple", 6.0)),
    cells=(ReleasedCell("c1", Role.TEST, "code", TEST_CODE, "times-two-test", "times-two"),),
)
CHECKS = (
    CheckResult("The visible test", Outcome.PASSED, 0.0, visible=True),
    CheckResult("Small numbers", Outcome.PASSED),
    CheckResult(
        "Negative numbers", Outcome.FAILED, 3.0, message="double(-1) returned `2`; expected -2", hint="Mind the sign."
    ),
)
OTHER = (
    CheckResult(
        "Zero", Outcome.NOT_ATTEMPTED, message="The stub is there.", hint="Add, or multiply.", kind=Kind.NOT_ATTEMPTED
    ),
    CheckResult(
        "One", Outcome.NOT_ATTEMPTED, message="The stub is there.", hint="Add, or multiply.", kind=Kind.NOT_ATTEMPTED
    ),
    CheckResult("On a GPU", Outcome.SKIPPED, message="There is none here."),
)
CELLS = (
    Cell(0, Role.TEXT, "markdown", "# Numbers\n\n| a | b |\n|---|---|\n| 1 | 2 |"),
    Cell(1, Role.ANSWER, "code", "def double(x):\n    return abs(2 * x)", "times-two", "times-two"),
    Cell(2, Role.TEST, "code", TEST_CODE, "times-two-test", "times-two"),
    Cell(3, Role.DEMO, "code", "plot()", outputs=(display(png=pictures.picture(), text="<Figure>"),)),
    Cell(4, Role.CODE, "code", "print('mine')", outputs=(stream("what the student had saved"),)),
)


def report(checks: tuple[CheckResult, ...] = CHECKS, other: tuple[CheckResult, ...] = OTHER, **changes: Any) -> Report:
    tasks = (
        scored(TaskScore("times-two", "Twice a number", 4.0, 0.0, checks)),
        scored(TaskScore("times-three", "Three times", 6.0, 0.0, other, note="Judged with a correct `double`.")),
    )
    made = Report(
        notebook="/somewhere/private/numbers.ipynb",
        assignment="numbers",
        student="Ada Lovelace",
        status=Status.GRADED,
        score=sum(task.score for task in tasks),
        max_score=10.0,
        tasks=tasks,
        execution=Execution(seconds=0.4, cells=4, sandbox="full"),
        fingerprint=Fingerprint("sha256:" + "a1" * 32, "sha256:" + "b2" * 32, "sha256:" + "c3" * 32),
    )
    return dataclasses.replace(made, **changes)


def submission(*more: Cell) -> Submission:
    extra = tuple(dataclasses.replace(cell, index=len(CELLS) + i) for i, cell in enumerate(more))
    return Submission(Path("numbers.ipynb"), "numbers", "Ada Lovelace", "sha256:00", CELLS + extra)


def page(
    made: Report | None = None,
    handed_in: Submission | NotGradable | None = None,
    outputs: dict[int, list[Output]] | None = None,
) -> BeautifulSoup:
    judgement = Judgement(made or report(), outputs or {})
    return BeautifulSoup(
        feedback_page(judgement, handed_in or submission(), MANIFEST, course_title="A course"), "html.parser"
    )


def assert_inert(soup: BeautifulSoup) -> None:
    """Nothing on the page runs, loads, links out or restyles: by element, by attribute, by address."""
    ours = {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "header",
        "main",
        "footer",
        "section",
        "article",
        "progress",
    }
    plain_tags = {
        "a",
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "div",
        "span",
        "strong",
        "em",
        "code",
        "pre",
        "ul",
        "ol",
        "li",
    }
    table = {"table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td"}
    other = {"img", "b", "i", "s", "del", "sub", "sup", "br", "hr", "blockquote", "dl", "dt", "dd"}
    known = {
        "id",
        "class",
        "aria-label",
        "aria-labelledby",
        "aria-hidden",
        "lang",
        "scope",
        "colspan",
        "rowspan",
        "tabindex",
    }
    for tag in soup.find_all(True):
        assert tag.name in ours | plain_tags | table | other, tag.name
        more = {
            "a": {"href"},
            "img": {"src", "alt"},
            "meta": {"charset", "http-equiv", "content", "name"},
            "progress": {"max", "value"},
        }.get(tag.name, set())
        assert set(tag.attrs) <= known | more, (tag.name, tag.attrs)
        assert tag.name != "a" or str(tag["href"]).startswith("#")
        assert tag.name != "img" or re.match(r"data:image/(png|jpeg);base64,[A-Za-z0-9+/=]+$", str(tag["src"]))
    assert len(soup.find_all("style")) == 1
    assert "url(" not in soup.style.get_text()  # type: ignore[union-attr]
    identifiers = [tag["id"] for tag in soup.find_all(id=True)]
    assert len(identifiers) == len(set(identifiers))
