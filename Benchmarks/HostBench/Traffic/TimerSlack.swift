import Foundation

/// How late the kernel may end this process's waits: by default 50 µs, which would be taken for latency. Processes
/// started meanwhile inherit it, so it is set only while plans are sent.
enum TimerSlack {
    static func setShortest() { write("1") }

    static func restore() { write("0") }

    /// Where that is not allowed, all contenders are measured with the same slack.
    private static func write(_ text: String) {
        try? Data(text.utf8).write(to: URL(filePath: "/proc/self/timerslack_ns"))
    }
}
