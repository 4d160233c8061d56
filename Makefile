# The commands of this project. Each installs what it needs on Debian 12; Rust itself must be there.

CARGO ?= cargo
DATA ?= ./data
LISTEN ?= 127.0.0.1:8443
PART ?=
FUZZ_SECONDS ?= 60

.PHONY: run test fmt lint unit bench long tables fuzz

# https://localhost:8443 on the embedded engine, data in ./data.
run:
	./deploy/install-debian.sh run
	$(CARGO) build --release --locked
	./target/release/countersign serve --data $(DATA) --listen $(LISTEN)

# Formatting, lints, then every test of every crate: licences, advisories, both engines and the browser are among them.
# Goes on after a failure, so that one run names everything that is broken.
test:
	./deploy/install-debian.sh test
	$(MAKE) --keep-going fmt lint unit

fmt:
	@command -v cargo-fmt >/dev/null && $(CARGO) fmt --version >/dev/null 2>&1 || rustup component add rustfmt
	$(CARGO) fmt --all --check

lint:
	@$(CARGO) clippy --version >/dev/null 2>&1 || rustup component add clippy
	$(CARGO) clippy --workspace --all-targets --locked -- -D warnings

unit:
	$(CARGO) test --workspace --locked --no-fail-fast

bench:
	./deploy/install-debian.sh test
	$(CARGO) bench --workspace --locked

# The full counts, in parts of at most 80 minutes: `make long` runs those that are stale, `make long PART=name` one.
# A part that was cut off goes on where it stopped. The figures are written to docs/measured/PART.json.
long:
	./deploy/install-debian.sh test
	$(CARGO) test --release --locked --test it --no-run
	@parts="$(PART)"; \
	[ -n "$$parts" ] || parts=$$($(CARGO) test -q --release --locked --test it -- --exact measured::parts_that_are_stale --nocapture 2>&1 | sed -n 's/^stale part: //p'); \
	for part in $$parts; do \
	    echo "== $$part"; \
	    COUNTERSIGN_LONG=$$part timeout 80m $(CARGO) test --release --locked --test it -- "$$part" --test-threads 1 --nocapture || exit 1; \
	done
	$(MAKE) tables

# Writes the tables of the documents from docs/measured/*.json.
tables:
	COUNTERSIGN_TABLES=write $(CARGO) test --locked --test it -- --exact measured::tables_say_what_was_measured

# One bounded run per target.
fuzz:
	@$(CARGO) +nightly fuzz --version >/dev/null 2>&1 || { echo "Fuzzing is optional and needs: rustup toolchain install nightly && cargo install cargo-fuzz" >&2; exit 1; }
	@for target in $$($(CARGO) +nightly fuzz list); do \
	    $(CARGO) +nightly fuzz run "$$target" -- -max_total_time=$(FUZZ_SECONDS) || exit 1; \
	done
