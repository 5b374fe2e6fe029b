"""Models from the hub for who asks for them, and an environment that asks for nothing otherwise."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
import tiny_model
from tiny_model import TINY

from autograder import environment
from autograder.errors import InfrastructureError
from autograder.models import ModelSpec, cache, install

hub, package, spec = tiny_model.hub, tiny_model.package, tiny_model.spec  # the fixtures


class Hub(BaseHTTPRequestHandler):
    """As much of the hub's protocol as its client needs for one model of three files."""

    commit = "cd" * 20
    files: ClassVar = {"config.json": b"{}", "weights.bin": b"from the hub", "onnx/weights.onnx": b"not needed"}

    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        if path.startswith(f"/api/models/{TINY}/"):
            siblings = [{"rfilename": name} for name in self.files]
            tree = [
                {"type": "file", "path": name, "size": len(data), "oid": "0" * 40} for name, data in self.files.items()
            ]
            about = {"id": TINY, "sha": self.commit, "siblings": siblings}
            self.answer(json.dumps(tree if "/tree/" in path else about).encode())
        elif path.startswith(f"/{TINY}/resolve/"):
            self.answer(self.files[path.split("/", 5)[5]])
        else:
            self.send_error(404)

    def do_HEAD(self) -> None:
        self.do_GET()

    def answer(self, content: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Type", "application/json")
        self.send_header("ETag", f'"{hashlib.sha1(content).hexdigest()}"')
        self.send_header("X-Repo-Commit", self.commit)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Says nothing."""


def online(package: Path, hub: Path, endpoint: str) -> subprocess.CompletedProcess[str]:
    """Installs the tiny model with AUTOGRADER_ONLINE=1; prints where it is, or the fault."""
    program = f"""
import tiny_model
from autograder import environment
from autograder.errors import InfrastructureError
environment.prepare()
from autograder.models import install
spec = tiny_model.spec_for({str(package)!r}, tiny_model.never)
try:
    print(install.install(spec).path.name)
except InfrastructureError as fault:
    print(fault)
"""
    settings = {
        name: value for name, value in os.environ.items() if name != "HF_HUB_OFFLINE" and "proxy" not in name.lower()
    }
    settings |= {"HF_HUB_CACHE": str(hub), "HF_ENDPOINT": endpoint, environment.ONLINE_SWITCH: "1"}
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parent,
        env=settings,
        capture_output=True,
        text=True,
        check=True,
    )


def test_online_the_hubs_own_files_take_the_place_of_ours(spec: ModelSpec, hub: Path, package: Path) -> None:
    ours = install.install(spec)
    with ThreadingHTTPServer(("127.0.0.1", 0), Hub) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        result = online(package, hub, f"http://127.0.0.1:{server.server_port}")
        server.shutdown()

    assert result.stdout == f"{Hub.commit}\n"
    found = cache.find(spec)
    assert found is not None
    assert not found.made_here
    assert (found.path / "weights.bin").read_text() == "from the hub"
    assert not (found.path / "onnx").exists(), "only what the course needs is fetched"
    assert not ours.path.exists()


def test_online_without_a_hub_is_one_clear_line_and_ours_stays(spec: ModelSpec, hub: Path, package: Path) -> None:
    ours = install.install(spec)

    result = online(package, hub, "http://127.0.0.1:9")

    assert re.fullmatch(f"{TINY} cannot be had from the hub: .*come from packages.\n", result.stdout)
    assert cache.find(spec) == ours


def test_online_without_a_hub_and_without_an_entry_is_one_clear_line(hub: Path, package: Path) -> None:
    result = online(package, hub, "http://127.0.0.1:9")

    assert re.fullmatch(f"{TINY} cannot be had from the hub: .*come from packages.\n", result.stdout)


def test_online_and_offline_at_once_is_one_clear_line(spec: ModelSpec, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(environment.ONLINE_SWITCH, "1")

    with pytest.raises(
        InfrastructureError, match="AUTOGRADER_ONLINE=1 asks for the hub, and HF_HUB_OFFLINE forbids it"
    ):
        install.install(spec)  # conftest has prepared this process for being offline


@pytest.mark.parametrize(
    ("given", "offline"),
    [({}, "1"), ({"AUTOGRADER_ONLINE": "1"}, None), ({"AUTOGRADER_ONLINE": "0"}, "1"), ({"HF_HUB_OFFLINE": "0"}, "0")],
)
def test_the_hub_is_not_asked_unless_somebody_says_so(given: dict[str, str], offline: str | None) -> None:
    environment.prepare(given)

    assert given.get("HF_HUB_OFFLINE") == offline


def test_threads_are_set_to_one_unless_somebody_set_them() -> None:
    given = {"OMP_NUM_THREADS": "8"}

    environment.prepare(given)

    assert (given["OMP_NUM_THREADS"], given["MKL_NUM_THREADS"], given["TOKENIZERS_PARALLELISM"]) == ("8", "1", "false")
