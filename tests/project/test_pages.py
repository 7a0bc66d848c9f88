"""The README, every page of the docs and every example do what they say."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

import pages
from pages import Page, PageError
from sources import ROOT

PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/**/*.md")])
EXAMPLES = sorted((ROOT / "examples").glob("*.py"))
LINK = re.compile(r"\]\((?!https?:|mailto:|#)(?P<target>[^)#\s]+)")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a fresh folder to run in, which is the current one."""
    monkeypatch.chdir(tmp_path)
    return pages.prepare(tmp_path)


def name_of(path: Path) -> str:
    """Return the path as a reader of the repository knows it."""
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_page_does_what_it_says(path: Path, folder: Path) -> None:
    """Every block of the page runs and prints what the page says."""
    Page(path, folder).run()


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_a_page_links_to_what_exists(path: Path) -> None:
    """Every relative link leads to a file of the project."""
    targets = [match["target"] for match in LINK.finditer(path.read_text("utf-8"))]

    assert [target for target in targets if not (path.parent / target).exists()] == []


def test_every_example_prints_what_is_committed(folder: Path) -> None:
    """Each ``examples/*.py`` runs on its own and prints what stands in the ``.out`` beside it."""
    for example in EXAMPLES:
        ran = subprocess.run(
            [sys.executable, "-W", "error", example.relative_to(ROOT)],
            cwd=folder,
            env=pages.environment(folder),
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert ran.returncode == 0, f"{example.name} failed:\n{ran.stderr}"
        pages.compare(example.with_suffix(".out").read_text("utf-8"), ran.stdout, example.name)


def run_text(folder: Path, text: str) -> int:
    """Run ``text`` as a page, written with ~ in place of backticks."""
    path = folder / "page.md"
    path.write_text(text.replace("~~~", "```"), "utf-8")
    return Page(path, folder).run()


GOOD = {
    "blocks_share_names": "~~~python\nx = 1\n~~~\n\n~~~python\n>>> x + 1\n2\n~~~\n",
    "text_after_python_is_what_it_prints": "~~~python\nprint('a')\n~~~\n\n~~~text\na\n~~~\n",
    "text_after_prose_is_for_reading": "~~~python\nprint('a')\n~~~\n\nProse.\n\n~~~text\nb\n~~~\n",
    "an_ellipsis_is_any_lines": "~~~console\n$ seq 1 9\n1\n...\n9\n~~~\n",
    "an_ellipsis_may_be_no_line": "~~~console\n$ seq 1 2\n1\n...\n2\n~~~\n",
    "several_commands": "~~~console\n$ echo a\na\n$ echo b\nb\n~~~\n",
    "a_command_over_two_lines": "~~~console\n$ echo a \\\n    b\na b\n~~~\n",
    "a_failure_that_is_told": "~~~console\n$ false; echo $?\n1\n~~~\n",
    "a_file_for_later_blocks": "~~~toml m.toml\na = 1\n~~~\n~~~console\n$ cat m.toml\na = 1\n~~~\n",
    "set_up_is_shown_only": "~~~console\n$ git clone there\n$ make test\nany\n~~~\n",
}

BAD = {
    "python_raises": "~~~python\n1 / 0\n~~~\n",
    "python_prints_otherwise": "~~~python\nprint('a')\n~~~\n\n~~~text\nb\n~~~\n",
    "doctest_gives_otherwise": "~~~python\n>>> 1 + 1\n3\n~~~\n",
    "command_prints_otherwise": "~~~console\n$ echo a\nb\n~~~\n",
    "command_prints_more": "~~~console\n$ seq 1 9\n1\n2\n~~~\n",
    "command_prints_less": "~~~console\n$ echo a\na\n...\nb\n~~~\n",
    "command_fails": "~~~console\n$ false\n~~~\n",
    "command_without_prompt": "~~~console\necho a\n~~~\n",
    "toml_is_broken": "~~~toml\na = \n~~~\n",
    "json_is_broken": "~~~json\n{a: 1}\n~~~\n",
    "language_escapes": "~~~bash\necho a\n~~~\n",
    "language_is_missing": "~~~\necho a\n~~~\n",
    "command_hides_behind_set_up": "~~~console\n$ cd cosell && false\n~~~\n",
    "make_target_is_unknown": "~~~console\n$ make coffee\n~~~\n",
}


@pytest.mark.parametrize("text", GOOD.values(), ids=GOOD)
def test_a_true_page_passes(text: str, folder: Path) -> None:
    """A page that does what it says passes, and its blocks are counted."""
    assert run_text(folder, text) == text.count("~~~") // 2


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_a_false_page_fails(text: str, folder: Path) -> None:
    """A page that says what is not so is caught: a check that cannot fail is none."""
    with pytest.raises((PageError, ZeroDivisionError, ValueError)):
        run_text(folder, text)
