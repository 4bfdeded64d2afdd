# One word each. `make` alone lists them. ARGS pass through: make demo ARGS="--subscribers 1000000"

FOREWARN := .venv/bin/forewarn
PYTHON := .venv/bin/python
BOOTSTRAP := sh forewarn/dev/bootstrap.sh
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help demo up down test test-slow check schemas dashboards texts format lock clean chaos bench libraries servers real-world

help: ## list these words
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: servers ## see it work: an outage, its subscribers, what they are told
	@$(FOREWARN) dev demo $(ARGS)

up: servers ## run the whole system on this machine
	@$(FOREWARN) dev up $(ARGS)

down: servers ## end what `make up` started
	@$(FOREWARN) dev down $(ARGS)

test: real-world ## run the tests, with real servers of their own
	@$(PYTHON) -m pytest -n auto --dist loadgroup -m "not slow" $(ARGS)

test-slow: real-world ## run the few that take their time, first those that measure it, with nothing else beside them
	@$(PYTHON) -m pytest -m "slow and alone" $(ARGS) || test $$? -eq 5 -a -n "$(ARGS)"
	@$(PYTHON) -m pytest -n auto --dist loadgroup -m "slow and not alone" $(ARGS) || test $$? -eq 5 -a -n "$(ARGS)"

chaos: servers ## everything that can break breaks, one fault at a time, each a minute: ARGS="--only Redis"
	@$(PYTHON) -m tests.chaos $(ARGS)

bench: servers ## how fast it is beside a message per recipient, on this machine: ARGS="--n 200000"
	@$(PYTHON) -m benchmarks.end_to_end $(ARGS)

check: libraries ## formatting, lint, types, who may import whom, schemas, dashboards, texts
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@$(PYTHON) -m forewarn.contracts.schemas --check
	@$(PYTHON) -m forewarn.dev.dashboards --check
	@$(PYTHON) -m services.planner.texts_doc --check

schemas: libraries ## write schemas/ anew from the contracts
	@$(PYTHON) -m forewarn.contracts.schemas

dashboards: libraries ## write deploy/grafana/*.json anew from forewarn/dev/dashboards
	@$(PYTHON) -m forewarn.dev.dashboards

texts: libraries ## write docs/texts.md anew: each text as readers get it
	@$(PYTHON) -m services.planner.texts_doc

format: libraries ## format the code and mend what lint can mend
	@.venv/bin/ruff format .
	@.venv/bin/ruff check --fix .

LOCK_OPTIONS := --quiet --extra dev --generate-hashes --strip-extras --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host

lock: libraries ## write requirements.lock anew from pyproject.toml (ARGS=--upgrade for newer ones)
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check pip-tools
	@cp requirements.lock requirements.lock.new
	@$(PYTHON) -m piptools compile $(LOCK_OPTIONS) $(ARGS) --output-file requirements.lock.new pyproject.toml
	@{ echo '# Made by `make lock`; every version pinned, every file named by its hash.'; \
		grep -v '^#' requirements.lock.new; } > requirements.lock
	@rm requirements.lock.new

clean: ## remove what can be made again: .venv, caches, what demos left
	@rm -rf .venv .forewarn .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

libraries: # .venv as requirements.lock says
	@$(BOOTSTRAP) venv

servers: # the same, and the programs of RabbitMQ, PostgreSQL and Redis
	@$(BOOTSTRAP)

real-world: # the same, and a real Alertmanager and Prometheus for the tests
	@$(BOOTSTRAP) test
