import GateAPI
import GateHostCommand
import HeatGate
import P28Budget

/// `gatehost` with the faulty gate.
@main
struct FaultyHost {
    static let gates: [any Gate.Type] = [P28Budget.self, FaultyGate.self, HeatGate.self]

    static func main() async {
        await GateHostCommand.main(gates: gates)
    }
}
