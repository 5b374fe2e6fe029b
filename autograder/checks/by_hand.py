"""`pytest source/<name>/checks --submission NB`: one notebook in one worker, asked live."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from autograder import course, environment, notebook
from autograder.checks.student import Live, Student
from autograder.model import NotGradable


@contextmanager
def opened(path: Path, test_file: Path) -> Iterator[Student]:
    """A proxy to the notebook at `path`, judged by the suite that `test_file` belongs to."""
    environment.prepare()
    from autograder.worker.attempt import Attempt
    from autograder.worker.client import WarmParent
    from autograder.worker.warm import warm

    name = test_file.parent.parent.name
    the_course = course.load(test_file.parent)
    assignment = course.pick(the_course, [name])[0]
    source = json.loads(course.source_notebook(the_course, name).read_text(encoding="utf-8"))
    manifest = notebook.manifest_from_notebook(source, name, title=assignment.title, models=assignment.models)
    submission = notebook.read(path, manifest, student="", limits=the_course.limits)
    if isinstance(submission, NotGradable):
        pytest.exit(submission.reason, returncode=pytest.ExitCode.USAGE_ERROR)
    warm(assignment.models)
    with (
        WarmParent(
            assignment.models,
            the_course.required_layers,
            modules=notebook.imported_modules(manifest, assignment.preload),
            data=course.data_dir(the_course, name),
        ) as parent,
        Attempt(parent, submission, the_course.limits) as attempt,
    ):
        student = Student()
        student.transport_ = Live(attempt)
        yield student
