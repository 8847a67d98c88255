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

bench: .venv/.installed-dev .venv-peers/.installed
	$(BIN)/python -m benchmarks.cold --peers .venv-peers/bin/python
	$(BIN)/python -m benchmarks.warm --peers .venv-peers/bin/python --data "$(DATA)"
	$(BIN)/python -m benchmarks.floor --data "$(DATA)"
	$(BIN)/python -m benchmarks.scale
	$(BIN)/python -m benchmarks.retrieval --data "$(DATA)"
	$(BIN)/python -m benchmarks.reprints --data "$(DATA)"
	$(BIN)/python -m benchmarks.reader --data "$(DATA)" --torch qabot/weights/reader
	$(BIN)/python -m benchmarks.end_to_end --data "$(DATA)"

.venv/.installed: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

.venv/.installed-dev: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --editable '.[dev,train]'
	touch $@ .venv/.installed

.venv-peers/.installed:
	test -x .venv-peers/bin/python || $(PYTHON) -m venv .venv-peers
	.venv-peers/bin/python -m pip install --quiet torch==2.13.0 'haystack-ai>=3.4,<4' transformers-haystack sentence-transformers-haystack \
		'txtai>=9.14,<10'
	touch $@
