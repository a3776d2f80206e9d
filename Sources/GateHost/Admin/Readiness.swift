import Hummingbird
import JSONText

/// The answer to `/health/ready`: whether the host can decide, the reason if it cannot, the streams that it does not
/// decide or whose ids are ahead of the clock, and the gates that need attention.
struct Readiness {
    let isReady: Bool
    let text: String

    init(_ status: HostStatus, concerns: [Containment.Concern] = [], warnings: [String] = []) {
        var json = JSONObject()
        let waiting = status.waiting
        let leads = status.leads
        let isExhausted = leads.contains(where: \.isExhausted)
        isReady = waiting.isEmpty && !isExhausted
        json.add("status", isReady ? "ready" : "not_ready")
        if let first = waiting.first {
            json.add("detail", Self.detail(first.phase))
        } else if isExhausted {
            json.add("detail", "a stream takes no more plans")
        }
        let streams = waiting.map(Self.text) + leads.map(Self.text)
        if !streams.isEmpty { json.add("streams", literal: "[" + streams.joined(separator: ",") + "]") }
        if !concerns.isEmpty { json.add("gates", literal: "[" + concerns.map(Self.text).joined(separator: ",") + "]") }
        if !warnings.isEmpty {
            json.add("warnings", literal: "[" + warnings.map(Self.literal).joined(separator: ",") + "]")
        }
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

    private static func detail(_ phase: HostStatus.Phase) -> String {
        switch phase {
        case .ready: "ready"
        case .waiting(let reason): reason
        case .stopped: "stopped"
        }
    }

    private static func text(_ waiting: (stream: String, phase: HostStatus.Phase)) -> String {
        var json = JSONObject()
        json.add("stream", waiting.stream)
        json.add("detail", detail(waiting.phase))
        return json.text
    }

    private static func literal(_ text: String) -> String {
        var bytes: [UInt8] = []
        JSON.write(string: text, to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
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
