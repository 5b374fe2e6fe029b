"""generate.

A text is compared with what the model of a check writes greedily (`greedy_paths`): with top_k=1 every right answer writes it."""

import importlib.util
from pathlib import Path

import numpy as np
from hypothesis import given, settings

from autograder.checks import (
    asks,
    expect,
    forbids,
    generator,
    heart,
    hint,
    plain,
    same,
    task,
    text_of,
    tiny_tokenizer,
    weight,
)

# pytest imports the files of a suite one by one, so this one loads the other.
_spec = importlib.util.spec_from_file_location("greedy_paths", Path(__file__).with_name("greedy_paths.py"))
walks = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(walks)

ONCE = settings(max_examples=1)
ALARM = -16.1  # log(1e-7): see test_sampling.py


@task("generate", points=4)
@forbids(
    *(f"transformers.GenerationMixin.{name}" for name in ("generate", "generate_batch", "_sample", "_beam_search")),
    "transformers.GenerationMixin._assisted_decoding",
    *(f"transformers.{name}" for name in ("pipeline", "pipelines.pipeline", "TextGenerationPipeline")),
    why="The task is to write this loop.",
)
class TestGenerate:
    @plain
    @heart
    @weight(6)
    @asks("with `top_k=1` the same as greedy decoding", topic="greedy decoding")
    @hint("Ask the model, draw, append the id, ask again; return only what is new.")
    @settings(max_examples=2)
    @given(path=walks.paths(walks.has_words), seed=walks.SEEDS)
    def test_greedy(self, student, path, seed):
        """With top_k=1 it writes what greedy decoding writes"""
        same(student.generate(path.model, tiny_tokenizer(), path.prompt, 5, generator(seed), top_k=1), path.text)

    @plain
    @heart
    @weight(3)
    @asks("with the same seed the same text", topic="the generator")
    @hint("One generator for the whole text: it goes on from token to token, and from text to text.")
    @ONCE
    @given(case=walks.drawn_once(), seed=walks.SEEDS)
    def test_seed(self, student, case, seed):
        """The same seed writes the same texts, and every token is drawn"""
        path, greedy_but_first = case
        given_ = (path.model, tiny_tokenizer(), path.prompt, 5)
        first = student.generate(*given_, generator(seed))
        texts = student.generate.repeated(4, *given_, generator(seed))
        again = student.generate.repeated(4, *given_, generator(seed), temperature=1.0, top_k=None, top_p=None)
        first, texts, again = text_of(first), [*map(text_of, texts)], [*map(text_of, again)]
        for one, other in zip([first, *texts], [texts[0], *again], strict=True):
            expect(one == other, f"the same seed wrote {one!r:.120} and, asked again, {other!r:.120}")
        expect(len(set(texts)) > 1, f"one generator wrote {texts[0]!r} four times: nothing is drawn at random")
        expect(not set(texts) <= greedy_but_first, f"only the first token of {texts} was drawn at random")

    @heart
    @weight(2)
    @asks("temperature, top_k, top_p: as in sample_token", topic="temperature, top-k and top-p together")
    @hint("Each token is drawn as in sample_token: temperature (once), then top-k, then top-p.")
    @ONCE
    @given(case=walks.first_tokens(), seed=walks.SEEDS)
    def test_distribution(self, student, reference, case, seed):
        """32 first tokens follow temperature, top_k and top_p"""
        path, logits, p = case
        how = {"temperature": 2.0, "top_k": 8, "top_p": p}
        texts = student.generate.repeated(32, path.model, tiny_tokenizer(), path.prompt, 1, generator(seed), **how)
        shares: dict[str, float] = {}
        for token, share in enumerate(reference.distribution(logits, **how).tolist()):
            if share > 0:
                text = walks.bare(tiny_tokenizer().decode([token])) if token else ""
                shares[text] = shares.get(text, 0.0) + share
        groups = [*shares]
        for text in texts:
            expect(walks.bare(text) in groups, f"{text!r:.60} was drawn, which the filters rule out")
        drawn = [groups.index(walks.bare(text)) for text in texts]
        rounded = {text: round(share, 2) for text, share in shares.items()}
        expect(
            reference.surprise(drawn, list(shares.values())) > ALARM,
            f"32 draws gave {texts}; expected shares {rounded}",
        )

    @heart
    @weight(2)
    @asks("temperature, top_k, top_p: as in sample_token", topic="temperature, top-k and top-p passed on")
    @hint("Pass all three on: temperature, top_k and top_p, each also when another is given.")
    @ONCE
    @given(
        path=walks.paths(lambda path: walks.runs(path) and walks.is_tidy(path.text) and path.gap > 0.2),
        seed=walks.SEEDS,
    )
    def test_passed_on(self, student, path, seed):
        """Temperature, top_k and top_p all reach the draw"""
        for temperature, top_k, top_p in ((0.01, 200, None), (1.0, 200, 1e-4), (5.0, 1, 0.9), (0.01, None, 0.9)):
            answer = student.generate(
                path.model, tiny_tokenizer(), path.prompt, 5, generator(seed), temperature, top_k, top_p
            )
            same(answer, path.text)

    @weight(1)
    @asks("Ask the model for scores, draw a token, append its id, ask again", topic="every step")
    @hint("At each step only the k best of that step may be drawn.")
    @ONCE
    @given(fork=walks.forks(), seed=walks.SEEDS)
    def test_steps(self, student, fork, seed):
        """With top_k=2 each token is one of the two best of its step"""
        path, texts = fork
        possible = {walks.bare(text) for text in texts}
        for text in student.generate.repeated(2, path.model, tiny_tokenizer(), path.prompt, 4, generator(seed), 1.0, 2):
            expect(walks.bare(text) in possible, f"with top_k=2 the text cannot be {text!r:.120}")

    @weight(1)
    @asks("and without filters every token can come", topic="no filter")
    @hint("Without top_k every token of the vocabulary can come.")
    @ONCE
    @given(path=walks.paths(walks.runs, *walks.PROMPTS), seed=walks.SEEDS)
    def test_no_filter(self, student, path, seed):
        """Without filters nothing is ruled out"""
        # 220 of the 384 tokens have a text that none of the best fifty has: (164/384)^24 < 2e-9
        logits = walks.next_logits(path.model, [tiny_tokenizer()(path.prompt).input_ids])[0]
        best = {walks.bare(tiny_tokenizer().decode([token])) for token in logits.topk(50).indices.tolist()} | {""}
        drawn = student.generate.repeated(24, path.model, tiny_tokenizer(), path.prompt, 1, generator(seed), 1e6)
        texts = [*map(text_of, drawn)]
        expect(not {walks.bare(text) for text in texts} <= best, "at a temperature of a million every token is as likely as another, "
               f"but 24 draws gave only some of the best: {sorted(set(texts))}")  # fmt: skip

    @weight(2)
    @asks("or before the end-of-sequence token", topic="the end of the text")
    @hint("When the end-of-sequence token is drawn the text is finished, and the token is not part of it.")
    @settings(max_examples=2)
    @given(path=walks.paths(walks.ends), seed=walks.SEEDS)
    def test_end(self, student, path, seed):
        """It stops at the end-of-sequence token, which is not in the text"""
        for limit in (8, len(path.ids) + 1, len(path.ids)):
            answer = student.generate(path.model, tiny_tokenizer(), path.prompt, limit, generator(seed), top_k=1)
            expect(walks.bare(answer) == walks.bare(path.text), f"returned {answer!r:.120}; expected {path.text!r}")

    @weight(1)
    @asks("or before the end-of-sequence token", topic="a text that ends at once")
    @hint("The first token may already be the end.")
    @ONCE
    @given(
        path=walks.paths(lambda path: not path.ids),
        other=walks.paths(walks.is_ordinary),
        seed=walks.SEEDS,
    )
    def test_end_at_once(self, student, path, other, seed):
        """A text that ends at once is empty"""
        same(student.generate(path.model, tiny_tokenizer(), path.prompt, 4, generator(seed), top_k=1), "")
        same(student.generate(other.model, tiny_tokenizer(), other.prompt, 5, generator(seed), top_k=1), other.text)

    @weight(3)
    @asks("Nothing else ends it", topic="what is not the end")
    @hint("Only the end-of-sequence token ends a text: no line end, no full stop, no token that has come before.")
    @ONCE
    @given(texts=walks.unfinished(), seed=walks.SEEDS)
    def test_goes_on(self, student, texts, seed):
        """No other token ends the text"""
        for path in texts:
            answer = student.generate(path.model, tiny_tokenizer(), path.prompt, 5, generator(seed), top_k=1)
            expect(walks.bare(answer) == walks.bare(path.text), f"returned {answer!r:.120}; expected {path.text!r}")

    @weight(1)
    @asks("with `max_new_tokens=0` an empty string", topic="no new tokens")
    @hint("Count the new tokens, not those of the prompt: 0 of them make an empty text.")
    @ONCE
    @given(path=walks.paths(walks.is_ordinary), seed=walks.SEEDS)
    def test_nothing(self, student, path, seed):
        """No new tokens make an empty text"""
        same(student.generate(path.model, tiny_tokenizer(), path.prompt, 0, generator(seed), top_k=1), "")
        same(student.generate(path.model, tiny_tokenizer(), path.prompt, 5, generator(seed), top_k=1), path.text)

    @weight(1)
    @asks("NumPy's integers work wherever an int is asked for", topic="integers from NumPy")
    @hint("np.int64 is no subclass of int: numbers.Integral covers both.", when="raised values")
    @ONCE
    @given(path=walks.paths(walks.is_ordinary), seed=walks.SEEDS)
    def test_numpy(self, student, path, seed):
        """NumPy integers work"""
        how = {"max_new_tokens": np.int64(5), "generator": generator(seed), "top_k": np.int64(1)}
        same(student.generate(path.model, tiny_tokenizer(), path.prompt, **how), path.text)

    @weight(1)
    @asks("The prompt goes to the tokenizer as it is", topic="unusual and long prompts")
    @hint("The prompt goes to the tokenizer as it is: nothing is stripped, cut or changed.")
    @ONCE
    @given(
        path=walks.paths(walks.as_it_is, walks.AS_IT_IS),
        long=walks.paths(walks.needs_all, walks.LONG),
        seed=walks.SEEDS,
    )
    def test_prompt(self, student, path, long, seed):
        """A prompt with spaces, other alphabets and line ends, and a long one"""
        for one in (path, long):
            answer = student.generate(one.model, tiny_tokenizer(), one.prompt, 5, generator(seed), top_k=1)
            expect(walks.bare(answer) == walks.bare(one.text), f"returned {answer!r:.120}; expected {one.text!r}")

    @weight(1)
    @asks("spaces and line ends at its edges included", topic="blanks at the edges")
    @hint("Spaces and line ends at the edges are part of the new text.")
    @ONCE
    @given(
        left=walks.paths(walks.changed_by(str.lstrip)),
        right=walks.paths(walks.changed_by(str.rstrip)),
        seed=walks.SEEDS,
    )
    def test_blanks(self, student, left, right, seed):
        """Spaces at the beginning and at the end of the new text stay"""
        for path in (left, right):
            same(student.generate(path.model, tiny_tokenizer(), path.prompt, 5, generator(seed), top_k=1), path.text)

    @weight(1)
    @asks("decode all new ids **together** at the end", topic="characters of several tokens")
    @hint("A character may be made of several tokens: collect ids and decode them together, once.")
    @ONCE
    @given(path=walks.paths(walks.is_joined), seed=walks.SEEDS)
    def test_joined(self, student, path, seed):
        """Tokens that make one character together are decoded together"""
        same(student.generate(path.model, tiny_tokenizer(), path.prompt, 5, generator(seed), top_k=1), path.text)

    @weight(1)
    @asks("Arguments stay as they were", topic="arguments left unchanged")
    @hint("The model belongs to the caller: do not convert it.")
    @ONCE
    @given(path=walks.paths(walks.is_ordinary, first=2**32), seed=walks.SEEDS)
    def test_unchanged(self, student, path, seed):
        """The model is left as it was"""
        answer = student.generate.unchanged(path.model, tiny_tokenizer(), path.prompt, 5, generator(seed), top_k=1)
        same(answer, path.text)
