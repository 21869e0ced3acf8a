# The short commands. Everything else is meson: `meson setup _build && ninja -C _build`.
#
#   make demo     the sample catalog, trained, ranked, reported and (where there is a display) opened
#   make test     every test, under Xvfb, once plain and once (the core) with address and undefined-behaviour sanitizers
#   make bench    all measurements beside the peers; make bench-check holds them against tests/bench/budget.json
#   make fault    disks and processes that fail, the long round
#   make fuzz     every parser with clang's libFuzzer
#   make install-deps, make build, make screenshots, make bench-import, make bench-ui, make bench-truth, make bench-why, make check-a11y, make clean

BUILD ?= _build
CLI    = $(BUILD)/app/cli/refract-cli
APP    = $(BUILD)/ui/refract

all: build

install-deps:
	.ci/install

$(BUILD)/build.ninja: | install-deps
	meson setup $(BUILD)

build: $(BUILD)/build.ninja
	ninja -C $(BUILD)

demo: build
	rm -rf demo
	$(CLI) sample demo/catalog
	$(CLI) import demo/catalog -o demo/sample.refract
	$(CLI) train demo/sample.refract
	$(CLI) rank demo/sample.refract --user U0002 -k 10
	$(CLI) report demo/sample.refract --user U0001 --user U0002 --user U0003 --user U0004 -o demo/report.html
	@if [ -n "$$DISPLAY$$WAYLAND_DISPLAY" ]; then $(APP) demo/sample.refract; \
	else echo "No display: open demo/sample.refract with $(APP) on a desktop, and demo/report.html in a browser."; fi

test: install-deps
	tests/support/run-tests.sh

# 100 kills, 1,000 flipped bytes, failing calls at many places; `make test` does a short round of it.
fault: build
	FAULT_FLIPS=1000 $(BUILD)/tests/fault/test-flips
	FAULT_KILLS=100 FAULT_PLACES=40 /usr/bin/python3 tests/fault/test-faults.py $(CLI) $(BUILD)/tests/fault/libfault-wrap.so

# Every parser under clang's libFuzzer, FUZZ_SECONDS split over them (needs clang and libclang-rt-14-dev).
FUZZ_SECONDS ?= 600
fuzz:
	tests/fuzz/run.sh $(FUZZ_SECONDS)

# Static analysis (cppcheck, clang-tidy, gcc -fanalyzer); lines of core that tests reach (gcovr); data races (ThreadSanitizer).
analyze:
	tests/support/analyze.sh

coverage:
	tests/support/coverage.sh

tsan:
	tests/support/tsan.sh

# Debian packages in the folder above (needs debhelper and dpkg-dev); two builds with the same bytes.
deb:
	dpkg-buildpackage -us -uc -b

reproducible:
	tests/support/check-reproducible.sh

# Every page and window, light and dark, at two sizes, in Chinese, high contrast, right to left and with large text, of the sample catalog,
# in $(BUILD)/screenshots; those that docs/screenshots keeps are made new there. FILMS=FOLDER: also with that catalog, in
# $(BUILD)/screenshots-films, which is never kept (its posters may not be shown).
screenshots: build
	FILMS= tests/support/make-screenshots.sh $(BUILD) $(BUILD)/screenshots
	for picture in docs/screenshots/*.png; do cp $(BUILD)/screenshots/$${picture##*/} $$picture; done
	[ -z "$(FILMS)" ] || FILMS="$(FILMS)" tests/support/make-screenshots.sh $(BUILD) $(BUILD)/screenshots-films light dark

# The bounds of the sample catalog, three seeds; some minutes.
# Five million interactions, and the import beside pandas' C reader (needs python3-pandas).
bench-data: build
	$(BUILD)/tests/bench/bench-import make $(BUILD)/bench-data

bench-import: bench-data
	/usr/bin/python3 tests/bench/peers/import.py $(BUILD)/tests/bench/bench-import $(BUILD)/bench-data

# Everything that is measured, with peers (needs python3-torch, python3-pandas, valgrind), as a table and as bench.json; some minutes.
bench: build
	/usr/bin/python3 tests/bench/bench.py $(BUILD) --json $(BUILD)/bench.json

bench-check: build
	/usr/bin/python3 tests/bench/bench.py $(BUILD) --check tests/bench/budget.json

# Every page as a screen reader sees it; needs gir1.2-atspi-2.0 and python3-gi. Also the test "accessibility".
check-a11y: build
	xvfb-run -a -s "-screen 0 1400x900x24" dbus-run-session -- /usr/bin/python3 tests/ui/a11y-walk.py $(BUILD)

# What the window costs, in processor time, beside its budgets: first frame, a journey through all pages with a network in training, 1,000,000 items (needs xvfb).
bench-ui: build
	GSETTINGS_BACKEND=memory GSETTINGS_SCHEMA_DIR=$(BUILD)/data GSK_RENDERER=cairo GDK_DEBUG=gl-disable GTK_A11Y=none REFRACT=$(APP) \
	  xvfb-run -a -s "-screen 0 1400x900x24" dbus-run-session -- $(BUILD)/tests/ui/bench-ui

bench-truth: build
	tests/bench/bench-truth.py $(CLI)
	tests/bench/bench-truth.py $(CLI) --joint

# Are places and words that explain a recommendation the planted ones? And what explanations cost.
bench-why: build
	tests/bench/bench-why.py $(CLI)
	$(BUILD)/tests/bench/bench-explain

clean:
	rm -rf $(BUILD) _asan _fuzz _analyze _coverage _tsan demo

.PHONY: all install-deps build demo test fuzz fault deb reproducible screenshots bench-data bench bench-check bench-import bench-truth bench-ui bench-why check-a11y clean analyze coverage tsan
