/// A sorted set as a line: whoever waits longest is served first.
extension ModelServer {
    /// `ZADD key 0 member`, `ZPOPMIN key`, `BZPOPMIN key seconds`
    func setCommand(_ command: [String], _ client: ModelClient) {
        let key = command[1]
        let members: [String]
        switch lookup(key)?.value {
        case .members(let found)?: members = found
        case nil: members = []
        default: return client.output.error(Self.wrongType)
        }
        switch command[0] {
        case "ZADD": add(command[3], to: members, key, client)
        case "ZPOPMIN":
            guard let first = members.first else { return client.output.array(0) }
            counts.turns += 1
            set(key, members: Array(members.dropFirst()))
            client.output.array(2)
            client.output.text(first)
            client.output.text("0")
        default:
            guard let first = members.first else {
                let wait = Int64((Double(command[2]) ?? 0) * 1_000)
                return self.wait(client, .init(key: key, kind: .pop, deadline: time + wait))
            }
            set(key, members: Array(members.dropFirst()))
            pop(first, key, client)
        }
    }

    private func add(_ member: String, to members: [String], _ key: String, _ client: ModelClient) {
        guard !members.contains(member) else { return client.output.integer(0) }
        client.output.integer(1)
        if let waiting = endLongestPop(key) { return pop(member, key, waiting) }
        set(key, members: (members + [member]).sorted())
    }

    private func pop(_ member: String, _ key: String, _ client: ModelClient) {
        counts.turns += 1
        client.output.array(3)
        for text in [key, member, "0"] { client.output.text(text) }
    }
}
