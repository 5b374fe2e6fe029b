"""embed and mean_pool."""

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checks import close, hint, task, weight

SEEDS = st.integers(0, 2**31)
FULL = (torch.float32, torch.float64)
NEAR = {"rtol": 1e-5, "atol": 3e-5}
"""Wide enough for a mean that is worked as the sum of all minus the padding, in float32."""
SOME, FEW = settings(max_examples=12), settings(max_examples=5)


@st.composite
def look_ups(
    draw: st.DrawFn, dtypes: tuple[torch.dtype, ...] = FULL, low: int = 2
) -> tuple[torch.Tensor, torch.Tensor]:
    """Ids of shape [B, T], the first and the last entry of the table among them, and a table of shape [V, D]."""
    rows, length, size, width = (draw(st.integers(low, high)) for high in (4, 5, 9, 4))
    generator = torch.Generator().manual_seed(draw(SEEDS))
    ids = torch.randint(0, size, (rows, length), generator=generator)
    ids[0, 0], ids[-1, -1] = 0, size - 1
    table = torch.randn(size, width, generator=generator, dtype=torch.float64) * 3
    return ids, table.to(draw(st.sampled_from(dtypes)))


@task("embed", points=2)
class TestEmbed:
    @weight(3)
    @hint("An id is the number of a row of the table.")
    @SOME
    @given(case=look_ups((torch.float32,)))
    def test_values(self, student, reference, case):
        """Every id becomes its row of the table"""
        close(student.embed(*case), reference.embed(*case))

    @weight(1)
    @hint("One text, one token, a table with one row or one column: the answer always has three dimensions.")
    @FEW
    @given(case=look_ups((torch.float32,), low=1), seed=SEEDS)
    def test_shapes(self, student, reference, case, seed):
        """One text, one token, one number to a vector"""
        ids, table = case
        for some in (ids[:1], ids[:, :1], ids[:1, :1]):
            close(student.embed(some, table), reference.embed(some, table))
        close(student.embed(ids, table[:, :1]), reference.embed(ids, table[:, :1]))
        square = torch.randn(3, 3, generator=torch.Generator().manual_seed(seed))
        three = torch.tensor([[2, 0, 1], [0, 0, 2], [1, 2, 1]])
        close(student.embed(three, square), reference.embed(three, square))

    @weight(1)
    @hint("The vectors are taken from the table as they are, in its dtype.")
    @FEW
    @given(case=look_ups((torch.float64,)))
    def test_precision(self, student, reference, case):
        """A float64 table gives float64 vectors, digit for digit"""
        close(student.embed(*case), reference.embed(*case), rtol=0, atol=1e-13)

    @weight(1)
    @hint("A vocabulary is large: the ids go up to its very end.")
    @FEW
    @given(seed=SEEDS)
    def test_vocabulary(self, student, reference, seed):
        """A table with a row for a whole vocabulary"""
        generator = torch.Generator().manual_seed(seed)
        table = torch.randn(40_000, 2, generator=generator)
        ids = torch.randint(0, 40_000, (2, 6), generator=generator)
        ids[0, 0], ids[1, 3] = 39_999, 0
        close(student.embed(ids, table), reference.embed(ids, table))

    @weight(1)
    @hint("Work on a copy: the next text is looked up in the same table.")
    @FEW
    @given(case=look_ups())
    def test_unchanged(self, student, reference, case):
        """Ids and table are left as they were"""
        close(student.embed.unchanged(*case), reference.embed(*case))


@st.composite
def padded(
    draw: st.DrawFn, dtypes: tuple[torch.dtype, ...] = FULL, padding: float = 40.0, low: int = 1
) -> tuple[torch.Tensor, torch.Tensor]:
    """Vectors of shape [B, T, D] and a mask of shape [B, T] with at least one real token in each row, padded at either end or anyhow;
    the vectors of padded places lie about `padding` away from the others."""
    rows, length, width = (draw(st.integers(low, high)) for high in (4, 6, 4))
    generator = torch.Generator().manual_seed(draw(SEEDS))
    mask = (torch.rand(rows, length, generator=generator) < 0.6).long()
    mask[torch.arange(rows), torch.randint(0, length, (rows,), generator=generator)] = 1
    vectors = torch.randn(rows, length, width, generator=generator, dtype=torch.float64)
    vectors += padding * (1 - mask)[:, :, None]
    return vectors.to(draw(st.sampled_from(dtypes))), mask


def without_text(mask: torch.Tensor, row: int) -> torch.Tensor:
    """The mask with nothing real in one row."""
    emptied = mask.clone()
    emptied[row] = 0
    return emptied


@task("mean-pool", points=3)
class TestMeanPool:
    @weight(3)
    @hint("Add up the vectors of the real tokens, and divide by how many real tokens the row has.")
    @SOME
    @given(case=padded((torch.float32,)))
    def test_values(self, student, reference, case):
        """The mean of each row's real tokens"""
        close(student.mean_pool(*case), reference.mean_pool(*case), **NEAR)

    @weight(2)
    @hint("Nothing divided by nothing is NaN. What should the mean of no token be?")
    @SOME
    @given(case=padded((torch.float32,), low=2), row=st.sampled_from((0, -1)))
    def test_nothing_real(self, student, reference, case, row):
        """A row without a real token gives zeros, the others their mean"""
        vectors, mask = case
        emptied = without_text(mask, row)
        close(student.mean_pool(vectors, emptied), reference.mean_pool(vectors, emptied), **NEAR)
        nothing = torch.zeros_like(mask)
        close(student.mean_pool(vectors, nothing), torch.zeros(vectors.shape[0], vectors.shape[2]))

    @weight(1)
    @hint("One text is a batch with one row, and the answer has two dimensions.")
    @FEW
    @given(case=padded((torch.float32,), low=2))
    def test_shapes(self, student, reference, case):
        """One text, one number to a vector, as many tokens as numbers"""
        vectors, mask = case
        for some, real in ((vectors[:1], mask[:1]), (vectors[:, :, :1], mask)):
            close(student.mean_pool(some, real), reference.mean_pool(some, real), **NEAR)
        side = min(vectors.shape)
        cube, square = vectors[:side, :side, :side], mask[:side, :side].clone()
        square[:, 0] = 1
        close(student.mean_pool(cube, square), reference.mean_pool(cube, square), **NEAR)

    @weight(1)
    @hint("float64 vectors deserve a mean that is worked in float64.")
    @FEW
    @given(case=padded((torch.float64,), low=2))
    def test_precision(self, student, reference, case):
        """float64 is worked in float64"""
        vectors, mask = case
        far = vectors + 5000.0
        close(student.mean_pool(far, mask), reference.mean_pool(far, mask), rtol=2e-8, atol=1e-8)

    @weight(1)
    @hint("Convert whole numbers to float32 before you begin.")
    @FEW
    @given(case=padded(low=2))
    def test_integers(self, student, reference, case):
        """Whole numbers give float32"""
        vectors, mask = (case[0] * 7).round().long(), case[1]
        close(student.mean_pool(vectors, mask), reference.mean_pool(vectors, mask), rtol=1e-5, atol=3e-4)

    @weight(1)
    @hint("A mask of True and False, or of 1.0 and 0.0, says the same as one of 1 and 0.")
    @FEW
    @given(case=padded((torch.float32,), low=2), kind=st.sampled_from((torch.bool, torch.float32)))
    def test_masks(self, student, reference, case, kind):
        """A mask of booleans or of floats"""
        vectors, mask = case
        close(student.mean_pool(vectors, mask.to(kind)), reference.mean_pool(vectors, mask), **NEAR)
        real = torch.ones_like(mask).to(kind)
        close(student.mean_pool(vectors, real), reference.mean_pool(vectors, real), **NEAR)

    @weight(1)
    @hint("Setting padded places to zero is fine, in a copy.")
    @FEW
    @given(case=padded(low=2))
    def test_unchanged(self, student, reference, case):
        """Vectors and mask are left as they were"""
        vectors, mask = case
        emptied = without_text(mask, 0)
        close(student.mean_pool.unchanged(vectors, mask), reference.mean_pool(vectors, mask), **NEAR)
        close(student.mean_pool.unchanged(vectors, emptied), reference.mean_pool(vectors, emptied), **NEAR)
