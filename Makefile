# The same verbs for people and for CI. Everything stands in .venv; nothing else is touched.
PYTHON ?= python3.11
BIN := .venv/bin
READY := .venv/ready
SOURCES := src tests tools benchmarks

.PHONY: setup demo test test-all check bench docs example lock clean

setup: $(READY)

$(READY): requirements/dev.txt pyproject.toml tools/setup.sh tools/catalogue.py src/egide/locale/en/LC_MESSAGES/django.po
	@PYTHON=$(PYTHON) bash tools/setup.sh

demo: $(READY)
	@$(BIN)/egide evaluate examples/pacs-ght -o sortie/pacs-ght --date 2026-11-20
	@echo
	@echo "Le rapport est dans sortie/pacs-ght/rapport-analyse-offres.pdf (exemple fictif)."

test: $(READY)
	@$(BIN)/python -m pytest -n auto -m "not long" --cov --cov-report= $(ARGS)
	@$(BIN)/coverage report --fail-under=100

test-all: $(READY)
	@$(BIN)/python -m pytest -n auto --cov --cov-report= $(ARGS)
	@$(BIN)/coverage report --fail-under=100
	@$(BIN)/python tools/mutate.py --count 10000 --seed 1

check: $(READY)
	@$(BIN)/ruff check $(SOURCES)
	@$(BIN)/ruff format --check $(SOURCES)
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python tools/catalogue.py check
	@$(BIN)/egide clausier lint
	@$(BIN)/egide --lang en clausier lint > /dev/null

bench: $(READY)
	@$(BIN)/python benchmarks/evaluate.py

docs: $(READY)
	@$(BIN)/python tools/reference_docs.py

example: $(READY)
	@$(BIN)/python tools/example_pacs.py

lock:
	@bash tools/lock.sh

clean:
	rm -rf .venv .tools sortie build dist .mypy_cache .ruff_cache .coverage
