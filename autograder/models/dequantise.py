"""`python -m autograder.models.dequantise MODEL.gguf FOLDER`: a quantised causal model as a plain folder in float32.

About 20 s for 135 million parameters, nearly all of it spent by transformers on reading the quantised file."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from autograder import environment


def dequantise(quantised: Path, folder: Path) -> None:
    """Writes config.json, model.safetensors, tokenizer.json and what belongs to them into `folder`."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig, logging

    logging.disable_progress_bar()
    source, options = str(quantised.parent), {"gguf_file": quantised.name}
    tokenizer: Any = AutoTokenizer.from_pretrained(source, **options)
    loaded: Any = AutoModelForCausalLM.from_pretrained(
        source, **options, dtype=torch.float32, quantization_config=GgufConfig(dequantize=True)
    )
    # a dequantised model refuses to be saved: its weights move into a plain one
    settings = loaded.config.to_dict()
    for name in ("quantization_config", "_model_name_or_path"):
        settings.pop(name, None)
    plain = type(loaded)(type(loaded.config).from_dict({**settings, "dtype": "float32"}))
    plain.load_state_dict(loaded.state_dict())
    plain.tie_weights()
    plain.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    path = folder / "tokenizer_config.json"
    kept = {name: value for name, value in json.loads(path.read_text()).items() if name not in _OF_THIS_MACHINE}
    path.write_text(json.dumps(kept, indent=1))


_OF_THIS_MACHINE = ("is_local", "local_files_only", "name_or_path")

if __name__ == "__main__":
    environment.prepare()
    dequantise(Path(sys.argv[1]), Path(sys.argv[2]))
