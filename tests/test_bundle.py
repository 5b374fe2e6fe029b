"""What a node of a cluster is given: what it needs to judge, no other secret, and by what it would judge otherwise."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest
import small_course

from autograder import bundle, fingerprint
from autograder.model import Extension
from autograder.release import source_manifest


def test_a_bundle_holds_what_a_node_needs_and_no_other_secret(tmp_path: Path) -> None:
    plain = small_course.make(tmp_path)
    small_course.hand_in(plain, "ada")
    (assignment,) = plain.assignments
    manifest = source_manifest(plain, assignment)
    extended = (Extension("ada", plain.late.grace, "counting"),)
    course = dataclasses.replace(plain, gradebook_url="postgresql://course:secret@host/db", extensions=extended)
    packed = bundle.pack(course, assignment, manifest)

    assert {name for name, _ in packed.files} == {
        "source/counting/checks/references.py",
        "source/counting/checks/test_counting.py",
    }
    assert not re.search("secret@|'ada'|for letter in", repr(packed))
    assert packed.digest == bundle.pack(course, assignment, manifest).digest
    bundle.unpack(packed, tmp_path / "unpacked")
    assert (tmp_path / "unpacked").stat().st_mode & 0o777 == 0o700


def test_a_node_with_another_model_would_judge_otherwise_and_one_without_it_is_not_told_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fingerprint, "revision", {"ours": "abc", "theirs": "abc"}.get)
    ours = bundle.judges_with(["ours", "theirs"])
    assert bundle.differences(ours) == ""

    monkeypatch.setattr(fingerprint, "revision", {"ours": "abc", "theirs": "def"}.get)
    assert bundle.differences(ours) == "the model theirs def instead of abc"
    monkeypatch.setattr(fingerprint, "revision", {"ours": "abc", "theirs": ""}.get)
    assert bundle.differences(ours) == ""
