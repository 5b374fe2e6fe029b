"""nbgrader's settings, all of them, from course_config.py.  Plain data only: formgrader shows them as JSON."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from autograder import course as courses
from autograder.model import Course
from autograder.notebook.roles import BEGIN, END, STUB

# What of source/<name>/ never leaves it; nbgrader copies everything else.
PRIVATE = ("checks", "variants")
IGNORED = (*PRIVATE, ".*", "*.pyc", "__pycache__", "feedback")
STEPS = "autograder.gradebook.steps"
THEIRS = "nbgrader.preprocessors"
EXCHANGE = "exchange"
FORMGRADER = "nbgrader.server_extensions.formgrader.base"  # imported by the server of JupyterLab alone


def configure(c: Any, config_file: str) -> None:
    """Fills the traitlets config `c` of a stock nbgrader program from the course_config.py beside `config_file`."""
    tools_on_path()
    root = Path(config_file).resolve().parent
    apply(c, courses.load(root))
    c.Autograde.pre_convert_hook = f"{STEPS}.before_autograde"
    c.GenerateAssignment.post_convert_hook = f"{STEPS}.after_release"
    if FORMGRADER in sys.modules:
        from autograder.gradebook import formgrader

        formgrader.keep_apart()
        formgrader.keep_fresh()
        formgrader.make_exchange(root / EXCHANGE)


def apply(c: Any, course: Course) -> None:
    """The settings of `course`, without the hooks that touch its gradebook."""
    c.CourseDirectory.root = str(course.root)
    c.CourseDirectory.course_id = course.name
    c.CourseDirectory.db_url = courses.gradebook_url(course)
    c.CourseDirectory.ignore = list(IGNORED)
    # A folder in the tree, for the whole way of an assignment on one's own; AUTOGRADER_EXCHANGE names that of a JupyterHub.
    c.Exchange.root = os.environ.get("AUTOGRADER_EXCHANGE") or str(course.root / EXCHANGE)
    c.Exchange.path_includes_course = True  # fetched into <course>/<assignment>/, not between our own folders

    c.ClearSolutions.code_stub = {"python": "\n".join(STUB)}
    c.ClearSolutions.begin_solution_delimeter = BEGIN
    c.ClearSolutions.end_solution_delimeter = END
    # nbgrader's own list without headers, AUTOTEST and hidden tests in cells: hidden checks live in checks/.
    c.GenerateAssignment.preprocessors = [
        f"{STEPS}.Tidy",
        f"{THEIRS}.LockCells",
        f"{THEIRS}.ClearSolutions",
        f"{THEIRS}.ClearOutput",
        f"{THEIRS}.CheckCellMetadata",
        f"{THEIRS}.ComputeChecksums",
        f"{THEIRS}.SaveCells",
        f"{STEPS}.AddManifest",
    ]
    c.AddManifest.assignments = {a.name: {"title": a.title, "models": list(a.models)} for a in course.assignments}

    c.Autograde.exporter_class = f"{STEPS}.UnopenedSubmission"
    c.Autograde.sanitize_preprocessors = [f"{STEPS}.Repair", f"{THEIRS}.CheckCellMetadata"]
    c.Autograde.autograde_preprocessors = [
        f"{STEPS}.Judged",
        f"{THEIRS}.AssignLatePenalties",
        f"{THEIRS}.CheckCellMetadata",
    ]
    c.OfCourse.root = str(course.root)
    c.AssignLatePenalties.plugin_class = f"{STEPS}.LatePenalty"
    c.LatePenalty.root = str(course.root)

    # Student's Markdown may hold any HTML; formgrader and feedback would show it to whoever looks.
    c.HTMLExporter.filters = {"markdown2html": f"{STEPS}.inert_markdown", "highlight_code": f"{STEPS}.highlighted"}
    c.HTMLExporter.sanitize_html = True


def tools_on_path() -> None:
    """nbgrader calls `alembic` by bare name: the folder of this interpreter goes first on PATH."""
    folder = str(Path(sys.executable).parent)
    path = os.environ.get("PATH", "")
    if path.split(os.pathsep)[0] != folder:
        os.environ["PATH"] = f"{folder}{os.pathsep}{path}"
