import Foundation

/// Writes the `XADD` of a plan. It formats each kind of plan of each instrument once. After that a plan costs a copy
/// and sixteen digits, so that the sender takes little from the machine that it measures.
struct PlanWriter {
    private struct Key: Hashable {
        let kind: Workload.Kind
        let instrument: Int
    }

    private struct Template {
        let bytes: [UInt8]
        let idPosition: Int
    }

    private static let placeholder = PlanID.bytes(0)

    let workload: Workload
    private let now = Int(Date().timeIntervalSince1970)
    private var templates: [Key: Template] = [:]

    init(_ workload: Workload) {
        self.workload = workload
    }

    mutating func append(_ index: Int, to output: inout [UInt8]) {
        let template = template(Key(kind: workload.kind(index), instrument: workload.instrument(index)))
        let start = output.count + template.idPosition
        output.append(contentsOf: template.bytes)
        output.replaceSubrange(start..<start + PlanID.length, with: PlanID.bytes(index))
    }

    private mutating func template(_ key: Key) -> Template {
        if let template = templates[key] { return template }
        let plan = workload.plan(key.kind, workload.instruments[key.instrument], id: PlanID.text(0), at: now)
        let arguments = ["XADD", Wire.plans, "*"] + plan
        let command = "*\(arguments.count)\r\n" + arguments.map { "$\($0.utf8.count)\r\n\($0)\r\n" }.joined()
        let bytes = Array(command.utf8)
        // The id is the first value, so its placeholder is the first match.
        let position = bytes.indices.first { bytes[$0...].starts(with: Self.placeholder) } ?? 0
        let template = Template(bytes: bytes, idPosition: position)
        templates[key] = template
        return template
    }
}
