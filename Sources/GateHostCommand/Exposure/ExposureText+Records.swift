import GateAPI
import TradingState

/// The position and the budget.
extension ExposureText {
    static func position(_ exposure: SymbolExposure) -> [String] {
        let reading = exposure.position
        var text: String
        if let record = reading.record {
            text = held(record)
            text += record.markPrice.map { ", mark \($0)" } ?? ", no mark price"
            text += reading.age.map { ", snapshot \(age($0))" } ?? ""
        } else {
            text = "no snapshot"
        }
        switch (reading.failure, exposure.assumption) {
        case (nil, _): break
        case (.missing?, .flat): text = "no snapshot: assumed flat"
        case (.missing?, _) where exposure.account.isHeld:
            text = "no snapshot: unknown, because the last evidence shows a position"
        case (.stale(_, let limit)?, _): text += ": stale, older than \(seconds(limit)), so unknown to gates"
        case (.futureDated?, _): text += ": stamped in the future, so unknown to gates"
        case (.some, _): text = "\(reading.state)\(reading.detail.map { " (\($0))" } ?? ""): unknown to gates"
        }
        return [text]
    }

    /// What gates take for the position.
    static func held(_ exposure: SymbolExposure) -> String {
        exposure.position.record.map(held) ?? (exposure.assumption == .flat ? "flat" : "unknown")
    }

    static func held(_ position: Position) -> String {
        if let legs = position.legs { return "long \(legs.long) and short \(legs.short)" }
        if position.quantity.isZero { return "flat" }
        return (position.quantity.isPositive ? "long " : "short ") + "\(position.quantity.magnitude)"
    }

    static func budget(_ reading: RecordReading<PortfolioBudget>) -> String {
        guard let record = reading.record else {
            return reading.failure == .missing ? "none" : "\(reading.state) (\(reading.detail ?? ""))"
        }
        let text = "\(record.budget) USD, \(record.isEnforced ? "enforce" : "shadow")"
        let age = reading.age.map { ", \(Self.age($0))" } ?? ""
        switch reading.failure {
        case .stale(_, let limit): return "\(text)\(age): stale, older than \(seconds(limit)), so gates do not use it"
        case .futureDated: return "\(text): stamped in the future, so gates do not use it"
        default: return text + age
        }
    }

    static func left(_ left: SymbolExposure.Left) -> String {
        switch left {
        case .none(let why): return "unknown: \(why)"
        case .rests(let price, let buy, let sell, let leg):
            let rests = [("buy", buy), ("sell", sell)] + (leg.map { [("open a leg", $0)] } ?? [])
            let parts = rests.map { name, rest in
                rest.quantity.isNegative
                    ? "\(name) nothing, over by \(rest.notional.magnitude) USD"
                    : "\(name) \(rest.quantity) (\(rest.notional) USD)"
            }
            return parts.joined(separator: ", ") + ", at mark \(price)"
        }
    }

    static func dollars(_ rest: SymbolExposure.Rest) -> String { "\(rest.notional) USD" }
}
