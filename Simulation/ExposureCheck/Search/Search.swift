/// A search through all courses of events, the short ones first. So the course that it reports is one of the shortest.
public struct Search: Sendable {
    public struct Limits: Sendable {
        /// The most events of a course.
        public var depth: Int
        /// The search ends before the layer in which it would have seen more states.
        public var states: Int

        public init(depth: Int, states: Int) {
            self.depth = depth
            self.states = states
        }
    }

    let scenario: Scenario
    let flaw: Flaw?
    /// What is looked for.
    let properties: Set<Property>

    public init(
        _ scenario: Scenario, planting flaw: Flaw? = nil, for properties: Set<Property> = Set(Property.allCases)
    ) {
        self.scenario = scenario
        self.flaw = flaw
        self.properties = properties
    }

    public func run(_ limits: Limits) -> Outcome {
        var run = Run(Model(scenario, flaw), properties)
        return run.search(limits)
    }
}

/// One search under way.
private struct Run {
    let model: Model
    let properties: Set<Property>
    var seen = StateSet(expected: 1 << 12)
    var courses = Courses()

    init(_ model: Model, _ properties: Set<Property>) {
        self.model = model
        self.properties = properties
    }

    mutating func search(_ limits: Search.Limits) -> Outcome {
        var layer: [World] = []
        for start in model.scenario.starts {
            let world = model.scenario.world(start)
            guard seen.insert(world.identity) else { continue }
            layer.append(world)
            courses.begin(world)
        }
        var first = 0
        var depth = 0
        var transitions = 0
        while !layer.isEmpty, depth < limits.depth, seen.count < limits.states {
            var next: [World] = []
            let keepsNext = depth + 1 < limits.depth
            for (index, world) in layer.enumerated() {
                var found: (Event, Finding)?
                world.events(model) { event in
                    transitions += 1
                    let (after, finding) = world.after(event, model)
                    if found == nil, let finding, properties.contains(finding.property) { found = (event, finding) }
                    guard seen.insert(after.identity), keepsNext else { return }
                    next.append(after)
                    courses.extend(first + index, event)
                }
                if let (event, finding) = found {
                    let course = courses.course(to: first + index, then: event, model)
                    return Outcome(
                        states: seen.count, depth: depth + 1, transitions: transitions, rulings: model.rules.count,
                        violation: Violation(property: finding.property, what: finding.what, course: course))
                }
            }
            first += layer.count
            layer = next
            depth += 1
        }
        return Outcome(
            states: seen.count, depth: depth, isClosed: layer.isEmpty && depth < limits.depth,
            transitions: transitions, rulings: model.rules.count)
    }
}
