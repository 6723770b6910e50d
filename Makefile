# `make help` lists what there is. All paths are relative: the checkout may be in a path with spaces.
VENV_PYTHON = .venv/bin/python
EMBEDDED = $(VENV_PYTHON) -m linkwork.embedded
TEMPLATES = find templates -name '*.html' -print0 | xargs -0 .venv/bin/djade --target-version 5.2
ARGS =

.PHONY: help setup run test lint format lock services stop bench reference screenshots
.DEFAULT_GOAL := help

help: ## This list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

setup: ## Install what requirements-dev.txt pins into .venv
	@scripts/setup
	@$(VENV_PYTHON) manage.py frontend >/dev/null

run: setup ## Serve the app, with worker, beat and demo data (PORT=8000)
	@exec $(VENV_PYTHON) -m linkwork.runner

test: setup ## Run the tests (ARGS="-k hold" narrows them)
	@scripts/chromium
	@exec $(EMBEDDED) with $(VENV_PYTHON) -m pytest -n auto --dist worksteal $(ARGS)

lint: setup ## Check style, templates and migrations
	$(VENV_PYTHON) -m ruff check
	$(VENV_PYTHON) -m ruff format --check
	$(VENV_PYTHON) -m djlint --quiet --lint templates
	$(TEMPLATES) --check
	$(VENV_PYTHON) manage.py makemigrations --check --dry-run

format: setup ## Put Python and templates into shape
	$(VENV_PYTHON) -m ruff check --fix
	$(VENV_PYTHON) -m ruff format
	$(TEMPLATES)

lock: ## Pin requirements again, with hashes (needs uv)
	uv pip compile --generate-hashes --universal --python-version 3.11 --override requirements-overrides.txt requirements.in -o requirements.txt
	uv pip compile --generate-hashes --universal --python-version 3.11 --override requirements-overrides.txt requirements-dev.in -o requirements-dev.txt

services: setup ## Start the embedded PostgreSQL and Valkey, and leave them up
	@$(EMBEDDED) start

stop: ## Stop them, and a running app
	@$(VENV_PYTHON) -m linkwork.runner stop
	@$(EMBEDDED) stop

bench: setup ## Measure the bars of speed, with row counts
	@exec $(EMBEDDED) with $(VENV_PYTHON) manage.py bench $(ARGS)

reference: setup ## Count every figure of Insight a second way, over the city (minutes)
	@REFERENCE_SIZE=city exec $(EMBEDDED) with $(VENV_PYTHON) -m pytest tests/insight/test_reference.py $(ARGS)

screenshots: setup ## Take the pictures of the README
	@scripts/chromium
	@exec $(EMBEDDED) with $(VENV_PYTHON) manage.py screenshots $(ARGS)
