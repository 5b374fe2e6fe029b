"""Notebooks in and out: the manifest of a release, bounded reading of what was handed in, repair of what was damaged."""

from __future__ import annotations

from autograder.notebook.magics import without_magics
from autograder.notebook.manifest import imported_modules, load_manifest, manifest_from_notebook, manifest_to_json
from autograder.notebook.read import digest, missing, read
from autograder.notebook.roles import role_of, strip_solution
from autograder.notebook.text import canonical, source_of

__all__ = [
    "canonical",
    "digest",
    "imported_modules",
    "load_manifest",
    "manifest_from_notebook",
    "manifest_to_json",
    "missing",
    "read",
    "role_of",
    "source_of",
    "strip_solution",
    "without_magics",
]
