import ArgumentParser
package import Foundation
package import GateAPI

/// Plans as JSON lines: flat objects, or objects with the plan under `fields`.
package enum PlanFile {
    package static func read(_ path: String) throws -> [Fields] {
        let data = path == "-" ? FileHandle.standardInput.readDataToEndOfFile() : try contents(of: path)
        return try plans(in: data, file: path == "-" ? "<stdin>" : path)
    }

    package static func plans(in data: Data, file: String) throws -> [Fields] {
        try data.split(separator: UInt8(ascii: "\n")).enumerated().compactMap { number, line in
            guard !line.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }) else { return nil }
            do {
                let object = try JSONDecoder().decode(JSONFields.self, from: Data(line))
                return Fields(object.pairs)
            } catch {
                throw ValidationError("\(file):\(number + 1): not a plan: \(JSONFields.explain(error))")
            }
        }
    }

    /// One plan from `field=value` arguments. Adds a plan id and the decision to execute if they are missing.
    package static func plan(of arguments: [String]) throws -> Fields {
        var pairs: [(name: String, value: String)] = try arguments.map { argument in
            guard let equals = argument.firstIndex(of: "=") else {
                throw ValidationError("\(argument): not field=value")
            }
            return (String(argument[..<equals]), String(argument[argument.index(after: equals)...]))
        }
        if !pairs.contains(where: { $0.name == "plan_id" }) { pairs.insert(("plan_id", "evaluated"), at: 0) }
        if !pairs.contains(where: { $0.name == "decision" }) { pairs.append(("decision", "EXECUTE")) }
        return Fields(pairs)
    }

    package static func contents(of path: String) throws -> Data {
        do {
            return try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw ValidationError("\(path): cannot be read: \((error as NSError).localizedDescription)")
        }
    }
}
