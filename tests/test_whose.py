"""`check` and `grade` agree about every file: which notebook is meant, whose it is, and what is wrong with one that is mixed up."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from autograder import cli, notebook, submitted
from autograder import course as courses
from autograder.model import Assignment, Course, Limits, NotGradable, Submission
from autograder.notebook.whose import whose

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("softmax", "sampling")
SOFTMAX, SAMPLING = (ROOT / "release" / name / f"{name}.ipynb" for name in NAMES)
MANIFESTS = [notebook.load_manifest(ROOT / "release" / name / "manifest.json") for name in NAMES]
OTHERS = "This looks like the notebook of another assignment (it has temperature, "


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with what was published, and a class below it."""
    for name in NAMES:
        shutil.copytree(ROOT / "release" / name, tmp_path / name)
    monkeypatch.setattr(courses, "find_root", lambda *_: None)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def lay(folder: Path, files: dict[str, Path]) -> None:
    for name, source in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, folder / name)


@pytest.mark.parametrize(
    ("files", "taken"),
    [
        ({"softmax.ipynb": SOFTMAX, "draft.ipynb": SOFTMAX}, "softmax.ipynb"),
        ({"my answers (2).ipynb": SOFTMAX}, "my answers (2).ipynb"),
        ({"softmax.IPYNB": SOFTMAX}, "softmax.IPYNB"),
        ({"Softmax.Ipynb": SOFTMAX, "draft.ipynb": SOFTMAX}, "Softmax.Ipynb"),
        ({"softmax.ipynb.txt": SOFTMAX}, "softmax.ipynb.txt"),
        ({"softmax.ipynb.json": SOFTMAX, "._softmax.ipynb": SOFTMAX, "notes.txt": SOFTMAX}, "softmax.ipynb.json"),
    ],
)
def test_what_systems_do_to_a_name_does_not_matter(place: Path, files: dict[str, Path], taken: str) -> None:
    folder = place / "submitted" / "ada" / "softmax"
    lay(folder, files)
    (job,) = submitted.handed_in(Course("c", "", (), root=place), Assignment("softmax", ""))

    assert job.path.name == taken
    assert whose(job.path, MANIFESTS, Limits()) == MANIFESTS[0]
    assert isinstance(notebook.read(job.path, MANIFESTS[0], "ada", Limits()), Submission)


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "There is no file: hand in softmax.ipynb."),
        ({"essay.pdf": SOFTMAX}, "There is no file: hand in softmax.ipynb."),
        (
            {"a.ipynb": SOFTMAX, "b.ipynb": SOFTMAX},
            "There are 2 notebooks (a.ipynb, b.ipynb) and none is called softmax.ipynb",
        ),
        ({"softmax/softmax.ipynb": SOFTMAX}, "The notebook lies one folder deeper (softmax/softmax.ipynb)"),
        ({"softmax.ipynb": SAMPLING}, OTHERS),
        ({"sampling.ipynb": SAMPLING}, OTHERS),
        ({"final.ipynb": SAMPLING}, OTHERS),
    ],
)
def test_a_mixed_up_file_gets_the_same_sentence_from_both(
    place: Path, capsys: pytest.CaptureFixture[str], files: dict[str, Path], said: str
) -> None:
    folder = place / "submitted" / "ada" / "softmax"
    folder.mkdir(parents=True)
    lay(folder, {"manifest.json": place / "softmax" / "manifest.json", **files})
    (job,) = submitted.handed_in(Course("c", "", (), root=place), Assignment("softmax", ""))
    graded = notebook.read(job.path, MANIFESTS[0], "ada", Limits())
    code = cli.main(["check", str(job.path if job.path.exists() else folder)])
    checked = " ".join("".join(capsys.readouterr()).split())

    assert isinstance(graded, NotGradable)
    assert graded.reason.startswith(said)
    assert graded.reason in checked
    assert code in {1, 2}


@pytest.mark.parametrize(
    ("name", "source", "assignment"),
    [
        ("sampling/answers.ipynb", SOFTMAX, "softmax"),  # by its content, before the folder
        ("downloads/softmax-final.ipynb", SAMPLING, "sampling"),
        ("softmax/softmax.ipynb", SAMPLING, "softmax"),  # its name says what it will be handed in as
        ("downloads/Sampling.ipynb", SAMPLING, "sampling"),
    ],
)
def test_elsewhere_a_notebook_is_told_by_its_name_and_then_by_its_content(
    place: Path, name: str, source: Path, assignment: str
) -> None:
    lay(place, {name: source})
    found = whose(place / name, MANIFESTS, Limits())

    assert found is not None
    assert found.assignment == assignment


def test_a_notebook_of_nothing_is_told_by_the_names_around_it(place: Path) -> None:
    (place / "else").mkdir()
    for path in (place / "sampling" / "broken.ipynb", place / "else" / "softmax (1).ipynb", place / "else" / "x.ipynb"):
        path.write_text("{", encoding="utf-8")

    found = [
        whose(path, MANIFESTS, Limits())
        for path in (place / "sampling" / "broken.ipynb", place / "else" / "softmax (1).ipynb")
    ]
    assert [one.assignment for one in found if one] == ["sampling", "softmax"]
    assert whose(place / "else" / "x.ipynb", MANIFESTS, Limits()) is None


def test_a_folder_that_belongs_to_nothing_is_named_and_not_passed_over(tmp_path: Path) -> None:
    course = Course("c", "", (Assignment("softmax", ""), Assignment("sampling", "")), root=tmp_path)
    names = (
        "ada/softmax/softmax.ipynb", "ada/.ipynb_checkpoints/x.ipynb", "__MACOSX/ada/x", "grace/Softmax/softmax.ipynb",
        "softmax/emmy/softmax.ipynb", "katherine/softmax.ipynb", "katherine/hw1/softmax.ipynb", "lost.ipynb", "roster.csv",
    )  # fmt: skip
    lay(tmp_path / "submitted", dict.fromkeys(names, SOFTMAX))

    assert list(submitted.strays(course)) == [
        "submitted/grace/Softmax is passed over: the assignment is called softmax.  Rename the folder.",
        "submitted/katherine/hw1 is passed over: the course has no such assignment.  It has softmax, sampling.",
        "submitted/katherine/softmax.ipynb is passed over: it belongs into submitted/katherine/<assignment>/.",
        "submitted/lost.ipynb is passed over: whose is it?  It belongs into submitted/<student>/<assignment>/.",
        "submitted/softmax/emmy is passed over: softmax is an assignment, not a student.  Did you mean submitted/emmy/softmax?",
    ]
    assert list(submitted.strays(course, "ada")) == []
