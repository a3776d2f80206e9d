import GateAPI
package import Logging
import Redis

/// Reads the portfolio from a Binance USDⓈ-M futures account. Each reading takes one signed request of weight 5, of
/// 2400 per minute.
package actor BinanceAccountSource: PortfolioStateSource {
    package nonisolated let name = "binance_futures"

    private let settings: BinanceSettings
    private let memory: PauseMemory?
    private let clocks: Clocks
    private let logger: Logger
    /// Made at first use: a client that exists must be shut down, and a service that never ran is not.
    private var transport: BinanceTransport?
    private var isClosed = false
    private var serverClock: ServerClock?
    private var pause = RequestPause()

    /// - Parameter memory: without it a restart forgets the end of a ban.
    init(settings: BinanceSettings, memory: PauseMemory? = nil, logger: Logger, clocks: Clocks = .system) {
        self.settings = settings
        self.memory = memory
        self.clocks = clocks
        self.logger = logger
    }

    package func close() async {
        isClosed = true
        await transport?.close()
        transport = nil
        await memory?.redis.close()
    }

    package func read() async throws(PortfolioStateFailure) -> PortfolioReading {
        // Before each reading, because another updater at this address may have been banned meanwhile.
        if let pause = try await memory?.load() { self.pause.resume(pause.reason, pause.rest, at: clocks.steady()) }
        let isClockDue = serverClock?.isDue(at: clocks.steady()) ?? true
        if isClockDue { try await readServerClock(orKeep: serverClock) }
        do throws(PortfolioStateFailure) {
            return try await account()
        } catch {
            guard error.reason == .clockSkew else { throw error }
            // Retry only once. If the exchange also refuses the fresh clock, the network is slower than the receive
            // window, and further requests would not help.
            try await readServerClock(orKeep: nil)
            return try await account()
        }
    }

    private func account() async throws(PortfolioStateFailure) -> PortfolioReading {
        let asked = clocks.wall()
        let time = serverClock?.milliseconds(at: asked) ?? asked.milliseconds
        let query = "recvWindow=\(Int64(settings.receiveWindow / .milliseconds(1)))&timestamp=\(time)"
        let path = "/fapi/v\(settings.version.rawValue)/account"
        let body = try await get(path + "?" + BinanceSignature.signed(query, with: settings.secret), key: settings.key)
        return try BinanceAccount(json: body).reading(counting: settings.assets, asOf: asked)
    }

    /// - Parameter known: an earlier reading to keep if the exchange's clock cannot be read now.
    private func readServerClock(orKeep known: ServerClock?) async throws(PortfolioStateFailure) {
        do throws(PortfolioStateFailure) {
            let sent = clocks.wall()
            let body = try await get("/fapi/v1/time", key: nil)
            let time = try BinanceJSON.decode(BinanceTime.self, body, what: "time")
            let clock = try ServerClock(
                serverTime: time.serverTime, sent: sent, received: clocks.wall(), readAt: clocks.steady())
            if clock.isNotable {
                logger.warning(
                    "the clocks of this machine and of the exchange differ", metadata: ["offset_ms": "\(clock.offset)"])
            }
            serverClock = clock
        } catch {
            // During a pause the next request would be refused too.
            guard known != nil, error.reason != .rateLimited, error.reason != .banned else { throw error }
            logger.warning(
                "the exchange's clock cannot be read; the known offset is kept", metadata: ["error": "\(error)"])
        }
    }

    /// Returns the body of a successful response. Every response, successful or not, updates the pause.
    private func get(_ target: String, key: Secret?) async throws(PortfolioStateFailure) -> [UInt8] {
        try pause.check(at: clocks.steady())
        let answer = try await connected().get(target, key: key)
        let now = clocks.steady()
        guard (200..<300).contains(answer.status) else {
            let refusal = BinanceRefusal(answer)
            pause.recordRefusal(refusal.failure.reason, retryAfter: retryAfter(answer, refusal), at: now)
            await remember(pause.rest(at: now))
            throw refusal.failure
        }
        let local = clocks.wall()
        let restOfMinute = serverClock?.restOfMinute(at: local) ?? RequestPause.defaultRateLimit
        pause.record(usedWeight: answer.usedWeight, limit: settings.weightLimit, restOfMinute: restOfMinute, at: now)
        return answer.body
    }

    private func remember(_ pause: (reason: PortfolioStateFailure.Reason, rest: Duration)?) async {
        guard let pause else { return }
        let end = Timestamp(milliseconds: clocks.wall().milliseconds + Int64(pause.rest / .milliseconds(1)))
        await memory?.save(pause.reason, pause.rest, end: end)
    }

    private func retryAfter(_ answer: BinanceTransport.Answer, _ refusal: BinanceRefusal) -> Duration? {
        if let seconds = answer.retryAfter { return .seconds(max(0, seconds)) }
        guard let end = refusal.bannedUntil else { return nil }
        let (rest, overflow) = end.milliseconds.subtractingReportingOverflow(
            serverClock?.milliseconds(at: clocks.wall()) ?? clocks.wall().milliseconds)
        return overflow ? nil : .milliseconds(max(0, rest))
    }

    private func connected() throws(PortfolioStateFailure) -> BinanceTransport {
        // A read that outlives `close` would otherwise make a client that nobody shuts down.
        guard !isClosed else { throw PortfolioStateFailure(.connection, "the source is closed") }
        if let transport { return transport }
        let fresh = BinanceTransport(settings)
        transport = fresh
        return fresh
    }
}
