package import GateAPI
package import TradingState

/// One sequence that must come out the same for every gate that limits exposure: the order is over any limit unless it
/// can only reduce.
package struct LedgerRow: Sendable, CustomStringConvertible {
    package enum Outcome: Sendable, Equatable {
        case passes
        /// Passes as an order that can only reduce, of at most that quantity.
        case closesOnly(Amount)
        case isBlocked
    }

    package let description: String
    package var plan: [(String, String)]
    package var position: Result<Position, InputFailure>
    package var long: Result<LongPosition, InputFailure>
    package var short: Result<ShortPosition, InputFailure>
    package var account: Account<PositionPool>
    package let outcome: Outcome

    /// - Parameters:
    ///   - plan: `SELL 4 FULL_CLOSE reduceOnly=true`. A price is added.
    ///   - position: the snapshot's signed quantity; `nil` if there is none.
    ///   - legs: the legs that the snapshot shows.
    ///   - hashes: the legs' own records.
    package init(
        _ name: String, _ plan: String, at position: Amount?, legs: PositionLegs? = nil, hashes: PositionLegs? = nil,
        underWay: [(PositionPool.Lane, Amount)] = [], _ outcome: Outcome
    ) {
        description = "\(name): \(plan)"
        self.plan = Self.pairs(plan) + [("price", "100")]
        let now = Self.now
        self.position =
            position.map { .success(Position(quantity: $0, legs: legs, markPrice: nil, timestamp: now)) }
            ?? .failure(.missing)
        long =
            hashes.map { .success(LongPosition(LegRecord(quantity: $0.long, timestamp: now))) } ?? .failure(.missing)
        short =
            hashes.map { .success(ShortPosition(LegRecord(quantity: $0.short, timestamp: now))) } ?? .failure(.missing)
        account = Account(underWay)
        self.outcome = outcome
    }

    private static let now = Timestamp(microseconds: 1_795_354_622_123_456)

    /// The fields of a plan in words: a side, a quantity, an action, `field=value`.
    package static func pairs(_ plan: String) -> [(String, String)] {
        plan.split(separator: " ").map { word in
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            if parts.count == 2 { return (parts[0], parts[1]) }
            if ["BUY", "SELL", "CLOSE"].contains(parts[0]) { return ("side", parts[0]) }
            return (try? Amount(parts[0])) != nil ? ("qty", parts[0]) : ("action", parts[0])
        }
    }
}

/// A gate's world with the records that exposure depends on.
package protocol LedgerWorld: GateWorld {
    var plan: [(String, String)] { get set }
    var position: Result<Position, InputFailure> { get set }
    var long: Result<LongPosition, InputFailure> { get set }
    var short: Result<ShortPosition, InputFailure> { get set }
    var account: Result<Account<PositionPool>, InputFailure> { get set }
}

extension LedgerWorld {
    package var exposureRecords: [ReadRecord] {
        [ReadRecord(position), ReadRecord(long), ReadRecord(short), ReadRecord(account)]
    }

    /// The gate's outcome in a row's world, and the outcome that the row wants, with these reasons.
    package func outcomes(_ row: LedgerRow, blocks: String, closesOnly: String) throws -> (is: String, wanted: String) {
        var world = self
        world.plan = row.plan
        world.position = row.position
        world.long = row.long
        world.short = row.short
        world.account = .success(row.account)
        let wanted =
            switch row.outcome {
            case .passes: "pass"
            case .closesOnly(let quantity): "amend \(closesOnly) reduce-only \(quantity)"
            case .isBlocked: "block \(blocks)"
            }
        return (try world.outcome(), wanted)
    }
}
