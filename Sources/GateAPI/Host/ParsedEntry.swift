/// Why an entry that asks for execution is not an intent. Raw values are wire codes.
package enum IntentRejection: String, Error, Sendable, CaseIterable {
    case missingPlanID = "missing_plan_id"
    case invalidPlanID = "invalid_plan_id"
    case missingSymbol = "missing_symbol"
    case invalidSymbol = "invalid_symbol"
    /// A field that occurs twice has no single meaning.
    case duplicateField = "duplicate_field"
    case tooManyFields = "too_many_fields"
    case tooLarge = "entry_too_large"
}

/// An entry of the plan stream, parsed.
package enum ParsedEntry: Sendable {
    /// `decision` is `EXECUTE`: an intent to judge.
    case execute(Intent)
    /// Any other decision: there is nothing to judge, and the plan id is not used up.
    case skip(planID: String, symbol: String, decision: String)
    /// Not an intent: the whole entry becomes a dead letter.
    case rejected(IntentRejection)

    package var intent: Intent? {
        if case .execute(let intent) = self { intent } else { nil }
    }
}
