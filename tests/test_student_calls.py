"""The ways in which a check speaks with a student's functions, through a real worker."""

from __future__ import annotations

import os
import select
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
import transformers

from autograder import sandbox, wire
from autograder.checks import built, generator, spy, text_file
from autograder.checks.authoring import Mismatch
from autograder.checks.student import Call, Live, Stop, Student, Trusted
from autograder.model import Cell, Course, Limits, Outcome, Role, Submission
from autograder.worker import objects, warm
from autograder.worker.attempt import Attempt
from autograder.worker.client import WarmParent
from autograder.worker.handle import Lost

LIMITS = Limits(call_seconds=6.0, submission_seconds=40.0)
PATIENT = Limits(call_seconds=120.0, submission_seconds=300.0)
Opened = Callable[..., Student]


@pytest.fixture(scope="module")
def parent(course: Course, tmp_path_factory: pytest.TempPathFactory) -> Iterator[WarmParent]:
    data = tmp_path_factory.mktemp("data")
    (data / "words.txt").write_text("alpha\nbeta\n")
    with WarmParent((), course.required_layers, modules=("pandas", "PIL.Image"), data=data) as made:
        made.watch(("json.dumps", "scipy.special.*"))
        yield made


@pytest.fixture
def opened(parent: WarmParent) -> Iterator[Opened]:
    """`opened(source)`: the proxy to a notebook of that one cell."""
    attempts = []

    def of(source: str, limits: Limits = LIMITS) -> Student:
        cell = Cell(0, Role.ANSWER, "code", source)
        submission = Submission(Path("nb.ipynb"), "a", "ada", "sha256:0", (cell,))
        attempts.append(Attempt(parent, submission, limits))
        student = Student()
        student.transport_ = Live(attempts[-1])
        return student

    yield of
    for attempt in attempts:
        attempt.__exit__(None, None, None)


def test_values_of_every_kind_come_back_as_they_went(opened: Opened) -> None:
    student = opened("def echo(x): return x")
    frame = pd.DataFrame({"text": ["a", "ü"], "label": [1, 0]}, index=[7, 3])
    pd.testing.assert_frame_equal(student.echo(frame), frame)
    pd.testing.assert_series_equal(student.echo(frame["label"]), frame["label"])
    assert isinstance(student.echo(np.int64(3)), np.int64)
    assert student.echo({"a": [1, None, "x", 2.5, float("inf")]}) == {"a": [1, None, "x", 2.5, float("inf")]}
    assert torch.equal(student.echo(torch.ones(2, dtype=torch.bfloat16)), torch.ones(2, dtype=torch.bfloat16))


def test_an_image_arrives_as_an_image(opened: Opened) -> None:
    picture = opened("from PIL import Image\ndef red(w, h): return Image.new('RGB', (w, h), 'red')").red(3, 2)
    assert picture.size == (3, 2)
    assert picture.getpixel((2, 1)) == (255, 0, 0)


def test_a_generator_starts_afresh_for_each_call_and_is_no_change_of_an_argument(opened: Opened) -> None:
    student = opened("import torch\ndef draw(g): return torch.rand(2, generator=g)")
    expected = torch.rand(2, generator=generator(5))
    assert torch.equal(student.draw(generator(5)), expected)
    assert torch.equal(student.draw.unchanged(generator(5)), expected)
    used = generator(5)
    torch.rand(2, generator=used)
    assert torch.equal(student.draw(used), torch.rand(2, generator=used))


def test_repeated_calls_share_their_arguments(opened: Opened) -> None:
    draws = opened("import torch\ndef draw(g): return int(torch.randint(1000, (), generator=g))").draw.repeated(
        4, generator(1)
    )
    own = generator(1)
    assert draws == [int(torch.randint(1000, (), generator=own)) for _ in range(4)]


def test_a_list_that_stands_for_other_than_the_calls_is_no_answer(opened: Opened) -> None:
    with pytest.raises(Stop):
        opened("def draw(): 1 / 0").draw.repeated(3)


def test_a_spy_answers_from_here_and_remembers(opened: Opened) -> None:
    student = opened("def ask(f, xs): return [f(x, flag=True) for x in xs] + [f(str(n) for n in range(2))]")
    listener = spy(lambda text, **_: {"got": text})
    assert student.ask(listener, ["a", "b"]) == [{"got": "a"}, {"got": "b"}, {"got": ["0", "1"]}]
    assert listener.calls == [(["a"], {"flag": True}), (["b"], {"flag": True}), ([["0", "1"]], {})]


def test_an_exception_of_a_spy_reaches_the_student(opened: Opened) -> None:
    def too_long(_: str) -> None:
        raise RuntimeError("too long")

    student = opened("def ask(f):\n    try:\n        f('x')\n    except RuntimeError as e:\n        return str(e)")
    assert student.ask(spy(too_long)) == "too long"


def test_endless_questions_to_a_spy_end_with_the_time_of_the_call(opened: Opened) -> None:
    student = opened("def ask(f):\n    while True:\n        f(1)")
    started = time.monotonic()
    with pytest.raises(Stop) as stop:
        student.ask(spy(lambda _: 0))
    assert stop.value.outcome is Outcome.TIMEOUT
    assert time.monotonic() - started < 3 * LIMITS.call_seconds


def test_a_question_to_nobody_ends_the_process(opened: Opened) -> None:
    source = (
        "import sys\ndef cheat(x):\n    frame = sys._getframe()\n"
        "    while not hasattr(frame.f_locals.get('self'), '_ask_back'):\n        frame = frame.f_back\n"
        "    return frame.f_locals['self']._ask_back('callback', 'cheat', [x], {})"
    )
    with pytest.raises(Stop) as stop:
        opened(source).cheat(3)
    assert stop.value.outcome is Outcome.CRASHED


def test_a_file_exists_on_both_sides(opened: Opened) -> None:
    path = text_file("reviews.csv", "text,label\ngood,1\n")
    assert Path(path).read_text() == "text,label\ngood,1\n"
    student = opened("def read(p): return open(p).read()\ndef spoil(p): open(p, 'w').write('x')")
    assert student.read(path) == Path(path).read_text()
    with pytest.raises(Mismatch):
        student.spoil.unchanged(path)


def test_the_data_folder_lies_beside_the_notebook_and_cannot_be_written(opened: Opened) -> None:
    student = opened("def read(p): return open(p).read()\ndef write(p): open(p, 'w')")
    assert student.read("data/words.txt") == "alpha\nbeta\n"
    with pytest.raises(Stop, match="Error"):
        student.write("data/words.txt")


def test_a_changed_table_is_noticed(opened: Opened) -> None:
    student = opened("def spoil(df):\n    df['new'] = 1\n    return df")
    with pytest.raises(Mismatch, match="changed its arguments"):
        student.spoil.unchanged(pd.DataFrame({"a": [1]}))


@pytest.mark.parametrize("returned", ["1", "x"])
def test_an_argument_that_was_put_into_itself_is_a_changed_argument(returned: str, opened: Opened) -> None:
    student = opened(f"def spoil(x):\n    x.append(x)\n    return {returned}\ndef one(): return 1")
    with pytest.raises(Mismatch, match="changed its arguments"):
        student.spoil.unchanged([1])
    assert student.one() == 1


def test_an_answer_that_cannot_be_sent_is_no_changed_argument(opened: Opened) -> None:
    student = opened("def nest(x):\n    made = [x]\n    made.append(made)\n    return made")
    assert isinstance(student.nest.unchanged([1]), wire.Opaque)


def test_an_object_that_is_forgotten_is_referred_to_no_more() -> None:
    spec = {"kind": "ddim-scheduler", "num_train_timesteps": 77}
    made = objects.build(spec)
    assert objects.refer(made) == spec
    objects.forget(spec)
    assert objects.refer(made) is None  # nor is another object that is put where this one was
    assert objects.build(spec) is not made


def test_a_pipeline_that_is_not_the_courses_is_made_on_the_device_that_was_asked_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked = []
    for module in (transformers, transformers.pipelines):
        monkeypatch.setattr(module, "pipeline", lambda *args, **options: asked.append((args, options)))
    monkeypatch.setattr(warm, "_originals", {})
    warm._answer_pipeline({"the/classifier"})
    pipeline: Any = transformers.pipeline
    pipeline("text-generation", "another", device=0)
    pipeline("sentiment-analysis", "the/classifier", device=0)
    assert asked == [
        (("text-generation", "another"), {"device": 0}),
        (("sentiment-analysis", "the/classifier"), {"device": 0}),
    ]


READS = """
import importlib, locale, os, tempfile
from pathlib import Path

def readable(path):
    try:
        return bool(Path(path).stat().st_size and open(path, "rb").read(1))
    except OSError as error:
        return type(error).__name__

def libraries():
    import datasets, matplotlib.pyplot as plt, pandas, transformers
    from matplotlib import font_manager
    figure, axes = plt.subplots()
    axes.set_title("$x^2$ ü")
    figure.savefig("picture.png")
    pandas.DataFrame({"a": [1, 2]}).to_csv("table.csv")
    table = datasets.load_dataset("csv", data_files="table.csv", split="train")
    config = transformers.AutoConfig.for_model("gpt2", n_layer=1, n_head=1, n_embd=8, vocab_size=50)
    model = transformers.AutoModelForCausalLM.from_config(config)
    model.save_pretrained("model")
    again = transformers.AutoModelForCausalLM.from_pretrained("model")
    with tempfile.NamedTemporaryFile() as file:
        inside = file.name.startswith(os.getcwd())
    return {
        "font": Path(font_manager.findfont("DejaVu Sans")).name, "rows": len(table), "model": type(again).__name__,
        "temporary": inside, "locale": locale.setlocale(locale.LC_ALL, "C.UTF-8"),
        "zone": str(pandas.Timestamp("2026-07-01", tz="Europe/Berlin").utcoffset()),
        "standard library": all(importlib.import_module(name) for name in ("sqlite3", "ssl", "lzma")),
    }
"""


def test_what_libraries_look_for_is_where_a_worker_may_read(opened: Opened) -> None:
    assert opened(READS, PATIENT).libraries() == {
        "font": "DejaVuSans.ttf",
        "rows": 2,
        "model": "GPT2LMHeadModel",
        "temporary": True,
        "locale": "C.UTF-8",
        "zone": "2:00:00",
        "standard library": True,
    }


def test_a_worker_reads_what_the_self_test_was_made_with_and_nothing_else_of_the_interpreters_folder(
    parent: WarmParent, opened: Opened
) -> None:
    assert set(parent._readable) == {*sandbox.readable(), parent._data}
    extra = next(path for path in sorted(Path(sys.prefix, "bin").iterdir()) if path.is_file() and not path.is_symlink())
    assert opened(READS).readable(str(extra)) in {"FileNotFoundError", "PermissionError"}


def test_a_watched_function_is_noticed_by_any_name(opened: Opened) -> None:
    student = opened("import json\nwrite = getattr(json, 'du' + 'mps')\ndef f(x): return write(x)")
    call = Call("f", ([1],))
    assert student.transport_ is not None
    assert student.transport_.call(call, watch="calls")["ops"] == ["json.dumps"]


def test_a_helper_that_is_answered_here_advances_the_generator_there(parent: WarmParent) -> None:
    def draw(g: torch.Generator) -> int:
        return int(torch.randint(1000, (), generator=g))

    source = "def draw(g): return 0\ndef several(g): return [draw(g) for _ in range(3)]"
    submission = Submission(Path("nb.ipynb"), "a", "ada", "sha256:0", (Cell(0, Role.ANSWER, "code", source),))
    with Attempt(parent, submission, LIMITS) as attempt:
        attempt.use_helpers({"draw": Trusted(SimpleNamespace(draw=draw)).helper("draw")})
        student = Student()
        student.transport_ = Live(attempt)
        own = generator(9)
        assert student.several(generator(9)) == [draw(own) for _ in range(3)]


def test_what_a_worker_names_is_only_found_if_it_was_made_here_before(opened: Opened) -> None:
    """A worker that asks a spy about a model of its own invention gets nothing loaded on the trusted side."""
    source = (
        "Reference = [one for one in object.__subclasses__() if one.__name__ == 'Reference' and 'wire' in one.__module__][-1]\n"
        "def ask(f, model): return [f(Reference({'kind': 'course-model', 'name': '/tmp/mine'})), f(model)]"
    )
    seen: list[Any] = []
    model = built("tiny-causal-lm", seed=1, arch="llama", dtype="float32")
    opened(source, PATIENT).ask(spy(seen.append), model)  # which is built there, and libraries are imported for that
    assert type(seen[0]).__name__ == "Opaque"
    assert seen[1] is model


def test_memory_is_watched_while_nobody_waits_for_an_answer(parent: WarmParent) -> None:
    grows = """
import os, signal, threading
def grow():
    for _ in range(6):
        if not os.fork():
            held = bytearray(b"x") * (90 << 20)
            signal.pause()
threading.Timer(0.2, grow).start()
"""
    worker = parent.spawn(Limits(memory_mb=300), time.monotonic() + 60)
    with open(os.pidfd_open(worker.pid)) as process:  # noqa: PTH123 - readable once the process has ended
        worker.run([(0, grows)], lambda _: None)
        ended, _, _ = select.select([process], [], [], 20)

    assert ended, "the process lives, and grows"
    with pytest.raises(Lost) as lost:
        worker.helpers(())
    assert lost.value.outcome is Outcome.MEMORY
    assert worker.peak_memory_mb > 300


def test_several_answers_that_are_none_are_no_return(opened: Opened) -> None:
    student = opened("def draw(): pass")
    assert student.draw.repeated(2) == [None, None]
    assert student.returned_nothing_
