/// Waits until the condition holds, without holding a thread: what is waited for may need one. Throws
/// ``FixtureError/timeout(_:)`` where it does not hold within `seconds`.
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
