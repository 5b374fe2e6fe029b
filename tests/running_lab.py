"""A JupyterLab for tests that use it in a browser."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

ADDRESS = re.compile(r"(http://127\.0\.0\.1:\d+)/lab\?(token=\w+)")


@contextmanager
def running(folder: Path, place: Path, environ: dict[str, str], *options: str) -> Iterator[tuple[str, str]]:
    """JupyterLab on `folder`: (the address of its server, its token as a query).  What it keeps of its own is in `place`."""
    own = {f"JUPYTER_{kind}_DIR": str(place / kind.lower()) for kind in ("CONFIG", "DATA", "RUNTIME")}
    common = ["--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=0"]
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *common, *options],
        cwd=folder,
        env={**environ, **own},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert server.stdout is not None
    said = []
    for line in server.stdout:
        said.append(line)
        if found := ADDRESS.search(line):
            break
    else:
        pytest.fail("JupyterLab ended:\n" + "".join(said))
    threading.Thread(target=server.stdout.read, daemon=True).start()
    try:
        yield found[1], found[2]
    finally:
        server.terminate()
        server.wait(60)
