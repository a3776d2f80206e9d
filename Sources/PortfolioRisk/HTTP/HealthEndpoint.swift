import Hummingbird
import JSONText
import Platform
import Redis

/// `GET /health`: whether budgets are kept up to date, by this instance or by the one that it stands by for.
struct HealthEndpoint: Sendable {
    static let service = "p2.8-portfolio-risk-governor"

    let redis: RequestConnection
    let mode: ModeControl
    let lease: LeaseControl
    let writers: StateWriterWatch
    let board: CycleBoard

    func response() async -> RiskResponse {
        do throws(RedisError) {
            _ = try await redis.perform { (connection) throws(RedisError) in try connection.command("PING").isNull }
        } catch {
            return .detail(.serviceUnavailable, "Unhealthy: \(error)")
        }
        let snapshot = lease.snapshot
        if let failure = snapshot.failure {
            return .detail(.serviceUnavailable, "Unhealthy: the lease is unknown: \(failure)")
        }
        if snapshot.isCycleOverdue {
            let age = snapshot.cycleAge.map { "the last cycle is \(Self.seconds($0)) s old" } ?? "no cycle was written"
            return .detail(
                .serviceUnavailable, "Unhealthy: \(age); the limit is \(Self.seconds(lease.cycleLimit)) s")
        }
        return RiskResponse(.ok, json(snapshot))
    }

    /// The original's members first.
    private func json(_ snapshot: LeaseControl.Snapshot) -> JSONObject {
        var json = JSONObject()
        json.add("status", "healthy")
        json.add("service", Self.service)
        json.add("mode", mode.current.rawValue)
        json.add("redis", "connected")
        json.add("mode_source", mode.record?.source ?? "P28_MODE")
        json.add("p28_mode", mode.environment.rawValue)
        json.add("role", snapshot.reading.map { $0.isOwn ? "active" : "standby" } ?? "starting")
        json.add("holder", snapshot.reading?.term.holder ?? "")
        json.add("epoch", number: String(snapshot.reading?.term.epoch ?? 0))
        json.add("last_cycle_age_sec", literal: snapshot.cycleAge.map(Self.seconds) ?? "null")
        if let held = board.outcome?.belief.held {
            json.add("equity_held_back", literal: OverviewEndpoint.held(held).text)
        }
        json.add("problems", literal: JSONObject.array(problems))
        return json
    }

    private var problems: [String] {
        var problems: [String] = []
        if let disagreement = writers.disagreement { problems.append(disagreement) }
        if mode.differsFromSetting, let record = mode.record {
            problems.append(
                """
                P28_MODE of this instance is \(mode.environment.rawValue); the mode was decided under \
                \(record.environment.rawValue)
                """)
        }
        return problems
    }

    private static func seconds(_ duration: Duration) -> String {
        String(Double(duration.milliseconds / 100) / 10)
    }
}
