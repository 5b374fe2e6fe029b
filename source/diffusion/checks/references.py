"""The functions of the assignment, from diffusers' own schedulers, computed in float64 where it is a matter of one formula."""

from typing import Any

import torch


def _scheduler(kind: str, alphas: torch.Tensor, **config: Any) -> Any:
    """One of diffusers' schedulers whose noise levels are `alphas`."""
    import diffusers

    scheduler = getattr(diffusers, kind)(num_train_timesteps=len(alphas), **config)
    scheduler.alphas_cumprod = alphas.double()
    return scheduler


def add_noise(x0: torch.Tensor, noise: torch.Tensor, alpha_bar: torch.Tensor) -> torch.Tensor:
    scheduler = _scheduler("DDPMScheduler", alpha_bar)
    mixed = scheduler.add_noise(x0.double(), noise.double(), torch.arange(len(alpha_bar)))
    return mixed.to(x0.dtype if x0.is_floating_point() else torch.float32)


def predict_x0(x_t: torch.Tensor, noise: torch.Tensor, alpha_bar: torch.Tensor) -> torch.Tensor:
    scheduler = _scheduler("DDIMScheduler", alpha_bar, clip_sample=False)
    scheduler.set_timesteps(1)
    pairs = zip(noise.double(), x_t.double(), strict=True)
    steps = [scheduler.step(one, number, noisy) for number, (one, noisy) in enumerate(pairs)]
    return torch.stack([step.pred_original_sample for step in steps]).to(x_t.dtype)


def ddim_step(x_t: torch.Tensor, noise: torch.Tensor, alpha_bar: float, alpha_bar_prev: float) -> torch.Tensor:
    levels = torch.tensor([alpha_bar_prev, alpha_bar], dtype=torch.float64)
    scheduler = _scheduler("DDIMScheduler", levels, clip_sample=False)
    scheduler.set_timesteps(2)
    return scheduler.step(noise.double(), 1, x_t.double(), eta=0.0).prev_sample.to(x_t.dtype)


def ddim_sample(model: Any, scheduler: Any, shape: Any, steps: int, generator: torch.Generator) -> torch.Tensor:
    own = type(scheduler).from_config(scheduler.config)
    own.set_timesteps(steps)
    x = torch.randn(tuple(shape), generator=generator)
    with torch.no_grad():
        for t in own.timesteps:
            x = own.step(model(x, t).sample, t, x, eta=0.0).prev_sample
    return x


def text_to_image(pipe: Any, prompt: str, seed: int, steps: int = 20) -> Any:
    generator = torch.Generator("cpu").manual_seed(seed)
    return pipe(prompt, num_inference_steps=steps, generator=generator).images[0]
