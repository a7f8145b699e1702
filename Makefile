# Everything runs from .venv, which is made on first use and again when a requirement changes.
# Needs only make and Python 3.11 or newer; another interpreter: make PYTHON=python3.12 …

PYTHON  ?= python3
WORKERS ?= auto
ARGS    ?=
EXAMPLES ?= 100

BIN     := .venv/bin
PIP     := $(BIN)/python -m pip --disable-pip-version-check install --quiet --no-input
VENV    := .venv/pyvenv.cfg
RUNTIME := .venv/.runtime
DEV     := .venv/.dev

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help setup editor services demo test test-fast test-embedded check bench fuzz format conformance asyncapi metrics permissions screenshots lock clean

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-16s %s\n", $$1, $$2}'

# What is worked out from very many numbers takes its time.
FAST := tests/domain $(foreach room,agreement consensus simulation,--ignore=tests/domain/$(room)) tests/scenarios/test_the_main_story.py

setup: $(DEV) ## make .venv with everything that tests and checks need, and fetch the full editor where npm is there
	@$(BIN)/python -m tools.editor --if-possible

editor: $(DEV) ## fetch the full Label Studio editor for the tags that our own does not have; needs npm
	$(BIN)/python -m tools.editor

services: $(DEV) ## run PostgreSQL and Kafka for a developer, until Ctrl-C
	$(BIN)/python -m tools.services

demo: $(RUNTIME) ## run Annolog with a synthetic team of annotators
	$(BIN)/annolog demo $(ARGS)

test: $(DEV) ## run every test; PostgreSQL, Kafka and Keycloak are started as needed
	$(BIN)/python -m pytest -n $(WORKERS) $(ARGS)

test-fast: $(DEV) ## run the rules of tasks, projects and policies, and the main story: under a minute
	$(BIN)/python -m pytest -n $(WORKERS) -m "not slow and not fault and not services and not browser" $(FAST) $(ARGS)

test-embedded: $(DEV) ## run the tests that need neither servers nor patience: some minutes
	$(BIN)/python -m pytest -n $(WORKERS) -m "not slow and not fault and not services and not browser" $(ARGS)

check: $(DEV) ## style, types, rooms, and the documents that are made from code
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	$(BIN)/python tools/conformance.py --check
	$(BIN)/python -m tools.asyncapi --check
	$(BIN)/python -m tools.metrics --check
	$(BIN)/python -m tools.permissions --check

bench: $(DEV) ## measure
	$(BIN)/python -m benchmarks $(ARGS)

fuzz: $(DEV) ## ask every operation as every role for what nobody thought of, longer than the tests do
	ANNOLOG_FUZZ_EXAMPLES=$(EXAMPLES) $(BIN)/python -m pytest -n $(WORKERS) tests/infra/http/test_fuzzed.py $(ARGS)

format: $(DEV) ## rewrite the code in house style
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

conformance: $(DEV) ## rewrite docs/conformance.md from the marks in tests/
	$(BIN)/python tools/conformance.py

metrics: $(DEV) ## rewrite docs/metrics.md from the measures in the code
	$(BIN)/python -m tools.metrics

permissions: $(DEV) ## rewrite docs/permissions.md from the table of roles in the code
	$(BIN)/python -m tools.permissions

screenshots: $(DEV) ## photograph every page of the demo's project, light and dark, for docs/screenshots.md: some minutes
	$(BIN)/python -m tools.screenshots $(ARGS)

asyncapi: $(DEV) ## rewrite docs/asyncapi.json from the events
	$(BIN)/python -m tools.asyncapi

# Dev first: the other three take its versions, so one .venv can hold all four. What converts exports is installed apart.
# Versions stay as they are unless asked for: make lock UPGRADE=--upgrade
COMPILE := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--no-emit-index-url --custom-compile-command "make lock" $(UPGRADE)

lock: $(DEV) ## write requirements*.txt from pyproject.toml
	$(COMPILE) pyproject.toml --group dev --output-file requirements-dev.txt
	$(COMPILE) pyproject.toml --constraints requirements-dev.txt --output-file requirements.txt
	$(COMPILE) pyproject.toml --extra tracing --constraints requirements-dev.txt --output-file requirements-image.txt
	$(COMPILE) --group build --constraints requirements-dev.txt --output-file requirements-build.txt
	$(COMPILE) --group converter --output-file requirements-converter.txt

clean: ## remove .venv and every cache
	rm -rf .venv build dist .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The package is installed in place, without its dependencies and with the pinned build backend: nothing that has no
# hash is ever downloaded.
INSTALL_ANNOLOG := $(PIP) --no-deps --no-build-isolation --editable .

# Everything is in the files already, extras too, which pip would ask for once more by other names.
$(DEV): requirements-dev.txt pyproject.toml | $(VENV)
	$(PIP) --no-deps --require-hashes --requirement requirements-dev.txt
	$(INSTALL_ANNOLOG)
	@touch $(RUNTIME) $@

$(RUNTIME): requirements.txt requirements-build.txt pyproject.toml | $(VENV)
	$(PIP) --no-deps --require-hashes --requirement requirements.txt --requirement requirements-build.txt
	$(INSTALL_ANNOLOG)
	@touch $@

TOO_OLD := Annolog needs Python 3.11 or newer, and '$(PYTHON)' is not. Try: make PYTHON=python3.12 ...
NO_VENV := '$(PYTHON)' cannot make virtual environments. On Debian or Ubuntu: apt-get install python3-venv

$(VENV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(TOO_OLD)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(NO_VENV)" >&2; exit 1; }
	$(PYTHON) -m venv .venv
