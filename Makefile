# The same verbs for people and for CI. Everything stands in .venv; nothing else is touched.
PYTHON ?= python3.11
BIN := .venv/bin
READY := .venv/ready
SOURCES := src tests tools benchmarks
# The core is covered in full, or the tests fail. `make test ARGS=tests/tender` runs a part, without that count.
COVERED := --cov --cov-report=term:skip-covered --cov-fail-under=100

.PHONY: setup demo test test-all check bench docs example lock clean

setup: $(READY)

$(READY): requirements/dev.txt pyproject.toml tools/setup.sh tools/catalogue.py src/egide/locale/en/LC_MESSAGES/django.po
	@PYTHON=$(PYTHON) bash tools/setup.sh

demo: $(READY)
	@$(BIN)/egide evaluate examples/pacs-ght -o sortie/pacs-ght --date 2026-11-20
	@echo "Exemple fictif. Le rapport : sortie/pacs-ght/rapport-analyse-offres.pdf"

test: $(READY)
	@$(BIN)/python -m pytest -n auto -m "not long" $(if $(ARGS),$(ARGS),$(COVERED))

test-all: $(READY)
	@$(BIN)/python tools/mutate.py --count 10000 --seed 1
	@$(BIN)/python -m pytest -n auto $(if $(ARGS),$(ARGS),$(COVERED))

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
	@$(BIN)/python benchmarks/robustness.py
	@$(BIN)/python benchmarks/whole.py

docs: $(READY)
	@$(BIN)/python tools/reference_docs.py

example: $(READY)
	@$(BIN)/python tools/example_pacs.py
	@$(BIN)/python tools/example_soc.py

lock:
	@bash tools/lock.sh

clean:
	rm -rf .venv .tools sortie build dist .mypy_cache .ruff_cache .coverage
