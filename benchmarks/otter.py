"""The other peer: otter-grader, installed from the package index into a virtual environment of its own; torch it takes from the environment
that runs this.  It runs as `otter run`, which is what there is without Docker."""

from __future__ import annotations

import json
import os
import subprocess
import sysconfig
import venv
from pathlib import Path
from typing import Any

from nbformat.v4 import new_code_cell, new_notebook, new_raw_cell

VERSION = "7.0.0"
ASSIGNMENT = "# ASSIGNMENT CONFIG\nname: {name}\ngenerate: true\nrun_tests: false\nexport_cell: false"
KERNEL = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}


def question(task: str, points: float, solution: str, visible: str, hidden: str) -> list[dict[str, Any]]:
    """A question as `otter assign` wants it, with a visible and a hidden test, and its points for both together."""
    return [
        new_raw_cell(f"# BEGIN QUESTION\nname: {task}\npoints: {points:g}\nall_or_nothing: true"),
        new_raw_cell("# BEGIN SOLUTION"),
        new_code_cell(f"# BEGIN SOLUTION\n{solution}\n# END SOLUTION"),
        new_raw_cell("# END SOLUTION"),
        new_raw_cell("# BEGIN TESTS"),
        *([new_code_cell(visible)] if visible else []),
        new_code_cell(f"# HIDDEN\n{hidden}"),
        new_raw_cell("# END TESTS"),
        new_raw_cell("# END QUESTION"),
    ]


class Otter:
    """`otter` in the folder `root`.  Its processes find what `surroundings` name in their environment."""

    def __init__(self, root: Path, **surroundings: str) -> None:
        self.root, self._surroundings = root, surroundings
        venv.create(root / "venv", with_pip=True)
        pip = [str(root / "venv/bin/pip"), "install", "-qq", f"otter-grader[grading]=={VERSION}"]
        subprocess.run(pip, check=True)
        packages = next((root / "venv/lib").glob("python*")) / "site-packages"
        (packages / "torch-of-the-course.pth").write_text(sysconfig.get_path("purelib"))

    def __call__(
        self, *arguments: str, program: str = "otter", seconds: float | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Raises subprocess.TimeoutExpired after so many `seconds`."""
        bin_ = self.root / "venv/bin"
        environ = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("JUPYTER", "PYTHON"))},
            "PATH": f"{bin_}:{os.environ['PATH']}",
            "HOME": str(self.root),
            "TMPDIR": str(self.root),
            **self._surroundings,
        }
        return subprocess.run(
            [str(bin_ / program), *arguments],
            cwd=self.root,
            env=environ,
            capture_output=True,
            text=True,
            timeout=seconds,
            check=False,
        )

    def assign(self, name: str, cells: list[dict[str, Any]]) -> tuple[Path, dict[str, Any]]:
        """(the zip of the autograder, the notebook that students get) of an assignment in otter's format."""
        nb = new_notebook(cells=[new_raw_cell(ASSIGNMENT.format(name=name)), *cells], metadata=KERNEL)
        (self.root / f"{name}.ipynb").write_text(json.dumps(nb))
        done = self("assign", f"{name}.ipynb", name)
        if done.returncode:
            raise SystemExit(f"otter could not assign {name}:\n{done.stderr[-2000:]}")
        released = json.loads((self.root / name / "student" / f"{name}.ipynb").read_text())
        return next((self.root / name / "autograder").glob("*.zip")), released

    def run(self, archive: Path, notebook: Path, output: Path, *, seconds: float | None = None) -> float | None:
        """The points of a notebook, or None where there is no grade and the reason is in `output`/stderr; results.json and the notebook that
        ran are kept in `output`."""
        output.mkdir(parents=True)
        ran = self("run", "--no-logo", "-p", "-a", str(archive), "-o", str(output), str(notebook), seconds=seconds)
        (output / "stderr").write_text(ran.stderr)
        if ran.returncode or not (output / "results.json").exists():
            return None
        (self.root / "results.pkl").rename(output / "results.pkl")
        tests = json.loads((output / "results.json").read_text())["tests"]
        return float(sum(test.get("score") or 0.0 for test in tests))
