# Everything that can be done in this checkout. `make` or `make help` explains it.
#
# All targets install what they need first (dcor_control/bootstrap.sh): packages of the operating
# system through apt, Python packages from requirements.lock into .venv. What is there is left alone.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help demo start stop status clean-instance install \
        test test-fast test-browser test-system test-ckan-search test-matrix test-large fuzz bench assets docs lint format types imports check lock

BOOTSTRAP := sh dcor_control/bootstrap.sh
SOURCES := dcor_shared dcor_control ckanext-dcor_schemas ckanext-dc_serve ckanext-dc_view ckanext-pg_search tests benchmarks
# The plugins of pytest that CKAN registers load CKAN at once; those it brings along are not used.
WITHOUT_CKAN := -p no:ckan -p no:ckan_fixtures -p no:pytest-factoryboy -p no:faker
CORE := tests/dcor_shared --ignore=tests/dcor_shared/pipeline \
        --ignore=tests/dcor_shared/testing/test_datasets.py
# These have targets of their own.
SLOW_TESTS := tests/browser tests/large tests/system
export FILE

help: ## explain the targets
	@echo "make TARGET"
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  %-16s %s\n", $$1, $$2}' Makefile
	@echo
	@echo "  make demo FILE=path/to/measurement.rtdc    demonstrate with a measurement of your own"
	@echo "  make test ARGS='-k upload'                 arguments for pytest"
	@echo
	@echo "The instance is in var/, the environment in .venv/, generated files beside their sources."
	@echo "Outside of this checkout: packages of the operating system (asked for with sudo, unless"
	@echo "you are root) and, if you are root, the account dcor-local that runs the services."

demo: ## an instance with a measurement in it: uploaded, processed, read back
	@$(BOOTSTRAP) dcor demo $${FILE:+--file "$$FILE"}

start: ## start the instance in var/ (made if there is none)
	@$(BOOTSTRAP) dcor start

stop: ## stop the instance; data stay
	@$(BOOTSTRAP) dcor stop

status: ## what runs, and where the logs are
	@$(BOOTSTRAP) dcor status

clean-instance: ## remove the instance with all its data, not what tests keep (asks; FORCE=1 does not)
	@$(BOOTSTRAP) dcor remove $(if $(FORCE),--yes)

install: ## install only
	@$(BOOTSTRAP)

test: ## the tests, on services of their own (PostgreSQL, Redis, Ceph in var/test)
	@$(BOOTSTRAP) python -m tests.harness run $(addprefix --ignore=,$(SLOW_TESTS)) $(ARGS)

test-browser: ## the web pages in Chromium; screenshots in var/screenshots (minutes)
	@DCOR_BROWSER=1 $(BOOTSTRAP) python -m tests.harness run tests/browser $(ARGS)

test-system: ## installs, breaks and repairs whole instances (minutes)
	@$(BOOTSTRAP) python -m tests.harness run tests/system $(ARGS)

test-fast: ## tests of the core: no services, no real measurements (half a minute)
	@$(BOOTSTRAP) python -m pytest $(WITHOUT_CKAN) -m "not services and not served and not slow" $(CORE) $(ARGS)

test-matrix: ## the whole permission matrix: every role tries everything in every state (minutes)
	@DCOR_MATRIX=full $(BOOTSTRAP) python -m tests.harness run tests/dcor_schemas/matrix $(ARGS)

test-large: ## a measurement of 1 GiB through the whole pipeline, with figures (minutes)
	@$(BOOTSTRAP) python -m tests.harness run tests/large $(ARGS)

fuzz: ## damaged measurements, described and condensed: 10 000, or FUZZ=100 (half an hour)
	@$(BOOTSTRAP) python -m tests.fuzz $(FUZZ)

bench: ## a benchmark against its rival: make bench NAME=register
	@$(if $(filter viewer,$(NAME)),DCOR_BROWSER=1 )$(BOOTSTRAP) python -m benchmarks.run $(NAME)

assets: ## scripts of the web pages: types checked, bundled (ckanext-*/frontend)
	@$(BOOTSTRAP) python -m dcor_control.assets

test-ckan-search: ## CKAN's own tests of its search, on pg_search (a few minutes)
	@$(BOOTSTRAP) python -m tests.pg_search $(ARGS)

docs: ## the pages of docs/ that are made from the code (policy.md, reference.md)
	@$(BOOTSTRAP) sh -c 'python -m ckanext.dcor_schemas.policy && python -m dcor_control.reference'

lint: ## style of the sources (ruff)
	@$(BOOTSTRAP) sh -c 'ruff check $(SOURCES) && ruff format --check $(SOURCES)'

format: ## correct the style of the sources
	@$(BOOTSTRAP) sh -c 'ruff check --fix $(SOURCES); ruff format $(SOURCES)'

types: ## types of dcor_shared and dcor_control (mypy, strict)
	@$(BOOTSTRAP) mypy

imports: ## who may import whom (import-linter)
	@$(BOOTSTRAP) lint-imports

check: lint types imports ## lint, types and imports

lock: ## renew requirements.lock from pyproject.toml (versions that fit are kept)
	@$(BOOTSTRAP) uv pip compile --quiet --universal --python-version 3.11 --all-extras \
	    --generate-hashes --custom-compile-command "make lock" \
	    --output-file requirements.lock pyproject.toml
