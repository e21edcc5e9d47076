# make run · make test · make test-cluster · make quick · make bench · make bench-clusters · make load · make lock — see README.md
PYTHON ?= python3
PORT ?= 8501
SCALE ?= 1M
BIN := .venv/bin
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --annotation-style line --custom-compile-command "make lock" \
	--no-emit-index-url --no-emit-find-links $(UPGRADE)

.PHONY: run test test-cluster quick torture bench bench-clusters load check format lock

# The first start compiles what it imports, sooner than an installer compiles everything.
run: .venv/app.done
	PYTHONDONTWRITEBYTECODE= $(BIN)/streamlit run app.py --server.port $(PORT)

# Each server that a test starts, and each worker, would compile the project again.
test: .venv/tests.done check
	tests/browser.sh
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n 2 --dist loadgroup --cov --cov-report=term:skip-covered

# Beside the others: what goes to a cluster, asked of Apache Spark and of Sail, which it installs
# (500 MB, a Java too), starts and stops. It takes some ten minutes on two cores.
# Set here, not in the command: make would stop the shell of that, and not what it runs.
test-cluster: export CLUSTER = 1
test-cluster: .venv/cluster.done
	$(BIN)/python -m pytest tests/cluster

# Below 45 s: what needs neither a server nor a browser, without slow tests and with one case
# of each other test. It says how many it leaves out.
quick: .venv/tests.done
	QUICK=1 $(BIN)/python -m pytest -n 2 --dist loadgroup -m 'not server and not browser and not torture and not slow'

check: .venv/tests.done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy app.py pages queries data tests

format: .venv/tests.done
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

# The newest versions that the lists admit: make lock UPGRADE=--upgrade
lock: .venv/tests.done
	$(LOCK) requirements.txt -o requirements.lock
	$(LOCK) tests/requirements.txt -c requirements.lock -o tests/requirements.lock
	$(LOCK) requirements-cluster.txt -c requirements.lock -o requirements-cluster.lock
	$(LOCK) tests/requirements-cluster.txt -o tests/requirements-cluster.lock
	$(LOCK) tests/requirements-peers.txt -o tests/requirements-peers.lock

torture: .venv/tests.done
	TORTURE=1 $(BIN)/python -m pytest tests/torture

# PEERS=superset,datasette measures these servers too, and installs them first (700 MB).
bench: .venv/tests.done $(if $(PEERS),.venv/peers.done)
	$(BIN)/python -m tests.bench $(SCALE) $(if $(PEERS),--peers $(PEERS))
	tests/browser.sh
	$(BIN)/python -m tests.bench.growth

bench-clusters: .venv/tests.done .venv/cluster.done
	$(BIN)/python -m tests.bench.clusters $(STORE)

load: .venv/tests.done
	$(BIN)/python -m tests.bench.load $(SCALE)

.venv/app.done: requirements.txt requirements.lock .ci/install.sh
	PYTHON=$(PYTHON) .ci/install.sh requirements.txt
	touch $@

.venv/tests.done: .venv/app.done tests/requirements.txt tests/requirements.lock
	.ci/install.sh tests/requirements.txt
	$(BIN)/python -m compileall -qq -j 0 .venv/lib || true # so that no test waits for it
	touch $@

# The servers have an environment of their own: pyspark would overwrite the app's pyspark-client.
.venv/cluster.done: .venv/tests.done requirements-cluster.txt requirements-cluster.lock \
		tests/requirements-cluster.txt tests/requirements-cluster.lock
	.ci/install.sh requirements-cluster.txt
	VENV=.venv/cluster PYTHON=$(PYTHON) .ci/install.sh tests/requirements-cluster.txt
	touch $@

# Dashboard servers to measure beside the app; Superset needs an older pandas than the app.
.venv/peers.done: .venv/tests.done tests/requirements-peers.txt tests/requirements-peers.lock
	VENV=.venv/peers PYTHON=$(PYTHON) .ci/install.sh tests/requirements-peers.txt
	touch $@
