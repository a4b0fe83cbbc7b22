# SPDX-License-Identifier: Apache-2.0
# Every task of the project. Each installs the Debian packages that it needs (scripts/setup), so all
# of them work on a fresh machine.

SHELL := /bin/bash
JOBS ?= $(shell nproc)
# For each target of `make fuzz`.
FUZZ_SECONDS ?= 10
PREFIX ?= /usr/local

SAKER := build/release/saker
RULES := rules/saker_rules.yaml rules/saker_rules.local.yaml

CLANG_FORMAT := clang-format-19
RUN_CLANG_TIDY := run-clang-tidy-19
# What the kernel side compiles is laid out as kernel code is, wherever it lies.
KERNEL_STYLE := $(wildcard bpf/*.c bpf/*.h test/bench/*.bpf.c) include/saker/record.h \
    include/saker/name_filter.h
CXX_STYLE = $(filter-out $(KERNEL_STYLE),$(shell find src include test -name '*.[ch]' -o -name '*.cpp'))

.SILENT:
.PHONY: build run test bench format lint fuzz install clean packages

build: build/release/build.ninja
	ninja -C build/release -j $(JOBS) saker

# The sensor takes the place of the recipe's shell: Ctrl-C ends it with its summary, and make in silence.
run: build
	exec $(SAKER) run $(RULES:%=-r %)

test: build build/debug/build.ninja
	scripts/setup test
	ninja -C build/debug -j $(JOBS)
	test/run

bench: build
	scripts/setup bench
	ninja -C build/release -j $(JOBS) bench_programs
	test/bench/run

format:
	scripts/setup lint
	$(CLANG_FORMAT) -i --style=file:bpf/.clang-format $(KERNEL_STYLE)
	$(CLANG_FORMAT) -i $(CXX_STYLE)

lint: build
	scripts/setup lint
	$(CLANG_FORMAT) --dry-run -Werror --style=file:bpf/.clang-format $(KERNEL_STYLE)
	$(CLANG_FORMAT) --dry-run -Werror $(CXX_STYLE)
	$(RUN_CLANG_TIDY) -quiet -j $(JOBS) -p build/release '$(CURDIR)/src/.*\.cpp$$'

fuzz:
	scripts/setup fuzz
	cmake -S . -B build/fuzz -G Ninja -DSAKER_FUZZ=ON -DCMAKE_BUILD_TYPE=RelWithDebInfo \
	    -DCMAKE_C_COMPILER=clang-19 -DCMAKE_CXX_COMPILER=clang++-19 >/dev/null
	ninja -C build/fuzz -j $(JOBS) fuzz_programs
	test/fuzz/run $(FUZZ_SECONDS)

install: build
	install -D -m 755 $(SAKER) $(DESTDIR)$(PREFIX)/bin/saker
	install -D -m 644 -t $(DESTDIR)/etc/saker rules/saker_rules.yaml
	install -D -m 644 -t $(DESTDIR)$(PREFIX)/share/saker/schema packaging/schema/*.json
	test -e $(DESTDIR)/etc/saker/saker_rules.local.yaml || \
	    install -m 644 -t $(DESTDIR)/etc/saker rules/saker_rules.local.yaml

clean:
	rm -rf build

build/%/build.ninja: CMakePresets.json | packages
	cmake --preset $* >/dev/null
	touch $@

# Asked on every run, since a newer checkout may need more; a fraction of a second if none is missing.
packages:
	scripts/setup build
