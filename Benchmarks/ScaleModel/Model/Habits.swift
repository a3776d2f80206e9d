/// How hosts and producers behave.
struct Habits {
    /// Most plans read at once.
    var batch = 128
    /// The part of the plans that reserve. Their records change with every commit, so all hosts of the shard are told
    /// each time, and they are read anew for every batch.
    var reserving = 0.7
    /// Writes of state records per symbol and second, by all producers together.
    var stateWrites = 0.6
    /// Records that the gates read per symbol.
    var recordsPerSymbol = 4
    /// Seconds between two searches of a host for entries that a dead one left, and longest wait of an idle one.
    var claimInterval = 5.0
    var block = 0.25
    /// Entries that one XAUTOCLAIM looks at before others get their turn: ten times its COUNT.
    var claimChunk: Int { 10 * batch }
}
