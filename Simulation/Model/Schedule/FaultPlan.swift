/// The kinds and the number of faults in a schedule.
struct FaultPlan {
    enum Fault: CaseIterable {
        case crash
        /// The connection breaks for both sides. Commands that are not executed yet are lost, and so are replies.
        case reset
        /// The host sees the end of the connection. The commands that it has sent still arrive.
        case cut
        /// The connection moves nothing for a while.
        case stall
        /// Time jumps for all hosts and the server.
        case jump
        /// The server restarts with its data.
        case restart

        /// Whether the fault hits a single connection.
        var isOfLinks: Bool { self == .reset || self == .cut || self == .stall }
    }

    var left: Int
    /// A fault happens once in this many steps on average.
    let interval: Int
    /// A fault hits once in this many commits in flight on average.
    let commitInterval: Int
    let kinds: [Fault]
    let refusesConnections: Bool
    let crashesWhileSending: Bool

    init(_ random: inout Randomness) {
        left = random.once(in: 12) ? 0 : random.number(1...14)
        interval = random.number(15...80)
        commitInterval = random.number(3...20)
        var kinds: [Fault] = []
        for fault in Fault.allCases where !random.once(in: fault == .restart ? 2 : 4) { kinds.append(fault) }
        self.kinds = kinds
        refusesConnections = random.once(in: 2)
        crashesWhileSending = random.once(in: 2)
    }
}
