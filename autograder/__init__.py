"""The course's engine: reads, runs, judges and books submitted notebooks."""

from typing import Any

__version__ = "0.1.0"


def load_ipython_extension(shell: Any) -> None:
    """What `%load_ext autograder` calls: see `autograder.magic`."""
    from autograder import magic

    magic.load_ipython_extension(shell)
