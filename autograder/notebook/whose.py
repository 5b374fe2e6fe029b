"""Which assignment a notebook belongs to.  `check` asks here; `grade` knows it from the folder, which is the first thing looked at."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from autograder.model import Limits, Manifest, Submission
from autograder.notebook.read import read


def whose(path: Path, releases: Sequence[Manifest], limits: Limits) -> Manifest | None:
    """The release that the notebook in `path` belongs to, or None.

    What was handed in belongs to its folder, submitted/<student>/<assignment>/.  Elsewhere a file of an assignment's own name is taken
    for it, so that a mixed-up file is refused as it would be after hand-in; any other file is told by its content, and where that says
    nothing by a name in its own or its folders'.  Of several, the first of `releases` is taken."""
    by_name = {release.assignment.casefold(): release for release in reversed(releases)}
    parts = [part.casefold() for part in path.resolve().parts]
    if len(parts) > 3 and parts[-4] == "submitted" and parts[-2] in by_name:
        return by_name[parts[-2]]
    stem = parts[-1].partition(".ipynb")[0]
    if stem in by_name:
        return by_name[stem]
    contained = [release for name, release in by_name.items() if name in stem]
    near = contained if len(contained) == 1 else []
    fitting = (one for one in [*near, *releases] if isinstance(read(path, one, "", limits), Submission))
    above = (by_name[part] for part in reversed(parts[:-1]) if part in by_name)
    return next(fitting, None) or next(iter(near), None) or next(above, None)


def student_of(path: Path) -> str:
    """The student of a notebook in submitted/<student>/<assignment>/, else an empty string."""
    parts = path.resolve().parts
    return parts[-3] if len(parts) > 3 and parts[-4] == "submitted" else ""
