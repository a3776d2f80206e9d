package import GateAPI

/// Every way in which a record can be unusable, and the reason that the host records for it.
package enum InputFailures {
    package static let all: [InputFailure] = [
        .missing, .stale(age: .seconds(301), limit: .seconds(300)), .futureDated(by: .seconds(9)),
        .malformed(field: "x"), .nonFinite(field: "x"), .unavailable(detail: "WRONGTYPE"),
    ]

    package static let reasons = [
        "input_missing", "input_stale", "input_future_dated", "input_malformed", "input_non_finite",
        "input_unavailable",
    ]
}
