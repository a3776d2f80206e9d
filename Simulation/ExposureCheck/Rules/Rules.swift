/// The rulings, each computed once: ten million states ask for a few thousand different ones.
final class Rules {
    private let judge: Judge
    private var rulings: [UInt64: Ruling] = [:]

    init(_ scenario: Scenario, _ flaw: Flaw?) {
        judge = Judge(scenario, flaw)
    }

    /// How many different rulings were asked for.
    var count: Int { rulings.count }

    func ruling(on number: Int, _ evidence: Evidence) -> Ruling {
        let key = evidence.key(number)
        if let ruling = rulings[key] { return ruling }
        let ruling = judge.judge(number, evidence)
        rulings[key] = ruling
        return ruling
    }
}
