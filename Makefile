# The two commands a newcomer types: `make demo` and `make test`. Both do their own set-up.

# What the build and the programs need from Debian 12, besides the Swift 6.3 toolchain.
PACKAGES := libpq-dev libyaml-dev libssl-dev libpcre2-dev zlib1g-dev postgresql pkg-config curl
# What only the gateway's benchmark needs: the load generator and the proxies it is compared with.
BENCH_PACKAGES := wrk nginx
SWIFT_FLAGS := -c release --static-swift-stdlib
BINARY := .build/release/gatehouse

.PHONY: demo test build setup bench-gateway bench lint

demo: build
	./specs/examples/demo $(BINARY) $(if $(ONCE),--once)

test: build
	swift build --build-tests
	GATEHOUSE_BINARY=$(CURDIR)/$(BINARY) swift test --skip-build

build: setup
	swift build $(SWIFT_FLAGS) --product gatehouse

# Installs what is missing and says so; touches nothing when all is there.
setup:
	@missing=""; for p in $(PACKAGES); do dpkg -s $$p >/dev/null 2>&1 || missing="$$missing $$p"; done; \
	if [ -n "$$missing" ]; then \
	  echo "installing:$$missing"; \
	  if [ "$$(id -u)" = 0 ]; then run=""; elif command -v sudo >/dev/null; then run=sudo; \
	  else echo "needs root or sudo to install:$$missing" >&2; exit 2; fi; \
	  $$run apt-get update -q && DEBIAN_FRONTEND=noninteractive $$run apt-get install -y -q --no-install-recommends $$missing; \
	fi

# CPU a request beside nginx's plain proxy_pass. Quotes ratios of one run; see README.md for the last figures.
bench-gateway: PACKAGES += $(BENCH_PACKAGES)
bench-gateway: build
	swift build $(SWIFT_FLAGS) --product Bench
	.build/release/Bench gateway $(BINARY)

bench: build
	swift build $(SWIFT_FLAGS) --product Bench
	.build/release/Bench routes
	.build/release/Bench keys
	.build/release/Bench memory $(BINARY)
	.build/release/Bench control $(BINARY)

lint:
	swift format lint --strict --recursive --parallel Sources Tests
