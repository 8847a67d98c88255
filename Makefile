# The same verbs here and in CI. Every verb makes .venv first; only Python 3.11+ and make are needed.
PYTHON ?= python3
BIN := .venv/bin
ENGINE_TESTS := tests/test_index_store.py tests/test_milvus.py tests/test_milvus_crash.py tests/test_ray_build.py

.PHONY: ask bot index test test-engines check fix bench

ask: .venv/.installed
	@$(BIN)/qabot ask "$(Q)"

bot: .venv/.installed
	@$(BIN)/python bot.py

index: .venv/.installed
	$(BIN)/qabot build

test: .venv/.installed-dev
	$(BIN)/python -m pytest --numprocesses 2 --dist loadfile

# The contract, consistency and crash tests against a real Milvus server and Ray; minutes, and about 2 GB of memory.
test-engines: .venv/.installed-engines .venv-milvus/.installed
	QABOT_TEST_MILVUS_PYTHON=.venv-milvus/bin/python $(BIN)/python -m tests.milvus_server .venv-milvus/bin/python \
		$(BIN)/python -m pytest $(ENGINE_TESTS)

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

.venv/.installed-engines: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --editable '.[dev,train,ray]'
	touch $@ .venv/.installed-dev .venv/.installed

# The last server that is a wheel; it asks for an old setuptools, which it uses.
.venv-milvus/.installed:
	test -x .venv-milvus/bin/python || $(PYTHON) -m venv .venv-milvus
	.venv-milvus/bin/python -m pip install --quiet 'milvus==2.3.5' 'setuptools<81'
	touch $@

.venv-peers/.installed:
	test -x .venv-peers/bin/python || $(PYTHON) -m venv .venv-peers
	.venv-peers/bin/python -m pip install --quiet torch==2.13.0 'haystack-ai>=3.4,<4' transformers-haystack sentence-transformers-haystack \
		'txtai>=9.14,<10'
	touch $@
