package import GateAPI
package import Platform

extension WallClock {
    /// The present moment, in the unit in which records tell time.
    @Sendable package static func now() -> Timestamp {
        Timestamp(microseconds: microseconds())
    }
}
