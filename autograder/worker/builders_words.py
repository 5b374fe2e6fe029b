"""Vocabularies and a tokenizer for the checks of text that is cut into pieces."""

from __future__ import annotations

import functools
import string
from collections import UserDict
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any


class Entries(Mapping[str, int]):
    """A mapping that offers what `Mapping` promises and nothing else."""

    def __init__(self, entries: dict[str, int]) -> None:
        self._entries = dict(entries)

    def __getitem__(self, key: str) -> int:
        return self._entries[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


def mapping(kind_of: str, entries: dict[str, int]) -> Mapping[str, int]:
    """`entries` as another kind of mapping than dict: "proxy", "user" or "own"."""
    if kind_of == "proxy":
        return MappingProxyType(dict(entries))
    return UserDict(entries) if kind_of == "user" else Entries(entries)


@functools.cache
def course_vocabulary(name: str) -> Mapping[str, int]:
    """The whole vocabulary of a course tokenizer, read-only; making it takes 5 ms."""
    from transformers import AutoTokenizer

    return MappingProxyType(AutoTokenizer.from_pretrained(name).get_vocab())


def tiny_wordpiece() -> Any:
    """A tokenizer like BERT's, special tokens and their ids included, that knows the letters, their continuations and few words."""
    from transformers import BertTokenizer

    vocabulary = {"[PAD]": 0, "[UNK]": 100, "[CLS]": 101, "[SEP]": 102, "[MASK]": 103}
    letters = string.ascii_lowercase
    pieces = [*letters, *(f"##{letter}" for letter in letters), "the", "cat", "##ing", ".", "?", ","]
    vocabulary |= {piece: number for number, piece in enumerate(pieces, start=200)}
    return BertTokenizer(vocab=vocabulary)
