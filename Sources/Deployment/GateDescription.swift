package import GateAPI

/// A gate as `gatehost gates` lists it.
package struct GateDescription: Sendable {
    package let name: String
    package let summary: String
    package let settings: [SettingInfo]
    /// Key patterns of the records that the gate may read, newest generation first:
    /// `quantum:portfolio:budget:{symbol}`.
    package let records: [String]
    package let reasons: [(code: String, summary: String)]
    /// The environment variable that overrides the gate's mode.
    package let modeVariable: String?

    init<G: Gate>(_ gate: G.Type) {
        name = G.name
        summary = G.summary
        settings = SettingsSchema<G.Settings>().infos
        records = G.records.flatMap { $0.keys.map(\.description) }
        reasons = G.Reason.allCases.map { ($0.rawValue, $0.summary) }
        modeVariable = G.modeVariable
    }
}
