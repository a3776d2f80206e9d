import Foundation
import Glibc

/// The machine's processes, read from /proc.
enum ProcessTable {
    /// The child processes of a process.
    static func children(of parent: pid_t) -> [pid_t] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.compactMap { pid_t($0) }.filter { state($0)?.parent == parent }
    }

    /// Whether a process exists and is no zombie.
    static func isRunning(_ process: pid_t) -> Bool {
        state(process).map { $0.letter != "Z" && $0.letter != "X" } ?? false
    }

    private static func state(_ process: pid_t) -> (letter: Substring, parent: pid_t)? {
        guard let text = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let end = text.lastIndex(of: ")")
        else { return nil }
        // The program's name may contain blanks and parentheses. State and parent follow behind its last parenthesis.
        let words = text[text.index(after: end)...].split(separator: " ")
        guard words.count > 1, let parent = pid_t(words[1]) else { return nil }
        return (words[0], parent)
    }
}
