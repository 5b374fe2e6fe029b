"""Where the workers of one assignment come from, for whoever judges what they answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from autograder import course as courses
from autograder import environment, interrupt, notebook
from autograder.model import Assignment, Course, Manifest
from autograder.worker.client import WarmParent
from autograder.worker.warm import warm


@contextmanager
def warm_parent(course: Course, assignment: Assignment, manifest: Manifest) -> Iterator[WarmParent]:
    """The process that workers are forked from.  This one gets the assignment's models too, which the references use, and works in a
    single thread, as workers do: the order in which numbers are added up is the same on both sides."""
    environment.prepare()
    with ExitStack() as stack:
        with interrupt.held():
            parent = stack.enter_context(
                WarmParent(
                    assignment.models,
                    course.required_layers,
                    modules=notebook.imported_modules(manifest, assignment.preload),
                    data=courses.data_dir(course, assignment.name),
                )
            )
        _single_threaded()
        warm(assignment.models)
        yield parent


def _single_threaded() -> None:
    import torch

    torch.set_num_threads(1)
