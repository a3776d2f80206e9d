import Glibc
import Logging
import Platform

/// Tells the service manager that the host runs, what it waits for, and that its intakes move.
///
/// The host is up once every intake thread has moved, with or without Redis. From then on a sign of life goes out only
/// after every intake has moved since the last one: a host whose other threads alone are alive is ended.
struct ServiceReports {
    private let manager: ServiceManager
    private let status: HostStatus
    private let logger: Logger
    /// A quarter of the time that the service manager waits: one lost message, and a busy machine, do not end the host.
    private let interval: UInt64?
    private var isUp = false
    private var nextSign: UInt64 = 0
    private var nextStatus: UInt64 = 0
    private var lastStatus = ""
    private var moves: [UInt64]
    private var hasFailed = false

    private static let statusInterval: UInt64 = 1_000_000_000

    init(_ manager: ServiceManager, _ status: HostStatus, logger: Logger) {
        self.manager = manager
        self.status = status
        self.logger = logger
        interval = manager.watchdog.map { $0.nanoseconds / 4 }
        moves = status.intakes.map(\.lastMove)
    }

    mutating func update(at now: UInt64) {
        var lines: [String] = []
        if now >= nextSign, isUp ? interval != nil : true, haveMoved() {
            lines.append(isUp ? "WATCHDOG=1" : "READY=1")
            isUp = true
            nextSign = now &+ (interval ?? 0)
        }
        let text = Self.text(status.current)
        if isUp, text != lastStatus, now >= nextStatus {
            lines.append("STATUS=" + text)
            lastStatus = text
            nextStatus = now &+ Self.statusInterval
        }
        if !lines.isEmpty { send(lines) }
    }

    /// Whether every intake thread has moved since the last time that all had.
    private mutating func haveMoved() -> Bool {
        let latest = status.intakes.map(\.lastMove)
        guard zip(latest, moves).allSatisfy({ $0 != $1 }) else { return false }
        moves = latest
        return true
    }

    private mutating func send(_ lines: [String]) {
        guard let failure = manager.send(lines), !hasFailed else { return }
        hasFailed = true
        logger.warning(
            "the service manager cannot be told that the host moves",
            metadata: ["error": "\(String(cString: strerror(failure)))"])
    }

    private static func text(_ phase: HostStatus.Phase) -> String {
        switch phase {
        case .ready: "ready"
        case .stopped: "stopped"
        case .waiting(let reason): "not ready: " + String(reason.map { $0.isNewline ? " " : $0 })
        }
    }
}
