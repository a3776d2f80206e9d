/// Gives each property of a settings struct its ``Setting`` with the configured value. The `init(from:)` that the
/// compiler writes asks for them by name.
struct SettingsDecoder: Decoder {
    let settings: [String: any AnySetting]
    let codingPath: [any CodingKey] = []
    let userInfo: [CodingUserInfoKey: Any] = [:]

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(SettingsContainer<Key>(settings: settings))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw unsupported }
    func singleValueContainer() throws -> any SingleValueDecodingContainer { throw unsupported }
}

/// Carries one setting to ``Setting/init(from:)``.
struct SettingDecoder: Decoder {
    let setting: any AnySetting
    let codingPath: [any CodingKey] = []
    let userInfo: [CodingUserInfoKey: Any] = [:]

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> { throw unsupported }
    func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw unsupported }
    func singleValueContainer() throws -> any SingleValueDecodingContainer { throw unsupported }
}

private let unsupported = SettingsError("a settings struct holds @Setting properties only")

private struct SettingsContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let settings: [String: any AnySetting]
    let codingPath: [any CodingKey] = []
    var allKeys: [Key] { [] }

    func contains(_ key: Key) -> Bool { settings[Self.fileKey(key)] != nil }
    func decodeNil(forKey key: Key) -> Bool { false }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        // A settings struct within this one shares its keys.
        if type is any GateSettings.Type { return try Value(from: SettingsDecoder(settings: settings)) }
        guard let setting = settings[Self.fileKey(key)] else { throw unsupported }
        return try Value(from: SettingDecoder(setting: setting))
    }

    private static func fileKey(_ key: Key) -> String { SettingsSchema<NoSettings>.snakeCase(key.stringValue) }

    func nestedContainer<NestedKey: CodingKey>(keyedBy type: NestedKey.Type, forKey key: Key) throws
        -> KeyedDecodingContainer<NestedKey>
    {
        throw unsupported
    }
    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { throw unsupported }
    func superDecoder() throws -> any Decoder { throw unsupported }
    func superDecoder(forKey key: Key) throws -> any Decoder { throw unsupported }
}
