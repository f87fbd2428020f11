# make demo    a page on http://127.0.0.1:8000 where you search, open a model and read why others are recommended
# make test    lint and every test
# Each sets up .venv by itself the first time. Another place for it: make test VENV=/somewhere

VENV ?= .venv
# So many test modules at a time; a server that is given serves one after the other.
WORKERS ?= $(if $(NEO4J_URI)$(HFMRS_DB),0,2)
BIN := $(VENV)/bin
export DGLBACKEND := pytorch
# Byte code is kept: without it every start compiles PyTorch anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test pytest lint bench format docs gallery audit clean
.DEFAULT_GOAL := demo

$(VENV)/.installed: requirements.lock pyproject.toml tools/venv.sh
	tools/venv.sh $(VENV)
	@touch $@

demo: $(VENV)/.installed
	HFMRS_HOME=$(CURDIR)/.hfmrs $(BIN)/hfmrs demo $(ARGS)

# mypy takes a minute in a fresh clone, on one core: side by side with the tests.
test: $(VENV)/.installed
	$(MAKE) --no-print-directory -j2 lint pytest

pytest: $(VENV)/.installed
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --durations=25 $(ARGS)

lint: $(VENV)/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/.installed
	$(BIN)/python -m benchmarks $(ARGS)

format: $(VENV)/.installed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/.installed
	$(BIN)/python -m hfmrs.reference docs

# Pictures of the pages that `make demo` serves.
gallery: $(VENV)/.installed
	$(BIN)/python -m tools.gallery $(ARGS)

# Known faults of what the vendored scripts are made from, and of the locked packages: asks npm's registry and PyPI.
audit:
	$(BIN)/python -m tools.audit

clean:
	rm -rf $(VENV) .hfmrs build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
