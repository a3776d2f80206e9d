import GateHost
import TradingState

/// Renames a session of the ledger. A host makes the name from a random number; a schedule must depend on its seed
/// alone.
struct SessionNames {
    let session: Int

    /// Whether a command is the commit script's.
    static func isCommit(_ command: [String]) -> Bool { command[0] == "EVALSHA" && command[2] == "4" }

    func named(_ commands: [[String]]) -> [[String]] {
        guard let label = commands.lazy.compactMap(Self.label).first, let end = label.firstIndex(of: ".") else {
            return commands
        }
        let name = label[...end]
        return commands.map { $0.map { named($0, name) } }
    }

    /// A label or mark by itself, at the beginning of a bucket's field, in a grant, or the name in the key of a moment.
    private func named(_ argument: String, _ name: Substring) -> String {
        if argument.hasPrefix(name) { return "s\(session)." + argument.dropFirst(name.count) }
        if argument.hasPrefix("g:"), argument.dropFirst(2).hasPrefix(name) {
            return "g:s\(session)." + argument.dropFirst(2 + name.count)
        }
        if argument == CommitKeys.timely(session: String(name.dropLast())) {
            return CommitKeys.timely(session: "s\(session)")
        }
        // Only an outcome has a blank behind the sixteen digits of a hash.
        guard argument.utf8.count > 16, argument.utf8.dropFirst(16).first == UInt8(ascii: " ") else { return argument }
        var words = argument.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        if words.count > 4, words[4].hasPrefix(name) { words[4] = named(words[4], name) }
        return words.joined(separator: " ")
    }

    private static func label(_ command: [String]) -> String? {
        if isCommit(command) { return command[7 + CommitArguments.Header.count] }
        return command[0] == "EVAL" && command[1] == CommitTransaction.checkWithAccounts ? command[10] : nil
    }
}
