"""What `autograder doctor` finds, on this machine and on worse ones."""

from __future__ import annotations

import dataclasses
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from autograder import doctor, draws
from autograder.doctor import Finding
from autograder.model import LAYERS, Assignment, Course


def by_name(findings: list[Finding]) -> dict[str, Finding]:
    return {finding.name: finding for finding in findings}


@pytest.fixture
def worse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine on which no program is found and no model is in the cache; `requirements` adds packages that are missing."""
    from huggingface_hub import constants

    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    return tmp_path


def declare(folder: Path, monkeypatch: pytest.MonkeyPatch, *requirements: str) -> None:
    """Makes autograder an installed package with these requirements."""
    about = folder / "autograder-0.dist-info"
    about.mkdir()
    lines = ["Metadata-Version: 2.1", "Name: autograder", "Version: 0"]
    (about / "METADATA").write_text("\n".join([*lines, *(f"Requires-Dist: {one}" for one in requirements)]))
    monkeypatch.syspath_prepend(folder)


def test_this_machine_can_grade(course: Course) -> None:
    wrong = [finding for finding in doctor.examine(course) if finding.ok is False]

    assert wrong == []


@pytest.mark.parametrize("grading", [True, False])
@pytest.mark.usefixtures("worse")
def test_every_finding_has_words_and_what_is_wrong_has_a_remedy(course: Course, grading: bool) -> None:
    findings = doctor.examine(course if grading else None)

    assert len(by_name(findings)) == len(findings), "names are unique"
    for finding in findings:
        assert finding.detail
        assert bool(finding.remedy) == (finding.ok is False) or finding.ok is None
        assert "\n" not in finding.detail + finding.remedy


@pytest.mark.usefixtures("worse")
def test_programs_are_needed_for_grading_and_by_nobody_else(course: Course) -> None:
    assert by_name(doctor.examine(course))["git"] == Finding("git", False, "not found", "apt install git")
    assert by_name(doctor.examine(None))["git"].ok is None


@pytest.mark.usefixtures("worse")
def test_a_model_that_is_not_there_comes_with_the_command_that_gets_it(course: Course) -> None:
    for name in course.assignments[0].models:
        missing = by_name(doctor.examine(course))[name]

        assert (missing.ok, missing.remedy) == (False, "autograder models")


def test_a_model_that_is_there_is_said_to_be_dequantised(course: Course) -> None:
    from autograder import models

    name = "HuggingFaceTB/SmolLM2-135M-Instruct"
    (installed,) = models.ensure([name])

    found = by_name(doctor.examine(course))[name]
    assert found.ok
    assert str(installed.path) in found.detail
    assert ("dequantised from 4 bits" in found.detail) == installed.made_here


def test_only_the_courses_models_are_asked_for(course: Course) -> None:
    without = dataclasses.replace(course, assignments=(Assignment("counting", "Counting"),))

    assert not [name for name in by_name(doctor.examine(without)) if "/" in name]


def test_missing_and_old_packages_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    declare(tmp_path, monkeypatch, "nobody-has-this>=1", "numpy>=999", "torch>=2", 'nor-this; extra == "grade"')

    packages = by_name(doctor.examine(None))["packages"]

    assert packages.ok is False
    assert "nobody-has-this is missing" in packages.detail
    assert "numpy is 2" in packages.detail
    assert "torch" not in packages.detail
    assert "nor-this" not in packages.detail


def test_packages_for_grading_are_their_own_finding(
    course: Course, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    declare(tmp_path, monkeypatch, "numpy", "numpy; sys_platform != 'nowhere'", 'nor-this; extra == "grade"')

    findings = by_name(doctor.examine(course))

    assert findings["packages"].detail.startswith("all 2")
    assert findings["packages, grading"].detail == "nor-this is missing"


def test_a_layer_that_the_course_requires_is_a_fault_and_another_one_is_not() -> None:
    assert doctor._layer("files", "", required=True) == Finding("sandbox, files", True, "holds")
    required = doctor._layer("files", "the kernel has no Landlock", required=True)
    assert required.ok is False
    assert "the kernel has no Landlock" in required.detail
    assert doctor._layer("files", "the kernel has no Landlock", required=False).ok is None


def test_every_layer_of_the_sandbox_is_reported(course: Course) -> None:

    assert {f"sandbox, {layer}" for layer in LAYERS} <= by_name(doctor.examine(course)).keys()


def test_it_says_where_the_secret_seeds_are(course: Course, tmp_path: Path) -> None:
    fresh = dataclasses.replace(course, root=tmp_path)
    where = draws.seeds_path(fresh)
    assert "none yet" in by_name(doctor.examine(fresh))["secret seeds"].detail

    draws.seeds(fresh, "softmax")

    assert by_name(doctor.examine(fresh))["secret seeds"].detail.startswith(f"{where}: keep it")
    assert "secret seeds" not in by_name(doctor.examine(None))


@pytest.mark.parametrize(("given", "words"), [("1", "not asked"), ("", "asked for what the cache lacks")])
def test_it_says_whether_the_hub_is_asked(given: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", given)

    assert by_name(doctor.examine(None))["hub"].detail.startswith(words)


def test_a_full_disk_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert doctor._space("disk", tmp_path / "not" / "there" / "yet").ok
    monkeypatch.setattr(doctor, "_ROOM_MB", 1e12)

    full = doctor._space("disk", tmp_path)

    assert full.ok is False
    assert full.remedy


def test_torch_is_imported_only_where_there_is_a_gpu(root: Path) -> None:
    program = "import sys; from autograder import doctor; doctor.examine(None); print('torch' in sys.modules)"
    driver = Path("/proc/driver/nvidia/version").exists() or bool(shutil.which("nvidia-smi"))

    result = subprocess.run([sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True)

    assert result.stdout == f"{driver}\n"
