/// The execution layer around a contender: what becomes of permits, and how often positions are published.
struct Execution: Codable {
    /// Percent of the permits that are taken and reported as executed.
    var executed = 90
    /// Percent that are taken and reported as refused by the exchange.
    var refused = 4
    /// Percent that are reported as not executed without being taken. The rest is taken and never reported.
    var withheld = 4
    /// The time between two snapshots of all positions.
    var snapshotMilliseconds = 1_000
    /// The maximum length of the result stream.
    var resultMaxLength = 100_000

    /// Percent of the permits that are reported.
    var reported: Int { executed + refused + withheld }

    /// `90,4,4`: executed, refused and withheld.
    init?(mix text: String) {
        let shares = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
        guard shares.count == 3, let executed = shares[0], let refused = shares[1], let withheld = shares[2],
            [executed, refused, withheld].allSatisfy({ (0...100).contains($0) }),
            executed + refused + withheld <= 100
        else { return nil }
        self.executed = executed
        self.refused = refused
        self.withheld = withheld
    }

    /// Reports every permit as executed, however many there are.
    static var all: Execution? {
        var execution = Execution(mix: "100,0,0")
        execution?.resultMaxLength = 10_000_000
        return execution
    }
}
