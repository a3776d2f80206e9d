import GateAPI
import GateHost
import TradingState

/// A violated invariant.
package struct Violation: Sendable, Equatable {
    package let invariant: String
    package let what: String
}

/// Checks the invariants on the model. Its expectations come from the published entries, never from hosts.
final class Audit {
    /// The kind of an entry in the intents' stream.
    enum Kind: Equatable {
        /// Symbols and bodies are numbers. `quantity`: of the order. `claims`: whether a permit takes that of the
        /// symbol's account, and a block for the limit depends on the account.
        case execute(plan: String, body: Int, symbol: Int, quantity: Int, claims: Bool)
        case skip
        case garbage
    }

    private struct Published {
        let kind: Kind
        var isDeleted = false
        var records = 0
        /// The number of connections that the entry was delivered to.
        var deliveries = 0
    }

    /// Above this number of deliveries a host may make the entry a dead letter.
    private let maximumDeliveries: Int

    private(set) var violation: Violation?
    private var published: [EntryID: Published] = [:]
    /// Ids in the order of publication.
    private var order: [EntryID] = []
    /// The body of each plan id's first decision.
    private var firstBodies: [String: Int] = [:]
    /// The body of each plan id that was free again at some time.
    private var freed: [String: Int] = [:]
    private var permits: [String: Int] = [:]
    /// Plans that another Governor permitted.
    private var foreign: Set<String> = []
    /// All versions of each symbol's limit, in order; `nil` while there was none.
    private var versions: [[Int?]]
    private let limitKeys: [String]
    /// The grants as published plans, permits and reports make them.
    let ledger: LedgerAudit

    init(symbols: [String], maximumDeliveries: Int) {
        self.maximumDeliveries = maximumDeliveries
        ledger = LedgerAudit()
        limitKeys = symbols.map { SimulatedLimit.prefix + $0 }
        versions = symbols.map { _ in [nil] }
    }

    /// Receives a line for each decision in a traced schedule.
    var note: ((String) -> Void)?
    /// The kind of the entry that is being published. The server may deliver it before its id is known.
    var isPublishing: Kind?
    private var newestVersion = 0

    /// Versions are numbered across all limits.
    func nextVersion() -> Int {
        newestVersion += 1
        return newestVersion
    }

    /// Whether every entry is decided or deleted.
    var isComplete: Bool { order.allSatisfy { published[$0].map { $0.records > 0 || $0.isDeleted } ?? true } }

    func fail(_ invariant: String, _ what: String) {
        if violation == nil { violation = Violation(invariant: invariant, what: what) }
    }

    func publish(_ kind: Kind, as id: EntryID) {
        guard published[id] == nil else { return }
        published[id] = Published(kind: kind)
        order.append(id)
    }

    func permittedElsewhere(_ plan: String) { foreign.insert(plan) }

    func delete(_ id: EntryID) { published[id]?.isDeleted = true }

    /// The entries without a decision record.
    var undecided: [EntryID] { order.filter { published[$0]?.records == 0 } }

    // MARK: Records

    func changed(_ name: String, _ server: ModelServer) {
        guard let symbol = limitKeys.firstIndex(of: name) else { return }
        versions[symbol].append(server.fields(name).first { $0.name == "version" }.flatMap { Int($0.value) })
    }

    func expired(_ name: String) {
        if let symbol = limitKeys.firstIndex(of: name) { versions[symbol].append(nil) }
    }

    func delivered(_ id: EntryID, to client: ModelClient) {
        if let isPublishing { publish(isPublishing, as: id) }
        if client.seen.insert(id).inserted { published[id]?.deliveries += 1 }
        note?("  \(id) is delivered to client \(client.number)")
        guard case .execute(_, _, let symbol, _, _)? = published[id]?.kind, client.delivered[id] == nil else { return }
        client.delivered[id] = versions[symbol].count - 1
    }

    /// A host must judge an entry by records that are at least as new as those at its delivery.
    func judged(_ proposal: Proposal, _ client: ModelClient, _ server: ModelServer) {
        guard proposal.kind == "permit" || proposal.kind == "block" else { return }
        guard let id = EntryID(proposal.id), case .execute(_, _, let symbol, _, _)? = published[id]?.kind,
            let delivered = client.delivered[id]
        else {
            return fail("I1", "\(proposal.id) is judged by a host that it was not delivered to")
        }
        let seen = Self.number("\"version\":", in: proposal.gates)
        if !versions[symbol][delivered...].contains(seen) {
            let version = seen.map(String.init) ?? "none"
            let expected = versions[symbol][delivered].map(String.init) ?? "none"
            fail(
                "records",
                "\(proposal.id) is judged by version \(version) of \(limitKeys[symbol]); at delivery it was \(expected)"
            )
        }
    }

    static func number(_ name: String, in text: String) -> Int? {
        guard let range = text.utf8.firstRange(of: name.utf8) else { return nil }
        return Int(
            Substring(text.utf8[range.upperBound...].prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }))
    }

    // MARK: Decisions

    func permitted(_ proposal: Proposal, _ request: LedgerRequest?, _ server: ModelServer) {
        permits[proposal.plan, default: 0] += 1
        if permits[proposal.plan] != 1 { fail("I2", "plan \(proposal.plan) has a second permit") }
        guard case .execute(_, _, let symbol, let quantity, let claims)? = published(proposal) else { return }
        if claims {
            checkShare(of: proposal, symbol, quantity, request, server)
        } else {
            checkShareless(proposal, server)
        }
    }

    /// The plan's permit was taken back unused: the next decision on the plan id is as on a new one.
    func revoked(_ plan: String) {
        permits[plan] = nil
        freed[plan] = firstBodies.removeValue(forKey: plan)
    }

    /// A report says that a plan was executed whose permit had been taken back: its id is used after all.
    func executedAfterAll(_ plan: String) {
        permits[plan] = 1
        firstBodies[plan] = freed[plan]
    }

    func published(_ proposal: Proposal) -> Kind? { EntryID(proposal.id).flatMap { published[$0]?.kind } }

    /// - Parameter basis: what accounts came to for a transaction's decisions; the script's are judged by the ledger.
    func recorded(
        _ proposal: Proposal, outcome: String, reason: String, basis: LedgerBasis? = nil, _ server: ModelServer
    ) {
        note?("  \(proposal.id) \(proposal.plan): \(outcome) \(reason)")
        guard let id = EntryID(proposal.id), let entry = published[id] else {
            return fail("I1", "\(proposal.id) has a record and was never published")
        }
        published[id]?.records += 1
        if entry.records > 0 { return fail("I1", "\(id) has a second decision record: \(outcome) \(reason)") }
        if outcome == "block", reason == LimitGate.Reason.overLimit.rawValue { checkBlock(proposal, basis, server) }
        // A deleted entry leaves only its id, so its record has no more.
        if entry.isDeleted, reason == "entry_trimmed", outcome == "dead_letter" { return }
        if reason == "too_many_deliveries", outcome == "dead_letter" {
            if entry.deliveries <= maximumDeliveries {
                fail("I1", "\(id) is given up after it was delivered to \(entry.deliveries) connections")
            }
            return
        }
        let expected: [String]
        switch entry.kind {
        case .garbage: expected = ["dead_letter"]
        case .skip: expected = ["skip"]
        case .execute(let plan, let body, _, _, _):
            if proposal.plan != plan { fail("I1", "\(id) is recorded as plan \(proposal.plan)") }
            switch firstBodies[plan] {
            // A skip does not use up its plan id.
            case nil where reason == "permit_exists" && foreign.contains(plan):
                expected = ["duplicate"]
                firstBodies[plan] = body
            case nil:
                expected = ["permit", "block"]
                if reason == "plan_id_reused" {
                    fail("I2", "\(id) is the first of plan \(plan) and is refused as reused")
                }
                firstBodies[plan] = body
                if outcome == "block" { ledger.forget(plan) }
            case body:
                expected = ["duplicate"]
                if reason != "plan_already_decided" {
                    fail("I2", "\(id) repeats plan \(plan) and is recorded as \(outcome) \(reason)")
                }
            default:
                expected = ["block"]
                if reason != "plan_id_reused" {
                    fail("I2", "\(id) reuses plan id \(plan) and is recorded as \(outcome) \(reason)")
                }
            }
        }
        if !expected.contains(outcome) {
            fail(
                entry.kind == .skip || entry.kind == .garbage ? "I1" : "I2",
                "\(id) is recorded as \(outcome) \(reason), which should be \(expected)")
        }
        if !foreign.contains(proposal.plan), server.lookup(Permit.keyPrefix + proposal.plan) != nil,
            server.lookup(BlockRecord.keyPrefix + proposal.plan) != nil
        {
            fail("I2", "plan \(proposal.plan) has a permit and a block")
        }
    }

    /// Every delivered entry must be pending or decided. Call it only while no commit is being executed.
    func checkNothingIsLost(_ group: ModelGroup) {
        for id in order where id <= group.delivered && published[id]?.records == 0 && published[id]?.isDeleted == false
        {
            if group.index(of: id) == nil { return fail("I1", "\(id) is neither pending nor decided") }
        }
    }

    /// The final checks, when no host runs any more.
    func close(_ server: ModelServer, stream name: String, group: String, deadLetters: String) {
        guard let stream = server.lookupStream(name), let group = stream.group(group) else {
            return fail("I1", "the group is gone")
        }
        for id in order where published[id]?.records == 0 && published[id]?.isDeleted == false {
            fail("I1", "\(id) has no decision record")
        }
        for pending in group.pending { fail("I1", "\(pending.id) is still pending with \(pending.consumer)") }
        let buried = server.lookupStream(deadLetters)?.entries.map { $0.fields[3] } ?? []
        for id in order where published[id]?.kind == .garbage && published[id]?.isDeleted == false {
            let count = buried.count { $0 == id.description }
            if count != 1 { fail("I1", "\(id) is garbage and has \(count) dead letters") }
        }
    }
}
