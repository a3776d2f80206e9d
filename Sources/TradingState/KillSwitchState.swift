package import GateAPI

/// A kill switch: a key that stops new exposure, and takes back live permits of what it stops.
package protocol KillSwitchRecord: RevokingRecord, Equatable {
    var reading: SwitchReading { get }
    init(reading: SwitchReading)
}

extension KillSwitchRecord {
    package static var form: RecordForm { .string }
    package var timestamp: Timestamp? { nil }
    package var isOn: Bool { reading != .off }
    package var isRevoking: Bool { isOn }

    package init(isOn: Bool) {
        self.init(reading: isOn ? .on : .off)
    }

    package init(fields: Fields) {
        self.init(reading: SwitchReading(fields))
    }
}

/// `quantum:kill`: stops everything.
package struct KillSwitchState: KillSwitchRecord {
    package static let keys: [RecordKey] = [.single("quantum:kill")]
    package let reading: SwitchReading

    package init(reading: SwitchReading) {
        self.reading = reading
    }
}

/// `quantum:kill:symbol:{symbol}`: stops one symbol.
package struct SymbolKillSwitchState: KillSwitchRecord {
    package static let keyPrefix = "quantum:kill:symbol:"
    package static let keys: [RecordKey] = [.perSymbol(prefix: keyPrefix)]
    package let reading: SwitchReading

    package init(reading: SwitchReading) {
        self.reading = reading
    }
}

/// `quantum:kill:source:{source}`: stops the plans of one source.
package struct SourceKillSwitchState: KillSwitchRecord {
    package static let keyPrefix = "quantum:kill:source:"
    package static let keys: [RecordKey] = [.perSource(prefix: keyPrefix)]
    package let reading: SwitchReading

    package init(reading: SwitchReading) {
        self.reading = reading
    }
}

/// `quantum:global:kill_switch`: stops everything, for gates that are told to obey it.
package struct GlobalKillSwitchState: KillSwitchRecord {
    package static let keys: [RecordKey] = [.single("quantum:global:kill_switch")]
    package let reading: SwitchReading

    package init(reading: SwitchReading) {
        self.reading = reading
    }
}
