import Foundation
import GateAPI
import PlanFiles

enum DemoPlans {
    /// The plans shipped with the project, each real, with a few garbage entries among them. They are part of the
    /// program, so that it runs wherever it is copied.
    static func load(_ path: String?) throws -> [Fields] {
        if let path { return try PlanFile.read(path) }
        var plans = try Self.plans(PackageResources.apply_plan_real_jsonl, file: "apply_plan_real.jsonl")
        let samples = try Self.plans(PackageResources.sample_plans_jsonl, file: "sample_plans.jsonl").filter {
            $0["plan_id"] == nil || $0["decision"] != "EXECUTE"
        }
        for (index, sample) in samples.enumerated() { plans.insert(sample, at: 20 + index * 30) }
        // A plan sent twice, and its id used again for something else.
        if let first = plans.first {
            plans.insert(first, at: 60)
            plans.insert(Fields(first.pairs.map { $0.name == "side" ? ("side", "SELL") : $0 }), at: 61)
        }
        return plans
    }

    private static func plans(_ bytes: [UInt8], file: String) throws -> [Fields] {
        try PlanFile.plans(in: Data(bytes), file: file)
    }
}
