"""No unannounced demands: what a check asks, and what a task forbids, stands in the notebook that students get."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from autograder import course as courses
from autograder import notebook
from autograder.checks.session import Suite

ROOT = Path(__file__).resolve().parent.parent
COURSE = courses.load(ROOT)
NAMES = [one.name for one in COURSE.assignments if courses.checks_dir(COURSE, one.name).is_dir()]
NOT_ALLOWED = re.compile(r"not allowed|forbid|may not", re.IGNORECASE)
NO_FAMILY = {
    "torch",
    "nn",
    "functional",
    "tensor",
    "allowed",
    "forbidden",
    "and",
    "any",
    "not",
    "the",
    "its",
    "one",
    "use",
}
"""Words that tell no forbidden name from another."""


@dataclass(frozen=True)
class Announced:
    """What a released notebook says of one task, white space evened out: the text since the answer before, the stub, and all text
    that a student has read by then, the shared rules among it."""

    text: str
    docstring: str
    read: str

    @property
    def everything(self) -> str:
        return f"{self.docstring} {self.read}"


def even(text: str) -> str:
    return " ".join(text.split())


def announced(name: str) -> dict[str, Announced]:
    """Task id → what the released notebook says of it."""
    nb = json.loads((ROOT / "release" / name / f"{name}.ipynb").read_text(encoding="utf-8"))
    read: list[str] = []
    since: list[str] = []
    found = {}
    for cell in nb["cells"]:
        source = notebook.source_of(cell)
        if cell["cell_type"] == "markdown":
            since.append(source)
            read.append(source)
        elif cell["metadata"].get("nbgrader", {}).get("solution"):
            found[cell["metadata"]["nbgrader"]["grade_id"]] = Announced(
                even("\n\n".join(since)), even(source), even(" ".join(read))
            )
            since = []
    return found


@pytest.fixture(scope="module", params=NAMES)
def suite(request: pytest.FixtureRequest) -> Iterator[tuple[str, Suite]]:
    with Suite(courses.checks_dir(COURSE, request.param)) as opened:
        yield request.param, opened


def test_every_check_asks_for_something_that_the_notebook_announces(suite: tuple[str, Suite]) -> None:
    name, opened = suite
    known, missing = announced(name), []
    for task in opened.tasks.values():
        for item in task.items:
            asked = [mark.args[0] for mark in item.iter_markers("asks")]
            missing += [f"{item.nodeid}: @asks is missing"] if not asked else []
            missing += [
                f"{item.nodeid}: the notebook does not say {sentence!r}"
                for sentence in asked
                if not even(sentence) or even(sentence) not in known[task.id].everything
            ]
    assert not missing, "\n".join(missing)


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_says_the_shared_rules_once_and_before_the_first_task(name: str) -> None:
    nb = json.loads((ROOT / "release" / name / f"{name}.ipynb").read_text(encoding="utf-8"))
    rules = [place for place, cell in enumerate(nb["cells"]) if "## Shared rules" in notebook.source_of(cell)]
    tasks = [place for place, cell in enumerate(nb["cells"]) if cell["metadata"].get("nbgrader", {}).get("solution")]

    assert len(rules) == 1
    assert rules[0] < tasks[0]


def test_every_check_has_a_topic_without_inputs(suite: tuple[str, Suite]) -> None:
    _, opened = suite
    for task in opened.tasks.values():
        topics = [mark.kwargs.get("topic", "") for item in task.items for mark in item.iter_markers("asks")]
        assert all(topics), f"{task.id}: a topic is missing"
        assert all(len(topic) <= 60 for topic in topics), f"{task.id}: a topic is a few words"


def test_every_forbidden_name_is_announced_in_the_text_and_in_the_docstring(suite: tuple[str, Suite]) -> None:
    name, opened = suite
    for task in opened.tasks.values():
        if not task.policy.forbidden:
            continue
        said = announced(name)[task.id]
        for where, text in (("text", said.text), ("docstring", docstring(said.docstring))):
            words = families(text)
            silent = [one for one in task.policy.forbidden if not any(word in plain(one) for word in words)]
            assert not silent, f"{name}: the {where} of {task.id} does not say that these are not allowed: {silent}"


def test_a_family_is_named_where_the_text_says_what_is_not_allowed_and_nowhere_else() -> None:
    text = "A softmax is easy. Not allowed: `torch.logsumexp` of any library (scipy.special, _refs). Printing is fine."

    assert {"logsumexp", "scipy", "special", "refs"} <= families(text)
    assert "softmax" not in families(text)
    assert "printing" not in families(text)


def docstring(stub: str) -> str:
    """What stands in the quotes of a stub: the stub itself is a function in any case."""
    found = re.search(r'"""(.*?)"""', stub, re.DOTALL)
    assert found is not None, "a stub has a docstring"
    return found.group(1)


def plain(dotted: str) -> str:
    return dotted.lower().replace("_", "")


def families(text: str) -> set[str]:
    """The words of the sentences that say what is not allowed, as `plain` writes them; a dotted name counts as its parts."""
    sentences = re.split(r"(?<=[.:!?])\s+(?=[A-Z*`#])|\n\n", text)
    telling = [sentence for sentence in sentences if NOT_ALLOWED.search(sentence)]
    # A colon ends no list: what follows "Not allowed:" up to the next full stop belongs to it.
    for place, sentence in enumerate(sentences[:-1]):
        if sentence in telling and sentence.endswith(":"):
            telling.append(sentences[place + 1])
    words = {plain(part) for sentence in telling for part in re.findall(r"[A-Za-z_]\w+", sentence)}
    return {word for word in words if len(word) >= 4 and word not in NO_FAMILY}
