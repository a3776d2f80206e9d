import GateAPI
import TradingState

extension Schedule {
    /// The next item of the workload.
    func work() {
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
        case .snapshot(let symbol, let ahead): writeSnapshot(symbol, ahead: ahead)
        case .elapse(let time): server.advance(to: server.time + time)
        case .report(let report): self.report(report)
        case .revoke: revoke()
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
