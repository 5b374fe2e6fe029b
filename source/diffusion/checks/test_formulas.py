"""add_noise, predict_x0 and ddim_step.

Each region of the inputs (other dimensions, the ends of the range, other dtypes) has a check of its own, whose inputs are ordinary in
every other way: a mistake in one region costs that check and no other."""

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checks import asks, close, heart, hint, plain, task, weight

SEEDS = st.integers(0, 2**31)
TRAILING = ((), (3,), (3, 3), (2, 3, 4), (1, 3, 3, 3))
"""What may follow the batch of 3: nothing, a vector, a picture with channels, a film.  Many sides are 3 like the batch itself, so that a
level which lands on the wrong dimension gives no error, only wrong numbers."""
few = settings(max_examples=5, deadline=None)
ROUGHLY = {"rtol": 1e-4, "atol": 1e-4}
EXACT = "float64 is computed in float64"
UNCHANGED = "Arguments stay as they were"
DTYPE = "A result keeps the floating dtype of the first tensor argument"


def normal(seed: int, *shape: int, dtype: torch.dtype = torch.float32) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64).to(dtype)


def levels(
    seed: int, batch: int, dtype: torch.dtype = torch.float32, low: float = 0.05, high: float = 0.95
) -> torch.Tensor:
    """One alpha_bar for each sample, no two of them close to each other."""
    ladder = (torch.arange(batch) + torch.rand(batch, generator=torch.Generator().manual_seed(seed))) / batch
    order = torch.randperm(batch, generator=torch.Generator().manual_seed(seed + 1))
    return (low + (high - low) * ladder.double())[order].to(dtype)


@task("add-noise", points=2)
class TestAddNoise:
    @plain
    @heart
    @weight(8)
    @asks("each sample mixed by its own number", topic="pictures")
    @hint(
        "The square root of alpha_bar times the sample, plus the square root of what is missing to 1 times the noise."
    )
    @few
    @given(seed=SEEDS, batch=st.integers(2, 4))
    def test_values(self, student, reference, seed, batch):
        """Pictures with their share of noise"""
        shape = batch, 1, 4, 5
        case = 5 * normal(seed, *shape), normal(seed + 2, *shape), levels(seed, batch)
        close(student.add_noise(*case), reference.add_noise(*case), rtol=1e-5, atol=1e-5, detached=True)

    @weight(3)
    @asks("zero or more further dimensions", topic="any number of dimensions")
    @hint("Give alpha_bar as many dimensions of size 1 as there are after the batch, whatever their number.")
    @few
    @given(seed=SEEDS)
    def test_dimensions(self, student, reference, seed):
        """Each sample has its own alpha_bar, with any number of dimensions behind it"""
        for trailing in TRAILING:
            case = normal(seed, 3, *trailing), normal(seed + 2, 3, *trailing), levels(seed, 3)
            close(student.add_noise(*case), reference.add_noise(*case), rtol=1e-5, atol=1e-5)

    @weight(1)
    @asks("one number from 0 to 1 for each sample", topic="alpha_bar at 0 and 1")
    @hint("No limits on alpha_bar: at 1 nothing has happened to the sample yet, at 0 nothing of it is left.")
    @few
    @given(seed=SEEDS)
    def test_ends(self, student, reference, seed):
        """alpha_bar of 1 and 0, and close to them"""
        bars = torch.tensor([1.0, 4e-5, 0.9999, 0.0, 1e-8, 1.0, 0.0])
        case = 2 + normal(seed, 7, 5, 1, 1), normal(seed + 2, 7, 5, 1, 1), bars
        close(student.add_noise(*case), reference.add_noise(*case), rtol=1e-5, atol=1e-5)

    @weight(2)
    @asks(DTYPE, topic="float16 and float64, dtypes that differ")
    @hint("The schedule's dtype is often another one than the sample's; the answer has the sample's.")
    @few
    @given(seed=SEEDS)
    def test_dtype(self, student, reference, seed):
        """The dtype of x0 is kept, whatever alpha_bar's is"""
        for own, schedule, tolerance in (
            (torch.float32, torch.float64, 1e-5),
            (torch.float64, torch.float32, 1e-5),
            (torch.float16, torch.float32, 1e-2),
        ):
            case = (
                normal(seed, 2, 3, 1, 1, dtype=own),
                normal(seed + 2, 2, 3, 1, 1, dtype=own),
                levels(seed, 2, schedule),
            )
            close(student.add_noise(*case), reference.add_noise(*case), rtol=tolerance, atol=tolerance)

    @weight(1)
    @asks(EXACT, topic="float64")
    @hint("float64 samples and levels are used as they are: no float32 on the way.")
    @few
    @given(seed=SEEDS)
    def test_precision(self, student, reference, seed):
        """float64 is computed in float64"""
        wide = torch.float64
        case = normal(seed, 2, 1, 3, 3, dtype=wide), normal(seed + 2, 2, 1, 3, 3, dtype=wide), levels(seed, 2, wide)
        close(student.add_noise(*case), reference.add_noise(*case), rtol=1e-12, atol=1e-12)

    @weight(2)
    @asks("float32 for integers", topic="integer pixels")
    @hint("The pixels of a file are integers; what they become is not.")
    @few
    @given(seed=SEEDS, dtype=st.sampled_from((torch.uint8, torch.int64)))
    def test_integers(self, student, reference, seed, dtype):
        """Integers become float32"""
        pixels = torch.randint(0, 17, (2, 1, 3, 3), generator=torch.Generator().manual_seed(seed)).to(dtype)
        case = pixels, normal(seed, 2, 1, 3, 3), levels(seed, 2)
        close(student.add_noise(*case), reference.add_noise(*case), rtol=1e-5, atol=1e-5)

    @weight(1)
    @asks(UNCHANGED, topic="arguments left unchanged")
    @hint("Operations whose names end in an underscore, and *=, change the tensor that the caller still uses.")
    @few
    @given(seed=SEEDS)
    def test_unchanged(self, student, reference, seed):
        """Sample, noise and alpha_bar are left as they were"""
        case = normal(seed, 3, 1, 2, 2), normal(seed + 2, 3, 1, 2, 2), levels(seed, 3)
        close(student.add_noise.unchanged(*case), reference.add_noise(*case), rtol=1e-5, atol=1e-5)


@task("predict-x0", points=2)
class TestPredictX0:
    @plain
    @heart
    @weight(8)
    @asks("what `add_noise` did is undone", topic="pictures")
    @hint("Solve the formula of add_noise for x0: first take the noise's share away, then undo the shrinking.")
    @few
    @given(seed=SEEDS, batch=st.integers(2, 4))
    def test_values(self, student, reference, seed, batch):
        """The sample as it was before the noise"""
        shape = batch, 1, 4, 5
        case = 2 * normal(seed, *shape), normal(seed + 2, *shape), levels(seed, batch)
        close(student.predict_x0(*case), reference.predict_x0(*case), **ROUGHLY, detached=True)

    @weight(3)
    @asks("zero or more further dimensions", topic="any number of dimensions")
    @hint("Give alpha_bar as many dimensions of size 1 as there are after the batch, whatever their number.")
    @few
    @given(seed=SEEDS)
    def test_dimensions(self, student, reference, seed):
        """Each sample has its own alpha_bar, with any number of dimensions behind it"""
        for trailing in TRAILING:
            case = normal(seed, 3, *trailing), normal(seed + 2, 3, *trailing), levels(seed, 3)
            close(student.predict_x0(*case), reference.predict_x0(*case), **ROUGHLY)

    @weight(2)
    @asks("Where $\\bar\\alpha$ is tiny the division makes numbers large", topic="tiny alpha_bar")
    @hint("Nothing but the formula: no limits on the result, nothing added to keep a division from growing large.")
    @few
    @given(seed=SEEDS)
    def test_strong_noise(self, student, reference, seed):
        """Where nearly all is noise the numbers are large, and are left so"""
        for bars in ((1e-3, 1.0, 4e-3), (1e-5, 3e-4, 1e-7)):
            # without noise to take away, so that no digit is lost where the answer is 3000 times as large
            clear = torch.tensor(bars) < 1e-3
            noise = normal(seed + 2, 3, 4, 1, 1).masked_fill(clear.reshape(3, 1, 1, 1), 0.0)
            case = normal(seed, 3, 4, 1, 1), noise, torch.tensor(bars)
            close(student.predict_x0(*case), reference.predict_x0(*case), rtol=1e-4, atol=1e-3)

    @weight(2)
    @asks(DTYPE, topic="float16 and float64, dtypes that differ")
    @hint("The schedule's dtype is often another one than the sample's; the answer has the sample's.")
    @few
    @given(seed=SEEDS)
    def test_dtype(self, student, reference, seed):
        """The dtype of x_t is kept, whatever alpha_bar's is"""
        for own, schedule, tolerance in (
            (torch.float32, torch.float64, 1e-4),
            (torch.float64, torch.float32, 1e-4),
            (torch.float16, torch.float32, 3e-2),
        ):
            bars = levels(seed, 2, schedule, low=0.4)
            case = normal(seed, 2, 3, 1, 1, dtype=own), normal(seed + 2, 2, 3, 1, 1, dtype=own), bars
            close(student.predict_x0(*case), reference.predict_x0(*case), rtol=tolerance, atol=tolerance)

    @weight(1)
    @asks(EXACT, topic="float64")
    @hint("float64 samples and levels are used as they are: no float32 on the way.")
    @few
    @given(seed=SEEDS)
    def test_precision(self, student, reference, seed):
        """float64 is computed in float64"""
        wide = torch.float64
        case = normal(seed, 2, 1, 3, 3, dtype=wide), normal(seed + 2, 2, 1, 3, 3, dtype=wide), levels(seed, 2, wide)
        close(student.predict_x0(*case), reference.predict_x0(*case), rtol=1e-11, atol=1e-11)

    @weight(1)
    @asks(UNCHANGED, topic="arguments left unchanged")
    @hint("Operations whose names end in an underscore, and -=, change the tensor that the caller still uses.")
    @few
    @given(seed=SEEDS)
    def test_unchanged(self, student, reference, seed):
        """Sample, noise and alpha_bar are left as they were"""
        case = normal(seed, 3, 1, 2, 2), normal(seed + 2, 3, 1, 2, 2), levels(seed, 3)
        close(student.predict_x0.unchanged(*case), reference.predict_x0(*case), **ROUGHLY)


@st.composite
def steps(draw: st.DrawFn, low: float = 0.05) -> tuple[float, float]:
    """alpha_bar and the larger one of the step before it, as Python floats."""
    alpha_bar = draw(st.floats(low, 0.8))
    return alpha_bar, alpha_bar + (0.99 - alpha_bar) * draw(st.floats(0.2, 0.9))


@task("ddim-step", points=2)
class TestDdimStep:
    @plain
    @heart
    @weight(7)
    @asks("One deterministic DDIM step (eta = 0) from the level alpha_bar to alpha_bar_prev", topic="pictures")
    @hint("First the guess of x0 that the noise leads to, then that guess with the noise of the level before.")
    @few
    @given(seed=SEEDS, bars=steps(), batch=st.integers(1, 3))
    def test_values(self, student, reference, seed, bars, batch):
        """One step towards less noise"""
        shape = batch, 1, 4, 4
        case = normal(seed, *shape), normal(seed + 2, *shape), *bars
        close(student.ddim_step(*case), reference.ddim_step(*case), **ROUGHLY, detached=True)

    @weight(2)
    @asks("no noise is put back and the guess itself comes out", topic="the last step")
    @hint("After the last step no noise is left: alpha_bar_prev is 1.")
    @few
    @given(seed=SEEDS, bars=steps())
    def test_last(self, student, reference, seed, bars):
        """The last step, to alpha_bar_prev = 1, gives the guess of x0 itself; one just before it does not quite"""
        for now, last in ((bars[0], 1.0), (bars[0], 0.998), (0.9995, 1.0)):
            case = normal(seed, 2, 5, 1, 1), normal(seed + 2, 2, 5, 1, 1), now, last
            close(student.ddim_step(*case), reference.ddim_step(*case), **ROUGHLY)

    @weight(1)
    @asks("Python floats above 0 and up to 1", topic="tiny alpha_bar")
    @hint("Nothing but the formula: no limits on the guess. If your sampler needs some, put them there.")
    @few
    @given(seed=SEEDS)
    def test_strong_noise(self, student, reference, seed):
        """From nearly nothing but noise, where the guess is large and is left so"""
        noise = normal(seed + 2, 2, 5, 1, 1)
        for now, before, share in ((2e-3, 0.03, 1.0), (1e-5, 4e-4, 0.0), (3e-7, 0.5, 0.0)):
            case = 2 * normal(seed, 2, 5, 1, 1), share * noise, now, before
            close(student.ddim_step(*case), reference.ddim_step(*case), rtol=1e-4, atol=1e-3)

    @weight(2)
    @asks("a float tensor of any shape with a batch in front", topic="any number of dimensions")
    @hint("The two numbers hold for all samples: the same code works for every shape.")
    @few
    @given(seed=SEEDS, bars=steps())
    def test_dimensions(self, student, reference, seed, bars):
        """Samples with any number of dimensions"""
        for trailing in TRAILING:
            case = normal(seed, 3, *trailing), normal(seed + 2, 3, *trailing), *bars
            close(student.ddim_step(*case), reference.ddim_step(*case), **ROUGHLY)

    @weight(2)
    @asks(DTYPE, topic="float16 and float64")
    @hint("Half precision stays half precision.")
    @few
    @given(seed=SEEDS, bars=steps(low=0.4))
    def test_dtype(self, student, reference, seed, bars):
        """The dtype of x_t is kept"""
        for own, tolerance in ((torch.float64, 1e-4), (torch.float16, 3e-2)):
            case = normal(seed, 2, 3, 1, 1, dtype=own), normal(seed + 2, 2, 3, 1, 1, dtype=own), *bars
            close(student.ddim_step(*case), reference.ddim_step(*case), rtol=tolerance, atol=tolerance)

    @weight(1)
    @asks(EXACT, topic="float64")
    @hint("Python floats are float64: as tensors of torch's default dtype they lose half of their digits.")
    @few
    @given(seed=SEEDS, bars=steps())
    def test_precision(self, student, reference, seed, bars):
        """float64 is computed in float64"""
        x_t, noise = normal(seed, 2, 1, 3, 3, dtype=torch.float64), normal(seed + 2, 2, 1, 3, 3, dtype=torch.float64)
        for now, before in (bars, (0.1, 0.7)):
            case = x_t, noise, now, before
            close(student.ddim_step(*case), reference.ddim_step(*case), rtol=1e-11, atol=1e-11)

    @weight(1)
    @asks(UNCHANGED, topic="arguments left unchanged")
    @hint("Operations whose names end in an underscore, and -=, change the tensor that the caller still uses.")
    @few
    @given(seed=SEEDS, bars=steps())
    def test_unchanged(self, student, reference, seed, bars):
        """Sample and noise are left as they were"""
        case = normal(seed, 2, 1, 2, 3), normal(seed + 2, 2, 1, 2, 3), *bars
        close(student.ddim_step.unchanged(*case), reference.ddim_step(*case), **ROUGHLY)
