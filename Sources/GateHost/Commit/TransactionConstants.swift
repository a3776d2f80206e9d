import Deployment
import Redis
import TradingState

/// The arguments that are the same in every commit transaction.
struct TransactionConstants {
    let watch: EncodedArguments
    let check: EncodedArguments
    /// The check of a batch that uses accounts.
    let checkWithAccounts: EncodedArguments
    let acknowledge: EncodedArguments
    let record: EncodedArguments
    let origin: EncodedArguments
    let permitEnd: EncodedArguments
    let blockEnd: EncodedArguments
    let outcomeEnd: EncodedArguments
    let trim: EncodedArguments

    init(stream: String, configuration: HostConfiguration, host: String) {
        typealias Field = DecisionRecord.Field
        let answers = configuration.answers
        let group = configuration.intake.group
        let claims = CommitKeys.claims(stream: stream, group: group)
        func end(_ life: Duration) -> EncodedArguments {
            EncodedArguments(["EX", String(life.components.seconds), "NX"])
        }
        watch = EncodedArguments(["WATCH", CommitKeys.commits, claims])
        func check(_ script: String) -> EncodedArguments {
            EncodedArguments([
                "EVAL", script, "4", stream, answers.decisionStream, CommitKeys.commits, claims, group,
            ])
        }
        self.check = check(CommitTransaction.check)
        checkWithAccounts = check(CommitTransaction.checkWithAccounts)
        acknowledge = EncodedArguments(["XACK", stream, group])
        record = EncodedArguments(["XADD", answers.decisionStream, "*", Field.intentID.description])
        origin = EncodedArguments([
            Field.configurationHash.description, configuration.hash, Field.host.description, host,
            Field.decidedAt.description,
        ])
        permitEnd = end(answers.permitTTL)
        blockEnd = end(answers.blockTTL)
        outcomeEnd = end(answers.outcomeTTL)
        trim = EncodedArguments(["XTRIM", answers.decisionStream, "MAXLEN", "~", String(answers.decisionMaxLength)])
    }
}
