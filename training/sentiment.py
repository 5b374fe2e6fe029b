"""`python -m training.sentiment [FOLDER]`: the reviews' classifier, and what it gets right of reviews that it never saw.

MiniLM's weights stay as they are.  Each of its 36 matrices gets a change of rank 8, which is learnt, together with BERT's pooler and a
head for two classes: half a million numbers instead of 23 million, 1 MB in float16.  About eight minutes of processor time."""

from __future__ import annotations

import json
import math
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from torch import Tensor, nn
from transformers import AutoTokenizer, BertForSequenceClassification

from autograder import models
from autograder.models import MINILM, made
from training import reviews
from training.reviews import Review

RANK = 8
BATCH = 32
LONGEST = 64  # tokens; the longest review has a few more
TARGETS = ("query", "key", "value", "attention.output.dense", "intermediate.dense", "output.dense")


class LowRank(nn.Module):
    """A change of a matrix, as the product of a wide and a tall one.  Nothing is changed before the first step of training."""

    def __init__(self, linear: nn.Linear) -> None:
        super().__init__()
        self.down = nn.Parameter(torch.randn(RANK, linear.in_features) / math.sqrt(linear.in_features))
        self.up = nn.Parameter(torch.zeros(linear.out_features, RANK))
        linear.register_forward_hook(self._add)

    def _add(self, _linear: nn.Module, inputs: tuple[Tensor, ...], output: Tensor) -> Tensor:
        return output + made.SCALE * (inputs[0] @ self.down.T @ self.up.T)


def train(rows: Sequence[Review], epochs: int, rate: float = 1e-3) -> dict[str, Tensor]:
    """What the training changes of MiniLM, under its names in BertForSequenceClassification."""
    torch.manual_seed(0)
    shuffle = random.Random(0)
    tokenizer: Any = AutoTokenizer.from_pretrained(MINILM)
    model: Any = BertForSequenceClassification.from_pretrained(MINILM, num_labels=2)
    changes = {name: LowRank(linear) for name, linear in model.named_modules() if name.endswith(TARGETS)}
    whole = {"bert.pooler.dense": model.bert.pooler.dense, "classifier": model.classifier}
    for parameter in model.parameters():
        parameter.requires_grad_(requires_grad=False)
    learnt = [tensor for part in (*changes.values(), *whole.values()) for tensor in part.parameters()]
    for parameter in learnt:
        parameter.requires_grad_()
    optimizer = torch.optim.AdamW(learnt, lr=rate, weight_decay=0.01)
    steps = epochs * math.ceil(len(rows) / BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min(1, (step + 1) / 50, max(0.02, 1 - step / steps))
    )
    model.train()
    for epoch in range(epochs):
        total = 0.0
        for step, batch in enumerate(batches(rows, shuffle), start=1):
            encoded = tokenizer(
                [row.text for row in batch], padding="longest", truncation=True, max_length=LONGEST, return_tensors="pt"
            )
            loss = model(**encoded, labels=torch.tensor([row.label for row in batch])).loss
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(learnt, 1.0)
            optimizer.step()
            schedule.step()
            total += loss.item()
            if step % 50 == 0:
                print(f"epoch {epoch + 1}, step {step}: mean loss {total / step:.3f}", flush=True)
    pairs = ((f"{name}.{side}", getattr(low, side)) for name, low in changes.items() for side in ("down", "up"))
    parts = ((f"{name}.{key}", tensor) for name, part in whole.items() for key, tensor in part.named_parameters())
    return {name: tensor.detach().half() for name, tensor in (*pairs, *parts)}


def batches(rows: Sequence[Review], shuffle: random.Random) -> Iterator[list[Review]]:
    """All rows once, in a new order, those of about the same length together."""
    mixed = shuffle.sample(rows, len(rows))
    chunks = (
        sorted(mixed[at : at + 20 * BATCH], key=lambda row: len(row.text)) for at in range(0, len(mixed), 20 * BATCH)
    )
    cut = [chunk[at : at + BATCH] for chunk in chunks for at in range(0, len(chunk), BATCH)]
    yield from shuffle.sample(cut, len(cut))


def accuracy(model: Path, rows: Sequence[Review]) -> float:
    """The share of the reviews that the model of this folder gets right."""
    tokenizer: Any = AutoTokenizer.from_pretrained(model)
    classifier: Any = BertForSequenceClassification.from_pretrained(model).eval()
    right = 0
    ordered = sorted(rows, key=lambda row: len(row.text))
    with torch.inference_mode():
        for at in range(0, len(ordered), BATCH):
            batch = ordered[at : at + BATCH]
            encoded = tokenizer([row.text for row in batch], padding=True, truncation=True, return_tensors="pt")
            predicted = classifier(**encoded).logits.argmax(-1).tolist()
            right += sum(row.label == label for row, label in zip(batch, predicted, strict=True))
    return round(right / len(rows), 4)


def baseline(rows: Sequence[Review], unseen: Sequence[Review]) -> float:
    """The share that a model gets right which counts words and pairs of words."""
    model = make_pipeline(TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True), LogisticRegression(C=4))
    model.fit([row.text for row in rows], [row.label for row in rows])
    return round(float(model.score([row.text for row in unseen], [row.label for row in unseen])), 4)


def figures(model: Path, known: Sequence[Review], unseen: Sequence[Review]) -> dict[str, Any]:
    """What the model of this folder can do, and what there is to compare it with."""
    parts = {part: [row for row in unseen if row.part == part] for part in ("students", "checks")}
    return {
        "learnt from": len(known),
        "held out": len(unseen),
        "accuracy": accuracy(model, unseen),
        "accuracy, TF-IDF and logistic regression": baseline(known, unseen),
        "accuracy by part": {part: accuracy(model, rows) for part, rows in parts.items()},
    }


def main(folder: Path, epochs: int = 2, every: int = 1) -> None:
    """Writes the changes and the figures into `folder`.  With `every` only each so-manieth review is used."""
    encoder = models.ensure([MINILM], print)[0].path
    rows = list(reviews.read(reviews.fetch()))[::every]
    known = [row for row in rows if row.part == "train"]
    unseen = [row for row in rows if row.part != "train"]
    delta = folder / made.SENTIMENT
    save_file(train(known, epochs), delta)
    with tempfile.TemporaryDirectory() as built:
        made.merge_sentiment(encoder, delta, Path(built))
        text = json.dumps(figures(Path(built), known, unseen), indent=1)
    delta.with_suffix(".json").write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else made.WEIGHTS)
