import Foundation
import Glibc
import TestSupport

/// Faults of the crash journal's file and its disk.
enum JournalFaults {
    static let all = [fullAtStart, fullLater, garbage, corrupted]

    private static let crashes = "gatehost_gate_crashes_total{gate=\"faulty\"}"
    private static let durable = "gatehost_crash_journal"

    private static let fullAtStart = Fault(
        "journal-disk-full",
        "The crash journal's disk is full at the start; then shared memory and the temporary folder are full too",
        expected:
            "the host warns and decides; it remembers crashes while the service runs, or not at all without any room"
    ) { trial in
        let disk = try SmallDisk(trial, kibibytes: 16)
        var observed: [String] = []
        for (hasTemporary, isDurable, notice) in [
            (true, 1.0, "crashes are remembered only as long as this service runs"),
            (false, 0.0, "crashes are not remembered"),
        ] {
            let stage = try Stage(trial)
            stage.deployment.containment = "breaker_pause: 1s, journal: \"\(disk.path)/crash.journal\""
            var start = HostUnderTest.Start(wrapper: hasTemporary ? disk.wrapper : disk.wrapperWithoutMemory)
            if !hasTemporary { start.environment["TMPDIR"] = disk.path }
            let host = try stage.startHost(start)
            try host.metric(durable, becomes: isDurable)
            try expect(host.logText.contains(notice), "the log does not say: \(notice)\n\(host.logTail)")
            try stage.decide(200)
            // Without a journal the plan would crash every worker.
            if hasTemporary { try stage.decide(100) { $0 == 250 ? "trap" : nil } }
            observed.append(try stage.audit(.asked("gate_crash"), stopping: [host]).text)
        }
        return observed.joined(separator: " | without any room: ")
    }

    private static let fullLater = Fault(
        "journal-disk-fills", "The disk of the crash journal fills up while the host runs; then a gate traps",
        expected: "the crash is remembered: gate_crash on that plan only; no SIGBUS"
    ) { trial in
        let disk = try SmallDisk(trial, kibibytes: 64)
        let stage = try Stage(trial)
        stage.deployment.containment = "breaker_pause: 1s, journal: \"\(disk.path)/crash.journal\""
        let host = try stage.startHost(HostUnderTest.Start(wrapper: disk.wrapper))
        try stage.decide(100)
        let written = try disk.fill(seenBy: host.startedWorker())
        try stage.decide(200) { $0 == 150 ? "trap" : nil }
        try host.waitUntilReady()
        try host.metric(crashes, becomes: 1)
        try stage.decide(100)
        return "\(written.grouped) bytes filled the disk; "
            + (try stage.audit(.asked("gate_crash"), stopping: [host])).text
    }

    private static let garbage = Fault(
        "journal-garbage",
        "The crash journal's path holds another file, some of the journal's own size, or another host's journal",
        expected: "the start fails with a clear error, and the file is unchanged"
    ) { trial in
        let stage = try Stage(trial)
        let file = trial.folder.appending(path: "crash.journal")
        stage.deployment.containment = "journal: \"\(file.path)\""
        for size in [1, 100, 32 << 10, 100_000] {
            let bytes = Data((0..<size).map { _ in UInt8.random(in: 1...255, using: &trial.generator) })
            try bytes.write(to: file)
            let host = try stage.startHost(isReady: false)
            let status = try host.end()
            try expect(
                status != 0 && host.logText.contains("is not a crash journal"),
                "status \(status) with \(size) bytes:\n\(host.logTail)")
            try expect(try Data(contentsOf: file) == bytes, "the file of \(size) bytes was changed")
        }
        try FileManager.default.removeItem(at: file)
        let host = try stage.startHost()
        let second = try stage.startHost(isReady: false)
        let status = try second.end()
        try expect(
            status != 0 && second.logText.contains("belongs to another host"),
            "status \(status) of a second host:\n\(second.logTail)")
        try stage.decide(100)
        return "4 files refused and left alone, a second host refused; " + (try stage.audit(stopping: [host])).text
    }

    private static let corrupted = Fault(
        "journal-corrupted", "Random bytes of the crash journal change while the service is down",
        expected:
            "the host starts and decides, and only the plan that traps ends it; any gate may be latched (breaker_open)"
    ) { trial in
        let stage = try Stage(trial)
        let file = trial.folder.appending(path: "crash.journal")
        stage.deployment.containment = "breaker_pause: 1s, journal: \"\(file.path)\""
        let first = try stage.startHost()
        try stage.decide(50) { $0 == 25 ? "trap" : nil }
        try first.waitUntilReady()
        try first.stop()
        let rounds = trial.amount(quick: 3, full: 20)
        let sound = try Data(contentsOf: file)
        for _ in 0..<rounds {
            var bytes = sound
            // Change any byte but the magic number and the version.
            for _ in 0..<Int.random(in: 1...4_000, using: &trial.generator) {
                bytes[Int.random(in: 16..<bytes.count, using: &trial.generator)] = .random(
                    in: 0...255, using: &trial.generator)
            }
            // Restore the gates' names, so that the host applies the changed records to its gates.
            for index in bytes.indices where isName(index) { bytes[index] = sound[index] }
            // Flip a sign bit in each gate's record, so that every round changes a number.
            for gate in 0..<3 { bytes[Self.gates + gate * Self.gate + 64 + 7] ^= 0x80 }
            try bytes.write(to: file)
            let host = try stage.startHost()
            try stage.decide(50) { [first = stage.published] in $0 == first + 10 ? "trap" : nil }
            try host.waitUntilReady()
            let restarts = host.metric("gatehost_restarts") ?? 0
            try expect(restarts <= 1, "the host died \(Int(restarts)) times, of one plan that traps")
            try host.stop()
        }
        let gates = ["p28-budget", "faulty", "heat"]
        let explanation = Explanation(
            required: { _ in [] },
            allowed: { plan in
                Set(
                    gates.flatMap { gate in ["\(gate):breaker_open"] + (plan.ask != nil ? ["\(gate):gate_crash"] : []) }
                )
            })
        return "\(rounds) times up to 4,000 bytes; " + (try stage.audit(explanation, stopping: [])).text
    }

    /// The parts of the journal in bytes: head, threads, gates.
    private static let head = 64 + 256
    private static let gates = head + 128 * 64
    private static let gate = 64 + 8 * 9

    /// Whether a byte of the journal belongs to the names of its first gates, or of its consumer.
    private static func isName(_ index: Int) -> Bool {
        if (64..<head).contains(index) { return true }
        return (gates..<gates + 3 * gate).contains(index) && (index - gates) % gate < 64
    }
}
