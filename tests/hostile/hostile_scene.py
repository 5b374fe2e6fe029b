"""A small course with secrets in it, and a class that hands in attacks between honest work.

Every secret is a random word made for this run (a canary): in a hidden check, in the references, in the gradebook, in a classmate's
notebook, in the environment and on the disk.  None may turn up in anything that is written about anybody."""

from __future__ import annotations

import copy
import dataclasses
import hashlib
import json
import os
import secrets
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from autograder import journal, notebook
from autograder.judge import Judge, judged, open_judge
from autograder.model import Assignment, Course, Limits, Manifest, Report, Status
from autograder.report.feedback import feedback_page
from autograder.submitted import Job

NAME = "lab"
HONEST_LIMITS = Limits(cell_seconds=30.0, call_seconds=15.0, submission_seconds=120.0)
SHORT = Limits(
    cell_seconds=1.0, call_seconds=1.0, submission_seconds=8.0, memory_mb=512, processes=24, cpu_seconds=20, disk_mb=8
)
"""For attacks that use up what they get."""
BROKE_OUT = "BROKE-OUT"
"""What an attack prints, in two pieces, if it could do what it must not."""

CHECKS = '''
import torch
from hypothesis import given, settings, strategies as st
from autograder.checks import close, expect, float_tensors, forbids, number, same, spy, task

SECRET = "@CHECK@"
few = settings(max_examples=5)


@task("softmax", points=4)
@forbids("torch.softmax", "torch.Tensor.softmax", "torch.nn.functional.softmax", "torch.nn.Softmax", why="Write it yourself.")
class TestSoftmax:
    @few
    @given(x=float_tensors(min_side=2, max_dims=2))
    def test_values(self, student, reference, x):
        """Shares of the whole"""
        close(student.softmax(x), reference.softmax(x))

    @few
    @given(x=float_tensors(min_side=2, max_dims=2))
    def test_unchanged(self, student, reference, x):
        """The scores are left as they were"""
        close(student.softmax.unchanged(x), reference.softmax(x))


@task("total", points=2)
class TestTotal:
    @few
    @given(x=float_tensors(1.0, 2.0, min_side=2))
    def test_values(self, student, reference, x):
        """The sum"""
        number(student.total(x), reference.total(x), rtol=1e-4)

    def test_empty(self, student, reference):
        """Nothing at all raises ValueError"""
        number(student.total(torch.ones(3)), 3.0)
        student.total.raises(ValueError, torch.ones(0), naming="empty")


@task("peak", points=2)
class TestPeak:
    @few
    @given(x=float_tensors(min_side=2, max_dims=1))
    def test_values(self, student, reference, x):
        """The largest share"""
        number(student.peak(x), reference.peak(x), rtol=1e-4)


@task("ask", points=2)
class TestAsk:
    @few
    @given(words=st.lists(st.sampled_from(["a", "bb", "ccc"]), min_size=2, max_size=4))
    def test_values(self, student, words):
        """One question for each word"""
        listener = spy(lambda word: f"<{word}>" if isinstance(word, str) else 0)
        same(student.ask(listener, words), [f"<{word}>" for word in words])
        expect(len(listener.calls) == len(words), "must ask once for each word")
'''
REFERENCES = """
import torch
SECRET = "@REFERENCE@"
def softmax(x, times=1):
    for _ in range(times):
        x = x * 1.0
    return torch.softmax(x, -1)
def total(x):
    if not x.numel():
        raise ValueError("empty")
    return float(x.double().sum())
def peak(x):
    return float(softmax(x).max())
def ask(f, words):
    return [f(word) for word in words]
"""
SETUP = "import math\nimport torch"
RIGHT = {
    "softmax": "w = torch.exp(x - x.amax(-1, keepdim=True))\n    return w / w.sum(-1, keepdim=True)",
    "total": 'if not x.numel():\n        raise ValueError("empty")\n    return x.double().sum().item()',
    "peak": "return softmax(x).max().item()",
    "ask": "return [f(word) for word in words]",
}
SIGNATURES = {"softmax": "softmax(x)", "total": "total(x)", "peak": "peak(x)", "ask": "ask(f, words)"}
POINTS = {"softmax": 4.0, "total": 2.0, "peak": 2.0, "ask": 2.0}
WRONG = {
    "softmax": "return x * 0 - 1",
    "total": "return -1.0",
    "peak": "return -1.0",
    "ask": "return []",
}
TESTS = {
    "softmax": 'assert torch.equal(softmax(torch.zeros(2)), torch.full((2,), 0.5)), "two halves"',
    "total": 'assert total(torch.ones(2)) == 2.0, "two"',
}


def answer(task: str, body: str) -> str:
    return f"def {SIGNATURES[task]}:\n    {body}"


Notebook = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Attack:
    """`cell` runs before the answers, `late` after them; `answers` replace some of the `base` answers.  The base is wrong throughout and worth
    nothing, so that every point is a gain; or right, and then `keeps` are the tasks that may not lose a point and `loses` those that must be worth
    nothing.  `worth` is what tasks earn that are answered well within an attack.  `edit` changes the notebook, or gives the bytes of the file; `place` puts something else than a file there."""

    name: str
    cell: str = ""
    late: str = ""
    answers: dict[str, str] = field(default_factory=dict)
    base: str = "wrong"
    keeps: tuple[str, ...] = ()
    loses: tuple[str, ...] = ()
    worth: dict[str, float] = field(default_factory=dict)
    edit: Callable[[Notebook], Notebook | bytes | str] | None = None
    place: Callable[[Path], None] | None = None
    status: Status = Status.GRADED
    limits: Limits = HONEST_LIMITS
    flag: str = ""
    seconds: float = 60.0


def code(source: str, **metadata: Any) -> Notebook:
    cell_id = hashlib.sha256(source.encode("utf-8", "replace")).hexdigest()[:8]
    return {
        "cell_type": "code",
        "id": cell_id,
        "metadata": metadata,
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def marked(source: str, grade_id: str, *, points: float | None = None) -> Notebook:
    solution = points is not None
    marks: dict[str, Any] = {
        "grade_id": grade_id,
        "grade": solution,
        "solution": solution,
        "locked": not solution,
        "schema_version": 3,
        "task": False,
    }
    return code(source, nbgrader=marks | ({"points": points} if solution else {}))


def released(answers: dict[str, str]) -> Notebook:
    cells = [marked(SETUP, "setup")]
    for task, body in answers.items():
        text = body if body.startswith("def ") else answer(task, body)
        cells.append(marked(text, task, points=POINTS[task]))
        if task in TESTS:
            cells.append(marked(TESTS[task], f"{task}-test"))
    return {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def source() -> Notebook:
    made = released(RIGHT)
    for cell in made["cells"]:
        if cell["metadata"]["nbgrader"]["solution"]:
            first, body = cell["source"].split("\n", 1)
            cell["source"] = f'{first}\n    """What it does."""\n    ### BEGIN SOLUTION\n{body}\n    ### END SOLUTION'
    return made


@dataclass(frozen=True, slots=True)
class Written:
    """All that came out of one attack: the report, what its cells printed, and its page."""

    report: Report
    outputs: str
    page: str
    left: tuple[str, ...]

    def score(self, task: str) -> float:
        return next((found.score for found in self.report.tasks if found.id == task), 0.0)

    def words(self) -> str:
        """Everything that is said but the student's own code."""
        return json.dumps(self.report.to_json(), ensure_ascii=False) + self.outputs


class Lab:
    """The course in its folder, and a judge that runs."""

    def __init__(self, root: Path, course: Course, manifest: Manifest, judge: Judge, canaries: dict[str, str]) -> None:
        self.root, self.course, self.manifest, self.judge, self.canaries = root, course, manifest, judge, canaries
        self.before = self.snapshot()

    def snapshot(self) -> dict[str, str]:
        """Path → digest of everything that no submission may touch."""
        kept = [path for path in sorted(self.root.rglob("*")) if path.is_file() and "results" not in path.parts]
        return {str(path.relative_to(self.root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in kept}

    def notebook(self, attack: Attack) -> Notebook | bytes | str:
        fill = {"@ROOT@": str(self.root), "@PID@": str(os.getpid()), "@PARENT@": str(self.judge._parent.pid)}

        def filled(text: str) -> str:
            for mark, value in fill.items():
                text = text.replace(mark, value)
            return text

        base = RIGHT if attack.base == "right" else WRONG
        made = released({task: filled(attack.answers.get(task, body)) for task, body in base.items()})
        if attack.cell:
            made["cells"].insert(1, code(filled(attack.cell)))
        if attack.late:
            made["cells"].append(code(filled(attack.late)))
        return attack.edit(copy.deepcopy(made)) if attack.edit else made

    def hand_in(self, attack: Attack) -> Written:
        """Reads, judges, writes the result and the page of one attack, as the batch does."""
        folder = Path(tempfile.mkdtemp(prefix="hand-in-"))
        path = folder / f"{NAME}.ipynb"
        if attack.place is not None:
            attack.place(path)
        else:
            made = self.notebook(attack)
            if isinstance(made, bytes):
                path.write_bytes(made)
            else:
                path.write_text(
                    made if isinstance(made, str) else json.dumps(made), encoding="utf-8", errors="surrogatepass"
                )
        limited = dataclasses.replace(self.course, limits=attack.limits)
        self.judge.course = limited
        student = hashlib.sha256(attack.name.encode()).hexdigest()[:10]
        try:
            done = judged(self.judge, Job(path, student, seed=0))
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        journal.keep(self.course, done)
        page = feedback_page(done.judgement, done.submission, self.manifest, course_title="Lab")
        page.encode("utf-8")
        printed = json.dumps(list(done.judgement.outputs.values()), ensure_ascii=False)
        return Written(done.judgement.report, printed, page, tuple(self.left_behind()))

    def left_behind(self) -> Iterator[str]:
        """What a submission left: work folders, processes."""
        parent = self.judge._parent
        yield from (path.name for path in parent._scratch.iterdir())
        for path in Path(f"/proc/{parent.pid}/task").iterdir():
            yield from (path / "children").read_text().split()


@contextmanager
def lab() -> Iterator[Lab]:
    """The course, its secrets and a judge."""
    root = Path(tempfile.mkdtemp(prefix="hostile-"))
    names = ("CHECK", "REFERENCE", "GRADEBOOK", "CLASSMATE", "ENVIRONMENT", "DISK", "SOLUTION", "DESCRIPTOR")
    canaries = {name: f"{secrets.token_hex(4)}canary{secrets.token_hex(4)}" for name in names}
    checks = root / "source" / NAME / "checks"
    checks.mkdir(parents=True)
    (checks / "test_lab.py").write_text(CHECKS.replace("@CHECK@", canaries["CHECK"]))
    (checks / "references.py").write_text(REFERENCES.replace("@REFERENCE@", canaries["REFERENCE"]))
    solution = source()
    (root / "source" / NAME / f"{NAME}.ipynb").write_text(json.dumps({**solution, "secret": canaries["SOLUTION"]}))
    (root / "gradebook.db").write_text(canaries["GRADEBOOK"])
    mate = root / "submitted" / "ada" / NAME
    mate.mkdir(parents=True)
    (mate / f"{NAME}.ipynb").write_text(canaries["CLASSMATE"])
    (root / "secret.txt").write_text(canaries["DISK"])
    for path in root.rglob("*"):
        path.chmod(0o777 if path.is_dir() else 0o666)
    root.chmod(0o755)
    os.environ["LAB_SECRET"] = canaries["ENVIRONMENT"]
    held = (root / "secret.txt").open("rb")
    assignment = Assignment(NAME, "Lab", models=(), preload=("pandas", "PIL.Image"))
    course = Course("lab", "Lab", (assignment,), root=root, limits=HONEST_LIMITS)
    manifest = notebook.manifest_from_notebook(solution, NAME, title="Lab")
    try:
        with open_judge(course, assignment, manifest, hidden=True) as judge:
            yield Lab(root, course, manifest, judge, canaries)
    finally:
        held.close()
        del os.environ["LAB_SECRET"]
        shutil.rmtree(root)
