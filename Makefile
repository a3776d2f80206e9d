# Two commands matter: `make run` and `make test`. Both install what is missing.
SWIFT ?= swift
RELEASE = $(SWIFT) build -c release

.PHONY: run test build setup lint format bench docs check proof clean

run: build ## The demo: real plans through the real pipeline, on a private Redis unless REDIS_URL names one.
	.build/release/gatehost demo

build: setup ## The release build of both services.
	$(RELEASE) --product gatehost
	$(RELEASE) --product portfolio-risk-governor

proof: build ## Proves, on processes of its own, that enforced budgets block and that what fails, fails open.
	scripts/proof_p28_enforce_block.sh

test: setup ## Everything, against Redis servers that the tests start themselves.
	$(SWIFT) test --no-parallel # they block threads on Redis; side by side they would starve each other of the pool's few

bench: setup ## Decisions per second and latency, beside a C program that does the same Redis work.
	$(RELEASE) --product gatehost
	$(RELEASE) --product gatehost-floor
	$(RELEASE) --product gatehost-bench
	.build/release/gatehost-bench --gatehost .build/release/gatehost --floor .build/release/gatehost-floor

lint: ## House style, checked by the toolchain's own formatter.
	$(SWIFT) format lint --strict --parallel --recursive Package.swift Sources Tests Benchmarks Examples/*/Package.swift Examples/*/Sources Examples/*/Tests

format: ## Rewrites the sources in house style.
	$(SWIFT) format --in-place --parallel --recursive Package.swift Sources Tests Benchmarks Examples/*/Package.swift Examples/*/Sources Examples/*/Tests

docs: build ## The configuration reference, from the gates' own settings.
	.build/release/gatehost gates --markdown > docs/CONFIGURATION.md

check: build ## Validates the example deployments.
	.build/release/gatehost check config/gatehost.yaml config/production.yaml config/testnet.json

setup: ## libhiredis and redis-server, where they are missing.
	scripts/setup.sh

clean:
	rm -rf .build Examples/*/.build
