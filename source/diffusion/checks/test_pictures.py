"""ddim_sample and text_to_image."""

from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL.Image import Image

from autograder.checks import built, close, expect, generator, hint, task, weight

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
    close(answer, expected, rtol=1e-4, atol=1e-4)


@task("ddim-sample", points=3)
class TestDdimSample:
    @weight(3)
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
    @hint("One step is a loop too, of length 1.")
    @once
    @given(seed=SEEDS, network=NETWORKS)
    def test_one_step(self, student, reference, seed, network):
        """A single step"""
        case = tiny(network), ddim(**STABLE, timestep_spacing="trailing"), (2, 1, 8, 8), 1
        answer = student.ddim_sample(*case, generator(seed))
        same_sample(answer, reference.ddim_sample(*case, generator(seed)))

    @weight(1)
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
    @hint("Do not convert or retrain the model that you were given: the caller still uses it.")
    @once
    @given(seed=SEEDS, network=NETWORKS)
    def test_unchanged(self, student, reference, seed, network):
        """The model is left as it was"""
        case = tiny(network + 2), ddim(**COSINE), (1, 1, 8, 8), 2  # a network that no other check has been at
        answer = student.ddim_sample.unchanged(*case, generator(seed))
        same_sample(answer, reference.ddim_sample(*case, generator(seed)))

    @weight(2)
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
    """A picture whose pixels are the expected one's; one level of 255 here and there is a matter of rounding."""
    expect(isinstance(answer, Image), f"the answer is {type(answer).__name__}, not a PIL picture")
    expect(answer.size == expected.size, f"the picture has {answer.size} pixels, not {expected.size}")
    expect(answer.mode == expected.mode, f"the picture's mode is {answer.mode}, not {expected.mode}")
    apart = np.abs(np.asarray(answer, dtype=float) - np.asarray(expected, dtype=float))
    expect(
        float(apart.mean()) <= 0.05,
        f"this is not the picture that the pipeline draws: the pixels are off by {apart.mean():.2f} of 255 on average",
    )


@task("text-to-image", points=1)
class TestTextToImage:
    @weight(3)
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

    @weight(2)
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
    @hint("Without a number of steps there are 20.")
    @once
    @given(seed=SEEDS, prompts=PROMPTS)
    def test_default(self, student, reference, seed, prompts):
        """Twenty steps by default"""
        pipe = built("random-stable-diffusion", seed=1)
        same_picture(student.text_to_image(pipe, prompts[0], seed), reference.text_to_image(pipe, prompts[0], seed, 20))

    @weight(1)
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
            expect(isinstance(picture, Image), f"the answer is {type(picture).__name__}, not a PIL picture")
            expect(picture.size == (512, 512), f"the picture has {picture.size} pixels, not (512, 512)")
            wanted = reference.text_to_image(pipe, prompt, 7, steps=2)
            apart = np.abs(np.asarray(picture, dtype=float) - np.asarray(wanted, dtype=float)).mean()
            expect(float(apart) <= 3.0, f"the pixels are off by {apart:.1f} of 255 on average")
