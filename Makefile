# Needs Python 3.11 or newer and nothing else; uv is used when it is there. `make help` says what there is.

PYTHON ?= $(shell for python in python3.11 python3.12 python3.13 python3; do \
	command -v $$python >/dev/null 2>&1 && $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	&& command -v $$python && break; done)
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
DEMO := build/demo
QUICK := startup sentences cues agreement survey_import coding_list documents

.PHONY: help install demo check wheel test bench clean
.DEFAULT_GOAL := help

help:  ## say what there is
	@sed -n 's/^\([a-z]*\):.*## /make \1\t/p' $(firstword $(MAKEFILE_LIST))

install: $(INSTALLED)  ## the package and the tools to work on it, in .venv

# The stamp is older than pyproject.toml only when a dependency may have changed.
$(INSTALLED): pyproject.toml
	@if [ -z "$(PYTHON)" ]; then echo "qualcode: no Python 3.11 or newer found - install one, or say make PYTHON=..." >&2; exit 2; fi
	@echo "installing qualcode and its tools into $(VENV) ..."
	@if command -v uv >/dev/null 2>&1; then \
		{ [ -x $(BIN)/python ] || uv venv --quiet --python "$(PYTHON)" $(VENV); } && \
		uv pip install --quiet --python $(BIN)/python --editable '.[dev]'; \
	else \
		{ [ -x $(BIN)/python ] || "$(PYTHON)" -m venv $(VENV); } && \
		$(BIN)/python -m pip install -qq --disable-pip-version-check --editable '.[dev]'; \
	fi
	@touch $@

demo: $(INSTALLED)  ## the main job on the example study, into build/demo
	@rm -rf $(DEMO)
	@PATH="$(CURDIR)/$(BIN):$$PATH" bash docs/demo.sh $(DEMO)

check: $(INSTALLED)  ## static checks and documentation checks
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest tests/test_documentation.py

wheel: $(INSTALLED)  ## build the wheel, install it into a clean environment, run it there
	$(BIN)/python tests/wheel.py

# pytest comes last so that its summary is the end of what is printed
test: check wheel  ## everything: checks, the built wheel, all tests
	$(BIN)/python -m pytest -n auto --dist loadfile

bench: $(INSTALLED)  ## the quick measurements of benchmarks/; not 0 when a goal is missed
	@missed=0; for name in $(QUICK); do echo "== benchmarks/$$name.py"; $(BIN)/python benchmarks/$$name.py || missed=1; done; exit $$missed

clean:  ## what can be made again, .venv included
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
