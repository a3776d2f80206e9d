package import GateAPI

/// What a cycle did.
package struct CycleReport: Sendable {
    package let resolution: StateResolution
    package let mode: RiskMode
    package let symbols: Int
    package let written: Int
    package let roundTrips: Int
    package let heat: Amount?
    /// Keys that Redis refused to write, with its reasons.
    package let refused: [String]
}
