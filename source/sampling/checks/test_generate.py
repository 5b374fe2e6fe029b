"""generate."""

import string
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.checks import expect, forbids, generator, hint, task, tiny_causal_lm, tiny_tokenizer, weight

SEEDS = st.integers(0, 2**31).filter(bool)
ONCE = settings(max_examples=1)
LETTERS = tuple(string.ascii_letters + string.digits)
PROMPTS = ("The cat sat on", "naïve café, 東京 🙂", "new\nline\tand tab", "(3 + 4) * 5 =")
AS_IT_IS = "  Überall SPACES: 東京 🙂…\n\tand  more  "
CHANGES = (
    str.strip, str.lstrip, str.rstrip, str.lower, str.upper, str.expandtabs,
    lambda text: text.replace("\n", " "), lambda text: text.replace("\n", ""), lambda text: text.replace("  ", " "),
    lambda text: " ".join(text.split()), lambda text: text.encode("ascii", "ignore").decode(),
    lambda text: unicodedata.normalize("NFKC", text), lambda text: unicodedata.normalize("NFD", text),
)  # fmt: skip
LONG = "Once upon a time there was a very small model that could only count to three, and it did. " * 2
ALARM = -16.1  # log(1e-7): see test_sampling.py


@dataclass(frozen=True)
class Path:
    """What a tiny model writes greedily after a prompt: `ids`, up to the end-of-text token if it comes."""

    seed: int
    arch: str
    prompt: str
    ids: tuple[int, ...]
    text: str
    likelihood: float
    gap: float  # between the best score and the next, at the step where they are closest

    @property
    def model(self) -> Any:
        return tiny_causal_lm(self.seed, self.arch)


def greedy(seed: int, arch: str, prompts: tuple[str, ...]) -> list[Path]:
    """The greedy continuations, of five tokens, of prompts of equally many tokens, by transformers' own `generate`, without near ties."""
    model, inputs = tiny_causal_lm(seed, arch), tiny_tokenizer()(list(prompts), return_tensors="pt")
    how = {"do_sample": False, "max_new_tokens": 5, "pad_token_id": 0}
    written = model.generate(**inputs, **how, output_logits=True, return_dict_in_generate=True)
    logits = torch.stack(written.logits, 1)
    best, likely = logits.topk(2, -1).values, torch.softmax(logits, -1).amax(-1)
    found = []
    for row, prompt in enumerate(prompts):
        ids = written.sequences[row, inputs.input_ids.shape[1] :].tolist()
        length = ids.index(0) if 0 in ids else len(ids)
        text, gap = tiny_tokenizer().decode(ids[:length]), (best[row, :, 0] - best[row, :, 1])[: length + 1].min()
        found.append(
            Path(seed, arch, prompt, tuple(ids[:length]), text, float(likely[row, :length].prod()), float(gap))
        )
    return [path for path in found if path.gap > 0.02]


def ends(path: Path) -> bool:
    return 1 <= len(path.ids) < 4


def runs(path: Path) -> bool:
    return len(path.ids) == 5 and path.likelihood < 1e-4


def changed_by(cut: Callable[[str], str]) -> Callable[[Path], bool]:
    return lambda path: len(path.ids) == 5 and cut(path.text) != path.text


def differs(path: Path, starts: Iterable[list[int]]) -> bool:
    """Whether the model of a path writes something else, greedily, after each of these ids."""
    how = {"do_sample": False, "max_new_tokens": 5, "pad_token_id": 0}
    for start in starts:
        ids = path.model.generate(torch.tensor([start]), **how)[0, len(start) :].tolist()
        if path.text == tiny_tokenizer().decode(ids[: ids.index(0)] if 0 in ids else ids):
            return False
    return True


def as_it_is(path: Path) -> bool:
    """None of the CHANGES of the prompt leads to the same text."""
    return runs(path) and differs(path, (tiny_tokenizer()(change(path.prompt)).input_ids for change in CHANGES))


def needs_all(path: Path) -> bool:
    """Neither a beginning nor an end of the prompt leads to the same text."""
    ids = tiny_tokenizer()(path.prompt).input_ids
    cuts = [cut for size in (1, 8, 16, 32, 50, 64, 100, 128) for cut in (ids[-size:], ids[:size])]
    return path.arch == "gpt2" and runs(path) and differs(path, cuts)


def is_joined(path: Path) -> bool:
    parts = ["".join(tiny_tokenizer().decode(path.ids[i : i + n]) for i in range(0, 5, n)) for n in (1, 2)]
    return len(path.ids) == 5 and path.text not in parts


@st.composite
def paths(draw: st.DrawFn, wanted: Callable[[Path], bool], *prompts: str, first: int = 0) -> Path:
    """A greedy path of five steps that is as wanted, in one of random models, after one of the prompts (default: a letter)."""
    seed = draw(SEEDS) + first
    group = (draw(st.sampled_from(prompts)),) if prompts else LETTERS
    for offset in range(200):
        found = [path for path in greedy(seed + offset, ("llama", "gpt2")[(seed + offset) % 2], group) if wanted(path)]
        if found:
            return found[seed % len(found)]
    raise AssertionError("no tiny model writes such a text")


def next_logits(model: Any, ids: list[list[int]]) -> torch.Tensor:
    with torch.no_grad():
        return model(torch.tensor(ids)).logits[:, -1].double()


@st.composite
def drawn_once(draw: st.DrawFn) -> tuple[Path, frozenset[str]]:
    """A path, and every text of five tokens whose first is drawn and whose others are greedy: together they have so little
    probability that four draws are all among them in fewer than one of five million right answers."""
    for _ in range(50):
        path = draw(paths(runs, *PROMPTS))
        start = tiny_tokenizer()(path.prompt).input_ids
        first = torch.softmax(next_logits(path.model, [start])[0], -1)
        longer = torch.tensor([[*start, token] for token in range(1, path.model.config.vocab_size)])
        how = {"do_sample": False, "max_new_tokens": 4, "pad_token_id": 0, "attention_mask": torch.ones_like(longer)}
        found = path.model.generate(longer, **how, output_logits=True, return_dict_in_generate=True)
        ids, logits = found.sequences[:, len(start) :], torch.stack(found.logits, 1).double()
        likely = torch.softmax(logits, -1).amax(-1)
        likely[:, 1:][(ids[:, 1:-1] == 0).cumsum(-1) > 0] = 1.0
        if first[0] + (first[1:] * likely.prod(-1)).sum() < 0.02 and first.max() < 0.3:
            return path, frozenset(["", *tiny_tokenizer().batch_decode(ids, skip_special_tokens=True)])
    raise AssertionError("no model that surprises itself")


@st.composite
def forks(draw: st.DrawFn) -> tuple[Path, frozenset[str]]:
    """A path, and every text that can come about in four steps with top_k=2."""
    for _ in range(50):
        path = draw(paths(runs, *PROMPTS))
        start = tiny_tokenizer()(path.prompt).input_ids
        texts, open_ids, clear = set(), [start], True
        for step in range(4):
            best = next_logits(path.model, open_ids).topk(3, -1)
            clear = clear and bool((best.values[:, 1] - best.values[:, 2] > 1e-3).all())
            longer = [
                [*ids, token] for ids, pair in zip(open_ids, best.indices.tolist(), strict=True) for token in pair[:2]
            ]
            finished = [ids for ids in longer if step == 3 or ids[-1] == 0]
            texts |= {tiny_tokenizer().decode([token for token in ids[len(start) :] if token]) for ids in finished}
            open_ids = [ids for ids in longer if ids[-1] != 0]
        if clear:
            return path, frozenset(texts)
    raise AssertionError("no model without near ties")


@st.composite
def first_tokens(draw: st.DrawFn) -> tuple[Path, torch.Tensor, float]:
    """A path, the scores after its prompt, and a p for which, at temperature 2 and with top_k=8, the nucleus among the 8, all of
    different texts, is much smaller than one of the whole vocabulary, or than one at temperature 4."""
    seed = draw(SEEDS)
    for offset in range(200):
        model, letters = tiny_causal_lm(seed + offset, "gpt2"), tiny_tokenizer()(list(LETTERS)).input_ids
        logits = next_logits(model, letters)
        for row, p in telling(logits):
            found = [path for path in greedy(seed + offset, "gpt2", (LETTERS[row],)) if runs(path)]
            if found:
                return found[0], logits[row], p
    raise AssertionError("no model whose first tokens tell the orders apart")


def telling(logits: torch.Tensor) -> Iterator[tuple[int, float]]:
    """The rows of [n, vocabulary] scores that have a p as in `first_tokens`, each with its p."""
    best, ids = logits.topk(9, -1)
    whole = torch.softmax(logits / 2, -1).gather(-1, ids[:, :8]).cumsum(-1)
    eight, hot = (torch.softmax(best[:, :8] / temperature, -1).cumsum(-1) for temperature in (2, 4))
    for p in (0.3, 0.4, 0.5, 0.6, 0.7):
        size, size_of_whole, size_of_hot = (
            (sums < p).sum(-1, keepdim=True).clamp(max=7) for sums in (eight, whole, hot)
        )
        extra = torch.minimum(
            eight.gather(-1, size_of_whole) - eight.gather(-1, size),
            1 - hot.gather(-1, size) / hot.gather(-1, size_of_hot),
        )
        clear = (best[:, 7] - best[:, 8] > 1e-3) & (extra[:, 0] > 0.4) & ((eight - p).abs().amin(-1) > 1e-3)
        for row in clear.nonzero()[:, 0].tolist():
            if len(set(tiny_tokenizer().batch_decode(ids[row, :8, None]))) == 8:
                yield row, p


def written(answer, text):
    expect(isinstance(answer, str), f"expected a string, not {answer!r:.60}")
    expect(answer == text, f"expected the text {text!r}, not {answer!r:.120}")


@task("generate", points=4)
@forbids(
    *(f"transformers.GenerationMixin.{name}" for name in ("generate", "generate_batch", "_sample", "_beam_search")),
    "transformers.GenerationMixin._assisted_decoding",
    *(f"transformers.{name}" for name in ("pipeline", "pipelines.pipeline", "TextGenerationPipeline")),
    why="The task is to write this loop.",
)
class TestGenerate:
    @weight(3)
    @hint("Ask the model, draw, append the id, ask again; hand back only what is new.")
    @settings(max_examples=2)
    @given(path=paths(runs, *PROMPTS), seed=SEEDS)
    def test_greedy(self, student, path, seed):
        """With top_k=1 it writes what greedy decoding writes"""
        written(student.generate(path.model, tiny_tokenizer(), path.prompt, 5, generator(seed), top_k=1), path.text)

    @weight(2)
    @hint("When the end-of-sequence token is drawn the text is finished, and the token is not part of it.")
    @settings(max_examples=2)
    @given(path=paths(ends), seed=SEEDS)
    def test_end(self, student, path, seed):
        """It stops at the end-of-sequence token, which is not in the text"""
        written(student.generate(path.model, tiny_tokenizer(), path.prompt, 8, generator(seed), top_k=1), path.text)

    @weight(1)
    @hint("The first token may already be the end.")
    @ONCE
    @given(path=paths(lambda path: not path.ids), other=paths(runs, *PROMPTS), seed=SEEDS)
    def test_end_at_once(self, student, path, other, seed):
        """A text that ends at once is empty"""
        written(student.generate(path.model, tiny_tokenizer(), path.prompt, 4, generator(seed), top_k=1), "")
        only = tiny_tokenizer().decode(other.ids[:1])
        written(student.generate(other.model, tiny_tokenizer(), other.prompt, 1, generator(seed), top_k=1), only)

    @weight(1)
    @hint("Count the new tokens, not those of the prompt: 0 of them make an empty text.")
    @ONCE
    @given(path=paths(runs, *PROMPTS), seed=SEEDS)
    def test_length(self, student, path, seed):
        """No new tokens make an empty text, three make three"""
        written(student.generate(path.model, tiny_tokenizer(), path.prompt, 0, generator(seed), top_k=1), "")
        three = tiny_tokenizer().decode(path.ids[:3])
        how = {"max_new_tokens": np.int64(3), "generator": generator(seed), "top_k": np.int64(1)}
        written(student.generate(path.model, tiny_tokenizer(), path.prompt, **how), three)

    @weight(1)
    @hint("The prompt goes to the tokenizer as it is: nothing is stripped, cut or changed.")
    @ONCE
    @given(path=paths(as_it_is, AS_IT_IS), long=paths(needs_all, LONG), seed=SEEDS)
    def test_prompt(self, student, path, long, seed):
        """A prompt with spaces, other alphabets and line ends, and a long one"""
        for one in (path, long):
            written(student.generate(one.model, tiny_tokenizer(), one.prompt, 5, generator(seed), top_k=1), one.text)

    @weight(1)
    @hint("Spaces and line ends at the edges are part of the new text.")
    @ONCE
    @given(left=paths(changed_by(str.lstrip)), right=paths(changed_by(str.rstrip)), seed=SEEDS)
    def test_blanks(self, student, left, right, seed):
        """Spaces at the beginning and at the end of the new text stay"""
        for path in (left, right):
            written(student.generate(path.model, tiny_tokenizer(), path.prompt, 5, generator(seed), top_k=1), path.text)

    @weight(1)
    @hint("A character may be made of several tokens: collect ids and decode them together, once.")
    @ONCE
    @given(path=paths(is_joined), seed=SEEDS)
    def test_joined(self, student, path, seed):
        """Tokens that make one character together are decoded together"""
        written(student.generate(path.model, tiny_tokenizer(), path.prompt, 5, generator(seed), top_k=1), path.text)

    @weight(2)
    @hint("Pass all three on: temperature, top_k and top_p, each also when another is given.")
    @ONCE
    @given(path=paths(lambda path: runs(path) and path.gap > 0.4), seed=SEEDS)
    def test_passed_on(self, student, path, seed):
        """Temperature, top_k and top_p all reach the draw"""
        for temperature, top_k, top_p in ((0.02, 200, None), (1.0, 200, 1e-4), (5.0, 1, 0.9), (0.02, None, 0.9)):
            answer = student.generate(
                path.model, tiny_tokenizer(), path.prompt, 5, generator(seed), temperature, top_k, top_p
            )
            written(answer, path.text)

    @weight(2)
    @hint("One generator for the whole text: it goes on from token to token, and from text to text.")
    @ONCE
    @given(case=drawn_once(), seed=SEEDS)
    def test_seed(self, student, case, seed):
        """The same seed writes the same texts, and every token is drawn"""
        path, greedy_but_first = case
        given_ = (path.model, tiny_tokenizer(), path.prompt, 5)
        texts = student.generate.repeated(4, *given_, generator(seed))
        again = student.generate.repeated(4, *given_, generator(seed), temperature=1.0, top_k=None, top_p=None)
        for text, other in zip(texts, again, strict=True):
            expect(isinstance(text, str), f"expected a string, not {text!r:.60}")
            expect(
                text == other, f"the same seed wrote {text!r:.120} and, with the defaults spelled out, {other!r:.120}"
            )
        expect(len(set(texts)) > 1, f"one generator wrote {texts[0]!r} four times: nothing is drawn at random")
        expect(not set(texts) <= greedy_but_first, f"only the first token of {texts} was drawn at random")

    @weight(1)
    @hint("At each step only the k best of that step may be drawn.")
    @ONCE
    @given(fork=forks(), seed=SEEDS)
    def test_steps(self, student, fork, seed):
        """With top_k=2 each token is one of the two best of its step"""
        path, texts = fork
        for text in student.generate.repeated(2, path.model, tiny_tokenizer(), path.prompt, 4, generator(seed), 1.0, 2):
            expect(isinstance(text, str), f"expected a string, not {text!r:.60}")
            expect(text in texts, f"with top_k=2 the text cannot be {text!r:.120}")

    @weight(1)
    @hint("Each token is drawn as in sample_token: temperature, then top-k, then top-p.")
    @ONCE
    @given(case=first_tokens(), seed=SEEDS)
    def test_distribution(self, student, reference, case, seed):
        """24 first tokens follow temperature, top_k and top_p"""
        path, logits, p = case
        how = {"temperature": 2.0, "top_k": 8, "top_p": p}
        texts = student.generate.repeated(24, path.model, tiny_tokenizer(), path.prompt, 1, generator(seed), **how)
        shares: dict[str, float] = {}
        for token, share in enumerate(reference.distribution(logits, **how).tolist()):
            if share > 0:
                text = tiny_tokenizer().decode([token]) if token else ""
                shares[text] = shares.get(text, 0.0) + share
        groups = [*shares]
        for text in texts:
            expect(text in groups, f"{text!r:.60} was drawn, which the filters rule out")
        drawn = [groups.index(text) for text in texts]
        expect(reference.surprise(drawn, list(shares.values())) > ALARM, f"24 draws gave {texts} for {shares}")

    @weight(1)
    @hint("Without top_k every token of the vocabulary can come.")
    @ONCE
    @given(path=paths(runs, *PROMPTS), seed=SEEDS)
    def test_no_filter(self, student, path, seed):
        """Without filters nothing is ruled out"""
        # 220 of the 384 tokens have a text that none of the best fifty has: (164/384)^24 < 2e-9
        logits = next_logits(path.model, [tiny_tokenizer()(path.prompt).input_ids])[0]
        best = {tiny_tokenizer().decode([token]) for token in logits.topk(50).indices.tolist()} | {"", "\ufffd"}
        texts = student.generate.repeated(24, path.model, tiny_tokenizer(), path.prompt, 1, generator(seed), 1e6)
        for text in texts:
            expect(isinstance(text, str), f"expected a string, not {text!r:.60}")
        expect(not set(texts) <= best, "at a temperature of a million every token is as likely as another, but 24 draws "
               f"gave only some of the best: {sorted(set(texts))}")  # fmt: skip

    @weight(1)
    @hint("The model belongs to the caller: do not convert it.")
    @ONCE
    @given(path=paths(runs, *PROMPTS, first=2**32), seed=SEEDS)
    def test_unchanged(self, student, path, seed):
        """The model is left as it was"""
        text = tiny_tokenizer().decode(path.ids[:3])
        written(
            student.generate.unchanged(path.model, tiny_tokenizer(), path.prompt, 3, generator(seed), top_k=1), text
        )
