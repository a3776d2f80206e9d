import Deployment
import GateAPI
import Logging

/// The values that all intake threads of a host share.
struct IntakeContext: Sendable {
    let configuration: HostConfiguration
    let identity: HostIdentity
    let pipeline: Pipeline
    let containment: Containment
    let metrics: HostMetrics
    let logger: Logger
    var observer: DecisionObserver?
    var runtime = HostRuntime.live

    /// The moment at which plans are judged. Decision records tell the time in milliseconds, and judging at just that
    /// time makes a replay exact.
    @Sendable func decisionTime() -> Timestamp {
        Timestamp(milliseconds: runtime.wallClock().milliseconds)
    }
}

/// Told of every batch after its commit, on the intake thread. It must return quickly.
package typealias DecisionObserver = @Sendable ([CommittedDecision]) -> Void
