import GateAPI
import GateHostCommand
import HeatGate
import KillSwitch
import P28Budget

/// `gatehost` with up to sixteen gates, for the sweep over their number.
@main
struct SweepHost {
    static let gates: [any Gate.Type] =
        [P28Budget.self, KillSwitch.self, HeatGate.self] + [
            OrderCap<Positions.A>.self, OrderCap<Positions.B>.self, OrderCap<Positions.C>.self,
            OrderCap<Positions.D>.self,
            OrderCap<Positions.E>.self, OrderCap<Positions.F>.self, OrderCap<Positions.G>.self,
            OrderCap<Positions.H>.self,
            OrderCap<Positions.I>.self, OrderCap<Positions.J>.self, OrderCap<Positions.K>.self,
            OrderCap<Positions.L>.self,
            OrderCap<Positions.M>.self,
        ]

    static func main() async {
        await GateHostCommand.main(gates: gates)
    }
}
