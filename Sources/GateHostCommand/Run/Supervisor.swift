import Foundation
import Glibc
import Logging
import Platform
import Synchronization
import UnixSignals

/// Keeps a host running in a process of its own: starts it again when it dies, and passes signals on. The supervisor
/// runs no gates and has no connections, so that a crash of the host cannot end it.
final class Supervisor: Sendable {
    /// The exit status of a host that asks to be started again: EX_TEMPFAIL, a failure to service managers too.
    static let restartStatus: Int32 = 75
    private static let firstPause: Duration = .milliseconds(100)
    private static let longestPause: Duration = .seconds(5)
    /// After a life of this length, the pause before the next start is short again.
    private static let settledAfter: Duration = .seconds(60)

    private struct State {
        var host: pid_t?
        var isStopping = false
    }

    let config: String
    private let logger: Logger
    private let state = Mutex(State())
    /// `nil` if there was no room for one.
    let journal: Int32?
    /// A pipe whose other end the host reads: it is closed when this process dies.
    let lifeline: (ours: Int32, theirs: Int32)

    init(config: String, logger: Logger) throws {
        self.config = config
        self.logger = logger
        journal = Self.anonymousFile()
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EMFILE) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        guard let theirs = Self.raised(ends[0]) else { throw POSIXError(.EMFILE) }
        lifeline = (ours: ends[1], theirs: theirs)
        if journal == nil {
            logger.error("no room for a crash journal: crashes are remembered only with containment.journal")
        }
    }

    /// Runs the host until it ends by itself, and exits with its exit code.
    func run() async throws {
        // If SIGCHLD were ignored, the kernel would reap the host before `waitid` sees its end.
        signal(SIGCHLD, SIG_DFL)
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint)
        let forwarding = Task {
            for await signal in signals { forward(signal == .sigint ? SIGINT : SIGTERM) }
        }
        defer { forwarding.cancel() }
        var pause = Self.firstPause
        var restarts = 0
        while true {
            let started = ContinuousClock.now
            let end: End
            do {
                end = try await runHost(restarts)
            } catch  where restarts > 0 {
                // The host has run before, so the shortage will pass. This process keeps the crash journal, so it must
                // not give up.
                logger.critical(
                    "the host cannot be started; the supervisor tries again",
                    metadata: ["error": "\(error)", "retry_in": "\(pause)"])
                try await rest(pause)
                pause = min(pause * 2, Self.longestPause)
                continue
            }
            let isStopping = state.withLock { $0.isStopping }
            switch end {
            case .exited(Self.restartStatus) where !isStopping: logger.critical("the host asks to be started again")
            // The service was told to stop, so the host does not need another start.
            case .exited(Self.restartStatus): exit(0)
            case .exited(let status): exit(status)
            case .killed(let signal) where isStopping: exit(128 + signal)
            case .killed(let signal):
                var metadata: Logger.Metadata = [
                    "signal": "\(String(cString: strsignal(signal)))", "restart_in": "\(pause)",
                ]
                if let suspicion = AddressSpace.suspicion(signal) { metadata["perhaps"] = "\(suspicion)" }
                logger.critical(
                    "the host died and is started again; it takes up the plans that it had not decided",
                    metadata: metadata)
            }
            if ContinuousClock.now - started > Self.settledAfter { pause = Self.firstPause }
            try await rest(pause)
            pause = min(pause * 2, Self.longestPause)
            restarts += 1
        }
    }

    private enum End {
        case exited(Int32)
        case killed(Int32)
    }

    private func runHost(_ restarts: Int) async throws -> End {
        try state.withLock { state in
            if state.isStopping { exit(0) }
            state.host = try spawn(restarts)
        }
        return await onBlockingThread(named: "host-end") { self.awaitEnd() }
    }

    /// Waits without reaping, then reaps under the lock, so that `forward` never signals another process of the same
    /// id.
    private func awaitEnd() -> End {
        guard let host = state.withLock({ $0.host }) else { return .exited(1) }
        var information = siginfo_t()
        while waitid(P_PID, id_t(host), &information, WEXITED | WNOWAIT) == -1, errno == EINTR {}
        return state.withLock { state in
            var status: Int32 = 0
            let reaped = waitpid(host, &status, 0)
            state.host = nil
            guard reaped == host else { return .exited(1) }
            return status & 0x7F == 0 ? .exited(status >> 8 & 0xFF) : .killed(status & 0x7F)
        }
    }

    private func forward(_ signal: Int32) {
        state.withLock { state in
            state.isStopping = true
            if let host = state.host { kill(host, signal) }
        }
    }

    /// Waits before the next start, unless told to stop.
    private func rest(_ pause: Duration) async throws {
        let end = ContinuousClock.now + pause
        while ContinuousClock.now < end {
            if state.withLock({ $0.isStopping }) { exit(0) }
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}
