import EmbeddedRedis
import GateAPI
import Glibc
import Redis
import TestSupport

/// Faults in which Redis dies, is replaced, or refuses commands.
enum RedisFaults {
    static let all = [killed, failover, hangs] + refusals + [clientsKilled, invalidationsKilled]

    private static let killed = Fault(
        "redis-killed", "kill -9 of Redis with appendfsync always, under load, and a restart",
        expected: "no accepted plan is lost or decided twice; the hosts reconnect by themselves"
    ) { trial in
        let stage = try Stage(trial, appendOnly: true)
        let hosts = [try stage.startHost(), try stage.startHost()]
        let kills = trial.amount(quick: 3, full: 15)
        for _ in 0..<kills {
            let before = try stage.decided
            try stage.publish(1_000)
            try stage.waitForDecisions(before + Int.random(in: 1..<900, using: &trial.generator))
            stage.server?.kill()
            try stage.repairAppendOnlyFile()
            try stage.server?.restart()
            try stage.reconnect()
        }
        return "\(kills) kills; " + (try stage.audit(stopping: hosts)).text
    }

    private static let failover = Fault(
        "redis-failover", "kill -9 of the master under three Sentinels, with a replica",
        expected: "the hosts go on with the promoted replica; each of its entries gets one decision"
    ) { trial in
        let set = try EmbeddedReplicaSet(sentinels: 3)
        defer { set.stop() }
        let stage = try Stage(trial, url: set.url, connection: Stage.connect(set.url))
        let hosts = [try stage.startHost(), try stage.startHost()]
        // The replica must have the plans before the kill, or the promoted master lacks them.
        func replicate() throws {
            try expect(try stage.command("WAIT", "1", "20000").integer == 1, "the replica does not follow")
        }
        try stage.publish(3_000)
        try replicate()
        try stage.waitForDecisions(200)
        set.servers[0].kill()
        let killed = ContinuousClock.now
        let address = RedisConfiguration.Address.tcp(host: "127.0.0.1", port: set.ports[1])
        stage.connection.close()
        try wait(for: "the promotion of the replica", every: .milliseconds(20)) {
            guard let connection = try? Stage.connect(set.url), connection.server.address == address else {
                return false
            }
            stage.connection = connection
            return true
        }
        let promoted = ContinuousClock.now - killed
        try stage.publish(1_000)
        let audit = try stage.audit(stopping: hosts)
        return "promoted after \(promoted.text); " + audit.text
    }

    private static let hangs = Fault(
        "redis-hangs", "Redis stands still for 2 s (SIGSTOP) with a command_timeout of 500 ms",
        expected: "the hosts end their sessions and reconnect; work that Redis does when it wakes up is not done twice"
    ) { trial in
        let stage = try Stage(trial)
        stage.deployment.timeout = "500ms"
        let hosts = [try stage.startHost(), try stage.startHost()]
        let rounds = trial.amount(quick: 1, full: 3)
        for _ in 0..<rounds {
            let before = try stage.decided
            try stage.publish(2_000)
            try stage.waitForDecisions(before + Int.random(in: 1..<1_800, using: &trial.generator))
            guard let process = stage.server?.processIdentifier, process > 0 else { throw Failure("no redis-server") }
            kill(process, SIGSTOP)
            defer { kill(process, SIGCONT) }
            rest(.seconds(2))
            kill(process, SIGCONT)
            try stage.waitForDecisions(stage.published)
        }
        let lost = hosts.compactMap { $0.metric("gatehost_redis_sessions_lost_total") }.reduce(0, +)
        try expect(lost >= 1, "no session was given up")
        return "\(rounds) stops, \(Int(lost)) sessions given up; " + (try stage.audit(stopping: hosts)).text
    }

    private static let refusals: [Fault] = [
        // Redis lets a script go on writing once it has written, and each commit writes with XACK first. So Redis
        // executes a commit in full or not at all.
        refusal(
            "redis-oom", "Redis is out of memory (maxmemory 1) for 1 s",
            expected: "Redis executes each commit in full or not at all; each entry gets one decision",
            ["CONFIG", "SET", "maxmemory", "1"], ["CONFIG", "SET", "maxmemory", "0"], stopsDecisions: false),
        refusal(
            "redis-readonly", "Redis is a replica (READONLY) for 1 s", ["REPLICAOF", "127.0.0.1", "1"],
            ["REPLICAOF", "NO", "ONE"]),
        refusal(
            "redis-noreplicas", "Redis lacks replicas (NOREPLICAS) for 1 s",
            ["CONFIG", "SET", "min-replicas-to-write", "1"],
            ["CONFIG", "SET", "min-replicas-to-write", "0"]),
    ]

    private static func refusal(
        _ name: String, _ summary: String,
        expected: String = "no decision meanwhile, and the hosts keep running; afterwards each entry gets one decision",
        _ begin: [String], _ end: [String], stopsDecisions: Bool = true
    ) -> Fault {
        Fault(name, summary, expected: expected) { trial in
            let stage = try Stage(trial)
            let hosts = [try stage.startHost(), try stage.startHost()]
            func send(_ words: [String]) throws {
                var pipeline = RedisPipeline()
                pipeline.add(words)
                try expect(
                    try stage.connection.send(pipeline).first?.text == "OK",
                    "\(words.joined(separator: " ")) was refused")
            }
            try stage.publish(3_000)
            try stage.waitForDecisions(Int.random(in: 1..<1_000, using: &trial.generator))
            try send(begin)
            let atBegin = try stage.decided
            rest(.seconds(1))
            let meanwhile = try stage.decided - atBegin
            try send(end)
            try stage.waitForDecisions(stage.published)
            try stage.decide(500)
            if stopsDecisions { try expect(meanwhile == 0, "\(meanwhile) decisions were written meanwhile") }
            let waited =
                "\((3_000 - atBegin - meanwhile).grouped) plans waited, \(meanwhile.grouped) were decided meanwhile; "
            return waited + (try stage.audit(stopping: hosts)).text
        }
    }

    private static let clientsKilled = Fault(
        "clients-killed", "CLIENT KILL of all connections of 2 hosts, under load",
        expected: "the hosts reconnect; nothing is lost or decided twice"
    ) { trial in
        let stage = try Stage(trial)
        let hosts = [try stage.startHost(), try stage.startHost()]
        let rounds = trial.amount(quick: 10, full: 50)
        var killed = 0
        for _ in 0..<rounds {
            let before = try stage.decided
            try stage.publish(500)
            try stage.waitForDecisions(before + Int.random(in: 0..<450, using: &trial.generator))
            killed += try stage.command("CLIENT", "KILL", "SKIPME", "yes").integer ?? 0
        }
        return "\(killed) connections killed; " + (try stage.audit(stopping: hosts)).text
    }

    private static let invalidationsKilled = Fault(
        "invalidations-killed", "CLIENT KILL of the connection for invalidation messages; then the budget changes",
        expected: "every plan is judged by the budget at the time of its publication"
    ) { trial in
        let stage = try Stage(trial)
        let host = try stage.startHost()
        let rounds = trial.amount(quick: 10, full: 50)
        var killed = 0
        var budgets: [Int] = []
        let portion = 100
        for round in 0..<rounds {
            // The host reconnects its feed at each claim_interval. Until then it reads every record anew; afterwards it
            // caches again.
            try wait(for: "a connection that tells of changed records") {
                try stage.command("CLIENT", "LIST", "TYPE", "pubsub").text?.isEmpty == false
            }
            try stage.decide(20)
            killed += try stage.command("CLIENT", "KILL", "TYPE", "pubsub").integer ?? 0
            budgets.append(round % 2 == 0 ? 10_000 : 1)
            try stage.seed(Stage.symbol, Amount(budgets[round]))
            try stage.decide(portion - 20)
        }
        let audit = try stage.audit(stopping: [host], isJudged: false)
        let notionals = Dictionary(audit.books.plans.map { ($0.id, $0) }) { first, _ in first }
        let wrong = audit.books.records.filter { record in
            guard let plan = notionals[record.intentID] else { return true }
            // The first plans of a round may be judged by the round before's budget.
            let round = plan.number / portion - (plan.number % portion < 20 ? 1 : 0)
            let budget = round < 0 ? Stage.budget : Amount(budgets[round])
            return record.outcome != (plan.notional > budget ? "block" : "permit")
        }
        try expect(
            wrong.isEmpty,
            "\(wrong.count) plans judged by a budget that was no longer in force: \(wrong.prefix(3).map(\.planID))")
        try expect(killed == rounds, "only \(killed) connections were killed")
        return "\(killed) connections killed, as many budgets; " + audit.text
    }
}
