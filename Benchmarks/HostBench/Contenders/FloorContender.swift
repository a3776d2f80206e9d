import Foundation
import GateHost

/// The C program that does the host's Redis work without deciding.
struct FloorContender: Contender {
    let name = "floor"
    let program: String

    func command(_ stage: Stage, _ scenario: Scenario, number: Int) throws -> [String] {
        let script = stage.folder.appending(path: "commit-\(number).lua")
        // The host's own script, so that Redis does the same for both.
        try Data(CommitScript.source.utf8).write(to: script)
        return [program] + commonOptions(stage, scenario, consumer: "floor-\(number)", batch: scenario.batch) + ["--script", script.path]
    }
}

/// The C program that answers every plan at once, with as little as can be.
struct EchoContender: Contender {
    let name = "echo"
    let program: String

    func command(_ stage: Stage, _ scenario: Scenario, number: Int) throws -> [String] {
        [program] + commonOptions(stage, scenario, consumer: "echo-\(number)", batch: scenario.batch)
    }
}
