import GateAPI
import Hummingbird
import Telemetry

/// A request as the endpoints see it.
struct RiskRequest: Sendable {
    var method: HTTPRequest.Method
    /// What lies between the slashes, decoded.
    var path: [String]
    var query: [String: String]
    var authorization: String?
    var remote: String
}

/// Which endpoint answers what.
struct RiskRoutes: Sendable {
    let budgets: BudgetEndpoints
    let inject: InjectEndpoint
    let mode: ModeEndpoint
    let registry: MetricRegistry

    /// `body` is read only where an endpoint takes one.
    func answer(_ request: RiskRequest, body: () async throws(ValidationError) -> [UInt8]) async -> Answer {
        do throws(ValidationError) {
            switch (request.path.first, request.path.count) {
            case ("health", 1): return request.method == .get ? await budgets.health() : notAllowed("GET")
            case ("metrics", 1):
                return request.method == .get
                    ? Answer(text: registry.exposition(), contentType: PrometheusText.contentType) : notAllowed("GET")
            case ("budget", 2) where !request.path[1].isEmpty:
                if request.method == .get { return await budgets.budget(of: request.path[1]) }
                guard request.path[1] == "check" else { return notAllowed("GET") }
                return request.method == .post ? try await budgets.check(request.query) : notAllowed("GET, POST")
            case ("test", 2) where request.path[1] == "inject_portfolio_state":
                return request.method == .post
                    ? try await inject.inject(query: request.query, body: try await body()) : notAllowed("POST")
            case ("mode", 1):
                guard request.method == .post else { return notAllowed("POST") }
                return try await mode.change(
                    authorization: request.authorization, body: try await body(), remote: request.remote)
            default: return .detail(.notFound, "Not Found")
            }
        } catch {
            return error.answer
        }
    }

    private func notAllowed(_ methods: String) -> Answer {
        var answer = Answer.detail(.methodNotAllowed, "Method Not Allowed")
        answer.allow = methods
        return answer
    }
}
