import GateAPI
package import Redis

/// The checked settings of the service, with the parsed address of Redis.
package struct RiskConfiguration: Sendable {
    package let settings: RiskSettings
    package let redis: RedisConfiguration
    /// The effective settings for an operator to read; secrets are hidden.
    package let effective: [EffectiveSetting]
    /// Likely mistakes that do not keep the service from starting.
    package let warnings: [String]
}

/// An environment variable and its effective value.
package struct EffectiveSetting: Sendable, Equatable {
    package let variable: String
    package let value: String
    package let isFromEnvironment: Bool
    package let summary: String
}

/// All mistakes in the environment; each message starts with its variable.
package struct RiskConfigurationErrors: Error, Sendable, Equatable, CustomStringConvertible {
    package let messages: [String]
    package var description: String { messages.joined(separator: "\n") }
}

extension RiskConfiguration {
    static let adminTokenVariable = "P28_ADMIN_TOKEN"

    /// Reads the environment. An empty variable counts as unset.
    package static func load(environment: [String: String]) throws(RiskConfigurationErrors) -> RiskConfiguration {
        var errors: [String] = []
        var schema = SettingsSchema<RiskSettings>()
        let defaults = Compatibility(environment: environment).defaults
        for info in schema.infos {
            guard let variable = info.variable else { continue }
            let given = environment[variable] ?? ""
            guard let text = given.isEmpty ? defaults[variable] : given else { continue }
            do throws(SettingIssue) {
                try schema.set(info.key, SettingScalar(text: text))
            } catch {
                errors.append("\(variable): \(error.message)")
            }
        }
        guard var settings = try? schema.make() else {
            throw RiskConfigurationErrors(messages: ["the settings cannot be made"])
        }
        if let token = environment[adminTokenVariable], !token.isEmpty {
            settings.adminToken = AdminToken(token)
            if settings.adminToken == nil {
                errors.append(
                    """
                    \(adminTokenVariable): must have at least \(AdminToken.minimumBytes) printable ASCII characters \
                    and no blanks
                    """)
            }
        }
        var redis: RedisConfiguration?
        do throws(RedisURLError) {
            redis = try RedisConfiguration(url: settings.redisURL)
        } catch {
            errors.append("REDIS_URL: \(error)")
        }
        errors += settings.contradictions
        guard errors.isEmpty, let redis else { throw RiskConfigurationErrors(messages: errors) }
        return RiskConfiguration(
            settings: settings, redis: redis, effective: effective(schema, settings, redis, environment),
            warnings: warnings(settings))
    }

    private static func warnings(_ settings: RiskSettings) -> [String] {
        var warnings: [String] = []
        if Seconds(settings.budgetLifetime) <= settings.interval {
            warnings.append(
                """
                BUDGET_HASH_TTL_SEC is no longer than BUDGET_COMPUTE_INTERVAL_SEC: \
                budgets expire before they are renewed
                """
            )
        }
        return warnings
    }

    private static func effective(
        _ schema: SettingsSchema<RiskSettings>, _ settings: RiskSettings, _ redis: RedisConfiguration,
        _ environment: [String: String]
    ) -> [EffectiveSetting] {
        func isGiven(_ variable: String) -> Bool { !(environment[variable] ?? "").isEmpty }
        let printed = schema.infos.compactMap { info in
            info.variable.map { variable -> EffectiveSetting in
                let text = schema.text(info.key) ?? ""
                let value =
                    switch variable {
                    case "REDIS_URL": redis.redactedURL
                    case "HEAT_GATE_METRICS_URL": SettingScalar(text: text).bare
                    default: text
                    }
                return EffectiveSetting(
                    variable: variable, value: value, isFromEnvironment: isGiven(variable), summary: info.summary)
            }
        }
        let token = EffectiveSetting(
            variable: adminTokenVariable, value: settings.adminToken.map(\.description) ?? "",
            isFromEnvironment: isGiven(adminTokenVariable),
            summary: "Token that POST /mode requires; if unset, the mode cannot be changed at run time")
        return printed + [token]
    }
}

extension SettingScalar {
    /// The text as messages show it, without quotes; credentials in a URL are hidden.
    fileprivate var bare: String { String(shown.dropFirst().dropLast()) }
}

extension RiskSettings {
    /// Combinations of settings that contradict each other.
    package var contradictions: [String] {
        var errors: [String] = []
        if minimumBudget > maximumBudget {
            errors.append("MIN_BUDGET_K (\(minimumBudget)) is above MAX_BUDGET_K (\(maximumBudget))")
        }
        if warmHeat >= hotHeat {
            errors.append("HEAT_MIN (\(warmHeat)) must be below HEAT_MAX (\(hotHeat))")
        }
        if lastKnownGoodFor < staleAfter {
            errors.append(
                "MAX_LKG_AGE_SEC (\(lastKnownGoodFor.settingText)) is below STALE_SEC (\(staleAfter.settingText))")
        }
        if universe.symbols.count > maximumSymbols {
            errors.append("SYMBOL_UNIVERSE has \(universe.symbols.count) symbols; MAX_SYMBOLS is \(maximumSymbols)")
        }
        if testMode == .on, !listensOnLoopback {
            errors.append(
                """
                P28_TEST_MODE: test mode accepts portfolio states from any client, \
                so LISTEN_HOST must be a loopback address
                """
            )
        }
        return errors
    }

    /// Where this machine reaches the endpoints.
    package var ownURL: String {
        let host =
            switch listenHost {
            case "0.0.0.0", "localhost": "127.0.0.1"
            case "::": "::1"
            default: listenHost
            }
        return "http://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    }

    package var listensOnLoopback: Bool {
        listenHost == "localhost" || listenHost == "::1" || listenHost.isLoopbackIPv4
    }
}

extension String {
    /// Only an address in 127.0.0.0/8, not a name that starts with `127.`.
    fileprivate var isLoopbackIPv4: Bool {
        let parts = split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
    }
}
