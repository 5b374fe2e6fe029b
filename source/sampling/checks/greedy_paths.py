"""What tiny models write after a prompt, and the inputs of the checks of generate that are drawn from it."""

import functools
import math
import string
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from hypothesis import strategies as st

from autograder.checks import text_of, tiny_causal_lm, tiny_tokenizer

SEEDS = st.integers(0, 2**31).filter(bool)
LETTERS = tuple(string.ascii_letters + string.digits)
PROMPTS = ("The cat sat on", "Once upon a time", "A red house by the sea", "Dear diary, today I")
AS_IT_IS = "  Überall SPACES: 東京 🙂…\n\tand  more  "
CHANGES = (
    str.strip, str.lstrip, str.rstrip, str.lower, str.upper, str.expandtabs,
    lambda text: text.replace("\n", " "), lambda text: text.replace("\n", ""), lambda text: text.replace("  ", " "),
    lambda text: " ".join(text.split()), lambda text: text.encode("ascii", "ignore").decode(),
    lambda text: unicodedata.normalize("NFKC", text), lambda text: unicodedata.normalize("NFD", text),
)  # fmt: skip
LONG = "Once upon a time there was a very small model that could only count to three, and it did. " * 2


@dataclass(frozen=True)
class Path:
    """What a tiny model writes greedily after a prompt: `ids`, up to the end-of-text token if it comes."""

    seed: int
    arch: str
    prompt: str
    ids: tuple[int, ...]
    likelihood: float
    gap: float  # between the best score and the next, at the step where they are closest

    @functools.cached_property
    def text(self) -> str:
        return str(tiny_tokenizer().decode(self.ids))

    @property
    def model(self) -> Any:
        return tiny_causal_lm(self.seed, self.arch)


def greedy(seed: int, arch: str, prompts: tuple[str, ...]) -> list[Path]:
    """The greedy continuations, of five tokens, of prompts of equally many tokens, by transformers' own `generate`, without near ties."""
    model, inputs = tiny_causal_lm(seed, arch), tiny_tokenizer()(list(prompts), return_tensors="pt")
    how = {"do_sample": False, "max_new_tokens": 5, "pad_token_id": 0}
    written = model.generate(**inputs, **how, output_logits=True, return_dict_in_generate=True)
    logits = torch.stack(written.logits, 1)
    best = logits.topk(2, -1).values
    ids = written.sequences[:, inputs.input_ids.shape[1] :]
    lengths = ((ids == 0).cumsum(-1) == 0).sum(-1)
    steps = torch.arange(ids.shape[1])
    gaps = (best[..., 0] - best[..., 1]).masked_fill(steps > lengths[:, None], math.inf).amin(-1)
    likely = torch.softmax(logits, -1).amax(-1).masked_fill(steps >= lengths[:, None], 1.0).prod(-1)
    rows = zip(prompts, ids.tolist(), lengths.tolist(), likely.tolist(), gaps.tolist(), strict=True)
    return [
        Path(seed, arch, prompt, tuple(row[:length]), *rest) for prompt, row, length, *rest in rows if rest[1] > 0.02
    ]


def ends_early(path: Path) -> bool:
    """Whether some token of a path could be taken for the end of the text: a full stop, a line end, one of the first ids, or one that has
    come before.  `unfinished` has these."""
    start = [] if path.prompt == LONG else tiny_tokenizer()(path.prompt).input_ids
    ids = [*start, *path.ids]
    again = len({*ids}) - len({*start}) < len(path.ids)
    return again or "." in path.text or "\n" in path.text or min(path.ids, default=4) <= 3


def ends(path: Path) -> bool:
    return 1 <= len(path.ids) < 4 and bare(tiny_tokenizer().decode(path.ids[-1:])) != ""


def runs(path: Path) -> bool:
    return len(path.ids) == 5 and path.likelihood < 1e-4


def is_tidy(text: str) -> bool:
    """Whether nothing happens to a text that is stripped, or decoded token by token."""
    return text.isascii() and text.isprintable() and text == text.strip()


def is_ordinary(path: Path) -> bool:
    """Five different tokens that make a tidy text."""
    return runs(path) and len(set(path.ids)) == 5 and is_tidy(path.text)


def has_words(path: Path) -> bool:
    return is_ordinary(path) and " " in path.text


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


def is_split(path: Path) -> bool:
    """Whether some character of a path is made of several tokens."""
    return path.text != "".join(tiny_tokenizer().batch_decode([[token] for token in path.ids]))


def is_joined(path: Path) -> bool:
    parts = ["".join(tiny_tokenizer().decode(path.ids[i : i + n]) for i in range(0, 5, n)) for n in (1, 2)]
    return len(path.ids) == 5 and path.text not in parts


def chapters(seed: int) -> tuple[str, ...]:
    """Ordinary prompts that no other seed has, all of equally many tokens."""
    titles = [f"Chapter {seed % 1_000_000:06}{letter}" for letter in string.ascii_letters]
    lengths = [len(ids) for ids in tiny_tokenizer()(titles).input_ids]
    return tuple(title for title, length in zip(titles, lengths, strict=True) if length == lengths[0])


@st.composite
def paths(draw: st.DrawFn, wanted: Callable[[Path], bool], *prompts: str, first: int = 0) -> Path:
    """A greedy path of five steps that is as wanted, in one of random models, after one of the prompts, by default one that is new."""
    seed = draw(SEEDS) + first
    group = (draw(st.sampled_from(prompts)),) if prompts else chapters(seed)
    for offset in range(200):
        written = greedy(seed + offset, ("llama", "gpt2")[(seed + offset) % 2], group)
        found = [path for path in written if wanted(path) and not ends_early(path)]
        found = [path for path in found if wanted is is_joined or not is_split(path)]
        if found:
            return found[seed % len(found)]
    raise AssertionError("no tiny model writes such a text")


@st.composite
def unfinished(draw: st.DrawFn) -> list[Path]:
    """Paths of five tokens in which another token than the end-of-text token could be taken for the end: one of the first ids, a line
    end, a full stop, a space, one that has been written before."""
    seed, found = draw(SEEDS), {}
    for offset in range(400):
        for path in greedy(seed + offset, ("llama", "gpt2")[(seed + offset) % 2], LETTERS):
            if len(path.ids) == 5 and not is_split(path):
                texts = tiny_tokenizer().batch_decode([[token] for token in path.ids[:4]])
                signs = {token for token in path.ids[:4] if token <= 3} | {text for text in texts if text in "\n. "}
                if len({*path.ids[:3]}) < 3:
                    signs.add("again")
                found |= dict.fromkeys(signs, path)
        if found.keys() >= {1, 2, 3, "\n", ".", " ", "again"}:
            return [*dict.fromkeys(found.values())]
    raise AssertionError("no tiny models write such texts")


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
    different texts even if stripped, is much smaller than one of the whole vocabulary, or than one at temperature 4."""
    seed = draw(SEEDS)
    for offset in range(200):
        model, letters = tiny_causal_lm(seed + offset, "gpt2"), tiny_tokenizer()(list(LETTERS)).input_ids
        logits = next_logits(model, letters)
        for row, p in telling(logits):
            best = logits[row].topk(8).indices.tolist()
            texts = tiny_tokenizer().decode(best)
            if set(best) & {*letters[row], 1, 2, 3} or "." in texts or "\n" in texts:
                continue
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
            if len({bare(text) for text in tiny_tokenizer().batch_decode(ids[row, :8, None])}) == 8:
                yield row, p


def bare(answer: Any) -> str:
    """A text without what other checks look at: blanks at its edges and bytes that are no character."""
    return text_of(answer).replace("\ufffd", "").strip()
