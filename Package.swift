// swift-tools-version: 6.2
import PackageDescription

let argumentParser: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient: Target.Dependency = .product(name: "AsyncHTTPClient", package: "async-http-client")
let bigInt: Target.Dependency = .product(name: "BigInt", package: "BigInt")
let crypto: Target.Dependency = .product(name: "Crypto", package: "swift-crypto")
let histogram: Target.Dependency = .product(name: "Histogram", package: "hdrhistogram-swift")
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioHTTP1: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let serviceLifecycle: Target.Dependency = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let unixSignals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

let package = Package(
    name: "gatehost",
    products: [
        .executable(name: "gatehost", targets: ["GateHostCLI"]),
        // `gatehost demo` and `gatehost ledger`: programs of their own, so that the trading binary carries neither.
        .executable(name: "gatehost-demo", targets: ["GateHostDemo"]),
        .executable(name: "gatehost-ledger", targets: ["OpsLedgerCLI"]),
        .executable(name: "portfolio-risk-governor", targets: ["PortfolioRiskCLI"]),
        .executable(name: "gatehost-floor", targets: ["GateHostFloor"]),
        .executable(name: "gatehost-bench", targets: ["GateHostBench"]),
        .executable(name: "gatehost-protocols", targets: ["GateHostProtocols"]),
        .executable(name: "gatehost-echo", targets: ["GateHostEcho"]),
        .executable(name: "gatehost-execution", targets: ["GateHostExecution"]),
        .executable(name: "gatehost-sweep", targets: ["GateHostSweep"]),
        .executable(name: "gatehost-bench-pipeline", targets: ["PipelineBench"]),
        .executable(name: "gatehost-scale", targets: ["ScaleModel"]),
        .executable(name: "gatehost-simulate", targets: ["SimulationCommand"]),
        .executable(name: "gatehost-check-exposure", targets: ["ExposureCommand"]),
        .library(name: "AllocationCounter", type: .dynamic, targets: ["AllocationCounter"]),
        .executable(name: "gatehost-faulty", targets: ["FaultyHost"]),
        .executable(name: "gatehost-chaos", targets: ["ChaosSuite"]),
        .library(name: "ClockShift", type: .dynamic, targets: ["ClockShift"]),
        // The products that a deployment with gates of its own builds against: see Examples/SpreadCapHost.
        .library(name: "GateAPI", targets: ["GateAPI"]),
        .library(name: "TradingState", targets: ["TradingState"]),
        .library(name: "GateHostCommand", targets: ["GateHostCommand"]),
        .library(name: "P28Budget", targets: ["P28Budget"]),
        .library(name: "HeatGate", targets: ["HeatGate"]),
        .library(name: "KillSwitch", targets: ["KillSwitch"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        // The exact oracle of the amounts' property tests.
        .package(url: "https://github.com/attaswift/BigInt", from: "6.0.1"),
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", from: "0.2.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
    ],
    targets: [
        // Arrows point down only: commands -> host -> gates' API; C lives behind CHiredis alone.
        .executableTarget(
            name: "GateHostCLI", dependencies: ["GateHostCommand", "P28Budget", "HeatGate", "KillSwitch"]),
        .target(
            name: "GateHostCommand",
            dependencies: [
                "GateAPI", "Deployment", "GateHost", "PlanFiles", "Platform", "TradingState", "JSONText", "Redis",
                "Telemetry", argumentParser, logging, serviceLifecycle, unixSignals,
            ]
        ),
        .executableTarget(
            name: "GateHostDemo",
            dependencies: [
                "GateAPI", "Deployment", "GateHost", "P28Budget", "HeatGate", "PlanFiles", "Platform", "TradingState",
                "Redis", "EmbeddedRedis", "Telemetry", "PortfolioRisk", argumentParser, histogram, logging,
                serviceLifecycle, unixSignals,
            ],
            resources: [.embedInCode("Resources/apply_plan_real.jsonl"), .embedInCode("Resources/sample_plans.jsonl")]
        ),
        .executableTarget(name: "OpsLedgerCLI", dependencies: ["OpsLedger", "Platform", argumentParser]),
        .target(name: "PlanFiles", dependencies: ["GateAPI", argumentParser]),
        // The HTTP endpoints of both services: whom they answer, and what bounds their connections.
        .target(name: "AdminHTTP", dependencies: ["Platform", hummingbird, hummingbirdCore, logging, nioCore]),
        .target(
            name: "GateHost",
            dependencies: [
                "AdminHTTP", "Bytes", "Deployment", "GateAPI", "TradingState", "JSONText", "Redis", "Platform",
                "Telemetry",
                hummingbird,
                logging, nioCore, serviceLifecycle,
            ]
        ),
        // The deployment file, read and checked.
        .target(name: "Deployment", dependencies: ["GateAPI", "Redis", "Platform", "Telemetry", logging, yams]),
        .executableTarget(
            name: "PortfolioRiskCLI",
            dependencies: [
                "PortfolioRisk", "PortfolioStateUpdater", "Platform", "Redis", "Telemetry", argumentParser,
                asyncHTTPClient, logging, nioCore, nioHTTP1, serviceLifecycle,
                unixSignals,
            ]
        ),
        .target(
            name: "PortfolioRisk",
            dependencies: [
                "AdminHTTP", "GateAPI", "TradingState", "JSONText", "Platform", "Redis", "Telemetry", asyncHTTPClient,
                hummingbird, logging, nioCore, nioHTTP1, serviceLifecycle,
            ]
        ),
        .target(
            name: "PortfolioStateUpdater",
            dependencies: [
                "GateAPI", "TradingState", "Platform", "Redis", "Telemetry", asyncHTTPClient, crypto, logging, nioCore,
                nioHTTP1, serviceLifecycle,
            ]
        ),
        .target(
            name: "OpsLedger",
            dependencies: ["Platform", "Redis", asyncHTTPClient, crypto, nioCore, nioHTTP1, yams]
        ),
        .target(
            name: "P28Budget", dependencies: ["GateAPI", "TradingState"], path: "Sources/Gates/P28Budget",
            exclude: ["README.md"]),
        .target(
            name: "HeatGate", dependencies: ["GateAPI", "TradingState"], path: "Sources/Gates/HeatGate",
            exclude: ["README.md"]),
        .target(
            name: "KillSwitch", dependencies: ["GateAPI", "TradingState"], path: "Sources/Gates/KillSwitch",
            exclude: ["README.md"]),
        .target(name: "TradingState", dependencies: ["Bytes", "GateAPI", "JSONText", "Platform"]),
        .target(name: "GateAPI", exclude: ["README.md"]),
        .target(name: "Telemetry", dependencies: ["JSONText", "Platform", logging]),
        .target(name: "JSONText", dependencies: ["Bytes", "Platform"]),
        .target(name: "Bytes"),
        .target(name: "Platform"),
        .target(name: "EmbeddedRedis"),
        .target(name: "Redis", dependencies: ["Bytes", "CHiredis"]),
        .systemLibrary(name: "CHiredis", providers: [.apt(["libhiredis-dev"])]),

        .target(
            name: "FloorWork", dependencies: ["CHiredis"], path: "Benchmarks/Floor/Work", publicHeadersPath: ".",
            linkerSettings: [.linkedLibrary("hiredis")]),
        .executableTarget(
            name: "GateHostFloor", dependencies: ["FloorWork"], path: "Benchmarks/Floor", exclude: ["Work"]),
        .executableTarget(
            name: "GateHostProtocols", dependencies: ["FloorWork"], path: "Benchmarks/Protocols", exclude: ["README.md"]
        ),
        .executableTarget(name: "GateHostEcho", dependencies: ["FloorWork"], path: "Benchmarks/Echo"),
        .executableTarget(name: "GateHostExecution", dependencies: ["FloorWork"], path: "Benchmarks/Execution"),
        .executableTarget(
            name: "GateHostSweep", dependencies: ["GateAPI", "GateHostCommand", "HeatGate", "KillSwitch", "P28Budget"],
            path: "Benchmarks/SweepHost"),
        .target(name: "AllocationCounter", path: "Benchmarks/AllocationCounter"),
        .executableTarget(
            name: "PipelineBench",
            dependencies: [
                "AllocationCounter", "GateAPI", "Deployment", "GateHost", "Platform", "HeatGate", "P28Budget", "Redis",
                "Telemetry",
                "TradingState", argumentParser, histogram, logging,
            ],
            path: "Benchmarks/PipelineBench",
            exclude: ["README.md"]
        ),
        .target(name: "Tables", path: "Benchmarks/Tables"),
        .executableTarget(
            name: "ScaleModel",
            dependencies: ["SeededRandom", "Tables", argumentParser],
            path: "Benchmarks/ScaleModel"
        ),
        .executableTarget(
            name: "GateHostBench",
            dependencies: [
                "Redis", "EmbeddedRedis", "Deployment", "GateHost", "Platform", "Tables", "TradingState",
                argumentParser, histogram,
            ],
            path: "Benchmarks/HostBench"
        ),

        .target(
            name: "HostSimulation",
            dependencies: [
                "GateAPI", "Deployment", "GateHost", "Platform", "Redis", "SeededRandom", "Telemetry", "TradingState",
                logging,
            ],
            path: "Simulation/Model"),
        .executableTarget(
            name: "SimulationCommand", dependencies: ["HostSimulation", argumentParser], path: "Simulation/Command"),
        // The rules and the gates, in all courses of events around the exposure ledger.
        .target(
            name: "ExposureCheck",
            dependencies: ["Deployment", "GateAPI", "GateHost", "KillSwitch", "P28Budget", "TradingState"],
            path: "Simulation/ExposureCheck"),
        .executableTarget(
            name: "ExposureCommand", dependencies: ["ExposureCheck", argumentParser], path: "Simulation/ExposureCommand"
        ),
        .executableTarget(
            name: "FaultyHost", dependencies: ["GateAPI", "GateHostCommand", "HeatGate", "P28Budget"],
            path: "Chaos/FaultyHost"),
        .executableTarget(
            name: "ChaosSuite",
            dependencies: [
                "GateAPI", "Deployment", "GateHost", "Platform", "Redis", "EmbeddedRedis", "TestSupport",
                argumentParser,
            ],
            path: "Chaos/Suite"),
        .target(name: "ClockShift", path: "Chaos/ClockShift"),

        .target(
            name: "TestSupport",
            dependencies: [
                "GateAPI", "Deployment", "GateHost", "Platform", "Redis", "SeededRandom", "EmbeddedRedis", "Telemetry",
                "TradingState", logging,
            ],
            path: "Tests/TestSupport"
        ),
        // Random numbers from a seed, for tests, the simulation and the scale model.
        .target(name: "SeededRandom", path: "Tests/SeededRandom"),
        // Gates are tested without the host.
        .target(
            name: "GateTestSupport", dependencies: ["GateAPI", "TradingState", "SeededRandom"],
            path: "Tests/GateTestSupport"),
        .testTarget(name: "GateAPITests", dependencies: ["GateAPI", "GateTestSupport", "SeededRandom", bigInt]),
        .testTarget(
            name: "TradingStateTests", dependencies: ["GateAPI", "TradingState", "GateTestSupport", "SeededRandom"]),
        .testTarget(name: "P28BudgetTests", dependencies: ["GateAPI", "TradingState", "P28Budget", "GateTestSupport"]),
        .testTarget(name: "HeatGateTests", dependencies: ["GateAPI", "TradingState", "HeatGate", "GateTestSupport"]),
        .testTarget(
            name: "PortfolioStateUpdaterTests",
            dependencies: [
                "PortfolioStateUpdater", "GateAPI", "TradingState", "Redis", "EmbeddedRedis", "Telemetry",
                "TestSupport", crypto, hummingbird, logging, nioCore,
                serviceLifecycle,
            ]
        ),
        .testTarget(
            name: "PortfolioRiskTests",
            dependencies: [
                "PortfolioRisk", "PortfolioRiskCLI", "TestSupport", "EmbeddedRedis", "Platform", "Redis", "Telemetry",
                "TradingState", "GateAPI", asyncHTTPClient,
                hummingbird, logging, nioCore, nioHTTP1, serviceLifecycle,
            ]
        ),
        .testTarget(
            name: "AdminHTTPTests", dependencies: ["AdminHTTP", "TestSupport", hummingbird, logging, serviceLifecycle]),
        .testTarget(name: "LayeringTests"),
        .testTarget(
            name: "KillSwitchTests", dependencies: ["GateAPI", "TradingState", "KillSwitch", "GateTestSupport"]),
        // The example's gate as a module of this package: its README is tested with those of the gates.
        .target(
            name: "SpreadCapExample", dependencies: ["GateAPI", "TradingState"],
            path: "Examples/SpreadCapHost/Sources/SpreadCap", exclude: ["README.md"]),
        .testTarget(
            name: "GateReadmeTests",
            dependencies: ["GateAPI", "P28Budget", "HeatGate", "KillSwitch", "SpreadCapExample"]
        ),
        .testTarget(
            name: "GateHostTests",
            dependencies: ["Deployment", "GateHost", "Platform", "P28Budget", "HeatGate", "KillSwitch", "TestSupport"]),
        // These run the command itself, so it must be built.
        .testTarget(
            name: "CommandTests",
            dependencies: ["GateHostCLI", "GateHostDemo", "Deployment", "GateHost", "Platform", "TestSupport"]),
        .testTarget(
            name: "OpsLedgerTests",
            dependencies: [
                "GateHostCLI", "OpsLedgerCLI", "OpsLedger", "EmbeddedRedis", "Platform", "TestSupport", yams,
            ]
        ),
        .testTarget(
            name: "OperationsTests",
            dependencies: [
                "GateAPI", "Deployment", "GateHost", "P28Budget", "Platform", "GateHostCLI", "PortfolioRisk",
                "PortfolioRiskCLI", "PortfolioStateUpdater",
                "Redis", "Telemetry", "TestSupport",
                logging, yams,
            ]),
        // Runs the Python tests of Examples/ExecutionLayer.
        .testTarget(name: "ExecutionLayerTests", dependencies: ["TestSupport"]),
        .testTarget(name: "ProofTests", dependencies: ["GateHostCLI", "PortfolioRiskCLI", "TestSupport"]),
        .testTarget(
            name: "FaultTests",
            dependencies: [
                "GateHostCLI", "Deployment", "GateHost", "Platform", "PortfolioRiskCLI", "EmbeddedRedis", "Redis",
                "Telemetry", "TestSupport",
            ]),
        .testTarget(
            name: "DeploymentTests",
            dependencies: ["Deployment", "GateAPI", "Redis", "SeededRandom", "Telemetry", logging]),
        .testTarget(
            name: "SimulationTests",
            dependencies: ["GateAPI", "Deployment", "GateHost", "Platform", "HostSimulation", "Redis", "TestSupport"]),
        .testTarget(name: "ExposureCheckTests", dependencies: ["ExposureCheck"]),
        .testTarget(name: "RedisTests", dependencies: ["Redis", "EmbeddedRedis", "TestSupport"]),
        // These run the execution layer itself, so it must be built.
        .testTarget(
            name: "BenchmarkTests",
            dependencies: ["GateHostBench", "GateHostExecution", "Redis", "TestSupport"]),
        .testTarget(name: "EmbeddedRedisTests", dependencies: ["EmbeddedRedis", "TestSupport"]),
        .testTarget(name: "JSONTextTests", dependencies: ["JSONText", "SeededRandom"]),
        .testTarget(name: "PlatformTests", dependencies: ["Platform", "TestSupport"]),
        .testTarget(name: "TelemetryTests", dependencies: ["Platform", "Telemetry", logging]),
    ]
)

for target in package.targets where target.type != .system {
    target.swiftSettings = [
        .swiftLanguageMode(.v6),
        // `any` is spelt out where a call goes through an existential box, so the cost can be seen.
        .enableUpcomingFeature("ExistentialAny"),
    ]
    guard target.type != .test else { continue }
    target.swiftSettings? += [
        // A module's imports are its own business unless it says `public import`.
        .enableUpcomingFeature("InternalImportsByDefault"),
        // A member is found only through an import in the same file.
        .enableUpcomingFeature("MemberImportVisibility"),
    ]
}

// The fuzz targets: a build of its own kind, every module instrumented and testable, so it is there only for
// Fuzz/run.sh.
if Context.environment["GATEHOST_FUZZ"] == "1" {
    let sanitizers = ["-sanitize=fuzzer,address"]
    for target in package.targets where target.type == .regular {
        target.swiftSettings? += [.unsafeFlags(sanitizers + ["-enable-testing"])]
    }
    package.products.append(.executable(name: "gatehost-fuzz", targets: ["GateHostFuzz"]))
    package.targets.append(.systemLibrary(name: "CLibFuzzer", path: "Fuzz/CLibFuzzer"))
    package.targets.append(
        .executableTarget(
            name: "GateHostFuzz",
            dependencies: [
                "GateAPI", "Deployment", "GateHost", "Platform", "TradingState", "JSONText", "Redis", "EmbeddedRedis",
                "Telemetry",
                "PortfolioRisk", "P28Budget", "HeatGate",
                "KillSwitch", "CLibFuzzer", bigInt, logging, serviceLifecycle,
            ],
            path: "Fuzz/Targets",
            swiftSettings: [
                .swiftLanguageMode(.v6), .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .unsafeFlags(sanitizers),
            ],
            // gold, the default, stumbles over the main function that the fuzzer's library brings along: ours is the
            // one that counts.
            linkerSettings: [.unsafeFlags(sanitizers + ["-use-ld=lld"])]
        ))
}
