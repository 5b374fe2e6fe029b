"""What a release announces of its hidden suite: what is forbidden and why, the topics of the checks, and nothing else."""

from __future__ import annotations

import dataclasses
import json
import shutil
from pathlib import Path

import pytest
import small_course

from autograder import cli, notebook, release
from autograder import course as courses
from autograder.code.announced import sentence
from autograder.errors import AuthoringError, GateError
from autograder.model import Assignment, Course
from autograder.notebook.announced import ANNOUNCED, Announced, load, to_text
from autograder.notebook.known import announced, known
from autograder.release.announced import of_suite
from autograder.release.leaks import gate
from autograder.release.source import agree

NAME, TASK = small_course.NAME, small_course.TASK
SAID = "`collections.Counter` is not allowed."
TOLD = Announced(("collections.Counter", "re.*"), "Count them yourself.", ("capital letters",))


@pytest.fixture
def course(tmp_path: Path) -> Course:
    """A course whose suite forbids something and has a topic, and whose notebook says so."""
    course = small_course.make(tmp_path)
    path = course.root / "source" / NAME / "checks" / f"test_{NAME}.py"
    text = path.read_text(encoding="utf-8").replace("import hint", "import asks, forbids, hint")
    text = text.replace('@task("', '@forbids("collections.Counter", "re.*", why="Count them yourself.")\n@task("')
    text = text.replace(
        '    @hint("A capital', '    @asks("in either case", topic="capital letters")\n    @hint("A capital'
    )
    path.write_text(text, encoding="utf-8")
    say(course, stub=SAID, text=SAID)
    return course


def say(course: Course, *, stub: str = "", text: str = "") -> None:
    """Puts words into the docstring of the stub and into the text above it."""

    def change(nb: small_course.Nb) -> None:
        answer = small_course.cell(nb, TASK)
        answer["source"] = "".join(answer["source"]).replace("Returns an int.", f"Returns an int.  {stub}")
        above = nb["cells"][nb["cells"].index(answer) - 1]
        above["source"] = "".join(above["source"]) + f"\n\n{text}"

    small_course.edit(courses.source_notebook(course, NAME), change)


def assignment(course: Course) -> Assignment:
    return small_course.assignment(course)


def test_names_reason_and_topics_go_out_beside_the_manifest_and_no_word_more(course: Course) -> None:
    release.release(course, assignment(course))
    path = courses.release_dir(course, NAME) / ANNOUNCED

    assert json.loads(path.read_text(encoding="utf-8")) == {
        "schema": 1,
        "tasks": {TASK: {"forbidden": list(TOLD.forbidden), "why": TOLD.why, "topics": list(TOLD.topics)}},
    }
    assert load(path) == announced(NAME, path.parent) == {TASK: TOLD}
    release.check(course, assignment(course))
    path.write_text(path.read_text(encoding="utf-8").replace("re.*", "os.*"), encoding="utf-8")
    with pytest.raises(GateError, match=rf"{ANNOUNCED} differs"):
        release.check(course, assignment(course))


def test_what_a_task_forbids_stands_in_its_docstring_and_in_its_text(course: Course) -> None:
    notebook_path = courses.source_notebook(course, NAME)
    whole = notebook_path.read_text(encoding="utf-8")
    for old, new, place in (
        (f"Returns an int.  {SAID}", "Returns an int.", "the docstring of its stub"),
        (f"\\n\\n{SAID}", "", "the text above its stub"),
        ("collections.Counter` is not allowed.", "dict` is not allowed.", "the docstring of its stub"),
    ):
        parts = json.loads(whole)
        for cell in parts["cells"]:
            cell["source"] = "".join(cell["source"]).replace(old.replace("\\n", "\n"), new)
        notebook_path.write_text(notebook.canonical(parts), encoding="utf-8")
        with pytest.raises(
            AuthoringError, match=rf"cell 4 \({TASK}\): the task forbids `collections.Counter`, and {place}"
        ):
            release.release(course, assignment(course))


@pytest.mark.parametrize("topic", ["count_vowels('AE') == 2", "a topic that goes on and on and says all that there is"])
def test_a_topic_is_a_few_words(course: Course, topic: str) -> None:
    path = course.root / "source" / NAME / "checks" / f"test_{NAME}.py"
    path.write_text(path.read_text(encoding="utf-8").replace('capital letters"', f'{topic}"'), encoding="utf-8")

    with pytest.raises(AuthoringError, match=f"of {TASK} is no short phrase"):
        of_suite(course, assignment(course), agree(course, assignment(course)))


@pytest.mark.parametrize(
    "change",
    [
        {"hints": ["A capital A is a vowel too."]},
        {"topics": ["student.count_vowels(text)"]},
        {"forbidden": ["len(text) > 3"]},
        {"why": "same(student.count_vowels(text), reference.count_vowels(text))"},
    ],
)
def test_the_gate_lets_nothing_else_of_the_suite_out(course: Course, change: dict[str, object]) -> None:
    release.release(course, assignment(course))
    path = courses.release_dir(course, NAME) / ANNOUNCED
    data = json.loads(path.read_text(encoding="utf-8"))
    data["tasks"][TASK] |= change
    path.write_text(json.dumps(data), encoding="utf-8")

    with pytest.raises(GateError, match=ANNOUNCED):
        gate(course, assignment(course), path.parent)


def test_check_gives_no_tick_to_a_forbidden_shortcut_and_ends_with_what_else_is_graded(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    release.release(course, assignment(course))
    folder = tmp_path / "students" / NAME
    shutil.copytree(courses.release_dir(course, NAME), folder)
    answers = {
        "own": "def count_vowels(text):\n    return sum(letter in 'aeiouAEIOU' for letter in text)",
        "short": "from collections import Counter\ndef count_vowels(text):\n    return sum(Counter(text.lower())[v] for v in VOWELS)",
    }
    for name, answer in answers.items():
        nb = json.loads((folder / f"{NAME}.ipynb").read_text(encoding="utf-8"))
        small_course.cell(nb, TASK)["source"] = answer
        (folder / f"{name}.ipynb").write_text(notebook.canonical(nb), encoding="utf-8")
    monkeypatch.setattr(courses, "find_root", lambda *_: None)
    monkeypatch.chdir(folder)

    assert cli.main(["check", "own.ipynb", "short.ipynb", "--jobs", "1", "--json", "out.json"]) == 0
    shown = capsys.readouterr().out
    own, short = json.loads((folder / "out.json").read_text(encoding="utf-8"))
    assert (own["score"], short["score"]) == (2.0, 0.0)
    assert [check["outcome"] for check in short["tasks"][0]["checks"]] == ["banned"]
    said = " ".join(shown.replace("│", " ").split())
    assert f"✗ {TASK} 2 It uses `collections.Counter`, which this task forbids: 0 points. Count them yourself." in said
    assert said.endswith(f"Also graded: {TASK} capital letters")


def test_the_installed_checker_knows_it_too_and_an_older_release_says_nothing(tmp_path: Path) -> None:
    (tmp_path / "announced").mkdir()
    (tmp_path / "announced" / "counting.json").write_text(to_text({TASK: TOLD}), encoding="utf-8")
    (tmp_path / "announced" / "broken.json").write_text('{"schema": 1, "tasks": []}', encoding="utf-8")

    assert announced("counting", None, tmp_path) == {TASK: TOLD}
    assert announced("broken", None, tmp_path) == announced("older", None, tmp_path) == announced("x", tmp_path) == {}
    assert known(tmp_path / "announced", tmp_path) == {}  # it is taken for no manifest


@pytest.mark.parametrize(
    ("source", "used"),
    [
        ("import torch\ndef softmax(x):\n    return x.softmax(-1)", "x.softmax"),
        ("import torch.nn.functional as F\ndef softmax(x):\n    return F.softmax(x)", "torch.nn.functional.softmax"),
        ("def helper(x):\n    return x.softmax(-1)\ndef softmax(x):\n    return helper(x)", "x.softmax"),
        ("def softmax(x):\n    return log_softmax(x)\ndef log_softmax(x):\n    return x.softmax(-1)", ""),
        ("class Own:\n    def softmax(self, x):\n        return x\ndef softmax(x):\n    return Own().softmax(x)", ""),
        ("def softmax(x):\n    return x.encode('utf-8')", ""),
        ("def softmax(x):\n    'Without torch.softmax.'\n    return x  # not x.softmax(-1)", ""),
    ],
)
def test_a_shortcut_is_seen_in_the_source_and_what_is_none_is_not(source: str, used: str) -> None:
    names = ("torch.softmax", "torch.Tensor.softmax", "torch.nn.functional.softmax", "tokenizers.Tokenizer.encode")
    said = sentence([source], "softmax", Announced(names, "Write it."), ["softmax", "log_softmax"])

    assert said == (f"uses `{used}`, which this task forbids: 0 points. Write it." if used else "")
    assert sentence([source], "softmax", dataclasses.replace(TOLD, forbidden=()), ["softmax"]) == ""
