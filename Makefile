# The same verbs for people and for CI. Everything stands in .venv; nothing else is touched.
PYTHON ?= python3.11
BIN := .venv/bin
READY := .venv/ready
SOURCES := src tests tools benchmarks
# The core is covered in full, or the tests fail. `make test ARGS=tests/tender` runs a part, without that count.
COVERED := --cov --cov-report=term:skip-covered --cov-fail-under=100
CORE := tests/clausier tests/diagnosis tests/exercise tests/insurance tests/locale tests/loss tests/reference tests/risk tests/tender $(wildcard tests/test_*.py)
# The public clausier and the components of pages keep nothing in a database.
APART := --ignore=tests/web/clauses --ignore=tests/web/design
AROUND := tests/cli tests/desk tests/exchange tests/report tests/web
# Office suites, browsers and servers wait as much as they work: two workers for each core.
MANY := -n $(shell echo $$((2 * $$(getconf _NPROCESSORS_ONLN)))) --dist worksteal
# What is compiled is kept, whatever the place says: compiling everything again costs each process two seconds, and each
# worker of the tests ten.
export PYTHONDONTWRITEBYTECODE :=
# The settings of a real place, to check them as such.
PRODUCTION := DATABASE_URL=sqlite://:memory: EGIDE_HOSTS=egide.hopital.example EGIDE_SECRET_KEY=$(shell printf 'x%.0s123456789' 1 2 3 4 5 6 7)

.PHONY: setup demo demo-check test test-postgres test-all check bench docs backtest example lock clean

setup: $(READY)

$(READY): requirements/dev.txt pyproject.toml tools/setup.sh tools/catalogue.py src/egide/locale/en/LC_MESSAGES/django.po
	@PYTHON=$(PYTHON) bash tools/setup.sh

demo: $(READY)
	@exec $(BIN)/egide demo

# Starts the demonstration on a free port and in a folder of its own, visits its pages, stops it.
demo-check: $(READY)
	@place=$$(mktemp -d) && trap 'rm -rf "$$place"' EXIT && $(BIN)/egide demo --check --port 0 --data "$$place/demo"

# The core is covered by its own tests, apart: counting its lines while files, documents and pages are made would cost
# as much again.
test: $(READY)
	@$(BIN)/python -m pytest -n auto -m "not long" $(if $(ARGS),$(ARGS),$(CORE) $(COVERED))
	@$(if $(ARGS),,$(BIN)/python -m pytest $(MANY) -m "not long" $(AROUND))

# The tests that touch a database once more, on a PostgreSQL server started for them.
test-postgres: $(READY)
	@bash tools/postgres.sh $(BIN)/python -m pytest $(MANY) -m "not long and not browser and not once" tests/web $(APART) $(ARGS)

test-all: $(READY)
	@$(BIN)/python tools/mutate.py --count 10000 --seed 1
	@$(BIN)/python -m pytest -n auto $(if $(ARGS),$(ARGS),$(CORE) $(COVERED))
	@$(if $(ARGS),,$(BIN)/python -m pytest $(MANY) $(AROUND))

check: $(READY)
	@$(BIN)/ruff check $(SOURCES)
	@$(BIN)/ruff format --check $(SOURCES)
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python tools/catalogue.py check
	@$(BIN)/python tools/templates.py check
	@$(BIN)/djlint src/egide/web --profile=django --lint --quiet --ignore=H015,H020,H025,H043
	@DATABASE_URL=sqlite://:memory: $(BIN)/python -m egide.web makemigrations --check --dry-run
	@$(PRODUCTION) $(BIN)/python -m egide.web check --deploy --fail-level WARNING
	@$(BIN)/egide clausier lint
	@$(BIN)/egide --lang en clausier lint > /dev/null

bench: $(READY)
	@$(BIN)/python benchmarks/evaluate.py
	@$(BIN)/python benchmarks/robustness.py
	@$(BIN)/python benchmarks/whole.py
	@$(BIN)/python benchmarks/web_clausier.py
	@$(BIN)/python benchmarks/web_pages.py
	@$(BIN)/python benchmarks/web_marking.py
	@$(BIN)/python benchmarks/web_result.py
	@$(BIN)/python benchmarks/loss.py $(ARGS)
	@$(BIN)/python benchmarks/risk.py
	@$(BIN)/python benchmarks/web_exercise.py

docs: $(READY)
	@$(BIN)/python tools/reference_docs.py

# The stored back-test of the risk model, after a change of its parameters (then an entry in reference/risk/frozen.yaml).
backtest: $(READY)
	@$(BIN)/python tools/risk_backtest.py

example: $(READY)
	@$(BIN)/python tools/example_pacs.py
	@$(BIN)/python tools/example_soc.py

lock:
	@bash tools/lock.sh

clean:
	rm -rf .venv .tools .bench sortie egide-demo build dist .mypy_cache .ruff_cache .coverage
