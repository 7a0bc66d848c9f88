"""`python -m cosell` is the command `cosell`."""

from __future__ import annotations

import runpy
import sys

import pytest


def run_module(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> object:
    monkeypatch.setattr("sys.argv", ["cosell", *arguments])
    with pytest.raises(SystemExit) as ended:
        runpy.run_module("cosell", run_name="__main__", alter_sys=True)
    return ended.value.code


def test_it_runs_a_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It prints what the command prints, and ends with its exit code."""
    assert run_module(monkeypatch, "processes") == 0
    assert "make" in capsys.readouterr().out


def test_a_wrong_command_ends_as_the_command_does(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Wrong usage is exit code 2, and the program is called as it was."""
    assert run_module(monkeypatch, "revew") == 2
    assert "Usage: python -m cosell" in capsys.readouterr().err


def test_without_the_extra_it_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without its packages it names the extra, and ends with 2."""
    for name in [name for name in sys.modules if name.startswith("cosell.cli.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "typer", None)

    assert run_module(monkeypatch, "processes") == 2
    assert "pip install 'cosell[cli]'" in capsys.readouterr().err


def test_to_import_it_does_nothing() -> None:
    """Whoever walks over the modules of the package starts no command."""
    assert "main" in runpy.run_module("cosell.__main__", run_name="walked")
