import GateAPI
import TradingState
@testable import PortfolioRisk

/// The records that gates and the budget service read, from any fields at all, and the gates on what these come to.
///
/// An input is made of the sections of ``FuzzSections``: the intent first, then `@budget`, `@position`, `@heat`,
/// `@market`, `@kill`, `@reserved`; each is read as every kind of record as well.
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
