# plumb: one flat makefile. `make` builds ./plumb and libplumb.a; `make help` lists the targets.

VERSION := 0.1.0
PREFIX ?= /usr/local
DESTDIR ?=

# All processors, unless -j says otherwise; several goals are made one after the other.
ifeq ($(MAKELEVEL)$(filter-out 0 1,$(words $(MAKECMDGOALS))),0)
MAKEFLAGS += -j$(or $(shell getconf _NPROCESSORS_ONLN 2>/dev/null),1)
endif

BUILD ?= release
OUT := build/$(BUILD)

# What the product links; what only the tests do. libgit2 and SQLite are opened
# at run time (src/git/libgit2.h, src/store/database.h).
PACKAGES := yaml-0.1 libpcre2-8 zlib
TEST_PACKAGES := cmocka jansson libgit2 sqlite3
PKG_CONFIG ?= pkg-config

WARN := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla
# -fno-plt: no stub between a call and its library, which is 1% of a scan. -g1: names and lines for a
# backtrace; CFLAGS=-g for a debugger, which takes a fifth longer to build.
OPT.release := -O2 -fno-plt -g1
OPT.asan := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -DPLUMB_CHECKED_ARENA
OPT.tsan := -O1 -g -fsanitize=thread
OPT.tiny := -O1 -g -DPLUMB_TINY
CFLAGS ?=
PLUMB_CFLAGS := -std=c17 -D_GNU_SOURCE -DPLUMB_VERSION='"$(VERSION)"' -Isrc -Iinclude -fvisibility=hidden -pthread \
	$(WARN) $(OPT.$(BUILD)) $(shell $(PKG_CONFIG) --cflags $(PACKAGES) 2>/dev/null)
LIBS := -Wl,--as-needed $(shell $(PKG_CONFIG) --libs $(PACKAGES) 2>/dev/null) -lm -ldl -pthread
TEST_LIBS := -Wl,--as-needed $(shell $(PKG_CONFIG) --libs $(TEST_PACKAGES) 2>/dev/null)

# The library is everything but the command line and the programs that the build runs.
LIB_SRC := $(wildcard $(addsuffix /*.c,$(addprefix src/,base syntax edit ir cel rules scan git store report)))
CLI_SRC := $(wildcard src/cli/*.c)
TOOL_SRC := $(wildcard src/tools/*.c)
UNIT_SRC := $(wildcard tests/unit/*.c)
LIB_OBJ := $(LIB_SRC:%.c=$(OUT)/%.o) $(OUT)/html_assets.o
CLI_OBJ := $(CLI_SRC:%.c=$(OUT)/%.o)
TOOL_OBJ := $(TOOL_SRC:%.c=$(OUT)/%.o)
UNIT_BIN := $(UNIT_SRC:tests/unit/%.c=$(OUT)/unit/%)
CONFORMANCE := $(patsubst tests/conformance/%.c,build/%,$(wildcard tests/conformance/*.c))
FUZZ_SRC := $(wildcard tests/fuzz/fuzz_*.c)
FUZZ_BIN := $(FUZZ_SRC:tests/fuzz/%.c=$(OUT)/fuzz/%)
RULES := $(shell find rules -name '*.yaml' 2>/dev/null | sort)

ifeq ($(BUILD),release)
PLUMB := plumb
LIBPLUMB := libplumb.a
else
PLUMB := $(OUT)/plumb
LIBPLUMB := $(OUT)/libplumb.a
endif

# V=1 shows whole commands.
Q := $(if $(V),,@)
say = $(if $(V),,@echo '  $(1)')

all: $(PLUMB) $(LIBPLUMB)

$(OUT)/%.o: %.c
	@mkdir -p $(@D)
	$(call say,CC $<)
	$(Q)$(CC) $(PLUMB_CFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# The rule compiler links all of the library but the shipped rules, which it makes.
$(OUT)/libcore.a: $(LIB_OBJ)
	@rm -f $@
	$(call say,AR $@)
	$(Q)$(AR) rcs $@ $^

$(OUT)/rulec: $(OUT)/src/tools/rulec.o $(OUT)/libcore.a
	$(call say,LD $@)
	$(Q)$(CC) $(PLUMB_CFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(OUT)/docgen: $(OUT)/src/tools/docgen.o $(LIBPLUMB)
	$(call say,LD $@)
	$(Q)$(CC) $(PLUMB_CFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(OUT)/mangen: $(OUT)/src/tools/mangen.o $(OUT)/libcli.a $(LIBPLUMB)
	$(call say,LD $@)
	$(Q)$(CC) $(PLUMB_CFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(OUT)/plumb.1: docs/plumb.1.in $(OUT)/mangen
	$(call say,MAN $@)
	$(Q)$(OUT)/mangen $< > $@.tmp && mv $@.tmp $@

$(OUT)/ruleset.c: $(OUT)/rulec $(RULES)
	$(call say,RULES $@)
	$(Q)$(OUT)/rulec -o $@.tmp rules && mv $@.tmp $@

$(OUT)/ruleset.o: $(OUT)/ruleset.c
	$(call say,CC $@)
	$(Q)$(CC) $(PLUMB_CFLAGS) $(CFLAGS) -c -o $@ $<

$(OUT)/embed: $(OUT)/src/tools/embed.o
	$(call say,LD $@)
	$(Q)$(CC) $(PLUMB_CFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $^

$(OUT)/html_assets.c: $(OUT)/embed src/report/html.css src/report/html.js
	$(call say,EMBED $@)
	$(Q)$(OUT)/embed report/html_assets.h html_css=src/report/html.css html_js=src/report/html.js >$@.tmp && mv $@.tmp $@

$(OUT)/html_assets.o: $(OUT)/html_assets.c
	$(call say,CC $@)
	$(Q)$(CC) $(PLUMB_CFLAGS) $(CFLAGS) -c -o $@ $<

$(LIBPLUMB): $(LIB_OBJ) $(OUT)/ruleset.o
	@mkdir -p $(@D)
	@rm -f $@
	$(call say,AR $@)
	$(Q)$(AR) rcs $@ $^

$(PLUMB): $(CLI_OBJ) $(LIBPLUMB)
	$(call say,LD $@)
	$(Q)$(CC) $(PLUMB_CFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

# What of the command line has tests, and what writes its manual, is linked from here.
$(OUT)/libcli.a: $(filter-out %/main.o,$(CLI_OBJ))
	@rm -f $@
	$(call say,AR $@)
	$(Q)$(AR) rcs $@ $^

$(OUT)/unit/%: $(OUT)/tests/unit/%.o $(OUT)/libcli.a $(LIBPLUMB)
	@mkdir -p $(@D)
	$(call say,LD $@)
	$(Q)$(CC) $(PLUMB_CFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(TEST_LIBS) $(LIBS)

build/%-conformance: build/release/tests/conformance/%-conformance.o libplumb.a
	$(call say,LD $@)
	$(Q)$(CC) $(PLUMB_CFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(TEST_LIBS) $(LIBS)

# A fuzz target beside a driver that feeds it files; `make fuzz` builds them with libFuzzer.
$(OUT)/fuzz/%: $(OUT)/tests/fuzz/%.o $(OUT)/tests/fuzz/driver.o $(LIBPLUMB)
	@mkdir -p $(@D)
	$(call say,LD $@)
	$(Q)$(CC) $(PLUMB_CFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

unit-programs: $(UNIT_BIN)
conformance-programs: $(CONFORMANCE)
fuzz-programs: $(FUZZ_BIN)


# What is missing is installed by the system's package manager, and only then: a machine that has
# everything runs no package manager.
SET_UP := tests/setup.sh

ready:
	@$(SET_UP) '$(PACKAGES) $(TEST_PACKAGES)'

deps: ready

# Needs a second make: variables above were set before the packages were there.
scan: ready
	@$(MAKE) --no-print-directory all
	./$(PLUMB) scan --fail-on none testdata/demo

test: ready
	@$(MAKE) --no-print-directory all unit-programs conformance-programs fuzz-programs
	@tests/run.sh $(OUT) ./$(PLUMB)

asan: ready
	@$(MAKE) --no-print-directory BUILD=asan all unit-programs fuzz-programs
	@tests/run.sh build/asan build/asan/plumb

tsan: ready
	@$(MAKE) --no-print-directory BUILD=tsan all unit-programs fuzz-programs
	@tests/run.sh build/tsan build/tsan/plumb

tiny: ready
	@$(MAKE) --no-print-directory BUILD=tiny all unit-programs fuzz-programs
	@tests/run.sh build/tiny build/tiny/plumb

valgrind: ready
	@$(MAKE) --no-print-directory all unit-programs
	@tests/valgrind.sh $(OUT) ./$(PLUMB)

golden: all
	@UPDATE=$(UPDATE) tests/golden/run.sh ./$(PLUMB)

# libFuzzer comes with clang; FUZZ_RUNS executions of each target, kept inputs in build/fuzz/corpus.
FUZZ_RUNS ?= 100000
fuzz:
	@$(MAKE) --no-print-directory $(OUT)/ruleset.c
	@tests/fuzz/run.sh $(FUZZ_RUNS) '$(filter-out -Wall% -Wextra% -DPLUMB_VERSION=%,$(PLUMB_CFLAGS))' '$(LIBS)'

bench: all build/bench
	build/bench $(wildcard testdata/demo/* testdata/demo/*/*)
	@tests/bench/run.sh ./$(PLUMB)
	@tests/bench/git.sh ./$(PLUMB)

build/bench: build/release/tests/bench/bench.o libplumb.a
	$(call say,LD $@)
	$(Q)$(CC) $(PLUMB_CFLAGS) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

# Each folder of src/ may include itself and what stands to its left.
layers:
	@tests/layers.sh

format:
	clang-format -i $(shell git ls-files 'src/*.[ch]' 'include/*.h' 'tests/*.[ch]')

docs: all $(OUT)/docgen
	$(OUT)/docgen docs/rules
	./$(PLUMB) config --schema > docs/plumb.schema.json

SHARE := $(PREFIX)/share
install: all $(OUT)/plumb.1
	install -d '$(DESTDIR)$(PREFIX)/bin' '$(DESTDIR)$(PREFIX)/lib' '$(DESTDIR)$(PREFIX)/include/plumb' \
		'$(DESTDIR)$(SHARE)/man/man1' '$(DESTDIR)$(SHARE)/bash-completion/completions' \
		'$(DESTDIR)$(SHARE)/zsh/site-functions' '$(DESTDIR)$(SHARE)/fish/vendor_completions.d'
	install -m 755 plumb '$(DESTDIR)$(PREFIX)/bin/plumb'
	install -m 644 libplumb.a '$(DESTDIR)$(PREFIX)/lib/libplumb.a'
	install -m 644 include/plumb/*.h '$(DESTDIR)$(PREFIX)/include/plumb/'
	install -m 644 $(OUT)/plumb.1 '$(DESTDIR)$(SHARE)/man/man1/plumb.1'
	./plumb completion bash > '$(DESTDIR)$(SHARE)/bash-completion/completions/plumb'
	./plumb completion zsh > '$(DESTDIR)$(SHARE)/zsh/site-functions/_plumb'
	./plumb completion fish > '$(DESTDIR)$(SHARE)/fish/vendor_completions.d/plumb.fish'

# One entry for each source, for editors and clang tools.
compile_commands.json: Makefile
	@tests/compile-commands.sh '$(CC) $(PLUMB_CFLAGS) $(CFLAGS)' $(LIB_SRC) $(CLI_SRC) $(TOOL_SRC) $(UNIT_SRC) > $@

clean:
	rm -rf build plumb libplumb.a compile_commands.json

help:
	@echo 'make            ./plumb and libplumb.a'
	@echo 'make scan       set up, build, scan the demo'
	@echo 'make test       set up, build, run every test'
	@echo 'make asan       the tests under AddressSanitizer and UBSan'
	@echo 'make tsan       the tests under ThreadSanitizer'
	@echo 'make tiny       the tests with blocks of a few bytes'
	@echo 'make valgrind   the unit and rule tests under valgrind'
	@echo 'make golden     whole commands against testdata/golden; UPDATE=1 rewrites'
	@echo 'make fuzz       FUZZ_RUNS=N executions of each target (clang)'
	@echo 'make bench      MB/s of each reader, files/s of a scan'
	@echo 'make layers     which folder includes which'
	@echo 'make install    plumb, its library, manual and completions; PREFIX, DESTDIR'
	@echo 'make format docs deps clean compile_commands.json'

.PHONY: all unit-programs conformance-programs fuzz-programs ready deps scan test asan tsan tiny valgrind golden \
	fuzz bench layers format docs install clean help
.SECONDARY:

-include $(shell find build -name '*.d' 2>/dev/null)
