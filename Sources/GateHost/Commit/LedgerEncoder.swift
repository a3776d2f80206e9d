import Bytes
import Deployment
package import GateAPI
import Platform
package import Redis
import TradingState

/// Encodes accounts, shares and grants, as ``LedgerArguments`` and OutcomeRecord have them.
package struct LedgerEncoder: Sendable {
    private let lives: EncodedArguments
    private let accountLife: String
    private let margin: Duration

    init(_ answers: AnswersConfiguration) {
        accountLife = String(LedgerLife.account(answers.reservationTTL).milliseconds)
        lives = EncodedArguments(
            [String(LedgerLife.executed.milliseconds), accountLife])
        margin = answers.shownMargin
    }

    /// The arguments of the accounts. A transaction adds the shares by commands of its own, and tells only the accounts
    /// that are read in any case: its check fails if others have committed.
    func encode(_ batch: LedgerBatch, _ turn: LedgerTurn, withShares: Bool, into pipeline: inout RedisPipeline) {
        pipeline.argument(turn.label)
        pipeline.arguments(lives)
        pipeline.argument(turn.mark)
        pipeline.argument(turn.lastMark)
        pipeline.argument(turn.since)
        let order = withShares ? turn.order[...] : turn.order.prefix(turn.readCount)
        pipeline.argument(order.count)
        pipeline.argument(turn.readCount)
        pipeline.argument(order.reduce(0) { $0 + batch.accounts[$1].argumentCount(withShares) })
        for (place, index) in order.enumerated() {
            encode(batch.accounts[index], isRead: place < turn.readCount, withShares, into: &pipeline)
        }
    }

    private func encode(_ use: AccountUse, isRead: Bool, _ withShares: Bool, into pipeline: inout RedisPipeline) {
        pipeline.argument(use.redisKey)
        pipeline.argument(use.snapshot.map { Int($0.milliseconds) } ?? 0)
        pipeline.argument(Int((margin + use.account.showsAfter).milliseconds))
        pipeline.argument(use.evidence.rawValue)
        pipeline.argument(isRead ? 1 : 0)
        pipeline.argument(use.bounds.count)
        pipeline.argument(withShares ? use.shareCount : 0)
        for bound in use.bounds {
            pipeline.argument { output in
                for lane in 0..<LaneTotals.capacity where bound.lanes.contains(lane) { output.append(decimal: lane) }
            }
            pipeline.argument(bound.relation == .atMost ? "<" : ">")
            // Beyond what the ledger counts, every amount is within the limit. The ledger's amounts have no digits
            // beyond its last decimal, so those of the limit decide nothing.
            let units = max(min(bound.limit, LedgerAmount.most), .zero).units(decimals: Amount.ledgerDecimals)
            pipeline.argument(Int(units / 100_000_000))
            pipeline.argument(Int(units % 100_000_000))
        }
        guard withShares else { return }
        use.forEachShare { suffix, value in
            pipeline.argument(suffix)
            pipeline.argument(Int(value))
        }
    }

    /// The commands with which a transaction adds a batch's shares. Returns how many they are.
    func encodeShares(_ batch: LedgerBatch, _ turn: LedgerTurn, into pipeline: inout RedisPipeline) -> Int {
        let before = pipeline.count
        for index in batch.accounts.indices {
            let use = batch.accounts[index]
            use.forEachShare { suffix, value in
                add(value, to: AccountFields.total, suffix, use, &pipeline)
                add(value, to: "\(AccountFields.given)\(turn.label):", suffix, use, &pipeline)
            }
            guard use.shareCount > 0, turn.isNew[index] else { continue }
            // Where the key has no life yet, and where its life is shorter.
            pipeline.add("PEXPIRE", use.redisKey, accountLife, "NX")
            pipeline.add("PEXPIRE", use.redisKey, accountLife, "GT")
        }
        return pipeline.count - before
    }

    private func add(
        _ value: Int64, to prefix: String, _ suffix: String, _ use: AccountUse, _ pipeline: inout RedisPipeline
    ) {
        pipeline.begin()
        pipeline.argument("HINCRBY" as StaticString)
        pipeline.argument(use.redisKey)
        pipeline.argument(digits: 2) { output in
            output.append(prefix)
            output.append(suffix)
        }
        pipeline.argument(Int(value))
        pipeline.end()
    }

    /// Writes the grant behind the outcome record of a permit. One without shares has a label all the same.
    func writeGrant(_ claims: [Claim], _ label: String, to output: inout ByteWriter) {
        output.append(" ")
        output.append(GrantState.given.rawValue)
        output.append(" ")
        output.append(label.isEmpty ? "-" : label)
        for claim in claims where claim.amount.isPositive {
            LedgerAmount(claim.amount).forEachPart(lane: claim.lane) { suffix, value in
                output.append(" ")
                output.append(claim.account.poolName)
                if claim.account.isPerSymbol {
                    output.append(":")
                    output.append(claim.symbol.name)
                }
                output.append(" ")
                output.append(suffix)
                output.append(" ")
                output.append(decimal: Int(value))
            }
        }
    }
}

extension AccountUse {
    fileprivate func argumentCount(_ withShares: Bool) -> Int {
        LedgerArguments.Account.size + LedgerArguments.Bound.size * bounds.count
            + (withShares ? LedgerArguments.Share.size * shareCount : 0)
    }
}
