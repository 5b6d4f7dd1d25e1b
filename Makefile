# Every target installs by apt what it needs and does not find; a Swift toolchain of at least 6.2 must be on PATH.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.NOTPARALLEL:

KEEP ?=
W ?= W1
CORPUS ?= ../shared/data
SEEDS ?= 200
CASES ?= 10000
SECONDS ?= 60
HUB_HOME ?= $(CURDIR)/.build-run/hub

# Packages of Debian that a build needs, and what the tests use beside them.
BUILD_PACKAGES := zlib1g-dev libsqlite3-dev libxlsxwriter-dev pkg-config
TEST_PACKAGES := curl openssl python3 python3-venv strace iproute2 nftables postgresql
# What reads reports back; a test that lacks one of them says so.
REPORT_PACKAGES := weasyprint poppler-utils chromium fonts-noto-cjk
# Packages of PyPI that the tests compare with.
TEST_PYTHON := hl7 statsmodels scipy krippendorff openpyxl axe-playwright-python playwright jsonschema fhirpathpy

.PHONY: help
help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

.PHONY: need
need:
	@scripts/need-swift
	@scripts/need $(BUILD_PACKAGES)

.PHONY: build
build: need ## release build of consiliumd and consilium
	swift build -c release --product consiliumd
	swift build -c release --product consilium

.PHONY: test
test: need ## every test, in a debug build; the FHIR examples against R4; then the simulation in a release build
	@scripts/need $(TEST_PACKAGES)
	@scripts/need $(REPORT_PACKAGES) || scripts/left-out "not every report is read back"
	@scripts/venv $(TEST_PYTHON) >/dev/null || scripts/left-out "not every comparison with other programs is made"
	swift build --build-tests
	CONSILIUM_TEST_PYTHON=$$(scripts/venv hl7 || true) \
		CONSILIUM_STATISTICS_PYTHON=$$(scripts/venv statsmodels scipy krippendorff || true) \
		CONSILIUM_REPORTS_PYTHON=$$(scripts/venv openpyxl axe-playwright-python playwright || true) \
		scripts/run-tests
	@scripts/check-fhir
	@$(MAKE) --no-print-directory simulate

.PHONY: coverage
coverage: need ## line coverage of Core, Adapters and Ledger; fails below 80 %
	@scripts/need python3
	scripts/coverage 80

.PHONY: mutants
mutants: need ## plants each fault of Tests/Mutants in Core or Ledger; every one must be caught
	scripts/mutants

.PHONY: simulate
simulate: need ## SEEDS=200 seeds of the simulated network, each twice; CASES=10000 marked cases of a generated year
	@scripts/need python3
	@scripts/need $(REPORT_PACKAGES) || scripts/left-out "no PDF is searched"
	swift build -c release --product consilium-simulate
	.build/release/consilium-simulate --seeds $(SEEDS)
	.build/release/consilium-simulate --province $(CASES)

.PHONY: corpus
corpus: need ## reads every message under CORPUS=../shared/data with the adapters
	CONSILIUM_CORPUS="$(abspath $(CORPUS))" swift test --disable-xctest --filter Corpus

.PHONY: fuzz
fuzz: need ## changes messages at random for SECONDS=60 and feeds them to the adapters
	CONSILIUM_FUZZ_SECONDS=$(SECONDS) swift test --disable-xctest --filter Fuzz

.PHONY: bench
bench: need ## benchmark W=W1 against the release hub; prints its report and writes BENCHMARKS.md
	scripts/bench $(W)

.PHONY: lint
lint: need ## format, purity, scripts, Dockerfile
	@scripts/lint

.PHONY: demo
demo: need ## a whole network on this machine, in under a minute after the build; KEEP=1 leaves it running
	@scripts/need curl openssl python3
	@scripts/demo-build
	@scripts/demo $(if $(KEEP),--keep)

.PHONY: run
run: build ## a hub of your own under .build-run/hub, on this machine only
	@if [[ ! -e "$(HUB_HOME)/consilium.yaml" ]]; then \
		mkdir -p "$$(dirname "$(HUB_HOME)")"; \
		.build/release/consiliumd init --home "$(HUB_HOME)" --network local --host localhost --listen 127.0.0.1; \
	fi
	.build/release/consiliumd serve --home "$(HUB_HOME)"

.PHONY: clean
clean: ## removes everything that was built; a hub made by `make run` stays
	rm -rf .build .build-alone-* .build-libraries .build-benchmarks .build-venv
