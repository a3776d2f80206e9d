public import GateAPI

extension Inputs {
    /// The effect of the intent on its symbol's position, and the position if it can be read.
    public func exposure(
        of intent: Intent, _ settings: PositionSettings
    ) throws(InputFailure) -> (exposure: Exposure, position: Position?) {
        try exposure(of: intent, within: settings.positionMaxAge, missing: settings.missingPosition)
    }

    /// The effect of the intent on its symbol's position, and the position if it can be read.
    ///
    /// If the position cannot be read, an intent that calls itself a reduction is believed. For any other intent the
    /// ``InputFailure`` is thrown.
    ///
    /// A missing snapshot counts as flat if `missing` says so, but it proves nothing. A close is therefore still
    /// believed, unless it carries `reduceOnly` false: then its order may open a position.
    public func exposure(
        of intent: Intent, within limit: Duration, missing: MissingPosition
    ) throws(InputFailure) -> (exposure: Exposure, position: Position?) {
        do {
            let position = try position(intent.symbol, within: limit, missing: .unknown)
            return (intent.exposure(from: position.quantity), position)
        } catch {
            let claimed = intent.exposure(from: nil)
            let isFlat = error == .missing && missing == .flat
            switch claimed {
            case .reduces where isFlat && intent.reduceOnly.value == false, .unknown where isFlat:
                return (intent.exposure(from: .zero), nil)
            case .unknown: throw error
            case .unchanged, .reduces, .adds: return (claimed, nil)
            }
        }
    }

    /// The symbol's position, not older than `limit`. A missing snapshot is flat or a failure, depending on `missing`.
    public func position(_ symbol: Symbol, within limit: Duration, missing: MissingPosition) throws(InputFailure)
        -> Position
    {
        do {
            return try fresh(Position.self, symbol, within: limit)
        } catch .missing where missing == .flat {
            return .flat
        }
    }
}
