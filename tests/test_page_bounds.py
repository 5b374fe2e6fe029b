"""Text made to cost a page hours or gigabytes costs it neither; characters that can't be seen are named."""

from __future__ import annotations

import resource
import time

import pytest
from sample_feedback import MANIFEST, report, submission

from autograder.markup.clean import HTML_LIMIT, inert_html, plain
from autograder.markup.rendered import CODE_LIMIT, MARKDOWN_LIMIT, markdown, python
from autograder.model import Cell, Judgement, Role
from autograder.report.feedback import feedback_page

SECONDS = 10  # generous: what it guards against takes minutes

PIECES = [
    "<b>",
    "<b><p>",
    "<table><tr><td>",
    "<b></b",
    "<table></b>",
    "<div>",
    "<script>",
    "<script></script>",
    "<li>",
    "<",
    "<a",
    "</b>",
    "<!--",
    "&",
]


@pytest.mark.parametrize("piece", PIECES)
def test_nested_html_costs_little_more_than_its_length(piece: str) -> None:
    html = piece * (HTML_LIMIT // len(piece))
    before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
    made = inert_html(html)
    assert time.process_time() - start < SECONDS
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200_000  # KiB
    assert len(made) < 20 * HTML_LIMIT


def test_formatting_that_differs_is_not_opened_again_in_each_block() -> None:
    html = "".join(f"<b a={number}>" for number in range(3000)) + "<p>x" * 3000
    assert len(inert_html(html)) < 20 * HTML_LIMIT


def test_a_table_keeps_its_cells_though_their_ends_are_left_out() -> None:
    made = inert_html("<table>" + "<tr><td colspan=2>a<td>b" * 60 + "</table>")
    assert made.count("<td") == 120
    assert made.count('colspan="2"') == 60


@pytest.mark.parametrize("piece", ["\n ", "\n", " ", "(", "@", '"""', "[", "![", "*a _", "`a", "> ", "- ", "|", "$"])
def test_repeated_characters_are_no_matter_of_hours(piece: str) -> None:
    start = time.process_time()
    python((piece * CODE_LIMIT)[:CODE_LIMIT])
    markdown((piece * MARKDOWN_LIMIT)[:MARKDOWN_LIMIT])
    assert time.process_time() - start < SECONDS


def test_characters_that_cannot_be_seen_are_named_and_flagged() -> None:
    assert plain("a\u202eb\u200bc") == "a<U+202E>b<U+200B>c"
    assert "&lt;U+202E&gt;" in inert_html("<b>a&#x202e;b</b>")
    assert "\u202e" not in markdown("a &#x202e; `\u202e`") + python("x = 1  # \u2066")
    judgement = Judgement(report(), {})
    made = feedback_page(
        judgement, submission(Cell(0, Role.CODE, "code", "x = 1  # \u202e")), MANIFEST, course_title="A course"
    )
    assert "\u202e" not in made
    assert "Characters that cannot be seen" in made
    assert plain("👩\u200d💻") == "👩\u200d💻"
