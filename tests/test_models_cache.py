"""What is in the cache already: used where it is whole, made again where it is not, and left alone where it is the hub's."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
import tiny_model
from tiny_model import WEIGHTS, keep_package, never, revision_of

from autograder.models import ModelSpec, cache, install

hub, spec = tiny_model.hub, tiny_model.spec  # the fixtures


def hub_snapshot(hub: Path, *files: str) -> Path:
    """What the hub's own client leaves of the tiny model."""
    entry = hub / "models--nobody--tiny"
    snapshot = entry / "snapshots" / ("ab" * 20)
    snapshot.mkdir(parents=True)
    (entry / "refs").mkdir(exist_ok=True)
    (entry / "refs/main").write_text("ab" * 20)
    for file in files:
        (snapshot / file).write_text("from the hub")
    return snapshot


def test_a_missing_file_is_seen_at_once_and_made_again(spec: ModelSpec, hub: Path) -> None:
    (install.install(spec).path / "weights.bin").unlink()
    assert cache.find(spec) is None

    keep_package(hub)
    assert (install.install(spec).path / "weights.bin").read_bytes() == WEIGHTS


def test_a_changed_byte_is_found_by_hash_and_mended_on_request(spec: ModelSpec, hub: Path) -> None:
    weights = install.install(spec).path / "weights.bin"
    weights.write_bytes(b"?" + WEIGHTS[1:])
    assert cache.damaged(weights.parent) == ["weights.bin"]
    assert install.install(dataclasses.replace(spec, build=never)).path == weights.parent

    keep_package(hub)
    install.install(spec, verified=True)
    assert weights.read_bytes() == WEIGHTS
    install.install(dataclasses.replace(spec, build=never), verified=True)


@pytest.mark.parametrize("record", ["", "[]", '{"files": {"config.json": "an older form"}}', '{"files": {}}'])
def test_a_record_that_cannot_be_read_is_no_entry(spec: ModelSpec, record: str) -> None:
    (install.install(spec).path / cache.RECORD).write_text(record)

    assert cache.find(spec) is None


def test_an_entry_of_an_older_recipe_is_made_again_and_the_old_one_goes(spec: ModelSpec, hub: Path) -> None:
    old = install.install(spec)
    keep_package(hub)

    new = install.install(dataclasses.replace(spec, recipe=2))

    assert new.path != old.path
    assert [path.name for path in (hub / "models--nobody--tiny/snapshots").iterdir()] == [revision_of(hub)]


def test_what_the_hub_itself_put_there_is_left_alone_and_used(spec: ModelSpec, hub: Path) -> None:
    snapshot = hub_snapshot(hub, "config.json", "weights.bin")

    installed = install.install(dataclasses.replace(spec, build=never), verified=True)

    assert (installed.path, installed.made_here) == (snapshot, False)
    assert sorted(path.name for path in snapshot.iterdir()) == ["config.json", "weights.bin"]


def test_an_unfinished_download_from_the_hub_is_neither_used_nor_deleted(spec: ModelSpec, hub: Path) -> None:
    snapshot = hub_snapshot(hub, "config.json")
    assert cache.find(spec) is None

    installed = install.install(spec)

    assert installed.made_here
    assert installed.path.name == revision_of(hub)
    assert (snapshot / "config.json").read_text() == "from the hub"


def test_ours_is_used_again_where_the_hubs_client_began_and_stopped(spec: ModelSpec, hub: Path) -> None:
    ours = install.install(spec)
    hub_snapshot(hub, "config.json")
    assert cache.find(spec) is None

    assert install.install(dataclasses.replace(spec, build=never)) == ours
