"""What the lock-down adds to a submission: the same notebook in a locked and in an open worker, in turn."""

from __future__ import annotations

import statistics
import time
from contextlib import ExitStack

from autograder import course as courses
from autograder import draws, notebook, variants
from autograder.checks.session import Suite
from autograder.judge import Judge
from autograder.model import Course, Fingerprint
from autograder.release import source_manifest
from autograder.worker.client import WarmParent


class OpenParent(WarmParent):
    """Its workers are not locked."""

    server = "benchmarks.open_server"


def added_ms(course: Course, name: str, rounds: int) -> tuple[float, float, float]:
    """(median wall-clock milliseconds of a submission when locked, when open, and the median difference of a pair)."""
    (assignment,) = courses.pick(course, [name])
    manifest = source_manifest(course, assignment)
    locked: list[float] = []
    unlocked: list[float] = []
    with ExitStack() as stack:
        suite = stack.enter_context(Suite(courses.checks_dir(course, name)))
        judges = []
        for kind, layers in ((WarmParent, course.required_layers), (OpenParent, ())):
            modules = notebook.imported_modules(manifest, assignment.preload)
            parent = stack.enter_context(
                kind(assignment.models, layers, modules=modules, data=courses.data_dir(course, name))
            )
            parent.watch(suite.forbidden)
            secret = draws.seeds(course, name)
            judges.append(Judge(course, manifest, parent, suite, secret=secret, depends_on=Fingerprint()))
        with variants.written(course, assignment, manifest) as paths:
            path = next(path for variant, path in paths if variant.kind == variants.SOLUTION)
            submission = notebook.read(path, manifest, "ada", course.limits)
            for number in range(rounds + 1):
                order = list(zip(judges, (locked, unlocked), strict=True))
                for judge, times in order[:: 1 if number % 2 else -1]:
                    started = time.perf_counter()
                    judge(submission, seed=0)
                    times.append(1000 * (time.perf_counter() - started))
    pairs = list(zip(locked, unlocked, strict=True))[1:]  # the first draws the inputs
    return (
        statistics.median(one for one, _ in pairs),
        statistics.median(other for _, other in pairs),
        statistics.median(one - other for one, other in pairs),
    )
