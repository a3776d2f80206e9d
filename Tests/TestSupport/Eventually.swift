/// Waits until the condition holds. Suspends instead of blocking, because the work under test may need the thread.
/// Throws ``FixtureError/timeout(_:)`` after `seconds`.
package func eventually(_ what: String, within seconds: Double = 30, _ condition: () async throws -> Bool) async throws
{
    let clock = ContinuousClock()
    let end = clock.now + .seconds(seconds)
    while clock.now < end {
        if try await condition() { return }
        try await clock.sleep(for: .milliseconds(5))  // The one pause of all tests: between two looks at a condition.
    }
    guard try await condition() else { throw FixtureError.timeout(what) }
}
