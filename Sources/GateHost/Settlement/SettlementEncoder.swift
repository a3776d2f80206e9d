package import Deployment
package import GateAPI
import Platform
package import Redis
import TradingState

/// Encodes the calls of ``SettlementScript`` up to the arguments that a caller adds.
package struct SettlementEncoder {
    private let head: EncodedArguments

    package init(_ answers: AnswersConfiguration, _ accounts: [any AccountRecord.Type]) {
        let lives = [LedgerLife.account(answers.reservationTTL), LedgerLife.executed]
        var arguments = [AccountFields.keyPrefix, OutcomeRecord.keyPrefix, Permit.keyPrefix]
        arguments += lives.map { String($0.milliseconds) }
        arguments.append(String(accounts.count))
        for account in accounts {
            let keys = account.snapshots.flatMap { $0.keys }.map(\.parts)
            arguments += [account.poolName, account.shownByTime, String(keys.count)]
            for (prefix, suffix) in keys { arguments += [prefix, suffix] }
        }
        head = EncodedArguments(["0"] + arguments)
    }

    /// Opens the call of a loaded script.
    func begin(sha: String, into commands: inout RedisPipeline) {
        commands.argument("EVALSHA" as StaticString)
        commands.argument(sha)
        commands.arguments(head)
    }
}

extension RecordKey {
    /// What stands before and behind the symbol.
    fileprivate var parts: (prefix: String, suffix: String) {
        switch self {
        case .perSymbol(let prefix), .perSource(let prefix): (prefix, "")
        case .perLeg(let prefix, let leg): (prefix, ":" + leg.rawValue)
        case .single(let key): (key, "")
        }
    }
}
