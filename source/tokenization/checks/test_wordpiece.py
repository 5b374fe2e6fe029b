"""wordpiece."""

import random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checks import built, forbids, hint, same, task, weight

MODEL = "bert-base-uncased"
SEEDS = st.integers(0, 2**31)
SOME, FEW = settings(max_examples=15), settings(max_examples=5)
ALPHABETS = ("ab", "abc", "aé東🙂", "xyz")
FORBIDDEN = (
    *(f"transformers.{name}" for name in ("AutoTokenizer", "BertTokenizer", "BertTokenizerFast", "WordpieceTokenizer")),
    *(f"transformers.{name}" for name in ("PreTrainedTokenizerFast", "BertTokenizerLegacy", "BasicTokenizer")),
    "transformers.models.bert.tokenization_bert_legacy.WordpieceTokenizer",
    "transformers.models.bert.tokenization_bert_legacy.WordpieceTokenizer.tokenize",
    *(
        f"transformers.models.{name}.tokenization_{name}.WordpieceTokenizer{method}"
        for name in ("bert_japanese", "prophetnet", "tapas")
        for method in ("", ".tokenize")
    ),
    *(
        f"transformers.models.roc_bert.tokenization_roc_bert.RoCBertWordpieceTokenizer{method}"
        for method in ("", ".tokenize")
    ),
    *(
        f"tokenizers.{name}"
        for name in ("Tokenizer", "BertWordPieceTokenizer", "models.WordPiece", "models.Model.tokenize")
    ),
    *(f"tokenizers.Tokenizer.{name}" for name in ("encode", "encode_batch", "encode_batch_fast")),
)
"""Library tokenizers by name, for the source, and the methods that all of them end in, for what runs."""


@st.composite
def puzzles(draw: st.DrawFn) -> tuple[dict[str, int], str, str]:
    """A small vocabulary over few letters, its ids from 0 in random order, and two words: a beginning and some continuations each, which
    greedy matching finds its way through often, but not always."""
    generator, alphabet = random.Random(draw(SEEDS)), draw(st.sampled_from(ALPHABETS))

    def string(low: int, high: int) -> str:
        return "".join(generator.choices(alphabet, k=generator.randint(low, high)))

    heads = sorted({string(1, 4) for _ in range(5)})
    tails = sorted({string(1, 3) for _ in range(5)})
    pieces = [*heads, *(f"##{tail}" for tail in tails)]
    generator.shuffle(pieces)
    words = (
        "".join([generator.choice(heads), *generator.choices(tails, k=size)]) for size in (generator.randint(0, 4), 3)
    )
    return {piece: number for number, piece in enumerate(pieces)}, *words


@st.composite
def real_words(draw: st.DrawFn) -> list[str]:
    """Words that BERT's vocabulary takes apart, a long one that it holds, one that is two of its entries, one that it cannot spell."""
    generator = random.Random(draw(SEEDS))
    whole = sorted(piece for piece in built("course-vocabulary", name=MODEL) if piece.isalpha() and piece.islower())
    taken_apart = ("tokenization", "unaffable", "snowboarding", "zzyzx", "antidisestablishmentarianism")
    entry = generator.choice([piece for piece in whole if len(piece) > 10])
    joined, unknown = "".join(generator.sample(whole, 2)), generator.choice(("ab🙂", "東京ß", "🙂"))
    return [generator.choice(taken_apart), "straße", entry, joined, unknown]


@task("wordpiece", points=5)
@forbids(*FORBIDDEN, why="Here you write what a tokenizer does inside: work on the word and the vocabulary alone.")
class TestWordpiece:
    @weight(3)
    @hint(
        "Take the longest piece that the rest of the word begins with, again and again; after the first with ## before it."
    )
    @SOME
    @given(puzzle=puzzles())
    def test_values(self, student, reference, puzzle):
        """Words over a small vocabulary"""
        vocab, *words = puzzle
        for word in words:
            same(student.wordpiece(word, vocab), reference.wordpiece(word, vocab))

    @weight(2)
    @hint("Compare with tokenizer.tokenize(word) in a cell of your own.")
    @settings(max_examples=2)
    @given(words=real_words())
    def test_real_words(self, student, reference, words):
        """Words of BERT's vocabulary, and words that it has to take apart"""
        vocab = built("course-vocabulary", name=MODEL)
        for word in words:
            same(student.wordpiece(word, vocab), reference.wordpiece(word, vocab))

    @weight(2)
    @hint("If the beginning matches and the rest does not, the pieces found so far are worth nothing.")
    @FEW
    @given(puzzle=puzzles())
    def test_no_match(self, student, reference, puzzle):
        """A part without a match makes the whole word unknown, wherever it is"""
        vocab, word, _ = puzzle
        same(student.wordpiece(word, vocab), reference.wordpiece(word, vocab))
        for strange in (f"{word}q", f"q{word}", f"{word[:1]}q{word[1:]}", "qqq"):
            same(student.wordpiece(strange, vocab), ["[UNK]"])

    @weight(2)
    @hint(
        "Greedy never goes back: once the longest piece is taken it stays, even if a shorter one would have led through."
    )
    @FEW
    @given(seed=SEEDS)
    def test_dead_end(self, student, seed):
        """A longest piece that leads into a dead end"""
        a, b, c, d = random.Random(seed).sample("abcdefghij", 4)
        vocab = {"[UNK]": 0, a: 1, a + b: 2, f"##{b}{c}": 3, f"##{d}": 4, f"##{b}": 5}
        same(student.wordpiece(a + b + c, vocab), ["[UNK]"])
        same(student.wordpiece(a + b + d, vocab), [a + b, f"##{d}"])
        same(student.wordpiece(a + b + b, vocab), [a + b, f"##{b}"])
        without = {piece: number for piece, number in vocab.items() if piece != a + b}
        same(student.wordpiece(a + b + b, without), [a, f"##{b}", f"##{b}"])

    @weight(1)
    @hint("A piece with ## only continues a word, and one without only begins it.")
    @FEW
    @given(seed=SEEDS)
    def test_two_kinds(self, student, seed):
        """Beginnings and continuations are different entries"""
        a, b, c = random.Random(seed).sample("abcdefghij", 3)
        vocab = {f"##{a}": 0, b: 1, f"##{c}": 2, c: 3, "[UNK]": 4}
        same(student.wordpiece(b + c, vocab), [b, f"##{c}"])
        same(student.wordpiece(b + a + c, vocab), [b, f"##{a}", f"##{c}"])
        same(student.wordpiece(a + c, vocab), ["[UNK]"])
        same(student.wordpiece(c + b, vocab), ["[UNK]"])

    @weight(1)
    @hint("The word comes ready for the look-up: change no letter of it, not even to another form of the same letter.")
    @FEW
    @given(seed=SEEDS)
    def test_letters(self, student, seed):
        """Letters are compared as they are"""
        accented, ligature, long_s = "e\u0301", "\ufb01", "\u017f"
        a, b = random.Random(seed).sample("abcdh", 2)
        vocab = {a: 0, f"##{accented}": 1, f"##{ligature}{b}": 2, f"##{long_s}": 3, "ß": 4, f"##ß{a}": 5, "[UNK]": 6}
        same(student.wordpiece(a + accented + ligature + b, vocab), [a, f"##{accented}", f"##{ligature}{b}"])
        same(student.wordpiece(f"ß{long_s}", vocab), ["ß", f"##{long_s}"])
        same(student.wordpiece(f"ßß{a}", vocab), ["ß", f"##ß{a}"])
        same(student.wordpiece(f"{a}\u00e9", vocab), ["[UNK]"])

    @weight(1)
    @hint("The signs # are letters like any other: put ## before the rest of the word and look that up.")
    @FEW
    @given(seed=SEEDS)
    def test_hashes(self, student, seed):
        """Words that contain ## themselves"""
        a, b, c = random.Random(seed).sample("abcdefghij", 3)
        vocab = {a: 0, f"##{b}": 1, "####": 2, "###": 3, "[UNK]": 4}
        same(student.wordpiece(f"{a}##{b}", vocab), [a, "####", f"##{b}"])
        same(student.wordpiece(f"{a}#{b}", vocab), [a, "###", f"##{b}"])
        same(student.wordpiece(f"{a}##{c}", vocab), ["[UNK]"])

    @weight(1)
    @hint("What stands for an unknown word is the caller's choice; it need not be in the vocabulary.")
    @FEW
    @given(puzzle=puzzles(), unknown=st.sampled_from(("<unk>", "?", "[UNK]", "unbekannt")))
    def test_unknown(self, student, reference, puzzle, unknown):
        """Another word for unknown"""
        vocab, word, _ = puzzle
        same(student.wordpiece(word, vocab, unknown), reference.wordpiece(word, vocab, unknown))
        same(student.wordpiece(f"{word}q", vocab, unknown), [unknown])
        same(student.wordpiece("q", vocab, unknown=unknown), [unknown])
        same(student.wordpiece(word, vocab, unknown, max_chars=len(word) - 1), [unknown])

    @weight(2)
    @hint("A word of exactly max_chars characters is still cut; one more is too many, even if the vocabulary knows it.")
    @FEW
    @given(letter=st.sampled_from(("a", "é", "🙂")), limit=st.integers(1, 12))
    def test_longest(self, student, letter, limit):
        """The longest word that is looked at"""
        vocab = {letter: 0, f"##{letter}": 1, letter * (limit + 1): 2}
        for kind in (int, np.int64):
            same(
                student.wordpiece(letter * limit, vocab, max_chars=kind(limit)),
                [letter, *[f"##{letter}"] * (limit - 1)],
            )
            same(student.wordpiece(letter * (limit + 1), vocab, "[UNK]", kind(limit)), ["[UNK]"])

    @weight(1)
    @hint("Without max_chars it is 100, counted in characters, not in bytes.")
    @FEW
    @given(letter=st.sampled_from(("a", "é", "東", "🙂")))
    def test_default_longest(self, student, letter):
        """100 characters by default"""
        vocab = {letter: 0, f"##{letter}": 1}
        same(student.wordpiece(letter * 100, vocab), [letter, *[f"##{letter}"] * 99])
        same(student.wordpiece(letter * 101, vocab), ["[UNK]"])
        same(student.wordpiece(letter * 101, vocab, max_chars=101), [letter, *[f"##{letter}"] * 100])

    @weight(1)
    @hint("A word without letters has no pieces, not even an unknown one.")
    @FEW
    @given(puzzle=puzzles())
    def test_empty(self, student, reference, puzzle):
        """An empty word has no pieces"""
        vocab, word, _ = puzzle
        same(student.wordpiece("", vocab), [])
        same(student.wordpiece(word, vocab), reference.wordpiece(word, vocab))

    @weight(1)
    @hint("A Mapping is asked with `in` and [ ]; methods that only a dict has, such as copy, may be missing.")
    @FEW
    @given(puzzle=puzzles())
    def test_mappings(self, student, reference, puzzle):
        """Any mapping as the vocabulary"""
        entries, word, _ = puzzle
        for kind in ("proxy", "user", "own"):
            vocab = built("mapping", kind_of=kind, entries=entries)
            same(student.wordpiece(word, vocab), reference.wordpiece(word, vocab))
        same(student.wordpiece(f"{word}q", vocab), ["[UNK]"])

    @weight(1)
    @hint("Do not add to the vocabulary, and take nothing out.")
    @FEW
    @given(puzzle=puzzles())
    def test_unchanged(self, student, reference, puzzle):
        """The vocabulary is left as it was"""
        vocab, word, _ = puzzle
        same(student.wordpiece.unchanged(word, vocab), reference.wordpiece(word, vocab))
        same(student.wordpiece.unchanged(f"{word}q", vocab), ["[UNK]"])
