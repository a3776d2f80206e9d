import Testing

/// A gate author reads the public declarations of GateAPI in five minutes.
@Suite struct PublicDeclarationsTests {
    /// Raise a limit only for a declaration that gate authors type. Anything else is `package`.
    ///
    /// 120 and 110 until the exposure ledger: claims, legs, switches and words in the evidence in one, pools and
    /// accounts in the other. 132 in the other until the settings of prices.
    static let limits = [("Sources/GateAPI", 136), ("Sources/TradingState", 136)]

    @Test("a module of gate authors has no more public declarations than its limit", arguments: limits)
    func counts(folder: String, limit: Int) throws {
        let counts = try PublicDeclarations.counts(in: folder)
        let total = counts.reduce(0) { $0 + $1.count }
        print("\(folder): \(total) public declarations, at most \(limit)")
        #expect(total <= limit, "\(counts.map { "\($0.path) \($0.count)" }.joined(separator: ", "))")
        #expect(total > limit / 2, "the limit is far above the count")
    }

    @Test("the folder of the host's own declarations has nothing public but the type that the protocol Gate returns")
    func host() throws {
        let counts = try PublicDeclarations.counts(in: "Sources/GateAPI/Host").filter { $0.count > 0 }
        #expect(counts.map(\.path) == ["GateEvaluator.swift"])
    }

    @Test("a public declaration is counted with any other modifiers, and nothing else is")
    func countsDeclarations() {
        let source = """
            public import Other
            /// public in a comment
            public struct Thing: Sendable {
                @inlinable public var zero: Int { 0 }
                public private(set) var one = 1
                package let public = "no"
                let text = "public"
                case last
                @inlinable
                public static func make() -> Thing { Thing() }
            }
            extension Int { public func added() {} }
            // public func gone()
            let sample = \"""
                public struct Shown {
                \"""
            public typealias Short = Thing
            """
        #expect(PublicDeclarations.count(source) == 6)
        #expect(PublicDeclarations.count(source + "\npublic let oneMore = 1") == 7)
    }
}
