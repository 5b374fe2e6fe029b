"""The table in docs/security.md: the same attacks against stock nbgrader, stock otter-grader and this grader, run for real.

    PYTHONPATH=. python tests/hostile/peers.py            prints the table; takes ten minutes, as every notebook gets a cold kernel there
    PYTHONPATH=. python tests/hostile/peers.py gradebook  only the rows whose title has that word

The list is in attacks_peers.py."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from attacks_peers import ALL_ROWS, RAN_INSIDE
from hostile_scene import BROKE_OUT, POINTS, RIGHT, SETUP, TESTS, Lab, answer, code, lab, released

from autograder import environment
from benchmarks.otter import VERSION, Otter, question

PATIENCE = 90
"""Seconds after which otter, which has no time limit of its own without Docker, is ended from outside."""
MAX = {"softmax-test": 4.0, "total-test": 2.0}
HIDDEN = {
    "softmax-test": "assert torch.allclose(softmax(torch.tensor([0.0, 1.0])), torch.softmax(torch.tensor([0.0, 1.0]), -1))",
    "total-test": "assert total(torch.ones(5)) == 5.0",
}
LIST = tuple(row for row in ALL_ROWS if all(word in row[0] for word in sys.argv[1:2]))


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of one notebook: points of 6, or None where there is no grade; what it got out."""

    points: float | None
    broke_out: bool = False
    leaked: bool = False
    script: bool = False
    inside: bool = False
    note: str = ""

    def __str__(self) -> str:
        words = [f"{self.points:g} of 6" if self.points is not None else "no grade"]
        words += [
            word
            for word, true in (
                ("**got out**", self.broke_out),
                ("**leak**", self.leaked),
                ("**script on the page**", self.script),
                ("**ran in the grader**", self.inside),
            )
            if true
        ]
        words += [self.note] if self.note else []
        return ", ".join(words)


def told(line: str) -> None:
    """Tells whoever waits; past pytest, which holds sys.stderr while the lab is open."""
    os.write(2, f"{line}\n".encode())


# ── nbgrader ──────────────────────────────────────────────────────────────────────────────────────


def stock(nb: Any, *, source: bool = False) -> Any:
    """A notebook of the lab as nbgrader wants it: points on the test cells."""
    for cell in nb["cells"]:
        marks = cell["metadata"].get("nbgrader") if isinstance(cell["metadata"], dict) else None
        if not marks:
            continue
        name = marks["grade_id"]
        marks.pop("points", None)
        if name in MAX:
            marks.update(grade=True, points=MAX[name], locked=True, solution=False)
            if source:
                cell["source"] += f"\n### BEGIN HIDDEN TESTS\n{HIDDEN[name]}\n### END HIDDEN TESTS"
        elif name in POINTS:
            marks.update(grade=False, locked=False, solution=True)
        else:
            marks.update(grade=False, locked=True, solution=False)
    nb["metadata"] = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    return nb


def nbgrader(root: Path, *arguments: str) -> bool:
    program = [str(Path(sys.executable).parent / "nbgrader"), *arguments]
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    # A home of its own: no IPython history, no start-up files of whoever runs this.
    surroundings = {**os.environ, "PATH": path, "HOME": str(root), "LAB_SECRET": "0canary0"}
    return (
        subprocess.run(program, cwd=root, env=surroundings, capture_output=True, timeout=300, check=False).returncode
        == 0
    )


def with_nbgrader(scene: Lab) -> dict[str, Seen]:
    """Stock nbgrader on every notebook of the list, one after the other."""
    seen = {}
    with tempfile.TemporaryDirectory(prefix="peer-") as name:
        root = Path(name)
        (root / "nbgrader_config.py").write_text(
            f"c = get_config()\nc.CourseDirectory.root = {name!r}\nc.ExecutePreprocessor.timeout = 60\nc.Exchange.root = {name!r} + '/exchange'\n"
        )
        folder = root / "source" / "lab"
        folder.mkdir(parents=True)
        (folder / "lab.ipynb").write_text(json.dumps(stock(released(RIGHT), source=True)))
        if not nbgrader(root, "generate_assignment", "lab"):
            raise SystemExit("nbgrader could not generate the assignment")
        mate = root / "submitted" / "ada" / "lab"
        mate.mkdir(parents=True)
        (mate / "lab.ipynb").write_text(json.dumps(stock(released(RIGHT)) | {"secret": scene.canaries["CLASSMATE"]}))
        for number, (_, attack) in enumerate(LIST):
            place = root / "submitted" / f"s{number:02}" / "lab"
            place.mkdir(parents=True)
            text = json.dumps(stock(scene.notebook(attack)))
            (place / "lab.ipynb").write_text(
                text.replace(str(scene.root / "submitted"), str(root / "submitted")).replace(str(scene.root), name)
            )
        for number, (title, _) in enumerate(LIST):
            student = f"s{number:02}"
            done = nbgrader(root, "autograde", "lab", "--student", student)
            if title.startswith("script"):
                nbgrader(root, "generate_feedback", "lab", "--student", student)
            seen[title] = looked_at(root, student, scene) if done else Seen(None, inside=ran_inside(root))
            told(f"nbgrader: {title}: {seen[title]}")
    return seen


def looked_at(root: Path, student: str, scene: Lab) -> Seen:
    program = (
        "import sys\nfrom nbgrader.api import Gradebook\n"
        "with Gradebook('sqlite:///gradebook.db') as g: print(g.find_submission('lab', sys.argv[1]).score)"
    )
    score = subprocess.run(
        [sys.executable, "-c", program, student], cwd=root, capture_output=True, text=True, check=False
    ).stdout
    graded = json.loads((root / "autograded" / student / "lab" / "lab.ipynb").read_text())
    printed = json.dumps([cell.get("outputs") for cell in graded["cells"] if cell["cell_type"] == "code"])
    pages = [page.read_text() for page in (root / "feedback" / student).rglob("*.html")]
    return Seen(
        float(score or 0),
        broke_out=BROKE_OUT in printed,
        leaked=leaked(printed, scene),
        script=any("document.title='owned'</script>" in page for page in pages),
        inside=ran_inside(root),
    )


def leaked(printed: str, scene: Lab) -> bool:
    """Whether the cells printed a classmate's work, the environment's secret or hidden tests."""
    words = [scene.canaries["CLASSMATE"], "0canary0", HIDDEN["total-test"], "SQLite format 3"]
    return any(json.dumps(word)[1:-1] in printed for word in words)


def ran_inside(root: Path) -> bool:
    """Whether an attack got into the process that grades; the next one finds no trace of it."""
    mark = root / RAN_INSIDE
    inside = mark.exists() and "ipykernel" not in mark.read_text()
    mark.unlink(missing_ok=True)
    return inside


# ── otter-grader ──────────────────────────────────────────────────────────────────────────────────


class LabOtter(Otter):
    """`otter` with the lab in its format: each question with a visible and a hidden test, and its points for both together."""

    def __init__(self, root: Path) -> None:
        super().__init__(root, LAB_SECRET="0canary0")
        cells = [code(SETUP)]
        for test, points in MAX.items():
            task = test.removesuffix("-test")
            cells += question(task, points, answer(task, RIGHT[task]), TESTS[task], HIDDEN[test])
        self.zip, self.released = self.assign("lab", cells)

    def submission(self, nb: Any) -> Any:
        """A notebook of the lab as otter's student would have it: a first cell that starts otter, and a `grader.check` for each visible test."""
        checks = {source: f'grader.check("{task}")' for task, source in TESTS.items()}
        for cell in nb["cells"]:
            cell["source"] = checks.get(cell["source"], cell["source"])
        start = self.released["cells"][0]
        return {**nb, "cells": [start, *nb["cells"]], "metadata": self.released["metadata"]}

    def grade(self, student: str) -> float | None:
        """The points, or None where there is no grade; the results file and the notebook that ran are kept."""
        output = self.root / "grades" / student
        points = self.run(self.zip, self.root / "submitted" / student / "lab" / "lab.ipynb", output, seconds=PATIENCE)
        if points is None:
            told((output / "stderr").read_text()[-300:])
        return points

    def printed(self) -> dict[str, str]:
        """What the cells of each student's notebook printed, as JSON: not otter's own cells, which print the hidden tests that failed."""
        read = (
            "import dill, glob, json\n"
            "def outputs(path): return json.dumps([c.get('outputs') for c in dill.load(open(path, 'rb')).notebook.cells"
            " if '.check(' not in c.source])\n"
            "print(json.dumps({path.split('/')[1]: outputs(path) for path in glob.glob('grades/*/results.pkl')}))"
        )
        found: dict[str, str] = json.loads(self("-c", read, program="python").stdout)
        return found


def with_otter(scene: Lab) -> dict[str, Seen]:
    """Stock `otter run` on every notebook of the list, one after the other."""
    seen = {}
    with tempfile.TemporaryDirectory(prefix="peer-", ignore_cleanup_errors=True) as name:
        root = Path(name)
        otter = LabOtter(root)
        mate = root / "submitted" / "ada" / "lab"
        mate.mkdir(parents=True)
        work = {**otter.submission(released(RIGHT)), "secret": scene.canaries["CLASSMATE"]}
        (mate / "lab.ipynb").write_text(json.dumps(work))
        otter.grade("ada")
        for number, (title, attack) in enumerate(LIST):
            place = root / "submitted" / f"s{number:02}" / "lab"
            place.mkdir(parents=True)
            text = json.dumps(otter.submission(scene.notebook(attack))).replace(str(scene.root), name)
            # There is no gradebook: what a course keeps of a student is the file that otter wrote.
            kept = str(root / "grades" / "ada" / "results.json")
            (place / "lab.ipynb").write_text(text.replace(f"{name}/gradebook.db', 'ab'", f"{kept}', 'ab'"))
            note = "makes no page" if title.endswith("on the page") else ""
            try:
                points = otter.grade(f"s{number:02}")
            except subprocess.TimeoutExpired:
                points, note = None, f"still running after {PATIENCE} s"
            seen[title] = Seen(points, inside=ran_inside(root), note=note)
            told(f"otter: {title}: {seen[title]}")
        printed = otter.printed()
    for number, title in enumerate(seen):
        text = printed.get(f"s{number:02}", "")
        seen[title] = replace(seen[title], broke_out=BROKE_OUT in text, leaked=leaked(text, scene))
    return seen


# ── here ──────────────────────────────────────────────────────────────────────────────────────────


def with_this(scene: Lab) -> dict[str, Seen]:
    seen = {}
    for title, attack in LIST:
        written = scene.hand_in(attack)
        points = written.score("softmax") + written.score("total")
        words = written.words()
        secret = any(word in words for word in scene.canaries.values())
        seen[title] = Seen(points, BROKE_OUT in words, secret, "<script" in written.page, ran_inside(scene.root))
    return seen


def main() -> None:
    environment.prepare()
    with lab() as scene:
        columns = with_this(scene), with_otter(scene), with_nbgrader(scene)
    here, otter, there = columns
    sys.stdout.write(
        f"| handed in | nbgrader {version('nbgrader')} | otter-grader {VERSION} | here |\n| --- | --- | --- | --- |\n"
    )
    for title, _ in LIST:
        sys.stdout.write(f"| {title} | {there[title]} | {otter[title]} | {here[title]} |\n")


if __name__ == "__main__":
    main()
