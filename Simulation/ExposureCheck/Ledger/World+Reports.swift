/// Reports of the consumer.
enum ReportKind: UInt8, CaseIterable, Sendable {
    /// Executed false.
    case notExecuted
    /// Executed false: the exchange refused it.
    case refused
    /// Executed true, without a quantity.
    case executed
    /// Executed true with the filled quantity.
    case filled
}

extension World {
    /// Whether an honest consumer may say that: it tells of an execution when the order is done, and of a refusal only
    /// if there was one. It may report no execution at any time, as one that timed out does.
    func mayReport(_ kind: ReportKind, on slot: Int) -> Bool {
        let grant = grants[slot]
        return switch kind {
        case .notExecuted: grant.book == .given
        case .refused: grant.isTaken && grant.isRefused
        case .executed, .filled: grant.isExecuted
        }
    }

    mutating func report(_ kind: ReportKind, on slot: Int, _ model: Model) {
        let grant = grants[slot]
        // Nothing counts after a report of an execution.
        if grant.book == .executed { return }
        switch kind {
        case .notExecuted:
            guard grant.permit > 0 || model.flaw == .a1 else { return }
            if model.flaw != .a1 { grants[slot].permit = 0 }
            giveBack(slot, as: .revoked, model)
        case .refused:
            guard grant.permit == 0 else { return }
            giveBack(slot, as: .void, model)
        case .executed, .filled:
            execute(slot, counted: kind == .filled ? grant.filled : grant.quantity, model)
        }
    }

    /// Takes back the permits of what opens, in the moment in which the kill switch takes effect.
    mutating func revokeOpenings(_ model: Model) {
        for slot in 0..<Self.slots where grants[slot].permit > 0 && !grants[slot].isCapped {
            grants[slot].permit = 0
            giveBack(slot, as: .revoked, model)
        }
    }

    private mutating func giveBack(_ slot: Int, as book: Grant.Book, _ model: Model) {
        let grant = grants[slot]
        guard grant.book == .given else { return }
        account.take(model.lanes(of: grant), .given, host: grant.host, time: grant.time)
        grants[slot].book = book
        grants[slot].time = 0
    }

    private mutating func execute(_ slot: Int, counted: UInt8, _ model: Model) {
        let grant = grants[slot]
        if grant.book == .given {
            account.take(model.lanes(of: grant), .given, host: grant.host, time: grant.time)
        }
        // The report's time, or that of the snapshot that lies in Redis, if that is later.
        grants[slot].time = model.flaw == .a4 || !snapshot.exists ? 0 : max(0, snapshot.stamp)
        grants[slot].book = .executed
        grants[slot].counted = counted
        grants[slot].late = 0
        if !grant.isCapped { account.isHeld = true }
        // The account may grow.
        account.lastCommit = 0
        account.add(model.lanes(of: grants[slot]), .executed, host: 0, time: grants[slot].time)
    }
}
