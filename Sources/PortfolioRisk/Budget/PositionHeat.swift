import GateAPI
import TradingState

/// The positions as the heat counts them.
struct PositionHeat {
    private(set) var sum = HeatSum()
    /// The age of the oldest record that counts, flat ones included; `nil` if none does.
    private(set) var oldest: Duration?
    /// The symbols with a record.
    private(set) var symbols: Set<Symbol> = []
    /// Open positions that are too old to count.
    private(set) var stale: [Symbol] = []
    /// Positions whose newest record cannot be read.
    private(set) var unreadable: [Symbol] = []
    /// Positions without a mark price.
    private(set) var unpriced = 0

    /// - Parameters:
    ///   - maximumAge: a record that is older does not count.
    ///   - sigma: the volatility of a symbol.
    init(_ symbols: [SymbolInputs], maximumAge: Duration, now: Timestamp, sigma: (SymbolInputs) -> Amount) {
        for inputs in symbols where inputs.position != .failure(.missing) {
            self.symbols.insert(inputs.symbol)
            switch inputs.position {
            case .failure:
                unreadable.append(inputs.symbol)
                // An older record may show less than is held, but never that nothing is.
                if let position = inputs.readablePosition, position.isHeld {
                    add(position, inputs, maximumAge, now, sigma)
                } else {
                    sum.addUnpriced()
                }
            case .success(let position): add(position, inputs, maximumAge, now, sigma)
            }
        }
    }

    /// The number of positions that are missing in the heat, or that it may count wrongly.
    var problems: Int { stale.count + unreadable.count + unpriced }

    private mutating func add(
        _ position: Position, _ inputs: SymbolInputs, _ maximumAge: Duration, _ now: Timestamp,
        _ sigma: (SymbolInputs) -> Amount
    ) {
        let age = position.timestamp.map(now.since) ?? .zero
        guard age <= maximumAge else {
            if position.isHeld { stale.append(inputs.symbol) }
            return
        }
        oldest = max(oldest ?? .zero, age)
        guard !position.quantity.isZero else { return }
        if let mark = position.markPrice {
            sum.add(quantity: position.quantity, mark: mark, sigma: sigma(inputs))
        } else {
            sum.addUnpriced()
            unpriced += 1
        }
    }
}
