# The two main commands are `make run` and `make test`. Both install missing packages.
SWIFT ?= swift
# Strips symbols, which halves a program. `make build STRIP=` keeps them, for names in backtraces and profiles.
# The code is the same, so a core dump of a stripped program can be read with a copy built with symbols.
STRIP ?= -Xlinker -s
# The Swift runtime is linked in: the programs run where no Swift is installed, and a lone plan costs a tenth less.
RELEASE = $(SWIFT) build -c release --static-swift-stdlib $(STRIP)

.PHONY: run test build setup lint format docs check proof clean \
	bench bench-programs bench-quick takeover chaos chaos-quick chaos-programs fuzz fuzz-quick simulate check-exposure check-exposure-long

run: build ## The demo: real plans through the real pipeline, on REDIS_URL or a private Redis.
	.build/release/gatehost demo

# gatehost runs the demo and the ledger as programs beside itself.
PRODUCTS = gatehost gatehost-demo gatehost-ledger portfolio-risk-governor

build: setup ## The release build of both services and of the programs that go with them.
	for product in $(PRODUCTS); do $(RELEASE) --product $$product || exit 1; done

proof: build ## Proves with its own processes that enforced budgets block and that failures fail open.
	scripts/proof_p28_enforce_block.sh

test: setup ## All tests, on Redis servers that the tests start themselves.
	scripts/setup.sh python
# Tests block threads of the pool on Redis, so in parallel they would starve each other.
	$(SWIFT) test --no-parallel

BENCH_PRODUCTS = gatehost gatehost-floor gatehost-echo gatehost-execution gatehost-sweep gatehost-protocols \
	gatehost-bench-pipeline gatehost-scale AllocationCounter gatehost-bench

bench-programs: setup
	scripts/setup.sh python
	for product in $(BENCH_PRODUCTS); do $(RELEASE) --product $$product || exit 1; done

bench: bench-programs ## Throughput, latency and memory beside C and Python contenders, in twenty-two minutes.
	.build/release/gatehost-bench-pipeline --json Benchmarks/results/pipeline.json
	.build/release/gatehost-bench --results Benchmarks/results
	.build/release/gatehost-scale --bench Benchmarks/results/bench.json --document docs/SIZING.md

bench-quick: bench-programs ## A short bench, in three minutes.
	.build/release/gatehost-bench-pipeline --samples 40 --plans 100000
	.build/release/gatehost-bench --rounds 1 --plans 20000 --seconds 1 --latency-rounds 1 --capacity-steps 2 \
		--sweep-rounds 1 --sweep-plans 10000 --grants 0,20000 --grants-rounds 1 --soak 100000

CHAOS_PRODUCTS = gatehost-faulty ClockShift gatehost-chaos

chaos-programs: setup
	for product in $(CHAOS_PRODUCTS); do $(RELEASE) --product $$product || exit 1; done

chaos: chaos-programs ## Faults in real hosts on a real Redis, and an audit after each, in five minutes.
	.build/release/gatehost-chaos $(if $(SEED),--seed $(SEED)) --report Chaos/results/faults.md

takeover: setup ## Kills the writing instance of the budget service KILLS (200 by default) times, with changes of mode.
	TAKEOVER_KILLS=$(or $(KILLS),200) $(SWIFT) test --no-parallel --filter PortfolioRiskTests.TakeoverTests

chaos-quick: chaos-programs ## The same with fewer plans and kills, in a minute and a half.
	.build/release/gatehost-chaos --quick $(if $(SEED),--seed $(SEED))

fuzz: setup ## Mutated inputs for all parsers: RUNS (a million by default) for each target, with a fixed SEED.
	Fuzz/run.sh

fuzz-quick: setup ## The same with few inputs, to check that the targets build and run.
	RUNS=5000 Fuzz/run.sh

simulate: setup check-exposure ## SCHEDULES (100,000 by default) of the intake on a model of Redis, from SEED on.
	$(RELEASE) --product gatehost-simulate
	.build/release/gatehost-simulate --schedules $(or $(SCHEDULES),100000) $(if $(SEED),--seed $(SEED))

check-exposure: setup ## All courses of events around the exposure ledger, up to a length, in twenty seconds.
	$(RELEASE) --product gatehost-check-exposure
	.build/release/gatehost-check-exposure

check-exposure-long: setup ## The same with longer courses: tens of millions of states, in minutes.
	$(RELEASE) --product gatehost-check-exposure
	.build/release/gatehost-check-exposure --long

FORMATTED = Package.swift Sources Simulation Tests Benchmarks Chaos Fuzz \
	Examples/*/Package.swift Examples/*/Sources Examples/*/Tests

lint: ## Checks the house style with the toolchain's formatter.
	$(SWIFT) format lint --strict --parallel --recursive $(FORMATTED)

format: ## Formats the sources in house style.
	$(SWIFT) format --in-place --parallel --recursive $(FORMATTED)

docs: build ## Writes the configuration reference from the gates' settings.
	.build/release/gatehost gates --markdown > docs/CONFIGURATION.md

check: build ## Validates the example deployments.
	.build/release/gatehost check config/gatehost.yaml config/production.yaml config/testnet.json

setup: ## Installs libhiredis and redis-server if they are missing.
	scripts/setup.sh

clean:
	rm -rf .build Examples/*/.build
