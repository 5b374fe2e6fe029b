"""Formgrader in a browser that is logged in, on a submission that means harm: nothing runs, nothing is asked for, no program is read."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import running_lab
import small_course
from playwright.sync_api import Browser, expect

from autograder import cli
from autograder import course as courses
from autograder.model import Course
from autograder.release import release

pytestmark = pytest.mark.needs("chromium")

PATIENCE = 60_000  # milliseconds
# Of a page of formgrader.
ASSETS = ("/formgrader/static/", "/formgrader/submissions/components/", "/formgrader/fonts/", "/formgrader/api/")


def hostile_texts(root: Path) -> list[str]:
    """Every way that we know to make a browser ask for an address, with formgrader's own as the address."""
    bait = f"/formgrader?path={root}/submitted/ada/{small_course.NAME}"
    tags = [
        f"<img src='{bait}' srcset='{bait} 1x'>",
        f"<video src='{bait}' poster='{bait}' autoplay></video><audio src='{bait}' autoplay></audio>",
        f"<table background='{bait}'><tr><td background='{bait}' style='background:url({bait})'>x</td></tr></table>",
        f"<style>@import '{bait}'; * {{ background: url('{bait}') }}</style><link rel=stylesheet href='{bait}'>",
        f"<link rel=prefetch href='{bait}'><link rel=icon href='{bait}'><base href='{bait}'>",
        f"<iframe src='{bait}'></iframe><object data='{bait}'></object><embed src='{bait}'><frameset><frame src='{bait}'>",
        f"<svg><image href='{bait}'/><use href='{bait}#x'/><script href='{bait}'/></svg>",
        f"<form action='{bait}'><button>Grade</button></form><meta http-equiv=refresh content='0;url={bait}'>",
        f"<input type=image src='{bait}'><script src='{bait}'></script><script>document.title = 'taken'</script>",
        f"<a href='{bait}' ping='{bait}'>look</a><area href='{bait}'>",
    ]
    words = [
        f"![a picture]({bait})",
        f"[a link]({bait})",
        f"[![both]({bait})]({bait})",
        f"[r]\n\n[r]: {bait}",
        f"<{bait}>",
    ]
    sums = [
        rf"$\href{{{bait}}}{{x}}$",
        r"$$\href{javascript:document.title='taken'}{x}$$",
        rf"\\(\href{{{bait}}}{{x}}\\)",
    ]
    return [*tags, *words, *sums, "![attached](attachment:x.svg)"]


def make_hostile(nb: dict[str, Any], root: Path) -> None:
    texts = hostile_texts(root)
    svg = f"<svg xmlns='http://www.w3.org/2000/svg'>{texts[0]}</svg>"
    for number, text in enumerate(texts):
        data = {"text/html": text, "text/markdown": text, "image/svg+xml": svg, "text/latex": text, "text/plain": text}
        show = {"output_type": "display_data", "data": data, "metadata": {"text/html": {"isolated": True}}}
        code = {"cell_type": "code", "execution_count": None, "outputs": [show], "source": f"# {text}"}
        words = {"cell_type": "markdown", "source": text, "attachments": {"x.svg": {"image/svg+xml": svg}}}
        nb["cells"] += [
            cell | {"id": f"{kind}-{number}", "metadata": {"tags": [text], "demo": True}}
            for kind, cell in (("a", words), ("b", code))
        ]


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Course]:
    course = small_course.make(tmp_path_factory.mktemp("course"))
    release(course, small_course.assignment(course))
    notebook = small_course.hand_in(course, "ada")
    small_course.edit(notebook, lambda nb: make_hostile(nb, course.root))
    (notebook.parent / "nbgrader_config.py").write_text(f"open({str(course.root / 'taken')!r}, 'w')\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTOGRADER_COURSE", str(course.root))
        assert cli.main(["grade", "--force", "--quiet", "--jobs", "1"]) == 0
        yield course


def test_a_hostile_submission_is_looked_at_and_nothing_happens(
    browser: Browser, course: Course, tmp_path_factory: pytest.TempPathFactory
) -> None:
    from nbgrader.api import Gradebook

    with Gradebook(courses.gradebook_url(course), course.name) as book:
        (notebook,) = book.find_submission(small_course.NAME, "ada").notebooks
        known = notebook.id
    place = tmp_path_factory.mktemp("jupyter")
    with running_lab.running(course.root, place, dict(os.environ)) as (server, query):
        context = browser.new_context()
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        page.goto(f"{server}/formgrader/gradebook?{query}")
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{server}/formgrader/submissions/{known}/?index=0")
        expect(page.locator("input.score")).to_have_attribute("placeholder", "2", timeout=PATIENCE)
        page.wait_for_load_state("networkidle")

        answer = f"/formgrader/submissions/{known}/"
        paths = [urlsplit(url) for url in asked if not url.startswith("data:")]
        ours = [url for url in paths if url.netloc == urlsplit(server).netloc]
        assert {url.path for url in ours if not url.path.startswith(ASSETS)} <= {answer}
        assert {url.netloc for url in paths} - {urlsplit(server).netloc} <= {"cdnjs.cloudflare.com"}
        assert page.title() != "taken"
        shown = page.locator("#notebook-container").first
        expect(shown).to_contain_text("[picture: a picture]")
        assert (
            shown.locator(
                "a, img:not([src^='data:']), iframe, object, embed, form, style, link, video, audio, svg"
            ).count()
            == 0
        )

        lure = f"{server}/formgrader?path={course.root}/submitted/ada/{small_course.NAME}"
        assert page.goto(lure).status == 403  # type: ignore[union-attr]
        assert page.goto(f"{server}/formgrader").ok  # type: ignore[union-attr]
        expect(page).to_have_url(f"{server}/formgrader/manage_assignments")

        page_of_hers = course.root / "autograded" / "ada" / small_course.NAME / "x.html"
        page_of_hers.write_text("<title>mine</title><script>document.title = 'taken'</script>")
        page.goto(f"{server}/formgrader/submissions/{known}/x.html")
        assert page.title() == "mine"
        context.close()
    assert not (course.root / "taken").exists()
