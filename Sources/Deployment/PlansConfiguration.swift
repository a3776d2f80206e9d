package import GateAPI

/// How the host reads a plan's own fields, before any gate.
package struct PlansConfiguration: GateSettings {
    @Setting(
        """
        What becomes of a plan with a number or word of its own that cannot be read, unless its order can only reduce. \
        block: refused, if any gate enforces; allow: only recorded
        """,
        default: .block)
    package var onBadPlan: BadPlanPolicy

    package init() {}

    static let nested = ["symbols"]

    /// The name by which decision records and metrics call the check, as if it were a gate.
    package static let checkName = "plan"
}

/// The answer to a plan that is unfit to be judged.
package enum BadPlanPolicy: String, SettingValue, CaseIterable {
    case block, allow
}
