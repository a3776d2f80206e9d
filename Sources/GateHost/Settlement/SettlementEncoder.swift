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
            let keys = account.shownBy.keys.map(\.prefix)
            arguments += [account.poolName, account.shownByTime, keys[0], keys.count > 1 ? keys[1] : ""]
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
    /// The key without its symbol.
    fileprivate var prefix: String {
        switch self {
        case .perSymbol(let prefix), .perLeg(let prefix, _): prefix
        case .single(let key): key
        }
    }
}
