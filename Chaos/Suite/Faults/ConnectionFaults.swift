import EmbeddedRedis
import Foundation

/// A network between hosts and Redis.
enum ConnectionFaults {
    static let all = [cut, slow, crumbling]

    private static let cut = Fault(
        "connection-cut", "Connections are cut after random byte counts, in the middle of replies and of commands",
        expected: "a commit whose reply is lost is not made twice; nothing is lost"
    ) { trial in
        let (stage, proxy) = try stage(trial)
        defer { proxy.close() }
        proxy.manner = .cutting
        let hosts = [try stage.startHost(isReady: false), try stage.startHost(isReady: false)]
        let cuts = trial.amount(quick: 60, full: 500)
        let start = ContinuousClock.now
        while proxy.deeds.cutReplies + proxy.deeds.cutCommands < cuts {
            try expect(ContinuousClock.now - start < .seconds(180), "only \(proxy.deeds) in 180 s")
            if try stage.published - stage.decided < 2_000 { try stage.publish(500) }
            rest(.milliseconds(5))
        }
        proxy.manner = .faithful
        let deeds = proxy.deeds
        let audit = try stage.audit(stopping: hosts)
        return "\(deeds.cutReplies) cuts within replies, \(deeds.cutCommands) within commands; " + audit.text
    }

    private static let slow = Fault(
        "replies-slow", "Every piece takes up to 5 ms, one in 50 takes 500 to 700 ms, with a command_timeout of 500 ms",
        expected: "commits that came too late for their host are not made twice; nothing is lost"
    ) { trial in
        let (stage, proxy) = try stage(trial)
        defer { proxy.close() }
        stage.deployment.timeout = "500ms"
        let hosts = [try stage.startHost(isReady: false), try stage.startHost(isReady: false)]
        proxy.manner = .slow(milliseconds: 5, rarely: 500...700, rare: 50)
        try stage.publish(trial.amount(quick: 2_000, full: 10_000))
        let wanted = trial.amount(quick: 10, full: 100)
        let start = ContinuousClock.now
        while try proxy.deeds.longDelays < wanted || stage.decided < stage.published {
            try expect(ContinuousClock.now - start < .seconds(120), "not all is decided after 120 s: \(proxy.deeds)")
            if try stage.decided == stage.published { try stage.publish(500) }
            rest(.milliseconds(20))
        }
        proxy.manner = .faithful
        let deeds = proxy.deeds
        let lost = hosts.compactMap { $0.metric("gatehost_redis_sessions_lost_total") }.reduce(0, +)
        let audit = try stage.audit(stopping: hosts)
        return "\(deeds.delays.grouped) short and \(deeds.longDelays) long delays, \(Int(lost)) sessions lost; "
            + audit.text
    }

    private static let crumbling = Fault(
        "replies-crumble", "Replies and commands arrive in pieces of 1 to 7 bytes",
        expected: "no difference"
    ) { trial in
        let (stage, proxy) = try stage(trial)
        defer { proxy.close() }
        proxy.manner = .crumbling
        let host = try stage.startHost()
        try stage.decide(trial.amount(quick: 1_000, full: 10_000))
        let deeds = proxy.deeds
        try host.metric("gatehost_redis_sessions_lost_total", becomes: 0)
        return "\(deeds.crumbs.grouped) pieces; " + (try stage.audit(stopping: [host])).text
    }

    /// A stage whose hosts reach Redis through a proxy; the suite itself does not.
    private static func stage(_ trial: Trial) throws -> (Stage, RedisProxy) {
        let stage = try Stage(trial)
        guard let server = stage.server else { throw Failure("no redis-server") }
        let proxy = try RedisProxy(
            upstream: server.socketPath, path: trial.folder.path + "/proxy.sock", generator: trial.generator)
        stage.deployment.url = proxy.url
        return (stage, proxy)
    }
}
