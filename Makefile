# The two commands of the README: `make run` and `make test`. Each does all its own set-up.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
# Two processes, whole files each, the browser's (collected first, and the slowest) at the start.
AT_ONCE ?= --numprocesses 2 --dist loadfile --no-loadscope-reorder
PIP_FLAGS := --disable-pip-version-check --quiet --progress-bar off

.DEFAULT_GOAL := help
.PHONY: help run install test lint measure measure-clone lock clean chromium postgresql

help:
	@echo "make run      open the tutor in the browser (installs and ingests what is missing)"
	@echo "make test     everything that CI runs: lint, types, import rules, tests"
	@echo "make measure  the figures of docs/measurements.md, measured again on this machine"
	@echo "make measure-clone  how long from a fresh clone to a cited answer"
	@echo "make lock     renew constraints.txt from pyproject.toml"
	@echo "make clean    remove the virtual environment and the caches (never your data)"

run: $(VENV)/.installed
	@$(BIN)/python -m ingest --quiet-when-unchanged || [ $$? -eq 1 ]
	@$(BIN)/cpom-tutor chat $(ARGS)

test: $(VENV)/.installed-dev chromium postgresql lint
	@$(BIN)/python -m pytest $(AT_ONCE) --cov --cov-report=term $(ARGS)

install: $(VENV)/.installed

lint: $(VENV)/.installed-dev
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports

measure: $(VENV)/.installed-dev
	@$(BIN)/python -m ingest --quiet-when-unchanged || [ $$? -eq 1 ]
	@$(BIN)/python -m evals $(ARGS)

# From a fresh clone of this commit to a cited answer, install and first ingest included.
measure-clone:
	@folder=$$(mktemp -d) && start=$$(date +%s) && git clone -q . $$folder/clone && \
	  $(MAKE) --no-print-directory -C $$folder/clone install && cd $$folder/clone && \
	  $(BIN)/python -m ingest && $(BIN)/cpom-tutor ask "What is a CSC?" && \
	  echo "Fresh clone to first answer: $$(( $$(date +%s) - start )) s"; rm -rf "$$folder"

# A stamp per set of packages: an interrupted install leaves no stamp and is simply done again.
$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 is not installed; on Debian: apt-get install python3 python3-venv"; exit 2; }
	@echo "Making a virtual environment in $(VENV) ..."
	@$(PYTHON) -m venv $(VENV) || { echo "Python has no venv module; on Debian: apt-get install python3-venv"; rm -rf $(VENV); exit 2; }

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing packages (1/2: PyTorch; a minute or two, once) ..."
	@$(BIN)/pip install $(PIP_FLAGS) --constraint constraints.txt torch
	@echo "Installing packages (2/2: everything else) ..."
	@$(BIN)/pip install $(PIP_FLAGS) --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	@echo "Installing the tools for tests ..."
	@$(BIN)/pip install $(PIP_FLAGS) --constraint constraints.txt --editable '.[dev]'
	@touch $@

# The browser tests drive Debian's Chromium, or the one that CHROMIUM names.
chromium:
	@command -v "$${CHROMIUM:-chromium}" >/dev/null 2>&1 || { \
	  echo "Installing Chromium for the browser tests ..."; \
	  SUDO=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	  { $$SUDO apt-get update -qq && $$SUDO apt-get install -y -qq chromium >/dev/null; } || { \
	  echo "Chromium could not be installed; install it by hand, or set CHROMIUM to its path"; exit 2; }; }

# The tests of what is kept start a PostgreSQL server of their own, from Debian's package or from what is on the PATH.
postgresql:
	@command -v initdb >/dev/null 2>&1 || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || { \
	  echo "Installing PostgreSQL for the tests ..."; \
	  SUDO=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	  { $$SUDO apt-get update -qq && $$SUDO apt-get install -y -qq postgresql >/dev/null; } || { \
	  echo "PostgreSQL could not be installed; install it by hand, and put its initdb and postgres on the PATH"; exit 2; }; }

lock:
	@rm -rf .make/lock && $(PYTHON) -m venv .make/lock
	@.make/lock/bin/pip install $(PIP_FLAGS) torch==2.13.0 && .make/lock/bin/pip install $(PIP_FLAGS) --editable '.[dev]'
	@{ echo "# The exact versions that the tests run with. Renew: make lock"; \
	  .make/lock/bin/pip freeze --exclude-editable; } > constraints.txt
	@rm -rf .make/lock

clean:
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache htmlcov dist
	@find . -name __pycache__ -prune -exec rm -rf {} +
