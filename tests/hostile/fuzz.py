"""Coverage-guided fuzzing of what reads strangers' bytes; needs the package atheris.

    python tests/hostile/fuzz.py reader 300      the reader, the repairer and the look at the source, for 300 seconds
    python tests/hostile/fuzz.py codec 300       frames

What it finds lies as a file in the folder of temporary files, under the name that it prints.  Begins with corpus/."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parents[1])]


def reader() -> Any:
    from hostile_scene import HONEST_LIMITS, NAME, RIGHT, source

    from autograder import notebook
    from autograder.code.forbidden import banned_name
    from autograder.code.suspicious import doubt, signs
    from autograder.model import Submission

    manifest = notebook.manifest_from_notebook(source(), NAME, title="Lab")
    path = Path(tempfile.mkdtemp(prefix="fuzz-")) / f"{NAME}.ipynb"

    def one(data: bytes) -> None:
        path.write_bytes(data)
        found = notebook.read(path, manifest, "ada", HONEST_LIMITS)
        if isinstance(found, Submission):
            sources = [cell.source for cell in found.cells if cell.cell_type == "code"]
            banned_name(sources, "total", ("torch.softmax",), RIGHT)
            signs(sources)
            doubt(sources, "total", RIGHT)

    return one


def codec() -> Any:
    from autograder import wire
    from autograder.worker import objects
    from autograder.worker.outputs import ran

    def one(data: bytes) -> None:
        position = 0

        def read(length: int) -> bytes:
            nonlocal position
            if position + length > len(data):
                raise EOFError
            position += length
            return data[position - length : position]

        try:
            message = wire.receive(read, 1 << 16)
        except (wire.WireError, EOFError):
            return
        ran(message, 1, 1000)
        objects.resolve_known(message)
        wire.encode(message)

    return one


TARGETS = {"reader": reader, "codec": codec}


def main(target: str, seconds: str) -> None:
    import atheris  # type: ignore[import-not-found,import-untyped,unused-ignore]

    with atheris.instrument_imports(include=["autograder"]):
        one = TARGETS[target]()
    found = tempfile.mkdtemp(prefix=f"found-{target}-")
    grown = tempfile.mkdtemp(prefix=f"corpus-{target}-")
    options = [
        f"-max_total_time={seconds}",
        f"-artifact_prefix={found}/",
        "-max_len=20000",
        "-timeout=20",
        "-rss_limit_mb=4096",
    ]
    atheris.Setup([sys.argv[0], *options, grown, str(HERE / "corpus" / target)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main(*sys.argv[1:3])
