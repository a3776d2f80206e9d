import GateHost

/// The commit of a decision: one atomic step in Redis.
extension World {
    enum Committed {
        /// The decision was committed, and a permit took its share.
        case done
        /// A condition failed. The host has the account as it is, and judges again.
        case conflict
    }

    /// - Parameters:
    ///   - slot: a free slot for the grant.
    ///   - isSmall: whether it is the commit of a small batch, which reads and tidies every account that it uses. That
    ///     of a large one reads the account only where it must, or where another host has committed.
    mutating func commit(
        _ ruling: Ruling, _ number: Int, by host: Int, in slot: Int, isSmall: Bool, _ model: Model
    ) -> Committed {
        guard ruling.usesAccount else { return .done }
        let isKnown = account.lastCommit == host + 1
        let isTold = ruling.evidence == .held || ruling.evidence == .flat || tellsStale(host, model)
        let reads = isSmall || isTold || ruling.evidence == .assumed || ruling.bounds.contains { !$0.isAtMost }
        if reads { touch(model, by: host) }
        // A snapshot from before one that has let shares go tells nothing any more.
        if isTold, !isOutdated(host) || model.flaw == .outdated {
            account.isHeld = ruling.evidence == .held
            hosts[host].isHeld = account.isHeld
        }
        var conflicts = false
        if reads || !isKnown {
            var stands = stands(ruling, host, model)
            if !stands, !reads {
                touch(model, by: host)
                stands = self.stands(ruling, host, model)
            }
            // The flaw: nobody asks whether there may be a position where the host assumed that there is none.
            let asks = model.flaw != .overlooking && model.flaw != .a5
            conflicts = !stands || asks && ruling.evidence == .assumed && account.isHeld
        }
        mark(by: host, isKnown: isKnown || reads, model)
        if conflicts {
            read(model, by: host)
            return .conflict
        }
        if ruling.answer != .block, ruling.quantity > 0 { give(ruling, number, by: host, in: slot, model) }
        if reads {
            hosts[host].totals = readableTotals(model)
        } else if ruling.answer != .block {
            hosts[host].totals += ruling.shares
        }
        return .done
    }

    /// The host's commit leaves its mark: if its next one finds that, nobody else has taken a share in between.
    ///
    /// Not so a commit that found another mark and did not read the account: the host still does not know of what the
    /// other has taken.
    mutating func mark(by host: Int, isKnown: Bool, _ model: Model) {
        guard model.scenario.events.contains(.largeBatches) else { return }
        account.lastCommit = isKnown || model.flaw == .hearsay ? UInt8(host + 1) : 0
    }

    /// The flaw: a stale snapshot, too, is evidence that there is no position.
    private func tellsStale(_ host: Int, _ model: Model) -> Bool {
        guard model.flaw == .staleFlat else { return false }
        let view = hosts[host]
        return view.isHeld && view.snapshot.exists && view.snapshot.holding.isFlat
    }

    private func stands(_ ruling: Ruling, _ host: Int, _ model: Model) -> Bool {
        if isOutdated(host) { return false }
        let totals = model.flaw == .p1 ? hosts[host].totals : account.total
        return ruling.bounds.allSatisfy { $0.holds(for: totals) }
    }

    /// Whether the host judged by an older snapshot than one that has let shares go.
    private func isOutdated(_ host: Int) -> Bool {
        let seen = hosts[host].snapshot
        return seen.exists && seen.stamp < account.shown
    }

    private mutating func give(
        _ ruling: Ruling, _ number: Int, by host: Int, in slot: Int, _ model: Model
    ) {
        let order = model.scenario.orders[number]
        var grant = Grant()
        grant.number = UInt8(number + 1)
        grant.host = UInt8(host)
        grant.isCapped = ruling.answer == .capped || order.isCapped
        grant.quantity = UInt8(ruling.quantity)
        grant.permit = model.lives.permit
        grant.counted = UInt8(ruling.quantity)
        grant.time = model.lives.share
        if model.takesNothing(ruling, isCapped: grant.isCapped) {
            grant.book = .void
        } else {
            // The checker's own book must agree with the shares that the host claims.
            let lanes = model.flaw == nil ? ruling.shares : model.lanes(of: grant)
            account.add(lanes, .given, host: grant.host, time: grant.time)
            if model.flaw == .g1 { account.take(lanes, .given, host: grant.host, time: grant.time) }
        }
        grants[slot] = grant
    }
}
