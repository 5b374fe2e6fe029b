"""`pytest source/<name>/checks --submission NB`: one notebook in one worker, asked live."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from autograder import course, environment, notebook
from autograder.checks.student import Live, Policy, Student
from autograder.model import NotGradable


@contextmanager
def opened(path: Path, items: Sequence[pytest.Item]) -> Iterator[Student]:
    """A proxy to the notebook at `path`, judged by a suite that has these `items`."""
    environment.prepare()
    from autograder.checks.workers import warm_parent
    from autograder.worker.attempt import Attempt

    test_file = items[0].path
    name = test_file.parent.parent.name
    the_course = course.load(test_file.parent)
    assignment = course.pick(the_course, [name])[0]
    source = json.loads(course.source_notebook(the_course, name).read_text(encoding="utf-8"))
    manifest = notebook.manifest_from_notebook(source, name, title=assignment.title, models=assignment.models)
    submission = notebook.read(path, manifest, student="", limits=the_course.limits)
    if isinstance(submission, NotGradable):
        pytest.exit(submission.reason, returncode=pytest.ExitCode.USAGE_ERROR)
    with (
        warm_parent(the_course, assignment, manifest) as parent,
        Attempt(parent, submission, the_course.limits, {task.id: task.function for task in manifest.tasks}) as attempt,
    ):
        policies = [Policy.of(item.get_closest_marker("forbids")) for item in items]
        parent.watch({name for policy in policies for name in policy.forbidden})
        student = Student()
        student.transport_ = Live(attempt)
        yield student
