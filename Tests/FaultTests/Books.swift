import Redis
import Testing
import TestSupport

/// Expects books without problems, one permit or block for each plan, and at least one of each.
func checkBooks(plans count: Int, on connection: RedisConnection) throws {
    let books = try Books(connection)
    #expect(books.problems == [])
    #expect(books.plans.count == count)
    #expect(Set(books.records.map(\.planID)).count == count)
    let permits = books.count("permit")
    let blocks = books.count("block")
    #expect(permits + blocks == count)
    #expect(permits > 0 && blocks > 0)
    #expect(try connection.command("XLEN", "quantum:stream:budget.violation").integer ?? 0 > 0)
}
