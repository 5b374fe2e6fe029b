"""Matplotlib as in Jupyter: figures become outputs of the cell that draws them."""

from __future__ import annotations

import os
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt

INLINE = "module://matplotlib_inline.backend_inline"


def settle() -> None:
    """For the whole process.  A backend that cannot be had here, for windows mostly, is the inline one."""
    os.environ["MPLBACKEND"] = INLINE
    mpl.rcParams["backend"] = INLINE  # the variable was read when matplotlib was imported, in the warm parent
    switch = plt.switch_backend

    def switch_backend(newbackend: Any) -> None:
        try:
            switch(newbackend)
        except (ImportError, ValueError):
            switch(INLINE)

    plt.switch_backend = switch_backend
