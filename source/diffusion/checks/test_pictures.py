"""ddim_sample and text_to_image."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL.Image import Image

from autograder.checks import asks, built, close, expect, generator, heart, hint, plain, task, weight
from autograder.checks.forms import slip
from autograder.wire.words import a_kind

SEEDS = st.integers(10**6, 2**31).filter(lambda seed: seed > 10**6)
"""Without the least one, which Hypothesis tries first: a check that is run once is then run with a number that nobody can know."""
NETWORKS = st.integers(1, 2)
COSINE = {"beta_schedule": "squaredcos_cap_v2"}
STABLE = {"beta_schedule": "scaled_linear", "beta_start": 0.00085, "beta_end": 0.012, "clip_sample": False}
few = settings(max_examples=3, deadline=None)
once = settings(max_examples=1, deadline=None)


def tiny(seed: int, channels: int = 1) -> Any:
    return built("tiny-unet", seed=seed, channels=channels)


def ddim(**config: Any) -> Any:
    return built("ddim-scheduler", **config)


def same_sample(answer: Any, expected: torch.Tensor) -> None:
    """Within 1e-4: a step that is left out at the end moves a pixel by about 0.006."""
    close(answer, expected, rtol=1e-4, atol=1e-4, detached=True)


@task("ddim-sample", points=3)
class TestDdimSample:
    @plain
    @heart
    @weight(6)
    @asks("over the scheduler gives it to within 1e-4", topic="the cosine schedule")
    @hint(
        "Noise first; then for each of the scheduler's timesteps, from the first to the last, the model and one step."
    )
    @few
    @given(seed=SEEDS, network=NETWORKS, steps=st.integers(2, 4))
    def test_values(self, student, reference, seed, network, steps):
        """The sample of diffusers' own scheduler"""
        case = tiny(network), ddim(**COSINE), (2, 1, 8, 8), steps
        answer = student.ddim_sample(*case, generator(seed))
        same_sample(answer, reference.ddim_sample(*case, generator(seed)))

    @weight(2)
    @asks(
        "takes its timesteps, its levels and its limits from the scheduler that it is given", topic="other schedulers"
    )
    @hint(
        "The scheduler has settings: which timesteps it takes, where it ends, whether it limits its guess. Ask it, don't assume."
    )
    @once
    @given(seed=SEEDS, network=NETWORKS)
    def test_schedulers(self, student, reference, seed, network):
        """Schedulers with other timesteps, another end and other noise levels"""
        for config, steps in (
            ({**STABLE, "steps_offset": 1, "set_alpha_to_one": False}, 3),
            ({**STABLE, "timestep_spacing": "trailing"}, 4),
            ({"num_train_timesteps": 40, "beta_end": 0.2}, 5),
        ):
            case = tiny(network), ddim(**config), (1, 1, 8, 8), steps
            answer = student.ddim_sample(*case, generator(seed))
            same_sample(answer, reference.ddim_sample(*case, generator(seed)))

    @weight(1)
    @asks("limited to ±`clip_sample_range` before it is mixed with noise again", topic="the scheduler’s limits")
    @hint(
        "clip_sample and clip_sample_range say whether and where the scheduler limits its guess; the sample itself has no limits."
    )
    @once
    @given(seed=SEEDS, network=NETWORKS)
    def test_limits(self, student, reference, seed, network):
        """The scheduler's own limits and no others"""
        for config in ({**STABLE}, {**COSINE, "clip_sample_range": 0.4}, {**COSINE, "clip_sample_range": 3.0}):
            case = tiny(network), ddim(**config), (1, 1, 8, 8), 2
            answer = student.ddim_sample(*case, generator(seed))
            same_sample(answer, reference.ddim_sample(*case, generator(seed)))

    @weight(1)
    @asks("shape: (batch, channels, height, width)", topic="other shapes")
    @hint("The noise has the shape that was asked for.")
    @once
    @given(seed=SEEDS, network=NETWORKS)
    def test_shapes(self, student, reference, seed, network):
        """Any number of pictures, of any size, with any number of channels"""
        for shape, channels in (((1, 1, 6, 4), 1), ((3, 2, 4, 4), 2)):
            case = tiny(network, channels), ddim(**COSINE), shape, 2
            answer = student.ddim_sample(*case, generator(seed))
            same_sample(answer, reference.ddim_sample(*case, generator(seed)))

    @weight(1)
    @asks("steps: how many, an int of 1 or more", topic="a single step")
    @hint("One step is a loop too, of length 1.")
    @once
    @given(seed=SEEDS, network=NETWORKS)
    def test_one_step(self, student, reference, seed, network):
        """A single step"""
        case = tiny(network), ddim(**STABLE, timestep_spacing="trailing"), (2, 1, 8, 8), 1
        answer = student.ddim_sample(*case, generator(seed))
        same_sample(answer, reference.ddim_sample(*case, generator(seed)))

    @weight(2)
    @asks("The noise comes from `generator`, which goes on from where it stands", topic="the generator")
    @hint("torch.randn(shape, generator=generator): neither another source of noise nor a fresh start of this one.")
    @once
    @given(seed=SEEDS, network=NETWORKS)
    def test_generator(self, student, reference, seed, network):
        """The noise comes from the generator, which goes on from where it stands"""
        case = tiny(network), ddim(**COSINE), (1, 1, 8, 8), 2
        answers = student.ddim_sample.repeated(2, *case, generator(seed))
        fresh, advanced = generator(seed), generator(seed)
        torch.randn(case[2], generator=advanced)
        for answer, source in zip(answers, (fresh, advanced), strict=True):
            same_sample(answer, reference.ddim_sample(*case, source))

    @weight(1)
    @asks("Arguments stay as they were", topic="the model left unchanged")
    @hint("Do not convert or retrain the model that you were given: the caller still uses it.")
    @once
    @given(seed=SEEDS, network=NETWORKS)
    def test_unchanged(self, student, reference, seed, network):
        """The model is left as it was"""
        case = tiny(network + 2), ddim(**COSINE), (1, 1, 8, 8), 2  # a network that no other check has been at
        answer = student.ddim_sample.unchanged(*case, generator(seed))
        same_sample(answer, reference.ddim_sample(*case, generator(seed)))

    @plain
    @weight(2)
    @asks("the same numbers as `diffusers`' own loop, for the same generator", topic="the course’s own network")
    @hint("With the course's own network and 25 steps you should see digits.")
    @once
    @given(seed=SEEDS)
    def test_digits(self, student, reference, seed):
        """The course's own network draws the same digit"""
        case = built("digits-unet"), built("digits-scheduler"), (1, 1, 8, 8), 5
        answer = student.ddim_sample(*case, generator(seed))
        same_sample(answer, reference.ddim_sample(*case, generator(seed)))


PROMPTS = st.permutations(
    ("a cat", "cat playing upright bass", "a red house by the sea", "två katter, 東京 🙂", "UPPER and lower", "x")
)
"""Each check takes the first few of a random order."""


def same_picture(answer: Any, expected: Image) -> None:
    """A picture whose pixels are the expected one's; one level of 255 here and there is a matter of rounding.

    A list of one picture and an array of its pixels, from 0 to 255 or from 0 to 1, are forms."""
    form = ""
    if isinstance(answer, (list, tuple)) and len(answer) == 1:
        answer, form = answer[0], f"{a_kind(answer)} of one"
    if isinstance(answer, (np.ndarray, torch.Tensor)) and len(answer.shape) in {3, 4}:
        pixels, form = np.asarray(answer), f"{a_kind(answer)} of numbers"
        pixels = pixels[0] if pixels.ndim == 4 and len(pixels) == 1 else pixels
        if pixels.shape[0] == 3 and pixels.shape[-1] != 3:
            pixels = np.moveaxis(pixels, 0, -1)
        pixels = pixels * 255.0 if pixels.dtype.kind == "f" else pixels
    else:
        expect(isinstance(answer, Image), f"returned {a_kind(answer)}; expected a PIL picture")
        expect(answer.mode == expected.mode, f"the picture's mode is {answer.mode}; expected {expected.mode}")
        pixels = np.asarray(answer)
    wanted = np.asarray(expected, dtype=float)
    expect(pixels.shape == wanted.shape, f"the picture has the size {pixels.shape[1::-1]}; expected {expected.size}")
    apart = float(np.abs(pixels.astype(float) - wanted).mean())
    expect(
        apart <= (0.5 if pixels.dtype.kind == "f" else 0.05),  # numbers from 0 to 1 were never rounded
        f"this is not the picture that the pipeline draws: the pixels are off by {apart:.2f} of 255 on average",
    )
    if form:
        slip("one PIL picture", form)


@task("text-to-image", points=1)
class TestTextToImage:
    @plain
    @heart
    @weight(4)
    @asks("the pipeline's own, with noise from", topic="the picture")
    @hint("The prompt and num_inference_steps go to the pipeline, with torch.Generator('cpu').manual_seed(seed).")
    @once
    @given(seed=SEEDS, prompts=PROMPTS)
    def test_picture(self, student, reference, seed, prompts):
        """The picture that belongs to prompt, seed and number of steps"""
        pipe = built("random-stable-diffusion", seed=1)
        for prompt, steps in zip(prompts[:2], (2, 3), strict=True):
            same_picture(
                student.text_to_image(pipe, prompt, seed, steps), reference.text_to_image(pipe, prompt, seed, steps)
            )

    @heart
    @weight(3)
    @asks("The same seed gives the same picture", topic="the seed")
    @hint("The generator is made from the seed anew in every call.")
    @once
    @given(seed=SEEDS, prompts=PROMPTS)
    def test_seed(self, student, reference, seed, prompts):
        """The same seed gives the same picture again, another seed another one"""
        pipe = built("random-stable-diffusion", seed=2)
        again = student.text_to_image.repeated(2, pipe, prompts[0], seed, steps=1)
        for picture in again:
            same_picture(picture, reference.text_to_image(pipe, prompts[0], seed, steps=1))
        other = student.text_to_image(pipe, prompts[0], seed + 1, steps=1)
        same_picture(other, reference.text_to_image(pipe, prompts[0], seed + 1, steps=1))

    @weight(1)
    @asks("how many denoising steps, 20 by default", topic="the number of steps")
    @hint("Without a number of steps there are 20.")
    @once
    @given(seed=SEEDS, prompts=PROMPTS)
    def test_default(self, student, reference, seed, prompts):
        """Twenty steps by default"""
        pipe = built("random-stable-diffusion", seed=1)
        same_picture(student.text_to_image(pipe, prompts[0], seed), reference.text_to_image(pipe, prompts[0], seed, 20))

    @weight(1)
    @asks("a StableDiffusionPipeline, on a CPU or a", topic="the real pipeline")
    @hint(
        "On a GPU the pipeline is the real one, in float16. The generator stays on the CPU, so that a seed means the same everywhere."
    )
    def test_real_model(self, student, reference):
        """Stable Diffusion itself, where there is a GPU"""
        if not torch.cuda.is_available():
            pytest.skip("There is no GPU here. This check costs nobody a point.")
        pipe = built("stable-diffusion")
        for prompt in ("cat playing upright bass", "a red house by the sea"):
            picture = student.text_to_image(pipe, prompt, 7, steps=2)
            expect(isinstance(picture, Image), f"returned {a_kind(picture)}; expected a PIL picture")
            expect(picture.size == (512, 512), f"the picture has {picture.size} pixels, not (512, 512)")
            wanted = reference.text_to_image(pipe, prompt, 7, steps=2)
            apart = np.abs(np.asarray(picture, dtype=float) - np.asarray(wanted, dtype=float)).mean()
            expect(float(apart) <= 3.0, f"the pixels are off by {apart:.1f} of 255 on average")
