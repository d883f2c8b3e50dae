# bantin - make targets. `make run` and `make test` are all that a fresh
# Debian 12 with git and make needs; everything else is for those who work
# on it. Nothing is written outside build/ and var/ (but by install).

VERSION := 0.1.0
BUILD ?= build
CC ?= gcc
ifeq ($(origin CC),default)
CC := gcc
endif

PACKAGES_BUILD := gcc libc6-dev make pkg-config libevent-dev \
	libcurl4-openssl-dev libsqlite3-dev libpcre2-dev libjansson-dev \
	libexpat1-dev libyaml-dev libutf8proc-dev libssl-dev libcsv-dev \
	libsystemd-dev libxlsxwriter-dev
PACKAGES_RUN := curl ca-certificates
PACKAGES_TEST := $(PACKAGES_BUILD) $(PACKAGES_RUN) libcmocka-dev python3 \
	python3-pytest python3-pytest-xdist python3-requests sqlite3 man-db \
	openssl kannel kannel-extras gammu-smsd libdbd-sqlite3 smstools
PACKAGES_LINT := $(PACKAGES_TEST) clang clang-format clang-tidy cppcheck
PACKAGES_SANITIZE := $(PACKAGES_TEST) clang libclang-rt-14-dev
PACKAGES_FUZZ := $(PACKAGES_BUILD) clang libclang-rt-14-dev python3
PACKAGES_BENCH := $(PACKAGES_TEST) wrk

DIRS := gateway config parsers handlers
SOURCES := $(sort $(shell find $(DIRS) -name '*.c'))
LIB_SOURCES := $(filter-out gateway/main.c,$(SOURCES))
LIB_OBJECTS := $(LIB_SOURCES:%.c=$(BUILD)/%.o)
FAULT_SOURCES := $(sort gateway/main.c \
	$(shell grep -l 'gateway/base/fault.h' $(SOURCES) /dev/null))
FAULT_OBJECTS := $(FAULT_SOURCES:%.c=$(BUILD)/fault/%.o)
UNIT_SOURCES := $(sort $(wildcard tests/unit/*.c))
UNIT_TESTS := $(UNIT_SOURCES:tests/unit/%.c=$(BUILD)/tests/unit/%)
BENCH_SOURCES := $(sort $(wildcard tests/bench/*.c))
BENCH_BINARIES := $(BENCH_SOURCES:tests/bench/%.c=$(BUILD)/tests/bench/%)
FUZZ_SOURCES := $(sort $(wildcard tests/fuzz/*.c))
FUZZ_TARGETS := $(FUZZ_SOURCES:tests/fuzz/%.c=$(BUILD)/tests/fuzz/%)

PKG_LIBS := libevent_core libevent_extra libevent_openssl libevent_pthreads \
	libcurl sqlite3 libpcre2-8 jansson expat yaml-0.1 libutf8proc \
	libcrypto libssl libsystemd xlsxwriter
# Asked for when a compiler runs, not when make starts: a fresh machine has
# no pkg-config yet.
pkg_cflags = $(shell pkg-config --cflags $(PKG_LIBS))
pkg_libs = $(shell pkg-config --libs $(PKG_LIBS)) -lcsv

OPT ?= -O2
HARDEN ?= -D_FORTIFY_SOURCE=2 -fstack-protector-strong \
	-fstack-clash-protection -fcf-protection -fPIE
HARDEN_LD ?= -pie -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--as-needed
WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wold-style-definition -Wformat=2 -Wwrite-strings -Wundef -Wvla \
	-Wpointer-arith -Wcast-align -Werror
CFLAGS_ALL = -std=gnu17 -g $(OPT) $(WARN) $(HARDEN) -pthread -I. \
	-DBANTIN_VERSION='"$(VERSION)"' -D_GNU_SOURCE $(SANITIZE) $(CFLAGS)
LDFLAGS_ALL = -pthread $(HARDEN_LD) $(SANITIZE) $(LDFLAGS)

# One line a file; V=1 shows the commands.
ifeq ($(V),1)
say = @:
else
say = @printf '  %-4s %s\n'
.SILENT:
endif

.PHONY: all run do-run test do-test suites lint fmt asan tsan fuzz do-fuzz \
	torture bench do-bench docs install deb clean
.DELETE_ON_ERROR:

all: $(BUILD)/bantin

$(BUILD)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(say) CC $@
	$(CC) $(CFLAGS_ALL) $(pkg_cflags) -MMD -MP -c -o $@ $<

$(BUILD)/fault/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(say) CC $@
	$(CC) $(CFLAGS_ALL) $(pkg_cflags) -DBANTIN_FAULT_POINTS -MMD -MP \
		-c -o $@ $<

# Files that go into the binary.
$(BUILD)/config/shipped.o: $(wildcard config/*.yaml)
$(BUILD)/gateway/commands/card.o: gateway/commands/card.css
$(BUILD)/gateway/store/schema.o: $(wildcard gateway/store/schema/*.sql)

$(BUILD)/libbantin.a: $(LIB_OBJECTS)
	@rm -f $@
	$(say) AR $@
	ar rcs $@ $^

$(BUILD)/bantin: $(BUILD)/gateway/main.o $(BUILD)/libbantin.a
	$(say) LD $@
	$(CC) $(LDFLAGS_ALL) -o $@ $^ $(pkg_libs)

$(BUILD)/bantin-fault: $(FAULT_OBJECTS) $(BUILD)/libbantin.a
	$(say) LD $@
	$(CC) $(LDFLAGS_ALL) -o $@ $^ $(pkg_libs)

$(BUILD)/tests/unit/%: $(BUILD)/tests/unit/%.o $(BUILD)/libbantin.a
	$(say) LD $@
	$(CC) $(LDFLAGS_ALL) -o $@ $^ $(pkg_libs) -lcmocka

$(BUILD)/tests/bench/%: $(BUILD)/tests/bench/%.o $(BUILD)/libbantin.a
	$(say) LD $@
	$(CC) $(LDFLAGS_ALL) -o $@ $^ $(pkg_libs)

$(BUILD)/tests/fuzz/%: $(BUILD)/tests/fuzz/%.o $(BUILD)/libbantin.a
	$(say) LD $@
	$(CC) $(LDFLAGS_ALL) -fsanitize=fuzzer -o $@ $^ $(pkg_libs)

.PRECIOUS: $(BUILD)/tests/unit/%.o $(BUILD)/tests/bench/%.o \
	$(BUILD)/tests/fuzz/%.o

# The first README command. The second make starts with the tools in place.
run:
	@config/install-packages.sh $(PACKAGES_BUILD) $(PACKAGES_RUN)
	@$(MAKE) --no-print-directory do-run
do-run: $(BUILD)/bantin
	@config/demo/run.sh $(BUILD)/bantin

# The second README command.
test:
	@config/install-packages.sh $(PACKAGES_TEST)
	@$(MAKE) --no-print-directory do-test
do-test: suites
	@python3 tests/run.py --build $(BUILD) \
		$(if $(SANITIZE),--patience 5 --suite-s 5400)
suites: $(BUILD)/bantin $(BUILD)/bantin-fault $(UNIT_TESTS)

lint:
	@config/install-packages.sh $(PACKAGES_LINT)
	@tests/lint/run.sh $(BUILD)

fmt:
	@config/install-packages.sh clang-format
	clang-format -i $$(find $(DIRS) tests -name '*.[ch]')

SAN_MAKE = $(MAKE) --no-print-directory OPT='-O1 -fno-omit-frame-pointer' \
	HARDEN=-fPIE HARDEN_LD=-pie
asan:
	@config/install-packages.sh $(PACKAGES_SANITIZE)
	@$(SAN_MAKE) BUILD=$(BUILD)/asan \
		SANITIZE='-fsanitize=address,undefined -fno-sanitize-recover=all' \
		do-test
tsan:
	@config/install-packages.sh $(PACKAGES_SANITIZE)
	@$(SAN_MAKE) BUILD=$(BUILD)/tsan SANITIZE=-fsanitize=thread do-test

bench:
	@config/install-packages.sh $(PACKAGES_BENCH)
	@$(MAKE) --no-print-directory do-bench
do-bench: $(BUILD)/bantin $(BENCH_BINARIES)
	@python3 tests/bench/run.py --build $(BUILD)

# The man pages are made from the program's own tables.
docs: docs/bantin.1 docs/bantin.yaml.5
docs/bantin.1: $(BUILD)/bantin
	$(BUILD)/bantin help --man > $@
docs/bantin.yaml.5: $(BUILD)/bantin
	$(BUILD)/bantin help --man-config > $@

# Any input, for FUZZ_S seconds a target. What is found stays in build/fuzz.
FUZZ_S ?= 60
fuzz:
	@config/install-packages.sh $(PACKAGES_FUZZ)
	+@$(SAN_MAKE) BUILD=$(BUILD)/fuzz CC=clang do-fuzz SANITIZE='$(strip \
		-fsanitize=fuzzer-no-link,address,undefined \
		-fno-sanitize-recover=all)'
do-fuzz: $(FUZZ_TARGETS)
	@python3 -B tests/fuzz/run.py --build $(BUILD) --seconds $(FUZZ_S) \
		$(FUZZ)

# Their matter comes with later work.
torture deb:
	@echo "make $@: not part of this version; see CHANGES.md" >&2; exit 2

PREFIX ?= /usr/local
install: $(BUILD)/bantin
	install -D -m 755 $(BUILD)/bantin $(DESTDIR)$(PREFIX)/bin/bantin
	install -D -m 644 docs/bantin.1 \
		$(DESTDIR)$(PREFIX)/share/man/man1/bantin.1
	install -D -m 644 docs/bantin.yaml.5 \
		$(DESTDIR)$(PREFIX)/share/man/man5/bantin.yaml.5

clean:
	rm -rf $(BUILD)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
