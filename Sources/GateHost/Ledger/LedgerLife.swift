import Platform

/// How long the ledger keeps what it knows.
package enum LedgerLife {
    /// The longest time that an executed share counts without a newer snapshot: as long as a position snapshot itself
    /// lives.
    package static let executed: Duration = .seconds(3_600)
    /// A bucket collects grants for this part of a share's life.
    static let bucketsPerShare = 8
    /// How long an account stays without use: longer than any share.
    static func account(_ shareLife: Duration) -> Duration { executed + shareLife + shareLife }
    /// How long an account remembers that its symbol had a position: a week.
    static let heldMilliseconds = 604_800_000
}
