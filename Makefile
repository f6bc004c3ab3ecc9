# SPDX-License-Identifier: Apache-2.0
# The doors of the house. Meson builds; this file only knows what to call.
# Each door installs first what is missing (packages.txt, package.json).

MESON := meson
NINJA := ninja
TIME ?= 60
DEMO_DB := build/demo/jinwei-demo.db

.DEFAULT_GOAL := build
.DELETE_ON_ERROR:
.PHONY: help deps build run example test bench fuzz format lint coverage clean

help:		## this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1|/p' Makefile | column -t -s '|'

deps:
	@tools/install

build: deps build/build.ninja	## the program, at build/jinwei
	$(NINJA) -C build jinwei

run: build	## the server with the made-up county of examples/; LISTEN=address:port
	@mkdir -p $(dir $(DEMO_DB)) && exec 9>$(DEMO_DB).lock && { flock -n 9 || { \
		echo '演示已经在另一个窗口里运行（make run）：用它打印的地址，或者先在那里按 Ctrl-C 停止。' >&2; \
		exit 1; }; } && rm -f $(DEMO_DB) $(DEMO_DB)-wal $(DEMO_DB)-shm && \
	exec build/jinwei serve --demo examples/组织名册.xlsx --db $(DEMO_DB) \
		$(if $(LISTEN),--listen '$(LISTEN)')

example: build	## grade the made-up county at the command line
	examples/run.sh build/jinwei

test: build build-test/build.ninja	## all tests, with sanitizers; ONLY=pattern runs some
	$(NINJA) -C build-test
	@tests/run --build build-test $(if $(ONLY),--only '$(ONLY)')

bench: deps build/build.ninja	## the benchmarks; ARGS='…' goes to bench/run.py
	$(NINJA) -C build
	python3 bench/run.py $(ARGS)

fuzz: deps build-fuzz/build.ninja	## fuzz every parser, or TARGET=name; TIME=60 seconds each
	$(NINJA) -C build-fuzz
	tests/fuzz/run build-fuzz $(TIME) $(TARGET)

format: deps	## bring the C lines you changed into shape; SINCE=commit, or all since then
	git clang-format --force --extensions c,h $(or $(SINCE),HEAD)

lint: deps build-lint/build.ninja	## clang-tidy, cppcheck and gcc's analyzer over all; SINCE=commit, or what changed
	$(NINJA) -C build-lint build.ninja
	tools/lint build-lint $(SINCE)

coverage: deps build-coverage/build.ninja	## which lines the tests reach: build-coverage/coverage.html
	$(NINJA) -C build-coverage
	tests/run --build build-coverage
	gcovr --root . --filter src/ --object-directory build-coverage \
		--html-details build-coverage/coverage.html --print-summary --txt build-coverage/coverage.txt

clean:		## remove what was built
	rm -rf build build-test build-fuzz build-lint build-coverage

build/build.ninja: | deps
	$(MESON) setup build

build-test/build.ninja: | deps
	$(MESON) setup build-test -Dbuildtype=debugoptimized -Db_sanitize=address,undefined

build-fuzz/build.ninja: | deps
	CC=clang $(MESON) setup build-fuzz -Dfuzz=true -Dwerror=false -Dbuildtype=debugoptimized \
		-Db_sanitize=address,undefined -Db_lundef=false

build-lint/build.ninja: | deps
	$(MESON) setup build-lint -Dbuildtype=debugoptimized

build-coverage/build.ninja: | deps
	$(MESON) setup build-coverage -Dbuildtype=debug -Db_coverage=true
