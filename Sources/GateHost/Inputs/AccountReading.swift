import Deployment
import GateAPI
import Platform
import Redis
import TradingState

/// Reads an account of the ledger by a script, which first drops what has ended and what the records show by now.
package struct AccountReading {
    private let sha: String
    private let margin: Duration

    /// Loads the script.
    init(_ connection: RedisConnection, _ answers: AnswersConfiguration) throws(RedisError) {
        sha = try connection.command("SCRIPT", "LOAD", LedgerScript.read).text.map { String($0) } ?? ""
        margin = answers.shownMargin
    }

    func encode(_ account: any AccountRecord.Type, _ key: InputKey, into pipeline: inout RedisPipeline) {
        pipeline.begin(digits: 2)
        pipeline.argument("EVALSHA" as StaticString)
        pipeline.argument(sha)
        pipeline.argument(0)
        for name in key.redisKeys { pipeline.argument(name) }
        let isPosition = account == Account<PositionPool>.self
        pipeline.argument(isPosition ? AccountFields.reservedPrefix + (key.symbol?.name ?? "") : "")
        pipeline.argument(Int(LedgerLife.executed.milliseconds))
        pipeline.argument(Int((margin + account.showsAfter).milliseconds))
        pipeline.argument(account.shownByTime)
        for name in InputKey(account.shownBy, perSymbol: key.symbol).redisKeys { pipeline.argument(name) }
        pipeline.end()
    }
}
