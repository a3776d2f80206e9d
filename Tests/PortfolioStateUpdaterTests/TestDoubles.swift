import GateAPI
import Logging
import Synchronization

@testable import PortfolioStateUpdater

/// A steady clock that moves only when advanced; the wall clock is the real one.
final class ManualClock: Sendable {
    private let start = ContinuousClock.now
    private let passed = Mutex(Duration.zero)

    func advance(by duration: Duration) {
        passed.withLock { $0 += duration }
    }

    var clocks: Clocks {
        Clocks(wall: Clocks.system.wall, steady: { self.start + self.passed.withLock { $0 } })
    }
}

/// Keeps all log lines.
final class LogRecorder: Sendable {
    private let lines = Mutex<[String]>([])

    var logger: Logger {
        var logger = Logger(label: "test", factory: { _ in Handler(recorder: self) })
        logger.logLevel = .trace
        return logger
    }

    var text: String { lines.withLock { $0.joined(separator: "\n") } }

    private struct Handler: LogHandler {
        let recorder: LogRecorder
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level = .trace

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let line = "\(event.level) \(event.message) \(event.metadata ?? [:])"
            recorder.lines.withLock { $0.append(line) }
        }
    }
}

/// A source that returns a scripted result.
final class ScriptedSource: PortfolioStateSource {
    let name = "scripted"
    let isClosed = Mutex(false)
    private let answer: Mutex<Result<PortfolioReading, PortfolioStateFailure>>

    init(_ answer: Result<PortfolioReading, PortfolioStateFailure>) {
        self.answer = Mutex(answer)
    }

    func set(_ answer: Result<PortfolioReading, PortfolioStateFailure>) {
        self.answer.withLock { $0 = answer }
    }

    func read() async throws(PortfolioStateFailure) -> PortfolioReading {
        var reading = try answer.withLock { $0 }.get()
        // A time of zero means now.
        if reading.asOf == Timestamp(seconds: 0) { reading.inputs[0].takenAt = Clocks.system.wall() }
        return reading
    }

    func close() async {
        isClosed.withLock { $0 = true }
    }
}

extension PortfolioReading {
    static func equity(_ equity: Amount, asOf: Timestamp = Timestamp(seconds: 0)) -> PortfolioReading {
        PortfolioReading(
            balance: equity, unrealizedProfit: .zero, equity: equity, positionCount: 0, positionsNotional: .zero,
            inputs: [DatedInput("the script", takenAt: asOf)])
    }
}
