import GateAPI
import Hummingbird
import JSONText
import Redis
import TradingState

/// Writes a portfolio state for tests, of this moment or of the time that the request gives; refused unless test mode is on.
struct InjectEndpoint: Sendable {
    static let lifetime = 120

    let redis: RequestConnection
    let isEnabled: Bool
    let clock: @Sendable () -> Timestamp

    func inject(query: [String: String], body: [UInt8]) async throws(ValidationError) -> RiskResponse {
        guard isEnabled else { return .detail(.forbidden, "Test mode not enabled (P28_TEST_MODE=0)") }
        var parameters = ParameterReader(query: query, body: try BodyMembers.read(body))
        let equity = parameters.number("equity_usd")
        let drawdown = parameters.number("drawdown", default: .zero)
        let timestamp = parameters.time("timestamp", default: Timestamp(seconds: clock().milliseconds / 1_000))
        try parameters.check()
        guard let equity, let drawdown, let timestamp else {
            return .detail(.internalServerError, "Internal Server Error")
        }

        let fields = [
            ("equity_usd", equity.pythonFloat), ("drawdown", drawdown.pythonFloat),
            ("timestamp", timestamp.epochSeconds.description),
        ].map { (name: $0.0, value: $0.1) }
        do throws(RedisError) {
            try await redis.perform { (connection) throws(RedisError) in
                var pipeline = RedisPipeline()
                pipeline.addHash(PortfolioState.key, fields, lifetime: Self.lifetime)
                if let error = try connection.send(pipeline).first?.error { throw RedisError(error) }
            }
        } catch {
            return .detail(.internalServerError, error.description)
        }
        var injected = JSONObject()
        for field in fields { injected.add(field.name, field.value) }
        var json = JSONObject()
        json.add("success", literal: "true")
        json.add("injected", literal: injected.text)
        json.add("message", "Portfolio state injected (TTL \(Self.lifetime)s)")
        return RiskResponse(.ok, json)
    }
}
