import GateAPI
import Hummingbird
import JSONText
import Logging
import Redis
import Telemetry
import TradingState

/// Changes the mode at run time for callers that send the admin token. It responds once the budgets carry the new mode.
struct ModeEndpoint: Sendable {
    let redis: RequestConnection
    let mode: ModeControl
    let token: AdminToken?
    let metrics: RiskMetrics
    let clock: @Sendable () -> Timestamp
    let logger: Logger
    var patience = TokenPatience()
    /// Recomputes all budgets. Returns false on failure; the next cycle then applies the mode.
    let recompute: @Sendable () async -> Bool

    private static let scheme = "bearer "
    /// Writes the event first: a change that cannot be recorded on the audit trail does not happen.
    private static let script = """
        redis.call('XADD',KEYS[2],'*',unpack(ARGV,tonumber(ARGV[1])+2))
        return redis.call('HSET',KEYS[1],unpack(ARGV,2,tonumber(ARGV[1])+1))
        """

    func change(authorization: String?, body: [UInt8], remote: String) async throws(ValidationError) -> RiskResponse {
        if let refusal = refusalResponse(authorization) {
            metrics.unauthorized.increment()
            await patience.wait()
            logger.warning(
                "a change of mode was refused", metadata: ["remote": "\(remote)", "status": "\(refusal.status.code)"])
            return refusal
        }
        let wanted = try Self.mode(in: body)
        let change: ModeChange
        do throws(RedisError) {
            change = try await record(wanted, remote)
        } catch {
            return .detail(.serviceUnavailable, "The mode was not changed: \(error)")
        }
        guard change.from != change.to else { return response(change, isApplied: true) }
        metrics.modeChanges.increment()
        logger.warning(
            "the mode was changed",
            metadata: ["from": "\(change.from.rawValue)", "to": "\(change.to.rawValue)", "remote": "\(remote)"])
        return response(change, isApplied: await recompute())
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

    /// Writes the record and the event and sets the mode in this process, serialized with all other requests.
    private func record(_ wanted: RiskMode, _ remote: String) async throws(RedisError) -> ModeChange {
        let now = clock()
        return try await redis.perform { [mode] (connection) throws(RedisError) in
            let change = ModeChange(from: mode.current, to: wanted, origin: .request, changedAt: now, remote: remote)
            guard change.from != change.to else { return change }
            let record = ModeRecord(mode: wanted, environment: mode.environment, changedAt: now, remote: remote)
            let arguments = record.fields.flatMap { [$0.name, $0.value] }
            var pipeline = RedisPipeline()
            pipeline.add(
                ["EVAL", Self.script, "2", ModeRecord.key, ModeChange.stream, String(arguments.count)] + arguments
                    + change.fields.flatMap { [$0.name, $0.value] })
            if let error = try connection.send(pipeline).first?.error { throw RedisError(error) }
            mode.set(wanted)
            return change
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
