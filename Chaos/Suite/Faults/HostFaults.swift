import EmbeddedRedis
import Foundation
import GateAPI
import Glibc
import TestSupport

/// Faults in which a host dies or stands still.
enum HostFaults {
    static let all = [killed, killedInGate, stopped, throttled, busy, unsupervised, everything]

    private static let killed = Fault(
        "hosts-killed", "kill -9 of 4 hosts at random points, supervisors and workers in turn",
        expected:
            "nothing lost or decided twice, no budget spent twice, no gate blamed; workers end with their supervisors"
    ) { trial in
        let stage = try Stage(trial)
        stage.deployment.reserves = true
        let kills = trial.amount(quick: 20, full: 200)
        let portion = 500
        let symbols = kills
        for number in 0..<symbols { try stage.seed("S\(number)", Stage.budget) }
        var hosts = try (0..<4).map { _ in try stage.startHost() }
        var inMidst = 0
        for round in 0..<kills {
            let before = try stage.decided
            try stage.publish(portion, symbol: { "S\($0 % symbols)" })
            // Kill during the work, not at a fixed time.
            let point = before + Int.random(in: 0..<portion, using: &trial.generator)
            try stage.waitForDecisions(point)
            for host in hosts {
                try expect(host.isRunning, "a host that nobody killed has ended; its log ends with:\n\(host.logTail)")
            }
            let victim = Int.random(in: 0..<4, using: &trial.generator)
            if round % 2 == 0 {
                try hosts[victim].crash()
                if try stage.pending > 0 { inMidst += 1 }
                hosts[victim] = try stage.startHost(isReady: false)
            } else {
                kill(try hosts[victim].startedWorker(), SIGKILL)
                if try stage.pending > 0 { inMidst += 1 }
            }
        }
        let last = ContinuousClock.now
        try stage.waitForDecisions(stage.published, upTo: .seconds(60))
        let delay = ContinuousClock.now - last
        for host in hosts { try host.waitUntilReady() }
        let audit = try stage.audit(stopping: hosts, isJudged: false)
        try checkSpending(audit.books)
        return "\(kills) kills (\(inMidst) with entries read and undecided), " + audit.text
            + "; no budget exceeded; last decision \(delay.text) after the last kill"
    }

    /// Expects of each symbol: the permits stay within the budget, and no blocked plan fits into the rest that is left
    /// at the end.
    private static func checkSpending(_ books: Books) throws {
        var spent: [String: Amount] = [:]
        for record in books.records where record.outcome == "permit" {
            spent[record.symbol] = try (spent[record.symbol] ?? 0) + record.notional
        }
        for (symbol, total) in spent {
            try expect(total <= Stage.budget, "\(symbol): \(total) USD permitted of a budget of \(Stage.budget)")
        }
        let notionals = Dictionary(books.plans.map { ($0.planID, $0.notional) }) { first, _ in first }
        for record in books.records where record.outcome == "block" {
            let left = try Stage.budget - (spent[record.symbol] ?? 0)
            let wanted = notionals[record.planID] ?? 0
            try expect(
                wanted > left,
                "\(record.planID) of \(wanted) USD was refused, and \(left) of the budget of \(record.symbol) is left")
        }
    }

    private static let killedInGate = Fault(
        "host-killed-in-gate", "kill -9 of the worker while it is in a gate",
        expected: "no gate_crash; the plan is judged as usual"
    ) { trial in
        let stage = try Stage(trial)
        stage.deployment.deadline = "400ms"
        let host = try stage.startHost()
        let kills = trial.amount(quick: 2, full: 4)
        for _ in 0..<kills {
            let number = stage.published
            try stage.decide(20)
            try stage.publish(10) { $0 == number + 22 ? "sleep-300ms" : nil }
            rest(.milliseconds(Int.random(in: 50...200, using: &trial.generator)))
            let before = try stage.decided
            try expect(before < stage.published, "the gate was over before the kill")
            kill(try host.startedWorker(), SIGKILL)
            try stage.waitForDecisions(stage.published)
        }
        let crashes = "gatehost_gate_crashes_total{gate=\"faulty\"}"
        try host.metric(crashes, becomes: 0)
        try host.metric("gatehost_restarts", becomes: Double(kills))
        return "\(kills) kills, \(kills) restarts; " + (try stage.audit(stopping: [host])).text
    }

    private static let stopped = Fault(
        "host-stopped", "SIGSTOP of one of 2 hosts for 2 s, then SIGCONT",
        expected: "the other host claims its entries; when it wakes up, it decides none of them again"
    ) { trial in
        let stage = try Stage(trial)
        let hosts = [try stage.startHost(), try stage.startHost()]
        let rounds = trial.amount(quick: 2, full: 5)
        var held = 0
        for _ in 0..<rounds {
            let worker = try hosts[Int.random(in: 0..<2, using: &trial.generator)].startedWorker()
            let before = try stage.decided
            try stage.publish(4_000)
            try stage.waitForDecisions(before + Int.random(in: 100..<2_000, using: &trial.generator))
            kill(worker, SIGSTOP)
            rest(.milliseconds(300))
            // All other entries are decided, so the pending ones belong to the stopped host.
            held += try stage.pending
            rest(.milliseconds(1_700))
            try stage.waitForDecisions(stage.published, upTo: .seconds(5))
            kill(worker, SIGCONT)
            rest(.milliseconds(100))
        }
        let claimed = hosts.compactMap { $0.metric("gatehost_entries_claimed_total") }.reduce(0, +)
        let audit = try stage.audit(stopping: hosts)
        return "\(rounds) stops with \(held.grouped) entries held, \(Int(claimed).grouped) taken over; " + audit.text
    }

    private static let throttled = Fault(
        "host-throttled",
        "A host's worker gets only a part of the processor's time (SIGSTOP and SIGCONT every few ms)",
        expected:
            "at most one gate_deadline for each stop; the breaker stays closed"
    ) { trial in
        let stage = try Stage(trial)
        let host = try stage.startHost()
        let worker = try host.startedWorker()
        let gates = ["p28-budget", "faulty", "heat"]
        let stops = trial.amount(quick: 100, full: 400)
        for _ in 0..<stops {
            if try stage.published - stage.decided < 1_000 { try stage.publish(2_000) }
            kill(worker, SIGSTOP)
            rest(.milliseconds(Int.random(in: 6...15, using: &trial.generator)))
            kill(worker, SIGCONT)
            rest(.microseconds(Int.random(in: 100...3_000, using: &trial.generator)))
        }
        for gate in gates { try host.metric("gatehost_gate_breaker_state{gate=\"\(gate)\"}", becomes: 0) }
        try host.metric("gatehost_abandoned_threads", becomes: 0)
        let audit = try stage.audit(
            Explanation(required: { _ in [] }, allowed: { _ in Set(gates.map { "\($0):gate_deadline" }) }),
            stopping: [host])
        try expect(audit.failedOpen.values.reduce(0, +) <= stops, "more fail-opens than stops")
        return "\(stops.grouped) stops; " + audit.text
    }

    private static let busy = Fault(
        "machine-busy", "Four processes for each core compute for ever",
        expected: "the host is slower, and no gate is blamed"
    ) { trial in
        let busyProcesses = try (0..<4 * ProcessInfo.processInfo.activeProcessorCount).map { _ in try BusyProcess() }
        defer { for busyProcess in busyProcesses { busyProcess.stop() } }
        let stage = try Stage(trial)
        let hosts = [try stage.startHost(), try stage.startHost()]
        let portions = trial.amount(quick: 5, full: 20)
        for _ in 0..<portions { try stage.decide(2_000) }
        for busyProcess in busyProcesses { busyProcess.stop() }
        return "\(busyProcesses.count) processes; " + (try stage.audit(stopping: hosts)).text
    }

    private static let unsupervised = Fault(
        "host-unsupervised",
        "A gate traps in a host without supervisor, with containment.journal; the host is started again by hand",
        expected: "the process dies of the trap; the next process records gate_crash on that plan only"
    ) { trial in
        let stage = try Stage(trial)
        stage.deployment.containment = "breaker_pause: 1s, journal: \"\(trial.folder.path)/crash.journal\""
        var start = HostUnderTest.Start()
        start.isSupervised = false
        let first = try stage.startHost(start)
        try stage.publish(200) { $0 == 150 ? "trap" : nil }
        let status = try first.end()
        let second = try stage.startHost(start)
        try second.metric("gatehost_gate_crashes_total{gate=\"faulty\"}", becomes: 1)
        try stage.decide(100)
        return "dead of signal \(status); " + (try stage.audit(.asked("gate_crash"), stopping: [second])).text
    }

    private static let everything = Fault(
        "everything-at-once",
        "3 hosts; cut connections, killed supervisors and workers, and a gate that throws, traps and hangs",
        expected: "one decision each, no budget spent twice; only the faulty gate fails open"
    ) { trial in
        let stage = try Stage(trial)
        guard let server = stage.server else { throw Failure("no redis-server") }
        let proxy = try RedisProxy(
            upstream: server.socketPath, path: trial.folder.path + "/proxy.sock", generator: trial.generator)
        defer { proxy.close() }
        stage.deployment.url = proxy.url
        stage.deployment.reserves = true
        stage.deployment.containment = "breaker_pause: 200ms, max_deliveries: 1000, crash_limit: 8"
        let rounds = trial.amount(quick: 8, full: 40)
        for number in 0..<rounds { try stage.seed("S\(number)", Stage.budget) }
        var hosts = try (0..<3).map { _ in try stage.startHost() }
        proxy.disturbance = .cutting
        for round in 0..<rounds {
            let before = try stage.decided
            let culprits = (0..<3).map { _ in stage.published + Int.random(in: 0..<500, using: &trial.generator) }
            try stage.publish(
                500,
                asking: {
                    $0 % 97 == 0 ? "throw" : culprits.firstIndex(of: $0).map { ["trap", "hang", "sleep-20ms"][$0] }
                },
                symbol: { "S\($0 % rounds)" })
            try stage.waitForDecisions(before + Int.random(in: 0..<250, using: &trial.generator))
            let victim = Int.random(in: 0..<3, using: &trial.generator)
            if round % 2 == 0 {
                try hosts[victim].crash()
                hosts[victim] = try stage.startHost(isReady: false)
            } else {
                kill(try hosts[victim].startedWorker(), SIGKILL)
            }
        }
        proxy.disturbance = .faithful
        try stage.waitForDecisions(stage.published, upTo: .seconds(60))
        let reasons = ["gate_error", "gate_deadline", "gate_crash", "breaker_open"].map { "faulty:\($0)" }
        let explanation = Explanation(
            required: { _ in [] }, allowed: { plan in plan.ask == nil ? ["faulty:breaker_open"] : Set(reasons) })
        let audit = try stage.audit(explanation, stopping: [], isJudged: false)
        for host in hosts { try host.crash() }
        try checkSpending(audit.books)
        let counts = proxy.counts
        return "\(rounds) kills, \(counts.cutReplies + counts.cutCommands) cuts; " + audit.text + "; no budget exceeded"
    }
}
