import Deployment
import GateAPI
import GateHost
import Platform
import Redis
import TradingState

/// Finds a symbol's grants: walks the decision stream backwards as far as a grant can live, and reads the outcome
/// record of each permit.
struct GrantSearch {
    private let stream: String
    private let symbol: Symbol
    private let limit: Int
    private let showsSettled: Bool
    private let now: Timestamp
    /// The longest lives of a share that is given and of one that is executed.
    private let givenLife: Duration
    private let executedLife = LedgerLife.executed
    private var judge: GrantJudge

    /// The number of records that one command reads: so few that it does not hold Redis for long.
    private static let piece = 100
    static let maximumRecords = 500_000

    init(_ configuration: HostConfiguration, _ exposure: SymbolExposure, limit: Int, showsSettled: Bool) {
        let answers = configuration.answers
        stream = answers.decisionStream
        symbol = exposure.symbol
        now = exposure.now
        self.limit = limit
        self.showsSettled = showsSettled
        givenLife = answers.reservationTTL + answers.reservationTTL / 8 + .seconds(1)
        judge = GrantJudge(exposure, permitLife: answers.permitTTL, givenLife: givenLife)
    }

    func run(_ connection: RedisConnection) throws(RedisError) -> GrantList {
        var search = self
        var list = GrantList()
        var plans: Set<String> = []
        var newest = "+"
        var read = 0
        while true {
            let reply = try connection.command(
                "XREVRANGE", stream, newest, String(search.oldest.milliseconds), "COUNT", String(Self.piece))
            let permits = reply.elements.compactMap { permit($0) }.filter { plans.insert($0.planID).inserted }
            try search.judge(permits, connection, &list)
            read += reply.count
            if list.items.count >= limit {
                list.items.removeLast(list.items.count - limit)
                list.stopped = "stopped at --limit \(limit): there may be more"
                return list
            }
            guard reply.count == Self.piece, let last = reply.element(Self.piece - 1)?.element(0)?.text else {
                return list
            }
            if read >= Self.maximumRecords {
                list.stopped = "stopped after \(read) decision records: there may be more"
                return list
            }
            newest = "(" + last
        }
    }

    /// The oldest decision that may have a share.
    private var oldest: Timestamp {
        let life = showsSettled || judge.awaitsExecuted ? max(givenLife, executedLife) : givenLife
        return Timestamp(milliseconds: max(0, now.milliseconds - life.milliseconds))
    }

    private struct PermitRecord {
        let planID: String
        let decidedAt: Timestamp
    }

    /// The plan of a decision record that is a permit in the symbol.
    private func permit(_ entry: RedisReply) -> PermitRecord? {
        guard let id = entry.element(0)?.text, let milliseconds = Int64(id.prefix { $0 != "-" }),
            let fields = entry.element(1)
        else { return nil }
        var values: [String: String] = [:]
        let wanted = [DecisionRecord.Field.planID, DecisionRecord.Field.symbol, DecisionRecord.Field.outcome]
            .map(\.description)
        var name: String?
        fields.forEachTextRange { range in
            if let field = name {
                if wanted.contains(field) { values[field] = String(decoding: fields.buffer[range], as: UTF8.self) }
                name = nil
            } else {
                name = String(decoding: fields.buffer[range], as: UTF8.self)
            }
            return values.count < wanted.count
        }
        guard values[DecisionRecord.Field.outcome.description] == "permit",
            values[DecisionRecord.Field.symbol.description] == symbol.name,
            let planID = values[DecisionRecord.Field.planID.description]
        else { return nil }
        return PermitRecord(planID: planID, decidedAt: Timestamp(milliseconds: milliseconds))
    }

    /// Reads the outcome records and the lives of permits in one round trip.
    private mutating func judge(
        _ permits: [PermitRecord], _ connection: RedisConnection, _ list: inout GrantList
    ) throws(RedisError) {
        guard !permits.isEmpty else { return }
        var commands = RedisPipeline()
        for permit in permits {
            commands.add("GET", OutcomeRecord.keyPrefix + permit.planID)
            commands.add("PTTL", Permit.keyPrefix + permit.planID)
        }
        var replies = try connection.send(commands).makeIterator()
        for permit in permits {
            guard let outcome = replies.next(), let life = replies.next() else { return }
            if let error = outcome.error ?? life.error, error.prefix == "NOPERM" { throw RedisError(error) }
            guard !outcome.isNull else { continue }
            switch Grant.read(outcome: outcome.text ?? "") {
            case .none: continue
            case .damaged: list.damaged.append(permit.planID)
            case .grant(let grant):
                let left = life.integer.flatMap { $0 == -2 ? nil : Duration.milliseconds(max($0, 0)) }
                let age = now.since(permit.decidedAt)
                let standing = judge.standing(of: grant, age: age, permitLeft: left)
                guard showsSettled || !standing.isSettled else { continue }
                list.items.append(
                    GrantList.Item(
                        planID: permit.planID, standing: standing, shares: grant.shares, age: age, permitLeft: left))
            }
        }
    }
}
