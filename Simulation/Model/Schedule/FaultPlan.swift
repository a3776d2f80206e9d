/// Which faults a schedule has, and how many.
struct FaultPlan {
    enum Fault: CaseIterable {
        case crash
        /// The connection breaks for both sides: what was posted and not executed is lost, and so are replies.
        case reset
        /// The host sees the end of the connection; what it has posted is on its way.
        case cut
        /// Nothing moves on a connection for a while.
        case stall
        /// Time passes, for everybody.
        case jump
        /// The server starts anew with its data.
        case restart

        /// Whether it befalls one connection.
        var isOfLinks: Bool { self == .reset || self == .cut || self == .stall }
    }

    var left: Int
    /// One in so many steps.
    let interval: Int
    /// One in so many commits meets its fault while it is under way.
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
