import ExposureCheck
import Testing

/// `make simulate` searches further, in a release build.
@Suite("Exposure check")
struct ExposureCheckTests {
    @Test("no course of four events breaks a property", arguments: Scenario.all)
    func shortCourses(_ scenario: Scenario) {
        let outcome = Search(scenario).run(Search.Limits(depth: 4, states: 100_000))
        #expect(outcome.violation?.course == nil)
        #expect(outcome.depth == 4)
        #expect(outcome.states > 150)
    }

    @Test("a planted flaw is found, and the course to it has as many events as it takes", arguments: Flaw.allCases)
    func planted(_ flaw: Flaw) throws {
        let witness = flaw.witness
        // Longer courses take a release build.
        guard witness.depth <= 7 else { return }
        let outcome = flaw.search.run(Search.Limits(depth: witness.depth, states: 1_000_000))
        let violation = try #require(outcome.violation)
        #expect(violation.property == witness.property)
        // The start comes first.
        #expect(violation.course.count == witness.depth + 1)
    }

    @Test("the course to a flaw is told event by event")
    func course() throws {
        let violation = try #require(Flaw.a1.search.run(Search.Limits(depth: 4, states: 1_000)).violation)
        #expect(
            violation.course == [
                "start: flat; under way empty; snapshot flat at 0",
                "host 1 permits buy 1 by the position flat: flat; under way buy 1; snapshot flat at 0",
                "report notExecuted on buy 1 (1): flat; under way empty; snapshot flat at 0",
                "host 1 judges buy 1 by the position flat, and the commit refuses: flat; under way empty; snapshot flat at 0",
                "host 1 permits buy 1 by the position flat: flat; under way buy 1; snapshot flat at 0",
            ])
        #expect(violation.what == "the position may reach 2 where at most 1 is allowed; it is flat")
    }

    @Test("outside of its assumptions the ledger cannot keep the budget", arguments: Assumption.allCases)
    func assumptions(_ assumption: Assumption) {
        let outcome = assumption.search.run(Search.Limits(depth: 9, states: 300_000))
        #expect(outcome.violation?.property == .budget)
    }
}
