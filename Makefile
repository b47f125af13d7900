# Two commands do everything: `make demo` and `make test`. They need Python 3.11 or newer and make.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV ?= .venv
BIN = $(VENV)/bin
# Test files run side by side in so many processes, in their order: the demonstration, the longest,
# would come last if files with few tests did.
JOBS ?= 2
# Extra words for pip, for instance an index that has PyTorch's CPU build (see README).
PIP_ARGS ?=

.PHONY: demo test lint types contracts tests notebooks setup clean

setup: $(VENV)/installed

# Under the command itself nothing is printed for minutes: say what is going on.
$(VENV)/installed: pyproject.toml constraints.txt
	@echo "Installing Candour into $(VENV), once: some minutes, 3 GB of disk (more without PIP_ARGS, see README)."
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check $(PIP_ARGS) \
	  --constraint constraints.txt --editable '.[training,test]'
	@echo "Installed."
	touch $@

demo: setup
	@echo "The demonstration begins: about ten minutes on two slow cores."
	$(BIN)/python corpora/demonstrate.py --out demo-out

test: lint types contracts tests notebooks

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: setup
	$(BIN)/mypy

contracts: setup
	$(BIN)/lint-imports

tests: setup
	$(BIN)/python -m pytest -q -n $(JOBS) --dist loadfile --no-loadscope-reorder

notebooks: setup
	$(BIN)/python -m pytest -q --nbmake --nbmake-timeout=300 notebooks

clean:
	rm -rf $(VENV) demo-out
