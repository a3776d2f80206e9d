import GateHost
import TestSupport
import TradingState

/// Random uses of accounts, as a batch's commit tells them to the ledger, with the claims of its entries.
struct Ledgers {
    struct Claim {
        let account: Int
        let lane: Int
        let units: Int
        let whole: Int
        let needsFullness: Bool

        /// As arguments of the commit script.
        var arguments: [String] {
            [String(account + 1), String(lane), String(units), String(whole), needsFullness ? "1" : "0"]
        }

        var parts: [(suffix: String, value: Int)] {
            [("\(lane)", units), ("\(lane)w", whole)].filter { $0.1 != 0 }
        }
    }

    static let names = ["position:AAA", "position:BBB", "heat"]
    static let keys = names.map { AccountFields.keyPrefix + $0 }
    static let shareLife = 20_000
    static let executedLife = 60_000
    static let accountLife = 100_000
    private static let amounts = [
        (0, 0), (100_000_000, 0), (50_000_000, 0), (1, 0), (399_999_999, 0), (7, 12_000), (0, 30_000),
    ]

    let label: String
    private let clock: Int
    private let session: Int
    private var shares: [[(suffix: String, value: Int)]]

    /// Sessions have labels of their own, and a new one after an eighth of a share's life.
    init(clock: Int, session: Int) {
        self.clock = clock
        self.session = session
        let width = Self.shareLife / 8
        label = "s\(session).\((clock / width + 5) * width + Self.shareLife)"
        shares = Self.names.map { _ in [] }
    }

    /// At most two claims. Those of a permit are added to what the batch takes.
    mutating func claims(isPermit: Bool, _ random: inout SeededGenerator) -> [Claim] {
        (0..<Int.random(in: 0...2, using: &random)).map { _ in
            let isLarge = Int.random(in: 0..<20, using: &random) == 0
            let amount = Self.amounts.randomElement(using: &random) ?? (1, 0)
            let claim = Claim(
                account: Int.random(in: shares.indices, using: &random), lane: Int.random(in: 0...7, using: &random),
                units: isLarge ? 0 : amount.0, whole: isLarge ? 1_000_000_000_000_000 : amount.1,
                needsFullness: !isPermit && Bool.random(using: &random))
            for part in claim.parts where isPermit {
                let index = shares[claim.account].firstIndex { $0.suffix == part.suffix }
                if let index {
                    shares[claim.account][index].value += part.value
                } else {
                    shares[claim.account].append(part)
                }
            }
            return claim
        }
    }

    /// What the outcome record of a permit says of its claims.
    func grant(_ claims: [Claim]) -> String {
        let shares = claims.flatMap { claim in
            claim.parts.map { " \(Self.names[claim.account]) \($0.suffix) \($0.value)" }
        }
        return " given \(shares.isEmpty ? "-" : label)" + shares.joined()
    }

    /// The arguments of all accounts.
    ///
    /// - Parameters:
    ///   - isTransaction: its conflicts are rare, and it adds the shares by commands of its own.
    ///   - last: the mark that a transaction's host knows; without it, its check fails.
    func arguments(_ random: inout SeededGenerator, isTransaction: Bool = false, last: String? = nil) -> [String] {
        let readCount = Int.random(in: 0...Self.keys.count, using: &random)
        var accounts: [String] = []
        for (index, (key, shares)) in zip(Self.keys, shares).enumerated() {
            let snapshot =
                Int.random(in: 0..<3, using: &random) == 0 ? 0 : clock + Int.random(in: -9_000...4_000, using: &random)
            let isRead = index < readCount
            let held = (isRead ? ["", "0", "1", "assumed"] : [""]).randomElement(using: &random) ?? ""
            let counts = isTransaction ? [0, 0, 0, 1] : [0, 0, 1, 2]
            let bounds = (0..<(counts.randomElement(using: &random) ?? 0)).flatMap { _ in bound(&random) }
            accounts += [
                key, String(snapshot), String(Int.random(in: 0...2_000, using: &random)),
                isTransaction && held == "assumed" ? "" : held, isRead ? "1" : "0",
                String(bounds.count / 4), isTransaction ? "0" : String(shares.count),
            ]
            accounts += bounds
            if !isTransaction { accounts += shares.flatMap { [$0.suffix, String($0.value)] } }
        }
        return Self.header(
            label, mark: mark(&random), last: last ?? mark(&random) + "1", count: Self.keys.count, readCount: readCount,
            accounts)
    }

    static func header(
        _ label: String, mark: String, last: String, count: Int, readCount: Int, _ accounts: [String]
    ) -> [String] {
        let split = last.lastIndex(of: ".").map { last.index(after: $0) } ?? last.startIndex
        return [
            label, String(executedLife), String(accountLife), mark, last, String(last[split...]), String(count),
            String(readCount), String(accounts.count),
        ] + accounts
    }

    /// Few, so that the last one is often right.
    func mark(_ random: inout SeededGenerator) -> String {
        "s\(Int.random(in: 0..<3, using: &random) == 0 ? 1 - session : session).1."
    }

    /// The commands with which a transaction adds the shares.
    ///
    /// - Parameter life: no other of nearly the same length is there: the two servers' clocks differ by a millisecond.
    func commands(life: Int) -> [[String]] {
        var commands: [[String]] = []
        for (key, shares) in zip(Self.keys, shares) where !shares.isEmpty {
            for share in shares {
                let value = String(share.value)
                commands.append(["HINCRBY", key, AccountFields.total + share.suffix, value])
                commands.append(["HINCRBY", key, "\(AccountFields.given)\(label):\(share.suffix)", value])
            }
            for option in ["NX", "GT"] { commands.append(["PEXPIRE", key, String(life), option]) }
        }
        return commands
    }

    /// The reading of an account, as a gate's batch asks for it.
    static func reading(_ random: inout SeededGenerator) -> [String] {
        let end = [String(executedLife), String(Int.random(in: 0...2_000, using: &random))]
        switch Int.random(in: 0...2, using: &random) {
        case 0: return ["0", keys[0], AccountFields.reservedPrefix + "AAA"] + end + ["ts", "snapshot:AAA"]
        case 1: return ["0", keys[1], AccountFields.reservedPrefix + "BBB"] + end + ["ts", "snapshot:BBB"]
        default: return ["0", keys[2], ""] + end + ["time", "heat:1", "heat:2"]
        }
    }

    private func bound(_ random: inout SeededGenerator) -> [String] {
        let lanes = (0...7).filter { _ in Bool.random(using: &random) }.map(String.init).joined()
        let isAtMost = Int.random(in: 0..<4, using: &random) > 0
        let limits =
            isAtMost
            ? [["5", "50000000"], ["60000", "0"], ["1000000000000000", "0"]] : [["0", "0"], ["0", "1"], ["4", "0"]]
        return [lanes, isAtMost ? "<" : ">"] + (limits.randomElement(using: &random) ?? [])
    }

    /// Changes to accounts from outside of the commit: damage, records of executions, and reservations of an earlier
    /// release.
    static func meddling(clock: Int, _ random: inout SeededGenerator) -> [[String]] {
        let key = keys.randomElement(using: &random) ?? ""
        let plan = "p\(Int.random(in: 0..<9, using: &random))"
        func seconds(_ spread: Int) -> String {
            let time = clock + Int.random(in: -spread...spread, using: &random)
            return "\(time / 1_000).\(String(1_000 + time % 1_000).dropFirst())"
        }
        func garbage() -> String { ["garbage", "1.5", "", "007", "-0", "- 1"].randomElement(using: &random) ?? "" }
        switch Int.random(in: 0..<24, using: &random) {
        case 0: return [["HSET", key, ["t:0", "t:3w", "t:9", "t:x"].randomElement(using: &random) ?? "", garbage()]]
        case 1: return [["HSET", key, "g:\(plan).\(clock + 500):0", garbage()]]
        case 2:
            let name = ["g:\(plan):1", "g:\(plan).17:9", "g:5", "g:1:2w", "x:9:"].randomElement(using: &random) ?? ""
            return [["HSET", key, name, "3"]]
        case 3: return [["HSET", key, "x:garbage", "1"], ["HSET", key, "x:\(clock):0", "0"]]
        case 4: return [["HSET", key, "shown", ["garbage", "0", "\(clock)"].randomElement(using: &random) ?? ""]]
        case 5: return [["DEL", key], ["SET", key, "text", "EX", "600"]]
        case 6: return [["DEL", key]]
        case 7:
            let old = AccountFields.reservedPrefix + "AAA"
            return [
                ["DEL", keys[0]], ["HSET", old, plan, "0.5 \(clock + 5_000) 0"],
                ["HSET", old, "q", "-1.25 \(clock + 9_000) 0"],
                ["HSET", old, "r", "2 \(clock + 1_000) \(clock - 2_000)"], ["HSET", old, "s", "3 1 0"],
                ["HSET", old, "last entry", "1-1"], ["HSET", old, "t", "garbage"],
            ]
        case 8...12: return [["HSET", "snapshot:AAA", "ts", seconds(4_000)]]
        case 13...14:
            return [
                [
                    "HSET", "snapshot:BBB", "ts",
                    ["garbage", "1795000000000", seconds(9_000)].randomElement(using: &random) ?? "",
                ]
            ]
        case 15...17:
            return [["HSET", ["heat:1", "heat:2"].randomElement(using: &random) ?? "", "time", seconds(9_000)]]
        default: return []
        }
    }
}
