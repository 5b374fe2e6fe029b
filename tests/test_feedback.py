"""The feedback page: what it says of a result, how it shows the notebook, and what it keeps to itself."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from sample_feedback import assert_inert, page, report, stream, submission

from autograder.model import Cell, CellError, CheckResult, Execution, NotGradable, Outcome, Role, Status


def words(soup: BeautifulSoup, selector: str = "body") -> str:
    return " ".join(found.get_text(" ", strip=True) for found in soup.select(selector))


# ── what it says ──────────────────────────────────────────────────────────────────────────────────


def test_the_score_and_the_tasks_stand_at_the_top() -> None:
    soup = page()
    assert words(soup, ".score") == "1 of 10 points"
    assert words(soup, "h1") == "Numbers"
    assert words(soup, ".who") == "Ada Lovelace · numbers.ipynb"
    rows = [words(soup, f".summary tr:nth-of-type({row})") for row in (1, 2)]
    assert "Twice a number 2 of 3 1 of 4" in rows[0]
    assert "Three times 0 of 2 0 of 6" in rows[1]
    assert words(soup, ".summary tfoot") == "Together 1 of 10"


def test_every_check_shows_its_title_outcome_message_and_hint() -> None:
    checks = [found.get_text(" ", strip=True) for found in page().select("#task-1 .checks li")]
    assert checks == [
        "✓ The visible test passed",
        "✓ Small numbers passed",
        "✗ Negative numbers not passed · −3 points · see 1",  # noqa: RUF001
    ]


def test_each_cause_stands_above_the_checks_with_its_cost_and_hint() -> None:
    assert [cause.get_text(" ", strip=True) for cause in page().select("#task-1 .causes li")] == [
        "double(-1) returned 2 ; expected -2 Hint: Mind the sign. −3 points · found by: Negative numbers"  # noqa: RUF001
    ]


def test_a_slip_in_several_tasks_is_said_once_at_the_top() -> None:
    slip = "The values are right; the task asks for a Python int and your function returned a NumPy scalar."
    checks = (CheckResult("A check", Outcome.PASSED, form=slip),)
    soup = page(report(checks=checks, other=checks))
    said = words(soup, ".notice")
    assert slip in said
    assert "It costs points in: Twice a number (−1 point), Three times (−1.5 points)." in said  # noqa: RUF001
    assert "right in another form" in words(soup, "#task-1 .outcome")
    assert slip not in words(soup, "#task-1")


def test_a_hint_that_checks_share_is_given_once() -> None:
    assert words(page(), "#task-2").count("Add, or multiply.") == 1


def test_a_skipped_check_says_that_it_does_not_count() -> None:
    assert "On a GPU not run here, not counted There is none here." in words(page(), "#task-2")


def test_the_note_tells_that_a_helper_was_answered_for_the_student() -> None:
    assert words(page(), "#task-2 .note") == "Judged with a correct double ."


@pytest.mark.parametrize("outcome", Outcome)
def test_no_outcome_is_told_by_colour_alone(outcome: Outcome) -> None:
    soup = page(report(checks=(CheckResult("A check", outcome, message="m"),)))
    mark, word = soup.select_one("#task-1 .mark"), soup.select_one("#task-1 .outcome")
    assert mark is not None
    assert word is not None
    assert mark["aria-hidden"] == "true"
    assert mark.get_text()
    assert len(word.get_text(strip=True)) > 5


def test_outcomes_differ_in_their_words() -> None:
    seen = {words(page(report(checks=(CheckResult("A check", o, 0.0),))), "#task-1 .outcome") for o in Outcome}
    assert len(seen) == len(Outcome)


def test_what_the_grader_says_about_its_own_fault_stays_with_staff() -> None:
    secret = CheckResult("A check", Outcome.GRADER_ERROR, message="test_secret.py line 3: assert reference(7) == 42")
    assert "reference(7)" not in words(page(report(checks=(secret,))))
    withheld = page(report(status=Status.GRADER_ERROR, tasks=(), reason="KeyError in test_secret.py"))
    assert "test_secret" not in words(withheld)
    assert "withheld" in words(withheld, ".notice")
    assert not withheld.select(".score")


def test_a_file_that_could_not_be_graded_gets_the_reason_and_what_to_do() -> None:
    reason = "This is a Word document, not a notebook: hand in numbers.ipynb."
    unreadable = NotGradable(Path("numbers.ipynb"), "numbers", "Ada Lovelace", reason)
    soup = page(report(status=Status.NOT_GRADABLE, tasks=(), score=0.0, reason=reason), unreadable)
    assert reason in words(soup, ".notice")
    assert "hand in numbers.ipynb again" in words(soup, ".notice")
    assert words(soup, ".score") == "0 of 10 points"
    assert not soup.select("#notebook")


def test_repairs_flags_and_errors_are_told() -> None:
    errors = (CellError(4, "NameError", "name 'x' is not defined"),)
    made = report(repairs=("One.", "Two."), flags=("Look here.",), execution=Execution(errors=errors, sandbox="full"))
    remarks = words(page(made), ".remark")
    assert all(part in remarks for part in ("One.", "Two.", "Look here.", "Cell 5 raised NameError: name 'x'"))


def test_a_run_without_protection_is_stamped() -> None:
    assert "Not sandboxed" in words(page(report(execution=Execution(sandbox="none"))), ".notice")
    assert not page().select(".notice")


# ── the notebook ──────────────────────────────────────────────────────────────────────────────────


def test_the_notebook_shows_code_with_fresh_outputs_and_saved_pictures() -> None:
    soup = page(outputs={4: [stream("fresh")]})
    assert "return abs(2 * x)" in soup.select_one("#cell-2 pre").get_text()  # type: ignore[union-attr]
    assert "your answer: Twice a number" in words(soup, "#cell-2 .label")
    assert "visible test: passed" in words(soup, "#cell-3 .label")
    assert len(soup.select("#cell-4 img")) == 1
    assert words(soup, "#cell-5 .output") == "fresh"
    assert "what the student had saved" not in words(soup)
    assert [cell.get_text() for cell in soup.select("#cell-1 td")] == ["1", "2"]
    assert_inert(soup)


def test_an_answer_in_a_text_cell_is_shown_as_it_is() -> None:
    cell = Cell(0, Role.ANSWER, "markdown", "def triple(x): *a* <b>", "times-three", "times-three")
    soup = page(handed_in=submission(cell))
    assert "a markdown cell, not run" in words(soup, "#cell-6 .label")
    assert soup.select_one("#cell-6 pre").get_text() == "def triple(x): *a* <b>"  # type: ignore[union-attr]


def test_the_page_is_ordered_for_a_screen_reader() -> None:
    soup = page(report(repairs=("One.",)), submission(Cell(0, Role.TEXT, "markdown", "# Mine\n\n###### deep")))
    assert {"header", "main", "footer"} <= {tag.name for tag in soup.body.find_all(recursive=False)}  # type: ignore[union-attr]
    levels = [int(tag.name[1]) for tag in soup.find_all(re.compile(r"^h[1-6]$"))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert soup.html["lang"] == "en"  # type: ignore[index]
    assert all(table.caption or table.find_parent(class_="cell") for table in soup.find_all("table"))
    assert all(img["alt"] for img in soup.find_all("img"))
    names = {tag["id"] for tag in soup.find_all(id=True)}
    assert all(tag["aria-labelledby"] in names for tag in soup.select("[aria-labelledby]"))
    assert all(str(tag["href"])[1:] in names for tag in soup.find_all("a"))


def test_pages_for_phones_dark_rooms_and_paper_are_in_the_style_sheet() -> None:
    soup = page()
    css = soup.style.get_text()  # type: ignore[union-attr]
    assert all(query in css for query in ("max-width: 36rem", "prefers-color-scheme: dark", "@media print"))
    assert soup.select_one('meta[name="viewport"]')


def test_the_policy_allows_the_own_style_sheet_and_data_pictures_only() -> None:
    soup = page()
    policy = str(soup.select_one('meta[http-equiv="Content-Security-Policy"]')["content"])  # type: ignore[index]
    import hashlib

    digest = base64.b64encode(hashlib.sha256(soup.style.get_text().encode()).digest()).decode()  # type: ignore[union-attr]
    parts = [
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    assert policy == "; ".join(parts)


def test_the_path_on_the_graders_machine_is_not_shown() -> None:
    assert "/somewhere/private" not in str(page())
