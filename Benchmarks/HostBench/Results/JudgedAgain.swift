/// The entries that hosts judged more than once, because another host had changed what they were judged by.
struct JudgedAgain: Codable {
    /// Entries that came back from the commit.
    let conflicts: Int
    /// Transactions that Redis did not execute. All of their entries are judged again.
    let refusedTransactions: Int
    let entriesPerCommit: Double
    let decisions: Int

    /// Per decision. A refused transaction counts as many entries as the mean commit, because no metric says how many
    /// it had.
    var share: Double {
        let entries = Double(conflicts) + Double(refusedTransactions) * entriesPerCommit
        return decisions > 0 ? entries / Double(decisions) : 0
    }

    init(_ group: ContenderGroup, decisions: Int) throws {
        self.init(try group.processes.map { try AdminEndpoint(of: $0).metrics() }, decisions: decisions)
    }

    init(_ hosts: [MetricValues], decisions: Int) {
        func sum(_ ending: String) -> Double { hosts.map { $0.sum(ending) }.reduce(0, +) }
        conflicts = Int(sum("_conflicts_total"))
        refusedTransactions = Int(sum("gatehost_transactions_refused_total"))
        let commits = sum("gatehost_batch_entries_count")
        entriesPerCommit = commits > 0 ? sum("gatehost_batch_entries_sum") / commits : 0
        self.decisions = decisions
    }
}
