import GateAPI
import GateHost
import TradingState

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
        case "EVALSHA": "commit"
        case "EVAL": KnownScript(command[1]).map { "\($0)" } ?? "EVAL"
        case "SCRIPT": "SCRIPT LOAD"
        // Decision records hold the gates' real durations, which differ in each run.
        case "SET", "XADD": command.prefix(2).joined(separator: " ")
        default: command.joined(separator: " ")
        }
    }

    private func work() {
        guard phase == .faulty, let item = workload.next() else { return }
        switch item {
        case .publish(let kind, let fields):
            // The audit must know the entry's kind before the server delivers the entry.
            audit.isPublishing = kind
            let id = server.add(to: stream, fields)
            audit.isPublishing = nil
            audit.publish(kind, as: id)
            note("published \(id): \(kind)")
        case .limit(let symbol, let limit, let lifetime):
            let key = SimulatedLimit.prefix + Workload.symbols[symbol]
            note("\(key) becomes \(limit.map(String.init) ?? "nothing")\(lifetime.map { ", for \($0) ms" } ?? "")")
            guard let limit else { return server.delete(key) }
            server.set(
                key, hash: [("limit", String(limit)), ("version", String(audit.nextVersion()))], lifetime: lifetime)
        case .release(let symbol):
            guard let symbol = Symbol(Workload.symbols[symbol]) else { return }
            let key = Reservation.redisKey(of: Reserved<SimulatedPool>.self, symbol)
            guard let plan = random.element(server.fields(key).map(\.name).filter { $0 != ReservationFields.last })
            else { return }
            note("\(plan) gives back what it reserved")
            server.deleteField(key, plan)
        case .permit(let plan, let lifetime):
            let key = Permit.keyPrefix + plan
            guard server.lookup(key) == nil else { return }
            note("another Governor permits \(plan) for \(lifetime) ms")
            audit.permittedElsewhere(plan)
            server.set(key, text: "{}", lifetime: lifetime)
        case .consume(let plan):
            note("\(plan) is executed, if it is permitted")
            server.delete(Permit.keyPrefix + plan)
        case .delete:
            guard let id = random.element(audit.undecided) else { return }
            note("\(id) is deleted")
            counts.deletedEntries += 1
            audit.delete(id)
            server.lookupStream(stream)?.delete(id)
        }
    }
}

// MARK: Faults

extension Schedule {
    /// Causes a fault. Returns the host if it crashes, because its thread must leave it at once.
    private func fault() -> SimulatedHost? {
        guard let kind = random.element(faults.kinds) else { return nil }
        switch kind {
        case .crash:
            guard let host = random.element(hosts.filter { !$0.hasCrashed }) else { return nil }
            faults.left -= 1
            crash(host)
            return host
        case .reset, .cut, .stall:
            guard let link = victim() else { return nil }
            faults.left -= 1
            disturb(link, kind)
        case .jump:
            faults.left -= 1
            let milliseconds =
                random.once(in: 3)
                ? [10_000, 61_000, 125_000, 3_700_000][random.number(0...3)] : random.number(100...4_000)
            note("\(milliseconds) ms pass")
            server.advance(to: server.time + Int64(milliseconds))
        case .restart:
            faults.left -= 1
            counts.restarts += 1
            note("the server restarts")
            server.restart()
            for link in links {
                link.isCut = true
                loseReplies(link)
                counts.lostCommits += link.postedCommits
            }
            links.removeAll()
        }
        return nil
    }

    /// Called right after a host has sent a commit.
    func commitPosted(_ link: Link) {
        guard faults.left > 0, random.once(in: faults.commitInterval),
            let kind = random.element(faults.kinds.filter(\.isOfLinks))
        else { return }
        faults.left -= 1
        disturb(link, kind)
    }

    private func disturb(_ link: Link, _ kind: FaultPlan.Fault) {
        let number = link.client.number
        if kind == .stall {
            let milliseconds = random.number(200...6_000)
            note("nothing moves on client \(number) for \(milliseconds) ms")
            counts.stalls += 1
            link.stalledUntil = server.time + Int64(milliseconds)
            return
        }
        counts.cuts += 1
        link.isCut = true
        loseReplies(link)
        if kind == .reset {
            note("client \(number) is reset")
            return remove(link)
        }
        note("client \(number) is cut off; \(link.posted.count) commands are on their way")
        // Some of the commands may arrive late.
        if random.once(in: 2) { link.stalledUntil = server.time + Int64(random.number(100...5_000)) }
    }

    /// A random link, preferably one with a commit in flight.
    private func victim() -> Link? {
        let open = links.filter { !$0.isOrphan }
        let committing = open.filter { $0.commitReplies > 0 || $0.postedCommits > 0 }
        return random.element(committing.isEmpty || random.once(in: 3) ? open : committing)
    }
}
