import GateAPI
import Testing
import TradingState

private enum Slots: ReservationPool {
    static let name = "slots"
}

@Suite struct ReservationTests {
    private let now = Timestamp(seconds: 1_795_354_622)

    @Test("reservations are read as the commit writes them")
    func parses() throws {
        let fields: Fields = [
            "p1": "-0.5 1795354682000 0", "last entry": "1795354622000-3", "p2": "4 1795354682000 1795354621000",
        ]
        let reserved = try Reserved<Slots>(fields: fields)
        #expect(reserved.last == "1795354622000-3")
        #expect(
            reserved.amounts == [
                ReservedAmount(
                    planID: "p1", amount: Amount(units: -50_000_000), expiresAt: Timestamp(seconds: 1_795_354_682)),
                ReservedAmount(
                    planID: "p2", amount: 4, expiresAt: Timestamp(seconds: 1_795_354_682),
                    executedAt: Timestamp(seconds: 1_795_354_621)),
            ])
        #expect(Reserved<Slots>.keys.map(\.description) == ["quantum:governor:reserved:slots:{symbol}"])
    }

    @Test(
        "text that the commit never writes is malformed",
        arguments: ["", "1", "1 2", "x 2 0", "nan 2 0", "1 x 0", "1 2 x", "1 2 0 3", "1 99999999999999999999 0"])
    func malformed(text: String) {
        #expect(throws: InputFailure.malformed(field: "p1")) { try Reserved<Slots>(fields: ["p1": text]) }
    }

    @Test("the entry that reserved last must be an entry", arguments: ["", "x", "\u{FFFD}", "1", "1-x"])
    func malformedLast(text: String) {
        #expect(throws: InputFailure.malformed(field: ReservationFields.last)) {
            try Reserved<Slots>(fields: [ReservationFields.last: text])
        }
    }

    @Test("a reservation is seen by the intents that follow it in the batch")
    func reserves() throws {
        let symbol = try #require(Symbol("BTCUSDT"))
        var inputs = Inputs(now: now)
        let reservation = Reservation(in: Slots.self, symbol, 2)
        // Nothing may be reserved on a record that was not read.
        #expect(inputs.lastReservation(reservation) == nil)
        inputs.fail(Reserved<Slots>.self, for: symbol, .malformed(field: "p0"))
        #expect(inputs.lastReservation(reservation) == nil)
        inputs.fail(Reserved<Slots>.self, for: symbol, .missing)
        #expect(inputs.lastReservation(reservation) == "")
        inputs.reserve(
            reservation, planID: "p1", by: EntryID(milliseconds: 7, sequence: 1),
            until: Timestamp(seconds: 1_795_354_682))
        inputs.reserve(
            reservation.scaled(to: 1), planID: "p2", by: EntryID(milliseconds: 7, sequence: 2),
            until: Timestamp(seconds: 1_795_354_623))
        let reserved = try inputs.reserved(in: Slots.self, symbol)
        #expect(reserved.amounts.map(\.planID) == ["p1", "p2"])
        #expect(reserved.amounts.map(\.amount) == [2, 1])
        #expect(inputs.lastReservation(reservation) == "7-2")
        #expect(reserved.inForce(at: Timestamp(seconds: 1_795_354_623), shown: nil).map(\.planID) == ["p1"])
        #expect(reservation.redisKey == "quantum:governor:reserved:slots:BTCUSDT")
    }
}
