"""Every released notebook as a student meets it: opened in JupyterLab, one task solved in the page, tested there, saved, graded."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import running_lab
from playwright.sync_api import Browser, Locator, Page, expect

from autograder import cli, environment
from autograder.notebook import load_manifest

pytestmark = pytest.mark.needs("chromium")

ROOT = Path(__file__).resolve().parent.parent
ASSIGNMENTS = sorted(path.parent.name for path in ROOT.glob("release/*/manifest.json"))
SETTINGS = {
    # Every cell is in the page, also those far below.
    "notebook-extension/tracker": {"windowingMode": "none"},
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "docmanager-extension/plugin": {"autosave": False},
}
PATIENCE = 120_000  # milliseconds for what takes seconds: importing torch on a busy machine
expect.set_options(timeout=PATIENCE)


@dataclasses.dataclass(frozen=True)
class Lab:
    """A running JupyterLab on a folder that holds what was released."""

    folder: Path
    server: str
    token: str

    def open(self, page: Page, name: str) -> Notebook:
        """Opens an assignment's notebook and waits for all of its cells and for the kernel."""
        page.goto(f"{self.server}/lab/tree/{name}/{name}.ipynb?reset&{self.token}")
        notebook = Notebook(page, self.folder / name / f"{name}.ipynb")
        expect(notebook.cells).to_have_count(len(notebook.names))
        expect(page.locator("#jp-main-statusbar")).to_contain_text("| Idle")
        return notebook

    def end_kernels(self, page: Page) -> None:
        """Closing a page leaves its kernel running, with all that it has loaded."""
        kernels = f"{self.server}/api/kernels"
        for kernel in page.request.get(f"{kernels}?{self.token}").json():
            assert page.request.delete(f"{kernels}/{kernel['id']}?{self.token}").ok


class Notebook:
    """An open notebook: its graded cells by their names, used by mouse and keyboard."""

    def __init__(self, page: Page, path: Path) -> None:
        self._page, self.path = page, path
        self.names = [grade_id(cell) for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]]
        self.cells = page.locator(".jp-Notebook .jp-Cell")

    def cell(self, name: str) -> Locator:
        return self.cells.nth(self.names.index(name))

    def write(self, name: str, source: str) -> None:
        """Replaces what stands in a cell."""
        self.cell(name).locator(".cm-content").click()
        self._page.keyboard.press("ControlOrMeta+a")
        self._page.keyboard.insert_text(source)

    def run(self, name: str) -> str:
        """Runs a cell and returns what it printed once it has ended."""
        cell = self.cell(name)
        cell.locator(".cm-content").click()
        self._page.keyboard.press("Shift+Enter")
        expect(cell.locator(".jp-InputPrompt")).to_have_text(re.compile(r"\[\d+\]"))
        return cell.locator(".jp-OutputArea").inner_text()

    def save(self) -> None:
        """Saves as Ctrl+S does and waits until the tab no longer says that there is something to save."""
        tab = self._page.locator(".lm-DockPanel-tabBar .jp-mod-current")
        expect(tab).to_have_class(re.compile("jp-mod-dirty"))
        self._page.keyboard.press("ControlOrMeta+s")
        expect(tab).not_to_have_class(re.compile("jp-mod-dirty"))


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    place = tmp_path_factory.mktemp("lab")
    shutil.copytree(ROOT / "release", place / "course")
    for name, values in SETTINGS.items():
        file = place / "settings/@jupyterlab" / f"{name}.jupyterlab-settings"
        file.parent.mkdir(parents=True)
        file.write_text(json.dumps(values), encoding="utf-8")
    ours: dict[str, str] = {}
    environment.prepare(ours)
    # A student's JupyterLab has none of our settings; and wherever this runs, no model hub is within reach.
    environ = {name: value for name, value in os.environ.items() if name not in ours}
    environ |= {"IPYTHONDIR": str(place / "ipython"), "HF_ENDPOINT": "http://127.0.0.1:9"}
    options = ["--LabApp.extension_manager=readonly", f"--LabApp.user_settings_dir={place / 'settings'}"]
    with running_lab.running(place / "course", place, environ, *options) as (server, token):
        yield Lab(place / "course", server, token)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def grade_id(cell: dict[str, Any]) -> str:
    return str(cell["metadata"].get("nbgrader", {}).get("grade_id", ""))


def solution(name: str, task: str) -> str:
    """The right answer of one task, as a student would have written it."""
    cells = json.loads((ROOT / f"source/{name}/{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    lines = "".join(next(cell["source"] for cell in cells if grade_id(cell) == task)).splitlines()
    return "\n".join(line for line in lines if line.strip() not in ("### BEGIN SOLUTION", "### END SOLUTION"))


@pytest.mark.parametrize("name", ASSIGNMENTS)
def test_a_task_solved_in_the_page_gets_its_points_and_no_other_does(
    lab: Lab, page: Page, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = load_manifest(lab.folder / name / "manifest.json").tasks[0].id
    thrown: list[str] = []
    page.on("pageerror", lambda error: thrown.append(str(error)))

    notebook = lab.open(page, name)
    assert notebook.run("setup") == "", "a set-up cell has nothing to say, also where no hub is within reach"
    notebook.write(task, solution(name, task))
    assert notebook.run(task) == ""
    assert "the visible tests pass" in notebook.run(f"{task}-test")
    notebook.save()
    lab.end_kernels(page)

    assert thrown == []
    report = graded(notebook.path, name, tmp_path, monkeypatch)
    assert (report["status"], report["repairs"], report["flags"]) == ("graded", [], [])
    outcomes = {found["id"]: {check["outcome"] for check in found["checks"]} for found in report["tasks"]}
    assert outcomes.pop(task) == {"passed"}
    assert set().union(*outcomes.values()) == {"not_attempted"}
    assert report["score"] == report["tasks"][0]["points"] > 0


def graded(path: Path, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the hidden checks say about a saved notebook."""
    monkeypatch.setenv("AUTOGRADER_COURSE", str(ROOT))
    told = tmp_path / "report.json"
    assert cli.main(["check", str(path), "--assignment", name, "--hidden", "--quiet", "--json", str(told)]) == 0
    report: dict[str, Any] = json.loads(told.read_text(encoding="utf-8"))[0]
    return report


def test_check_in_the_page_shows_a_table(lab: Lab, page: Page) -> None:
    name = ASSIGNMENTS[0]
    first, second = load_manifest(lab.folder / name / "manifest.json").tasks[:2]

    notebook = lab.open(page, name)
    notebook.run("setup")
    notebook.write(first.id, f"{solution(name, first.id)}\n%load_ext autograder\n%check {first.id} {second.id}")
    notebook.run(first.id)
    table = notebook.cell(first.id).locator(".jp-OutputArea table")
    expect(table.locator("tbody tr")).to_have_count(2)
    lab.end_kernels(page)

    assert "✓ passes" in table.locator("tbody tr").nth(0).inner_text()
    assert second.id in table.locator("tbody tr").nth(1).inner_text()
    assert "1 of 2 tasks pass" in table.locator("caption").inner_text()
    assert "visible tests only" in notebook.cell(first.id).locator(".jp-OutputArea").inner_text()
