import Foundation
import GateAPI
import JSONText
import PortfolioRisk
import Redis

/// Small parsers and printers. The first byte selects one: `j` JSON, `e` the budget service's environment, any other a
/// Redis URL.
struct TextTarget: FuzzTarget {
    static let name = "text"

    mutating func run(_ input: [UInt8]) {
        let rest = Array(input.dropFirst())
        switch input.first {
        case UInt8(ascii: "j"): writeJSON(rest)
        case UInt8(ascii: "e"): readEnvironment(rest)
        default: readURL(String(decoding: rest, as: UTF8.self))
        }
    }

    /// Any bytes make a valid literal, and any JSON parser reads the same text from it.
    private func writeJSON(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        for asciiOnly in [false, true] {
            var literal: [UInt8] = []
            JSON.write(utf8: bytes, to: &literal, asciiOnly: asciiOnly)
            demand(!asciiOnly || literal.allSatisfy { (0x20..<0x7F).contains($0) }, "ASCII only")
            demandEqual(Self.parsed(literal), text, "what the literal of \(bytes) reads as")
            var same: [UInt8] = []
            JSON.write(string: text, to: &same, asciiOnly: asciiOnly)
            demandEqual(same, literal, "the literal of the text \(text.debugDescription)")
        }
        var object = JSONObject(spaced: bytes.count % 2 == 0)
        object.add(text, text)
        let members = try? JSONDecoder().decode([String: String].self, from: Data(object.text.utf8))
        demandEqual(members, [text: text], "the member \(text.debugDescription) in \(object.text)")
    }

    /// Does not use `JSONSerialization`, which drops a byte order mark at the start of a text and behind an escape.
    private static func parsed(_ literal: [UInt8]) -> String? {
        try? JSONDecoder().decode(String.self, from: Data(literal))
    }

    private func readURL(_ url: String) {
        guard let configuration = try? RedisConfiguration(url: url) else { return }
        let shown = configuration.redactedURL
        demand(shown.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }, "printable ASCII, not \(shown.debugDescription)")
        do throws(RedisURLError) {
            var again = try RedisConfiguration(url: shown)
            demandEqual(again.password == nil, configuration.password == nil, "whether \(shown) has a password")
            again.password = configuration.password
            demandEqual(again, configuration, "what \(shown) reads as")
        } catch {
            demand(false, "\(shown) to be a URL, but \(error)")
        }
    }

    private func readEnvironment(_ bytes: [UInt8]) {
        let pairs = FuzzSections(bytes).sections[0].pairs.map {
            (String(decoding: $0.name, as: UTF8.self), String(decoding: $0.value, as: UTF8.self))
        }
        let environment = Dictionary(pairs) { first, _ in first }
        do throws(RiskConfigurationErrors) {
            let configuration = try RiskConfiguration.load(environment: environment)
            let settings = configuration.settings
            demand(
                settings.minimumBudget <= settings.maximumBudget && settings.warmHeat < settings.hotHeat,
                "settings that go together")
            demand(settings.testMode == .off || settings.listensOnLoopback, "test mode on loopback only")
            for value in configuration.effective {
                demand(
                    !value.isFromEnvironment || environment[value.variable]?.isEmpty == false,
                    "\(value.variable) to be given")
            }
        } catch {
            demand(!error.messages.isEmpty && error.messages.allSatisfy { !$0.isEmpty }, "messages")
        }
    }
}
