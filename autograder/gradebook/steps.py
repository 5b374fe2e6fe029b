"""Our steps in nbgrader's pipelines.  Config names them by their dotted names; nbgrader and formgrader make and call them."""

from __future__ import annotations

import atexit
import copy
import json
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbgrader.plugins import BasePlugin
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Dict, Unicode

from autograder import course as courses
from autograder import fingerprint, notebook, policy
from autograder.errors import AuthoringError, InfrastructureError
from autograder.gradebook import rows
from autograder.gradebook.notebooks import Released, autograded
from autograder.markup.rendered import markdown, python
from autograder.model import Assignment, Course, Judgement, Manifest, NotGradable, Status, Submission
from autograder.notebook import timestamp

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
CELL_METADATA = ("nbgrader", "tags")

# ── release ───────────────────────────────────────────────────────────────────────────────────────


class Tidy(NbGraderPreprocessor):  # type: ignore[misc]
    """First of the release: takes out what editors and machines leave in a notebook's metadata."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        nb.metadata = nbformat.from_dict({"kernelspec": KERNEL, "language_info": {"name": "python"}})
        for cell in nb.cells:
            cell.metadata = nbformat.from_dict(
                {key: cell.metadata[key] for key in CELL_METADATA if key in cell.metadata}
            )
        return nb, resources


class AddManifest(NbGraderPreprocessor):  # type: ignore[misc]
    """Last of the release: has nbgrader write manifest.json beside the notebook."""

    assignments = Dict(help="name → title and models, from course_config.py").tag(config=True)

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        name = resources["nbgrader"]["assignment"]
        known = self.assignments.get(name)
        if known is None:
            raise AuthoringError(f"course_config.py has no assignment {name!r}.", "Add an entry for it.")
        manifest = notebook.manifest_from_notebook(nb, name, title=known["title"], models=tuple(known["models"]))
        text = json.dumps(notebook.manifest_to_json(manifest), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
        outputs = resources["outputs"] if isinstance(resources.get("outputs"), dict) else {}
        resources["outputs"] = {**outputs, "manifest.json": text.encode()}
        return nb, resources


def after_release(*, assignment: str, **_: object) -> None:
    """nbgrader's hook, called in the course's folder: the due date, which nbgrader has no setting for."""
    course = courses.load(Path.cwd())
    if found := course.assignment(assignment):
        rows.set_due(course, found)


# ── autograde ─────────────────────────────────────────────────────────────────────────────────────


def before_autograde(*, assignment: str, **_: object) -> None:
    """nbgrader's hook, called in the course's folder: a release that came by git is not in the gradebook yet."""
    course = courses.load(Path.cwd())
    if found := course.assignment(assignment):
        rows.ensure_registered(course, Released(course, assignment), found)


class UnopenedSubmission(NotebookExporter):
    """Leaves what was handed in to `Repair`: nbformat would wait for a FIFO and stop at broken JSON.

    nbgrader makes it before it copies the other files of a submission, and has no other place to say that it shall copy none:
    formgrader would serve them as pages of the instructor's own server."""

    def __init__(self, **kw: Any) -> None:
        super().__init__(**kw)
        assert self.parent is not None
        # A copy: formgrader's server releases and grades with one and the same.
        self.parent.coursedir = copy.copy(self.parent.coursedir)
        self.parent.coursedir.ignore = ["*"]

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> tuple[Any, Any]:
        assert self.parent is not None
        coursedir = self.parent.coursedir
        if Path(filename).is_relative_to(Path(coursedir.root, coursedir.submitted_directory)):
            found: tuple[Any, Any] = self.from_notebook_node(nbformat.v4.new_notebook(), resources, **kw)
        else:
            found = super().from_filename(filename, resources, **kw)
        return found


class OfCourse(NbGraderPreprocessor):  # type: ignore[misc]
    """A step that knows its course."""

    root = Unicode(help="the folder of course_config.py").tag(config=True)

    def handed_in(self, resources: Any) -> tuple[Course, Released, Submission | NotGradable]:
        """The submission that nbgrader is at, by our own bounded reader."""
        at = resources["nbgrader"]
        course = courses.load(Path(self.root))
        released = Released(course, at["assignment"])
        path = course.root / "submitted" / at["student"] / at["assignment"] / f"{at['notebook']}.ipynb"
        return course, released, notebook.read(path, released.manifest, at["student"], course.limits)


class Repair(OfCourse):
    """Replaces OverwriteCells and DeduplicateIds: lost, doubled or edited metadata is put right from the manifest."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:  # noqa: ARG002 - read anew, by our own reader
        course, released, submission = self.handed_in(resources)
        at = resources["nbgrader"]
        # nbgrader looks at it to see whether newer work has come; nothing else of a submission is copied.
        if came := timestamp.handed_in_at(course.root / "submitted" / at["student"] / at["assignment"]):
            resources["outputs"] = {timestamp.NAME: f"{timestamp.written(came)}\n".encode()}
        for sentence in submission.repairs if isinstance(submission, Submission) else (submission.reason,):
            self.log.warning("%s: %s", submission.student, sentence)
        return nbformat.from_dict(autograded(released, submission, None)), resources


class Judged(OfCourse):
    """Replaces Execute and SaveAutoGrades: the judge's verdict, booked like `autograder grade` books it."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:  # noqa: ARG002 - read anew, by our own reader
        course, released, submission = self.handed_in(resources)
        judgement = _judge(course, released.manifest, submission)
        if judgement.report.status is Status.GRADER_ERROR:
            raise InfrastructureError(f"The grade of {submission.student} is withheld: {judgement.report.reason}")
        rows.book(course, [(submission, judgement)])
        return nbformat.from_dict(autograded(released, submission, judgement)), resources


class LatePenalty(BasePlugin):  # type: ignore[misc]
    """nbgrader's late penalty is the course's: the function that books, shows and exports it."""

    root = Unicode(help="the folder of course_config.py").tag(config=True)

    def late_submission_penalty(self, student_id: str, score: float, total_seconds_late: float) -> float | None:  # noqa: ARG002 - nbgrader's signature; extensions are in the seconds already
        course = courses.load(Path(self.root))
        assignment = course.assignment(self.parent.assignment_id)
        if assignment is None:
            return None
        return policy.penalty(policy.rule(course, assignment), score, total_seconds_late) or None


# nbgrader makes its steps anew for every notebook and says nothing at the end: the judge stays until the process ends.
_open = ExitStack()
_judges: dict[tuple[Assignment, Manifest, str], Any] = {}
atexit.register(_open.close)


def _judge(course: Course, manifest: Manifest, submission: Submission | NotGradable) -> Judgement:
    from autograder.judge import open_judge

    assignment = course.assignment(manifest.assignment)
    if assignment is None:
        raise AuthoringError(f"course_config.py has no assignment {manifest.assignment!r}.")
    key = (assignment, manifest, fingerprint.checks(course, assignment, manifest))
    if key not in _judges:
        _judges.clear()
        _open.close()
        _judges[key] = _open.enter_context(open_judge(course, assignment, manifest, hidden=True))
    judgement: Judgement = _judges[key](submission)
    return judgement


# ── pages ─────────────────────────────────────────────────────────────────────────────────────────


def inert_markdown(source: str) -> str:
    """Markdown as the feedback page shows it: bounded, and without HTML, links or pictures.

    MathJax can turn mathematics into links, so the text has the class that it leaves alone."""
    return f'<div class="tex2jax_ignore">{markdown(source)}</div>'


def highlighted(source: str, language: str = "python", metadata: object = None) -> str:  # noqa: ARG001 - nbconvert's signature
    """Code as our own pages show it: within bounds, coloured where that is quick."""
    return f'<div class="highlight hl-ipython3"><pre>{python(source)}</pre></div>'
