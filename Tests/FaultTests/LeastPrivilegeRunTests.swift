import Foundation
import Glibc
import Testing
import TestSupport

@Suite("Least privilege: the whole pipeline", .serialized)
struct LeastPrivilegeRunTests {
    /// Granted, though a run without replicas does not use them: a host asks for the server's role, and may wait for
    /// replicas.
    private static let unseen: Set<String> = ["role", "wait"]

    @Test(
        "every service works under its own user, Redis refuses it nothing, and it uses every command that it is granted"
    )
    func wholeRun() async throws {
        let run = try await LeastPrivilegeRun()
        try await run.budgetsAppear()
        try await run.modeIsChanged()
        try await run.plansAreDecided()
        try await run.permitsAreTakenAndReported()
        try await run.pendingEntriesAreClaimed()
        try await run.exposureIsStopped()
        try await run.connectionsAreClosed()
        try await run.keyOfTheWrongTypeIsRepaired()
        try await run.groupIsDestroyed()
        try await run.budgetServiceRestarts()
        try await run.burstIsCommittedInTransactions()
        try await run.busyHostsTakeTurns()
        try await run.operatorLooks()

        #expect(try run.server.refusals() == [])
        let used = try run.usedCommands()
        for user in ["gatehost", "portfolio-risk-governor", "portfolio-state-updater"] {
            #expect(run.grants(to: user).subtracting(used).subtracting(Self.unseen) == [], "\(user)")
        }
    }
}

/// The scenes of one run, in their order.
private final class LeastPrivilegeRun {
    let server: LeastPrivilegeServer
    private let deployment: LeastPrivilegeDeployment
    private let admin: LeastPrivilegeClient
    private let looking: LeastPrivilegeClient
    private let producer: LeastPrivilegeClient
    private let executing: LeastPrivilegeClient
    private var host: HostProcess
    private var budgets: HostProcess
    private let now = String(Int(Date().timeIntervalSince1970))

    init() async throws {
        server = try await LeastPrivilegeServer()
        deployment = try LeastPrivilegeDeployment(server)
        admin = try server.connect("admin")
        looking = try server.connect("operator")
        producer = try server.connect("plan-producer")
        executing = try server.connect("execution-layer")

        let publisher = try server.connect("position-publisher")
        try publisher("HSET", "quantum:ledger:cash", "balance_usd", "100000", "timestamp", now)
        try publisher("HSET", "quantum:cluster:stress:default", "stress", "0")
        for symbol in LeastPrivilegeDeployment.symbols {
            try publisher("HSET", "quantum:state:market:\(symbol)", "sigma", "0.01")
            try publisher(
                "HSET", "quantum:position:snapshot:\(symbol)", "position_amt", "0", "mark_price", "100000", "ts_epoch",
                now)
            try publisher("EXPIRE", "quantum:position:snapshot:\(symbol)", "3600")
        }
        // The older form of the position record.
        try publisher(
            "HSET", "quantum:state:positions:AUSDT", "position_amt", "0", "mark_price", "100000", "ts_epoch", now)
        try deployment.startStateUpdater()
        budgets = try deployment.startBudgetService(mode: "shadow")
        host = try deployment.startHost()
    }

    func budgetsAppear() async throws {
        try await eventually("a budget") {
            try looking("HGET", "quantum:portfolio:budget:AUSDT", "mode").text == "shadow"
        }
        #expect(try looking("HGET", "quantum:state:portfolio", "equity_usd").text == "100000.00")
        #expect(try looking("EXISTS", "quantum:portfolio:heat").integer == 1)
        try await deployment.hostIs(ready: true)
    }

    func modeIsChanged() async throws {
        #expect(try await deployment.setMode("enforce").status == 0)
        try await eventually("the mode in the budget") {
            try looking("HGET", "quantum:portfolio:budget:AUSDT", "mode").text == "enforce"
        }
        #expect(try looking.entries("quantum:stream:governor.events").last?["origin"] == "request")
    }

    func plansAreDecided() async throws {
        try admin("SET", "quantum:permit:foreign", "from another Governor")
        try producer.publish(Plans.open("within", "AUSDT", quantity: "0.005"))
        try producer.publish(Plans.open("over", "BUSDT", quantity: "0.9"))
        try producer.publish(Plans.open("foreign", "CUSDT", quantity: "0.005"))
        try producer.publish([("plan_id", "skipped"), ("symbol", "AUSDT"), ("decision", "SKIP")])
        try producer.publish([("symbol", "AUSDT"), ("decision", "EXECUTE")])
        #expect(
            try await outcomes(5) == [
                "within permit", "over block", "foreign duplicate", "skipped skip", " dead_letter",
            ])
        try producer.publish(Plans.open("within", "AUSDT", quantity: "0.005"))
        try producer.publish(Plans.open("foreign", "CUSDT", quantity: "0.005"))
        #expect(try await outcomes(7).suffix(2) == ["within duplicate", "foreign duplicate"])
        try producer.publish(Plans.open("over", "BUSDT", quantity: "0.8"))
        #expect(try await outcomes(8).last == "over block")
        #expect(try looking.entries("quantum:stream:governor.decision").last?["reason"] == "plan_id_reused")
        #expect(try looking("XLEN", "quantum:stream:budget.violation").integer == 1)
        #expect(try looking("XLEN", "quantum:stream:apply.plan.dead").integer == 1)
        #expect(try executing("GET", "quantum:governor:block:over").text?.contains("p28_budget_violation") == true)
    }

    func permitsAreTakenAndReported() async throws {
        try executing("XGROUP", "CREATE", "quantum:stream:apply.plan", "execution", "0")
        #expect(
            try executing("XREADGROUP", "GROUP", "execution", "one", "STREAMS", "quantum:stream:apply.plan", ">")
                .element(0)?.element(1)?.count == 8)
        let take = "local permit = redis.call('GET', KEYS[1]) redis.call('DEL', KEYS[1]) return permit"
        #expect(try executing("EVAL", take, "1", "quantum:permit:within").text?.contains(#""granted": true"#) == true)
        #expect(try executing("EXISTS", "quantum:permit:within").integer == 0)
        try producer.publish(Plans.open("done", "AUSDT", quantity: "0.005"))
        #expect(try await outcomes(9).last == "done permit")
        #expect(try executing("GETDEL", "quantum:permit:done").text?.contains(#""granted": true"#) == true)

        for (plan, executed) in [("within", "false"), ("done", "true")] {
            try executing(
                "XADD", "quantum:stream:apply.result", "*", "plan_id", plan, "symbol", "AUSDT", "executed", executed,
                "exchange_refused", executed == "true" ? "false" : "true")
        }
        try await hasState("within", "void")
        try await hasState("done", "executed")
        #expect(try looking("HGET", account("AUSDT"), "t:0").text == "500000")
    }

    /// The pending entries of a dead host: one still in the stream, one deleted.
    func pendingEntriesAreClaimed() async throws {
        host.signal(SIGTERM)
        #expect(try await host.finish(within: 20).status == 0)
        #expect(try looking("XINFO", "CONSUMERS", "quantum:stream:apply.plan", "governor").count == 0)
        for plan in ["claimed", "deleted"] { try producer.publish(Plans.open(plan, "DUSDT", quantity: "0.005")) }
        let dead = try server.connect("gatehost")
        let read = try dead("XREADGROUP", "GROUP", "governor", "dead", "STREAMS", "quantum:stream:apply.plan", ">")
            .element(0)?.element(1)
        try admin("XDEL", "quantum:stream:apply.plan", read?.element(1)?.element(0)?.text ?? "")
        // What an earlier release has reserved is taken over, and what has ended is dropped.
        let later = String((Int(now) ?? 0) * 1_000 + 600_000)
        try admin(
            "HSET", "quantum:governor:reserved:position:DUSDT", "live", "0.001 \(later) 0", "ended", "0.5 1 0")
        host = try deployment.startHost()
        #expect(try await outcomes(11).suffix(2).sorted() == [" dead_letter", "claimed permit"])
        #expect(try looking("HGET", account("DUSDT"), "t:0").text == "600000")
        #expect(try looking("EXISTS", "quantum:governor:reserved:position:DUSDT").integer == 0)
    }

    func exposureIsStopped() async throws {
        try producer.publish(Plans.open("scoped", "CUSDT", quantity: "0.005"))
        #expect(try await outcomes(12).last == "scoped permit")
        let stopped = try await deployment.kill("--symbol", "CUSDT", "--why", "delisted")
        #expect(stopped.status == 0 && stopped.errors == "")
        try await hasState("scoped", "revoked")
        #expect(try await deployment.kill("status").output.contains("\nquantum:kill:symbol:CUSDT: on\n"))
        // The host takes it back too, without the command.
        try producer.publish(Plans.open("by-hand", "DUSDT", quantity: "0.005"))
        #expect(try await outcomes(13).last == "by-hand permit")
        let person = try server.connect("kill-switch")
        try person("SET", "quantum:kill:source:intent_bridge", "on")
        try await hasState("by-hand", "revoked")
        try person("DEL", "quantum:kill:source:intent_bridge")
        let all = try await deployment.kill("--why", "exchange is down")
        #expect(all.status == 0 && all.errors == "")
        try producer.publish(Plans.open("stopped", "EUSDT", quantity: "0.005"))
        #expect(try await outcomes(14).last == "stopped block")
        try await hasState("claimed", "revoked")
        #expect(try executing("EXISTS", "quantum:permit:claimed").integer == 0)
        try person("DEL", "quantum:kill")
        // A bucket that has ended.
        try admin("HSET", account("EUSDT"), "t:0", "50000000", "g:old.1:0", "50000000")
        try producer.publish(Plans.open("again", "EUSDT", quantity: "0.005"))
        #expect(try await outcomes(15).last == "again permit")
        #expect(try looking("HGET", account("EUSDT"), "t:0").text == "500000")
    }

    func connectionsAreClosed() async throws {
        try admin("CLIENT", "KILL", "USER", "gatehost")
        // A key of another type is put aside.
        try admin("SET", account("FUSDT"), "no account")
        try producer.publish(Plans.open("reconnected", "FUSDT", quantity: "0.005"))
        #expect(try await outcomes(16).last == "reconnected permit")
    }

    func keyOfTheWrongTypeIsRepaired() async throws {
        try admin("RENAME", "quantum:stream:apply.plan.dead", "put-aside")
        try admin("SET", "quantum:stream:apply.plan.dead", "no stream")
        try producer.publish(Plans.open("repaired", "FUSDT", quantity: "0.005"))
        try await deployment.hostIs(ready: false)
        #expect(
            try await deployment.askHost("health/ready").body.contains(
                "quantum:stream:apply.plan.dead is a string, not a stream"))
        try admin("RENAME", "put-aside", "quantum:stream:apply.plan.dead")
        #expect(try await outcomes(17).last == "repaired permit")
    }

    /// The host creates its group again, and finds by the decision stream what is decided.
    func groupIsDestroyed() async throws {
        let before = try looking("XLEN", "quantum:stream:governor.decision").integer ?? 0
        let destroy = """
            redis.call('SET', 'quantum:governor:intake:progress:' .. KEYS[1] .. ':governor', '1-1 0')
            redis.call('XGROUP', 'DESTROY', KEYS[1], 'governor')
            """
        try admin("EVAL", destroy, "1", "quantum:stream:apply.plan")
        try producer.publish(Plans.fullClose("regrouped", "FUSDT"))
        #expect(try await outcomes(before + 1).last == "regrouped permit")
        #expect(try looking("HLEN", "quantum:governor:hosts:governor").integer == 1)
    }

    func budgetServiceRestarts() async throws {
        budgets.signal(SIGTERM)
        #expect(try await budgets.finish(within: 20).status == 0)
        budgets = try deployment.startBudgetService(mode: "enforce")
        try await eventually("the mode of the environment to take over") {
            try looking("HGET", "quantum:portfolio:mode", "origin").text == "environment"
        }
    }

    /// Publishes 300 plans in one command, so that the host reads full batches. Half of them repeat a plan id. One plan
    /// has been decided already, and its permit was taken.
    func burstIsCommittedInTransactions() async throws {
        // The batch after a report, or after another host's commit, goes to the script.
        for plan in ["first", "second"] {
            let count = try looking("XLEN", "quantum:stream:governor.decision").integer ?? 0
            try producer.publish(Plans.fullClose(plan, "AUSDT"))
            #expect(try await outcomes(count + 1).last == "\(plan) permit")
        }
        let before = try looking("XLEN", "quantum:stream:governor.decision").integer ?? 0
        let acknowledgements = try calls("xack")
        try publishCloses(named: "close", 300)
        let decided = try await outcomes(before + 300).suffix(300)
        #expect(decided.filter { $0 == "close-150 permit" }.count == 1)
        #expect(decided.filter { $0 == "close-150 duplicate" }.count == 150)
        #expect(Set(decided.filter { $0.hasSuffix("permit") }).count == 150)
        // A transaction acknowledges all its entries by one XACK.
        #expect(try calls("xack") - acknowledgements < 250)
    }

    /// Another host seems to have committed last, and to hold the baton.
    func busyHostsTakeTurns() async throws {
        let before = try looking("XLEN", "quantum:stream:governor.decision").integer ?? 0
        try admin("SET", "quantum:governor:intake:commits", "other.1.1")
        try admin("SET", "quantum:governor:intake:baton:holder", "1", "PX", "400")
        // The first full batches show that others commit, those behind them wait for the turn.
        try publishCloses(named: "turn", 900)
        let decided = try await outcomes(before + 900).suffix(900)
        #expect(decided.filter { $0 == "turn-450 permit" }.count == 1)
    }

    /// Publishes plans at once, the second half with one plan id.
    private func publishCloses(named name: String, _ count: Int) throws {
        let publish = """
            for n = 1, ARGV[3] do
              redis.call('XADD', KEYS[1], '*', 'plan_id', ARGV[2] .. '-' .. math.min(n, ARGV[3] / 2), 'symbol', 'AUSDT',
                'decision', 'EXECUTE', 'action', 'FULL_CLOSE_PROPOSED', 'close_qty', '0.0', 'price', '',
                'timestamp', ARGV[1])
            end
            """
        try admin("EVAL", publish, "1", "quantum:stream:apply.plan", now, name, String(count))
    }

    private func account(_ symbol: String) -> String { "quantum:governor:account:position:\(symbol)" }

    private func hasState(_ plan: String, _ state: String) async throws {
        try await eventually("\(plan) \(state)") {
            try looking("GET", "quantum:governor:outcome:\(plan)").text?.contains(" permit \(state) ") == true
        }
    }

    private func calls(_ command: String) throws -> Int {
        let lines = try admin("INFO", "commandstats").text?.split(separator: "\r\n") ?? []
        return lines.compactMap { $0.firstMatch(of: /^cmdstat_([^:]+):calls=(\d+)/) }.first { $0.output.1 == command }
            .flatMap { Int($0.output.2) } ?? 0
    }

    func operatorLooks() async throws {
        try await deployment.hostIs(ready: true)
        #expect(try await deployment.askHost("health/live").status == 200)
        #expect(
            try await deployment.askHost("metrics").body.contains(
                "\ngatehost_records_cached{stream=\"quantum:stream:apply.plan\"} 1\n"))
        #expect(try await deployment.askBudgetService("health").body.contains(#""redis":"connected""#))
        #expect(try await deployment.askBudgetService("budget/AUSDT").body.contains(#""mode":"enforce""#))
        #expect(
            try await deployment.askBudgetService("budget/check?symbol=AUSDT&position_notional=1", method: "POST").body
                .contains(#""violation":false"#))
        #expect(try await deployment.askBudgetService("metrics").status == 200)
        let evaluation = try await deployment.evaluate(["symbol=FUSDT", "side=BUY", "qty=0.9", "price=100000"])
        #expect(evaluation.output.contains("p28_budget_violation"), "\(evaluation.errors)")
        let newest = "return redis.call('XREVRANGE', KEYS[1], '+', '-', 'COUNT', 1)"
        #expect(try looking("EVAL_RO", newest, "1", "quantum:stream:governor.decision").count == 1)
    }

    /// Plan and outcome of every decision, once there are `count` decisions.
    private func outcomes(_ count: Int) async throws -> [String] {
        try await eventually("\(count) decisions") {
            try looking("XLEN", "quantum:stream:governor.decision").integer ?? 0 >= count
        }
        return try looking.entries("quantum:stream:governor.decision").map {
            "\($0["plan_id"] ?? "") \($0["outcome"] ?? "")"
        }
    }

    /// All commands that the server has executed, those within scripts included.
    func usedCommands() throws -> Set<String> {
        let lines = try admin("INFO", "commandstats").text?.split(separator: "\r\n") ?? []
        return Set(lines.compactMap { $0.firstMatch(of: /^cmdstat_([^:]+):/).map { String($0.output.1) } })
    }

    func grants(to user: String) -> Set<String> {
        let line = server.rules.split(separator: "\n").first { $0.hasPrefix("user \(user) ") } ?? ""
        return Set(line.matches(of: /\+([a-z_|]+)/).map { String($0.output.1) })
    }
}
