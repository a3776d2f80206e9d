import Foundation
import GateHost

/// The C program that does the host's Redis work without deciding.
struct FloorContender: Contender {
    let name = "floor"
    let program: String

    func command(_ stage: Stage, _ scenario: Scenario, number: Int) throws -> [String] {
        let script = stage.folder.appending(path: "commit-\(number).lua")
        let check = stage.folder.appending(path: "check-\(number).lua")
        // Uses the host's own scripts, so that Redis does the same work for both.
        try Data(CommitScript.source.utf8).write(to: script)
        try Data(CommitTransaction.check.utf8).write(to: check)
        return [program] + commonOptions(stage, scenario, consumer: "floor-\(number)", batch: scenario.batch)
            + ["--script", script.path, "--check", check.path]
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
