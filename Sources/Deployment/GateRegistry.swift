package import GateAPI

/// A gate type that a host cannot be built with.
package struct GateRegistryError: Error, Sendable, Equatable, CustomStringConvertible {
    package let message: String
    package var description: String { message }
}

/// The gate types that a host is built with. The deployment file selects and orders them.
package struct GateRegistry: Sendable {
    private let types: [String: any Gate.Type]
    /// In the order in which the gates were given.
    package let descriptions: [GateDescription]

    package init(_ gates: [any Gate.Type]) throws(GateRegistryError) {
        var types: [String: any Gate.Type] = [:]
        var descriptions: [GateDescription] = []
        for gate in gates {
            try Self.validate(gate)
            guard types[gate.name] == nil else {
                throw GateRegistryError(message: "two gates are named '\(gate.name)'")
            }
            types[gate.name] = gate
            descriptions.append(GateDescription(gate))
        }
        self.types = types
        self.descriptions = descriptions
    }

    package var names: [String] { descriptions.map(\.name) }

    package subscript(name: String) -> (any Gate.Type)? { types[name] }

    package func description(of name: String) -> GateDescription? {
        descriptions.first { $0.name == name }
    }

    private static func validate<G: Gate>(_ gate: G.Type) throws(GateRegistryError) {
        guard isName(G.name) else {
            throw GateRegistryError(
                message: "gate \(G.self): the name '\(G.name)' is not made of lower-case words joined by '-'")
        }
        guard G.name != PlansConfiguration.checkName else {
            throw GateRegistryError(message: "gate \(G.self): the name '\(G.name)' is that of the host's own check")
        }
        // The crash journal has room for 63 bytes of a name.
        guard G.name.utf8.count <= 63 else {
            throw GateRegistryError(message: "gate \(G.self): the name '\(G.name)' is longer than 63 bytes")
        }
        for reason in G.Reason.allCases where !isReasonCode(reason.rawValue) {
            throw GateRegistryError(
                message: "gate '\(G.name)': the reason code '\(reason.rawValue)' is not made of a-z, 0-9 and _")
        }
        do {
            _ = try SettingsSchema<G.Settings>().make()
        } catch {
            throw GateRegistryError(
                message: "gate '\(G.name)': \((error as? SettingsError)?.message ?? "unreadable settings")")
        }
    }

    private static func isName(_ name: String) -> Bool {
        name.split(separator: "-", omittingEmptySubsequences: false).allSatisfy { word in
            !word.isEmpty && word.utf8.allSatisfy { isLowercaseOrDigit($0) }
        }
    }

    private static func isReasonCode(_ code: String) -> Bool {
        !code.isEmpty && code.utf8.allSatisfy { isLowercaseOrDigit($0) || $0 == UInt8(ascii: "_") }
    }

    private static func isLowercaseOrDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
