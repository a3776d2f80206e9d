import GateAPI
import Hummingbird
import JSONText
import Logging
import Redis
import Telemetry
import TradingState

/// Changes the mode at run time for callers that send the admin token. It responds once every live budget carries the
/// new mode, and waits for no cycle.
struct ModeEndpoint: Sendable {
    let redis: RequestConnection
    let mode: ModeControl
    let token: AdminToken?
    let metrics: RiskMetrics
    let logger: Logger
    var patience = TokenPatience()

    private static let scheme = "bearer "
    /// Changes that another instance may make meanwhile before this one gives up.
    private static let maximumAttempts = 8

    func change(authorization: String?, body: [UInt8], remote: String) async throws(ValidationError) -> RiskResponse {
        if let refusal = refusalResponse(authorization) {
            metrics.unauthorized.increment()
            await patience.wait()
            logger.warning(
                "a change of mode was refused", metadata: ["remote": "\(remote)", "status": "\(refusal.status.code)"])
            return refusal
        }
        let wanted = try Self.mode(in: body)
        let result: (change: ModeChange, isApplied: Bool)
        do throws(RedisError) {
            result = try await apply(wanted, remote)
        } catch {
            return .detail(.serviceUnavailable, "The mode was not changed: \(error)")
        }
        if result.change.from != wanted {
            metrics.modeChanges.increment()
            logger.warning(
                "the mode was changed",
                metadata: [
                    "from": "\(result.change.from.rawValue)", "to": "\(wanted.rawValue)", "remote": "\(remote)",
                ])
        }
        metrics.record(mode.current)
        if !result.isApplied {
            logger.error("the mode is set, but Redis has too many keys to find every budget of other writers")
        }
        return response(result.change, isApplied: result.isApplied)
    }

    private func refusalResponse(_ authorization: String?) -> RiskResponse? {
        guard let token else { return .detail(.forbidden, "Changes of mode are disabled (P28_ADMIN_TOKEN is not set)") }
        guard let authorization, authorization.lowercased().hasPrefix(Self.scheme) else {
            var response = RiskResponse.detail(.unauthorized, "Not authenticated")
            response.isChallenge = true
            return response
        }
        return token.matches(String(authorization.dropFirst(Self.scheme.count)))
            ? nil : .detail(.forbidden, "Invalid token")
    }

    private static func mode(in body: [UInt8]) throws(ValidationError) -> RiskMode {
        let place = ["body", "mode"]
        guard let text = try BodyMembers.read(body)["mode"] else {
            throw ValidationError(mistakes: [
                .init(type: "missing", place: place, message: "Field required", input: nil)
            ])
        }
        guard let mode = RiskMode(rawValue: text) else {
            throw ValidationError(mistakes: [
                .init(type: "enum", place: place, message: "Input should be 'shadow' or 'enforce'", input: text)
            ])
        }
        return mode
    }

    /// Compares the wish with the record in Redis, and writes record, event and budgets in one step.
    private func apply(_ wanted: RiskMode, _ remote: String) async throws(RedisError) -> (ModeChange, Bool) {
        return try await redis.perform { [mode] (connection) throws(RedisError) in
            let strays = try BudgetIndex.search(connection)
            let now = try connection.command("TIME").time()
            for _ in 0..<Self.maximumAttempts {
                let held = try HeldMode(try connection.command("HGETALL", ModeRecord.key))
                let change = ModeChange(
                    from: held.record?.mode ?? mode.current, to: wanted, origin: .request, changedAt: now,
                    remote: remote)
                let record =
                    held.record.flatMap { $0.mode == wanted && $0.environment == mode.environment ? $0 : nil }
                    ?? ModeRecord(
                        mode: wanted, environment: mode.environment, changedAt: now, remote: remote,
                        version: max(held.version, mode.record?.version ?? 0) + 1)
                let isWritten = try ModeScript.write(
                    record, replacing: held, change: change.from == wanted ? nil : change, strays: strays.symbols,
                    to: connection)
                if isWritten {
                    mode.stored(record)
                    return (change, strays.isComplete)
                }
            }
            throw RedisError(code: .replyUnexpected, message: "other instances change the mode at the same time")
        }
    }

    private func response(_ change: ModeChange, isApplied: Bool) -> RiskResponse {
        var json = JSONObject()
        json.add("success", literal: "true")
        json.add("mode", change.to.rawValue)
        json.add("previous", change.from.rawValue)
        json.add("changed", literal: change.from == change.to ? "false" : "true")
        json.add("applied", literal: isApplied ? "true" : "false")
        return RiskResponse(.ok, json)
    }
}
