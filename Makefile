# Everything a developer types. A machine with Python 3.11 or newer and make is enough; uv is not needed to run or to test.
# Works from any folder (make -C "/a path/with spaces" run): every path below is relative to this file's folder.

python := .venv/bin/python
pip := PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore $(python) -m pip install --quiet --require-hashes

# The first interpreter that is new enough and can make virtual environments. It is run, not looked up: a version
# manager's shim exists for versions that do not start. `make run PYTHON=/path/to/python3.13` decides it by hand.
define make-venv
	@$(python) -m pip --version >/dev/null 2>&1 && exit; \
	test -z "$(PYTHON)" && set -- python3 python3.14 python3.13 python3.12 python3.11 python || set -- "$(PYTHON)"; \
	for each in "$$@"; do \
	  "$$each" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	  exec "$$each" -m venv .venv; \
	done; \
	echo "No Python 3.11 or newer with the venv module was found (tried: $$*)." >&2; \
	echo "Install one (on Debian: apt install python3 python3-venv), or name it: make run PYTHON=/path/to/python3" >&2; exit 1
endef

# Where Python may not keep what it compiled, each start of the suite compiles a thousand files again: half of its time.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run test check demo bench lock generate format clean
.DEFAULT_GOAL := run

# A development machine: the demo's webhook receiver listens on 127.0.0.1, where deliveries are otherwise refused.
run: export BACKBONE_WEBHOOKS_TO_LOOPBACK ?= true
run: .venv/run.installed
	@exec $(python) -m services

test: .venv/dev.installed
	@$(python) -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

check: .venv/dev.installed
	@.venv/bin/ruff check . && .venv/bin/ruff format --check . && $(python) -m mypy && .venv/bin/lint-imports
	@$(python) -m services schemas --check && $(python) -m services openapi --check && $(python) -m services settings --check

demo: .venv/run.installed
	@$(python) -m services demo

bench: .venv/dev.installed
	@$(python) -m tests.bench

# What is made from the code and kept in the tree: event schemas, AsyncAPI, the merged OpenAPI, the table of settings.
generate: .venv/dev.installed
	@$(python) -m services schemas
	@$(python) -m services openapi

format: .venv/dev.installed
	@$(python) -m ruff check --fix-only --quiet . && $(python) -m ruff format --quiet .

# The locks name versions and hashes and no host, so they hold behind any mirror.
compile := $(python) -m uv pip compile pyproject.toml --quiet --universal --generate-hashes --no-header
lock: .venv/dev.installed
	@$(compile) -o requirements.lock
	@$(compile) --extra dev -o requirements-dev.lock

.venv/run.installed: requirements.lock
	$(make-venv)
	@$(pip) -r requirements.lock
	@touch $@

.venv/dev.installed: requirements-dev.lock requirements.lock
	$(make-venv)
	@$(pip) -r requirements-dev.lock
	@touch .venv/run.installed $@

clean:
	@rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
