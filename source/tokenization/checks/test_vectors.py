"""embed and mean_pool."""

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checks import asks, close, heart, hint, plain, task, weight

SEEDS = st.integers(0, 2**31)
NEAR = {"rtol": 1e-5, "atol": 3e-5}
"""Wide enough for a mean that is computed as the sum of all minus the padding, in float32."""
SOME, FEW = settings(max_examples=12), settings(max_examples=5)
UNCHANGED = "Does not change its arguments."


@st.composite
def look_ups(draw: st.DrawFn, dtype: torch.dtype = torch.float32) -> tuple[torch.Tensor, torch.Tensor]:
    """Ids of shape [B, T], neither the first nor the last of the table, and a table of shape [V, D]."""
    rows, length, width = (draw(st.integers(2, high)) for high in (4, 5, 4))
    size = draw(st.integers(6, 12))
    generator = torch.Generator().manual_seed(draw(SEEDS))
    ids = torch.randint(1, size - 1, (rows, length), generator=generator)
    ids[0, 0], ids[0, 1], ids[1, 0] = 1, 2, 3  # no two rows and no two columns alike
    table = torch.randn(size, width, generator=generator, dtype=torch.float64) * 3
    return ids, table.to(dtype)


@task("embed", points=2)
class TestEmbed:
    @plain
    @heart
    @weight(6)
    @asks("The vectors of the tokens: for every id its row of the table.", topic="ordinary ids")
    @hint("An id is the number of a row of the table.")
    @SOME
    @given(case=look_ups())
    def test_values(self, student, reference, case):
        """Every id becomes its row of the table"""
        close(student.embed(*case), reference.embed(*case))

    @weight(2)
    @asks("input_ids: an int64 tensor of shape [B, T] with ids from 0 to V - 1", topic="the first and the last entry")
    @hint("The first row of the table has the id 0, the last the id V - 1.", when="values raised")
    @FEW
    @given(case=look_ups())
    def test_ends(self, student, reference, case):
        """The first and the last row of the table"""
        ids, table = case
        ends = ids.clone()
        ends[0, 0], ends[-1, -1] = 0, len(table) - 1
        close(student.embed(ends, table), reference.embed(ends, table))

    @weight(2)
    @asks("every number as it stands in the table; B, T and D may be 1.", topic="single texts, tokens and columns")
    @hint("The answer always has three dimensions.", when="values raised form")
    @FEW
    @given(case=look_ups(), seed=SEEDS)
    def test_shapes(self, student, reference, case, seed):
        """One text, one token, one number to a vector, a square table"""
        ids, table = case
        for some in (ids[:1], ids[:, :1], ids[:1, :1]):
            close(student.embed(some, table), reference.embed(some, table))
        close(student.embed(ids, table[:, :1]), reference.embed(ids, table[:, :1]))
        square = torch.randn(4, 4, generator=torch.Generator().manual_seed(seed))
        four = torch.tensor([[2, 1, 1, 2], [1, 1, 2, 1], [1, 2, 2, 2], [2, 2, 1, 1]])
        close(student.embed(four, square), reference.embed(four, square))

    @weight(2)
    @asks("with the table's dtype, every number as it stands in the table", topic="float64 tables")
    @hint("Take the vectors from the table as they are, in its dtype.", when="values form")
    @FEW
    @given(case=look_ups(torch.float64))
    def test_precision(self, student, reference, case):
        """A float64 table gives float64 vectors, digit for digit"""
        close(student.embed(*case), reference.embed(*case), rtol=0, atol=1e-13)

    @weight(1)
    @asks("BERT's vocabulary has 30,522 entries", topic="large vocabularies")
    @hint("A vocabulary is large: ids go beyond what 16 bits hold.")
    @FEW
    @given(seed=SEEDS)
    def test_vocabulary(self, student, reference, seed):
        """A table with a row for a whole vocabulary"""
        generator = torch.Generator().manual_seed(seed)
        table = torch.randn(40_000, 2, generator=generator)
        ids = torch.randint(1, 40_000, (2, 6), generator=generator)
        ids[0, 0], ids[1, 3] = 39_990, 33_000
        close(student.embed(ids, table), reference.embed(ids, table))

    @weight(2)
    @asks(UNCHANGED, topic="arguments left unchanged")
    @hint("Work on a copy: the next text is looked up in the same table.")
    @FEW
    @given(case=look_ups())
    def test_unchanged(self, student, reference, case):
        """Ids and table are left as they were"""
        ids, table = case
        with_first = ids.clone()
        with_first[0, 0] = 0
        close(student.embed.unchanged(with_first, table), reference.embed(with_first, table))


@st.composite
def padded(
    draw: st.DrawFn, *, where: str = "end", dtype: torch.dtype = torch.float32
) -> tuple[torch.Tensor, torch.Tensor]:
    """Vectors of shape [B, T, D] with large ones at padded places, and their mask: every row has between one real token and all but one,
    and no two rows the same number.  `where`: padding at the "end", in "front" or "anywhere"."""
    rows, length, width = draw(st.integers(2, 4)), draw(st.integers(5, 7)), draw(st.integers(2, 4))
    generator = torch.Generator().manual_seed(draw(SEEDS))
    real = torch.randperm(length - 1, generator=generator)[:rows, None] + 1
    mask = (torch.arange(length)[None] < real).long()
    if where == "front":
        mask = mask.flip(1)
    if where == "anywhere":
        mask = mask[:, torch.randperm(length, generator=generator)]
    vectors = torch.randn(rows, length, width, generator=generator, dtype=torch.float64)
    vectors += 10 * (1 - mask)[:, :, None]
    return vectors.to(dtype), mask


def without_text(mask: torch.Tensor, row: int) -> torch.Tensor:
    """The mask with nothing real in one row."""
    emptied = mask.clone()
    emptied[row] = 0
    return emptied


@task("mean-pool", points=3)
class TestMeanPool:
    @plain
    @weight(5)
    @asks("The simplest way that works is the **mean** over the tokens.", topic="rows without padding")
    @hint("Without padding it is the plain mean over the tokens of a row.")
    @FEW
    @given(case=padded())
    def test_full_rows(self, student, reference, case):
        """Rows without padding: the plain mean"""
        vectors, mask = case
        real = torch.ones_like(mask)
        close(student.mean_pool(vectors, real), reference.mean_pool(vectors, real), **NEAR)

    @plain
    @heart
    @weight(6)
    @asks(
        "So only the places with a 1 in the mask count, in the sum and in the number that it is divided by.",
        topic="padding",
    )
    @hint("Add up the vectors of the real tokens, and divide by how many real tokens the row has.")
    @SOME
    @given(case=padded())
    def test_values(self, student, reference, case):
        """Padding at the end does not count"""
        close(student.mean_pool(*case), reference.mean_pool(*case), **NEAR)

    @weight(2)
    @asks("Padding may be anywhere; B, T and D may be 1.", topic="padding in front or in between")
    @hint("Go by the mask: real tokens may stand anywhere in a row.")
    @FEW
    @given(front=padded(where="front"), anywhere=padded(where="anywhere"))
    def test_anywhere(self, student, reference, front, anywhere):
        """Padding in front and in between"""
        close(student.mean_pool(*front), reference.mean_pool(*front), **NEAR)
        close(student.mean_pool(*anywhere), reference.mean_pool(*anywhere), **NEAR)

    @weight(4)
    @asks("A row without any real token gives zeros.", topic="rows without a real token")
    @hint("Nothing divided by nothing is NaN. What should the mean of no token be?", when="values raised")
    @FEW
    @given(case=padded(), row=st.sampled_from((0, -1)))
    def test_nothing_real(self, student, reference, case, row):
        """A row without a real token gives zeros, the others their mean"""
        vectors, mask = case
        emptied, nothing = without_text(mask, row), torch.zeros_like(mask)
        close(student.mean_pool(vectors, emptied), reference.mean_pool(vectors, emptied), **NEAR)
        close(student.mean_pool(vectors, nothing), torch.zeros(vectors.shape[0], vectors.shape[2]))

    @weight(3)
    @asks("Padding may be anywhere; B, T and D may be 1.", topic="single texts, tokens and columns")
    @hint("The answer always has two dimensions.", when="values raised form")
    @FEW
    @given(case=padded(), seed=SEEDS)
    def test_shapes(self, student, reference, case, seed):
        """One text, one token, one number to a vector, as many tokens as numbers"""
        vectors, mask = case
        one = torch.ones_like(mask[:, :1])
        for some, real in ((vectors[:1], mask[:1]), (vectors[:, :1], one), (vectors[:, :, :1], mask)):
            close(student.mean_pool(some, real), reference.mean_pool(some, real), **NEAR)
        cube = torch.randn(3, 3, 3, generator=torch.Generator().manual_seed(seed))
        square = torch.tensor([[1, 0, 0], [1, 1, 0], [1, 1, 1]])
        close(student.mean_pool(cube, square), reference.mean_pool(cube, square), **NEAR)

    @weight(3)
    @asks("float64 is computed in float64.", topic="float64")
    @hint("Keep float64 vectors in float64 from the first step to the last.", when="values form")
    @FEW
    @given(case=padded(dtype=torch.float64))
    def test_precision(self, student, reference, case):
        """float64 is computed in float64"""
        vectors, mask = case
        far = vectors + 5000.0
        close(student.mean_pool(far, mask), reference.mean_pool(far, mask), rtol=1e-9, atol=1e-8)

    @weight(1)
    @asks("in the dtype of embeddings (float32 for integers)", topic="integers")
    @hint("Convert integers to float32 before you begin.", when="values raised form")
    @FEW
    @given(case=padded())
    def test_integers(self, student, reference, case):
        """Integer vectors have a float32 mean"""
        vectors, mask = (case[0] * 7).round().long(), case[1]
        close(student.mean_pool(vectors, mask), reference.mean_pool(vectors, mask), rtol=1e-5, atol=3e-4)

    @weight(2)
    @asks("1 (or True) for real tokens, of an integer, floating or bool dtype.", topic="masks of booleans or floats")
    @hint("A mask of True and False, or of 1.0 and 0.0, says the same as one of 1 and 0.", when="values raised")
    @FEW
    @given(case=padded())
    def test_masks(self, student, reference, case):
        """A mask of booleans or of floats"""
        vectors, mask = case
        for kind in (torch.bool, torch.float32):
            close(student.mean_pool(vectors, mask.to(kind)), reference.mean_pool(vectors, mask), **NEAR)

    @weight(2)
    @asks(UNCHANGED, topic="arguments left unchanged")
    @hint("Setting padded places to zero is fine, in a copy.")
    @FEW
    @given(case=padded())
    def test_unchanged(self, student, reference, case):
        """Vectors and mask are left as they were"""
        vectors, mask = case
        close(student.mean_pool.unchanged(vectors, mask), reference.mean_pool(vectors, mask), **NEAR)
        student.mean_pool.unchanged(vectors, without_text(mask, 0))  # what it should give, another check asks
