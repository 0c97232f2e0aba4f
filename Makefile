# Every target sets up what it needs, once. `make help` lists them.

PYTHON ?= $(shell sh scripts/find-python)
BIN := .venv/bin
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run test check format bench faults lock clean tools node web
MAKEFLAGS += --no-print-directory

help: ## Say what each target does
	@echo "Hyred Chat. The targets of this Makefile:"
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F '|' '{ printf "%-15s%s\n", $$1, $$2 }'

run: .venv/run.stamp web ## Start the chat server and its web app, with all they need, on http://127.0.0.1:3000
	@exec $(BIN)/hyred-chat serve

test: tools node web ## Run all tests, journeys in a browser included (ARGS="-k room": only those of pytest that fit)
	@bash scripts/test-all $(ARGS)

check: tools node web ## Check lint, format, types, imports and documents, then run all tests (what CI runs)
	@sh scripts/check-web & web=$$!; sh scripts/check-server; server=$$?; wait $$web && exit $$server
	@bash scripts/test-all $(ARGS)

format: tools node ## Format the code, fix what can be fixed, write docs/configuration.md and the API's types anew
	@$(BIN)/ruff check --fix --quiet || true
	@$(BIN)/ruff format --quiet
	@$(BIN)/python scripts/document_settings.py
	@if sh scripts/has-node "the web app is not formatted"; then sh scripts/generate-api-types && \
		npm run format --workspace web --silent && npm run format:journeys --silent; fi

bench: tools node ## Measure this server beside two bare echo servers (some minutes)
	@$(BIN)/python -m bench $(ARGS)

faults: tools ## Break several nodes for ten minutes, and check that every promise was kept (ARGS="--seconds 60 --seed 1")
	@$(BIN)/python -m faults $(ARGS)

lock: tools ## Write the lock files anew (ARGS=--upgrade takes the newest versions)
	@PATH="$(BIN):$$PATH" sh scripts/lock-dependencies $(ARGS)

clean: ## Remove all that the other targets made here (never the chat's data)
	@rm -rf .venv node_modules build dist web/dist-lib src/hyred_chat/web/app .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find src tests bench faults scripts -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

tools: .venv/dev.stamp

node:
	@sh scripts/install-node-packages

web:
	@sh scripts/build-web

# The lock for development holds everything that the lock for running does, in the same versions.
.venv/dev.stamp: requirements-dev.txt scripts/install-python-packages
	@PYTHON="$(PYTHON)" sh scripts/install-python-packages requirements-dev.txt
	@touch .venv/run.stamp $@

.venv/run.stamp: requirements.txt scripts/install-python-packages
	@PYTHON="$(PYTHON)" sh scripts/install-python-packages requirements.txt
	@touch $@
