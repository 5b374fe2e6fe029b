"""Feedback pages in a real browser: readable in light, dark, on a phone and on paper; and nothing that a student left on one runs."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from contrast import PALE
from pictures import picture
from playwright.sync_api import Browser, Page, ViewportSize

from autograder import course as courses
from autograder.model import Course, Status
from autograder.notebook import load_manifest
from autograder.pool import judge_all
from autograder.report.feedback import feedback_page
from autograder.submitted import Job

pytestmark = pytest.mark.needs("chromium")

ROOT = Path(__file__).resolve().parent.parent
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1000, "height": 900}
PICTURE = picture(size=(60, 40))

RUN = "window.ran=1;console.log(1);alert(1)"
ATTACKS = [
    f"<script>{RUN}</script>",
    f"</pre></section></main></body><script>{RUN}</script>",
    f"</style><script>{RUN}</script><style>",
    f"<img src=x onerror='{RUN}'>",
    f"<svg xmlns='http://www.w3.org/2000/svg' onload='{RUN}'><script>{RUN}</script><circle r=9></circle></svg>",
    f"<a href='javascript:{RUN}'>press me</a> <a href='https://collect.example/'>or me</a>",
    f'<iframe src="javascript:{RUN}"></iframe><iframe srcdoc="<script>parent.ran=1</script>"></iframe>',
    "<iframe src='https://collect.example/frame'></iframe><object data='https://collect.example/o'></object>",
    "<img src='https://collect.example/pixel.png'><video autoplay src='https://collect.example/film'></video>",
    "<style>@import url('https://collect.example/a.css'); body { background: url('https://collect.example/b.png') }</style>",
    "<link rel=stylesheet href='https://collect.example/c.css'><link rel=prefetch href='https://collect.example/d'>",
    "<div style=\"background: url('https://collect.example/e.png'); position: fixed; inset: 0\">over everything</div>",
    "<meta http-equiv=refresh content='0;url=https://collect.example/'><base href='https://collect.example/'>",
    f"<form action='https://collect.example/'><input autofocus onfocus='{RUN}'><button>Log in again</button></form>",
    f"<details open ontoggle='{RUN}'><summary>more</summary></details>",
    f"[press me](javascript:{RUN}) ![pixel](https://collect.example/f.png) [data](data:text/html,<script>{RUN}</script>)",
]


def saved_outputs(attack: str) -> list[dict[str, Any]]:
    """What a notebook may hold as a cell's outputs: an attack in every form that an output has, and a picture."""
    mimes = ("text/html", "text/markdown", "image/svg+xml", "application/javascript", "text/plain", "image/png")
    shown = [{"output_type": "display_data", "metadata": {}, "data": {mime: attack}} for mime in mimes]
    error = {"output_type": "error", "ename": attack, "evalue": attack, "traceback": [attack]}
    kept = {"output_type": "display_data", "metadata": {}, "data": {"image/png": PICTURE, "text/html": attack}}
    return [*shown, error, {"output_type": "stream", "name": "stdout", "text": attack}, kept]


def code_cell(source: str) -> dict[str, Any]:
    return {"cell_type": "code", "id": "mine", "metadata": {}, "source": source, "outputs": [], "execution_count": None}


def hostile(released: dict[str, Any]) -> dict[str, Any]:
    """The released notebook full of attacks: in its text, its saved and its fresh outputs, its answers' errors."""
    nb: dict[str, Any] = json.loads(json.dumps(released))
    answers = [cell for cell in nb["cells"] if cell["metadata"].get("nbgrader", {}).get("solution")]
    for cell, attack in zip(answers, ATTACKS, strict=False):
        lines = "".join(cell["source"]).replace("raise NotImplementedError", f"raise ValueError({attack!r})")
        cell["source"] = f"{lines}\n# {attack}"
    demo = next(cell for cell in nb["cells"] if "demo" in cell["metadata"].get("tags", []))
    demo["outputs"] = [output for attack in ATTACKS for output in saved_outputs(attack)][:36]
    demo["outputs"].append({"output_type": "display_data", "metadata": {}, "data": {"image/png": PICTURE}})
    show = (
        "from IPython.display import HTML, SVG, Javascript, Markdown, Image, display\n"
        f"for attack in {ATTACKS!r}:\n"
        "    display(HTML(attack), Markdown(attack))\n"
        f"display(Javascript({RUN!r}))\n"
        f"import base64\ndisplay(Image(data=base64.b64decode({PICTURE!r})))"
    )
    text = [{"cell_type": "markdown", "id": f"text-{n}", "metadata": {}, "source": a} for n, a in enumerate(ATTACKS)]
    raw = {"cell_type": "raw", "id": "raw", "metadata": {}, "source": "\n".join(ATTACKS)}
    nb["cells"] += [*text, raw, code_cell(show)]
    return nb


def solved(released: dict[str, Any]) -> dict[str, Any]:
    """The released notebook with two answers from the solution, a mistaken one, and a last cell that prints a lot and fails."""
    nb: dict[str, Any] = json.loads(json.dumps(released))
    source = json.loads((ROOT / "source/softmax/softmax.ipynb").read_text(encoding="utf-8"))
    answers = {cell["id"]: cell["source"] for cell in source["cells"] if cell["id"] in ("next-token-logits", "softmax")}
    answers["log-softmax"] = (
        "def log_softmax(logits, dim=-1):\n    return logits - logits.exp().sum(dim, keepdim=True).log()"
    )
    for cell in nb["cells"]:
        cell["source"] = answers.get(cell["id"], cell["source"])
    nb["cells"].append(code_cell("print('working ' * 400)\n1 / 0"))
    return nb


@pytest.fixture(scope="module")
def pages(course: Course, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The pages of three graded students: `solved`, with two good tasks and a bad one, `hostile`, and `broken`, who handed in half a file."""
    folder = tmp_path_factory.mktemp("pages")
    manifest = load_manifest(courses.manifest_path(course, "softmax"))
    released = json.loads((ROOT / "release/softmax/softmax.ipynb").read_text(encoding="utf-8"))
    handed_in = {"solved": json.dumps(solved(released)), "hostile": json.dumps(hostile(released))}
    handed_in["broken"] = handed_in["solved"][:5000]
    jobs = []
    for student, text in handed_in.items():
        jobs.append(Job(folder / student / "softmax.ipynb", student))
        jobs[-1].path.parent.mkdir()
        jobs[-1].path.write_text(text, encoding="utf-8")
    made = {}
    assignment = courses.pick(course, ["softmax"])[0]
    for done in judge_all(course, assignment, manifest, jobs, hidden=True, processes=1):
        assert done.judgement.report.status is not Status.GRADER_ERROR, done.judgement.report.reason
        made[done.job.student] = folder / f"{done.job.student}.html"
        page = feedback_page(done.judgement, done.submission, manifest, course_title=course.title)
        made[done.job.student].write_text(page, encoding="utf-8")
    return made


@dataclasses.dataclass
class Seen:
    """What a browser told while a page was open."""

    page: Page
    requests: list[str] = dataclasses.field(default_factory=list)
    alive: list[str] = dataclasses.field(default_factory=list)


@pytest.fixture
def seen(browser: Browser) -> Iterator[Seen]:
    context = browser.new_context(viewport=DESK)
    watched = Seen(context.new_page())
    page = watched.page
    page.on("request", lambda request: watched.requests.append(request.url.split("#", maxsplit=1)[0]))
    page.on("console", lambda message: watched.alive.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: watched.alive.append(f"error: {error}"))
    page.on("popup", lambda popup: watched.alive.append(f"popup: {popup.url}"))

    def dismissed(dialog: Any) -> None:
        watched.alive.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    page.on("dialog", dismissed)
    yield watched
    context.close()


# ── nothing runs ──────────────────────────────────────────────────────────────────────────────────


def test_nothing_on_a_hostile_page_runs_and_nothing_leaves(pages: dict[str, Path], seen: Seen) -> None:
    address = pages["hostile"].as_uri()
    seen.page.goto(address, wait_until="networkidle")
    for link in seen.page.locator("a").all():
        link.dispatch_event("click")
    for element in ("summary", "button", "input", "form", "iframe", "object", "svg", "script", "link"):
        assert seen.page.locator(element).count() == 0, element

    assert seen.page.evaluate("window.ran") is None
    assert seen.alive == []
    assert {url for url in seen.requests if not url.startswith("data:")} == {address}
    assert seen.page.url.split("#")[0] == address
    assert seen.page.locator("meta[http-equiv]").count() == 1
    attacks_shown = seen.page.locator("body").inner_text()
    assert "alert(1)" in attacks_shown, "the attacks are to be read, as text"


def test_pictures_on_a_hostile_page_still_show(pages: dict[str, Path], seen: Seen) -> None:
    seen.page.goto(pages["hostile"].as_uri())

    sizes = seen.page.locator(".output img").evaluate_all(
        "all => all.map(img => [img.naturalWidth, img.naturalHeight])"
    )

    assert len(sizes) >= 3, "saved, saved beside an attack, fresh"
    assert all(size == [60, 40] for size in sizes)


SLIPPED = (
    f"<script>{RUN}</script><img src='https://collect.example/p.png' onerror='{RUN}'><style>h1 {{ color: red }}</style>"
)


@pytest.mark.parametrize("policy", [True, False], ids=["with-the-policy", "without"])
def test_what_would_slip_through_is_stopped_by_the_policy(
    pages: dict[str, Path], seen: Seen, tmp_path: Path, policy: bool
) -> None:
    html = pages["solved"].read_text(encoding="utf-8").replace("</main>", f"{SLIPPED}</main>")
    if not policy:
        html = re.sub(r"<meta http-equiv=.*?>", "", html)
    path = tmp_path / "page.html"
    path.write_text(html, encoding="utf-8")
    seen.page.goto(path.as_uri(), wait_until="networkidle")

    assert seen.page.evaluate("window.ran") == (None if policy else 1)
    assert any(told.startswith("dialog") for told in seen.alive) is not policy
    assert "https://collect.example/p.png" in seen.requests, "also an attempt that the policy stops is seen"
    red = seen.page.locator("h1").evaluate("element => getComputedStyle(element).color") == "rgb(255, 0, 0)"
    assert red is not policy


# ── it can be read ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("student", ["solved", "hostile", "broken"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_a_page_fits_and_has_contrast(
    pages: dict[str, Path], seen: Seen, student: str, scheme: str, viewport: ViewportSize
) -> None:
    seen.page.set_viewport_size(viewport)
    seen.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    seen.page.goto(pages[student].as_uri())

    assert seen.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "one would have to scroll sideways"
    assert seen.page.evaluate(PALE) == []
    paper = seen.page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (min(map(int, re.findall(r"\d+", paper))) > 128) is (scheme == "light")


def test_pale_text_and_what_is_too_wide_are_found(pages: dict[str, Path], seen: Seen, tmp_path: Path) -> None:
    spoilt = "<p id='pale' style='color: #999; background: #fff; width: 2000px'>hardly there</p></main>"
    html = re.sub(r"<meta http-equiv=.*?>", "", pages["broken"].read_text(encoding="utf-8"))
    (tmp_path / "page.html").write_text(html.replace("</main>", spoilt), encoding="utf-8")
    seen.page.goto((tmp_path / "page.html").as_uri())

    assert seen.page.evaluate(PALE) == ["P."]
    assert seen.page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_print_hides_nothing_behind_a_scroll_bar(pages: dict[str, Path], seen: Seen) -> None:
    seen.page.goto(pages["solved"].as_uri())
    seen.page.emulate_media(media="print", color_scheme="dark")

    hidden = "all => all.filter(e => e.scrollHeight > e.clientHeight + 1 || e.scrollWidth > e.clientWidth + 1).length"
    assert seen.page.locator("pre").evaluate_all(hidden) == 0
    assert seen.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_the_keyboard_leads_past_the_checks_to_the_notebook(pages: dict[str, Path], seen: Seen) -> None:
    seen.page.goto(pages["solved"].as_uri())
    seen.page.keyboard.press("Tab")
    assert seen.page.locator(".skip").bounding_box()["x"] >= 0  # type: ignore[index]
    seen.page.keyboard.press("Enter")

    assert seen.page.url.endswith("#notebook")
