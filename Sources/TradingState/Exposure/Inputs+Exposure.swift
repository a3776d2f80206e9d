public import GateAPI

extension Inputs {
    /// What the intent does to its symbol's position, and the position if it can be read.
    public func exposure(
        of intent: Intent, _ settings: PositionSettings
    ) throws(InputFailure) -> (exposure: Exposure, position: Position?, isAssumed: Bool) {
        try exposure(of: intent, within: settings.positionMaxAge, missing: settings.missingPosition)
    }

    /// What the intent does to its symbol's position, and the position if it can be read.
    ///
    /// If the position or the ledger cannot be read, a capped order still reduces. For any other intent the
    /// ``InputFailure`` is thrown. A missing snapshot counts as flat if `missing` says so. The position is then assumed:
    /// that proves nothing, so an order over a limit may still be a close.
    public func exposure(
        of intent: Intent, within limit: Duration, missing: MissingPosition
    ) throws(InputFailure) -> (exposure: Exposure, position: Position?, isAssumed: Bool) {
        let account: Account<PositionPool>?
        do throws(InputFailure) {
            account = try self.account(PositionPool.self, intent.symbol)
        } catch {
            return (try Self.claimed(by: intent, nil, error), nil, false)
        }
        return try exposure(of: intent, within: limit, missing: missing, account)
    }

    /// The same as if nothing were under way.
    func exposureAlone(
        of intent: Intent, _ settings: PositionSettings
    ) throws(InputFailure) -> (exposure: Exposure, position: Position?, isAssumed: Bool) {
        try exposure(of: intent, within: settings.positionMaxAge, missing: settings.missingPosition, nil)
    }

    private func exposure(
        of intent: Intent, within limit: Duration, missing: MissingPosition, _ account: Account<PositionPool>?
    ) throws(InputFailure) -> (exposure: Exposure, position: Position?, isAssumed: Bool) {
        do throws(InputFailure) {
            let position = try position(for: intent, within: limit)
            return (intent.exposure(from: position, account), position, false)
        } catch {
            if error == .missing, missing == .flat, account?.isHeld != true {
                return (intent.exposure(from: assumedPosition(intent), account, isAssumed: true), nil, true)
            }
            return (try Self.claimed(by: intent, account, error), nil, false)
        }
    }

    /// What an intent by itself shows that it does, without the position. Throws `failure` if that is nothing.
    private static func claimed(
        by intent: Intent, _ account: Account<PositionPool>?, _ failure: InputFailure
    ) throws(InputFailure) -> Exposure {
        let claimed = intent.exposure(from: nil, account)
        if case .unknown = claimed { throw failure }
        return claimed
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
