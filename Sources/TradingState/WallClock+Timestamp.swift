package import GateAPI
package import Platform

extension WallClock {
    /// The present moment, in the unit of the records.
    @Sendable package static func now() -> Timestamp {
        Timestamp(microseconds: microseconds())
    }
}
