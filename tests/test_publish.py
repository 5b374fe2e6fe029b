"""The public student repository: complete, without anything private, replaced as a whole."""

from __future__ import annotations

import ast
import dataclasses
import json
import re
import shlex
import shutil
import zipfile
from pathlib import Path

import pytest
import yaml  # type: ignore[import-untyped]

from autograder import cli, draws, publish
from autograder import course as courses
from autograder.errors import GateError, UsageError
from autograder.model import Course
from autograder.notebook import load_manifest
from autograder.publish import MARK, gate, pages
from autograder.release import place
from autograder.release.leaks import secrets

ROOT = Path(__file__).resolve().parent.parent
NAME = "softmax"
COMMANDS = re.compile(r"^(?:\.venv/bin/)?autograder (.+)$", re.MULTILINE)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory, course: Course) -> Path:
    """The public repository of one assignment of this course."""
    folder = tmp_path_factory.mktemp("public") / "students"
    publish.publish(course, folder, [NAME])
    return folder


@pytest.fixture
def own(tmp_path: Path) -> Course:
    """A course of its own, with one assignment, to be spoilt."""
    root = tmp_path / "private"
    (root / "docs").mkdir(parents=True)
    for name in (courses.CONFIG, "pyproject.toml", "requirements.lock", "LICENSE", "docs/github-classroom.yml"):
        shutil.copy(ROOT / name, root / name)
    for part in ("source", "release"):
        shutil.copytree(ROOT / part / NAME, root / part / NAME)
    return courses.load(root)


def wheel(folder: Path) -> zipfile.ZipFile:
    (path,) = (folder / "checker").glob("*.whl")
    return zipfile.ZipFile(path)


def contents(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in place.listing(folder)}


# ── what is in it ─────────────────────────────────────────────────────────────────────────────────


def test_it_holds_the_release_the_checker_and_the_pages_and_nothing_else(published: Path) -> None:
    names = [re.sub(r"-0.*\.whl$", ".whl", name) for name in place.listing(published)]

    assert names == [
        ".github/workflows/check.yml",
        ".gitignore",
        MARK,
        "LICENSE",
        "README.md",
        "checker/autograder.whl",
        "checker/install.py",
        "pyproject.toml",
        "requirements.lock",
        "requirements.txt",
        "softmax/announced.json",
        "softmax/manifest.json",
        "softmax/softmax.ipynb",
    ]
    assert (published / NAME / "softmax.ipynb").read_bytes() == (ROOT / "release/softmax/softmax.ipynb").read_bytes()


def test_the_checker_holds_no_suite_no_gradebook_and_nothing_of_other_assignments(published: Path) -> None:
    with wheel(published) as archive:
        members = archive.namelist()

    assert [name for name in members if not re.match(r"autograder(/|-0\.\d)", name)] == []
    assert [name for name in members if re.search(r"test_|references|variants|source/|seeds", name)] == []
    kept_back = ("gradebook", "release/", "lms", "report", "similarity", "publish", "cli/grade")
    assert [name for name in members if name.startswith(tuple(f"autograder/{part}" for part in kept_back))] == []
    assert sorted(name for name in members if "/released/" in name) == [
        "autograder/released/announced/softmax.json",
        "autograder/released/softmax.json",
    ]


def test_the_checker_is_complete(published: Path) -> None:
    """Whatever a module of the wheel imports of the engine is in the wheel; only staff's branch of `check` asks for more."""
    with wheel(published) as archive:
        sources = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(".py")}
    there = {name.removesuffix(".py").removesuffix("/__init__").replace("/", ".") for name in sources}
    lacking = set()
    for source in sources.values():
        for node in ast.walk(ast.parse(source)):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "autograder":
                module = str(node.module)
                parts = {module} if module in there and module != "autograder" else set()
                parts |= {f"{module}.{alias.name}" for alias in node.names} if module == "autograder" else {module}
                lacking |= {part for part in parts if part not in there}

    assert lacking == {"autograder.release", "autograder.__version__"}


def test_what_the_readme_says_to_run_is_taken_and_what_it_links_to_is_there(published: Path) -> None:
    text = (published / "README.md").read_text(encoding="utf-8")
    commands = COMMANDS.findall(text)
    links = re.findall(r"\]\((?!https?:)([^)]+)\)", text)

    assert {shlex.split(line)[0] for line in commands} == {"check", "models"}
    assert [vars(cli.parser().parse_args(shlex.split(line)))["command"] for line in commands]
    assert links
    assert [link for link in links if not (published / link).exists()] == []
    assert (
        "colab.research.google.com/github/example/hugging-face-from-the-inside/blob/main/softmax/softmax.ipynb" in text
    )


@pytest.mark.parametrize("repository", ["", "https://gitlab.example.org/course/students"])
def test_a_course_that_is_not_on_github_has_no_badges(course: Course, tmp_path: Path, repository: str) -> None:
    elsewhere = dataclasses.replace(course, repository=repository)
    manifest = load_manifest(courses.manifest_path(course, NAME))
    (assignment,) = courses.pick(course, [NAME])
    pages.write(elsewhere, (assignment,), (manifest,), tmp_path / "checker" / "x.whl", tmp_path)
    text = (tmp_path / "README.md").read_text(encoding="utf-8")

    assert "colab.research" not in text
    assert ("git clone " in text) == bool(repository)
    assert (
        "| 1 | [Next-word logits to probabilities](softmax/softmax.ipynb) |  | 20 | 12 February 2027, 22:00 UTC |"
        in text
    )


def test_the_front_page_names_the_due_date(published: Path) -> None:
    (row,) = re.findall(r".*\(softmax/softmax\.ipynb\).*", (published / "README.md").read_text(encoding="utf-8"))

    assert row.endswith("| 12 February 2027, 22:00 UTC |")


def test_the_workflow_checks_what_was_published(published: Path) -> None:
    (job,) = yaml.safe_load((published / ".github/workflows/check.yml").read_text(encoding="utf-8"))["jobs"].values()

    assert (published / job["env"]["NOTEBOOK"]).is_file()
    assert job["env"]["POINTS"] == "20"
    assert "github.repository != 'example/hugging-face-from-the-inside'" in job["if"]


def test_a_due_date_of_one_student_stays_private(own: Course, tmp_path: Path) -> None:
    config = own.root / courses.CONFIG
    told = "from datetime import timedelta\nfrom autograder.model import Extension\n"
    told += (
        "import dataclasses\ncourse = dataclasses.replace(course, extensions=(Extension('lovelace', timedelta(3)),))\n"
    )
    config.write_text(config.read_text(encoding="utf-8") + told, encoding="utf-8")
    publish.publish(courses.load(own.root), tmp_path / "students", [NAME])

    assert [name for name, data in contents(tmp_path / "students").items() if b"lovelace" in data] == []


# ── the same bytes, in one step ───────────────────────────────────────────────────────────────────


def test_publishing_again_changes_nothing_and_elsewhere_gives_the_same_bytes(
    published: Path, course: Course, tmp_path: Path
) -> None:
    before = {name: (published / name).stat().st_mtime_ns for name in place.listing(published)}

    again = publish.publish(course, published, [])
    elsewhere = publish.publish(course, tmp_path / "other", [NAME])

    assert again.changed == ()
    assert {name: (published / name).stat().st_mtime_ns for name in place.listing(published)} == before
    assert elsewhere.changed == elsewhere.files
    assert contents(tmp_path / "other") == contents(published)


def test_a_new_publication_replaces_the_files_and_keeps_the_history(own: Course, tmp_path: Path) -> None:
    folder = tmp_path / "students"
    publish.publish(own, folder, [NAME])
    (folder / ".git").mkdir()
    (folder / ".git" / "HEAD").write_text("ref: refs/heads/main\n")
    config = own.root / courses.CONFIG
    config.write_text(config.read_text(encoding="utf-8").replace("Next-word logits", "Next-word scores"))
    (folder / NAME / "softmax.ipynb").write_text("by hand")

    with pytest.raises(GateError, match="autograder release softmax"):  # its manifest has the title too
        publish.publish(courses.load(own.root), folder, [NAME])
    config.write_text(config.read_text(encoding="utf-8").replace("Next-word scores", "Next-word logits"))
    done = publish.publish(courses.load(own.root), folder, [])

    assert [assignment.name for assignment in done.assignments] == [NAME]  # and none that is not out yet
    assert done.changed == ("softmax/softmax.ipynb",)
    assert (folder / ".git" / "HEAD").read_text() == "ref: refs/heads/main\n"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


@pytest.mark.parametrize("moment", ["before the new folder came", "after"])
def test_a_replacement_that_was_killed_is_mended(tmp_path: Path, moment: str) -> None:
    target, old, built = tmp_path / "x", tmp_path / ".x.replaced", tmp_path / ".x-abc" / "built"
    for folder in (old, built):
        folder.mkdir(parents=True)
        (folder / "file").write_text(folder.name)
    (built / ".git").mkdir()
    if moment == "after":
        built.rename(target)
    place.mend(target)

    assert (target / ".git").is_dir()
    assert (target / "file").read_text() == ("built" if moment == "after" else ".x.replaced")
    assert not old.exists()


# ── what is refused ───────────────────────────────────────────────────────────────────────────────


def test_a_folder_with_something_else_in_it_is_refused(own: Course, tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.tex").write_text("x")

    with pytest.raises(UsageError, match=r"chapter\.tex"):
        publish.publish(own, tmp_path / "thesis", [NAME])
    with pytest.raises(UsageError, match="private"):
        publish.publish(own, own.root / "public", [NAME])
    with pytest.raises(UsageError, match="is a file"):
        publish.publish(own, tmp_path / "thesis" / "chapter.tex", [NAME])
    assert place.listing(tmp_path / "thesis") == ["chapter.tex"]


def test_a_file_that_no_publication_has_made_is_refused(own: Course, published: Path, tmp_path: Path) -> None:
    shutil.copytree(published, tmp_path / "students")
    (tmp_path / "students" / "solutions.ipynb").write_text("{}")

    with pytest.raises(UsageError, match=r"solutions\.ipynb"):
        publish.publish(own, tmp_path / "students", [])
    mark = tmp_path / "students" / MARK
    mark.write_text(mark.read_text().replace('"hf-inside"', '"cooking"'))
    with pytest.raises(UsageError, match="cooking"):
        publish.publish(own, tmp_path / "students", [])


def spoil(course: Course, what: str) -> None:
    """Puts something private where publishing would take it along."""
    page = course.root / "docs" / "github-classroom.yml"
    hidden = secrets(course, NAME)
    line = {
        "a solution": next(s.lines[0] for s in hidden if s.what.startswith("the solution") and s.lines),
        "the hidden suite": next(s.lines[0] for s in hidden if s.what.startswith("the hidden suite") and s.lines),
        "a secret seed": str(draws.seeds(course, NAME)[0]),
    }[what]
    page.write_text(page.read_text(encoding="utf-8") + f"# {line}\n", encoding="utf-8")


@pytest.mark.parametrize("what", ["a solution", "the hidden suite", "a secret seed"])
def test_private_text_is_found_wherever_it_hides(own: Course, tmp_path: Path, what: str) -> None:
    spoil(own, what)

    with pytest.raises(GateError, match=r"check\.yml (gives away|holds a secret seed)"):
        publish.publish(own, tmp_path / "students", [NAME])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["private"]


def test_private_text_is_found_inside_the_checker_and_in_another_notebook(
    course: Course, published: Path, tmp_path: Path
) -> None:
    (assignment,) = courses.pick(course, [NAME])
    other = next(s.lines[0] for s in secrets(course, "sampling") if s.what.startswith("the hidden suite") and s.lines)
    shutil.copytree(published, tmp_path / "a")
    (path,) = (tmp_path / "a" / "checker").glob("*.whl")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("autograder/more.txt", other)
    with pytest.raises(GateError, match=r"whl: autograder/more\.txt gives away the hidden suite"):
        gate.check(course, (assignment,), tmp_path / "a")

    shutil.copytree(published, tmp_path / "b")
    path = tmp_path / "b" / NAME / "softmax.ipynb"
    nb = json.loads(path.read_text(encoding="utf-8"))
    nb["cells"][0]["source"] = other
    path.write_text(json.dumps(nb), encoding="utf-8")
    with pytest.raises(GateError, match=r"softmax\.ipynb, cell 1 .*gives away the hidden suite"):
        gate.check(course, (assignment,), tmp_path / "b")
    gate.check(course, (assignment,), published)


def test_a_stale_release_is_refused(own: Course, tmp_path: Path) -> None:
    path = own.root / "release" / NAME / "softmax.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace("From logits", "From the logits"), encoding="utf-8")

    with pytest.raises(GateError, match="autograder release softmax"):
        publish.publish(own, tmp_path / "students", [NAME])
    assert not (tmp_path / "students").exists()


# ── the command ───────────────────────────────────────────────────────────────────────────────────


def test_the_command_publishes_and_says_what_is_next(
    own: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("AUTOGRADER_COURSE", str(own.root))

    assert cli.main(["publish", str(tmp_path / "students"), NAME]) == 0
    assert "13 of 13 files" in capsys.readouterr().out
    assert cli.main(["publish", str(tmp_path / "students")]) == 0
    assert "up to date" in capsys.readouterr().out
    assert cli.main(["publish", str(own.root)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
