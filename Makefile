# make run · make test · make bench · make load — see README.md
PYTHON ?= python3
PORT ?= 8501
SCALE ?= 1M
BIN := .venv/bin

.PHONY: run test torture bench load check format

run: .venv/app.done
	$(BIN)/streamlit run app.py --server.port $(PORT)

test: .venv/tests.done check
	tests/browser.sh
	$(BIN)/python -m pytest -n 2 --dist loadgroup

check: .venv/tests.done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy app.py pages queries data tests

format: .venv/tests.done
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

torture: .venv/tests.done
	TORTURE=1 $(BIN)/python -m pytest tests/torture

bench: .venv/tests.done
	$(BIN)/python -m tests.bench $(SCALE)

load: .venv/tests.done
	$(BIN)/python -m tests.bench.load $(SCALE)

.venv/app.done: requirements.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed.")'
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

.venv/tests.done: .venv/app.done tests/requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r tests/requirements.txt
	touch $@
