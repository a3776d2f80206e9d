import GateAPI
import Logging

/// Logs changes from cycle to cycle: a portfolio that stays stale for an hour gives one line, not 360.
struct CycleLog {
    /// Number of keys in one log line.
    private static let keysShown = 5

    private enum Source: String {
        case fresh
        case lkg
        case tooOld = "too_old"
        case withoutEquity = "without_equity"
        case nothing

        init(_ resolution: StateResolution) {
            switch resolution {
            case .usable(let state): self = state.source == .fresh ? .fresh : .lkg
            case .tooOld: self = .tooOld
            case .withoutEquity: self = .withoutEquity
            case .nothing: self = .nothing
            }
        }
    }

    private let logger: Logger
    private var source: Source?
    private var refused: [String] = []

    init(_ logger: Logger) {
        self.logger = logger
    }

    mutating func log(_ report: CycleReport) {
        // The lease's keeper tells it.
        guard !report.isFenced else { return }
        let source = Source(report.resolution)
        if source != self.source {
            switch source {
            case .fresh:
                logger.info(
                    "the portfolio state is fresh",
                    metadata: ["symbols": "\(report.symbols)", "mode": "\(report.mode.rawValue)"])
            case .lkg: logger.warning("the portfolio state is stale or missing: budgets use the last known good one")
            case .tooOld:
                logger.error("the last known good portfolio state is too old: no budgets are written, gates fail open")
            case .withoutEquity:
                logger.error(
                    "the equity is zero, negative or not a number",
                    metadata: ["budgets": report.written > 0 ? "zero" : "not written"])
            case .nothing:
                logger.error(
                    "no portfolio state is known, present or remembered: no budgets are written, gates fail open"
                )
            }
            self.source = source
        }
        if report.refused != refused {
            refused = report.refused
            if refused.isEmpty {
                logger.info("Redis accepts all records again")
            } else {
                let shown = refused.prefix(Self.keysShown).joined(separator: ", ")
                logger.error(
                    "Redis refuses records; the others are written",
                    metadata: ["refused": "\(refused.count)", "keys": "\(shown)"])
            }
        }
        logger.debug(
            "cycle",
            metadata: [
                "state": "\(source.rawValue)", "written": "\(report.written)", "round_trips": "\(report.roundTrips)",
                "mode": "\(report.mode.rawValue)",
            ])
    }

    func logAdopted(_ record: ModeRecord) {
        logger.warning(
            "the mode was changed at run time; this service follows the change",
            metadata: [
                "mode": "\(record.mode.rawValue)", "P28_MODE": "\(record.environment.rawValue)",
                "changed_at": "\(record.changedAt.epochSeconds)",
            ])
    }

    func logStored(_ record: ModeRecord) {
        logger.notice(
            "the mode was not in Redis and is stored there",
            metadata: ["mode": "\(record.mode.rawValue)", "source": "\(record.source)"])
    }

    func logSuperseded(_ record: ModeRecord, by mode: RiskMode) {
        logger.warning(
            "P28_MODE replaces the mode in Redis",
            metadata: ["mode": "\(mode.rawValue)", "was": "\(record.mode.rawValue)"])
    }
}
