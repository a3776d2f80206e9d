/// What a commit says of the ledger: its bucket and its mark, how long shares count, and the accounts that it uses.
struct LedgerRequest {
    struct Bound {
        let lanes: String
        /// `>` more than, `<` at most.
        let relation: String
        /// Units of 0.00000001.
        let limit: Int128
    }

    struct Use {
        let key: String
        /// The time of the snapshot that the gates saw, epoch ms; 0 for none.
        let snapshot: Int64
        let margin: Int64
        let held: String
        /// Whether the account is tidied and read in any case.
        let isRead: Bool
        let bounds: [Bound]
        /// What the permits take: the ends of fields' names, and integers.
        let shares: [(suffix: String, value: Int64)]
    }

    let label: String
    /// Milliseconds.
    let executedLife: Int64
    let accountLife: Int64
    let mark: String
    let lastMark: String
    let since: String
    let readCount: Int
    let uses: [Use]

    /// Takes the arguments off the front.
    init(_ arguments: inout ArraySlice<String>) {
        func next() -> String {
            guard let argument = arguments.popFirst() else { fatalError("a commit ends in the middle of an account") }
            return argument
        }
        func number() -> Int64 {
            guard let number = Int64(next()) else { fatalError("a commit has no number where one belongs") }
            return number
        }
        label = next()
        (executedLife, accountLife) = (number(), number())
        (mark, lastMark, since) = (next(), next(), next())
        let count = number()
        readCount = Int(number())
        let size = Int(number())
        let rest = arguments.count - size
        uses = (0..<count).map { _ in
            let (key, snapshot, margin, held, isRead) = (next(), number(), number(), next(), next() == "1")
            let (bounds, shares) = (number(), number())
            return Use(
                key: key, snapshot: snapshot, margin: margin, held: held, isRead: isRead,
                bounds: (0..<bounds).map { _ in
                    let (lanes, relation) = (next(), next())
                    return Bound(
                        lanes: lanes, relation: relation, limit: Int128(number()) * 100_000_000 + Int128(number()))
                },
                shares: (0..<shares).map { _ in (next(), number()) })
        }
        guard arguments.count == rest else { fatalError("the accounts of a commit have another size than it says") }
    }

    /// How long a share counts.
    var shareLife: Int64 { (accountLife - executedLife) / 2 }

    /// When a bucket ends, epoch ms.
    static func end(ofLabel label: String) -> Int64 { label.split(separator: ".").last.flatMap { Int64($0) } ?? 0 }
    var end: Int64 { Self.end(ofLabel: label) }
}
