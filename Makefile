# `make demo` shows the package at work; `make test` runs every test.  Each sets up what it needs.

PYTHON ?= python3
VENV := .venv
TABLES_VENV := .venv-tables
BIN := $(VENV)/bin
PIP_INSTALL = -m pip install --quiet --disable-pip-version-check --no-input

# Command and Debian package of everything that the tests run beside the package itself.
NEEDED := gcc:gcc strace:strace gdb:gdb git:git redis-server:redis-server redis-benchmark:redis-tools jq:jq \
	sqlite3:sqlite3 groff:groff-base zsh:zsh fish:fish openssl:openssl g++:g++ clang:clang lldb:lldb

.PHONY: help demo test parity lint bench fuzz tables tables-check needs clean compiled

help:
	@echo 'make demo          trace a real program (needs Python 3.11+ and nothing else)'
	@echo 'make test          run all tests (installs gcc, strace, gdb and other tools where it may)'
	@echo 'make parity        compare with strace over a corpus of programs'
	@echo 'make lint          ruff, mypy --strict, import-linter'
	@echo 'make bench         measure beside strace and a bare C tracer'
	@echo 'make fuzz          random system calls for the decoder (CASES=10000000 takes half an hour)'
	@echo 'make tables        regenerate src/seize/abi/_generated from the pinned headers'
	@echo 'make tables-check  fail if the generated tables are out of date'
	@echo 'make clean         remove everything that the others made'

# ---------------------------------------------------------------- environments
# A stamp file says what an environment holds; it is remade when pyproject.toml changes.

# Debian splits ensurepip, which venv needs, from Python itself.
define make_venv
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "$(PYTHON) is older than Python 3.11 (set PYTHON=…)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || $(call install_packages,python3-venv)
	@$(PYTHON) -m venv $(1)
endef

# A shell command: install these Debian packages, or say what to do.
install_packages = { \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get -qq update </dev/null \
		&& DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends \
			$(1) </dev/null >/dev/null; \
	else \
		echo "missing packages; install them with: sudo apt-get install $(1)" >&2; exit 1; \
	fi; }

$(VENV)/.made:
	$(call make_venv,$(VENV))
	@touch $@

$(VENV)/.demo: $(VENV)/.made pyproject.toml
	@$(BIN)/python $(PIP_INSTALL) -e .
	@touch $@

$(VENV)/.test: $(VENV)/.made pyproject.toml
	@$(BIN)/python $(PIP_INSTALL) -e '.[test,debug]'
	@touch $@ $(VENV)/.demo

$(VENV)/.bench: $(VENV)/.made pyproject.toml
	@$(BIN)/python $(PIP_INSTALL) -e '.[debug,bench]'
	@touch $@ $(VENV)/.demo

$(VENV)/.lint: $(VENV)/.made pyproject.toml
	@$(BIN)/python $(PIP_INSTALL) -e '.[test,lint,debug]'
	@touch $@ $(VENV)/.test $(VENV)/.demo

# The generator needs nothing installed; it fetches its pinned inputs into a cache by itself.
$(TABLES_VENV)/.made:
	$(call make_venv,$(TABLES_VENV))
	@touch $@

# ---------------------------------------------------------------- commands

DEMO := seize trace -e trace=openat,getdents64,write,exit_group ls src

# An installed package has its byte code; a source tree may be used where none is written
# (PYTHONDONTWRITEBYTECODE), and compiling it anew at every start takes 40 ms.
compiled: $(VENV)/.demo
	@$(BIN)/python -m compileall -q src/seize

demo: compiled
	@echo '$$ $(DEMO)'
	@LC_ALL=C $(BIN)/$(DEMO)
	@echo
	@echo "Above: the command's own output, each system call with its arguments decoded, and its end."
	@echo 'Next, a command that fails, with everything that it starts; its exit status is passed on:'
	@echo
	@echo "\$$ seize trace -f -e trace=%process sh -c 'true | cat; exit 3'; echo status \$$?"
	@$(BIN)/seize trace -f -e trace=%process sh -c 'true | cat; exit 3'; echo "status $$?"

needs:
	@set --; \
	for pair in $(NEEDED); do \
		command -v "$${pair%%:*}" >/dev/null || set -- "$$@" "$${pair##*:}"; \
	done; \
	if ! echo '#include <stdio.h>' | gcc -m32 -fsyntax-only -xc - 2>/dev/null \
		|| ! gcc -m32 -print-file-name=libgcc.a 2>/dev/null | grep -q 32; then \
		set -- "$$@" gcc-multilib libc6-dev-i386; \
	fi; \
	[ $$# = 0 ] || $(call install_packages,$$*)

# Tests of real processes, on a machine that others may keep busy: what fails is said, and tried
# once more, alone.  It has to pass then.
define races
$(BIN)/python -m pytest $(2) $(PYTEST_OPTIONS) $(1) || { \
	[ $$? = 1 ] && printf '\nOnce more, alone, what has failed:\n' && \
	$(BIN)/python -m pytest --last-failed --last-failed-no-failures none \
		--maxfail 1 $(PYTEST_OPTIONS) $(1); }
endef

test: $(VENV)/.test compiled needs
	@$(BIN)/python -m pytest -n auto $(PYTEST_OPTIONS) tests/unit
	@$(call races,tests/live,-n 2 --dist loadfile)
	@$(call races,tests/parity)

parity: $(VENV)/.test compiled needs
	@$(BIN)/python -m tests.parity $(PROGRAMS)
	@$(BIN)/python -m tests.parity.real

lint: $(VENV)/.lint
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports

bench: compiled needs $(VENV)/.bench
	@$(BIN)/python -m bench

CASES := 1000000
fuzz: compiled
	@$(BIN)/python -m bench.fuzz --cases $(CASES) $(FUZZ_OPTIONS)

tables: $(TABLES_VENV)/.made
	@$(TABLES_VENV)/bin/python -m tools.tables

tables-check: $(TABLES_VENV)/.made
	@$(TABLES_VENV)/bin/python -m tools.tables --check

clean:
	rm -rf $(VENV) $(TABLES_VENV) build dist tests/programs/.build
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tools tests bench -name __pycache__ -type d -prune -exec rm -rf {} +
