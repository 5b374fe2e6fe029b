"""The exceptions of the engine.

A fault of a student is never an exception: it is a value (`model.Outcome`, `model.NotGradable`).

    AutograderError                      everything below; carries the exit code of the command line
    ├── UsageError               (2)     the command was asked for something that is not there
    ├── AuthoringError           (3)     an assignment is wrong: notebook, suite, variants, course_config.py
    │   └── GateError            (1)     a release or validation gate did what it is for: it found something
    └── InfrastructureError      (4)     this machine is at fault: models, disk, database, sandbox
        └── WorkerError          (4)     the warm parent cannot start workers any more
"""

from __future__ import annotations


class AutograderError(Exception):
    """Base of all faults that are ours.  `remedy` says what to do about it, in one sentence."""

    exit_code = 4

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message)
        self.remedy = remedy

    def __str__(self) -> str:
        message = super().__str__()
        return f"{message}  {self.remedy}" if self.remedy else message


class UsageError(AutograderError):
    exit_code = 2


class AuthoringError(AutograderError):
    exit_code = 3


class GateError(AuthoringError):
    exit_code = 1


class InfrastructureError(AutograderError):
    exit_code = 4


class WorkerError(InfrastructureError):
    pass
