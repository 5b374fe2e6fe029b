"""Answers of known worth get the points that they are worth; strange ones get a result that says what happened."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from autograder import course as courses
from autograder import environment, notebook, variants
from autograder.checks.session import Suite
from autograder.judge import Judge, open_judge
from autograder.model import Judgement, Manifest, NotGradable, Outcome, Status, TaskScore
from autograder.release import load_source
from autograder.report.feedback import feedback_page

environment.prepare()


@dataclasses.dataclass
class Bench:
    judge: Judge
    manifest: Manifest
    solution: dict[str, Any]
    folder: Path

    def __call__(self, answers: dict[str, str] | None = None, extra: str = "") -> Judgement:
        nb = variants.notebook_of(self.solution, answers or {})
        if extra:
            nb["cells"].append(
                {
                    "cell_type": "code",
                    "id": "x",
                    "metadata": {},
                    "outputs": [],
                    "execution_count": None,
                    "source": extra,
                }
            )
        path = self.folder / "softmax.ipynb"
        path.write_text(notebook.canonical(nb))
        submission = notebook.read(path, self.manifest, "ada", LIMITED)
        assert not isinstance(submission, NotGradable)
        return self.judge(submission, seed=0)

    def page(self, judgement: Judgement) -> str:
        submission = notebook.read(self.folder / "softmax.ipynb", self.manifest, "ada", LIMITED)
        return feedback_page(judgement, submission, self.manifest, course_title=COURSE.title)

    def task(self, task_id: str, source: str) -> TaskScore:
        report = self({task_id: source}).report
        return next(task for task in report.tasks if task.id == task_id)


COURSE = courses.load(Path(__file__).parent)
LIMITED = dataclasses.replace(COURSE.limits, cell_seconds=4.0, call_seconds=3.0)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    assignment = courses.pick(COURSE, ["softmax"])[0]
    solution = load_source(COURSE, "softmax")
    manifest = notebook.manifest_from_notebook(solution, "softmax", title=assignment.title, models=assignment.models)
    limited = dataclasses.replace(COURSE, limits=LIMITED)
    with open_judge(limited, assignment, manifest, hidden=True) as judge:
        yield Bench(judge, manifest, solution, tmp_path_factory.mktemp("bench"))


def outcomes(task: TaskScore) -> set[Outcome]:
    return {check.outcome for check in task.checks if not check.visible}


def test_the_solution_gets_full_points(bench: Bench) -> None:
    report = bench().report

    assert (report.score, report.max_score) == (20.0, 20.0)
    assert report.execution.errors == ()


def test_the_untouched_release_gets_nothing_and_is_not_attempted(bench: Bench) -> None:
    report = bench(variants.stubs(bench.manifest)).report

    assert report.score == 0
    assert {outcome for task in report.tasks for outcome in outcomes(task)} == {Outcome.NOT_ATTEMPTED}
    said = {check.message for task in report.tasks for check in task.checks}
    assert said == {"Not attempted yet: the stub still raises NotImplementedError."}  # no call: nothing was tried


def test_the_visible_test_notices_that_arguments_have_changed_as_it_does_in_the_notebook(bench: Bench) -> None:
    answer = next(one for one in variants.variants(COURSE, "softmax") if one.name == "wrong/softmax/in_place")
    visible = next(check for check in bench.task("softmax", answer.source).checks if check.visible)
    assert visible.outcome is Outcome.FAILED
    assert "changed its arguments in place; work on a copy" in visible.message


def test_a_wrong_answer_loses_points_and_shows_a_counterexample(bench: Bench) -> None:
    task = bench.task(
        "softmax", "def softmax(logits, dim=-1):\n    return logits.exp() / logits.exp().sum(dim, keepdim=True)"
    )

    assert 0 < task.score < task.points
    assert any("returned" in check.message and "nan" in check.message for check in task.checks)


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("def softmax(logits, dim=-1):\n    return torch.softmax(logits, dim)", "torch.softmax"),
        ("def softmax(logits, dim=-1):\n    return logits.softmax(dim)", "`logits.softmax` was used"),
        ("def softmax(x, dim=-1):\n    return getattr(torch, 'soft' + 'max')(x, dim)", "torch.softmax"),
        ("from torch.nn import functional as G\ndef softmax(x, dim=-1):\n    return G.softmax(x, dim)", "torch.nn.functional.softmax"),
        ("from scipy import special\ndef softmax(x, dim=-1):\n    return torch.tensor(special.softmax(x.numpy(), dim))", "scipy.special.softmax"),
        ("import importlib\ndef softmax(x, dim=-1):\n    f = getattr(importlib.import_module('scipy.special'), 'soft' + 'max')\n    return torch.tensor(getattr(f, '__wrapped__', f)(x.numpy(), dim))", "scipy.special.softmax"),
        ("from sklearn.neural_network import _base\ndef softmax(x, dim=-1):\n    a = x.numpy().reshape(-1, x.shape[-1]).copy()\n    vars(_base)['ACTIVATIONS']['softmax'](a)\n    return torch.tensor(a).reshape(x.shape)", "sklearn.neural_network._base."),
        ("def softmax(x, dim=-1):\n    return getattr(torch, '_masked_' + 'softmax')(x, torch.zeros_like(x, dtype=torch.bool), dim)", "torch.softmax"),
        ("import importlib\ndef softmax(x, dim=-1):\n    return importlib.reload(torch.nn).functional.softplus(x)", "importlib.reload"),
    ],
)  # fmt: skip
def test_a_forbidden_function_is_banned_by_name(bench: Bench, source: str, name: str) -> None:
    task = bench.task("softmax", source)

    assert task.score == 0
    assert outcomes(task) == {Outcome.BANNED}
    assert name in task.checks[-1].message


def test_a_helper_of_the_students_may_have_any_name(bench: Bench) -> None:
    source = (
        "class Mine:\n    @staticmethod\n    def softmax(x, dim):\n        return x - x.amax(dim, keepdim=True)\n"
        "def log_softmax(logits, dim=-1):\n    x = logits if logits.is_floating_point() else logits.float()\n"
        "    s = Mine.softmax(x, dim)\n    return s - s.exp().sum(dim, keepdim=True).log()"
    )

    assert bench.task("log-softmax", source).score == 3


def test_an_error_is_charged_once(bench: Bench) -> None:
    report = bench({"log-softmax": "def log_softmax(logits, dim=-1):\n    return logits * 0"}).report
    scores = {task.id: task for task in report.tasks}

    assert scores["log-softmax"].score == 0
    assert scores["cross-entropy"].score == scores["cross-entropy"].points
    assert "log_softmax" in scores["cross-entropy"].note


def test_what_is_said_of_a_wrong_answer_is_what_is_wrong_with_correct_helpers(bench: Bench) -> None:
    report = bench(
        {
            "log-softmax": "def log_softmax(logits, dim=-1):\n    return None",
            "cross-entropy": "def cross_entropy(logits, targets):\n"
            "    return log_softmax(logits)[range(len(targets)), targets].double().mean().item()",
        }
    ).report
    task = next(task for task in report.tasks if task.id == "cross-entropy")

    assert task.score == 0
    assert task.causes[0].message.endswith("the same number with the opposite sign")
    assert "log_softmax" in task.note


def test_a_task_that_calls_a_later_stub_is_judged_with_that_one_answered(bench: Bench) -> None:
    solution = next(
        "".join(one["source"]) for one in bench.solution["cells"] if "def top_tokens" in "".join(one["source"])
    )
    asking = solution.replace(
        "    best = torch.topk", "    assert abs(probability_sum(probabilities) - 1) < 1e-3\n    best = torch.topk"
    )
    report = bench({"top-tokens": asking, "probability-sum": variants.stubs(bench.manifest)["probability-sum"]}).report
    scores = {task.id: task for task in report.tasks}

    assert asking != solution
    assert scores["probability-sum"].score == 0
    assert scores["top-tokens"].score == scores["top-tokens"].points
    assert "probability_sum" in scores["top-tokens"].note


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("return probabilities.nothing", Outcome.STUDENT_ERROR),
        ("while True: pass", Outcome.TIMEOUT),
        ("import os; os._exit(0)", Outcome.CRASHED),
        ("import os; os.abort()", Outcome.CRASHED),
        ("raise SystemExit", Outcome.STUDENT_ERROR),
        ("return None", Outcome.FAILED),
        ("return [probabilities] * 3", Outcome.FAILED),
        ("return (x for x in probabilities)", Outcome.FAILED),
        ("return probabilities.mean()", Outcome.FAILED),
    ],
)
def test_one_bad_task_costs_that_task_alone(bench: Bench, body: str, outcome: Outcome) -> None:
    report = bench({"probability-sum": f"def probability_sum(probabilities):\n    {body}"}).report
    task = next(task for task in report.tasks if task.id == "probability-sum")

    assert task.score == 0
    assert outcomes(task) - {Outcome.SKIPPED} == {
        outcome
    }  # whether its arguments are left alone is not judged of a wrong answer
    assert report.score == 18


@pytest.mark.parametrize(
    ("extra", "error"),
    [
        ("while True: pass", "Timeout"),
        ("import os; os._exit(1)", "Crash"),
        ("1 / 0", "ZeroDivisionError"),
        ("big = bytearray(8_000_000_000)", "MemoryError"),
        ("def :", "SyntaxError"),
    ],
)
def test_a_bad_cell_costs_no_points(bench: Bench, extra: str, error: str) -> None:
    report = bench(extra=extra).report

    assert report.score == 20
    assert [found.type for found in report.execution.errors] == [error]


def test_noise_costs_no_points_and_too_much_of_it_is_cut(bench: Bench) -> None:
    judgement = bench(
        extra="import sys, warnings\nwarnings.warn('x')\nprint('e', file=sys.stderr)\nfor _ in range(400): print('x' * 10_000)"
    )

    assert judgement.report.score == 20
    assert judgement.report.execution.output_truncated
    assert sum(len(str(made)) for made in judgement.outputs.values()) < 3_000_000


def test_a_missing_function_is_not_attempted(bench: Bench) -> None:
    task = bench.task("top-tokens", "def something_else():\n    return 1")

    assert outcomes(task) == {Outcome.NOT_ATTEMPTED}


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("def top_tokens(logits, tokenizer, k=5)\n    return []", "SyntaxError: expected ':' (line 1: `def top_tokens(logits, tokenizer, k=5)`)"),
        ("import no_such_library\ndef top_tokens(*_):\n    return []", "ModuleNotFoundError: No module named 'no_such_library'"),
        ("@unknown\ndef top_tokens(*_):\n    return []", "NameError: name 'unknown' is not defined"),
        ("import os\nos._exit(3)\ndef top_tokens(*_):\n    return []", "Crash: the cell ended the process"),
    ],
)  # fmt: skip
def test_a_function_whose_cell_stopped_is_missing_for_that_reason(bench: Bench, source: str, said: str) -> None:
    judgement = bench({"top-tokens": source})
    task = next(task for task in judgement.report.tasks if task.id == "top-tokens")
    page = unescape(bench.page(judgement))

    assert (task.score, outcomes(task)) == (0, {Outcome.STUDENT_ERROR})
    assert {check.message for check in task.checks} == {
        f"There is no function `top_tokens`: its cell stopped with {said}"
    }
    assert all(not check.hint for check in task.checks)
    assert f"its cell stopped with {said.partition('(line')[0]}" in re.sub(r"<[^>]+>", "", page)
    assert "ipython-input" not in judgement.report.execution.errors[0].message


def test_the_cell_of_a_missing_function_may_be_another_than_its_own(bench: Bench) -> None:
    report = bench({"top-tokens": "# moved to the end"}, extra="def top_tokens(logits:\n    return []").report
    task = next(task for task in report.tasks if task.id == "top-tokens")

    assert all("its cell stopped with SyntaxError: " in check.message for check in task.checks)


def test_a_stub_that_is_tried_in_its_own_cell_is_not_attempted(bench: Bench) -> None:
    task = bench.task("top-tokens", "def top_tokens(*_):\n    raise NotImplementedError\ntop_tokens()")

    assert outcomes(task) == {Outcome.NOT_ATTEMPTED}
    assert "its cell stopped" not in task.checks[0].message


def test_what_cannot_be_read_is_not_gradable(bench: Bench, tmp_path: Path) -> None:
    path = tmp_path / "softmax.ipynb"
    path.write_text("{")
    read = notebook.read(path, bench.manifest, "ada", LIMITED)
    report = bench.judge(read).report

    assert (report.status, report.score) == (Status.NOT_GRADABLE, 0)
    assert report.reason


def test_two_suites_with_files_of_the_same_name_stay_apart(tmp_path: Path) -> None:
    """In one process, as one `grade` of several assignments opens them."""
    found = []
    for name in ("first", "second"):
        checks = tmp_path / name / "checks"
        checks.mkdir(parents=True)
        (checks / "references.py").write_text("")
        (checks / "test_it.py").write_text(
            "from autograder.checks import task\n"
            f"@task({name!r}, points=1)\nclass TestIt:\n    def test_it(self, student): assert student\n"
        )
        with Suite(checks) as suite:
            found += list(suite.tasks)
    assert found == ["first", "second"]
