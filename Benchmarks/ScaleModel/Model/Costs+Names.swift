extension Costs {
    /// A cost: its name on the command line, its description and its property.
    struct Item: Sendable {
        let name: String
        let summary: String
        let path: any WritableKeyPath<Costs, Double> & Sendable
    }

    static let items = [
        Item(name: "host-plan", summary: "host core, per plan", path: \.hostPlan),
        Item(name: "host-batch", summary: "host core, per batch", path: \.hostBatch),
        Item(name: "read", summary: "XREADGROUP, per batch", path: \.read),
        Item(name: "read-plan", summary: "XREADGROUP, per entry", path: \.readPlan),
        Item(name: "fence", summary: "GET and PUBLISH around a read, per batch", path: \.fence),
        Item(name: "commit", summary: "commit, per batch", path: \.commit),
        Item(name: "commit-plan", summary: "commit, per plan", path: \.commitPlan),
        Item(
            name: "conflict-plan", summary: "commit, per plan that lost a race for a reservation",
            path: \.conflictPlan),
        Item(name: "publish", summary: "XADD of a plan by a producer that does not pipeline", path: \.publish),
        Item(name: "consume", summary: "GETDEL of a permit by the execution layer", path: \.consume),
        Item(name: "state-read", summary: "HGETALL of a record, pipelined", path: \.stateRead),
        Item(name: "state-write", summary: "HSET of a record by its producer", path: \.stateWrite),
        Item(
            name: "invalidation", summary: "invalidation, per host that caches the record", path: \.invalidation
        ),
        Item(name: "blocked-reader", summary: "waking a reader, per other blocked one", path: \.blockedReader),
        Item(name: "claim", summary: "XAUTOCLAIM and XINFO", path: \.claim),
        Item(name: "claim-pending", summary: "XAUTOCLAIM, per pending entry", path: \.claimPending),
        Item(name: "round-trip", summary: "network, there and back", path: \.roundTrip),
    ]
}
