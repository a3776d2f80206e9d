import GateAPI
import Hummingbird
import Telemetry

/// A request, independent of the HTTP library.
struct RiskRequest: Sendable {
    var method: HTTPRequest.Method
    /// The decoded path segments.
    var path: [String]
    var query: [String: String]
    var authorization: String?
    var remote: String
}

/// Routes requests to endpoints.
struct RiskRoutes: Sendable {
    let health: HealthEndpoint
    let budgets: BudgetEndpoints
    let inject: InjectEndpoint
    let mode: ModeEndpoint
    let overview: OverviewEndpoint
    let explain: ExplainEndpoint
    let registry: MetricRegistry

    /// `body` is read only for endpoints that take one.
    func response(to request: RiskRequest, body: () async throws(ValidationError) -> [UInt8]) async -> RiskResponse {
        do throws(ValidationError) {
            switch (request.path.first, request.path.count) {
            case ("health", 1): return request.method == .get ? await health.response() : notAllowed("GET")
            case ("metrics", 1):
                return request.method == .get
                    ? RiskResponse(text: registry.exposition(), contentType: PrometheusText.contentType)
                    : notAllowed("GET")
            case ("budget", 2) where !request.path[1].isEmpty:
                if request.method == .get { return await budgets.budget(of: request.path[1]) }
                guard request.path[1] == "check" else { return notAllowed("GET") }
                return request.method == .post ? try await budgets.check(request.query) : notAllowed("GET, POST")
            case ("overview", 1): return request.method == .get ? overview.overview() : notAllowed("GET")
            case ("explain", 2):
                return request.method == .get ? explain.explain(request.path[1]) : notAllowed("GET")
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
            return error.response
        }
    }

    private func notAllowed(_ methods: String) -> RiskResponse {
        var response = RiskResponse.detail(.methodNotAllowed, "Method Not Allowed")
        response.allow = methods
        return response
    }
}
