"""wordpiece."""

import random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checks import asks, built, forbids, heart, hint, plain, same, task, weight

MODEL = "bert-base-uncased"
SEEDS = st.integers(0, 2**31)
SOME, FEW = settings(max_examples=15), settings(max_examples=5)
FORBIDDEN = (
    *(f"transformers.{name}" for name in ("BertTokenizer", "BertTokenizerFast", "WordpieceTokenizer")),
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
    *(
        f"tokenizers.Tokenizer.{way}{name}"
        for way in ("", "async_")
        for name in ("encode", "encode_batch", "encode_batch_fast")
    ),
)
"""Library tokenizers by name, for the source, and the methods that all of them end in, for what runs."""


@st.composite
def puzzles(draw: st.DrawFn) -> tuple[dict[str, int], str, list[str]]:
    """A small vocabulary, a word that it splits, and the word's pieces: each differs from all others in its first letter, so that there
    is one way through and no piece is used twice.  The ids begin at 1, and no piece is longer than four letters."""
    generator = random.Random(draw(SEEDS))
    alphabet = generator.sample("abcdefghijklmnopr", 12)
    parts = [letter + "".join(generator.choices("stuvw", k=generator.randint(1, 3))) for letter in alphabet]
    chosen, others = parts[: generator.randint(2, 4)], parts[5:]
    head, *tails = chosen
    pieces = [head, *(f"##{tail}" for tail in tails)]
    entries = ["[UNK]", *pieces, *others[:3], *(f"##{part}" for part in others[3:])]
    generator.shuffle(entries)
    return {piece: number for number, piece in enumerate(entries, start=1)}, "".join(chosen), pieces


@st.composite
def real_words(draw: st.DrawFn) -> list[str]:
    """Words that BERT's vocabulary splits, and one that it holds."""
    generator = random.Random(draw(SEEDS))
    vocabulary = built("course-vocabulary", name=MODEL)
    whole = sorted(piece for piece in vocabulary if piece.isascii() and piece.isalpha() and 4 < len(piece) < 9)
    return ["tokenization", "snowboarding", "unbelievably", generator.choice(whole)]


@task("wordpiece", points=5)
@forbids(*FORBIDDEN, why="Here you write what a tokenizer does inside: work on the word and the vocabulary alone.")
class TestWordpiece:
    @plain
    @heart
    @weight(14)
    @asks("The pieces of one word, by greedy longest match first.", topic="words of a small vocabulary")
    @hint(
        "Take the longest piece that the rest of the word begins with, again and again; after the first with ## before it."
    )
    @SOME
    @given(puzzle=puzzles())
    def test_values(self, student, puzzle):
        """Words that a small vocabulary splits"""
        vocab, word, pieces = puzzle
        known = {"[UNK]": 1, "un": 2, "##aff": 3, "##able": 4, "u": 5, "##a": 6}
        same(student.wordpiece("unaffable", known), ["un", "##aff", "##able"])
        same(student.wordpiece("un", known), ["un"])
        same(student.wordpiece(word, vocab), pieces)

    @plain
    @weight(6)
    @asks("the same pieces as the real tokenizer's", topic="words of a real vocabulary")
    @hint("Compare with tokenizer.tokenize(word) in a cell of your own.")
    @settings(max_examples=2)
    @given(words=real_words())
    def test_real_words(self, student, reference, words):
        """Words of BERT's vocabulary, and words that it splits"""
        vocab = built("course-vocabulary", name=MODEL)
        for word in words:
            same(student.wordpiece(word, vocab), reference.wordpiece(word, vocab))

    @heart
    @weight(5)
    @asks("find the longest piece of the vocabulary that the word begins with", topic="the longest match")
    @hint("Of several pieces that fit here take the longest, whatever that means for the rest.")
    @FEW
    @given(seed=SEEDS)
    def test_longest_match(self, student, seed):
        """Of several pieces that fit, the longest"""
        a, b, c, d = random.Random(seed).sample("abcdefghij", 4)
        vocab = numbered(a, a + b, a + b + c, f"##{b}", f"##{c}", f"##{d}", f"##{b}{c}{d}", f"##{c}{d}")
        same(student.wordpiece(a + b + d, vocab), [a + b, f"##{d}"])
        same(student.wordpiece(a + d + b, vocab), [a, f"##{d}", f"##{b}"])
        same(student.wordpiece(a + b + c + d, vocab), [a + b + c, f"##{d}"])
        same(student.wordpiece(a + c + d, vocab), [a, f"##{c}{d}"])
        fewer = numbered(a + b, a, f"##{b}{c}{d}", f"##{c}", f"##{d}")
        same(
            student.wordpiece(a + b + c + d, fewer), [a + b, f"##{c}", f"##{d}"]
        )  # neither the fewest pieces nor the longest anywhere

    @weight(4)
    @asks("There is no going back: if a choice leads into a dead end", topic="dead ends")
    @hint("Once the longest piece is taken it stays, even if a shorter one would have led through.")
    @FEW
    @given(seed=SEEDS)
    def test_dead_end(self, student, seed):
        """A longest piece that leads into a dead end"""
        a, b, c, d = random.Random(seed).sample("abcdefghij", 4)
        vocab = numbered(a, a + b, f"##{b}{c}", f"##{d}", f"##{d}{b}", f"##{b}")
        same(student.wordpiece(a + b + c, vocab), ["[UNK]"])
        same(student.wordpiece(a + d + b + c, vocab), ["[UNK]"])

    @weight(5)
    @asks("the whole word is unknown, and the answer is `[unknown]` alone", topic="words without a match")
    @hint(
        "If any part has no match, the pieces found so far are worth nothing: the answer is [unknown].",
        when="values raised returned_nothing",
    )
    @FEW
    @given(puzzle=puzzles())
    def test_no_match(self, student, puzzle):
        """A part without a match makes the whole word unknown, wherever it is"""
        vocab, word, pieces = puzzle
        for strange in (f"{word}q", f"q{word}", f"{pieces[0]}q{word[len(pieces[0]) :]}", "q", "qqq"):
            same(student.wordpiece(strange, vocab), ["[UNK]"])

    @weight(4)
    @asks("For the rest, the entry to look for begins with `##`.", topic="beginnings and continuations")
    @hint("A piece with ## only continues a word, and one without only begins it.")
    @FEW
    @given(seed=SEEDS)
    def test_two_kinds(self, student, seed):
        """Beginnings and continuations are different entries"""
        a, b, c = random.Random(seed).sample("abcdefghij", 3)
        vocab = numbered(f"##{a}", b, f"##{c}", c)
        same(student.wordpiece(b + a + c, vocab), [b, f"##{a}", f"##{c}"])
        same(student.wordpiece(a + c, vocab), ["[UNK]"])
        same(student.wordpiece(c + b, vocab), ["[UNK]"])

    @weight(2)
    @asks("find the longest piece of the vocabulary that the word begins with", topic="repeated and single letters")
    @hint("A piece may be used as often as it fits, and may be a single letter, also at the end of the word.")
    @FEW
    @given(seed=SEEDS)
    def test_short_pieces(self, student, seed):
        """The same piece twice, and single letters up to the end"""
        a, b = random.Random(seed).sample("abcdefghij", 2)
        vocab = numbered(a, f"##{a}", f"##{b}")
        same(student.wordpiece(a + b, vocab), [a, f"##{b}"])
        same(student.wordpiece(a + b + b + a + b, vocab), [a, f"##{b}", f"##{b}", f"##{a}", f"##{b}"])

    @weight(1)
    @asks("find the longest piece of the vocabulary that the word begins with", topic="long pieces")
    @hint("A piece may have any length, up to that of the word.")
    @FEW
    @given(size=st.integers(15, 30))
    def test_long_pieces(self, student, size):
        """Pieces of many letters"""
        vocab = numbered("a" * size, "a" * 3, "##" + "b" * size, "##b")
        same(student.wordpiece("a" * size + "b" * size, vocab), ["a" * size, "##" + "b" * size])

    @weight(2)
    @asks("Letters are compared as they are", topic="accents and other scripts")
    @hint("The word comes ready for the look-up: change no letter of it, not even to another form of the same letter.")
    @FEW
    @given(seed=SEEDS)
    def test_letters(self, student, seed):
        """Letters are compared as they are"""
        accented, ligature, long_s = "e\u0301", "\ufb01", "\u017f"
        a, b = random.Random(seed).sample("abcdh", 2)
        vocab = numbered(a, f"##{accented}", f"##{ligature}{b}", f"##{long_s}", "ß", f"##ß{a}", "é", "##東", "##-7")
        same(student.wordpiece(a + accented + ligature + b, vocab), [a, f"##{accented}", f"##{ligature}{b}"])
        same(student.wordpiece(f"ß{long_s}", vocab), ["ß", f"##{long_s}"])
        same(student.wordpiece(f"ßß{a}", vocab), ["ß", f"##ß{a}"])
        same(student.wordpiece("é東-7", vocab), ["é", "##東", "##-7"])
        same(student.wordpiece(f"{a}\u00e9", vocab), ["[UNK]"])

    @weight(1)
    @asks("a `#` in the word is a character like any other", topic="words with hash signs")
    @hint("Put ## before the rest of the word and look that up, even if the rest has a # itself.")
    @FEW
    @given(seed=SEEDS)
    def test_hashes(self, student, seed):
        """Words that contain ## themselves"""
        a, b, c = random.Random(seed).sample("abcdefghij", 3)
        vocab = numbered(a, f"##{b}", "####", "###")
        same(student.wordpiece(f"{a}##{b}", vocab), [a, "####", f"##{b}"])
        same(student.wordpiece(f"{a}#{b}", vocab), [a, "###", f"##{b}"])
        same(student.wordpiece(f"{a}##{c}", vocab), ["[UNK]"])

    @weight(2)
    @asks("unknown: a str, which need not be in vocab", topic="another unknown piece")
    @hint(
        "What stands for an unknown word is the caller's choice; it need not be in the vocabulary.",
        when="values raised",
    )
    @FEW
    @given(puzzle=puzzles(), unknown=st.sampled_from(("<unk>", "?", "unbekannt")))
    def test_unknown(self, student, puzzle, unknown):
        """Another word for unknown, which is missing from the vocabulary"""
        vocab, word, pieces = puzzle
        known = {piece: number for piece, number in vocab.items() if piece != "[UNK]"}
        same(student.wordpiece(word, known), pieces)
        same(student.wordpiece(word, vocab, unknown), pieces)
        same(student.wordpiece(f"{word}q", vocab, unknown), [unknown])
        same(student.wordpiece("q", vocab, unknown=unknown), [unknown])

    @weight(3)
    @asks("The same goes for a word longer than `max_chars` characters", topic="the longest word")
    @hint(
        "A word of exactly max_chars characters is still split; one more is too many, even if the vocabulary knows it."
    )
    @FEW
    @given(letter=st.sampled_from("abc"), limit=st.integers(1, 12))
    def test_longest(self, student, letter, limit):
        """The longest word that is split"""
        vocab = numbered(letter, f"##{letter}", letter * (limit + 1))
        pieces = [letter, *[f"##{letter}"] * (limit - 1)]
        same(student.wordpiece(letter * limit, vocab, max_chars=limit), pieces)
        same(student.wordpiece(letter * (limit + 1), vocab, max_chars=limit), ["[UNK]"])
        same(student.wordpiece(letter * (limit + 2), vocab, max_chars=limit), ["[UNK]"])

    @weight(1)
    @asks("The same goes for a word longer than `max_chars` characters", topic="the longest word")
    @hint("A word that is too long is `unknown` too, whatever that was set to.")
    @FEW
    @given(letter=st.sampled_from("abc"), limit=st.integers(1, 12), unknown=st.sampled_from(("<unk>", "?")))
    def test_longest_unknown(self, student, letter, limit, unknown):
        """A word that is too long, with another unknown"""
        vocab = numbered(letter, f"##{letter}", letter * (limit + 1))
        same(student.wordpiece(letter * (limit + 2), vocab, unknown, limit), [unknown])

    @weight(1)
    @asks("a `max_chars` of 0 leaves room for the empty word alone", topic="a limit of zero")
    @hint("0 is a limit like any other: every word with a letter is longer.", when="values raised")
    @FEW
    @given(puzzle=puzzles())
    def test_no_room(self, student, puzzle):
        """A max_chars of 0"""
        vocab, word, pieces = puzzle
        same(student.wordpiece(word, vocab, max_chars=0), ["[UNK]"])
        same(student.wordpiece(pieces[0], vocab, max_chars=0), ["[UNK]"])

    @weight(1)
    @asks("[unknown] alone if some part has no match or the word has more than max_chars", topic="the default limit")
    @hint("Without max_chars it is 100, counted in characters, not in bytes.")
    @FEW
    @given(letter=st.sampled_from(("é", "東", "🙂")))
    def test_default_longest(self, student, letter):
        """100 characters by default"""
        vocab = numbered(letter, f"##{letter}")
        same(student.wordpiece(letter * 100, vocab), [letter, *[f"##{letter}"] * 99])
        same(student.wordpiece(letter * 101, vocab), ["[UNK]"])
        same(student.wordpiece(letter * 101, vocab, max_chars=101), [letter, *[f"##{letter}"] * 100])

    @weight(1)
    @asks("and [] for an empty word.", topic="an empty word")
    @hint("A word without letters has no pieces, not even an unknown one.", when="values raised")
    @FEW
    @given(puzzle=puzzles())
    def test_empty(self, student, puzzle):
        """An empty word has no pieces"""
        vocab = puzzle[0]
        same(student.wordpiece("", vocab), [])
        same(student.wordpiece("", vocab, max_chars=0), [])

    @weight(1)
    @asks("vocab: a mapping from pieces to ids, counted from 0", topic="the first entry of the vocabulary")
    @hint("An id of 0 is an id: ask whether the piece is in the vocabulary, not whether its id is true.")
    @FEW
    @given(puzzle=puzzles())
    def test_first_entry(self, student, puzzle):
        """The entry with id 0"""
        vocab, word, pieces = puzzle
        for piece in pieces[:2]:
            from_zero = {entry: number for number, entry in enumerate([piece, *(key for key in vocab if key != piece)])}
            same(student.wordpiece(word, from_zero), pieces)

    @weight(1)
    @asks("from the word and a mapping alone", topic="the same word and another vocabulary")
    @hint("Look the word up in the vocabulary that is passed with it.")
    @FEW
    @given(puzzle=puzzles())
    def test_another_vocabulary(self, student, puzzle):
        """The same word with another vocabulary"""
        vocab, word, pieces = puzzle
        same(student.wordpiece(word, vocab), pieces)
        same(student.wordpiece(word, {**vocab, word: len(vocab) + 1}), [word])

    @weight(1)
    @asks("(any Mapping, not only a", topic="any mapping")
    @hint(
        "A Mapping is asked with `in` and [ ]; methods that only a dict has, such as copy, may be missing.",
        when="values raised",
    )
    @FEW
    @given(puzzle=puzzles())
    def test_mappings(self, student, puzzle):
        """Any mapping as the vocabulary"""
        entries, word, pieces = puzzle
        for kind in ("proxy", "user", "own"):
            vocab = built("mapping", kind_of=kind, entries=entries)
            same(student.wordpiece(word, vocab), pieces)

    @weight(1)
    @asks(
        "An int may also come as a NumPy integer, such as `np.int64(8)`, alone or inside a list.",
        topic="NumPy integers",
    )
    @hint("A NumPy integer is a whole number too.", when="values raised")
    @FEW
    @given(puzzle=puzzles())
    def test_integers(self, student, puzzle):
        """A NumPy integer for max_chars"""
        vocab, word, pieces = puzzle
        same(student.wordpiece(word, vocab, max_chars=np.int64(90)), pieces)

    @weight(2)
    @asks(
        "A function leaves its arguments unchanged: lists, tensors, mappings, and the settings of a tokenizer.",
        topic="arguments left unchanged",
    )
    @hint("Do not add to the vocabulary, and take nothing out.")
    @FEW
    @given(puzzle=puzzles())
    def test_unchanged(self, student, puzzle):
        """The vocabulary is left as it was"""
        vocab, word, pieces = puzzle
        same(student.wordpiece.unchanged(word, vocab), pieces)
        student.wordpiece.unchanged(f"{word}q", vocab, "<unk>")  # what it should give, another check asks


def numbered(*pieces: str) -> dict[str, int]:
    """A vocabulary of [UNK] and these pieces, with ids from 1 on."""
    return {piece: number for number, piece in enumerate(("[UNK]", *pieces), start=1)}
