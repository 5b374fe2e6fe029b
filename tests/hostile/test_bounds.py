"""Answers that are small to send and large to hold: the judge reads them within its bounds, says so, and judges the rest."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

from autograder import sandbox, wire
from autograder.checks import outcomes
from autograder.checks.outcomes import Unusable, run_check
from autograder.wire.codec import LENGTHS
from autograder.wire.values import MAX_SIDES
from autograder.wire.words import a_kind

MORE = MAX_SIDES + 1


def frame_of(value: Any, body: bytes = b"") -> tuple[bytes, bytes]:
    """What a worker would send that does not keep to our encoder."""
    return json.dumps({"value": value}).encode(), body


EMPTY = {"t": "float32", "s": [MAX_SIDES, 0], "g": False}
RANGE = ["int64", {"a": "int64", "s": [0]}]
FORGED = {
    "an empty tensor with a long side": frame_of({"t": "float32", "s": [2**24, 0], "g": False}),
    "many empty tensors": frame_of([EMPTY] * 20),
    "many arrays of empty rows": frame_of([{"a": "bool", "s": [MAX_SIDES, 0]}] * 20),
    "bytes, each of which becomes a number": frame_of({"t": "int8", "s": [2**25], "g": False}, bytes(2**25)),
    "arrays that are large together": frame_of([{"a": "bool", "s": [2**23]}] * 3, bytes(3 * 2**23)),
    "many ranges": frame_of([{"range": [0, MAX_SIDES - 1, 1]}] * 20),
    "many indices": frame_of([{"index": [0, MAX_SIDES, 1, None]}] * 20),
    "a frame over a long index": frame_of({"p": [], "l": [0, 0, 1, None], "x": [0, 2**24, 1, None]}),
    "empty lists": frame_of([[]] * 2_000_000),
    "empty mappings": frame_of([{"d": []}] * 900_000),
    "mappings and empty tensors": frame_of([{"d": []}] * 400_000 + [EMPTY] * 9),
}


@pytest.mark.parametrize("name", FORGED)
def test_what_would_become_too_much_is_refused_before_it_is_made(name: str) -> None:
    header, body = FORGED[name]
    with pytest.raises(wire.WireError):
        wire.decode(header, body)


LARGE = [
    (torch.zeros(2**24, 0), "a tensor of shape (16777216, 0), more than 1,048,576 values"),
    (torch.zeros(1).expand(2**30), "a tensor of shape (1073741824,), more than 16,777,216 values"),
    (torch.zeros(2**25, dtype=torch.int8), "a tensor of shape (33554432,), more than 16,777,216 values"),
    (np.zeros((MORE, 0)), f"a NumPy array of shape ({MORE}, 0), more than 1,048,576 values"),
    (np.broadcast_to(np.zeros(1, object), (2**30,)), "a NumPy array of shape (1073741824,), more than 16,777,216 values"),
    (pd.DataFrame(index=pd.RangeIndex(2**24)), "a DataFrame of 16777216 rows, more than 1,048,576 cells"),
    (pd.Series(np.zeros(2**24, np.int8)), "a Series of 16777216 rows, more than 1,048,576 cells"),
    (pd.MultiIndex.from_product([range(2**11), range(2**10)]), "an Index of 2097152 rows, more than 1,048,576 cells"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "said"), LARGE, ids=range(len(LARGE)))
def test_an_answer_that_is_too_large_is_named_with_its_shape_and_the_bound(value: Any, said: str) -> None:
    frame = wire.encode({"value": value})
    assert len(frame) < 500
    header, _ = LENGTHS.unpack_from(frame)
    assert a_kind(wire.decode(frame[LENGTHS.size :][:header], b"")["value"]) == said


def test_the_largest_honest_answers_arrive() -> None:
    for value in (
        torch.zeros(wire.MAX_VALUES - 100),
        [0.5] * 100_000,
        [[1, 2, 3, 4]] * 100_000,
        list(range(MAX_SIDES)),
    ):
        frame = wire.encode({"value": value})
        header, _ = LENGTHS.unpack_from(frame)
        arrived = wire.decode(frame[LENGTHS.size :][:header], frame[LENGTHS.size + header :])["value"]
        assert len(arrived) == len(value)


MEMORY = """
import resource
from autograder.sandbox import rlimits
rlimits.allow_more(200)
kept = bytearray(100 << 20)
try:
    bytearray(150 << 20)
except MemoryError:
    rlimits.allow_more(200)
    print(len(bytearray(150 << 20)))
"""


def test_a_judge_may_take_so_much_memory_and_no_more() -> None:
    done = subprocess.run([sys.executable, "-c", MEMORY], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(150 << 20)


def test_a_comparison_without_end_is_ended_and_the_next_one_has_its_own_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outcomes, "COMPARE_SECONDS", 0.1)
    said: list[str] = []

    def endless() -> None:
        while True:
            try:
                sum(range(100))
            except Exception:
                continue

    def compare() -> None:
        for _ in range(2):
            with pytest.raises(Unusable) as caught:
                run_check(endless)
            said.append(str(caught.value))
        run_check(lambda: None)

    thread = threading.Thread(target=compare)
    thread.start()
    thread.join(20)
    assert said == ["returned a value that takes longer than 0.1 s to compare"] * 2


SCRATCH = """
import os, signal, sys, tempfile
from pathlib import Path
from autograder import files
with files.private_scratch() as folder:
    place = Path(tempfile.mkdtemp())
    (place / "hidden.txt").write_text("an input of a hidden check")
    assert folder in place.parents and os.environ["TMPDIR"] == str(folder)
    print(folder, flush=True)
    if sys.argv[1:]:
        os.kill(os.getpid(), signal.SIGKILL)
assert Path(tempfile.mkdtemp()).parent == folder.parent
"""


@pytest.mark.parametrize("killed", [(), ("killed",)])
def test_what_a_hidden_check_wrote_goes_with_its_judge(killed: tuple[str, ...], tmp_path: Path) -> None:
    environ = {**os.environ, "TMPDIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", SCRATCH, *killed], capture_output=True, text=True, check=False, env=environ
    )
    assert done.stdout, done.stderr
    folder = Path(done.stdout.strip())
    if killed:
        subprocess.run(
            [sys.executable, "-c", "from autograder import files; files.sweep_scratch()"], check=True, env=environ
        )
    assert not folder.exists()


def test_a_worker_reads_the_models_of_its_assignment_and_no_others(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("models--course--ours", "models--staff--private"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    assert [path for path in sandbox.readable(("course/ours", "not/there")) if tmp_path in path.parents] == [
        tmp_path / "models--course--ours"
    ]
    assert not any(tmp_path == path or tmp_path in path.parents for path in sandbox.readable())
