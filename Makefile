# The same verbs here and in CI. Every verb makes .venv first; only Python 3.11+ and make are needed.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: ask bot index test check fix bench

ask: .venv/.installed
	@$(BIN)/qabot ask "$(Q)"

bot: .venv/.installed
	@$(BIN)/python bot.py

index: .venv/.installed
	$(BIN)/qabot build

test: .venv/.installed-dev
	$(BIN)/python -m pytest

check: .venv/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/mypy

fix: .venv/.installed-dev
	$(BIN)/ruff check --fix .

bench: .venv/.installed-dev
	$(BIN)/python benchmarks/retrieval.py --data "$(DATA)"

.venv/.installed: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

.venv/.installed-dev: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --editable '.[dev,train]'
	touch $@ .venv/.installed
