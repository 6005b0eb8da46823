# Windhover: `make run` and `make test` are all that a newcomer needs; `make help` names the rest.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help setup setup-test build run test test-tsan test-asan test-optimised fuzz bench soak lint clean

# Debian's names of what the build and the tests need. CI installs from these lists too.
BUILD_PACKAGES := pkg-config libcap-dev libseccomp-dev libssl-dev libcurl4-openssl-dev libyaml-dev libre2-dev \
  libsimdjson-dev zlib1g-dev
TEST_PACKAGES  := runc busybox-static rsyslog rsyslog-openssl rsyslog-gnutls rsyslog-relp openssl socat tmux \
  libivykis0 libnet1 libwrap0 libpcre3 libjson-c5 libglib2.0-0
# Real container runtimes, started by the tests themselves.
TEST_PACKAGES += docker.io containerd podman crun iptables
# Debian does not let two syslog daemons be installed, so this one is only unpacked; its libraries are above.
UNPACKED_PACKAGES := syslog-ng-core

# Static Swift runtime, the distribution's C libraries; no RUNPATH and no lazy binding, since it runs as root.
RELEASE_FLAGS := -c release --static-swift-stdlib --disable-local-rpath \
  -Xlinker -z -Xlinker now -Xlinker -s
BINARY := .build/release/windhover

# Arguments for `make run`, as in: make run ARGS='-o priority=warning'
ARGS ?=
# Arguments for `make test`, as in: make test TESTS='--filter RingTests'
TESTS ?=

help: ## Say what each target does
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' Makefile

setup: ## Install the packages that the build needs (as root), or say which
	@.ci/setup build $(BUILD_PACKAGES)

setup-test: setup ## Install the packages that the tests need too
	@.ci/setup test $(TEST_PACKAGES)
	@.ci/unpack $(UNPACKED_PACKAGES)

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
	@WINDHOVER_ONLY=ring swift test --sanitize=thread --scratch-path .build-tsan --filter RingTests

test-optimised: setup ## Run the tests of the rules optimised: what must allocate nothing is tested only so
	@echo "Running the rules' tests, optimised"
	@WINDHOVER_ONLY=rules swift test -c release -Xswiftc -enable-testing --scratch-path .build-optimised

test-asan: setup ## Run the tests of the rules under the address sanitizer, optimised
	@echo "Running the rules' tests under the address sanitizer"
	@# What leaks at the end is XCTest's own.
	@WINDHOVER_ONLY=rules ASAN_OPTIONS=detect_leaks=0 swift test -c release -Xswiftc -enable-testing \
	  --sanitize=address --scratch-path .build-asan

# How long `make fuzz` takes for each target, and which.
FUZZ_SECONDS ?= 60
FUZZ_TARGETS ?= condition output yaml rules cases event

fuzz: setup ## Fuzz what reads hostile bytes, under the address sanitizer: FUZZ_SECONDS for each of FUZZ_TARGETS
	@echo "Building the fuzzer (release, address sanitizer)"
	@WINDHOVER_ONLY=fuzz swift build -c release --product windhover-fuzz --sanitize=address \
	  --scratch-path .build-fuzz -Xswiftc -enable-testing \
	  -Xswiftc -sanitize-coverage=edge,indirect-calls,trace-cmp,inline-8bit-counters,pc-table \
	  -Xlinker "$$(clang -print-file-name=libclang_rt.fuzzer_no_main-$$(uname -m).a)"
	@for target in $(FUZZ_TARGETS); do \
	  echo "Fuzzing $$target for $(FUZZ_SECONDS) s; its inputs are kept in .build-fuzz/corpus/$$target"; \
	  mkdir -p .build-fuzz/corpus/$$target; \
	  .build-fuzz/release/windhover-fuzz $$target -max_total_time=$(FUZZ_SECONDS) -timeout=10 \
	    -rss_limit_mb=4096 -max_len=8192 -verbosity=0 -print_final_stats=1 -dict=Tests/Fuzz/words.dict \
	    -artifact_prefix=.build-fuzz/$$target- .build-fuzz/corpus/$$target Tests/Fuzz/seeds/$$target; \
	done

# The load programs are C, and the shortest-lived of them does without a C library.
BENCH_PROGRAMS := $(addprefix .build/bench/,tiny small-static small-dynamic storm sleepers scan churn)
BENCH_CC ?= clang -O2 -Wall -Wextra -Werror
# Arguments for `make bench`, as in: make bench BENCH='--figures ring,latency'
BENCH ?= --results bench/RESULTS.md --repository .

.build/bench/tiny: BENCH_CC += -static -nostdlib -ffreestanding -fno-stack-protector
.build/bench/small-static: BENCH_CC += -static
.build/bench/small-static .build/bench/small-dynamic: bench/programs/small.c
.build/bench/tiny .build/bench/storm .build/bench/sleepers .build/bench/scan .build/bench/churn: .build/bench/%: bench/programs/%.c
$(BENCH_PROGRAMS):
	@mkdir -p $(@D)
	@$(BENCH_CC) -o $@ $<

bench: build $(BENCH_PROGRAMS) ## Measure the agent as root on an idle machine: bench/RESULTS.md
	@echo "Building the bench"
	@swift build --product windhover-bench $(RELEASE_FLAGS)
	@echo "Measuring; with every figure it takes about half an hour"
	@.build/release/windhover-bench --revision "$$(git describe --always --dirty)" $(BENCH)

# How long `make soak` keeps the host busy.
SOAK_SECONDS ?= 900

soak: build $(BENCH_PROGRAMS) ## Keep this host busy for SOAK_SECONDS, as root: does the agent's memory stay flat?
	@echo "Building the bench"
	@swift build --product windhover-bench $(RELEASE_FLAGS)
	@echo "Processes, cgroups, mounts and containers come and go for $(SOAK_SECONDS) s"
	@.build/release/windhover-bench --soak $(SOAK_SECONDS)

lint: ## Check the format, the imports between modules and where unsafe code lives
	@echo "Checking format and lint"
	@swift format lint --strict --recursive --parallel Package.swift Sources Tests bench
	@.ci/check-imports
	@.ci/check-unsafe
	@.ci/test-checks

clean: ## Remove everything that was built
	@echo "Removing .build and the builds with sanitizers"
	@rm -rf .build .build-tsan .build-asan .build-optimised .build-fuzz
