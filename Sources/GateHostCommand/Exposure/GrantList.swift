import GateAPI
import TradingState

/// The grants that a search found, newest first.
struct GrantList {
    var items: [Item] = []
    /// Outcome records that cannot be read.
    var damaged: [String] = []
    /// Why the search stopped early.
    var stopped: String?

    struct Item {
        let planID: String
        let standing: Standing
        let shares: [Grant.Share]
        let age: Duration
        /// How long its permit can still be consumed; `nil` if it is gone.
        let permitLeft: Duration?
    }

    /// The state of a grant for operators.
    enum Standing: String {
        /// Permitted; nobody has reported it.
        case given
        /// Given, and its permit went before its life ended.
        case consumed
        /// Reported as executed; no snapshot shows it yet.
        case executed
        case revoked, void
        /// Executed, and no bucket of the account counts it any more.
        case shown
        /// Given, and its bucket has ended.
        case expired

        /// Whether its share is gone for good.
        var isSettled: Bool {
            switch self {
            case .given, .consumed, .executed: false
            case .revoked, .void, .shown, .expired: true
            }
        }
    }
}
