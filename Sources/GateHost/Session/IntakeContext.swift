import Deployment
import GateAPI
import Logging

/// The context that all intake threads of a host share.
struct IntakeContext: Sendable {
    let configuration: HostConfiguration
    let identity: HostIdentity
    let pipeline: Pipeline
    let containment: Containment
    let metrics: HostMetrics
    let logger: Logger
    var observer: DecisionObserver?
    var runtime = HostRuntime.live

    /// The clock by which plans are judged. Decision records tell the time in milliseconds, and judging at just that
    /// time makes a replay exact.
    var decisionClock: @Sendable () -> Timestamp {
        { [wallClock = runtime.wallClock] in Timestamp(milliseconds: wallClock().milliseconds) }
    }
}

/// Told of every batch after its commit, on the intake thread. It must return quickly.
package typealias DecisionObserver = @Sendable ([CommittedDecision]) -> Void
