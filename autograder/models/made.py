"""What makes the models of the course's own, `hf-inside/…`, which no hub and no package has."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from autograder.models import builders

WEIGHTS = Path(__file__).parent / "weights"
"""What `make train` made: see training/."""

SENTIMENT = "reviews-sentiment.safetensors"
SCALE = 2.0
"""How much of a low-rank change is added."""

LIMIT = 512
"""Tokens of the longest text that the reviews' classifier takes: MiniLM's 512 positions."""

DIGITS = "digits-ddim.safetensors"
ANY_DIGIT = 10
"""The label for "any of the ten"."""

UNET: dict[str, Any] = {
    "sample_size": 8,
    "in_channels": 1,
    "out_channels": 1,
    "layers_per_block": 1,
    "block_out_channels": (32, 48),
    "down_block_types": ("DownBlock2D", "DownBlock2D"),
    "up_block_types": ("UpBlock2D", "UpBlock2D"),
    "norm_num_groups": 8,
    "add_attention": False,
}
NOISE: dict[str, Any] = {"num_train_timesteps": 1000, "beta_schedule": "squaredcos_cap_v2"}


def reviews_sentiment(encoder: Path, folder: Path) -> None:
    """A plain BertForSequenceClassification: MiniLM with the changes that were learnt from reviews."""
    merge_sentiment(encoder, WEIGHTS / SENTIMENT, folder)


def merge_sentiment(encoder: Path, delta: Path, folder: Path) -> None:
    """As `reviews_sentiment`, with the changes from any file."""
    from safetensors.numpy import load_file, save_file

    weights = {f"bert.{name}": array for name, array in load_file(encoder / "model.safetensors").items()}
    del weights["bert.embeddings.position_ids"]
    changes = {name: array.astype("float32") for name, array in load_file(delta).items()}
    for name, array in changes.items():
        layer, _, kind = name.rpartition(".")
        if kind == "up":
            weights[f"{layer}.weight"] += SCALE * array @ changes[f"{layer}.down"]
        elif kind != "down":
            weights[name] = array
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})

    config = json.loads((encoder / "config.json").read_text(encoding="utf-8"))
    del config["_name_or_path"]
    labels = ("NEGATIVE", "POSITIVE")
    config |= {"architectures": ["BertForSequenceClassification"], "max_position_embeddings": LIMIT, "dtype": "float32"}
    config |= {"id2label": dict(enumerate(labels)), "label2id": {label: at for at, label in enumerate(labels)}}
    builders.write(folder / "config.json", config)
    for name in builders.TOKENIZER:
        shutil.copyfile(encoder / name, folder / name)
    builders.edit(folder / "tokenizer.json", {"truncation": None, "padding": None})
    builders.edit(folder / "tokenizer_config.json", {"name_or_path": "", "model_max_length": LIMIT})


def digits_ddim(weights: Path, folder: Path) -> None:
    """A DDIM pipeline that draws digits, and beside it the model that can be told which."""
    split_digits(weights / DIGITS, folder)


def split_digits(weights: Path, folder: Path) -> None:
    """As `digits_ddim`, from any file of weights: conditional/ takes class_labels, unet/ takes none.

    A label's vector is added to the vector of the time, whose last step adds a bias.  So the model that is always told "any of the ten" is
    one without labels whose bias holds that label's vector: the same numbers come out, and a plain `unet(x, t)` works."""
    from safetensors.numpy import load_file, save_file

    told = {name: array.astype("float32") for name, array in load_file(weights).items()}
    untold = dict(told)
    labels = untold.pop("class_embedding.weight")
    untold["time_embedding.linear_2.bias"] = told["time_embedding.linear_2.bias"] + labels[ANY_DIGIT]
    for name, arrays, more in (("unet", untold, {}), ("conditional", told, {"num_class_embeds": len(labels)})):
        (folder / name).mkdir()
        save_file(arrays, folder / name / "diffusion_pytorch_model.safetensors", metadata={"format": "pt"})
        builders.write(folder / name / "config.json", {"_class_name": "UNet2DModel", **UNET, **more})
    (folder / "scheduler").mkdir()
    builders.write(folder / "scheduler" / "scheduler_config.json", {"_class_name": "DDIMScheduler", **NOISE})
    parts = {"scheduler": ["diffusers", "DDIMScheduler"], "unet": ["diffusers", "UNet2DModel"]}
    builders.write(folder / "model_index.json", {"_class_name": "DDIMPipeline", **parts})


def tiny_stable_diffusion(_weights: Path, folder: Path) -> None:
    """A whole Stable Diffusion pipeline of 6 MB whose weights are random, the same ones every time."""
    builders.in_a_process_of_its_own("tiny_diffusion", str(folder))
