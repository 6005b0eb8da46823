# Windhover: `make run` and `make test` are all that a newcomer needs; `make help` names the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup setup-test build run test test-tsan bench lint clean

# Debian's names of what the build and the tests need. CI installs from these lists too.
BUILD_PACKAGES := pkg-config libcap-dev libseccomp-dev libssl-dev libyaml-dev libre2-dev libsimdjson-dev
TEST_PACKAGES  := runc busybox-static rsyslog rsyslog-openssl openssl

# Static Swift runtime, the distribution's C libraries; no RUNPATH and no lazy binding, since it runs as root.
RELEASE_FLAGS := -c release --static-swift-stdlib --disable-local-rpath \
  -Xlinker -z -Xlinker now -Xlinker -s
BINARY := .build/release/windhover

# Arguments for `make run`, as in: make run ARGS='-o priority=warning'
ARGS ?=
# Arguments for `make test`, as in: make test TESTS='--filter RingTests'
TESTS ?=

help: ## Say what each target does
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

setup: ## Install the packages that the build needs (as root), or say which
	@.ci/setup build $(BUILD_PACKAGES)

setup-test: setup ## Install the packages that the tests need too
	@.ci/setup test $(TEST_PACKAGES)

build: setup ## Build the release binary, .build/release/windhover
	@echo "Building $(BINARY) (release; the first time takes a few minutes)"
	@swift build --product windhover $(RELEASE_FLAGS)
	@test -x $(BINARY)
	@echo "Built $(BINARY), $$(( $$(stat -L -c %s $(BINARY)) / 1048576 )) MiB"

run: build ## Build, then watch this host with the embedded rules; alerts come to this terminal
	@echo "Starting $(BINARY) run $(ARGS)   (Ctrl-C ends it)"
	@exec $(BINARY) run $(ARGS)

test: setup-test ## Build and run every test
	@echo "Running the tests$$([ "$$(id -u)" = 0 ] || echo ' as an ordinary user: those that need root will say that they are skipped')"
	@swift test $(TESTS)

test-tsan: setup ## Run the tests of the ring under the thread sanitizer
	@echo "Running the ring tests under the thread sanitizer"
	@WINDHOVER_RING_ONLY=1 swift test --sanitize=thread --scratch-path .build-tsan --filter RingTests

# The load programs are C, and the shortest-lived of them does without a C library.
BENCH_PROGRAMS := $(addprefix .build/bench/,tiny small-static small-dynamic storm sleepers scan)
BENCH_CC ?= clang -O2 -Wall -Wextra -Werror
# Arguments for `make bench`, as in: make bench BENCH='--figures ring,latency'
BENCH ?= --results bench/RESULTS.md --repository .

.build/bench/tiny: BENCH_CC += -static -nostdlib -ffreestanding -fno-stack-protector
.build/bench/small-static: BENCH_CC += -static
.build/bench/small-static .build/bench/small-dynamic: bench/programs/small.c
.build/bench/tiny .build/bench/storm .build/bench/sleepers .build/bench/scan: .build/bench/%: bench/programs/%.c
$(BENCH_PROGRAMS):
	@mkdir -p $(@D)
	@$(BENCH_CC) -o $@ $<

bench: build $(BENCH_PROGRAMS) ## Measure the agent as root on an idle machine: bench/RESULTS.md
	@echo "Building the bench"
	@swift build --product windhover-bench $(RELEASE_FLAGS)
	@echo "Measuring; with every figure it takes about half an hour"
	@.build/release/windhover-bench --revision "$$(git describe --always --dirty)" $(BENCH)

lint: ## Check the format, the imports between modules and where unsafe code lives
	@echo "Checking format and lint"
	@swift format lint --strict --recursive --parallel Package.swift Sources Tests bench
	@.ci/check-imports
	@.ci/check-unsafe
	@.ci/test-checks

clean: ## Remove everything that was built
	@echo "Removing .build and .build-tsan"
	@rm -rf .build .build-tsan
