import GateAPI
import Platform
import Redis

/// The mode in which the service would start now, for people.
package struct StartMode: Sendable {
    /// `nil` while Redis does not tell.
    package let mode: RiskMode?
    package let text: String

    /// Asks Redis, for no longer than a connection and a command may take.
    package static func find(_ configuration: RiskConfiguration) async -> StartMode {
        let settings = configuration.settings
        let redis = configuration.redis
        return await onBlockingThread(named: "mode-at-start") {
            do throws(RedisError) {
                let connection = try RedisConnection(redis)
                defer { connection.close() }
                let held = try HeldMode(try connection.command("HGETALL", ModeRecord.key))
                return StartMode(settings, held.record)
            } catch {
                return StartMode(
                    mode: nil,
                    text: "unknown, because Redis does not answer: \(error); without a record there, "
                        + "P28_MODE=\(settings.mode.rawValue)")
            }
        }
    }

    private init(mode: RiskMode?, text: String) {
        self.mode = mode
        self.text = text
    }

    init(_ settings: RiskSettings, _ record: ModeRecord?) {
        let setting = "P28_MODE=\(settings.mode.rawValue)"
        guard let record else {
            self.init(mode: settings.mode, text: "\(settings.mode.rawValue), by \(setting)")
            return
        }
        let control = ModeControl(environment: settings.mode, authority: settings.modeAuthority)
        if case .superseded = control.reconcile(record, now: record.changedAt) {
            self.init(
                mode: settings.mode,
                text: "\(settings.mode.rawValue), by \(setting); it replaces "
                    + "\(record.mode.rawValue) in Redis, by \(record.source)")
        } else {
            self.init(
                mode: record.mode,
                text: "\(record.mode.rawValue), by \(record.source)"
                    + (record.mode == settings.mode ? "" : ", not \(setting)"))
        }
    }
}
