extension World {
    /// What happens next. The result is a state of its own; the finding says which property it breaks.
    func after(_ event: Event, _ model: Model) -> (world: World, finding: Finding?) {
        var world = self
        var finding: Finding?
        var mayExceed = false
        switch event {
        case .decide(let host, let order, let isSmall):
            (finding, mayExceed) = world.decide(order, by: host, isSmall: isSmall, model)
        case .commitOther(let host): world.mark(by: host, isKnown: account.lastCommit == host + 1, model)
        case .readAccount(let host): world.readAccount(model, by: host)
        case .read(let host):
            world.read(model, by: host)
        case .take(let slot, let isRefused): world.take(slot, isRefused: isRefused, model)
        case .fill(let slot, let quantity): world.fill(slot, quantity, model)
        case .cancel(let slot): world.grants[slot].end()
        case .report(let slot, let kind): world.report(kind, on: slot, model)
        case .observe: world.publisher = Publisher(holding: holding, age: 0)
        case .publish(let late):
            world.snapshot = Snapshot(holding: publisher.holding, stamp: -publisher.age + Int8(late))
            world.publisher = Publisher()
        case .tick: world.tick(model)
        case .recordExpires: world.snapshot = .missing
        case .setBudget(let budget): world.budget = Int8(budget)
        case .removeBudget: world.budget = nil
        case .kill:
            world.isKilled = true
            world.revokeOpenings(model)
        case .revive: world.isKilled = false
        case .garble: world.account.isGarbled = true
        }
        world.normalize()
        finding = finding ?? world.check(model, mayExceed: mayExceed)
        return (world, finding)
    }

    private mutating func take(_ slot: Int, isRefused: Bool, _ model: Model) {
        let order = model.scenario.order(of: grants[slot])
        grants[slot].permit = 0
        grants[slot].isTaken = true
        if isRefused || order.namesLeg != (model.scenario.mode == .hedge) {
            grants[slot].isRefused = true
        } else {
            grants[slot].left = grants[slot].quantity
            grants[slot].life = model.lives.order
        }
    }

    private mutating func fill(_ slot: Int, _ quantity: Int, _ model: Model) {
        holding.fill(model.scenario.order(of: grants[slot]), quantity)
        grants[slot].filled += UInt8(quantity)
        grants[slot].left -= UInt8(quantity)
        if grants[slot].left == 0 { grants[slot].end() }
    }

    private mutating func tick(_ model: Model) {
        for slot in 0..<Self.slots { grants[slot].tick(model.lives) }
        account.tick(model.lives)
        publisher.tick(model.lives)
        snapshot.tick()
        for host in 0..<model.scenario.hosts {
            hosts[host].snapshot.tick()
            guard hosts[host].snapshot != snapshot else {
                hosts[host].behind = 0
                continue
            }
            hosts[host].behind += 1
            if hosts[host].behind > model.lives.lag { readSnapshot(by: host) }
        }
    }
}

extension Grant {
    mutating func end() {
        left = 0
        life = 0
    }
}
