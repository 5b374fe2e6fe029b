"""Locks a forked process down so that code of a student may run in it.  Start with `lockdown`.

policy      what a worker may do, the layers, the environment
lockdown    `enter`: everything in its order
view        namespaces and a private read-only root
identity    an unused user, no capabilities
rlimits     the kernel's limits
files       Landlock
syscalls    seccomp
kernel      the calls that Python and the bindings lack
memory      how much a worker uses, seen from outside
probe       what works on this machine, and attempts to break out
"""

from __future__ import annotations

from autograder.sandbox.lockdown import enter, prepare
from autograder.sandbox.policy import Policy, SandboxError, environment, grade_of, interpreter, readable
from autograder.sandbox.probe import available, require, self_test
from autograder.sandbox.view import fork

__all__ = [
    "Policy",
    "SandboxError",
    "available",
    "enter",
    "environment",
    "fork",
    "grade_of",
    "interpreter",
    "prepare",
    "readable",
    "require",
    "self_test",
]
