# All that a machine needs beforehand: Python 3.11 or newer with its venv module, make, git. `make` alone lists the targets.

PYTHON ?= python3
ARGS ?=
VENV := .venv
BIN := $(VENV)/bin
SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run test check fmt bench chaos lock clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-6s %s\n", $$1, $$2}' Makefile

run: $(VENV)/.run ## start the demo; no credentials needed (ARGS= goes to the command)
	@$(BIN)/python run_bot.py demo $(ARGS)

# Half of a test's time is waiting: one worker more than there are cores.
WORKERS ?= $$(($$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2) + 1))

# In CI a missing browser is an error: a green run must not hide that the console and the playground went untested.
test: $(VENV)/.dev ## run the tests, those in a browser too where Chromium is at hand (ARGS= goes to pytest)
	@if CHROMIUM=$$(sh .ci/chromium); then export CHROMIUM; $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS); \
	elif [ -n "$$CI" ]; then echo 'No Chromium found or installed: CI does not go without the browser tests.' >&2; exit 1; \
	else echo 'No Chromium found: the browser tests are left out.'; $(BIN)/python -m pytest -n $(WORKERS) --dist worksteal -m 'not browser' $(ARGS); fi

check: $(VENV)/.dev ## all that CI checks: lint, format, types, import rules, tests
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo
	@$(MAKE) --no-print-directory test

fmt: $(VENV)/.dev ## format, and mend what the linter can
	$(BIN)/ruff format
	$(BIN)/ruff check --fix
	$(BIN)/ruff format --quiet

bench: $(VENV)/.dev ## measure (ARGS= goes to tests.bench)
	@$(BIN)/python -m tests.bench $(ARGS)

chaos: $(VENV)/.dev ## kill it, cut it off, and look for what was lost (ARGS= goes to tests.chaos)
	@$(BIN)/python -m tests.chaos $(ARGS)

# Compiled inside the folder, under a fixed command, so that no path of a machine gets into the files.
lock: $(VENV)/.boot ## resolve requirements/*.in anew (ARGS=--upgrade for newest versions)
	@cd requirements && for name in boot run dev semantic; do \
		../$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
			--custom-compile-command 'make lock' $(ARGS) $$name.in --output-file $$name.txt || exit 1; done

clean: ## remove the environment and every cache (never the database)
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# The environment. A stamp is newer than its lock, or the lock is installed again; else these cost nothing.

$(VENV)/.boot: requirements/boot.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo '$(PYTHON) is missing or older than 3.11: name another one, as in `make PYTHON=python3.12`.' >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
		{ echo '$(PYTHON) has no venv module: install it (on Debian and Ubuntu: apt-get install python3-venv).' >&2; exit 1; }
	@echo 'Making the environment in $(VENV)'
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/boot.txt
	@touch $@

# uv does not read pip's settings; whoever gave pip a mirror means it for this as well.
UV = index=$$($(BIN)/python -m pip config get global.index-url 2>/dev/null); index=$${PIP_INDEX_URL:-$$index}; \
	if [ -n "$$index" ]; then : "$${UV_DEFAULT_INDEX:=$$index}"; export UV_DEFAULT_INDEX; fi; $(BIN)/uv pip

# `install`, not `sync`: in a developer's environment the test tools stay.
$(VENV)/.run: requirements/run.txt | $(VENV)/.boot
	@echo 'Installing what the bot runs on'
	@$(UV) install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements/run.txt
	@touch $@

$(VENV)/.dev: requirements/dev.txt | $(VENV)/.boot
	@echo 'Installing what the tests need'
	@$(UV) sync --quiet --compile-bytecode --python $(BIN)/python --require-hashes requirements/boot.txt requirements/dev.txt
	@touch $(VENV)/.run $@
