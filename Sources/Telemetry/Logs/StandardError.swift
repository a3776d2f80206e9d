import Synchronization

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

/// The process's error output and what the log needs of its surroundings.
enum StandardError {
    /// Lines longer than a pipe's atomic unit (`PIPE_BUF`) would mix if two threads wrote at once.
    private static let turn = Mutex(())

    /// Hands the whole line over in one `write(2)`, and what a full pipe or a signal left over in further ones. A line
    /// that cannot be written is lost: there is nowhere to say so.
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

    static func now() -> Duration {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
    }
}
