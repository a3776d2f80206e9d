import GateAPI
import TradingState
@testable import PortfolioRisk

/// Reads every record of the gates and the budget service from any fields, and lets the gates judge by them.
///
/// An input has the sections of ``FuzzSections``: the intent first, then `@budget`, `@position`, `@heat`, `@market`,
/// `@kill`, `@account`. Each section is also read as every kind of record.
struct RecordsTarget: FuzzTarget {
    static let name = "records"

    static let now = Timestamp(seconds: 1_795_354_847)

    mutating func run(_ input: [UInt8]) {
        let sections = FuzzSections(input)
        for section in sections.sections {
            let fields = Fields(
                section.pairs.map {
                    (String(decoding: $0.name, as: UTF8.self), String(decoding: $0.value, as: UTF8.self))
                })
            RecordChecks.readAsAll(fields)
            for pair in fields.pairs { RecordChecks.readRatio(pair.value) }
        }
        GateChecks.judge(sections)
    }
}
