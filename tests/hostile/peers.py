"""The table in docs/security.md: the same attacks against stock nbgrader and against this grader, run for real.

    python tests/hostile/peers.py            prints the table; takes minutes, as every notebook gets a cold kernel there
    python tests/hostile/peers.py gradebook  only the rows whose title has that word

Only attacks that cannot hurt the machine are in the list: nbgrader runs them with the rights of whoever runs this."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from attacks_files import GRADED, PAGES
from attacks_inside import LYING, TAMPERING
from attacks_outside import READING, tries
from hostile_scene import BROKE_OUT, POINTS, RIGHT, Attack, Lab, Notebook, lab, released

from autograder import environment

MAX = {"softmax-test": 4.0, "total-test": 2.0}
HIDDEN = {
    "softmax-test": "assert torch.allclose(softmax(torch.tensor([0.0, 1.0])), torch.softmax(torch.tensor([0.0, 1.0]), -1))",
    "total-test": "assert total(torch.ones(5)) == 5.0",
}


def named(attacks: tuple[Attack, ...], name: str) -> Attack:
    return next(attack for attack in attacks if attack.name == name)


def one_cell(nb: Notebook) -> Notebook:
    """An honest notebook whose author pressed "split cell" once: two cells with the same marks."""
    at = next(i for i, cell in enumerate(nb["cells"]) if cell["metadata"]["nbgrader"]["grade_id"] == "total")
    nb["cells"].insert(at, dict(nb["cells"][at], source="# my notes", id="twin"))
    return nb


ALL_ROWS: tuple[tuple[str, Attack], ...] = (
    ("an honest right answer", Attack("right", base="right")),
    ("an honest wrong answer", Attack("wrong")),
    ("`torch.allclose` and `equal` say yes", named(TAMPERING, "allclose says yes")),
    ("an AST transformer drops asserts", named(TAMPERING, "assert is a pass")),
    ("asserts are cut from the cells' text", named(TAMPERING, "asserts are cut from the text")),
    ("an object equal to everything", named(LYING, "equal to everything")),
    ("a tensor subclass that lies", named(LYING, "a tensor subclass")),
    ("the tag `skip-execution` on the tests", named(GRADED, "skip-execution on the tests")),
    ("tests turned into text", named(GRADED, "tests turned into text")),
    ("the tests' marks are lost", named(GRADED, "tests without marks")),
    ("`os._exit` in an answer", Attack("exit", answers={"softmax": "import os\n    os._exit(0)"}, base="right")),
    ("one cell split in two, honestly", Attack("split", base="right", edit=one_cell)),
    ("a warning on stderr, honestly", Attack("stderr", base="right", answers={"total": f"import sys; print('careful', file=sys.stderr)\n    {RIGHT['total']}"})),
    ("reads the gradebook's hidden tests", Attack("reads", tries("print(open('@ROOT@/gradebook.db', 'rb').read()[:200])"))),
    ("reads a classmate's notebook", named(READING, "a classmate")),
    ("reads a secret from the environment", named(READING, "its own environment")),
    ("writes into the gradebook", Attack("writes", tries("with open('@ROOT@/gradebook.db', 'ab') as f: f.write(b'')"))),
    ("starts a program", Attack("program", tries("import subprocess\nsubprocess.run(['/bin/true'], check=True)"))),
    ("opens a socket", Attack("socket", tries("import socket\nsocket.socket().bind(('127.0.0.1', 0))"))),
    ("leaves a start-up file for the next one", Attack("startup", tries("import pathlib\nopen(pathlib.Path('@ROOT@') / 'startup.py', 'w')"))),
    ("script in an output, on the page", named(PAGES, "script in HTML output")),
)  # fmt: skip


LIST = tuple(row for row in ALL_ROWS if all(word in row[0] for word in sys.argv[1:2]))


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of one notebook: points of 6, or None where there is no grade; what it got out."""

    points: float | None
    broke_out: bool
    leaked: bool
    script: bool

    def __str__(self) -> str:
        words = [f"{self.points:g} of 6" if self.points is not None else "no grade"]
        words += [
            word
            for word, true in (
                ("**got out**", self.broke_out),
                ("**leak**", self.leaked),
                ("**script on the page**", self.script),
            )
            if true
        ]
        return ", ".join(words)


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
            seen[title] = (
                looked_at(root, student, scene) if done else Seen(None, broke_out=False, leaked=False, script=False)
            )
            sys.stderr.write(f"{title}: {seen[title]}\n")
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
    secrets = [scene.canaries["CLASSMATE"], "0canary0", HIDDEN["total-test"]]
    traceless = printed.replace('print(\\"BROKE\\" + \\"-OUT\\")', "")
    return Seen(
        float(score or 0),
        broke_out=BROKE_OUT in traceless,
        leaked=any(json.dumps(word)[1:-1] in printed for word in secrets) or "SQLite format 3" in printed,
        script=any("document.title='owned'</script>" in page for page in pages),
    )


# ── here ──────────────────────────────────────────────────────────────────────────────────────────


def with_this(scene: Lab) -> dict[str, Seen]:
    seen = {}
    for title, attack in LIST:
        written = scene.hand_in(attack)
        points = written.score("softmax") + written.score("total")
        words = written.words()
        leaked = any(word in words for word in scene.canaries.values())
        seen[title] = Seen(points, broke_out=BROKE_OUT in words, leaked=leaked, script="<script" in written.page)
    return seen


def main() -> None:
    environment.prepare()
    with lab() as scene:
        here, there = with_this(scene), with_nbgrader(scene)
    sys.stdout.write("| handed in | nbgrader | here |\n| --- | --- | --- |\n")
    for title, _ in LIST:
        sys.stdout.write(f"| {title} | {there[title]} | {here[title]} |\n")


if __name__ == "__main__":
    main()
