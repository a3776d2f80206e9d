import Hummingbird
import JSONText

/// Whether the host can decide, and if not, what keeps it.
struct Readiness {
    let isReady: Bool
    let text: String

    init(_ phase: HostStatus.Phase) {
        var json = JSONObject()
        switch phase {
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
        text = json.text
    }

    var response: Response { AdminServer.json(text, isReady ? .ok : .serviceUnavailable) }
}
