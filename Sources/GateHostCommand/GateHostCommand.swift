import ArgumentParser
import Deployment
public import GateAPI
import GateHost
import Glibc
import Platform
import Synchronization

/// The `gatehost` command of a host built with the given gates:
///
///     @main struct Main {
///         static func main() async { await GateHostCommand.main(gates: [P28Budget.self, HeatGate.self]) }
///     }
public enum GateHostCommand {
    /// Runs the command line and exits. Stops at once if two gates share a name, or if a gate's name or reason code is
    /// malformed.
    public static func main(gates: [any Gate.Type]) async {
        // A closed pipe behind the log or a listing must not kill a host.
        signal(SIGPIPE, SIG_IGN)
        do {
            try Registered.set(GateRegistry(gates))
        } catch {
            Console.fail("gates: error: \(error)")
        }
        await RootCommand.main()
    }
}

/// The gates that this binary is built with. The argument parser makes the commands and can pass them nothing, so they
/// find the gates here.
enum Registered {
    private static let stored = Mutex<GateRegistry?>(nil)

    static func set(_ registry: GateRegistry) {
        stored.withLock { $0 = registry }
    }

    static var gates: GateRegistry {
        get throws {
            guard let registry = stored.withLock({ $0 }) else { throw ValidationError("no gates are registered") }
            return registry
        }
    }
}

struct RootCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gatehost",
        abstract: "Judges execution intents from a Redis stream with an ordered pipeline of gates.",
        subcommands: [
            RunCommand.self, CheckCommand.self, GatesCommand.self, EvaluateCommand.self,
            ExposureCommand.self, HostsCommand.self, KillCommand.self, DemoProgram.self, LedgerProgram.self,
        ])
}
