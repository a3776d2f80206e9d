import Foundation

/// `gatehost run` with both of its gates in enforce mode.
struct HostContender: Contender {
    let name = "gatehost"
    let program: String

    func command(_ stage: Stage, _ settings: Settings) throws -> [String] {
        let deployment = stage.folder.appending(path: "deployment.yaml")
        let text = """
            redis:
              url: unix://\(stage.socketPath)
            intake:
              stream: \(Wire.plans)
              group: \(Wire.group)
              start: beginning
              batch: \(settings.batch)
              block: 250ms
            answers:
              decision_stream: \(Wire.decisions)
              decision_max_length: \(settings.decisionMaxLength)
            first_gate: p28-budget
            gates:
              - gate: p28-budget
                mode: enforce
                settings: { reserve: false }
              - gate: heat
                mode: enforce

            """
        try Data(text.utf8).write(to: deployment)
        return [program, "run", "--config", deployment.path]
    }
}
