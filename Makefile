# The front door.  `make` alone lists what there is.  Every target sets up what it needs, in .venv of this folder.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-builtin-rules --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
# What tests need from the system: Debian's packages, installed where we may.  Elsewhere these tests say what they lack.
SYSTEM_PARTS := chromium postgresql
SYSTEM := $(VENV)/.system
# Python 3.11 or newer; the first of these that works is taken.  Another one: make setup PYTHON=/path/to/python
PYTHON := python3.11 python3 python3.12 python3.13 python3.14
# nbgrader calls its helpers by bare name
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help setup demo test lint models release validate mutants proof fuzz bench lab train lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: models ## .venv and the course's models; every other target does this by itself

demo: models ## a sample class: released, graded, booked, fed back, reported; prints where to look
	@$(BIN)/python -m autograder demo

test: models lint $(SYSTEM) ## all tests, lint and types included
	@$(BIN)/python -m pytest --numprocesses 2 --dist loadfile

lint: $(INSTALLED) ## ruff and mypy
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --quiet --check . || { echo 'Run $(BIN)/ruff format' >&2; exit 1; }
	@$(BIN)/mypy --no-error-summary

models: $(INSTALLED) ## the course's models, into the Hugging Face cache
	@$(BIN)/python -m autograder models

release: models ## release/ from source/, behind the gates
	@$(BIN)/python -m autograder release

validate: models ## right answers get their points, wrong ones do not: the matrix of all variants with all seeds
	@$(BIN)/python -m autograder validate

mutants: models ## are small wrong changes of the solutions noticed?  The table, and what is missed
	@$(BIN)/python -m tools.mutants

proof: models ## hours: what the hidden checks are worth, measured, into docs/proof.md; ASSIGNMENTS="softmax" for some, SETS of seeds
	@$(BIN)/python -m tools.proof $(ASSIGNMENTS) $(if $(SETS),--sets $(SETS))

fuzz: $(INSTALLED) ## ten minutes of fuzzing of the reader of notebooks and of the codec
	@$(BIN)/pip install --quiet atheris
	@for target in codec reader; do $(BIN)/python tests/hostile/fuzz.py $$target 300; done

bench: models ## speed and memory against nbgrader and the floor, into benchmarks/RESULTS.md; PARTS="check pages" for some, SIZE and PEERS for less
	@$(BIN)/python -m benchmarks $(PARTS) $(if $(SIZE),--size $(SIZE)) $(if $(PEERS),--peers $(PEERS))

lab: models ## JupyterLab on this folder: Create Assignment, Formgrader, Assignment List, Validate, an exchange
	@$(BIN)/jupyter lab $(if $(filter 0,$(shell id -u)),--allow-root)

train: $(INSTALLED) ## the course's own models and data made anew, over what is committed; 15 minutes
	@for part in reviews sentiment digits; do $(BIN)/python -m training.$$part; done

# What torch itself needs for CUDA is left to torch, so that the file serves machines with a GPU and without.
lock: $(INSTALLED) ## requirements.lock from pyproject.toml; pins stay, except with: make lock UPGRADE=1
	@echo 'Resolving pyproject.toml' >&2
	@$(BIN)/pip install --quiet 'pip-tools>=7.6'
	@cp requirements.lock $(VENV)/lock.txt
	@$(BIN)/pip-compile --quiet --all-extras --strip-extras --unsafe-package pip --unsafe-package wheel --no-header \
	    --no-annotate --no-emit-index-url --no-emit-trusted-host --no-emit-find-links $(if $(UPGRADE),--upgrade) \
	    --output-file $(VENV)/lock.txt pyproject.toml
	@{ echo '# Every package of every extra, as tested.  `make lock` writes this from pyproject.toml.'; \
	    sed -E 's/\+cpu//; /^(nvidia|cuda|triton)|^[^a-z]|^$$/d' $(VENV)/lock.txt; } > requirements.lock

clean: ## caches and the demo class; .venv, submissions, results and the gradebook stay
	@rm -rf .pytest_cache .hypothesis .mypy_cache .ruff_cache build *.egg-info demo
	@find . -path ./$(VENV) -prune -o -name __pycache__ -prune -exec rm -rf {} +

# pip says a line per package and more; shown are a counter, and the end of what it said where it fails.
$(INSTALLED): requirements.lock pyproject.toml | $(BIN)/python
	@echo 'Installing what requirements.lock names into $(VENV) (over 2 GB; minutes the first time, seconds later)' >&2
	@$(BIN)/python -m pip install --progress-bar off --requirement requirements.lock 2>&1 | tee $(VENV)/install.log \
	| awk -v total="$$(grep -c '^[a-z]' requirements.lock)" -v tty="$$([ ! -t 2 ] || echo 1)" ' \
	    function show(text) { printf tty ? "\r\033[K  %s" : "  %s\n", text; fflush() } \
	    sub(/^(Collecting|Processing|Requirement already satisfied:) /, "") { \
	        n += n < total; name = $$1; sub(/.*\//, "", name); \
	        if (tty || n % 20 == 0) show(n "/" total " " name) } \
	    /^Installing collected/ { show("unpacking") } \
	    END { if (tty) printf "\r\033[K" }' >&2 \
	|| { grep -a -vE '^(Requirement already|WARNING: Location)' $(VENV)/install.log | tail -n 20 >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable . 2>&1 | { grep -v '^WARNING: Location' >&2 || true; }
	@touch $@

# No error where it fails, and tried again the next time: tests that lack something are skipped and say so.
$(SYSTEM): | $(BIN)/python
	@missing=$$(for part in $(SYSTEM_PARTS); do \
	    dpkg -s $$part 2>/dev/null | grep -q '^Status: .* installed$$' || echo $$part; done); \
	sudo=$$([ "$$(id -u)" = 0 ] || echo 'sudo -n'); \
	if [ -z "$$missing" ]; then touch $@; \
	elif command -v apt-get >/dev/null && $$sudo true 2>/dev/null; then \
	    echo "Installing for the tests:" $$missing >&2; \
	    { $$sudo apt-get update; for part in $$missing; do \
	        $$sudo env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends $$part || failed=1; \
	    done; [ -z "$${failed-}" ]; } > $(VENV)/system.log 2>&1 && touch $@ || tail -n 3 $(VENV)/system.log >&2; \
	fi

# Debian's own Python comes without venv; where we may, we add it.
$(BIN)/python:
	@find_python() { for python in $(PYTHON); do \
	    "$$python" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	    && command -v "$$python" && return; done; return 1; }; \
	if ! python=$$(find_python); then \
	    sudo=$$([ "$$(id -u)" = 0 ] || echo 'sudo -n'); \
	    $$sudo apt-get install --yes --quiet python3-venv >&2 || true; \
	    python=$$(find_python) || { echo 'Python 3.11 or newer with venv is needed (Debian: apt install python3-venv).' >&2; exit 1; }; \
	fi; \
	echo "Making $(VENV) with $$python" >&2; \
	"$$python" -m venv $(VENV)
