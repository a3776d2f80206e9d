import GateAPI
import TradingState

/// The portfolio's heat if all that is under way fills, and the order too.
struct ProjectedHeat {
    /// A ratio. An overflow is hotter than any limit.
    let projected: Amount
    /// The risk of the orders under way, in USD · sigma.
    let underWay: Amount
    /// Why what is under way is not counted.
    let uncounted: InputFailure?
    /// The order's own risk, rounded up.
    private let risk: Amount
    private let heat: PortfolioHeat
    private let keepsAccount: Bool

    init(
        _ heat: PortfolioHeat, _ quantity: Amount, _ price: Amount, _ sigma: Amount,
        _ underWay: Result<Amount, InputFailure>?
    ) {
        self.heat = heat
        self.risk = (try? quantity.times(price).times(sigma)) ?? .max
        var counted: Amount?
        var uncounted: InputFailure?
        switch underWay {
        case .success(let amount): counted = amount
        case .failure(let failure): uncounted = failure
        case nil: break
        }
        self.uncounted = uncounted
        keepsAccount = counted != nil
        self.underWay = counted ?? .zero
        projected =
            (try? heat.heat + (self.underWay + risk).divided(by: heat.equity, rounding: .awayFromZero)) ?? .max
    }

    /// The most risk under way, the order's included, with which projected heat is below `bound`; negative if there is
    /// none.
    private func most(below bound: Amount) -> Amount {
        let room = bound.less(heat.heat).less(Amount(units: 1))
        if room.isNegative { return room }
        return (try? room.multiplied(by: heat.equity, rounding: .towardZero)) ?? .max
    }

    /// The claims of a verdict that stands while projected heat is below `bound`.
    func claims(upTo bound: Amount, _ symbol: Symbol) -> Claims {
        guard keepsAccount else { return .none }
        return Claims(Claim(taking: risk, from: HeatPool.self, .held, symbol, upTo: most(below: bound)))
    }

    /// The claims of a verdict that stands while projected heat is at or beyond `bound`.
    func claims(beyond bound: Amount, taking amount: Amount? = nil, _ symbol: Symbol) -> Claims {
        guard keepsAccount else { return .none }
        let limit = most(below: bound).less(risk)
        return Claims(Claim(taking: amount ?? risk, from: HeatPool.self, .held, symbol, isMoreThan: limit))
    }
}

extension Amount {
    fileprivate func times(_ other: Amount) throws(AmountError) -> Amount {
        try multiplied(by: other, rounding: .awayFromZero)
    }
}
