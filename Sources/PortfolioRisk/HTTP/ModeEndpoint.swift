import GateAPI
import Hummingbird
import JSONText
import Logging
import Redis
import Telemetry
import TradingState

/// Changes the mode at run time, for those who know the token. The answer comes when the budgets carry the new mode.
struct ModeEndpoint: Sendable {
    let desk: RedisDesk
    let mode: ModeControl
    let token: AdminToken?
    let metrics: RiskMetrics
    let clock: @Sendable () -> Timestamp
    let logger: Logger
    /// Computes all budgets anew; false where that failed, and the next cycle will have to do it.
    let recompute: @Sendable () async -> Bool

    private static let scheme = "bearer "
    /// The event first: a change that cannot be put on the audit trail does not happen.
    private static let script = """
        redis.call('XADD',KEYS[2],'*',unpack(ARGV,tonumber(ARGV[1])+2))
        return redis.call('HSET',KEYS[1],unpack(ARGV,2,tonumber(ARGV[1])+1))
        """

    func change(authorization: String?, body: [UInt8], remote: String) async throws(ValidationError) -> Answer {
        if let refusal = refusal(authorization) {
            metrics.unauthorized.increment()
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
        guard change.from != change.to else { return answer(change, isApplied: true) }
        metrics.modeChanges.increment()
        logger.warning(
            "the mode was changed",
            metadata: ["from": "\(change.from.rawValue)", "to": "\(change.to.rawValue)", "remote": "\(remote)"])
        return answer(change, isApplied: await recompute())
    }

    private func refusal(_ authorization: String?) -> Answer? {
        guard let token else { return .detail(.forbidden, "Changes of mode are disabled (P28_ADMIN_TOKEN is not set)") }
        guard let authorization, authorization.lowercased().hasPrefix(Self.scheme) else {
            var answer = Answer.detail(.unauthorized, "Not authenticated")
            answer.isChallenge = true
            return answer
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

    /// The record, the event and the mode in this process, in turn with all other requests.
    private func record(_ wanted: RiskMode, _ remote: String) async throws(RedisError) -> ModeChange {
        let now = clock()
        return try await desk.perform { [mode] (connection) throws(RedisError) in
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

    private func answer(_ change: ModeChange, isApplied: Bool) -> Answer {
        var json = JSONObject()
        json.add("success", literal: "true")
        json.add("mode", change.to.rawValue)
        json.add("previous", change.from.rawValue)
        json.add("changed", literal: change.from == change.to ? "false" : "true")
        json.add("applied", literal: isApplied ? "true" : "false")
        return Answer(.ok, json)
    }
}
