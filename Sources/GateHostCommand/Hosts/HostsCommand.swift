import ArgumentParser
import Deployment
import GateAPI
import GateHost
import Platform
import Redis
import TradingState

struct HostsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "hosts",
        abstract: "Lists the hosts of the group: name, build, configuration, gates; writes nothing.",
        discussion: """
            A host is listed while it has registered within 20 seconds. Exits with 1 if their configurations or builds \
            differ.
            """)

    @OptionGroup var deployment: DeploymentOption

    @Flag(name: .long, help: "One JSON object per host.")
    var json = false

    func run() throws {
        let configuration = try HostConfiguration.loadOrExit(deployment.config)
        let group = configuration.intake.group
        let (hosts, now) = try OperatorConnection.with(configuration) { connection throws(RedisError) in
            let now = try connection.time()
            return (try HostRegistry(group: group).hosts(connection, at: now), now)
        }
        for host in hosts { Console.print(json ? HostsText.json(host, now) : HostsText.line(host, now)) }
        if hosts.isEmpty, !json { Console.print("no host of group \(group) has registered") }
        let disagreements = HostsText.disagreements(hosts)
        for text in disagreements { Console.printError("warning: \(text)") }
        if !disagreements.isEmpty { throw ExitCode(1) }
    }
}
