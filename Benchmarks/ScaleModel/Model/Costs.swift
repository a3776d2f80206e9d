/// What things cost, in microseconds. docs/SIZING.md tells how the defaults were measured; `--bench` replaces those
/// that `make bench` measures.
struct Costs {
    /// The host's processor per plan, and per batch whatever its size.
    var hostPlan = 4.2
    var hostBatch = 30.0
    /// XREADGROUP: whatever it finds, and per entry.
    var read = 13.0
    var readPlan = 2.7
    /// The GET and PUBLISH around a read, by which a host learns who claims and what has changed.
    var fence = 3.0
    /// The commit of a batch, and of each plan in it.
    var commit = 30.0
    var commitPlan = 9.5
    /// A plan whose commit finds that somebody else has reserved.
    var conflictPlan = 3.0
    /// XADD by a producer that does not pipeline, and GETDEL of the permit by the execution layer.
    var publish = 9.0
    var consume = 8.0
    /// HGETALL of one record in a pipelined read, and HSET of one by its producer.
    var stateRead = 1.2
    var stateWrite = 7.0
    /// Telling one host that keeps a record that it has changed.
    var invalidation = 2.5
    /// Waking a reader, for every other one that is blocked on the same stream.
    var blockedReader = 0.073
    /// XAUTOCLAIM and XINFO, and per pending entry that XAUTOCLAIM looks at.
    var claim = 16.0
    var claimPending = 1.4
    /// A host's request to Redis and back, without the time in Redis.
    var roundTrip = 100.0

    /// What the server spends on one plan in full batches: the host's share, and the producers' and the execution
    /// layer's.
    func redisPlan(batch: Int) -> Double { readPlan + commitPlan + (read + fence + commit) / Double(batch) }
    var neighbours: Double { publish + consume }
}
