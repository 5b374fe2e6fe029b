"""Matplotlib as in Jupyter: figures become outputs of the cell that draws them."""

from __future__ import annotations

import os
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
from IPython.core.interactiveshell import InteractiveShell
from matplotlib_inline.backend_inline import configure_inline_support

INLINE = "module://matplotlib_inline.backend_inline"
mpl.rcParams.validate["backend"](INLINE)  # looks through all installed packages, the first time: in the warm parent


def settle(shell: InteractiveShell) -> None:
    """For the whole process.  A backend that cannot be had here, for windows mostly, is the inline one."""
    os.environ["MPLBACKEND"] = INLINE
    mpl.rcParams["backend"] = INLINE  # the variable was read when matplotlib was imported, in the warm parent
    switch = plt.switch_backend

    def switch_backend(newbackend: Any) -> None:
        try:
            switch(newbackend)
        except (ImportError, ValueError):
            switch(INLINE)
        if mpl.get_backend() in {"inline", INLINE}:  # as the backend does for itself where a shell imports it first
            mpl.interactive(True)
            configure_inline_support(shell, INLINE)

    plt.switch_backend = switch_backend
