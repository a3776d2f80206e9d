import GateAPI
import Testing
import TradingState

@testable import PortfolioStateUpdater

@Suite("The sums of the ledger")
struct LedgerBookTests {
    static let now = Timestamp(seconds: 10_000)
    static let cash: Fields = ["balance_usd": "100000", "timestamp": "9990"]

    static func position(_ quantity: String, entry: String = "0.0", mark: String = "0.0", at seconds: Int = 9_998)
        -> Result<Fields?, InputFailure>
    {
        .success(["position_amt": quantity, "entry_price": entry, "mark_price": mark, "ts_epoch": String(seconds)])
    }

    static func read(
        _ positions: [String: [Result<Fields?, InputFailure>]],
        cash: Result<Fields?, InputFailure> = .success(Self.cash),
        settings: LedgerSettings = LedgerSettings()
    ) throws(PortfolioStateFailure) -> PortfolioReading {
        var bySymbol: [Symbol: [PositionGeneration<LedgerPosition>]] = [:]
        for (name, records) in positions {
            guard let symbol = Symbol(name) else { continue }
            bySymbol[symbol] = records.map {
                PositionGeneration($0.flatMap { $0.map { .success($0) } ?? .failure(.missing) })
            }
        }
        return try LedgerBook(settings: settings, now: now).reading(of: LedgerRecords(cash: cash, positions: bySymbol))
    }

    @Test("value longs and shorts by mark and entry price and ignore flat positions")
    func sums() throws {
        let reading = try Self.read([
            "BTCUSDT": [Self.position("0.5", entry: "60000", mark: "62000", at: 9_997)],
            "ETHUSDT": [Self.position("-10", entry: "3000", mark: "3100.5", at: 9_995)],
            "SOLUSDT": [Self.position("0.0", at: 9_000)],
        ])
        #expect(reading.balance == 100_000)
        #expect(try reading.unrealizedProfit == Amount("-5"))
        #expect(reading.equity == 99_995)
        #expect(reading.positionCount == 2)
        #expect(reading.positionsNotional == 62_005)
        #expect(reading.asOf == Timestamp(seconds: 9_990))
        #expect(
            reading.inputs == [
                DatedInput("the cash balance", takenAt: Timestamp(seconds: 9_990), limit: .seconds(30)),
                DatedInput("the position record of ETHUSDT", takenAt: Timestamp(seconds: 9_995)),
            ])
    }

    @Test("are exact, unlike binary floats")
    func exact() throws {
        let reading = try Self.read(
            ["AUSDT": [Self.position("3", entry: "0.1", mark: "0.2")]],
            cash: .success(["balance_usd": "0.00000001", "timestamp": "10000"]))
        #expect(try reading.equity == Amount("0.30000001"))
    }

    @Test("use the newest record of both key generations, and are refused if that one is or may be unreadable")
    func generations() throws {
        let old = Self.position("1", entry: "100", mark: "110", at: 9_990)
        let new = Self.position("2", entry: "100", mark: "120", at: 9_995)
        #expect(try Self.read(["AUSDT": [old, new]]).unrealizedProfit == 40)
        #expect(try Self.read(["AUSDT": [new, old]]).unrealizedProfit == 40)
        let unpriced = Self.position("2", entry: "100", mark: "nan", at: 9_995)
        #expect(try Self.read(["AUSDT": [Self.position("1", entry: "nan", at: 9_980), old]]).unrealizedProfit == 10)
        #expect(throws: PortfolioStateFailure.self) {
            try Self.read(["AUSDT": [unpriced, Self.position("0", at: 9_990)]])
        }
        #expect(throws: PortfolioStateFailure.self) {
            try Self.read(["AUSDT": [.failure(.unavailable(detail: "WRONGTYPE")), old]])
        }
        #expect(try Self.read(["AUSDT": [unpriced, new]]).unrealizedProfit == 40)
        #expect(try Self.read(["AUSDT": [.success(nil), new]]).unrealizedProfit == 40)
        let closed = Self.position("0", at: 9_997)
        #expect(try Self.read(["AUSDT": [new, closed]]).positionCount == 0)
    }

    @Test("are as old as the newest record if all positions are flat")
    func flat() throws {
        let reading = try Self.read([
            "AUSDT": [Self.position("0", at: 9_000)], "BUSDT": [Self.position("0", at: 9_996)],
            "CUSDT": [Self.position("0", at: 10_500)],
        ])
        #expect(reading.inputs.map(\.takenAt) == [Timestamp(seconds: 9_990), Timestamp(seconds: 9_996)])
        #expect(reading.positionCount == 0)
        #expect(reading.equity == 100_000)
    }

    @Test("without any position record are refused, unless the settings allow it")
    func empty() throws {
        #expect(
            throws: PortfolioStateFailure(
                .inputMissing,
                "there is no position record, not even a flat one: is the publisher of positions running?")
        ) { try Self.read([:]) }
        let reading = try Self.read([:], settings: LedgerSettings(emptyIsFlat: true))
        #expect(reading.equity == 100_000)
        #expect(reading.inputs.last?.takenAt == Self.now)
    }

    @Test("leave out an open position that is too old to count, readable or not, and say so")
    func stale() throws {
        let reading = try Self.read([
            "AUSDT": [Self.position("5", entry: "1", mark: "2", at: 9_699)],
            "BUSDT": [Self.position("1", entry: "nan", at: 9_000)],
            "CUSDT": [Self.position("1", entry: "100", mark: "110", at: 9_998)],
        ])
        #expect(reading.equity == 100_010)
        #expect(reading.exclusions.map(\.subject) == ["AUSDT", "BUSDT"])
        #expect(
            reading.exclusions.first?.message
                == "the position record of AUSDT is 301 s old; beyond 300 s it does not count")
        #expect(reading.inputs.last?.takenAt == Timestamp(seconds: 9_998))
    }

    @Test("are refused if an open position is dated in the future")
    func future() throws {
        #expect(
            throws: PortfolioStateFailure(
                .inputFutureDated, "the position record of AUSDT is dated 500 s in the future")
        ) { try Self.read(["AUSDT": [Self.position("1", entry: "1", mark: "1", at: 10_500)]]) }
    }

    @Test(
        "are refused if an open position cannot be valued",
        arguments: [
            (
                ["position_amt": "1", "entry_price": "nan", "mark_price": "5", "ts_epoch": "9998"],
                PortfolioStateFailure.Reason.inputNonFinite,
                "'entry_price' of the position record of AUSDT is not a finite number"
            ),
            (
                ["position_amt": "inf", "entry_price": "4", "mark_price": "5", "ts_epoch": "9998"], .inputNonFinite,
                "'position_amt' of the position record of AUSDT is not a finite number"
            ),
            (
                ["position_amt": "1", "entry_price": "4", "mark_price": "0.0", "ts_epoch": "9998"], .inputMalformed,
                "the position record of AUSDT has no readable 'mark_price'"
            ),
            (
                ["position_amt": "1", "entry_price": "0", "mark_price": "5", "ts_epoch": "9998"], .inputMalformed,
                "the position record of AUSDT has no readable 'entry_price'"
            ),
            (
                ["position_amt": "1", "entry_price": "4", "mark_price": "-5", "ts_epoch": "9998"], .inputMalformed,
                "the position record of AUSDT has no readable 'mark_price'"
            ),
            (
                ["position_amt": "", "entry_price": "4", "mark_price": "5", "ts_epoch": "9998"], .inputMalformed,
                "the position record of AUSDT has no readable 'position_amt'"
            ),
            (
                ["position_amt": "1", "entry_price": "4", "mark_price": "5"], .inputMalformed,
                "the position record of AUSDT has no readable 'ts_epoch'"
            ),
            (
                ["position_amt": "1e25", "entry_price": "1", "mark_price": "1e25", "ts_epoch": "9998"], .inputMalformed,
                "the position record of AUSDT has no readable 'position_amt'"
            ),
        ] as [([String: String], PortfolioStateFailure.Reason, String)])
    func unvalued(fields: [String: String], reason: PortfolioStateFailure.Reason, message: String) {
        let record = Fields(fields.map { (name: $0.key, value: $0.value) })
        #expect(throws: PortfolioStateFailure(reason, message)) {
            try Self.read(["AUSDT": [.success(record)], "BUSDT": [Self.position("0")]])
        }
    }

    @Test(
        "are refused if the cash is unknown",
        arguments: [
            (nil, PortfolioStateFailure.Reason.inputMissing, "the cash balance is missing"),
            (
                ["balance_usd": "NaN", "timestamp": "9999"], .inputNonFinite,
                "'balance_usd' of the cash balance is not a finite number"
            ),
            (
                ["balance_usd": "1O0", "timestamp": "9999"], .inputMalformed,
                "the cash balance has no readable 'balance_usd'"
            ),
            (["balance_usd": "100"], .inputMalformed, "the cash balance has no readable 'timestamp'"),
        ] as [([String: String]?, PortfolioStateFailure.Reason, String)])
    func badCash(fields: [String: String]?, reason: PortfolioStateFailure.Reason, message: String) {
        let record = fields.map { Fields($0.map { (name: $0.key, value: $0.value) }) }
        #expect(throws: PortfolioStateFailure(reason, message)) {
            try Self.read(["AUSDT": [Self.position("0")]], cash: .success(record))
        }
    }

    @Test("that overflow are refused")
    func overflow() throws {
        let huge = "1.7e18"
        #expect(throws: PortfolioStateFailure(.outOfRange, "the equity cannot be computed: overflow")) {
            try Self.read([
                "AUSDT": [Self.position("1", entry: "1", mark: huge)],
                "BUSDT": [Self.position("1", entry: "1", mark: huge)],
            ])
        }
    }
}
