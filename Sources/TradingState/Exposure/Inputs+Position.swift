package import GateAPI

extension Inputs {
    /// The position that an intent is judged by, not older than `limit`; of any age without one.
    ///
    /// An intent that names a leg is judged by the records of the legs if the symbol's own record shows none. A leg
    /// without a record is empty if it is not the intent's; if it is, the record is missing.
    package func position(for intent: Intent, within limit: Duration?) throws(InputFailure) -> Position {
        guard intent.namesLeg else { return try read(Position.self, intent.symbol, limit) }
        return try positionInLegs(intent.symbol, intent.leg, within: limit)
    }

    /// The position of a symbol as its legs show it, if its own record does not.
    ///
    /// - Parameter leg: the leg whose record must be there.
    package func positionInLegs(
        _ symbol: Symbol, _ leg: PositionLeg? = nil, within limit: Duration?
    ) throws(InputFailure) -> Position {
        let own = Result { () throws(InputFailure) in try read(Position.self, symbol, limit) }
        if case .success(let position) = own, position.legs != nil { return position }
        let long = self.leg(LongPosition.self, symbol, limit)
        let short = self.leg(ShortPosition.self, symbol, limit)
        if Self.isMissing(long), Self.isMissing(short) { return try own.get() }
        if leg == .long { _ = try long.get() }
        if leg == .short { _ = try short.get() }
        return try Self.position(long, short)
    }

    /// The position of an intent whose record is missing: nothing, but for the other leg.
    func assumedPosition(_ intent: Intent) -> Position {
        guard intent.namesLeg else { return .flat }
        let long = leg(LongPosition.self, intent.symbol, nil)
        let short = leg(ShortPosition.self, intent.symbol, nil)
        return (try? Self.position(long, short)) ?? .flat
    }

    private static func position(
        _ long: Result<LegRecord, InputFailure>, _ short: Result<LegRecord, InputFailure>
    ) throws(InputFailure) -> Position {
        let long = try isMissing(long) ? nil : long.get()
        let short = try isMissing(short) ? nil : short.get()
        let legs = PositionLegs(long: long?.quantity ?? .zero, short: short?.quantity ?? .zero)
        let times = [long, short].compactMap { $0?.timestamp }
        return Position(
            quantity: legs.long.less(legs.short), legs: legs, markPrice: long?.markPrice ?? short?.markPrice,
            timestamp: times.min())
    }

    private func leg<Record: LegPosition>(
        _ type: Record.Type, _ symbol: Symbol, _ limit: Duration?
    ) -> Result<LegRecord, InputFailure> {
        Result { () throws(InputFailure) in try read(type, symbol, limit).record }
    }

    private func read<Record: StateRecord>(
        _ type: Record.Type, _ symbol: Symbol, _ limit: Duration?
    ) throws(InputFailure) -> Record {
        if let limit { try fresh(type, symbol, within: limit) } else { try record(type, symbol) }
    }

    /// A leg whose record was not requested cannot be told from one without a record.
    private static func isMissing(_ leg: Result<LegRecord, InputFailure>) -> Bool {
        switch leg {
        case .failure(.missing), .failure(.notRequested): true
        case .success, .failure: false
        }
    }
}
