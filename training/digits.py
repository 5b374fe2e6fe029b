"""`python -m training.digits [FOLDER]`: the diffusion model of handwritten digits, and how many of its digits can be read.

A UNet of 0.4 million parameters learns from the 1,797 pictures of 8×8 pixels that come with scikit-learn (CC BY 4.0: E. Alpaydin and
C. Kaynak, Optical Recognition of Handwritten Digits, UCI Machine Learning Repository, 1998).  It is told which digit it is to draw, and
one time in five that any will do.  About three minutes of processor time."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

import torch
from diffusers import DDIMScheduler, DDPMScheduler, UNet2DModel
from safetensors.torch import save_file
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from sklearn.svm import SVC
from torch import Tensor, nn

from autograder.models import made

BATCH = 64
UNTOLD = 0.2
RATE = 2e-3
STEPS = 25  # of DDIM


def pictures() -> tuple[Tensor, Tensor]:
    """The real digits from -1 to 1, one channel, and which they are."""
    digits = load_digits()
    return torch.tensor(digits.images, dtype=torch.float32)[:, None] / 8 - 1, torch.tensor(digits.target)


def train(steps: int) -> dict[str, Tensor]:
    """The weights: the average over the last few hundred steps, which draws better than the last step does."""
    torch.manual_seed(0)
    images, digits = pictures()
    unet: Any = UNet2DModel(**made.UNET, num_class_embeds=made.ANY_DIGIT + 1)
    noising: Any = DDPMScheduler(**made.NOISE)
    optimizer = torch.optim.AdamW(unet.parameters(), lr=RATE, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1, (step + 1) / 100, max(0.05, 1 - step / steps))
    )
    average = torch.optim.swa_utils.AveragedModel(unet, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.995))
    total = 0.0
    for step in range(1, steps + 1):
        rows = torch.randint(len(images), (BATCH,))
        asked = digits[rows].masked_fill(torch.rand(BATCH) < UNTOLD, made.ANY_DIGIT)
        noise, times = torch.randn(BATCH, 1, 8, 8), torch.randint(made.NOISE["num_train_timesteps"], (BATCH,))
        noised = noising.add_noise(images[rows], noise, times)
        loss = nn.functional.mse_loss(unet(noised, times, class_labels=asked).sample, noise)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
        average.update_parameters(unet)
        total += loss.item()
        if step % 500 == 0:
            print(f"step {step}: mean loss {total / 500:.4f}", flush=True)
            total = 0.0
    return {name: tensor.half() for name, tensor in average.module.state_dict().items()}


def draw(model: Path, asked: list[int] | None, count: int, seed: int = 0) -> Tensor:
    """Pictures from -1 to 1 by DDIM: of the digits that are asked, or of any."""
    part = "unet" if asked is None else "conditional"
    unet: Any = UNet2DModel.from_pretrained(model, subfolder=part)
    scheduler: Any = DDIMScheduler.from_pretrained(model, subfolder="scheduler")
    condition = {} if asked is None else {"class_labels": torch.tensor(asked)}
    scheduler.set_timesteps(STEPS)
    images = torch.randn(count, 1, 8, 8, generator=torch.Generator().manual_seed(seed))
    with torch.inference_mode():
        for time in scheduler.timesteps:
            images = scheduler.step(unet(images, time, **condition).sample, time, images).prev_sample
    return images.clamp(-1, 1)


class Reader:
    """Reads digits: a support vector machine that learnt from two thirds of the real ones.

    right   the share of the other third that it reads as they are"""

    def __init__(self) -> None:
        images, digits = pictures()
        pixels = images.flatten(1).numpy()
        known, unseen, names, answers = train_test_split(pixels, digits.numpy(), test_size=1 / 3, random_state=0)
        self._machine = SVC(gamma=0.05).fit(known, names)
        self.right = float(self._machine.score(unseen, answers))

    def read(self, images: Tensor) -> list[int]:
        return [int(digit) for digit in self._machine.predict(images.flatten(1).numpy())]

    def share_as_asked(self, model: Path, each: int) -> float:
        """Of `each` drawings of every digit, the share that is read as the digit that was asked."""
        asked = [digit for digit in range(10) for _ in range(each)]
        found = self.read(draw(model, asked, len(asked)))
        return sum(one == other for one, other in zip(asked, found, strict=True)) / len(asked)


def figures(model: Path, each: int) -> dict[str, Any]:
    """What the model of this folder can do, by `each` drawings of every digit, and as many when any will do."""
    reader = Reader()
    any_digit = reader.read(draw(model, None, 10 * each))
    return {
        "DDIM steps": STEPS,
        "drawings": 10 * each,
        "share read as asked": round(reader.share_as_asked(model, each), 3),
        "the reader's own accuracy on real digits": round(reader.right, 3),
        "digits drawn when any will do": [any_digit.count(digit) for digit in range(10)],
    }


def main(folder: Path, steps: int = 2000, each: int = 50) -> None:
    """Writes the weights and the figures into `folder`."""
    weights = folder / made.DIGITS
    save_file(train(steps), weights)
    with tempfile.TemporaryDirectory() as built:
        made.split_digits(weights, Path(built))
        text = json.dumps(figures(Path(built), each), indent=1)
    weights.with_suffix(".json").write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else made.WEIGHTS)
