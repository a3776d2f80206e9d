import Foundation
import Glibc

/// The machine's processes, as /proc shows them.
enum ProcessTable {
    /// Whose parent it is.
    static func children(of parent: pid_t) -> [pid_t] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.filter { state($0)?.parent == parent }
    }

    /// Whether it is there and not merely waiting to be taken down.
    static func isRunning(_ process: pid_t) -> Bool {
        state(process).map { $0.letter != "Z" && $0.letter != "X" } ?? false
    }

    private static func state(_ process: pid_t) -> (letter: Substring, parent: pid_t)? {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return nil }
        // After the program's name, which may hold anything: state, parent.
        let words = text[text.index(after: end)...].split(separator: " ")
        guard words.count > 1, let parent = pid_t(words[1]) else { return nil }
        return (words[0], parent)
    }
}
