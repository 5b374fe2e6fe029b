"""A class that hands in nothing but attacks, between honest students: nobody gains, nothing leaks, nothing changes, nothing stops."""

from __future__ import annotations

import time
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import attacks_files as files
import attacks_hiding as hiding
import attacks_inside as inside
import attacks_outside as outside
import pytest
from hostile_scene import BROKE_OUT, POINTS, Attack, Lab, lab

from autograder.model import Status

FAMILIES: dict[str, tuple[Attack, ...]] = {
    "tampering": inside.TAMPERING,
    "lying": inside.LYING,
    "forging": inside.FORGING,
    "reading": outside.READING,
    "writing": outside.WRITING,
    "ending": outside.ENDING,
    "using up": outside.USING_UP,
    "leaving": outside.LEAVING,
    "notebooks": files.GRADED,
    "no notebooks": files.REFUSED,
    "pages": files.PAGES,
    "poison": files.POISON,
    "hiding": hiding.HIDING,
}
ROOT = Path(__file__).resolve().parents[2]
ATTACKS = {f"{family}: {attack.name}": attack for family, attacks in FAMILIES.items() for attack in attacks}
HONEST_RIGHT, HONEST_WRONG = Attack("ada", base="right", keeps=tuple(POINTS)), Attack("grace")


@pytest.fixture(scope="module")
def scene() -> Iterator[Lab]:
    """One course and one judge for all; honest students come first."""
    with lab() as made:
        honest(made)
        yield made


def honest(scene: Lab) -> None:
    right, wrong = scene.hand_in(HONEST_RIGHT), scene.hand_in(HONEST_WRONG)
    assert (right.report.status, right.report.score) == (Status.GRADED, sum(POINTS.values())), right.report
    assert (wrong.report.status, wrong.report.score) == (Status.GRADED, 0.0), wrong.report
    assert right.report.flags == wrong.report.flags == ()


def test_there_are_as_many_as_the_documents_say() -> None:
    assert len(ATTACKS) == sum(map(len, FAMILIES.values())) > 200
    told = f"{len(ATTACKS)} attacks in {len(FAMILIES)} families"
    assert told in (ROOT / "docs" / "security.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_gains_leaks_changes_and_stops_nothing(name: str, scene: Lab) -> None:
    attack = ATTACKS[name]
    started = time.monotonic()
    written = scene.hand_in(attack)
    took = time.monotonic() - started

    assert written.report.status is attack.status, written.report.reason
    if attack.base == "wrong":
        assert {task: written.score(task) for task in POINTS if written.score(task)} == attack.worth
    assert {task: written.score(task) for task in attack.keeps} == {task: POINTS[task] for task in attack.keeps}
    assert {task: written.score(task) for task in attack.loses} == dict.fromkeys(attack.loses, 0.0)
    assert not [secret for secret, word in scene.canaries.items() if word in written.words() + written.page]
    assert BROKE_OUT not in written.words()
    assert written.left == ()
    assert scene.snapshot() == scene.before
    assert not attack.flag or any(attack.flag in flag for flag in written.report.flags), written.report.flags
    assert took < attack.seconds


class Live(HTMLParser):
    """Collects what a browser would run or fetch."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"script", "iframe", "object", "embed", "svg", "link", "base", "form", "video", "audio"}:
            self.found.append(tag)
        for name, value in attrs:
            fetched = name in {"src", "href", "action", "srcset", "poster"} and not (value or "").startswith(
                ("data:", "#")
            )
            if fetched or name.startswith("on"):
                self.found.append(f"{tag} {name}={value}")


@pytest.mark.parametrize("attack", files.PAGES, ids=lambda attack: attack.name)
def test_a_page_of_an_attack_holds_nothing_that_runs(attack: Attack, scene: Lab) -> None:
    page = scene.hand_in(attack).page
    live = Live()
    live.feed(page)

    assert "default-src 'none'" in page
    assert live.found == []


def test_the_scene_notices_what_it_looks_for(scene: Lab) -> None:
    loud = scene.hand_in(Attack("loud", f"print('{scene.canaries['DISK']}')\nprint('BROKE' + '-OUT')"))

    assert scene.canaries["DISK"] in loud.words()
    assert BROKE_OUT in loud.words()


def test_what_runs_or_is_fetched_in_a_page_is_noticed() -> None:
    live = Live()
    live.feed(
        '<a href="#cell">x</a><img src="data:x"><script>1</script><b onclick="x()">x</b><img src="https://example.org/x">'
    )

    assert live.found == ["script", "b onclick=x()", "img src=https://example.org/x"]


def test_honest_work_is_worth_the_same_afterwards(scene: Lab) -> None:
    honest(scene)
    assert scene.snapshot() == scene.before
