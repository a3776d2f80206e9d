import TradingState

/// The scripts' changes when they touch the account.
extension World {
    /// A host's commit tidies the account by the snapshot that it judged by.
    mutating func touch(_ model: Model, by host: Int) {
        let ahead = model.flaw == .a11 && host == 1 ? model.lives.share + model.lives.executed : 0
        touch(model, snapshot: hosts[host].snapshot.stamp, ahead: ahead)
    }

    /// - Parameters:
    ///   - stamp: the time of the snapshot that the script knows of.
    ///   - ahead: how far the clock that it goes by is ahead of Redis': zero, but for a flaw.
    mutating func touch(_ model: Model, snapshot stamp: Int8, ahead: Int8 = 0) {
        if account.isGarbled {
            account.total = model.flaw == .a10 ? LaneSums() : account.sumOfBuckets
            account.isGarbled = false
        }
        for index in 0..<LedgerAccount.capacity where account.buckets[index].kind != .none {
            let bucket = account.buckets[index]
            let fate = model.fate(bucket.kind, time: bucket.time - ahead, snapshot: stamp)
            guard fate != .stays else { continue }
            if fate == .isShown { account.shown = model.flaw == .clamped ? min(stamp, 0) : max(account.shown, stamp) }
            // An order that may have been filled is not forgotten until a fresh snapshot tells.
            let isNoted = fate == .isShown ? model.flaw != .unnoted : model.flaw != .forgetting
            if isNoted, bucket.lanes.sum(.opening) > 0 { account.isHeld = true }
            account.total -= bucket.lanes
            account.buckets[index] = LedgerAccount.Bucket()
        }
        // The checker's own book, kept apart: the sums must agree.
        for slot in 0..<Self.slots where grants[slot].isLive {
            let wasGiven = grants[slot].book == .given
            let kind = wasGiven ? LedgerAccount.Bucket.Kind.given : .executed
            guard model.fate(kind, time: grants[slot].time - ahead, snapshot: stamp) != .stays else { continue }
            grants[slot].book = .ended
            grants[slot].time = 0
            grants[slot].late = wasGiven && grants[slot].filled > 0 ? model.lives.late : 0
        }
    }

    /// A host reads account and snapshot. The script first tidies the account by the snapshot that lies in Redis.
    mutating func read(_ model: Model, by host: Int) {
        readAccount(model, by: host)
        readSnapshot(by: host)
    }

    mutating func readAccount(_ model: Model, by host: Int) {
        touch(model, snapshot: snapshot.stamp)
        hosts[host].totals = readableTotals(model)
        hosts[host].isHeld = account.isHeld
    }

    mutating func readSnapshot(by host: Int) {
        hosts[host].snapshot = snapshot
        hosts[host].behind = 0
    }

    func readableTotals(_ model: Model) -> LaneSums {
        !account.isGarbled ? account.total : model.flaw == .a10 ? LaneSums() : account.sumOfBuckets
    }
}

extension LaneSums.Mask {
    /// The lanes of orders that may make a position larger.
    static let opening = LaneSums.Mask([.buy, .sell, .openLong, .openShort])
}

extension Model {
    enum Fate { case stays, isShown, isOver }

    /// The end of a bucket.
    func fate(_ kind: LedgerAccount.Bucket.Kind, time: Int8, snapshot: Int8) -> Fate {
        let margin = flaw == .a4 ? 0 : lives.margin
        let hasEnded = kind == .executed || time <= 0
        // The flaw: a share ends with its time, whatever a snapshot shows.
        if flaw == .ended, kind == .given, hasEnded { return .isOver }
        if hasEnded, snapshot != Snapshot.never, snapshot > time + margin { return .isShown }
        if flaw == .endless { return .stays }
        return time <= -lives.executed ? .isOver : .stays
    }
}
