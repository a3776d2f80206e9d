import Foundation
import TestSupport

/// One run of a fault: its random numbers, its folder, and the hosts that it has started.
final class Trial {
    let isQuick: Bool
    let programs: Programs
    let folder: URL
    var generator: SeededGenerator
    private var hosts: [HostUnderTest] = []

    init(_ fault: Fault, seed: UInt64, isQuick: Bool, programs: Programs) throws {
        self.isQuick = isQuick
        self.programs = programs
        // Each fault seeds its own numbers, so that it meets the same ones alone as among the others.
        generator = SeededGenerator(seed: fault.name.utf8.reduce(seed) { ($0 ^ UInt64($1)) &* 0x0100_0000_01B3 })
        folder = FileManager.default.temporaryDirectory.appending(
            path: "gatehost-chaos-\(ProcessInfo.processInfo.processIdentifier)-\(fault.name)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    /// Chooses an amount for the quick suite or the full one.
    func amount(quick: Int, full: Int) -> Int { isQuick ? quick : full }

    func start(_ host: HostUnderTest) -> HostUnderTest {
        hosts.append(host)
        return host
    }

    var nextHostNumber: Int { hosts.count }

    /// Kills the hosts that still run.
    func end() {
        for host in hosts where host.isRunning { try? host.crash() }
    }

    func removeFolder() {
        try? FileManager.default.removeItem(at: folder)
    }
}
