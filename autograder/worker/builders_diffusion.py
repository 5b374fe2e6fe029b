"""What the diffusion assignment passes to students' functions: noise predictors, schedulers, text-to-image pipelines.

diffusers takes seconds to import, so nothing here imports it before an object is asked for."""

from __future__ import annotations

import functools
import warnings
from collections.abc import Callable
from typing import Any

DIGITS = "hf-inside/digits-ddim"
TINY_STABLE_DIFFUSION = "hf-inside/tiny-stable-diffusion"
STABLE_DIFFUSION = "CompVis/stable-diffusion-v1-4"


# ── small random ones, made in memory ─────────────────────────────────────────────────────────────


def tiny_unet(seed: int, channels: int = 1) -> Any:
    """A noise predictor of a few thousand random parameters for pictures of any size, in eval mode."""
    import torch
    from diffusers import UNet2DModel

    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        unet: Any = UNet2DModel(
            sample_size=8, in_channels=channels, out_channels=channels, layers_per_block=1, add_attention=False,
            block_out_channels=(4,), down_block_types=("DownBlock2D",), up_block_types=("UpBlock2D",), norm_num_groups=2,
        )  # fmt: skip
    return unet.eval()


def ddim_scheduler(**config: Any) -> Any:
    """A DDIMScheduler with these settings, which are plain values; the others are the library's defaults."""
    from diffusers import DDIMScheduler

    return DDIMScheduler(**config)


def random_stable_diffusion(seed: int) -> Any:
    """Stable Diffusion's pipeline for pictures of 16×16, at a fifth of the tiny one's cost: its parts around a smaller random UNet."""
    import torch
    from diffusers import StableDiffusionPipeline, UNet2DConditionModel

    tiny = _parts()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        unet: Any = UNet2DConditionModel(
            sample_size=8, in_channels=4, out_channels=4, layers_per_block=1, block_out_channels=(8,),
            down_block_types=("CrossAttnDownBlock2D",), up_block_types=("CrossAttnUpBlock2D",),
            cross_attention_dim=tiny.text_encoder.config.hidden_size, attention_head_dim=8, norm_num_groups=4,
        )  # fmt: skip
    pipe: Any = StableDiffusionPipeline(
        vae=tiny.vae, text_encoder=tiny.text_encoder, tokenizer=tiny.tokenizer, unet=unet.eval(),
        scheduler=type(tiny.scheduler).from_config(tiny.scheduler.config),
        safety_checker=None, feature_extractor=None, requires_safety_checker=False,
    )  # fmt: skip
    pipe.set_progress_bar_config(disable=True)
    return pipe


# ── the course's models: what `from_pretrained` gives ─────────────────────────────────────────────


def digits_unet() -> Any:
    """The trained noise predictor for handwritten digits, in float32 and eval mode."""
    import torch
    from diffusers import UNet2DModel

    return UNet2DModel.from_pretrained(
        DIGITS, subfolder="unet", torch_dtype=torch.float32, local_files_only=True
    ).eval()


def digits_scheduler() -> Any:
    """The scheduler that belongs to the digits."""
    from diffusers import DDIMScheduler

    return DDIMScheduler.from_pretrained(DIGITS, subfolder="scheduler", local_files_only=True)


def tiny_stable_diffusion() -> Any:
    """Stable Diffusion's pipeline with few and random weights, without progress bars."""
    from diffusers import StableDiffusionPipeline
    from diffusers.utils import logging

    logging.disable_progress_bar()
    pipe: Any = StableDiffusionPipeline.from_pretrained(TINY_STABLE_DIFFUSION, local_files_only=True)
    pipe.set_progress_bar_config(disable=True)
    return pipe


@functools.cache
def _parts() -> Any:
    """The tiny pipeline once more, which no answer gets to see or to change."""
    return tiny_stable_diffusion()


def stable_diffusion() -> Any:
    """Stable Diffusion itself in float16, which needs a GPU and, the first time, a network."""
    import torch
    from diffusers import StableDiffusionPipeline

    pipe = StableDiffusionPipeline.from_pretrained(STABLE_DIFFUSION, torch_dtype=torch.float16).to("cuda")
    pipe.set_progress_bar_config(disable=True)
    return pipe


def warm() -> None:
    """Loads the course's models and makes the calls that load them in a notebook return them."""
    from diffusers import DDIMScheduler, StableDiffusionPipeline, UNet2DModel

    from autograder.worker import objects
    from autograder.worker.warm import answer

    warnings.filterwarnings("ignore", message=".*local_dir_use_symlinks")  # which diffusers itself still asks for
    for loader, name, subfolder, kind in (
        (UNet2DModel, DIGITS, "unet", "digits-unet"),
        (DDIMScheduler, DIGITS, "scheduler", "digits-scheduler"),
        (StableDiffusionPipeline, TINY_STABLE_DIFFUSION, None, "tiny-stable-diffusion"),
    ):
        objects.build({"kind": kind})
        answer(loader, {name: {"kind": kind}}, subfolder)
    _parts()


BUILDERS: dict[str, Callable[..., Any]] = {
    "tiny-unet": tiny_unet,
    "ddim-scheduler": ddim_scheduler,
    "digits-unet": digits_unet,
    "digits-scheduler": digits_scheduler,
    "random-stable-diffusion": random_stable_diffusion,
    "tiny-stable-diffusion": tiny_stable_diffusion,
    "stable-diffusion": stable_diffusion,
}
