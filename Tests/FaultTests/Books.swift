import Redis
import Testing
import TestSupport

/// What must balance after any fault: every entry has exactly one decision, every plan exactly one permit or block, and nothing is left pending.
func checkBooks(plans count: Int, on connection: RedisConnection) throws {
    let stream = "quantum:stream:apply.plan"
    let ids = try connection.command("XRANGE", stream, "-", "+").elements.compactMap { $0.element(0)?.text }
    let records = try connection.command("XRANGE", "quantum:stream:governor.decision", "-", "+").elements
        .compactMap { $0.element(1).map(RedisFixture.dictionary) }
    #expect(ids.count == count)
    #expect(records.count == count)
    #expect(Set(records.compactMap { $0["intent_id"] }) == Set(ids))
    #expect(Set(records.compactMap { $0["plan_id"] }).count == count)
    let permits = records.filter { $0["outcome"] == "permit" }.count
    let blocks = records.filter { $0["outcome"] == "block" }.count
    #expect(permits + blocks == count)
    #expect(permits > 0 && blocks > 0)
    func keys(_ pattern: String) throws -> Int? { try connection.command("EVAL", "return #redis.call('KEYS', ARGV[1])", "0", pattern).integer }
    #expect(try keys("quantum:permit:*") == permits)
    #expect(try keys("quantum:governor:block:*") == blocks)
    #expect(try connection.command("XLEN", "quantum:stream:budget.violation").integer ?? 0 > 0)
    #expect(try connection.command("XPENDING", stream, "governor").element(0)?.integer == 0)
}
