"""add_noise, predict_x0 and ddim_step."""

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checks import close, hint, task, weight

FULL = (torch.float32, torch.float64)
SEEDS = st.integers(0, 2**31)
TRAILING = ((), (3,), (3, 3), (2, 3, 4), (1, 3, 3, 3))
"""What may follow the batch of 3: nothing, a vector, a picture with channels, a film.  Many sides are 3 like the batch itself, so that a
level which lands on the wrong dimension gives no error, only wrong numbers."""
few = settings(max_examples=5, deadline=None)


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
    @weight(3)
    @hint(
        "The square root of alpha_bar times the sample, plus the square root of what is missing to 1 times the noise."
    )
    @few
    @given(seed=SEEDS, batch=st.integers(1, 4), dtype=st.sampled_from(FULL))
    def test_values(self, student, reference, seed, batch, dtype):
        """Pictures with their share of noise"""
        shape = batch, 1, 4, 5
        case = 2 * normal(seed, *shape, dtype=dtype), normal(seed + 2, *shape, dtype=dtype), levels(seed, batch, dtype)
        close(student.add_noise(*case), reference.add_noise(*case), rtol=1e-5, atol=1e-5)

    @weight(2)
    @hint("Give alpha_bar as many dimensions of size 1 as there are after the batch, whatever their number.")
    @few
    @given(seed=SEEDS)
    def test_dimensions(self, student, reference, seed):
        """Each sample has its own alpha_bar, with any number of dimensions behind it"""
        for trailing in TRAILING:
            case = normal(seed, 3, *trailing), normal(seed + 2, 3, *trailing), levels(seed, 3)
            close(student.add_noise(*case), reference.add_noise(*case), rtol=1e-5, atol=1e-5)

    @weight(1)
    @hint("With alpha_bar = 1 nothing has happened to the sample yet.")
    @few
    @given(seed=SEEDS)
    def test_ends(self, student, reference, seed):
        """No noise at all where alpha_bar is 1, hardly anything else where it is close to 0"""
        case = 3 + normal(seed, 4, 5), normal(seed + 2, 4, 5), torch.tensor([1.0, 4e-5, 0.9999, 1.0])
        close(student.add_noise(*case), reference.add_noise(*case), rtol=1e-5, atol=1e-5)

    @weight(1)
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
            case = normal(seed, 2, 3, dtype=own), normal(seed + 2, 2, 3, dtype=own), levels(seed, 2, schedule)
            close(student.add_noise(*case), reference.add_noise(*case), rtol=tolerance, atol=tolerance)

    @weight(1)
    @hint("float64 samples deserve an answer that is worked in float64.")
    @few
    @given(seed=SEEDS)
    def test_precision(self, student, reference, seed):
        """float64 is worked in float64"""
        wide = torch.float64
        case = normal(seed, 2, 3, dtype=wide), normal(seed + 2, 2, 3, dtype=wide), levels(seed, 2, wide)
        close(student.add_noise(*case), reference.add_noise(*case), rtol=1e-12, atol=1e-12)

    @weight(1)
    @hint("The pixels of a file are whole numbers; what they become is not.")
    @few
    @given(seed=SEEDS, dtype=st.sampled_from((torch.uint8, torch.int64)))
    def test_integers(self, student, reference, seed, dtype):
        """Whole numbers become float32"""
        pixels = torch.randint(0, 17, (2, 1, 3, 3), generator=torch.Generator().manual_seed(seed)).to(dtype)
        case = pixels, normal(seed, 2, 1, 3, 3), levels(seed, 2)
        close(student.add_noise(*case), reference.add_noise(*case), rtol=1e-5, atol=1e-5)

    @weight(1)
    @hint("Operations whose names end in an underscore, and *=, change the tensor that the caller still uses.")
    @few
    @given(seed=SEEDS, dtype=st.sampled_from(FULL))
    def test_unchanged(self, student, reference, seed, dtype):
        """Sample, noise and alpha_bar are left as they were"""
        case = normal(seed, 3, 2, 2, dtype=dtype), normal(seed + 2, 3, 2, 2, dtype=dtype), levels(seed, 3, dtype)
        close(student.add_noise.unchanged(*case), reference.add_noise(*case), rtol=1e-5, atol=1e-5)


@task("predict-x0", points=2)
class TestPredictX0:
    @weight(3)
    @hint("Solve the formula of add_noise for x0: first take the noise's share away, then undo the shrinking.")
    @few
    @given(seed=SEEDS, batch=st.integers(1, 4), dtype=st.sampled_from(FULL))
    def test_values(self, student, reference, seed, batch, dtype):
        """The sample as it was before the noise"""
        shape = batch, 1, 4, 5
        case = 2 * normal(seed, *shape, dtype=dtype), normal(seed + 2, *shape, dtype=dtype), levels(seed, batch, dtype)
        close(student.predict_x0(*case), reference.predict_x0(*case), rtol=1e-4, atol=1e-4)

    @weight(2)
    @hint("Give alpha_bar as many dimensions of size 1 as there are after the batch, whatever their number.")
    @few
    @given(seed=SEEDS)
    def test_dimensions(self, student, reference, seed):
        """Each sample has its own alpha_bar, with any number of dimensions behind it"""
        for trailing in TRAILING:
            case = normal(seed, 3, *trailing), normal(seed + 2, 3, *trailing), levels(seed, 3)
            close(student.predict_x0(*case), reference.predict_x0(*case), rtol=1e-4, atol=1e-4)

    @weight(1)
    @hint("Nothing but the formula: no limits on the result, nothing added to keep a division from growing large.")
    @few
    @given(seed=SEEDS)
    def test_strong_noise(self, student, reference, seed):
        """Where nearly all is noise the numbers are large, and are left so"""
        case = normal(seed, 3, 4), normal(seed + 2, 3, 4), torch.tensor([1e-3, 1.0, 4e-3])
        close(student.predict_x0(*case), reference.predict_x0(*case), rtol=1e-4, atol=1e-3)

    @weight(1)
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
            case = normal(seed, 2, 3, dtype=own), normal(seed + 2, 2, 3, dtype=own), bars
            close(student.predict_x0(*case), reference.predict_x0(*case), rtol=tolerance, atol=tolerance)

    @weight(1)
    @hint("float64 samples deserve an answer that is worked in float64.")
    @few
    @given(seed=SEEDS)
    def test_precision(self, student, reference, seed):
        """float64 is worked in float64"""
        wide = torch.float64
        case = normal(seed, 2, 3, dtype=wide), normal(seed + 2, 2, 3, dtype=wide), levels(seed, 2, wide)
        close(student.predict_x0(*case), reference.predict_x0(*case), rtol=1e-11, atol=1e-11)

    @weight(1)
    @hint("Operations whose names end in an underscore, and -=, change the tensor that the caller still uses.")
    @few
    @given(seed=SEEDS, dtype=st.sampled_from(FULL))
    def test_unchanged(self, student, reference, seed, dtype):
        """Sample, noise and alpha_bar are left as they were"""
        case = normal(seed, 3, 2, 2, dtype=dtype), normal(seed + 2, 3, 2, 2, dtype=dtype), levels(seed, 3, dtype)
        close(student.predict_x0.unchanged(*case), reference.predict_x0(*case), rtol=1e-4, atol=1e-4)


@st.composite
def steps(draw: st.DrawFn, low: float = 0.05) -> tuple[float, float]:
    """alpha_bar and the larger one of the step before it, as Python floats."""
    alpha_bar = draw(st.floats(low, 0.8))
    return alpha_bar, alpha_bar + (0.99 - alpha_bar) * draw(st.floats(0.2, 0.9))


@task("ddim-step", points=2)
class TestDdimStep:
    @weight(3)
    @hint("First the guess of x0 that the noise leads to, then that guess with the noise of the level before.")
    @few
    @given(seed=SEEDS, bars=steps(), batch=st.integers(1, 3), dtype=st.sampled_from(FULL))
    def test_values(self, student, reference, seed, bars, batch, dtype):
        """One step towards less noise"""
        shape = batch, 1, 4, 4
        case = normal(seed, *shape, dtype=dtype), normal(seed + 2, *shape, dtype=dtype), *bars
        close(student.ddim_step(*case), reference.ddim_step(*case), rtol=1e-4, atol=1e-4)

    @weight(2)
    @hint("After the last step no noise is left: alpha_bar_prev is 1.")
    @few
    @given(seed=SEEDS, bars=steps())
    def test_last(self, student, reference, seed, bars):
        """The last step, to alpha_bar_prev = 1, gives the guess of x0 itself; one just before it does not quite"""
        for last in (1.0, 0.998):
            case = normal(seed, 2, 5), normal(seed + 2, 2, 5), bars[0], last
            close(student.ddim_step(*case), reference.ddim_step(*case), rtol=1e-4, atol=1e-4)

    @weight(1)
    @hint("Nothing but the formula: no limits on the guess. If your sampler needs some, put them there.")
    @few
    @given(seed=SEEDS)
    def test_strong_noise(self, student, reference, seed):
        """From nearly nothing but noise, where the guess is large and is left so"""
        case = 2 * normal(seed, 2, 5), normal(seed + 2, 2, 5), 2e-3, 0.03
        close(student.ddim_step(*case), reference.ddim_step(*case), rtol=1e-4, atol=1e-3)

    @weight(1)
    @hint("The two numbers hold for all samples; the sample's shape is of no interest.")
    @few
    @given(seed=SEEDS, bars=steps())
    def test_dimensions(self, student, reference, seed, bars):
        """Samples with any number of dimensions"""
        for trailing in TRAILING:
            case = normal(seed, 3, *trailing), normal(seed + 2, 3, *trailing), *bars
            close(student.ddim_step(*case), reference.ddim_step(*case), rtol=1e-4, atol=1e-4)

    @weight(1)
    @hint("Half precision stays half precision.")
    @few
    @given(seed=SEEDS, bars=steps(low=0.4))
    def test_dtype(self, student, reference, seed, bars):
        """The dtype of x_t is kept"""
        for own, tolerance in ((torch.float64, 1e-4), (torch.float16, 3e-2)):
            case = normal(seed, 2, 3, dtype=own), normal(seed + 2, 2, 3, dtype=own), *bars
            close(student.ddim_step(*case), reference.ddim_step(*case), rtol=tolerance, atol=tolerance)

    @weight(1)
    @hint("float64 samples deserve an answer that is worked in float64.")
    @few
    @given(seed=SEEDS)
    def test_precision(self, student, reference, seed):
        """float64 is worked in float64"""
        # Levels whose roots every dtype holds exactly, and no noise: what is judged is the work on the sample alone.
        for bars in ((0.25, 0.5625), (0.140625, 1.0)):
            x_t = normal(seed, 2, 3, dtype=torch.float64)
            case = x_t, torch.zeros_like(x_t), *bars
            close(student.ddim_step(*case), reference.ddim_step(*case), rtol=1e-12, atol=1e-12)

    @weight(1)
    @hint("Operations whose names end in an underscore, and -=, change the tensor that the caller still uses.")
    @few
    @given(seed=SEEDS, bars=steps(), dtype=st.sampled_from(FULL))
    def test_unchanged(self, student, reference, seed, bars, dtype):
        """Sample and noise are left as they were"""
        case = normal(seed, 2, 2, 3, dtype=dtype), normal(seed + 2, 2, 2, 3, dtype=dtype), *bars
        close(student.ddim_step.unchanged(*case), reference.ddim_step(*case), rtol=1e-4, atol=1e-4)
