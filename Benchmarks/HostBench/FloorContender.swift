import Foundation
import GateHost

/// The C program that does the host's Redis work without deciding.
struct FloorContender: Contender {
    let name = "floor"
    let program: String

    func command(_ stage: Stage, _ settings: Settings) throws -> [String] {
        let script = stage.folder.appending(path: "commit.lua")
        // The host's own script, so that Redis does the same for both.
        try Data(CommitScript.source.utf8).write(to: script)
        return [
            program, "--socket", stage.socketPath, "--stream", Wire.plans, "--group", Wire.group, "--consumer", "floor", "--batch", "\(settings.batch)",
            "--decision-max-length", "\(settings.decisionMaxLength)", "--script", script.path,
        ]
    }
}
