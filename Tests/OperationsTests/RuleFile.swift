import Yams

/// The alerts, as far as these tests look at them.
struct RuleFile: Decodable {
    static let folder = "ops/prometheus/"
    static let path = folder + "gatehost.rules.yml"
    static let testPath = folder + "gatehost.rules.test.yml"

    struct Group: Decodable {
        let name: String
        let rules: [Alert]
    }

    struct Alert: Decodable {
        let alert: String
        let expr: String
        let labels: [String: String]
        let annotations: [String: String]

        /// The metrics that the expression reads: words with a known prefix.
        var metrics: Set<String> {
            Set(
                expr.matches(of: /\b(?:gatehost|quantum_govern|p28|portfolio_state)_[a-z0-9_]+/).map {
                    String($0.output)
                })
        }

        /// The values of a label that the expression asks for.
        func values(of label: String) throws -> [String] {
            try expr.matches(of: Regex<(Substring, Substring)>(label + #"=~?"([^"]+)""#)).flatMap {
                $0.output.1.split(separator: "|").map(String.init)
            }
        }
    }

    let groups: [Group]
    var alerts: [Alert] { groups.flatMap(\.rules) }

    static func load() throws -> RuleFile {
        try YAMLDecoder().decode(RuleFile.self, from: Repository.text(path))
    }
}
