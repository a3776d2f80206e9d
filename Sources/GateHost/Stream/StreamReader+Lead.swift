import GateAPI
import Redis

extension StreamReader {
    /// `nil` if there is no stream or group.
    ///
    /// The group's last id is that of the stream as soon as its entries are delivered. The stream's own is asked only
    /// while it is empty: XINFO STREAM answers with its first and last entry, however large they are.
    func lead(_ connection: RedisConnection) throws(RedisError) -> StreamLead? {
        var pipeline = RedisPipeline()
        pipeline.add("TIME")
        pipeline.add("XLEN", stream)
        pipeline.add("XINFO", "GROUPS", stream)
        let replies = Array(try connection.send(pipeline))
        guard replies.count == 3, let seconds = replies[0].element(0)?.text.flatMap({ Int64($0) }),
            let microseconds = replies[0].element(1)?.text.flatMap({ Int64($0) })
        else { return nil }
        var last = replies[2].elements.first { $0.value(of: "name")?.text == group }?.value(of: "last-delivered-id")?
            .text.flatMap { EntryID($0) }
        if replies[1].integer == 0 {
            var information = RedisPipeline()
            information.add("XINFO", "STREAM", stream)
            // A user of an earlier release's rules may not ask.
            let generated = try connection.send(information).first?.value(of: "last-generated-id")?.text
            last = max(last, generated.flatMap { EntryID($0) })
        }
        return last.map {
            StreamLead(stream, lastID: $0, now: Timestamp(milliseconds: seconds * 1_000 + microseconds / 1_000))
        }
    }
}

extension RedisReply {
    /// The value behind a name in a flat list of both.
    fileprivate func value(of name: String) -> RedisReply? {
        var isNext = false
        for element in elements {
            if isNext { return element }
            isNext = element.text == name
        }
        return nil
    }
}

private func max(_ one: EntryID?, _ other: EntryID?) -> EntryID? {
    guard let one, let other else { return one ?? other }
    return Swift.max(one, other)
}
