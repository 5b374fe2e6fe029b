"""An anonymous report keeps names to itself: students have pseudonyms, and texts one word for all."""

from __future__ import annotations

import json
import re
import stat
from pathlib import Path

import pytest
import sample_class
from sample_class import STUDENTS, check, keep, not_gradable, report, reported, task, withheld

from autograder.model import Fingerprint, Outcome
from autograder.report.pseudonyms import SOMEBODY, Pseudonyms, load_key

place = sample_class.place  # the fixture


def everything(folder: Path) -> str:
    return "\n".join(path.read_text() for path in sorted(folder.rglob("*")) if path.is_file())


def test_nobody_is_named_anywhere(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (place / "roster.csv").write_text(
        "id,name,email\nada,Ada Lovelace,lady@ockham.example\nzoe,Zoë Zimmer,z@z.example\n"
    )
    told = "f('ada') gave 'LADY@ockham.example', not 'Lovelace' at /x/feedback/ken.t and submitted/7/x"
    keep(
        place,
        report(
            "ada", task("t", check(Outcome.FAILED, message=told)), flags=("The same file as hedy's.",),
            repairs=("In submitted/ada/softmax/softmax.ipynb",), fingerprint=Fingerprint("sha256:c0ffee"),
        ),
    )  # fmt: skip
    keep(place, not_gradable("grace", "/x/submitted/grace/softmax is a link to linus"))
    keep(place, withheld("ken", "OSError: /tmp/ken/x"))
    code, out, _ = reported(capsys, "--anonymous", "--json", "-")
    words = {word.casefold() for word in re.findall(r"\w+", everything(place / "report") + out)}

    assert code == 0
    assert words & {*STUDENTS, "zoe", "zoë", "lovelace", "zimmer", "lady", "ockham", "c0ffee"} == set()
    assert SOMEBODY in out
    assert json.loads(out)["anonymous"]


def test_pseudonyms_stay_and_are_sorted_by_themselves(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = (json.loads(reported(capsys, "--anonymous", "--json", "-")[1]) for _ in range(2))
    names = [one["student"] for one in first["students"]]
    key = place / ".autograder" / "pseudonyms.key"

    assert first == second
    assert len(set(names)) == len(STUDENTS)
    assert names == sorted(names)
    assert names != [Pseudonyms(load_key(key), STUDENTS).of(student) for student in sorted(STUDENTS)]
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    key.unlink()
    assert not set(names) & {
        one["student"] for one in json.loads(reported(capsys, "--anonymous", "--json", "-")[1])["students"]
    }


def test_an_anonymous_report_leaves_no_page_with_names_beside_it(
    place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    reported(capsys)
    (place / "report" / "notes.html").write_text("my own")
    assert "ada" in everything(place / "report")
    reported(capsys, "softmax", "--anonymous")

    assert not re.search(r"\bada\b", everything(place / "report"))
    assert {path.name for path in (place / "report").glob("*.html")} == {"index.html", "softmax.html", "notes.html"}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Max is max of 7", f"{SOMEBODY} is {SOMEBODY} of 7"),  # never a pseudonym, which `max` would give away
        ("softmax(maximum) gave 7, not 12", "softmax(maximum) gave 7, not 12"),
        ("of a.b-c@uni and of 123456.", f"of {SOMEBODY} and of {SOMEBODY}."),
        ("results/max.json and /home/jovyan/x", f"results/{SOMEBODY} and /home/{SOMEBODY}/x"),
        ("", ""),
    ],
)
def test_names_in_texts_become_one_word(text: str, left: str) -> None:
    assert Pseudonyms(b"key", ["max", "7", "a.b-c@uni", "123456"]).text(text) == left


def test_a_pseudonym_needs_the_key() -> None:
    assert Pseudonyms(b"one", ["ada"]).of("ada") != Pseudonyms(b"two", ["ada"]).of("ada")
    assert re.fullmatch(r"s-[a-z2-7]{8}", Pseudonyms(b"one", []).of("ada"))


def test_names_that_can_be_read_only_once_are_hidden_too() -> None:
    hidden = Pseudonyms(b"k" * 32, ["ada"], (name for name in ("Ada Lovelace", "lady@ockham.example")))
    assert hidden.text("Lovelace wrote from lady@ockham.example") == f"{SOMEBODY} wrote from {SOMEBODY}"
