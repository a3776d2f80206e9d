import GateAPI
import TradingState

/// The positions of the ledger: the newest record of each symbol, without the open ones that are too old to count.
struct LedgerPositions {
    /// The open positions that count, by symbol.
    private(set) var open: [(symbol: Symbol, position: LedgerPosition)] = []
    /// The newest record of all, open or flat, at any age.
    private(set) var newest: (symbol: Symbol, takenAt: Timestamp)?
    private(set) var exclusions: [Exclusion] = []

    private let maximumAge: Duration
    private let now: Timestamp

    /// Throws if a record that would count cannot be read: then the sums are unknown.
    init(
        _ records: [Symbol: [PositionGeneration<LedgerPosition>]], maximumAge: Duration, now: Timestamp
    ) throws(PortfolioStateFailure) {
        self.maximumAge = maximumAge
        self.now = now
        // In order, so that the same one of several bad records is reported each time.
        for (symbol, generations) in records.sorted(by: { $0.key.name < $1.key.name }) {
            // No generation: the records expired after they were listed.
            guard let generation = PositionGeneration.newest(generations) else { continue }
            try add(symbol, generation)
        }
    }

    static func name(_ symbol: Symbol) -> String { "the position record of \(symbol)" }

    private mutating func add(
        _ symbol: Symbol, _ generation: PositionGeneration<LedgerPosition>
    ) throws(PortfolioStateFailure) {
        let isFlat = (try? generation.record.get()).map { $0.valuation == nil } ?? false
        if let takenAt = generation.takenAt {
            let age = now.since(takenAt)
            let isFuture = age < .zero - Inputs.clockSkewTolerance
            // A flat record from the future does not show that a publisher is alive.
            if isFlat, isFuture { return }
            if takenAt > newest?.takenAt ?? Timestamp(microseconds: .min) { newest = (symbol, takenAt) }
            if isFlat { return }
            guard !isFuture else { throw PortfolioStateFailure(.futureDated(by: .zero - age), in: Self.name(symbol)) }
            guard age <= maximumAge else { return exclude(symbol, age) }
        }
        open.append((symbol, try position(symbol, generation)))
    }

    private mutating func exclude(_ symbol: Symbol, _ age: Duration) {
        exclusions.append(
            Exclusion(
                .stalePosition, symbol.name,
                "\(Self.name(symbol)) is \(age.seconds) s old; beyond \(maximumAge.seconds) s it does not count"))
    }

    private func position(
        _ symbol: Symbol, _ generation: PositionGeneration<LedgerPosition>
    ) throws(PortfolioStateFailure) -> LedgerPosition {
        guard !generation.isMisspelled else {
            throw PortfolioStateFailure(
                .inputMalformed,
                "the newest position record of \(symbol) has the symbol in lower case in its key, which no gate reads")
        }
        do throws(InputFailure) {
            return try generation.record.get()
        } catch {
            throw PortfolioStateFailure(error, in: Self.name(symbol))
        }
    }
}
