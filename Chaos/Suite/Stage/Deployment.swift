/// A deployment file: budget, the gate that fails, heat.
struct Deployment {
    var url: String
    var timeout = "2s"
    /// Whether a permit takes of the budget. If not, each plan's outcome is its own.
    var reserves = false
    /// How old what the gates read may be.
    var maxAge = "1h"
    var deadline = "5ms"
    var containment = "breaker_pause: 1s"

    // Answers outlive the trial, so that they can be counted; a dead host's entries are claimed soon.
    var yaml: String {
        """
        redis: { url: "\(url)", connect_timeout: \(timeout), command_timeout: \(timeout) }
        intake: { batch: 32, block: 50ms, claim_after: 1s, claim_interval: 100ms }
        answers: { permit_ttl: 4h, block_ttl: 4h, reservation_ttl: 4h, decision_max_length: 10000000 }
        containment: { \(containment) }
        log: { level: notice, style: text }
        gates:
          - { gate: p28-budget, mode: enforce, settings: { max_age: \(maxAge), reserve: \(reserves) } }
          - { gate: faulty, mode: enforce, deadline: \(deadline) }
          - { gate: heat, mode: enforce, settings: { max_age: \(maxAge) } }
        """
    }
}
