import ArgumentParser
import Foundation
import Glibc

@main
struct GateHostChaos: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gatehost-chaos",
        abstract: "Causes faults in real hosts on a real Redis, and audits every decision after each.",
        discussion: "Exits with 1 if a fault had an unexpected effect.")

    @Option(help: "Seed of all random choices; the same seed makes the same choices.") var seed: UInt64 = 20_260_726
    @Option(help: "Run only these faults, comma-separated.") var only: String?
    @Flag(help: "List the faults.") var list = false
    @Flag(help: "Fewer plans and kills: a minute and a half instead of five.") var quick = false
    @Option(help: "Also write the table to this file.") var report: String?

    private static let longestName = 24
    /// The number of times that a fault is tried if the machine stands still during it.
    private static let attempts = 3

    func run() throws {
        let faults = try chosen()
        guard !list else {
            for fault in faults {
                print(fault.name.padding(toLength: Self.longestName, withPad: " ", startingAt: 0), fault.summary)
            }
            return
        }
        // A write to a dead host's socket must not end the suite.
        signal(SIGPIPE, SIG_IGN)
        let programs = try Programs()
        let watch = StallWatch()
        var table = FaultTable(seed: seed, isQuick: quick)
        progress("seed \(seed), \(faults.count) faults")
        for fault in faults {
            let row = try row(fault, programs, watch)
            let word = row.result.word.padding(toLength: 8, withPad: " ", startingAt: 0)
            progress("\(word) \(fault.name), \(row.duration.text): \(row.observed)")
            table.rows.append(row)
        }
        print(table.text)
        if let report { try write(table.text, to: URL(filePath: report)) }
        if table.failures > 0 { throw ExitCode(1) }
    }

    private func write(_ text: String, to file: URL) throws {
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try text.write(to: file, atomically: true, encoding: .utf8)
    }

    private func chosen() throws -> [Fault] {
        guard let only else { return FaultList.all }
        return try only.split(separator: ",").map { name in
            guard let fault = FaultList.all.first(where: { $0.name == name }) else {
                throw ValidationError("--only: no fault \(name); see --list")
            }
            return fault
        }
    }

    /// Runs a fault, and runs it again if it failed while the machine stood still.
    private func row(_ fault: Fault, _ programs: Programs, _ watch: StallWatch) throws -> FaultTable.Row {
        var stalls: [Duration] = []
        while true {
            _ = watch.take()
            var row = try run(fault, programs)
            row.stalls = stalls
            let stall = watch.take()
            guard case .failed = row.result, stall >= StallWatch.notable, stalls.count + 1 < Self.attempts else {
                return row
            }
            progress("again: \(fault.name), because the machine stood still for \(stall.text): \(row.observed)")
            stalls.append(stall)
        }
    }

    private func run(_ fault: Fault, _ programs: Programs) throws -> FaultTable.Row {
        let trial = try Trial(fault, seed: seed, isQuick: quick, programs: programs)
        let start = ContinuousClock.now
        let result: FaultTable.Result
        do {
            result = .passed(observed: try fault.run(trial))
        } catch let skip as Skip {
            result = .skipped(skip.reason)
        } catch {
            result = .failed("\(error)")
        }
        trial.end()
        if case .failed = result { progress("the hosts' logs: \(trial.folder.path)") } else { trial.removeFolder() }
        return FaultTable.Row(fault: fault, result: result, duration: ContinuousClock.now - start)
    }

    private func progress(_ line: String) {
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }
}
