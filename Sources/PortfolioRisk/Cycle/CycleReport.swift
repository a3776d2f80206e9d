package import GateAPI

/// The result of a cycle.
package struct CycleReport: Sendable {
    package let resolution: StateResolution
    package let mode: RiskMode
    package let symbols: Int
    package let written: Int
    package let roundTrips: Int
    package let heat: Amount?
    /// Keys of refused records, each with the server's error prefix.
    package let refused: [String]
    /// Whether another instance holds the lease, so that nothing was written.
    package let isFenced: Bool
}
