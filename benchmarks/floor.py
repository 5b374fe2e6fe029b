"""What a submission costs at least: the same cells and the same calls with the same inputs in one warm process, no isolation, no judge."""

from __future__ import annotations

import contextlib
import io
import statistics
import time

from autograder import notebook
from autograder.model import Course, NotGradable, Role, Submission
from autograder.notebook import without_magics
from benchmarks.calls import Asked, judged

RUN = {Role.SETUP, Role.ANSWER, Role.CODE, Role.TEST}


def seconds(submission: Submission, asked: list[Asked]) -> float:
    """Wall-clock seconds of the cells, the visible tests included, and of the calls; neither reading nor comparing."""
    inputs = [(one.function, *one.arguments(), one.times) for one in asked if not one.takes_ours]
    names: dict[str, object] = {"__name__": "__main__"}
    silence = contextlib.redirect_stdout(io.StringIO())
    started = time.perf_counter()
    with silence, contextlib.redirect_stderr(io.StringIO()):
        for cell in submission.cells:
            if cell.cell_type == "code" and cell.role in RUN:
                with contextlib.suppress(Exception):
                    exec(compile(without_magics(cell.source), "<cell>", "exec"), names)  # noqa: S102 - the course's own variants
        for function, args, kwargs, times in inputs:
            with contextlib.suppress(Exception):
                for _ in range(times or 1):
                    names[function](*args, **kwargs)  # type: ignore[operator]
    return time.perf_counter() - started


def ratio(course: Course, name: str) -> tuple[float, float, float]:
    """(median milliseconds of a judged submission, of the floor, median ratio) over a class, each pair measured back to back."""
    manifest = notebook.load_manifest(course.root / "release" / name / "manifest.json")
    judgements, floors = [], []
    with judged(course, name) as (judge, _, asked):
        for folder in sorted((course.root / "submitted").iterdir()):
            submission = notebook.read(folder / name / f"{name}.ipynb", manifest, folder.name, course.limits)
            assert not isinstance(submission, NotGradable)
            floors.append(1000 * seconds(submission, asked))
            started = time.perf_counter()
            judge(submission, seed=0)
            judgements.append(1000 * (time.perf_counter() - started))
    pairs = [ours / least for ours, least in zip(judgements, floors, strict=True)]
    return statistics.median(judgements), statistics.median(floors), statistics.median(pairs)
