import GateHost

extension Schedule {
    /// An event that may come next.
    enum Action {
        case resume(SimulatedHost)
        /// The server executes commands of a link.
        case execute(Link)
        case deliver(Link)
        /// The server notices that the host has closed the link.
        case notice(Link)
        case work
        case start
        case advance(to: Int64)
        case fault
    }

    /// Adds the events that are possible without letting time pass.
    func addPossible(to candidates: inout [(weight: Int, action: Action)]) {
        for host in hosts {
            if case .ready = host.state { candidates.append((host.hasCrashed ? 1_000 : 10, .resume(host))) }
        }
        for link in links {
            if link.isOrphan {
                if link.canExecute { candidates.append((2, .execute(link))) }
                if link.stalledUntil <= server.time { candidates.append((1, .notice(link))) }
            } else {
                if link.canExecute { candidates.append((10, .execute(link))) }
                if link.canDeliver { candidates.append((10, .deliver(link))) }
            }
        }
        guard phase == .faulty else { return }
        if !workload.isEmpty { candidates.append((workload.weight, .work)) }
        if counts.hosts < 12, hosts.count < Self.mostHosts { candidates.append((hosts.isEmpty ? 20 : 2, .start)) }
    }

    /// Adds the events of the workload and the faults.
    func addOptional(to candidates: inout [(weight: Int, action: Action)]) {
        candidates.append((1, .advance(to: server.time + Int64(random.number(1...20)))))
    }

    /// The time of the next timed event.
    var nextEvent: Int64? {
        var next = server.nextDeadline ?? .max
        for host in hosts {
            switch host.state {
            case .ready: break
            case .receiving(_, let end), .pausing(let end): next = min(next, end)
            }
        }
        for link in links where link.stalledUntil > server.time { next = min(next, link.stalledUntil) }
        return next == .max ? nil : next
    }

    /// Performs an event. Returns a host if the event resumes it.
    func perform(_ action: Action) -> SimulatedHost? {
        switch action {
        case .resume(let host): return host
        case .execute(let link): turn(link)
        case .deliver(let link):
            let isWhole = !random.once(in: 10)
            link.deliver(isWhole ? .max : random.number(1...max(1, link.client.output.bytes.count)))
        case .notice(let link):
            note("the server notices that client \(link.client.number) is gone")
            remove(link)
        case .work:
            for _ in 0..<(random.once(in: 2) ? 1 : random.number(1...6)) { work() }
        case .start: startHost()
        case .advance(let time): server.advance(to: time)
        case .fault: return fault()
        }
        return nil
    }

    /// One turn of the server's event loop: it executes all commands of a connection, or only the first few.
    private func turn(_ link: Link) {
        for _ in 0..<(random.once(in: turnInterval) ? link.posted.count : random.number(1...3)) where link.canExecute {
            execute(link)
        }
    }

    private func execute(_ link: Link) {
        guard let command = link.next() else { return }
        note(
            "client \(link.client.number) of \(link.host.name): \(Self.summary(command))"
                + (link.isOrphan ? ", late" : "")
        )
        let before = server.counts.commits
        server.execute(command, for: link.client)
        // The rest of a transaction may arrive after other hosts' commits.
        if link.client.hasPassedCheck, random.once(in: 40) {
            link.stalledUntil = max(link.stalledUntil, server.time + Int64(random.number(1...300)))
        }
        guard server.counts.commits > before else { return }
        if link.isOrphan {
            counts.lateCommits += 1
            counts.lostReplies += 1
        } else {
            link.commitReplies += 1
        }
    }

    private static func summary(_ command: [String]) -> String {
        switch command[0] {
        case "EVALSHA": SessionNames.isCommit(command) ? "commit" : "read \(command[3])"
        case "EVAL": KnownScript(command[1]).map { "\($0)" } ?? "EVAL"
        case "SCRIPT": "SCRIPT LOAD"
        // Decision records hold the gates' real durations, which differ in each run.
        case "SET", "XADD": command.prefix(2).joined(separator: " ")
        default: command.joined(separator: " ")
        }
    }
}
