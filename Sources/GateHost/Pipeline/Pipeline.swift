package import Deployment
package import GateAPI
import TradingState

/// The ordered gates as one pure function: (entry, inputs, now, configuration) to decision. It does no I/O, reads no
/// clock and knows no randomness: the same arguments give the same decision.
package struct Pipeline: Sendable {
    /// The gates that are not off, in file order.
    package let slots: [GateSlot]
    /// One empty result for each gate.
    private let emptyResults: [GateResult]
    /// Intents older than this open nothing any more.
    private let expireAfter: Duration?
    /// The accounts of the ledger that the gates judge by, each once. Every intent needs them.
    let accounts: [any AccountRecord.Type]
    let sizing: Sizing
    private let planCheck: PlanCheck
    /// The records of a symbol that others write.
    private let symbolRecords: [any StateRecord.Type]
    let reduceOnly: ReduceOnlySupport

    package init(
        gates: [ConfiguredGate], expireAfter: Duration? = nil, reduceOnly: ReduceOnlySupport = .honoured,
        onBadPlan: BadPlanPolicy = .block
    ) {
        self.expireAfter = expireAfter
        self.reduceOnly = reduceOnly
        slots = gates.filter { $0.mode != .off }.map(GateSlot.init)
        emptyResults = slots.map { GateResult(label: $0.label) }
        var seen: Set<ObjectIdentifier> = []
        accounts = slots.flatMap(\.accounts).compactMap { $0 as? any AccountRecord.Type }
            .filter { seen.insert(ObjectIdentifier($0)).inserted }
        sizing = Sizing(
            keepsLedger: seen.contains(ObjectIdentifier(Account<PositionPool>.self)), reduceOnly: reduceOnly)
        symbolRecords = (slots.flatMap(\.records) + Sizing.records).filter {
            $0.isPerSymbol && !($0 is any AccountRecord.Type)
        }
        planCheck = PlanCheck(onBadPlan, gates: slots, sizing)
    }

    /// The name and mode of the host's own check of plans.
    var planLabel: GateLabel { planCheck.label }

    /// Every kind of record that may be requested.
    var records: [any StateRecord.Type] { slots.flatMap(\.records) + Sizing.records + accounts }

    /// Requests every record that judging the intent needs.
    package func request(for intent: Intent, _ inputs: inout InputRequest) {
        request(for: intent, &inputs, through: DirectCalls())
    }

    func request(for intent: Intent, _ inputs: inout InputRequest, through caller: some GateCaller) {
        caller.beginRequests(of: intent.id)
        for index in slots.indices where caller.mayRequest(index) {
            slots[index].request(for: intent, &inputs)
        }
        caller.end()
        Sizing.request(for: intent, &inputs)
        for account in accounts { inputs.add(account, intent.symbol) }
    }

    /// - Parameter used: the results of an earlier decision of this pipeline that is done with. Their memory is used
    ///   again.
    package func decide(_ entry: StreamEntry, _ inputs: Inputs, reusing used: consuming [GateResult] = []) -> Decision {
        decide(entry, inputs, reusing: used, through: DirectCalls())
    }

    /// - Parameter redisTime: Redis' clock, by which an intent's age is measured, because the entry's id is of that
    ///   clock. `nil` measures by the time of the inputs.
    func decide(
        _ entry: StreamEntry, _ inputs: Inputs, redisTime: Timestamp? = nil, reusing used: consuming [GateResult],
        through caller: some GateCaller
    ) -> Decision {
        switch entry.parsed {
        case .execute(let intent):
            var limited: Intent?
            if isExpired(entry, redisTime ?? inputs.now) {
                switch rest(of: intent, inputs) {
                case .nothing:
                    return Decision(
                        entry, id: entry.id, .skip, symbol: intent.symbol.name, reason: ExpiredIntent.reason)
                case .close(let intent): limited = intent
                case .all: break
                }
            }
            var results = used
            if results.count != emptyResults.count { results = emptyResults }
            return judge(entry, intent, limitedTo: limited, inputs, results, caller)
        case .skip(_, let symbol, _):
            let name = Symbol(symbol)?.name ?? ""
            return Decision(entry, id: entry.id, .skip, symbol: name, reason: "decision_not_execute")
        case .rejected(let rejection): return Decision(entry, id: entry.id, .deadLetter, reason: rejection.rawValue)
        }
    }

    private func isExpired(_ entry: StreamEntry, _ now: Timestamp) -> Bool {
        guard let expireAfter else { return false }
        return now.since(Timestamp(milliseconds: Int64(clamping: entry.id.milliseconds))) > expireAfter
    }

    /// - Parameter limited: the intent without what it may not do any more.
    private func judge(
        _ entry: StreamEntry, _ intent: Intent, limitedTo limited: Intent?, _ inputs: Inputs,
        _ results: consuming [GateResult], _ caller: some GateCaller
    ) -> Decision {
        var evaluation = Evaluation(results: results, sizing, reduceOnly)
        if let refusal = planCheck.refusal(of: intent, inputs) { evaluation.add(refusal) }
        caller.beginDecision(on: entry.id)
        ask(from: 0, about: limited ?? intent, inputs, caller, &evaluation)
        caller.end()
        evaluation.limited = limited
        var decision = evaluation.decision(on: entry, intent, inputs)
        decision.lacksEveryRecord = lacksEveryRecord(intent.symbol, inputs, decision.results)
        return decision
    }

    /// Whether a gate could not judge for want of a record, and the symbol has none at all.
    private func lacksEveryRecord(_ symbol: Symbol, _ inputs: Inputs, _ results: [GateResult]) -> Bool {
        // By index: results are large, and this is asked of every plan.
        var isMissing = false
        for index in results.indices where results[index].verdict == .abstain {
            isMissing = isMissing || results[index].reason == AbstainReason.inputMissing.rawValue
        }
        guard isMissing else { return false }
        return symbolRecords.allSatisfy { record in
            inputs.box(for: InputKey(record, symbol)).map { $0.failure == .missing } ?? true
        }
    }

    /// Asks the gates from `first` on. The gates behind one that amends the intent are asked about the amended intent.
    private func ask(
        from first: Int, about intent: Intent, _ inputs: Inputs, _ caller: some GateCaller,
        _ evaluation: inout Evaluation
    ) {
        var index = first
        while index < slots.count {
            defer { index &+= 1 }
            if caller.ask(index, slots[index].evaluator, about: intent, inputs, &evaluation.results[index]) {
                evaluation.results[index].effect = .none
                continue
            }
            let policy = caller.failurePolicy(of: index, slots[index])
            let amended = evaluation.weigh(index, slots[index], about: intent, inputs, onFailure: policy)
            caller.settle(index, evaluation.results[index].verdict)
            if let amended {
                ask(from: index &+ 1, about: amended, inputs, caller, &evaluation)
                evaluation.amended = evaluation.amended ?? amended
                return
            }
        }
    }
}
