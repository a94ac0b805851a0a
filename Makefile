# make up     the whole platform on this machine: Python 3.11+ and make, nothing else
# make test   every test that this machine can run; what it cannot is listed with the reason
# make help   the rest

PYTHON ?= python3
BIN := .venv/bin
NPM = $(BIN)/python services/web/tools/npm.py
PIP := $(BIN)/pip --disable-pip-version-check -q

.DEFAULT_GOAL := help
.PHONY: help setup up web dev test test-unit test-integration lint types generate ci bench soak screens secrets kafka lock clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 18

setup: .venv/dev.stamp ## what development and the tests need, into .venv
	@:

up: .venv/run.stamp web ## install what it needs, then start everything in one process, with a demo year
	@$(BIN)/leitai up --demo

web: services/web/dist/manifest.json ## build the pages
	@:

dev: setup web ## the same with the tools of development installed
	@$(BIN)/leitai up --demo

test: setup web ## all tests but the long ones
	@$(BIN)/pytest -m "not soak"

test-unit: setup ## without servers and browser
	@$(BIN)/pytest -m "not soak and not cluster and not browser"

test-integration: setup web ## on Kafka, PostgreSQL, Valkey and Chromium
	@$(BIN)/pytest -m "(cluster or browser) and not soak"

soak: setup ## faults for as long as you let them: make soak ROUNDS=100
	@LEITAI_SOAK_ROUNDS=$(or $(ROUNDS),20) $(BIN)/pytest -m soak --timeout 0

lint: setup ## ruff and the import contracts
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports

types: setup services/web/node_modules/.package-lock.json ## mypy and vue-tsc, strict
	@$(BIN)/mypy
	@$(BIN)/mypy tests/parts tests/topology tests/deploy tests/conftest.py
	@$(NPM) run --silent types

generate: setup services/web/node_modules/.package-lock.json ## schemas and types, from the code
	@$(BIN)/python -m schemas.generate
	@$(BIN)/python -m services.cli.package.schema
	@$(BIN)/python -m services.gateway.openapi
	@$(NPM) run --silent generate

bench: setup ## measure, each figure beside its floor
	-@$(BIN)/leitai bench
	@$(BIN)/python -m tests.bench

screens: setup web ## pictures of every page and size into docs/screens (needs Chromium)
	@$(BIN)/python -m tests.web.screens

ci: ## what CI runs, on a bare Debian machine
	@bash .ci/run

secrets: ## .env with random secrets for docker-compose.yml
	@$(PYTHON) deploy/make_secrets.py

kafka: setup ## fetch Kafka's jars for the cluster tests, once
	@$(BIN)/python -c "from tests.parts.java import kafka_jars; print(kafka_jars())"

lock: ## resolve the dependencies anew (needs uv)
	@uv pip compile -q pyproject.toml --extra web --extra dev $(LOCK) -o requirements-dev.lock
	@uv pip compile -q pyproject.toml --extra web -c requirements-dev.lock $(LOCK) -o requirements.lock

LOCK := --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

clean: ## everything that make made; data and .env stay
	@rm -rf services/web/dist services/web/node_modules
	@rm -rf .venv .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Leitai needs Python 3.11 or newer, and $(PYTHON) is %s. Name another: make up PYTHON=python3.13" % sys.version.split()[0])'
	@$(PYTHON) -c 'import ensurepip' 2>/dev/null || { echo "$(PYTHON) cannot make environments: install its venv package (Debian: apt-get install python3-venv)"; exit 1; }
	@$(PYTHON) -m venv .venv

# No build step: the checkout is on the environment's path, and bin/leitai starts it.
.venv/run.stamp: requirements.lock deploy/leitai | .venv/bin/python
	@echo "Installing what Leitai needs (once, about a minute) 正在安装依赖（仅首次）…"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(BIN)/python -c 'import sysconfig, os; open(os.path.join(sysconfig.get_path("purelib"), "leitai.pth"), "w").write(os.getcwd() + "\n")'
	@cp deploy/leitai $(BIN)/leitai && chmod +x $(BIN)/leitai
	@touch $@

.venv/dev.stamp: requirements-dev.lock .venv/run.stamp
	@echo "Installing the tools of development (once) 正在安装开发工具（仅首次）…"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

PAGES := $(shell find services/web -type f -not -path '*/node_modules/*' -not -path '*/dist/*' -not -path '*/tests/*')

services/web/node_modules/.package-lock.json: services/web/package-lock.json | .venv/run.stamp
	@echo "Installing what the pages are built with (once) 正在安装页面构建工具（仅首次）…"
	@$(NPM) ci --ignore-scripts --loglevel=error > /dev/null
	@touch $@

services/web/dist/manifest.json: services/web/node_modules/.package-lock.json $(PAGES)
	@echo "Building the pages 正在构建页面…"
	@$(NPM) run --silent build
	@touch $@
