package import Deployment
package import GateAPI
import Platform
import TradingState

/// The ordered gates as one pure function: (entry, inputs, now) to decision. No I/O and no randomness; the only clock
/// is the stopwatch, which the caller brings and which touches nothing but the recorded durations.
package struct Pipeline: Sendable {
    /// The gates that are not off, in file order.
    package let slots: [GateSlot]
    /// A result for each gate that none has filled in yet.
    private let blank: [GateResult]
    /// Intents older than this are not judged: whoever waited for an answer has given up, and a permit would only tie
    /// up a share of the limits.
    private let expireAfter: Duration?

    package init(gates: [ConfiguredGate], expireAfter: Duration? = nil) {
        self.expireAfter = expireAfter
        slots = gates.filter { $0.mode != .off }.map(GateSlot.init)
        blank = slots.map { GateResult(slot: $0) }
    }

    /// Requests every record that judging the intent needs.
    package func request(for intent: Intent, _ inputs: inout InputRequest) {
        request(for: intent, &inputs, contained: nil)
    }

    /// - Parameter calls: what contains the gates' faults; `nil` where nothing does.
    func request(for intent: Intent, _ inputs: inout InputRequest, contained calls: GateCalls?) {
        for index in slots.indices where calls?.enterRequest(index) ?? true {
            slots[index].request(for: intent, &inputs)
        }
        calls?.leave()
        Sizing.request(for: intent, &inputs)
    }

    /// Every kind of record that may be requested.
    var records: [any StateRecord.Type] { slots.flatMap(\.records) + Sizing.records }

    /// - Parameters:
    ///   - used: the results of an earlier decision of this pipeline that nobody needs any more; their memory serves
    ///     again.
    ///   - calls: what contains the gates' faults; `nil` where nothing does, and every gate is asked.
    package func decide(
        _ entry: StreamEntry, _ inputs: Inputs, stopwatch: Stopwatch, reusing used: consuming [GateResult] = [],
        contained calls: GateCalls? = nil
    ) -> Decision {
        switch entry.parsed {
        case .execute(let intent):
            if isExpired(entry, inputs.now) {
                return Decision(entry, id: entry.id, .skip, symbol: intent.symbol.name, reason: "intent_expired")
            }
            var results = used
            if results.count != blank.count { results = blank }
            return judge(entry, intent, inputs, Asking(stopwatch: stopwatch, calls: calls), results)
        case .skip(_, let symbol, _):
            return Decision(entry, id: entry.id, .skip, symbol: symbol, reason: "decision_not_execute")
        case .rejected(let rejection): return Decision(entry, id: entry.id, .deadLetter, reason: rejection.rawValue)
        }
    }

    private func isExpired(_ entry: StreamEntry, _ now: Timestamp) -> Bool {
        guard let expireAfter else { return false }
        return now.since(Timestamp(milliseconds: Int64(clamping: entry.id.milliseconds))) > expireAfter
    }

    /// How gates are asked.
    private struct Asking {
        let stopwatch: Stopwatch
        let calls: GateCalls?
    }

    private func judge(
        _ entry: StreamEntry, _ published: Intent, _ inputs: Inputs, _ asking: Asking, _ results: consuming [GateResult]
    ) -> Decision {
        var course = Course(results: results, start: asking.stopwatch.now())
        asking.calls?.begin(entry.id, at: course.start)
        run(published, from: 0, inputs, asking, &course)
        asking.calls?.leave()
        let outcome: Outcome = course.blocking == nil ? .permit : .block
        let deciding = course.blocking ?? course.amending
        let gate = deciding.map { slots[$0].name } ?? ""
        let reason = deciding.map { course.results[$0].reason } ?? "all_gates_passed"
        var permit: Permit?
        if outcome == .permit {
            permit = Sizing.permit(
                for: course.amended ?? published, published: published, extraCooldown: course.extraCooldown, inputs)
        }
        if let amended = course.amended {
            course.reservations = course.reservations.map { $0.scaled(to: amended.quantity.value) }
        }
        let events = course.events
        let reservations = course.reservations
        return Decision(
            judged: entry, outcome, symbol: published.symbol.name, gate: gate, reason: reason, results: course.results,
            permit: permit,
            events: events, reservations: reservations)
    }

    /// Asks the gates from one on. Where a gate amends the intent, the rest is asked about what it has become.
    private func run(_ intent: Intent, from first: Int, _ inputs: Inputs, _ asking: Asking, _ course: inout Course) {
        let calls = asking.calls
        var index = first
        while index < slots.count {
            defer { index &+= 1 }
            let isAsked = calls?.enter(index, at: course.start, &course.results[index].finding) ?? true
            var isPlainPass = isAsked && slots[index].judge(intent, inputs, &course.results[index].finding)
            // One look at the clock ends this gate's time and begins the next one's.
            let end = asking.stopwatch.now()
            course.results[index].nanoseconds = end &- course.start
            course.start = end
            if let calls, isAsked, calls.isOverrun(index, course.results[index].nanoseconds), !calls.post.isGivenUp {
                isPlainPass = askAgain(index, intent, inputs, asking, calls, &course)
            }
            if isPlainPass {
                course.results[index].effect = .none
                if let calls, calls.isTriedOut(index) { calls.settle(index, at: end, hasFailed: false) }
                continue
            }
            let amended = course.take(index, slots[index], intent, inputs, calls)
            if let calls, isAsked {
                calls.settle(index, at: end, hasFailed: course.results[index].finding.kind == .failed)
            }
            if let amended {
                run(amended, from: index &+ 1, inputs, asking, &course)
                course.amended = course.amended ?? amended
                return
            }
        }
    }

    /// Asks a gate again that has taken too long: a gate is a pure function, so one that was merely held up by the
    /// machine says the same in time. Whoever is late twice, the second time of its own doing, has failed.
    private func askAgain(
        _ index: Int, _ intent: Intent, _ inputs: Inputs, _ asking: Asking, _ calls: GateCalls, _ course: inout Course
    ) -> Bool {
        let usage = ThreadUsage.now()
        calls.enterAgain(index)
        let isPlainPass = slots[index].judge(intent, inputs, &course.results[index].finding)
        let end = asking.stopwatch.now()
        let elapsed = end &- course.start
        course.start = end
        guard calls.isOverrun(index, elapsed), usage.isExceeded(by: calls.deadline(index)) else { return isPlainPass }
        course.results[index].finding.fail(
            .deadline,
            detail: "took \(course.results[index].nanoseconds / 1_000) us, and \(elapsed / 1_000) us when asked again")
        course.results[index].nanoseconds &+= elapsed
        calls.noteLate()
        return false
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
        mutating func take(_ index: Int, _ slot: GateSlot, _ intent: Intent, _ inputs: Inputs, _ calls: GateCalls?)
            -> Intent?
        {
            if let reservation = results[index].finding.reservation {
                if let last = inputs.lastReservation(reservation) {
                    // With a permit it is taken; with a block it only guards what it was judged on.
                    reservations.append(
                        PendingReservation(
                            reservation: reservation, quantity: intent.quantity.value, expectedLast: last))
                } else {
                    // Nothing could guard it, so it must not be made.
                    results[index].finding.fail(
                        .error, detail: "reserves on a record that it did not request or cannot read")
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
            var effect = Pipeline.effect(
                of: results[index].finding.kind, enforced: enforced, slot.mode, calls?.policy(index) ?? slot.onFailure)
            // A gate that cannot judge keeps nobody from closing.
            if effect == .failedClosed || effect == .wouldFailClosed, inputs.showNoNewExposure(of: intent) {
                effect = .failedOpen
            }
            results[index].effect = effect
            if effect.blocks, blocking == nil { blocking = index }
            for event in results[index].finding.effects {
                events.append(PendingEvent(event: event, enforced: enforced))
            }
            guard effect == .amended else { return nil }
            amending = index
            if case .extraCooldown(let wait) = amendment { extraCooldown = max(extraCooldown, wait) }
            return amended
        }
    }

    private static func effect(of kind: VerdictKind, enforced: Bool, _ mode: GateMode, _ onFailure: FailurePolicy)
        -> GateEffect
    {
        switch kind {
        case .pass: .none
        case .block: enforced ? .blocked : .wouldBlock
        case .amend: enforced ? .amended : .wouldAmend
        case .abstain, .failed:
            switch onFailure {
            case .allow: .failedOpen
            case .deny: mode == .enforce ? .failedClosed : .wouldFailClosed
            }
        }
    }
}

extension Inputs {
    /// Whether the intent takes on no exposure, as far as a fresh position tells.
    fileprivate func showNoNewExposure(of intent: Intent) -> Bool {
        let position = try? position(intent.symbol, within: Sizing.positionMaxAge, missing: .unknown)
        return switch intent.exposure(from: position?.quantity) {
        case .reduces, .unchanged: true
        case .adds, .unknown: false
        }
    }
}

/// Measures how long a gate takes, in nanoseconds. Replays use ``none``, so that the same arguments give the same
/// bytes.
package enum Stopwatch: Sendable {
    case none, monotonic

    @inline(__always)
    func now() -> UInt64 {
        self == .none ? 0 : Monotonic.nanoseconds()
    }
}
