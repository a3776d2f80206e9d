/// A report of the execution layer.
struct SimulatedReport {
    let isExecuted: Bool
    let isRefused: Bool
    /// The filled quantity, if the report tells it.
    let filled: Int?
    /// Whether it is about any plan, decided or not. Otherwise it is about one that has a permit.
    let isOfAny: Bool

    init(_ random: inout Randomness, isExecuted: Bool? = nil) {
        self.isExecuted = isExecuted ?? random.once(in: 2)
        isRefused = random.once(in: 3)
        filled = random.once(in: 3) ? random.number(0...3) : nil
        isOfAny = random.once(in: 6)
    }
}
