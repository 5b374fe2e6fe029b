"""Formgrader in a running JupyterLab: what it needs besides nbgrader's settings."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

from nbgrader.server_extensions.formgrader.base import BaseHandler


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


_before = BaseHandler.on_finish


def _end_session(handler: Any) -> None:
    _before(handler)
    gradebook = handler.settings.get("nbgrader_gradebook")
    if gradebook is not None:
        gradebook.db.remove()
