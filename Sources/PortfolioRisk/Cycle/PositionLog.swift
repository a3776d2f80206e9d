import GateAPI
import Logging

/// Tells of positions that do not count or get no budget, once per change.
struct PositionLog {
    /// The number of symbols that one line names.
    private static let shown = 5

    private let logger: Logger
    private let limit: Int
    private var stale: [Symbol] = []
    private var unreadable: [Symbol] = []
    private var misspelled: [String] = []
    private var hasDropped = false
    private var isCut = false

    /// - Parameter limit: of symbols with a budget.
    init(_ logger: Logger, limit: Int) {
        self.logger = logger
        self.limit = limit
    }

    mutating func log(_ positions: PositionHeat, _ selection: SymbolSelection, _ scan: PositionScan) {
        if Self.changes(&stale, to: positions.stale) {
            logger.warning(
                "positions are older than POSITION_MAX_AGE_SEC and do not count in the heat",
                metadata: ["positions": "\(stale.count)", "symbols": "\(Self.list(stale.map(\.name)))"])
        }
        if Self.changes(&unreadable, to: positions.unreadable) {
            logger.error(
                "positions cannot be read; the heat counts older records of them, if those are open",
                metadata: ["positions": "\(unreadable.count)", "symbols": "\(Self.list(unreadable.map(\.name)))"])
        }
        if Self.changes(&misspelled, to: scan.misspelled.values.joined().sorted()) {
            logger.error(
                "position records have their symbol in lower case in their keys, and no gate reads them",
                metadata: ["records": "\(misspelled.count)", "keys": "\(Self.list(misspelled))"])
        }
        if selection.dropped > 0, !hasDropped {
            logger.error(
                "there are more symbols than MAX_SYMBOLS: some have no budget, and the gate fails open for them",
                metadata: [
                    "limit": "\(limit)", "without_budget": "\(selection.dropped)",
                    "open_positions_without_budget": "\(selection.droppedPositions)",
                ])
        }
        hasDropped = selection.dropped > 0
        if scan.isCut, !isCut {
            logger.error(
                "there are too many position records: the heat lacks some",
                metadata: ["limit": "\(PositionScan.maximumSymbols)"])
        }
        isCut = scan.isCut
    }

    /// Whether there is something new to tell.
    private static func changes<Name: Equatable>(_ last: inout [Name], to names: [Name]) -> Bool {
        defer { last = names }
        return !names.isEmpty && names != last
    }

    private static func list(_ names: [String]) -> String { names.prefix(shown).joined(separator: ", ") }
}
