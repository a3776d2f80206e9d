import Redis

/// How long single commands held Redis, by its own clock. A script and a transaction (EXEC) each count as one command,
/// because Redis serves nobody else meanwhile.
struct CommandTimes: Codable {
    struct Command: Codable, Equatable {
        let name: String
        let p99Microseconds: Double
        let longestMicroseconds: Double
    }

    /// Only the bench sends these.
    private static let ofTheBench: Set = ["XRANGE", "CLIENT|LIST", "INFO", "XLEN"]

    /// By their longest execution, the longest first.
    let commands: [Command]

    var longest: Command? { commands.first }

    /// Forgets all that was measured, and measures from now on.
    static func start(_ stage: Stage) throws {
        // The slow log leaves EXEC out, and the latency monitor counts in milliseconds.
        try stage.command("CONFIG", "SET", "latency-tracking", "yes")
        try stage.command("CONFIG", "SET", "latency-tracking-info-percentiles", "99 100")
        try stage.command("CONFIG", "RESETSTAT")
    }

    init(_ stage: Stage) throws {
        self.init(text: try stage.connection.command("INFO", "latencystats").text ?? "")
    }

    /// - Parameter text: lines such as `latency_percentiles_usec_exec:p99=1003.519,p100=1511.423`.
    init(text: String) {
        let prefix = "latency_percentiles_usec_"
        let ofTheBench = Self.ofTheBench
        commands = text.split(whereSeparator: \.isNewline).compactMap { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].hasPrefix(prefix) else { return nil }
            var values: [Substring: Double] = [:]
            for item in parts[1].split(separator: ",") {
                let pair = item.split(separator: "=")
                if pair.count == 2 { values[pair[0]] = Double(pair[1]) }
            }
            let name = parts[0].dropFirst(prefix.count).uppercased()
            guard let p99 = values["p99"], let longest = values["p100"], !ofTheBench.contains(name) else { return nil }
            return Command(name: name, p99Microseconds: p99, longestMicroseconds: longest)
        }.sorted { $0.longestMicroseconds > $1.longestMicroseconds }
    }
}
