/// A deployment file with the budget gate, the faulty gate and the heat gate.
struct Deployment {
    var url: String
    var timeout = "2s"
    /// Whether a permit reserves budget. Without reservations each plan's outcome depends on its own size only.
    var reserves = false
    /// The maximum age of the gates' records.
    var maxAge = "1h"
    var deadline = "5ms"
    var containment = "breaker_pause: 1s"

    // Long lifetimes keep every answer for the audit. A short claim_after lets hosts claim a dead host's entries soon.
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
