/// Costs in microseconds. docs/SIZING.md explains how the defaults were measured; `--bench` replaces those that `make
/// bench` measures.
struct Costs {
    /// The host's processor time: per plan, and per batch.
    var hostPlan = 4.2
    var hostBatch = 30.0
    /// XREADGROUP: per call, and per entry.
    var read = 13.0
    var readPlan = 2.7
    /// The GET and PUBLISH around a read, by which a host learns of claims and of changed records.
    var fence = 3.0
    /// The commit: per batch, and per plan.
    var commit = 30.0
    var commitPlan = 9.5
    /// A plan whose commit finds another host's new reservation.
    var conflictPlan = 3.0
    /// XADD by a producer that does not pipeline, and GETDEL of the permit by the execution layer.
    var publish = 9.0
    var consume = 8.0
    /// HGETALL of one record in a pipelined read, and HSET of one by its producer.
    var stateRead = 1.2
    var stateWrite = 7.0
    /// An invalidation message to one host that caches a changed record.
    var invalidation = 2.5
    /// Waking a reader, per other reader that is blocked on the same stream.
    var blockedReader = 0.073
    /// XAUTOCLAIM and XINFO per call, and XAUTOCLAIM per pending entry.
    var claim = 16.0
    var claimPending = 1.4
    /// The network time of a host's request and its reply.
    var roundTrip = 100.0

    /// Redis' time per plan in full batches, for the host alone. ``neighbours`` is the time for producers and the
    /// execution layer.
    func redisPlan(batch: Int) -> Double { readPlan + commitPlan + (read + fence + commit) / Double(batch) }
    var neighbours: Double { publish + consume }
}
