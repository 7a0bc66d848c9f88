# `make demo` and `make test` need Python 3.11 or later, pip and make, and nothing else.
#
# Each target sets up what it needs in $(VENV) first, again only when pyproject.toml changes.
#   VENV=path    where to install; an environment that is there already is used
#   PYTHON=path  which Python to make it with; otherwise the first that is new enough
#   ARGS=...     what else to tell pytest or the benchmarks: make test ARGS="-k money -x"

VENV := .venv
ARGS :=
DEMO := cosell review examples/pipeline/deals.csv --map examples/pipeline/map.toml --process make --at 2026-11-20
BENCH := benchmarks/run.py

CANDIDATES := $(or $(PYTHON),python3 python3.14 python3.13 python3.12 python3.11 python)
IS_NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
IN_VENV := $(VENV)/bin
# Debian's Python brings pip but not `ensurepip`: then the environment borrows that pip to get its own.
HAS_PIP = $(IN_VENV)/python -m pip --version >/dev/null 2>&1
BASE = $$($(IN_VENV)/python -c 'import sys; print(sys._base_executable)')
BORROW_PIP = "$(BASE)" -m pip --python $(IN_VENV)/python install --quiet pip
PIP_INSTALL := $(IN_VENV)/python -m pip install --quiet --disable-pip-version-check

.PHONY: help demo test check format soak bench

help:
	@echo "make demo    review the example pipeline: every deal, its obstacles, deadlines and fees"
	@echo "make test    run the tests, the docs and the examples"
	@echo "make check   check format, lint, types and layers"
	@echo "make format  format the code and mend what the linter can"
	@echo "make soak    run the tests with many more examples; takes long"
	@echo "make bench   measure cosell beside its peers; installs about 700 MB"

demo: $(VENV)/.installed-demo
	@PATH="$(IN_VENV):$$PATH" $(DEMO)

test: $(VENV)/.installed-test
	$(IN_VENV)/python -m pytest --numprocesses auto --dist worksteal $(ARGS)

check: $(VENV)/.installed-check
	$(IN_VENV)/ruff format --check
	$(IN_VENV)/ruff check
	$(IN_VENV)/mypy
	$(IN_VENV)/lint-imports --no-cache --no-logo

format: $(VENV)/.installed-check
	$(IN_VENV)/ruff format
	$(IN_VENV)/ruff check --fix

soak: $(VENV)/.installed-test
	$(IN_VENV)/python -m pytest --hypothesis-profile=soak $(ARGS)

bench: $(VENV)/.installed-bench
	$(IN_VENV)/python $(BENCH) $(ARGS)

$(VENV)/.installed-demo: WHAT := --editable '.[cli]'
$(VENV)/.installed-test: WHAT := --editable '.[cli,testing]' --group test
$(VENV)/.installed-check: WHAT := --editable '.[cli,testing]' --group dev
$(VENV)/.installed-bench: WHAT := --editable '.[cli]' --group bench

$(VENV)/.installed-%: pyproject.toml | $(IN_VENV)/python
	@$(IN_VENV)/python -c '$(IS_NEW_ENOUGH)' || { \
	  echo "$(VENV) holds $$($(IN_VENV)/python --version), and cosell needs 3.11 or later." >&2; \
	  echo "Remove it, or use another one: make $(MAKECMDGOALS) VENV=.venv-cosell" >&2; exit 1; }
	@echo "Installing into $(VENV) what \`make $*\` needs ..."
	@$(HAS_PIP) || $(IN_VENV)/python -m ensurepip >/dev/null 2>&1 || $(BORROW_PIP) || { \
	  echo "This Python has no pip. Install it, then try again" >&2; \
	  echo "(on Debian and Ubuntu: apt install python3-venv)." >&2; exit 1; }
	@$(PIP_INSTALL) --upgrade 'pip>=25.1'
	@$(PIP_INSTALL) $(WHAT)
	@touch $@

$(IN_VENV)/python:
	@for python in $(CANDIDATES); do \
	  if "$$python" -c '$(IS_NEW_ENOUGH)' >/dev/null 2>&1; then \
	    echo "Making $(VENV) with $$("$$python" --version) ..."; \
	    exec "$$python" -m venv --without-pip $(VENV); \
	  fi; \
	done; \
	echo "None of these is Python 3.11 or later: $(CANDIDATES)." >&2; \
	echo "Install one, or say where it is: make $(MAKECMDGOALS) PYTHON=/path/to/python3" >&2; exit 1
