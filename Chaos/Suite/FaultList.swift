/// Every fault of the suite, in the order of the table.
enum FaultList {
    static let all: [Fault] = [
        GateFaults.all, GateTimeFaults.all, GateCrashFaults.all, HostFaults.all, RedisFaults.all, ConnectionFaults.all,
        EntryFaults.all, JournalFaults.all,
        ClockFaults.all,
    ].flatMap(\.self)
}
