package import GateAPI
import TradingState

/// The ordered gates as one pure function: (entry, inputs, now) to decision. No I/O and no randomness; the only clock is the stopwatch, which the caller
/// brings and which touches nothing but the recorded durations.
package struct Pipeline: Sendable {
    /// The gates that are not off, in file order.
    package let slots: [GateSlot]
    /// A result for each gate that none has filled in yet.
    private let blank: [GateResult]
    /// Intents older than this are not judged: whoever waited for an answer has given up, and a permit would only tie up a share of the limits.
    private let expireAfter: Duration?

    package init(gates: [ConfiguredGate], expireAfter: Duration? = nil) {
        self.expireAfter = expireAfter
        slots = gates.filter { $0.mode != .off }.map(GateSlot.init)
        blank = slots.map { GateResult(slot: $0) }
    }

    /// Requests every record that judging the intent needs.
    package func request(for intent: Intent, _ inputs: inout InputRequest) {
        for slot in slots { slot.request(for: intent, &inputs) }
        Sizing.request(for: intent, &inputs)
    }

    /// Every kind of record that may be requested.
    var records: [any StateRecord.Type] { slots.flatMap(\.records) + Sizing.records }

    /// - Parameter used: the results of an earlier decision of this pipeline that nobody needs any more; their memory serves again.
    package func decide(_ entry: StreamEntry, _ inputs: Inputs, stopwatch: Stopwatch, reusing used: consuming [GateResult] = []) -> Decision {
        switch entry.parsed {
        case .execute(let intent):
            if isExpired(entry, inputs.now) { return Decision(entry, id: entry.id, .skip, symbol: intent.symbol.name, reason: "intent_expired") }
            var results = used
            if results.count != blank.count { results = blank }
            return judge(entry, intent, inputs, stopwatch, results)
        case .skip(_, let symbol, _): return Decision(entry, id: entry.id, .skip, symbol: symbol, reason: "decision_not_execute")
        case .rejected(let rejection): return Decision(entry, id: entry.id, .deadLetter, reason: rejection.rawValue)
        }
    }

    private func isExpired(_ entry: StreamEntry, _ now: Timestamp) -> Bool {
        guard let expireAfter else { return false }
        return now.since(Timestamp(milliseconds: Int64(clamping: entry.id.milliseconds))) > expireAfter
    }

    private func judge(
        _ entry: StreamEntry, _ published: Intent, _ inputs: Inputs, _ stopwatch: Stopwatch, _ results: consuming [GateResult]
    ) -> Decision {
        var course = Course(results: results, start: stopwatch.now())
        run(published, from: 0, inputs, stopwatch, &course)
        let outcome: Outcome = course.blocking == nil ? .permit : .block
        let deciding = course.blocking ?? course.amending
        let gate = deciding.map { slots[$0].name } ?? ""
        let reason = deciding.map { course.results[$0].reason } ?? "all_gates_passed"
        var permit: Permit?
        if outcome == .permit {
            permit = Sizing.permit(for: course.amended ?? published, published: published, extraCooldown: course.extraCooldown, inputs)
        }
        if let amended = course.amended { course.reservations = course.reservations.map { $0.scaled(to: amended.quantity.value) } }
        let events = course.events
        let reservations = course.reservations
        return Decision(
            judged: entry, outcome, symbol: published.symbol.name, gate: gate, reason: reason, results: course.results, permit: permit,
            events: events, reservations: reservations)
    }

    /// Asks the gates from one on. Where a gate amends the intent, the rest is asked about what it has become.
    private func run(_ intent: Intent, from first: Int, _ inputs: Inputs, _ stopwatch: Stopwatch, _ course: inout Course) {
        var index = first
        while index < slots.count {
            defer { index &+= 1 }
            let isPlainPass = slots[index].judge(intent, inputs, &course.results[index].finding)
            // One look at the clock ends this gate's time and begins the next one's.
            let end = stopwatch.now()
            course.results[index].nanoseconds = end &- course.start
            course.start = end
            if isPlainPass {
                course.results[index].effect = .none
            } else if let amended = course.take(index, slots[index], intent, inputs) {
                run(amended, from: index &+ 1, inputs, stopwatch, &course)
                course.amended = course.amended ?? amended
                return
            }
        }
    }

    /// What the gates have said so far.
    private struct Course {
        var results: [GateResult]
        /// When the gate that is being asked was asked.
        var start: UInt64
        var events: [PendingEvent] = []
        var reservations: [PendingReservation] = []
        /// The first gate that blocks.
        var blocking: Int?
        /// The last gate that amended.
        var amending: Int?
        /// What the intent has become in the end, where it is amended.
        var amended: Intent?
        var extraCooldown = Duration.zero

        init(results: consuming [GateResult], start: UInt64) {
            self.results = results
            self.start = start
        }

        /// Takes a verdict that is more than a pass; gives the intent where it is amended by it.
        mutating func take(_ index: Int, _ slot: GateSlot, _ intent: Intent, _ inputs: Inputs) -> Intent? {
            if let reservation = results[index].finding.reservation {
                if let last = inputs.lastReservation(reservation) {
                    // With a permit it is taken; with a block it only guards what it was judged on.
                    reservations.append(PendingReservation(reservation: reservation, quantity: intent.quantity.value, expectedLast: last))
                } else {
                    // Nothing could guard it, so it must not be made.
                    results[index].finding.fail(.error, detail: "reserves on a record that it did not request or cannot read")
                }
            }
            if results[index].finding.kind == .pass {
                results[index].effect = .none
                return nil
            }
            let enforced = slot.mode == .enforce && !results[index].finding.advisory
            let amendment = results[index].finding.amendment
            let amended = amendment.flatMap { intent.amended($0) }
            if amendment != nil, amended == nil { results[index].finding.fail(.badAmendment) }
            let effect = Pipeline.effect(of: results[index].finding.kind, enforced: enforced, of: slot)
            results[index].effect = effect
            if effect.blocks, blocking == nil { blocking = index }
            for event in results[index].finding.effects { events.append(PendingEvent(event: event, enforced: enforced)) }
            guard effect == .amended else { return nil }
            amending = index
            if case .extraCooldown(let wait) = amendment { extraCooldown = max(extraCooldown, wait) }
            return amended
        }
    }

    private static func effect(of kind: VerdictKind, enforced: Bool, of slot: GateSlot) -> GateEffect {
        switch kind {
        case .pass: .none
        case .block: enforced ? .blocked : .wouldBlock
        case .amend: enforced ? .amended : .wouldAmend
        case .abstain, .failed:
            switch slot.onFailure {
            case .allow: .failedOpen
            case .deny: slot.mode == .enforce ? .failedClosed : .wouldFailClosed
            }
        }
    }
}

/// Measures how long a gate takes, in nanoseconds. Replays use ``none``, so that the same arguments give the same bytes.
package enum Stopwatch: Sendable {
    case none, monotonic

    @inline(__always)
    func now() -> UInt64 {
        self == .none ? 0 : Monotonic.nanoseconds()
    }
}
