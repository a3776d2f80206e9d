import EmbeddedRedis
import Foundation

/// Faults of the network between hosts and Redis.
enum ConnectionFaults {
    static let all = [cut, slow, fragmenting]

    private static let cut = Fault(
        "connection-cut", "Connections are cut after random byte counts, in the middle of replies and of commands",
        expected: "no commit happens twice, not even one whose reply is lost; no entry is lost"
    ) { trial in
        let (stage, proxy) = try stage(trial)
        defer { proxy.close() }
        proxy.disturbance = .cutting
        let hosts = [try stage.startHost(isReady: false), try stage.startHost(isReady: false)]
        let cuts = trial.amount(quick: 60, full: 500)
        let start = ContinuousClock.now
        while proxy.counts.cutReplies + proxy.counts.cutCommands < cuts {
            try expect(ContinuousClock.now - start < .seconds(180), "only \(proxy.counts) in 180 s")
            if try stage.published - stage.decided < 2_000 { try stage.publish(500) }
            rest(.milliseconds(5))
        }
        proxy.disturbance = .faithful
        let counts = proxy.counts
        let audit = try stage.audit(stopping: hosts)
        return "\(counts.cutReplies) cuts within replies, \(counts.cutCommands) within commands; " + audit.text
    }

    private static let slow = Fault(
        "replies-slow", "Every piece takes up to 5 ms, one in 50 takes 500 to 700 ms, with a command_timeout of 500 ms",
        expected: "no commit happens twice, not even one that its host gave up as late; no entry is lost"
    ) { trial in
        let (stage, proxy) = try stage(trial)
        defer { proxy.close() }
        stage.deployment.timeout = "500ms"
        let hosts = [try stage.startHost(isReady: false), try stage.startHost(isReady: false)]
        proxy.disturbance = .slow(milliseconds: 5, rarely: 500...700, rare: 50)
        try stage.publish(trial.amount(quick: 2_000, full: 10_000))
        let wanted = trial.amount(quick: 10, full: 100)
        let start = ContinuousClock.now
        while try proxy.counts.longDelays < wanted || stage.decided < stage.published {
            try expect(ContinuousClock.now - start < .seconds(120), "not all is decided after 120 s: \(proxy.counts)")
            if try stage.decided == stage.published { try stage.publish(500) }
            rest(.milliseconds(20))
        }
        proxy.disturbance = .faithful
        let counts = proxy.counts
        let lost = hosts.compactMap { $0.metric("gatehost_redis_sessions_lost_total") }.reduce(0, +)
        let audit = try stage.audit(stopping: hosts)
        return "\(counts.delays.grouped) short and \(counts.longDelays) long delays, \(Int(lost)) sessions lost; "
            + audit.text
    }

    private static let fragmenting = Fault(
        "replies-crumble", "Replies and commands arrive in pieces of 1 to 7 bytes",
        expected: "no difference"
    ) { trial in
        let (stage, proxy) = try stage(trial)
        defer { proxy.close() }
        proxy.disturbance = .fragmenting
        let host = try stage.startHost()
        try stage.decide(trial.amount(quick: 1_000, full: 10_000))
        let counts = proxy.counts
        try host.metric("gatehost_redis_sessions_lost_total", becomes: 0)
        return "\(counts.fragments.grouped) pieces; " + (try stage.audit(stopping: [host])).text
    }

    /// A stage whose hosts reach Redis through a proxy. The suite connects directly.
    private static func stage(_ trial: Trial) throws -> (Stage, RedisProxy) {
        let stage = try Stage(trial)
        guard let server = stage.server else { throw Failure("no redis-server") }
        let proxy = try RedisProxy(
            upstream: server.socketPath, path: trial.folder.path + "/proxy.sock", generator: trial.generator)
        stage.deployment.url = proxy.url
        return (stage, proxy)
    }
}
