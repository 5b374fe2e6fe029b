"""Formgrader in a running JupyterLab: shows what is booked now, also what another program has booked meanwhile."""

from __future__ import annotations

from typing import Any

from nbgrader.server_extensions.formgrader.base import BaseHandler


def keep_fresh() -> None:
    """Ends formgrader's session with the gradebook after every request.

    nbgrader opens one for the life of the server and has no setting for it: what the first request read is shown for ever, so that
    after `autograder grade` a person would see the old score and no mark; and a server of the database would hold a transaction open."""
    if BaseHandler.on_finish is not _end_session:
        BaseHandler.on_finish = _end_session


_before = BaseHandler.on_finish


def _end_session(handler: Any) -> None:
    _before(handler)
    gradebook = handler.settings.get("nbgrader_gradebook")
    if gradebook is not None:
        gradebook.db.remove()
