// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "spread-cap-host",
    products: [.executable(name: "spread-cap-host", targets: ["SpreadCapHost"])],
    dependencies: [.package(name: "gatehost", path: "../..")],
    targets: [
        .executableTarget(
            name: "SpreadCapHost",
            dependencies: [
                "SpreadCap",
                .product(name: "GateHostCommand", package: "gatehost"),
                .product(name: "HeatGate", package: "gatehost"),
                .product(name: "P28Budget", package: "gatehost"),
            ]
        ),
        .target(
            name: "SpreadCap",
            dependencies: [
                .product(name: "GateAPI", package: "gatehost"), .product(name: "TradingState", package: "gatehost"),
            ],
            exclude: ["README.md"]
        ),
        .testTarget(
            name: "SpreadCapTests",
            dependencies: [
                "SpreadCap", .product(name: "GateAPI", package: "gatehost"),
                .product(name: "TradingState", package: "gatehost"),
            ]
        ),
    ]
)

for target in package.targets {
    target.swiftSettings = [.swiftLanguageMode(.v6), .enableUpcomingFeature("InternalImportsByDefault")]
}
