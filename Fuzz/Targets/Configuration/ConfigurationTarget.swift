import Deployment
import GateAPI
import GateHost
import HeatGate
import KillSwitch
import P28Budget
import Redis

/// Parses a deployment file's bytes to a configuration or to located errors. Behind a NUL follow the environment's
/// variables as `NAME=value` lines.
struct ConfigurationTarget: FuzzTarget {
    static let name = "configuration"

    private static let file = "fuzz.yaml"
    private let registry: GateRegistry

    init() throws {
        registry = try GateRegistry([P28Budget.self, HeatGate.self, KillSwitch.self])
    }

    mutating func run(_ input: [UInt8]) {
        let parts = input.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false).map(Array.init)
        let variables = parts.count > 1 ? FuzzSections(parts[1]).sections[0].pairs : []
        let environment = Dictionary(
            variables.map { (String(decoding: $0.name, as: UTF8.self), String(decoding: $0.value, as: UTF8.self)) }
        ) { first, _ in
            first
        }
        do throws(ConfigurationErrors) {
            check(try parse(parts[0], environment))
        } catch {
            demand(!error.diagnostics.isEmpty, "errors where there is no configuration")
            demand(error.diagnostics.count <= 300, "a bounded number of errors, not \(error.diagnostics.count)")
            for diagnostic in error.diagnostics { check(diagnostic, of: parts[0], environment) }
        }
    }

    private func parse(_ bytes: [UInt8], _ environment: [String: String]) throws(ConfigurationErrors)
        -> HostConfiguration
    {
        try HostConfiguration.parse(bytes: bytes, file: Self.file, registry: registry, environment: environment)
    }

    private func check(_ diagnostic: Diagnostic, of bytes: [UInt8], _ environment: [String: String]) {
        demand(!diagnostic.message.isEmpty, "a message")
        let line = diagnostic.description
        demand(
            line.unicodeScalars.allSatisfy { !isControl($0) },
            "one line without control characters, not \(line.debugDescription)")
        switch diagnostic.origin {
        case .environment: demand(!environment.isEmpty, "no error in an empty environment, not \(diagnostic)")
        case .file(_, nil): demand(false, "a position for \(diagnostic)")
        case .file(_, let position?): check(position, of: bytes, diagnostic)
        }
    }

    /// A position may lie one behind the end, for an error about something missing.
    private func check(_ position: SourcePosition, of bytes: [UInt8], _ diagnostic: Diagnostic) {
        let lines = SourceLines.lengths(bytes)
        demand((1...lines.count + 1).contains(position.line), "one of \(lines.count) lines in \(diagnostic)")
        let length = position.line <= lines.count ? lines[position.line - 1] : 0
        demand((1...length + 1).contains(position.column), "one of \(length) columns in \(diagnostic)")
    }

    private func check(_ configuration: HostConfiguration) {
        demandEqual(configuration.gates.first?.name, configuration.firstGate, "the first gate")
        demandEqual(
            Set(configuration.gates.map(\.name)).count, configuration.gates.count, "the number of different gates")
        let description = configuration.described()
        demand(
            description.unicodeScalars.allSatisfy { $0 == "\n" || !isControl($0) },
            "no control characters in \(description.debugDescription)")
        if let password = configuration.redis.password?.value, password.utf8.count > 8 {
            demand(!description.contains(password), "no password in \(description)")
        }
        let text = ConfigurationText.file(saying: configuration)
        do throws(ConfigurationErrors) {
            let again = try parse(Array(text.utf8), [:])
            demandEqual(again.hash, configuration.hash, "the hash of\n\(text)")
            for (one, other) in zip(again.effective, configuration.effective)
            where other.path != "redis.url" || configuration.redis.password == nil {
                demandEqual("\(one.path) \(one.text)", "\(other.path) \(other.text)", "a setting of\n\(text)")
            }
        } catch {
            demand(false, "the effective configuration to be valid, instead of\n\(error)\nin\n\(text)")
        }
    }

    private func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .control || (0x2028...0x2029).contains(scalar.value)
    }
}

/// Line lengths in Unicode scalars, with YAML's line breaks.
enum SourceLines {
    static func lengths(_ bytes: [UInt8]) -> [Int] {
        var lengths = [0]
        var previous: Unicode.Scalar = " "
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            let isBreak = [0x0A, 0x0D, 0x85, 0x2028, 0x2029].contains(scalar.value)
            if isBreak {
                // A carriage return and a line feed are one break.
                if !(scalar == "\n" && previous == "\r") { lengths.append(0) }
            } else {
                lengths[lengths.count - 1] += 1
            }
            previous = scalar
        }
        return lengths
    }
}
