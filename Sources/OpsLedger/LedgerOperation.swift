/// An operation to be recorded.
package struct LedgerOperation: Sendable {
    /// `nil`: the next free id of the day.
    package var identifier: String?
    package var name: String
    package var objective: String
    package var riskClass: RiskClass
    package var blastRadius: String
    package var changesSummary: String
    package var proofPath: String?
    package var outcome: OperationOutcome = .success
    package var rollbackOf: String?
    package var notes = ""
    package var allowedPaths: [String] = []
    package var allowedServices: [String] = []
    package var metricsURLs: [String] = []
    /// Regular expressions, searched in each line of each URL's text.
    package var metricsPatterns: [String] = []
    package var redisCommands: [String] = []

    package init(name: String, objective: String, riskClass: RiskClass, blastRadius: String, changesSummary: String) {
        self.name = name
        self.objective = objective
        self.riskClass = riskClass
        self.blastRadius = blastRadius
        self.changesSummary = changesSummary
    }
}

extension LedgerOperation {
    static let maximumIdentifierBytes = 128
    /// Bounds an entry, and with it the ledger: a summary is no log.
    static let maximumTextBytes = 16 << 10

    /// The same operation as it will be recorded: comma lists split, secrets redacted, each service once. Throws if it
    /// can never be recorded.
    package func normalized() throws(LedgerError) -> LedgerOperation {
        var result = self
        result.allowedPaths = Self.split(allowedPaths)
        result.allowedServices = Self.unique(Self.split(allowedServices))
        result.metricsURLs = Self.split(metricsURLs, where: Self.isHTTP)
        try result.check()
        result.name = redacted(name)
        result.objective = redacted(objective)
        result.blastRadius = redacted(blastRadius)
        result.changesSummary = redacted(changesSummary)
        result.notes = redacted(notes)
        result.allowedPaths = result.allowedPaths.map(redacted)
        return result
    }

    private func check() throws(LedgerError) {
        let required = [
            ("operation", name), ("objective", objective), ("blast_radius", blastRadius),
            ("changes_summary", changesSummary),
        ]
        for (option, text) in required where !text.unicodeScalars.contains(where: { !$0.properties.isWhitespace }) {
            throw LedgerError(.invalidRequest, "--\(option) is empty")
        }
        let texts =
            required + [("notes", notes)] + allowedPaths.map { ("allowed_paths", $0) } + [
                ("proof_path", proofPath ?? "-")
            ]
        for (option, text) in texts {
            guard !text.utf8.contains(0) else {
                throw LedgerError(.invalidRequest, "--\(option) contains a NUL character")
            }
            guard text.utf8.count <= Self.maximumTextBytes else {
                throw LedgerError(.invalidRequest, "--\(option) is longer than \(Self.maximumTextBytes) bytes")
            }
        }
        for (option, text) in [("operation_id", identifier), ("rollback_of", rollbackOf)] {
            if let text, !Self.isIdentifier(text) {
                throw LedgerError(
                    .invalidRequest,
                    "--\(option): an id has 1 to \(Self.maximumIdentifierBytes) letters, digits and . _ : - characters")
            }
        }
        for service in allowedServices where !Self.isServiceName(service) {
            throw LedgerError(
                .invalidRequest, "--allowed_services: '\(visible(service))' is not the name of a systemd unit")
        }
        for url in metricsURLs where !Self.isHTTP(url[...]) {
            throw LedgerError(
                .invalidRequest, "--metrics_urls: '\(visible(redacted(url)))' is not an http:// or https:// URL")
        }
        for pattern in metricsPatterns {
            guard !pattern.isEmpty, !pattern.utf8.contains(0), (try? Regex(pattern)) != nil else {
                throw LedgerError(.invalidRequest, "--metrics_grep: '\(visible(pattern))' is not a regular expression")
            }
        }
        for command in redisCommands { _ = try RedisCommandLine(command) }
    }

    /// A text after a comma begins a new element only if it passes `isStart`: a URL may hold commas.
    private static func split(_ values: [String], where isStart: (Substring) -> Bool = { _ in true }) -> [String] {
        var result: [String] = []
        for value in values {
            var isFirst = true
            for part in value.split(separator: ",", omittingEmptySubsequences: false) {
                let trimmed = part.trimmed
                if isFirst || isStart(trimmed) {
                    result.append(String(trimmed))
                } else {
                    result[result.count - 1] += ",\(part)"
                }
                isFirst = false
            }
        }
        return result.filter { !$0.isEmpty }
    }

    private static func unique(_ values: [String]) -> [String] {
        var seen: Set<String> = []
        return values.filter { seen.insert($0).inserted }
    }

    private static func isHTTP(_ text: Substring) -> Bool {
        ["http://", "https://"].contains { text.utf8.count > $0.utf8.count && text.lowercased().hasPrefix($0) }
    }

    static func isIdentifier(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= maximumIdentifierBytes
            && text.utf8.allSatisfy { $0.isLetterOrDigit || "._:-".utf8.contains($0) }
    }

    private static func isServiceName(_ text: String) -> Bool {
        text.utf8.count <= 255 && text.utf8.allSatisfy { $0.isLetterOrDigit || ":-_.\\@".utf8.contains($0) }
    }
}

extension UInt8 {
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
    var isLowercaseHex: Bool { isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self) }
    var isLetterOrDigit: Bool { isDigit || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) }
}

extension Substring {
    var trimmed: Substring {
        let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        var text = drop(while: isBlank)
        while let last = text.last, isBlank(last) { text.removeLast() }
        return text
    }
}
