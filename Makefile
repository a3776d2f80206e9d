# Two commands matter: `make run` and `make test`. Both install what is missing.
SWIFT ?= swift
# Leaves symbols out, which halves a program; `make build STRIP=` keeps them, for named frames in backtraces and profiles.
# The code is the same, so a core dump of a stripped program can be read with a copy built with symbols.
STRIP ?= -Xlinker -s
# The Swift runtime is linked in: the programs run where no Swift is installed, and a lone plan costs a tenth less.
RELEASE = $(SWIFT) build -c release --static-swift-stdlib $(STRIP)

.PHONY: run test build setup lint format bench bench-programs bench-quick chaos chaos-quick chaos-programs docs check fuzz fuzz-quick simulate proof clean

run: build ## The demo: real plans through the real pipeline, on a private Redis unless REDIS_URL names one.
	.build/release/gatehost demo

# gatehost runs the demo and the ledger as programs beside itself.
PRODUCTS = gatehost gatehost-demo gatehost-ledger portfolio-risk-governor

build: setup ## The release build of both services and of the programs that go with them.
	for product in $(PRODUCTS); do $(RELEASE) --product $$product || exit 1; done

proof: build ## Proves, on processes of its own, that enforced budgets block and that what fails, fails open.
	scripts/proof_p28_enforce_block.sh

test: setup ## Everything, against Redis servers that the tests start themselves.
	$(SWIFT) test --no-parallel # they block threads on Redis; side by side they would starve each other of the pool's few

BENCH_PRODUCTS = gatehost gatehost-floor gatehost-echo gatehost-sweep gatehost-protocols gatehost-bench-pipeline gatehost-scale AllocationCounter gatehost-bench

bench-programs: setup
	scripts/setup.sh python
	for product in $(BENCH_PRODUCTS); do $(RELEASE) --product $$product || exit 1; done

bench: bench-programs ## Throughput, latency, sweeps, memory, beside a C floor, a C echo and Python consumers; ten minutes.
	.build/release/gatehost-bench-pipeline --json Benchmarks/results/pipeline.json
	.build/release/gatehost-bench --results Benchmarks/results
	.build/release/gatehost-scale --bench Benchmarks/results/bench.json --document docs/SIZING.md

bench-quick: bench-programs ## A look, in two minutes.
	.build/release/gatehost-bench-pipeline --samples 40 --plans 100000
	.build/release/gatehost-bench --rounds 1 --plans 20000 --seconds 1 --sweep-rounds 1 --sweep-plans 10000 --soak 100000

CHAOS_PRODUCTS = gatehost-faulty ClockShift gatehost-chaos

chaos-programs: setup
	for product in $(CHAOS_PRODUCTS); do $(RELEASE) --product $$product || exit 1; done

chaos: chaos-programs ## Faults in real hosts on a real Redis, with a fixed SEED, and the books after each; a few minutes.
	.build/release/gatehost-chaos $(if $(SEED),--seed $(SEED)) --report Chaos/results/faults.md

chaos-quick: chaos-programs ## The same with fewer plans and kills: a minute and a half.
	.build/release/gatehost-chaos --quick $(if $(SEED),--seed $(SEED))

fuzz: setup ## Mutated inputs against all that reads what others wrote: RUNS a target (a million by default), with a fixed SEED.
	Fuzz/run.sh

fuzz-quick: setup ## The same with few inputs: whether the targets still build and run.
	RUNS=5000 Fuzz/run.sh

simulate: setup ## The intake against a model of Redis, under seeded faults: SCHEDULES of them (100,000 by default), the first with SEED.
	$(RELEASE) --product gatehost-simulate
	.build/release/gatehost-simulate --schedules $(or $(SCHEDULES),100000) $(if $(SEED),--seed $(SEED))

lint: ## House style, checked by the toolchain's own formatter.
	$(SWIFT) format lint --strict --parallel --recursive Package.swift Sources Simulation Tests Benchmarks Chaos Fuzz Examples/*/Package.swift Examples/*/Sources Examples/*/Tests

format: ## Rewrites the sources in house style.
	$(SWIFT) format --in-place --parallel --recursive Package.swift Sources Simulation Tests Benchmarks Chaos Fuzz Examples/*/Package.swift Examples/*/Sources Examples/*/Tests

docs: build ## The configuration reference, from the gates' own settings.
	.build/release/gatehost gates --markdown > docs/CONFIGURATION.md

check: build ## Validates the example deployments.
	.build/release/gatehost check config/gatehost.yaml config/production.yaml config/testnet.json

setup: ## libhiredis and redis-server, where they are missing.
	scripts/setup.sh

clean:
	rm -rf .build Examples/*/.build
