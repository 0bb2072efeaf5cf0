# Sempre: what a checkout can do. `make` alone lists it.
#
# The environment in .venv is made when it is needed, from the lock files. To choose a Python:
#     make play PYTHON=python3.12
# and to keep several environments side by side: make test PYTHON=python3.13 VENV=.venv-3.13

.DEFAULT_GOAL := help
SHELL := /bin/sh
VENV ?= .venv
BIN := $(VENV)/bin
PIECE ?= examples/first_light.py
ARGS ?=

# A stamp belongs to this very folder: scripts in an environment know the path they were made in.
PLACE := $(shell printf %s "$(CURDIR)" | cksum | cut -d " " -f 1)
PLAY := $(VENV)/.play-$(PLACE)
DEV := $(VENV)/.dev-$(PLACE)
DESCRIBED := pyproject.toml tools/bootstrap.py tools/pip.lock

# A Python that was named is always looked at (it may differ from the environment's own).
ifneq ($(origin PYTHON),undefined)
ASKED := asked
endif

# The first suitable Python; a name alone proves nothing, for version managers leave names without programs.
# When none suits, python3 says so itself through tools/bootstrap.py.
SUITABLE := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
define set_up
@for python in $(or $(PYTHON),python3.13 python3.12 python3.11 python3); do \
  if "$$python" -c "$(SUITABLE)" 2>/dev/null; then break; fi; done; \
if ! command -v "$$python" >/dev/null; then \
  echo "No $$python here. Sempre needs Python 3.11, 3.12 or 3.13: sudo apt install python3 python3-venv" >&2; exit 1; fi; \
"$$python" tools/bootstrap.py --venv $(VENV) $(1) && touch $@
endef

.PHONY: help play setup test check format write soak bench lock clean asked

help: ## list what can be done
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

play: $(PLAY) ## play a piece (PIECE=examples/first_light.py)
	@$(BIN)/sempre $(PIECE) $(ARGS)

setup: $(DEV) ## make the developers' environment and stop there
	@:

# Tests that play in real time run alone, one by one, but for those of whole sessions, which mostly
# wait: two at a time (9 minutes, now 4). All others share the cores. Both have a folder with a short
# name: a socket's path has at most 107 bytes.
ALONE := jack or link or daw or browser or realtime or supercollider

test: $(DEV) ## run the tests (ARGS="tests/patterns -x" narrows them)
ifeq ($(ARGS),)
	@failed=; work=$$(mktemp -d); \
	$(BIN)/pytest -q -n auto --maxprocesses 8 --basetemp "$$work" -m "not ($(ALONE))" || failed=yes; \
	$(BIN)/pytest -q -n 2 --dist loadfile --basetemp "$$work" -m "$(ALONE)" tests/end_to_end || failed=yes; \
	rm -rf "$$work"; \
	$(BIN)/pytest -m "$(ALONE)" --durations=40 --ignore=tests/end_to_end tests || failed=yes; \
	if [ -n "$$failed" ]; then echo "tests failed; see above" >&2; exit 1; fi
else
	@$(BIN)/pytest $(ARGS)
endif

check: $(DEV) ## style, formatting, types, and which package may import which
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright --pythonpath $(BIN)/python
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(DEV) ## put the code into its usual form
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

write: $(DEV) ## write anew what is made from the code: the reference, the declarations, the figures
	$(BIN)/python -m patterns.reference > $(DEV).page && mv $(DEV).page docs/patterns.md
	$(BIN)/python -m patterns.elsewhere > $(DEV).page && mv $(DEV).page docs/coming_from.md
	$(BIN)/python -m patterns.stubs
	$(BIN)/python tools/draw_figures.py

soak: $(DEV) ## two hours of playing: the long figures of docs/performance.md
	@$(BIN)/python tests/bench/bench_session.py delivery --seconds 3600
	@$(BIN)/python tests/bench/bench_host.py --seconds 1800
	@$(BIN)/python tests/bench/bench_session.py saves --seconds 1800
	@$(BIN)/python tests/bench/bench_reload.py 10000
	@$(BIN)/python tests/bench/bench_day.py 24
	@$(BIN)/python tests/bench/bench_styles.py 6 --twice

bench: $(DEV) ## how fast a session starts, reloads and sends on this machine, each figure beside its budget
	@failed=; for file in tests/bench/bench_*.py; do \
	  echo "== $$file"; $(BIN)/python "$$file" || failed="$$failed $$file"; done; \
	if [ -n "$$failed" ]; then echo "a budget was missed, or something failed:$$failed" >&2; exit 1; fi

LOCKED := pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
  --only-binary :all: --no-emit-index-url --no-annotate --custom-compile-command "make lock" --upgrade

lock: $(DEV) ## take the newest versions of everything into the lock files
	@$(BIN)/python -m pip install -qq uv
	$(BIN)/python -m uv $(LOCKED) pyproject.toml --group build -o requirements.lock
	$(BIN)/python -m uv $(LOCKED) pyproject.toml --group build --extra dev -c requirements.lock -o requirements-dev.lock
	@echo pip | $(BIN)/python -m uv $(LOCKED) - -o tools/pip.lock

clean: ## remove the environment and everything that was made
	rm -rf $(VENV) build dist .pytest_cache .ruff_cache .mypy_cache .hypothesis .import_linter_cache
	find $(PACKAGES) -name __pycache__ -prune -exec rm -rf {} +

PACKAGES := patterns bridge plugin_host repl tests tools

$(PLAY): requirements.lock $(DESCRIBED) $(ASKED)
	$(call set_up,)

$(DEV): requirements-dev.lock $(DESCRIBED) $(ASKED)
	$(call set_up,--dev)
