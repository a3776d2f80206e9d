/// The behaviour of hosts and producers.
struct Habits {
    /// The largest batch.
    var batch = 128
    /// The share of plans that reserve. Each of their commits changes reservation records, so all hosts of the shard
    /// receive invalidations and read the records again for every batch.
    var reserving = 0.7
    /// Writes of state records per symbol and second, by all producers together.
    var stateWrites = 0.6
    /// The number of records that the gates read per symbol.
    var recordsPerSymbol = 4
    /// Seconds between two claims of a host, and the longest wait of an idle host.
    var claimInterval = 5.0
    var block = 0.25
    /// The number of entries that one XAUTOCLAIM examines: ten times its COUNT.
    var claimChunk: Int { 10 * batch }
}
