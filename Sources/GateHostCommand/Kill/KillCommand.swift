import ArgumentParser
import Deployment
import GateHost
import Platform
import Redis

struct KillCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kill",
        abstract: "Stops new exposure and takes live permits back, or lets trading go on; repeating it is safe.",
        usage: """
            gatehost kill [--symbol <symbol> | --source <source>] --why <reason>
            gatehost kill --off [--symbol <symbol> | --source <source>] [--why <reason>]
            gatehost kill on | off | status
            """,
        discussion: """
            Sets quantum:kill, or the switch of a symbol or source, and takes back every live permit of these plans that \
            may open a position. Closes still pass. `--off` (or `off`) lets them trade again; other switches stay set. \
            `status` lists the switches that are set and changes nothing.
            """)

    enum Action: String, CaseIterable, ExpressibleByArgument {
        case on, off, status
    }

    @Argument(help: "on, off or status. With --why alone: on.")
    var action: Action?

    @Flag(name: .customLong("off"), help: "Lets trading go on.")
    var isOff = false

    @OptionGroup var scoped: KillScopeOptions

    @OptionGroup var deployment: DeploymentOption

    @Option(name: .long, help: "The reason, for the audit trail.")
    var why: String?

    func validate() throws {
        if isOff, let action, action != .off { throw ValidationError("--off contradicts `\(action.rawValue)`") }
        // A bare `gatehost kill` may be a question.
        if action == nil, !isOff, why == nil {
            throw ValidationError("say why: `gatehost kill --why …` stops; `gatehost kill status` only looks")
        }
        if action == .status, try scoped.scope() != .all {
            throw ValidationError("`status` lists all switches: leave --symbol and --source out")
        }
    }

    func run() throws {
        let configuration = try HostConfiguration.loadOrExit(deployment.config)
        let switches = KillSwitches(configuration)
        let scope = try scoped.scope()
        for warning in switches.warnings { Console.printError("warning: \(warning)") }
        try OperatorConnection.with(configuration) { connection throws(RedisError) in
            switch isOff ? .off : action ?? .on {
            case .on: try turnOn(scope, configuration, connection)
            case .off:
                try turnOff(scope, connection)
                fallthrough
            case .status: for line in try switches.states(connection) { Console.print(line) }
            }
        }
    }

    /// Nothing may stand between the command and the switch: what else fails is told afterwards.
    private func turnOn(
        _ scope: KillScope, _ configuration: HostConfiguration, _ connection: RedisConnection
    ) throws(RedisError) {
        var event = KillSwitchEvent(scope, from: KillSwitches.text(scope, connection), isOn: true, why: why)
        _ = try connection.command("SET", scope.key, "1")
        Console.print("\(scope.key): on")
        do throws(RedisError) {
            let revoked = try PermitRevoker(configuration).revoke(connection, of: RevocationScope([scope.switchKey]))
            Console.print("live permits taken back: \(revoked)")
            event.revoked = revoked
        } catch {
            Console.printError("error: the kill switch is on, but not all live permits were taken back")
            if !error.isConnectionLost { try record(event, connection) }
            throw error
        }
        try record(event, connection)
    }

    private func turnOff(_ scope: KillScope, _ connection: RedisConnection) throws(RedisError) {
        let before = KillSwitches.text(scope, connection)
        if scope == .all {
            _ = try connection.command("SET", scope.key, "0")
        } else {
            _ = try connection.command("DEL", scope.key)
        }
        try record(KillSwitchEvent(scope, from: before, isOn: false, why: why), connection)
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
