import ArgumentParser
import Tables

@main
struct ScaleModel: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gatehost-scale",
        abstract:
            "Extends measured costs to many hosts on a sharded Redis, by simulation: "
            + "the part that saturates first, and the cores to buy.",
        discussion:
            "The same options give the same tables. docs/SIZING.md explains the model.\n\n"
            + "Costs, in microseconds, for --cost:\n"
            + Costs.items.map { "  \($0.name) (\(Costs()[keyPath: $0.path].text(3))): \($0.summary)" }.joined(
                separator: "\n"))

    @Option(help: "Use the measurements of `make bench` in this bench.json.") var bench: String?
    @Option(
        help: ArgumentHelp(
            "Replaces a default or measured cost; may be given several times.", valueName: "name=µs"))
    var cost: [String] = []
    @Option(help: "Numbers of hosts, comma-separated.") var hosts = Scenario.hosts.map { "\($0)" }.joined(
        separator: ",")
    @Option(help: "Number of traded symbols.") var symbols = 500
    @Option(help: "Largest batch.") var batch = 128
    @Option(help: "The share of plans that reserve.") var reserving = 0.7
    @Option(help: "Writes of state records per symbol and second.") var stateWrites = 0.6
    @Option(help: "Seed of all random events.") var seed: UInt64 = 1
    @Option(help: "Write the tables between the markers of this document instead of to standard output.")
    var document: String?

    private var hostCounts: [Int?] { hosts.split(separator: ",").map { Int($0) } }

    func validate() throws {
        guard !hostCounts.isEmpty, hostCounts.allSatisfy({ count in count.map { (1...10_000).contains($0) } ?? false })
        else {
            throw ValidationError("--hosts must be numbers from 1 to 10000, comma-separated")
        }
        guard (1...100_000).contains(symbols) else { throw ValidationError("--symbols must be from 1 to 100000") }
        guard (1...1_024).contains(batch) else { throw ValidationError("--batch must be from 1 to 1024") }
        guard (0...1).contains(reserving) else { throw ValidationError("--reserving must be from 0 to 1") }
        guard (0...1_000).contains(stateWrites) else { throw ValidationError("--state-writes must be from 0 to 1000") }
        for text in cost where Self.parse(text) == nil {
            throw ValidationError("--cost \(text): not a known name, '=' and a number from 0 to 1000000")
        }
    }

    func run() throws {
        var costs = Costs()
        let measured = try bench.map { try BenchResults.read($0).apply(to: &costs, batch: batch) } ?? []
        let given = cost.compactMap(Self.parse)
        for (item, value) in given { costs[keyPath: item.path] = value }
        let sources = Dictionary(
            Costs.items.map { ($0.name, measured.contains($0.name) ? "make bench" : "default") }
                + given.map { ($0.item.name, "given") },
            uniquingKeysWith: { $1 })
        let text = tables(costs, sources).joined(separator: "\n")
        if let document { try GeneratedText.put(text, intoFile: document) } else { print(text) }
    }

    private func tables(_ costs: Costs, _ sources: [String: String]) -> [String] {
        let habits = Habits(batch: batch, reserving: reserving, stateWrites: stateWrites)
        var lines = ["### What to buy", ""] + SizingTable(costs: costs, batch: batch).lines
        for scenario in Scenario.all {
            let table = scenario.table(
                costs, habits, symbols: symbols, hosts: hostCounts.compactMap(\.self), seed: seed)
            lines += ["", "### \(scenario.title)", "", scenario.explanation, ""] + table.markdown
        }
        var table = TextTable(["cost", "µs", "from"])
        for item in Costs.items {
            table.add([
                item.summary, costs[keyPath: item.path].text(item.path == \.blockedReader ? 3 : 1),
                sources[item.name] ?? "",
            ])
        }
        return lines + ["", "### Costs", ""] + table.markdown
    }

    private static func parse(_ text: String) -> (item: Costs.Item, value: Double)? {
        let parts = text.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, let item = Costs.items.first(where: { $0.name == parts[0] }),
            let value = Double(parts[1]), (0...1_000_000).contains(value)
        else { return nil }
        return (item, value)
    }
}
