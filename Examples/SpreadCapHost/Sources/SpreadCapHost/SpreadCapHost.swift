import GateHostCommand
import HeatGate
import P28Budget
import SpreadCap

@main
struct SpreadCapHost {
    static func main() async {
        await GateHostCommand.main(gates: [P28Budget.self, HeatGate.self, SpreadCap.self])
    }
}
