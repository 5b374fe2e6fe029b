"""The rule that nothing is skipped, tried on small test suites that use our conftest."""

from __future__ import annotations

from pathlib import Path

import pytest

LACKING = "import pytest\n@pytest.mark.needs('sh', 'no-such-program')\ndef test_it(): pass\ndef test_other(): pass"


@pytest.fixture
def suite(pytester: pytest.Pytester, root: Path) -> pytest.Pytester:
    """An empty folder with our conftest and our markers."""
    pytester.makeconftest((root / "tests/conftest.py").read_text(encoding="utf-8"))
    pytester.makeini("[pytest]\nmarkers = gpu\n    needs\npythonpath = .\naddopts = -p no:autograder")
    return pytester


@pytest.mark.parametrize(
    "body",
    [
        "import pytest\n@pytest.mark.skip(reason='later')\ndef test_it(): pass",
        "import pytest\ndef test_it(): pytest.skip('no time')",
        "import pytest\n@pytest.mark.xfail(reason='known')\ndef test_it(): assert False",
        "import pytest\npytest.importorskip('no_such_module')\ndef test_it(): pass",
        "import unittest\n@unittest.skip('old style')\nclass TestIt(unittest.TestCase):\n    def test_it(self): pass",
    ],
    ids=["marked", "called", "xfail", "importorskip", "unittest"],
)
def test_a_skipped_test_fails(suite: pytest.Pytester, body: str) -> None:
    suite.makepyfile(body)

    result = suite.runpytest_inprocess()

    assert result.ret != pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["*Skipped, which nothing excuses here*"])
    assert "skipped" not in result.parseoutcomes()


@pytest.mark.parametrize(
    ("gpu", "outcomes"), [(False, {"passed": 1, "skipped": 1}), (True, {"passed": 2})], ids=["without", "with"]
)
def test_a_gpu_test_is_skipped_exactly_where_there_is_no_gpu(
    suite: pytest.Pytester, gpu: bool, outcomes: dict[str, int]
) -> None:
    pretend(suite, gpu=gpu)
    suite.makepyfile("import pytest\n@pytest.mark.gpu\ndef test_it(): pass\ndef test_other(): pass")

    assert suite.runpytest_inprocess().parseoutcomes() == outcomes


def test_with_a_gpu_there_is_no_excuse(suite: pytest.Pytester) -> None:
    pretend(suite, gpu=True)
    suite.makepyfile("import pytest\n@pytest.mark.gpu\ndef test_it(): pytest.skip('lazy')")

    assert suite.runpytest_inprocess().parseoutcomes() == {"failed": 1}


def test_what_needs_a_missing_program_is_skipped_by_name_on_a_readers_machine(
    suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CI", raising=False)
    suite.makepyfile(LACKING)

    result = suite.runpytest_inprocess("-ra", "--no-fold-skipped")

    assert result.parseoutcomes() == {"passed": 1, "skipped": 1}
    result.stdout.fnmatch_lines(["SKIPPED*::test_it - *not installed here: no-such-program"])


def test_what_needs_a_missing_program_fails_in_ci(suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    suite.makepyfile(LACKING)

    result = suite.runpytest_inprocess()

    assert result.parseoutcomes() == {"passed": 1, "errors": 1}
    result.stdout.fnmatch_lines(["*nothing excuses here: *not installed here: no-such-program*"])


def test_what_needs_a_program_that_is_there_has_no_excuse(
    suite: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CI", raising=False)
    suite.makepyfile("import pytest\n@pytest.mark.needs('sh')\ndef test_it(): pytest.skip('lazy')")

    assert suite.runpytest_inprocess().parseoutcomes() == {"failed": 1}


def pretend(suite: pytest.Pytester, *, gpu: bool) -> None:
    """Let the suite's conftest believe that there is a GPU, or that there is none."""
    conftest = suite.path / "conftest.py"
    conftest.write_text(f"{conftest.read_text(encoding='utf-8')}\n_has_gpu = lambda: {gpu}\n", encoding="utf-8")
