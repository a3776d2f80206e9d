import Foundation

/// The time by which the kernel may prolong this process's waits. The default of 50 µs would count as latency. Child
/// processes inherit the slack, so the bench shortens it only while it sends plans.
enum TimerSlack {
    static func setShortest() { write("1") }

    static func restore() { write("0") }

    /// Without the right to change the slack, all contenders are measured with the same one.
    private static func write(_ text: String) {
        try? Data(text.utf8).write(to: URL(filePath: "/proc/self/timerslack_ns"))
    }
}
