import GateAPI
import GateHostCommand
import HeatGate
import KillSwitch
import P28Budget

/// The gates that this host is built with. The deployment file sets their order.
@main
struct GateHostCLI {
    static let gates: [any Gate.Type] = [
        P28Budget.self,
        KillSwitch.self,
        HeatGate.self,
    ]

    static func main() async {
        await GateHostCommand.main(gates: gates)
    }
}
