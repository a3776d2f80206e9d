import GateAPI
import JSONText
import TradingState

/// A symbol's exposure for machines. Amounts are numbers in exact decimal text; what is not known is null.
enum ExposureJSON {
    /// - Parameter grants: `nil` in the list of all symbols, which leaves them out.
    static func symbol(_ exposure: SymbolExposure, _ grants: GrantList?) -> String {
        var object = JSONObject()
        object.add("symbol", exposure.symbol.name)
        object.add("at_ms", number: String(exposure.now.milliseconds))
        object.add("position", literal: position(exposure))
        object.add("account", literal: account(exposure))
        object.add(
            "under_way",
            literal: list(exposure.account.lanes) { lane in
                var object = JSONObject()
                object.add("lane", lane.name)
                object.add("given", number: lane.given.description)
                object.add("executed", number: lane.executed.description)
                return object
            })
        object.add("most_exposure", literal: sides(exposure.worst, legs: true) { $0.mostExposure })
        object.add("most_to_close", literal: sides(exposure.worst, legs: false) { $0.mostToClose })
        object.add("budget", literal: budget(exposure.budget))
        object.add("left", literal: left(exposure.left))
        guard let grants else { return object.text }
        object.add("grants", literal: list(grants.items, grant))
        object.add("damaged_outcomes", literal: list(grants.damaged))
        object.add("is_complete", literal: grants.stopped == nil ? "true" : "false")
        return object.text
    }

    private static func position(_ exposure: SymbolExposure) -> String {
        let reading = exposure.position
        var object = JSONObject()
        object.add("state", reading.state)
        if let detail = reading.detail { object.add("detail", detail) }
        object.add("counts_as", exposure.assumption.rawValue)
        object.add("held_by_last_evidence", literal: exposure.account.isHeld ? "true" : "false")
        object.add("quantity", literal: number(reading.record?.quantity))
        object.add("long_qty", literal: number(reading.record?.legs?.long))
        object.add("short_qty", literal: number(reading.record?.legs?.short))
        object.add("mark_price", literal: number(reading.record?.markPrice))
        object.add("age_seconds", literal: number(reading.age?.seconds))
        return object.text
    }

    private static func account(_ exposure: SymbolExposure) -> String {
        var object = JSONObject()
        object.add("state", exposure.account.state.rawValue)
        object.add("is_kept", literal: exposure.isKept ? "true" : "false")
        object.add("damage", literal: list(exposure.account.damage))
        return object.text
    }

    private static func sides(_ worst: WorstCases, legs: Bool, _ amount: (WorstCases.Side) -> Amount?) -> String {
        var object = JSONObject()
        object.add("long", literal: number(amount(worst.long)))
        object.add("short", literal: number(amount(worst.short)))
        if legs { object.add("legs", literal: number(worst.legs)) }
        return object.text
    }

    private static func budget(_ reading: RecordReading<PortfolioBudget>) -> String {
        var object = JSONObject()
        object.add("state", reading.state)
        if let detail = reading.detail { object.add("detail", detail) }
        object.add("budget_usd", literal: number(reading.record?.budget))
        object.add("is_enforced", literal: reading.record.map { $0.isEnforced ? "true" : "false" } ?? "null")
        object.add("age_seconds", literal: number(reading.age?.seconds))
        return object.text
    }

    private static func left(_ left: SymbolExposure.Left) -> String {
        var object = JSONObject()
        switch left {
        case .none(let why): object.add("unknown_because", why)
        case .rests(let price, let buy, let sell, let leg):
            object.add("price", number: price.description)
            for (name, rest) in [("buy", buy), ("sell", sell)] + (leg.map { [("open_leg", $0)] } ?? []) {
                object.add("\(name)_qty", number: rest.quantity.description)
                object.add("\(name)_usd", number: rest.notional.description)
            }
        }
        return object.text
    }

    private static func grant(_ item: GrantList.Item) -> JSONObject {
        var object = JSONObject()
        object.add("plan_id", item.planID)
        object.add("state", item.standing.rawValue)
        object.add(
            "shares",
            literal: list(item.shares) { share in
                var object = JSONObject()
                object.add("account", share.account)
                object.add("lane", AccountFields.laneName(share.lane, inAccount: share.account))
                object.add("amount", number: share.amount.description)
                return object
            })
        object.add("age_seconds", number: item.age.seconds.description)
        object.add("permit_left_seconds", literal: number(item.permitLeft?.seconds))
        return object
    }

    private static func number(_ amount: Amount?) -> String { amount?.description ?? "null" }

    private static func list<Item>(_ items: [Item], _ object: (Item) -> JSONObject) -> String {
        "[" + items.map { object($0).text }.joined(separator: ",") + "]"
    }

    private static func list(_ texts: [String]) -> String {
        var bytes: [UInt8] = [UInt8(ascii: "[")]
        for (index, text) in texts.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            JSON.write(string: text, to: &bytes)
        }
        return String(decoding: bytes + [UInt8(ascii: "]")], as: UTF8.self)
    }
}
