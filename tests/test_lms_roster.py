"""The roster: how it is read, how people are found on it, and the ids of those who are not."""

from __future__ import annotations

from pathlib import Path

import lms_archives
import pytest
from lms_archives import FOLDERS, ROSTER, collected, zipped

from autograder.lms import roster
from autograder.lms.roster import Person, Roster, Student, identify, safe_id

place = lms_archives.place  # the fixture


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("name,email\nAda,a@b\n", "no column id"),
        ("id,name\nada,Ada\nada,Ada\n", "there twice"),
        ("id,name\n../ada,Ada\n", "cannot be an id"),
        ("id,name\n.ada,Ada\n", "cannot be an id"),
        ("id,canvas_id\nada,7\nalan,7\n", "ada's already"),
        ("", "is empty"),
        ("id,name\nada,Ada,more,cells\n", "more cells than columns"),
    ],
)
def test_a_roster_that_is_none_says_so(
    place: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str, words: str
) -> None:
    (place / "roster.csv").write_text(text)
    code, _, said = collected(zipped(tmp_path / "x.zip", FOLDERS), "folder", capsys=capsys)

    assert (code, said.count("\n")) == (2, 1)
    assert words in said


def test_a_roster_in_another_encoding_or_with_semicolons_is_read(tmp_path: Path) -> None:
    for number, (text, encoding) in enumerate(
        (
            (ROSTER, "utf-16"),
            (ROSTER, "utf-8-sig"),
            ("id;name\nada;Ada Lovelace\n", "utf-8"),
            ("id\tname\nada\tAda Lovelace\n", "utf-8"),
        )
    ):
        path = tmp_path / f"{number}.csv"
        path.write_text(text, encoding=encoding)
        assert roster.load(path).students["ada"].name == "Ada Lovelace"


@pytest.mark.parametrize("name", ["lovelaceada", "Ada Lovelace", "LOVELACE, Ada", "ada lovelace", "Ada  Lovelace"])
def test_a_name_is_found_in_all_its_forms(name: str) -> None:
    found = Roster([Student("ada", "Ada Lovelace")]).find_by_name(Person(name))
    assert found is not None
    assert found.id == "ada"


def test_two_people_are_never_made_one_by_their_name() -> None:
    one = Roster([Student("jane", "Jane Doe")])
    people = [Person("Jane Doe", tag="1"), Person("Jane Doe", tag="2")]
    assert set(identify(people, one).values()) == {"jane-doe-1", "jane-doe-2"}
    two = Roster([Student("a", "Jane Doe"), Student("b", "Jane Doe")])
    assert set(identify(people[:1], two).values()) == {"jane-doe-1"}
    other = Roster([Student("jane", "Jane Doe", numbers={"canvas_id": "7"})])
    assert other.find_by_name(Person("Jane Doe", numbers={"canvas_id": "8"})) is None
    assert len(set(identify([Person("Jane Doe"), Person("Jane-Doe")], Roster()).values())) == 2


def test_a_made_id_is_never_a_students() -> None:
    ids = identify([Person("Ada")], Roster([Student("ada", "Ada Lovelace")]))
    assert "ada" not in ids.values()


@pytest.mark.parametrize("name", ["", "...", "../../etc", "a" * 300, "<script>", "-rf", "\x00", "李小龙", "a/b\\c"])
def test_a_safe_id_is_always_a_plain_folder_name(name: str) -> None:
    for tag in ("", "12", "../x"):
        made = safe_id(Person(name, tag=tag))
        assert made
        assert len(made.encode()) < 250
        assert not set(made) & set("/\\.<>\x00 ")
        assert made[0].isalnum()
