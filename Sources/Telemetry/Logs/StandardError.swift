import Glibc
import Synchronization

/// The process's error output, as the log uses it.
enum StandardError {
    /// A write to a pipe is atomic only up to `PIPE_BUF` bytes. Without the lock, longer lines of two threads would
    /// mix.
    private static let turn = Mutex(())

    /// Writes the whole line, with one `write(2)` unless a full pipe or a signal cuts it short. A line that cannot be
    /// written is lost: there is nowhere to report it.
    static func emit(_ line: [UInt8], to descriptor: Int32 = STDERR_FILENO) {
        turn.withLock { _ in
            line.withUnsafeBytes { bytes in
                var rest = bytes[...]
                while !rest.isEmpty {
                    let slice = UnsafeRawBufferPointer(rebasing: rest)
                    let written = write(descriptor, slice.baseAddress, slice.count)
                    if written > 0 {
                        rest = rest.dropFirst(written)
                    } else if written == 0 || errno != EINTR {
                        return
                    }
                }
            }
        }
    }

    static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    static var noColor: String? { getenv("NO_COLOR").map { String(cString: $0) } }
}
