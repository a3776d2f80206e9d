import Hummingbird
import JSONText

/// The answer to `/health/ready`: whether the host can decide, the reason if it cannot, and the gates and
/// streams that need attention.
struct Readiness {
    let isReady: Bool
    let text: String

    init(_ phase: HostStatus.Phase, concerns: [Containment.Concern] = [], leads: [StreamLead] = []) {
        var json = JSONObject()
        switch phase {
        case .ready where leads.contains(where: \.isExhausted):
            isReady = false
            json.add("status", "not_ready")
            json.add("detail", "a stream takes no more plans")
        case .ready:
            isReady = true
            json.add("status", "ready")
        case .waiting(let reason):
            isReady = false
            json.add("status", "not_ready")
            json.add("detail", reason)
        case .stopped:
            isReady = false
            json.add("status", "not_ready")
            json.add("detail", "stopped")
        }
        if !concerns.isEmpty { json.add("gates", literal: "[" + concerns.map(Self.text).joined(separator: ",") + "]") }
        if !leads.isEmpty { json.add("streams", literal: "[" + leads.map(Self.text).joined(separator: ",") + "]") }
        text = json.text
    }

    private static func text(_ lead: StreamLead) -> String {
        var json = JSONObject()
        json.add("stream", lead.stream)
        json.add("last_id", "\(lead.lastID)")
        json.add(
            "detail",
            lead.isExhausted
                ? "the last id is the highest there is: Redis refuses every further plan"
                : "the last id is ahead of the clock")
        return json.text
    }

    private static func text(_ concern: Containment.Concern) -> String {
        var json = JSONObject()
        json.add("gate", concern.gate)
        json.add("breaker", concern.breaker.text)
        switch concern.breaker {
        case .closed: break
        case .halfOpen: json.add("detail", "failed too often; single intents try it")
        case .open: json.add("detail", "failed too often; not asked for a while")
        case .latched:
            json.add("detail", "crashed or hung too often; not asked until POST /gates/\(concern.gate)/reset")
        }
        if concern.isAlarmed { json.add("alarm", "leaves too many intents unjudged") }
        return json.text
    }

    var response: Response { AdminServer.json(text, isReady ? .ok : .serviceUnavailable) }
}
