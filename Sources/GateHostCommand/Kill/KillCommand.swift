import ArgumentParser
import Deployment
import GateHost
import Platform
import Redis

struct KillCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kill",
        abstract: "Stops new exposure and takes live permits back, or lets trading go on; repeating it is safe.",
        discussion: """
            `on` sets quantum:kill and takes back every live permit that may open a position. Closes still pass. \
            `off` lets trading go on. `status` changes nothing.
            """)

    enum Action: String, CaseIterable, ExpressibleByArgument {
        case on, off, status
    }

    @Argument(help: "on, off or status.")
    var action: Action

    @OptionGroup var deployment: DeploymentOption

    @Option(name: .long, help: "The reason, for the audit trail.")
    var why: String?

    func run() throws {
        let configuration = try HostConfiguration.loadOrExit(deployment.config)
        let switches = KillSwitches(configuration)
        for warning in switches.warnings { Console.printError("warning: \(warning)") }
        try OperatorConnection.with(configuration) { connection throws(RedisError) in
            switch action {
            case .on: try turnOn(configuration, connection)
            case .off:
                let before = KillSwitches.text(connection)
                _ = try connection.command("SET", KillSwitches.key, "0")
                try record(KillSwitchEvent(from: before, isOn: false, why: why), connection)
                fallthrough
            case .status: for line in try switches.states(connection) { Console.print(line) }
            }
        }
    }

    /// Nothing may stand between the command and the switch: what else fails is told afterwards.
    private func turnOn(_ configuration: HostConfiguration, _ connection: RedisConnection) throws(RedisError) {
        var event = KillSwitchEvent(from: KillSwitches.text(connection), isOn: true, why: why)
        _ = try connection.command("SET", KillSwitches.key, "1")
        Console.print("\(KillSwitches.key): on")
        do throws(RedisError) {
            let revoked = try PermitRevoker(configuration).revoke(connection)
            Console.print("live permits taken back: \(revoked)")
            event.revoked = revoked
        } catch {
            Console.printError("error: the kill switch is on, but not all live permits were taken back")
            if !error.isConnectionLost { try record(event, connection) }
            throw error
        }
        try record(event, connection)
    }

    private func record(_ event: KillSwitchEvent, _ connection: RedisConnection) throws(RedisError) {
        do throws(RedisError) {
            try event.write(connection)
        } catch {
            if error.isConnectionLost { throw error }
            Console.printError("warning: the change is not in \(KillSwitchEvent.stream): \(error)")
        }
    }
}
