extension Schedule {
    /// Causes a fault. Returns the host if it crashes, because its thread must leave it at once.
    func fault() -> SimulatedHost? {
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
