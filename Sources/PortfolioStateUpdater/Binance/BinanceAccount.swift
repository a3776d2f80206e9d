import Foundation
import GateAPI

/// The documented response of `/fapi/v2/account` and `/fapi/v3/account`, reduced to the members used here. Numbers are
/// strings in it.
///
/// Notionals are in the quote asset, which is treated as USD.
struct BinanceAccount: Decodable, Sendable {
    struct Position: Decodable, Sendable {
        let symbol: String
        let positionAmt: String
        /// Signed. Only version 3 has it.
        let notional: String?
        let unrealizedProfit: String
        /// Only version 2 has it.
        let entryPrice: String?
    }

    let totalWalletBalance: String
    let totalUnrealizedProfit: String
    let totalMarginBalance: String
    let positions: [Position]
    let assets: [Asset]?

    /// A longer list is treated as a mistake. Hedge mode lists two positions per symbol.
    static let maximumPositions = 10_000

    init(json body: [UInt8]) throws(PortfolioStateFailure) {
        self = try BinanceJSON.decode(BinanceAccount.self, body, what: "account")
    }

    /// - Parameters:
    ///   - counting: the assets that count.
    ///   - asOf: a time not later than the response.
    func reading(counting: BinanceAssets, asOf: Timestamp) throws(PortfolioStateFailure) -> PortfolioReading {
        guard positions.count <= Self.maximumPositions else {
            throw PortfolioStateFailure(.tooManyRecords, "Binance lists more than \(Self.maximumPositions) positions")
        }
        var count = 0
        var total = Amount.zero
        for position in positions {
            let quantity = try Self.amount(position.positionAmt, "positionAmt", of: position)
            // Version 2 lists every symbol of the exchange. Both versions also list symbols that have only open orders.
            guard !quantity.isZero else { continue }
            let notional = try position.notional(quantity)
            count += 1
            do throws(AmountError) {
                total = try total + notional.magnitude
            } catch {
                throw PortfolioStateFailure(error, computing: "the notional of the positions")
            }
        }
        let (totals, exclusions) = try totals(counting)
        return PortfolioReading(
            balance: totals.balance, unrealizedProfit: totals.unrealizedProfit, equity: totals.equity,
            positionCount: count, positionsNotional: total,
            inputs: [DatedInput("the account at Binance", takenAt: asOf)], exclusions: exclusions)
    }

    static func amount(_ text: String, _ field: String, of position: Position? = nil)
        throws(PortfolioStateFailure) -> Amount
    {
        let place = position.flatMap { Symbol($0.symbol) }.map { " of \($0)" } ?? ""
        do throws(AmountError) {
            return try Amount(text)
        } catch {
            switch error {
            case .nonFinite:
                throw PortfolioStateFailure(
                    .inputNonFinite, "'\(field)'\(place) in the answer of Binance is not a finite number")
            case .overflow:
                throw PortfolioStateFailure(.outOfRange, "'\(field)'\(place) in the answer of Binance is too large")
            case .notANumber, .divisionByZero:
                throw PortfolioStateFailure(
                    .inputMalformed, "'\(field)'\(place) in the answer of Binance is not a number")
            }
        }
    }
}

extension BinanceAccount.Position {
    /// The signed notional. Without `notional` it is quantity · mark, which equals quantity · entry + unrealized
    /// profit.
    func notional(_ quantity: Amount) throws(PortfolioStateFailure) -> Amount {
        if let notional { return try BinanceAccount.amount(notional, "notional", of: self) }
        guard let entryPrice else {
            throw PortfolioStateFailure(
                .inputMalformed, "a position in the answer of Binance has neither 'notional' nor 'entryPrice'")
        }
        let entry = try BinanceAccount.amount(entryPrice, "entryPrice", of: self)
        let profit = try BinanceAccount.amount(unrealizedProfit, "unrealizedProfit", of: self)
        do throws(AmountError) {
            return try quantity * entry + profit
        } catch {
            throw PortfolioStateFailure(error, computing: "the notional of a position")
        }
    }
}

/// The documented response of `/fapi/v1/time`.
struct BinanceTime: Decodable, Sendable {
    /// Milliseconds since 1970.
    let serverTime: Int64
}

enum BinanceJSON {
    /// Messages name the malformed member and quote no values.
    static func decode<Value: Decodable>(_ type: Value.Type, _ body: [UInt8], what: String)
        throws(PortfolioStateFailure) -> Value
    {
        do {
            return try JSONDecoder().decode(type, from: Data(body))
        } catch {
            throw PortfolioStateFailure(
                .inputMalformed, "the \(what) that Binance sent is not as documented: \(describe(error))")
        }
    }

    private static func describe(_ error: any Error) -> String {
        func place(_ path: [any CodingKey]) -> String {
            path.reduce(into: "") { text, key in
                text += key.intValue.map { "[\($0)]" } ?? (text.isEmpty ? "" : ".") + key.stringValue
            }
        }
        switch error as? DecodingError {
        case .keyNotFound(let key, let context): return "'\(place(context.codingPath + [key]))' is missing"
        case .typeMismatch(_, let context) where !context.codingPath.isEmpty,
            .valueNotFound(_, let context) where !context.codingPath.isEmpty:
            return "'\(place(context.codingPath))' has another type"
        default: return "it is not JSON of this form"
        }
    }
}
