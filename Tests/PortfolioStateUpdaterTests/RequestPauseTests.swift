import Testing

@testable import PortfolioStateUpdater

@Suite("Pauses between requests")
struct RequestPauseTests {
    static let start = ContinuousClock.now

    /// The length of the pause after ``start``, in whole seconds.
    static func length(_ pause: RequestPause) -> Int {
        var low = -1
        var high = 1_000_000
        while high - low > 1 {
            let middle = (low + high) / 2
            var copy = pause
            do {
                try copy.check(at: start + .seconds(middle))
                high = middle
            } catch {
                low = middle
            }
        }
        return high
    }

    @Test(
        "are as long as the exchange demands, within bounds",
        arguments: [
            (PortfolioStateFailure.Reason.rateLimited, 7, 7), (.rateLimited, 0, 1), (.rateLimited, 100_000, 600),
            (.rateLimited, nil, 60),
            (.banned, 3_600, 3_600), (.banned, .max, 259_200), (.banned, nil, 120), (.serverError, 30, 0),
            (.unauthorized, nil, 0),
        ] as [(PortfolioStateFailure.Reason, Int?, Int)])
    func bounds(reason: PortfolioStateFailure.Reason, retryAfter: Int?, seconds: Int) {
        var pause = RequestPause()
        pause.recordRefusal(reason, retryAfter: retryAfter.map { .seconds($0) }, at: Self.start)
        #expect(Self.length(pause) == seconds)
    }

    @Test("double with each ban of unknown length, until a request succeeds")
    func bans() {
        var pause = RequestPause()
        for seconds in [120, 240, 480] {
            pause.recordRefusal(.banned, retryAfter: nil, at: Self.start)
            #expect(Self.length(pause) == seconds)
        }
        pause.record(usedWeight: 5, limit: 2_400, restOfMinute: .seconds(30), at: Self.start)
        pause.recordRefusal(.banned, retryAfter: nil, at: Self.start)
        #expect(Self.length(pause) == 120)
    }

    @Test(
        "last for the rest of the minute once nine tenths of the weight are used",
        arguments: [(2_159, 0), (2_160, 25), (2_400, 25), (nil, 0)] as [(Int?, Int)])
    func weight(used: Int?, seconds: Int) {
        var pause = RequestPause()
        pause.record(usedWeight: used, limit: 2_400, restOfMinute: .seconds(25), at: Self.start)
        #expect(Self.length(pause) == seconds)
    }

    @Test("report their length and cause")
    func message() throws {
        var pause = RequestPause()
        pause.recordRefusal(.banned, retryAfter: .seconds(90), at: Self.start)
        let message = "requests to Binance pause for another 60 s: this address is banned"
        #expect(throws: PortfolioStateFailure(.banned, message)) { try pause.check(at: Self.start + .seconds(30)) }
        try pause.check(at: Self.start + .seconds(90))
    }
}
