"""The pages of a report in a real browser: they fit, can be read and sorted, and are quiet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from contrast import PALE
from playwright.sync_api import Browser, Page
from sample_class import a_class, course_page_of, not_gradable, page_of, withheld

from autograder.model import Course


@pytest.fixture(scope="module")
def written_pages(course: Course, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("report")
    reports = [*a_class(40), withheld("zoe"), not_gradable("zac")]
    pages = {"class": page_of(reports, course), "course": course_page_of(reports, course)}
    for name, page in pages.items():
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in pages}


def opened(browser: Browser, path: Path, width: int, scheme: Any = "light") -> tuple[Page, list[str]]:
    page = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme).new_page()
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("request", lambda request: heard.append(request.url) if request.url != path.as_uri() else None)
    page.goto(path.as_uri(), wait_until="networkidle")
    return page, heard


@pytest.mark.needs("chromium")
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", ["class", "course"])
def test_a_page_fits_can_be_read_and_is_quiet(
    written_pages: dict[str, Path], browser: Browser, name: str, width: int, scheme: str
) -> None:
    page, heard = opened(browser, written_pages[name], width, scheme)

    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "one would have to scroll sideways"
    assert page.evaluate(PALE) == []
    assert heard == []
    page.context.close()


@pytest.mark.needs("chromium")
def test_a_click_sorts_and_another_turns_it_round(written_pages: dict[str, Path], browser: Browser) -> None:
    page, heard = opened(browser, written_pages["class"], 1280)
    head = page.locator("#student-table thead th", has_text="score")

    def column(number: int) -> list[str]:
        cells = page.locator(f"#student-table tbody tr > :nth-child({number})").all_inner_texts()
        return [cell.strip() for cell in cells]

    names = column(1)
    head.locator("button").click()
    upwards = column(2)
    assert head.get_attribute("aria-sort") == "ascending"
    assert [float(cell) for cell in upwards[:-2]] == sorted(float(cell) for cell in upwards[:-2])
    assert sorted(upwards[-2:]) == ["not gradable", "withheld"], "what has no value stays at the end"
    head.locator("button").focus()
    page.keyboard.press("Enter")
    assert head.get_attribute("aria-sort") == "descending"
    assert column(2)[:-2] == sorted(upwards[:-2], key=float, reverse=True)
    assert sorted(column(2)[-2:]) == ["not gradable", "withheld"]
    page.locator("#student-table thead th", has_text="student").locator("button").click()
    assert column(1) == sorted(names)
    assert page.locator("#student-table [aria-sort]").count() == 1
    assert heard == []
    page.context.close()


@pytest.mark.needs("chromium")
def test_the_policy_stops_a_script_that_is_not_ours(
    written_pages: dict[str, Path], browser: Browser, tmp_path: Path
) -> None:
    spoilt = tmp_path / "spoilt.html"
    spoilt.write_text(written_pages["class"].read_text().replace("</main>", "<script>window.ran = 1</script></main>"))
    page, heard = opened(browser, spoilt, 1280)

    assert page.evaluate("window.ran") is None
    assert any("Content Security Policy" in line for line in heard)
    page.context.close()
