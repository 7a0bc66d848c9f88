"""The built wheel works where nothing else is installed.

`.ci/run` runs this; `make test` does not, because it builds the project and makes environments.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import pages
from sources import ROOT

DEPENDENCIES = {"holidays", "pydantic", "python-dateutil", "transitions"}

#: Prints every module that needs no extra and cannot be imported, or comes from elsewhere.
IMPORT_ALL = """
import importlib, pathlib, pkgutil, sys
import cosell

assert pathlib.Path(sys.prefix) in pathlib.Path(cosell.__file__).parents, cosell.__file__
names = [module.name for module in pkgutil.walk_packages(cosell.__path__, "cosell.")]
needs_no_extra = [name for name in names if not name.startswith(("cosell.cli", "cosell.testing"))]
for name in needs_no_extra:
    importlib.import_module(name)
for name in cosell.__all__:
    getattr(cosell, name)
print(len(needs_no_extra), len(cosell.__all__))
"""

#: Prints what the installed wheel asks for, and everything that is installed.
LIST_PACKAGES = """
import re
from importlib import metadata

for line in metadata.requires("cosell"):
    if "extra ==" not in line:
        print("asks", re.match(r"[\\w.-]+", line)[0])
for distribution in metadata.distributions():
    print("has", distribution.metadata["Name"].lower())
"""


def run(*command: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a command as a user of the installed package would."""
    environment = {"PATH": "/usr/bin:/bin", "HOME": str(cwd), "LANG": "C.UTF-8", "COLUMNS": "100"}
    if Path(command[0]).parent.name == "bin":
        environment["PATH"] = f"{Path(command[0]).parent}:{environment['PATH']}"
    return subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, encoding="utf-8", check=False
    )


def call(*command: str | Path) -> None:
    """Run a command that sets something up; what it says is shown if it fails."""
    ran = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout


def environment_with(folder: Path, requirement: str) -> Path:
    """Return the folder of programs of a clean environment with one thing installed."""
    call(sys.executable, "-m", "venv", folder)
    pip = (folder / "bin" / "python", "-m", "pip", "--disable-pip-version-check")
    call(*pip, "install", "--quiet", requirement)
    return folder / "bin"


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the wheel, built from the source distribution."""
    folder = tmp_path_factory.mktemp("dist")
    call(sys.executable, "-m", "build", "--outdir", folder, ROOT)
    return next(folder.glob("cosell-*.whl"))


@pytest.fixture(scope="session")
def core(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the programs of an environment with the wheel and its own dependencies."""
    return environment_with(tmp_path_factory.mktemp("core"), str(wheel))


@pytest.fixture(scope="session")
def cli(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the programs of an environment with the wheel and its extra ``cli``."""
    return environment_with(tmp_path_factory.mktemp("cli"), f"{wheel}[cli]")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder with the examples and nothing else."""
    shutil.copytree(ROOT / "examples", tmp_path / "examples")
    return tmp_path


def test_every_file_is_in_the_wheel(wheel: Path) -> None:
    """Modules, definitions, ``py.typed`` and the licence: what is committed is shipped."""
    names = set(zipfile.ZipFile(wheel).namelist())
    listed = subprocess.run(
        ["git", "-C", ROOT, "ls-files", "src"], capture_output=True, text=True, check=True
    )
    committed = {name.removeprefix("src/") for name in listed.stdout.split()}

    assert "cosell/py.typed" in committed
    assert committed - names == set()
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_it_brings_its_four_dependencies_only(core: Path, tmp_path: Path) -> None:
    """The wheel asks for four packages, and nothing that an extra needs comes with them."""
    said = run(core / "python", "-I", "-c", LIST_PACKAGES, cwd=tmp_path).stdout
    asked, installed = (set(re.findall(rf"{word} (\S+)", said)) for word in ("asks", "has"))

    assert asked == DEPENDENCIES
    assert installed >= DEPENDENCIES
    assert installed & {"hypothesis", "numpy", "pandas", "pytest", "rich", "typer"} == set()


def test_every_module_and_name_is_there(core: Path, tmp_path: Path) -> None:
    """Every module that needs no extra imports from the wheel, every top-level name resolves."""
    ran = run(core / "python", "-I", "-W", "error", "-c", IMPORT_ALL, cwd=tmp_path)

    assert ran.returncode == 0, ran.stderr
    assert all(int(count) > 0 for count in ran.stdout.split())


def test_the_examples_run(core: Path, folder: Path) -> None:
    """Each ``examples/*.py`` prints with the wheel alone what is committed beside it."""
    examples = sorted((folder / "examples").glob("*.py"))

    assert examples
    for example in examples:
        ran = run(core / "python", "-I", example, cwd=folder)
        assert ran.returncode == 0, f"{example.name}: {ran.stderr}"
        pages.compare(example.with_suffix(".out").read_text("utf-8"), ran.stdout, example.name)


def test_the_command_asks_for_its_extra(core: Path, tmp_path: Path) -> None:
    """Without the extra, ``cosell`` says what to install and shows no traceback."""
    ran = run(core / "cosell", "--help", cwd=tmp_path)

    assert ran.returncode != 0
    assert "cosell[cli]" in ran.stdout + ran.stderr
    assert "Traceback" not in ran.stdout + ran.stderr


def test_the_command_helps(cli: Path, tmp_path: Path) -> None:
    """With the extra, ``cosell --help`` lists its commands."""
    ran = run(cli / "cosell", "--help", cwd=tmp_path)

    assert ran.returncode == 0, ran.stderr
    assert "review" in ran.stdout


def test_the_demo_runs(cli: Path, folder: Path) -> None:
    """What ``make demo`` runs works from the wheel as well."""
    program, *arguments = pages.demo_command().split()
    ran = run(cli / program, *arguments, cwd=folder)

    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip()
