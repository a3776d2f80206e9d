/// How each state was reached first: six bytes a state.
struct Courses {
    private var starts: [World] = []
    private var parents: [UInt32] = []
    private var events: [UInt16] = []

    mutating func begin(_ world: World) {
        starts.append(world)
        parents.append(UInt32.max)
        events.append(0)
    }

    mutating func extend(_ parent: Int, _ event: Event) {
        parents.append(UInt32(parent))
        events.append(event.code)
    }

    /// The course to a state and one event more, one line an event.
    func course(to state: Int, then last: Event, _ model: Model) -> [String] {
        var codes = [last.code]
        var state = state
        while parents[state] != UInt32.max {
            codes.append(events[state])
            state = Int(parents[state])
        }
        var world = starts[state]
        var lines = ["start: \(world.summary(model))"]
        for code in codes.reversed() {
            // Only codes of events of the state that it belongs to were kept.
            var next: Event?
            world.events(model) { if $0.code == code { next = $0 } }
            guard let event = next else { break }
            let after = world.after(event, model).world
            lines.append("\(world.text(event, model)): \(after.summary(model))")
            world = after
        }
        return lines
    }
}
