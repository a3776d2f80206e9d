import Foundation

/// Shifts the wall clock of hosts that are started with ``environment``, at any time. The suite's own clock stays
/// right.
struct ShiftedClock {
    let environment: [String: String]
    private let file: FileHandle

    init(_ trial: Trial) throws {
        let path = trial.folder.appending(path: "clock-shift")
        try Data(count: 8).write(to: path)
        file = try FileHandle(forWritingTo: path)
        environment = ["LD_PRELOAD": trial.programs.clockShift, "CLOCK_SHIFT_FILE": path.path]
    }

    /// Sets how far the hosts' clock is ahead.
    func set(seconds: Int64) throws {
        try file.seek(toOffset: 0)
        try file.write(contentsOf: withUnsafeBytes(of: seconds) { Data($0) })
    }
}
