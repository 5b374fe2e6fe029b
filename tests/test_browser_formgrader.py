"""Formgrader in a browser: what a person enters there is still there after the class has been graded again."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

import pytest
import running_lab
import small_course
from playwright.sync_api import Browser, Locator, Page, expect

from autograder import cli
from autograder import course as courses
from autograder.model import Course
from autograder.release import release

pytestmark = pytest.mark.needs("chromium")

PATIENCE = 60_000  # milliseconds
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Course]:
    """Two students have been graded: ada forgot capital letters, grace has everything."""
    course = small_course.make(tmp_path_factory.mktemp("course"))
    release(course, small_course.assignment(course))
    small_course.hand_in(course, "ada", "wrong/count-vowels/case_forgotten")
    small_course.hand_in(course, "grace")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTOGRADER_COURSE", str(course.root))
        grade()
        yield course


@pytest.fixture(scope="module")
def lab(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """JupyterLab as `make lab` opens it: (the address of its server, its token as a query)."""
    place = tmp_path_factory.mktemp("jupyter")
    with running_lab.running(course.root, place, dict(os.environ)) as address:
        yield address


@pytest.fixture
def page(browser: Browser, lab: tuple[str, str]) -> Iterator[Page]:
    """A browser that is logged in."""
    context = browser.new_context(viewport={"width": 1100, "height": 800})
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto("{}/formgrader/gradebook?{}".format(*lab))
    yield page
    context.close()


def grade() -> None:
    assert cli.main(["grade", "--force", "--quiet", "--jobs", "1"]) == 0


def open_submission(page: Page, course: Course, student: str) -> None:
    """From the list of assignments to the notebook of one student, by mouse."""
    from nbgrader.api import Gradebook

    with Gradebook(courses.gradebook_url(course), course.name) as book:
        (notebook,) = book.find_submission(small_course.NAME, student).notebooks
        known = notebook.id
    for _ in ("assignments", "notebooks"):
        page.get_by_role("link", name=small_course.NAME, exact=True).last.click()
    page.locator(f"a[href*='{known}']").first.click()
    expect(page.locator("input.score")).to_be_visible()


def enter(page: Page, field: Locator, text: str) -> None:
    """Types into a field, leaves it, and waits until the server has taken it."""
    with page.expect_response(lambda answer: "/api/" in answer.url and answer.request.method == "PUT") as answer:
        field.fill(text)
        field.press("Tab")
    assert answer.value.ok


def test_nothing_that_a_person_wrote_is_lost_and_a_changed_score_asks_for_a_look(page: Page, course: Course) -> None:
    thrown: list[str] = []
    # nbconvert's MathJax comes from the net, which is not here.
    page.on("pageerror", lambda error: thrown.append(str(error)))
    score, credit = page.locator("input.score"), page.locator("input.extra-credit")
    comment = page.locator("textarea.comment")
    said = "Capital letters: we talked about <b>them</b>, & you know."

    open_submission(page, course, "ada")
    expect(score).to_have_attribute("placeholder", re.compile(r"^1\.3"))
    expect(comment).to_have_attribute("placeholder", re.compile("A capital A is a vowel too"))
    enter(page, score, "1.75")
    enter(page, credit, "0.5")
    enter(page, comment, said)

    grade()
    page.reload()
    expect(score).to_have_value("1.75")
    expect(score).not_to_have_class(re.compile("needs_manual_grade"))  # nothing has changed under it

    small_course.hand_in(course, "ada")  # she hands in again, and it is right
    grade()
    page.reload()
    expect(score).to_have_attribute("placeholder", "2")
    expect(score).to_have_value("1.75")
    expect(credit).to_have_value("0.5")
    expect(comment).to_have_value(said)
    expect(score).to_have_class(re.compile("needs_manual_grade"))

    with page.expect_response(lambda answer: "/api/grade/" in answer.url):
        page.get_by_role("button", name="Resolve").click()
    page.reload()
    expect(score).to_have_value("1.75")
    expect(score).not_to_have_class(re.compile("needs_manual_grade"))
    assert set(thrown) <= {"MathJax is not defined"}


def test_a_submission_that_no_person_graded_asks_for_nothing(page: Page, course: Course) -> None:
    open_submission(page, course, "grace")

    expect(page.locator("input.score")).to_have_attribute("placeholder", "2")
    expect(page.locator("input.score")).to_have_value("")
    expect(page.locator("input.score")).not_to_have_class(re.compile("needs_manual_grade"))
    expect(page.get_by_role("button", name="Resolve")).to_be_hidden()


def test_lab_has_all_of_nbgrader_set_up_for_this_course(page: Page, lab: tuple[str, str], course: Course) -> None:
    server, query = lab
    name = small_course.NAME
    page.goto(f"{server}/formgrader/manage_assignments?{query}")
    page.locator(f"tr:has-text('{name}') .release a").click()  # into the exchange
    expect(page.locator(".modal.in .modal-title")).to_have_text("Success")
    assert (course.root / "exchange" / course.name / "outbound" / name / f"{name}.ipynb").is_file()

    page.goto(f"{server}/lab/tree/source/{name}/{name}.ipynb?reset&{query}")
    expect(page.locator(".jp-Notebook .jp-Cell").first).to_be_visible()
    expect(page.locator("#jp-main-statusbar")).to_contain_text("| Idle")
    page.get_by_role("button", name="Validate").click()
    expect(page.locator(".nbgrader-ErrorDialog, .jp-Dialog")).to_contain_text("passes all the tests")
    page.keyboard.press("Escape")

    menu = page.locator(".lm-MenuBar-itemLabel", has_text="Nbgrader")
    menu.click()
    page.locator(".lm-Menu-itemLabel", has_text="Create assignment").click()
    expect(page.get_by_label("Total points:")).to_have_value("2")

    menu.click()
    page.locator(".lm-Menu-itemLabel", has_text="Assignment List").click()
    waiting = page.locator("#released_assignments_list")
    expect(waiting).to_contain_text(name)
    waiting.get_by_role("button", name="Fetch").click()
    expect(page.locator("#fetched_assignments_list")).to_contain_text(name)
    assert (course.root / course.name / name / f"{name}.ipynb").is_file()
