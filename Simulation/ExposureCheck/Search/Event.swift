/// One event. Numbers name a host, a slot, an order or a quantity.
enum Event: Equatable {
    /// A host judges an order and commits the decision.
    case decide(host: Int, order: Int, isSmall: Bool)
    /// A host commits a decision on another symbol.
    case commitOther(host: Int)
    /// A host reads the account and the snapshot.
    case read(host: Int)
    /// A host reads the account, and judges by a snapshot that it has read before.
    case readAccount(host: Int)
    /// The consumer takes a permit and places the order; the exchange may refuse it.
    case take(slot: Int, isRefused: Bool)
    case fill(slot: Int, quantity: Int)
    /// The order ends; what is left of it is cancelled.
    case cancel(slot: Int)
    case report(slot: Int, ReportKind)
    /// The publisher reads the position at the exchange.
    case observe
    /// It writes the snapshot, stamped so much later than the position was read.
    case publish(late: Int)
    case tick
    case recordExpires
    case setBudget(Int)
    case removeBudget
    case kill, revive
    case garble

    /// In 16 bits, to keep the course to every state.
    var code: UInt16 {
        func pack(_ kind: Int, _ first: Int = 0, _ second: Int = 0) -> UInt16 {
            UInt16(kind | first << 5 | second << 9)
        }
        return switch self {
        case .decide(let host, let order, let isSmall): pack(0, host, isSmall ? order : order | 32)
        case .commitOther(let host): pack(15, host)
        case .readAccount(let host): pack(16, host)
        case .read(let host): pack(1, host)
        case .take(let slot, let isRefused): pack(2, slot, isRefused ? 1 : 0)
        case .fill(let slot, let quantity): pack(3, slot, quantity)
        case .cancel(let slot): pack(4, slot)
        case .report(let slot, let kind): pack(5, slot, Int(kind.rawValue))
        case .observe: pack(6)
        case .publish(let late): pack(7, late)
        case .tick: pack(8)
        case .recordExpires: pack(9)
        case .setBudget(let budget): pack(10, budget)
        case .removeBudget: pack(11)
        case .kill: pack(12)
        case .revive: pack(13)
        case .garble: pack(14)
        }
    }
}
