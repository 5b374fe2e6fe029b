"""Formgrader in a running JupyterLab: what it needs besides nbgrader's settings.

nbgrader has no settings for what its handlers do, so their methods are wrapped; wrapping twice changes nothing."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

from nbgrader.server_extensions.formgrader.base import BaseHandler
from nbgrader.server_extensions.formgrader.handlers import FormgraderHandler, SubmissionFilesHandler, SubmissionHandler
from tornado.web import HTTPError

SUBMISSION_POLICY = (
    "default-src 'none'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; font-src 'self'; "
    "connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
"""Of the page that shows a submission: nbgrader's own scripts, styles and saving, no picture by URL, no frame, nothing from elsewhere.
Its templates are compiled in the browser, hence 'unsafe-eval'."""
FILE_POLICY = "sandbox; default-src 'none'"
"""The policy for files beside a notebook in autograded/: they run no script, and count as another site."""


def keep_apart() -> None:
    """Keeps what students wrote from acting as the person who looks at it."""
    if FormgraderHandler.prepare is not _prepare:
        FormgraderHandler.prepare = _prepare
    SubmissionHandler.content_security_policy = SUBMISSION_POLICY
    SubmissionFilesHandler.content_security_policy = FILE_POLICY


def keep_fresh() -> None:
    """Ends formgrader's session with the gradebook after every request.

    nbgrader opens one for the life of the server and has no setting for it: what the first request read is shown for ever, so that
    after `autograder grade` a person would see the old score and no mark; and a server of the database would hold a transaction open."""
    if BaseHandler.on_finish is not _end_session:
        BaseHandler.on_finish = _end_session


def make_exchange(folder: Path) -> None:
    """The course's own exchange, which has to be there before formgrader offers to release anything; a folder that everybody may write
    to, as nbgrader wants it.  Where it cannot be made, formgrader says so."""
    with contextlib.suppress(OSError):
        folder.mkdir(exist_ok=True)
        folder.chmod(0o777)


_prepare_before = FormgraderHandler.prepare
_before = BaseHandler.on_finish


async def _prepare(handler: Any) -> None:
    """Refuses `?path=`, with which formgrader reads the nbgrader_config.py, a program, of any folder on a mere GET."""
    if "path" in handler.request.arguments:
        raise HTTPError(403, "This formgrader shows the course that it was started in, and no other.")
    await _prepare_before(handler)


def _end_session(handler: Any) -> None:
    _before(handler)
    gradebook = handler.settings.get("nbgrader_gradebook")
    if gradebook is not None:
        gradebook.db.remove()
