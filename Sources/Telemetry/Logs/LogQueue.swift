import Dispatch
import Glibc
import Platform
import Synchronization

/// Lines on their way to a descriptor. One thread of its own writes them, so that a reader that stops reading holds up
/// that thread alone, and never the thread that logs.
final class LogQueue: Sendable {
    /// Bounds the lines that wait, each with ``lineOverhead``. A line that finds no room is dropped.
    static let maximumBytes = 4 << 20
    /// The memory of a line besides its bytes.
    static let lineOverhead = 64

    private struct State {
        var lines: [[UInt8]] = []
        /// Of all lines that are not written yet, those that the writer has taken included.
        var bytes = 0
        /// Lines dropped since the writer last told of them.
        var dropped = 0
    }

    private let descriptor: Int32
    private let losses: LogLosses
    /// Makes the line that tells of dropped ones.
    private let notice: @Sendable (_ dropped: Int) -> [UInt8]
    private let state = Mutex(State())
    private let arrival = DispatchSemaphore(value: 0)
    /// The lines that are not written yet, and the notice that is due. A signal handler reads it, which cannot lock.
    private let unwritten = Atomic(0)

    /// Starts the writer, which runs as long as the process does.
    init(descriptor: Int32, losses: LogLosses, notice: @escaping @Sendable (_ dropped: Int) -> [UInt8]) {
        self.descriptor = descriptor
        self.losses = losses
        self.notice = notice
        startThread(named: "log") { self.write() }
    }

    /// Takes a whole line. It never waits for the descriptor.
    func add(_ line: [UInt8]) {
        state.withLock { state in
            let bytes = line.count + Self.lineOverhead
            if state.bytes + bytes <= Self.maximumBytes {
                state.bytes += bytes
                state.lines.append(line)
                unwritten.wrappingAdd(1, ordering: .relaxed)
            } else {
                losses.dropped.increment()
                if state.dropped == 0 { unwritten.wrappingAdd(1, ordering: .relaxed) }
                state.dropped += 1
            }
        }
        arrival.signal()
    }

    /// Waits until all lines are written, at most `nanoseconds`. It is safe in a signal handler.
    func flush(nanoseconds: UInt64) {
        let end = Monotonic.nanoseconds() &+ nanoseconds
        while unwritten.load(ordering: .relaxed) > 0, Monotonic.nanoseconds() < end {
            Monotonic.sleep(nanoseconds: Self.flushStep)
        }
    }

    private static let flushStep: UInt64 = 1_000_000

    private func write() -> Never {
        while true {
            arrival.wait()
            let lines = state.withLock { state in
                let lines = state.lines
                state.lines = []
                return lines
            }
            for line in lines {
                write(line)
                state.withLock { $0.bytes -= line.count + Self.lineOverhead }
                unwritten.wrappingSubtract(1, ordering: .relaxed)
            }
            tellOfDropped()
        }
    }

    private func tellOfDropped() {
        let dropped = state.withLock { state in
            defer { state.dropped = 0 }
            return state.dropped
        }
        guard dropped > 0 else { return }
        write(notice(dropped))
        unwritten.wrappingSubtract(1, ordering: .relaxed)
    }

    /// Writes the whole line, with one `write(2)` unless a full pipe or a signal cuts it short: another process may
    /// write to the same pipe. A line that the system refuses is lost, and counted.
    private func write(_ line: [UInt8]) {
        line.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let slice = UnsafeRawBufferPointer(rebasing: rest)
                let written = Glibc.write(descriptor, slice.baseAddress, slice.count)
                if written > 0 {
                    rest = rest.dropFirst(written)
                } else if written < 0, errno == EAGAIN {
                    var room = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    poll(&room, 1, -1)
                } else if written == 0 || errno != EINTR {
                    return losses.refused.increment()
                }
            }
        }
    }
}
