import Platform

/// Collects the facts that an entry records besides the operator's words. A fact that cannot be collected becomes
/// `UNKNOWN` or `FAILED`, and a warning. It never prevents an entry.
package struct FactCollector: Sendable {
    /// The time limit of each program, each URL and each Redis command.
    package static let defaultLimit: Duration = .seconds(5)

    let environment: [String: String]
    let limit: Duration

    package init(environment: [String: String], limit: Duration = defaultLimit) {
        self.environment = environment
        self.limit = limit
    }

    /// - Parameter operation: normalized or not.
    package func collect(_ operation: LedgerOperation, repository: String) async -> LedgerFacts {
        var facts = LedgerFacts()
        guard let operation = try? operation.normalized() else { return facts }
        facts.hostname = HostName.current() ?? LedgerEntry.unknown
        await collectGit(repository, into: &facts)
        await collectServices(operation.allowedServices, repository, into: &facts)
        await collectMetrics(operation.metricsURLs, patterns: operation.metricsPatterns, into: &facts)
        await collectRedis(operation.redisCommands, into: &facts)
        return facts
    }

    private func collectGit(_ repository: String, into facts: inout LedgerFacts) async {
        // Inside a git hook, variables such as GIT_DIR name the hook's repository.
        let environment = environment.filter { !$0.key.hasPrefix("GIT_") }
        func git(_ arguments: String...) async -> String? {
            guard
                let result = await HelperProgram.run(
                    "git", arguments, in: repository, environment: environment, within: limit), result.status == 0
            else {
                return nil
            }
            let line = result.output.prefix { $0 != "\n" }
            return line.isEmpty ? nil : String(line)
        }
        if let commit = await git("rev-parse", "--verify", "HEAD") {
            facts.gitCommit = String(commit.prefix(8))
        } else {
            facts.warnings.append("git: the commit of \(repository) is unknown")
        }
        if let branch = await git("symbolic-ref", "--short", "--quiet", "HEAD") {
            facts.gitBranch = branch
        } else if facts.gitCommit != LedgerEntry.unknown {
            // git's own name for a head that is on no branch.
            facts.gitBranch = "HEAD"
        }
    }

    private func collectServices(_ services: [String], _ folder: String, into facts: inout LedgerFacts) async {
        for service in services {
            let result = await HelperProgram.run(
                "systemctl", ["is-active", "--", service], in: folder, environment: environment, within: limit)
            let state = Self.state(result)
            if state == LedgerEntry.unknown { facts.warnings.append("systemctl: the state of \(service) is unknown") }
            facts.services.append(ServiceState(name: service, state: state))
        }
    }

    /// systemctl names a state even for a unit that does not exist. No state means that systemctl failed.
    private static func state(_ result: HelperProgram.Result?) -> String {
        guard let result else { return LedgerEntry.unknown }
        switch result.output.prefix(while: { $0 != "\n" }) {
        case "active": return result.status == 0 ? "active" : LedgerEntry.unknown
        case "inactive", "failed", "activating", "deactivating", "reloading", "maintenance", "unknown":
            return "inactive"
        default: return LedgerEntry.unknown
        }
    }
}
