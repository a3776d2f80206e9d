import Foundation
import GateHost

/// The C program that does the host's Redis work without deciding.
struct FloorContender: Contender {
    let name = "floor"
    let program: String

    func command(_ stage: Stage, _ scenario: Scenario, number: Int) throws -> [String] {
        let scripts = stage.folder.appending(path: "scripts-\(number)")
        try FileManager.default.createDirectory(at: scripts, withIntermediateDirectories: true)
        // Uses the host's own scripts, so that Redis does the same work for both.
        let sources = [
            "commit": CommitScript.source, "check": CommitTransaction.checkWithAccounts,
            "account": LedgerScript.read, "reports": SettlementScript.reports,
        ]
        for (name, source) in sources { try Data(source.utf8).write(to: scripts.appending(path: "\(name).lua")) }
        return [program] + commonOptions(stage, scenario, consumer: "floor-\(number)", batch: scenario.batch)
            + ["--scripts", scripts.path]
    }
}

/// The C program that answers every plan with as few commands as possible.
struct EchoContender: Contender {
    let name = "echo"
    let program: String

    func command(_ stage: Stage, _ scenario: Scenario, number: Int) throws -> [String] {
        [program] + commonOptions(stage, scenario, consumer: "echo-\(number)", batch: scenario.batch)
    }
}
