import Redis
import TestSupport

/// Faults of streams, groups and entries.
enum EntryFaults {
    static let all = [streamDeleted, groupDestroyed, poison, deadly]

    private static let deadLetters = "quantum:stream:apply.plan.dead"

    private static let streamDeleted = Fault(
        "stream-deleted",
        "The intents' stream is deleted under the host, with entries undecided, and plans are published to a new one",
        expected: "the host creates the group again; a deleted entry gets at most one decision, a later one exactly one"
    ) { trial in
        let stage = try Stage(trial)
        let host = try stage.startHost()
        try stage.publish(2_000)
        try stage.waitForDecisions(Int.random(in: 1..<1_000, using: &trial.generator))
        let before = try Books.plans(Stage.stream, stage.connection)
        try stage.command("DEL", Stage.stream)
        try stage.publish(1_000)
        try stage.waitForOutcome(of: stage.published - 1)
        try host.waitUntilReady()
        try host.stop()
        let decided = Set(try Books(stage.connection).records.map(\.intentID))
        let books = try Books(stage.connection, earlier: before.filter { decided.contains($0.id) })
        try expect(books.problems.isEmpty, books.problems.joined(separator: "; "))
        let later = books.plans.count { $0.number >= before.count }
        try expect(later == 1_000, "\(later) of 1,000 later plans are in the stream")
        try expect(
            books.records.allSatisfy { $0.failedOpen.isEmpty && $0.outcome != "duplicate" }, "fail-opens or duplicates")
        return
            "\((2_000 - (books.plans.count - later)).grouped) entries deleted undecided, 1,000 published later; "
            + "one decision each; no fail-open"
    }

    private static let groupDestroyed = Fault(
        "group-destroyed", "The consumer group is destroyed under the host, with entries undecided",
        expected:
            "the host creates the group again behind its last decided entry: nothing is lost or decided twice"
    ) { trial in
        let stage = try Stage(trial)
        let host = try stage.startHost()
        let rounds = trial.amount(quick: 3, full: 20)
        for _ in 0..<rounds {
            let before = try stage.decided
            try stage.publish(1_000)
            try stage.waitForDecisions(before + Int.random(in: 1..<900, using: &trial.generator))
            try stage.command("XGROUP", "DESTROY", Stage.stream, Stage.group)
            try stage.waitForDecisions(stage.published)
        }
        return "\(rounds) times; " + (try stage.audit(stopping: [host])).text
    }

    private static let poison = Fault(
        "poison-entry", "Another consumer left entries pending after 9, 10 and 11 deliveries (max_deliveries 10)",
        expected:
            "the host claims them; the third becomes a dead letter, too_many_deliveries; all others are judged"
    ) { trial in
        let stage = try Stage(trial)
        try stage.command("XGROUP", "CREATE", Stage.stream, Stage.group, "0", "MKSTREAM")
        try stage.publish(100)
        let ids =
            try stage.command("XREADGROUP", "GROUP", Stage.group, "ghost", "COUNT", "100", "STREAMS", Stage.stream, ">")
            .element(0)?.element(1)?.elements.compactMap { $0.element(0)?.text } ?? []
        try expect(ids.count == 100, "the ghost was given \(ids.count) entries")
        // The host's claim counts as one more delivery.
        for (number, deliveries) in [(10, 8), (40, 9), (70, 10)] {
            try stage.command(
                "XCLAIM", Stage.stream, Stage.group, "ghost-2", "0", ids[number], "RETRYCOUNT", "\(deliveries)",
                "JUSTID")
        }
        let host = try stage.startHost()
        let audit = try stage.audit(Explanation(isDeadLetter: { $0.number == 70 }), stopping: [host])
        let letters = try stage.command("XRANGE", deadLetters, "-", "+").elements.compactMap {
            $0.element(1).map(RedisFixture.dictionary)
        }
        let letter = letters.first ?? [:]
        try expect(
            letters.count == 1 && letter["_reason"] == "too_many_deliveries" && letter["_deliveries"] == "11",
            "dead letters: \(letters)")
        try expect(
            letter["plan_id"] == "plan-70" && letter["_intent_id"] == ids[70],
            "the dead letter is not the entry: \(letter)")
        return audit.text + "; 1 dead letter, too_many_deliveries after 11"
    }

    private static let deadly = Fault(
        "poison-kills-host",
        "An entry makes every process that judges it die of SIGKILL, so no gate is blamed (max_deliveries 3)",
        expected: "after 3 deliveries it becomes a dead letter; no gate_crash; all other plans are judged"
    ) { trial in
        let stage = try Stage(trial)
        stage.deployment.containment = "max_deliveries: 3"
        let host = try stage.startHost()
        try stage.decide(100)
        let culprit = 100 + Int.random(in: 0..<100, using: &trial.generator)
        try stage.decide(100) { $0 == culprit ? "kill" : nil }
        try host.waitUntilReady()
        let restarts = host.metric("gatehost_restarts") ?? 0
        try host.metric("gatehost_gate_crashes_total{gate=\"faulty\"}", becomes: 0)
        let audit = try stage.audit(Explanation(isDeadLetter: { $0.number == culprit }), stopping: [host])
        let letters = try stage.command("XRANGE", deadLetters, "-", "+").elements.compactMap {
            $0.element(1).map(RedisFixture.dictionary)
        }
        try expect(letters.count == 1 && letters.first?["_reason"] == "too_many_deliveries", "dead letters: \(letters)")
        return audit.text
            + "; 1 dead letter after \(letters.first?["_deliveries"] ?? "?") deliveries and \(Int(restarts)) restarts"
    }
}
