import ArgumentParser
import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import Platform
import PortfolioRisk

struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Shows how a budget of a running service came about, term by term, with inputs, ages and sources.")

    @Argument(help: "The symbol, as BTCUSDT.")
    var symbol: String

    @Flag(name: .long, help: "Print the JSON of the service.")
    var json = false

    @Option(name: .long, help: "Address of the service; by default that of the environment.")
    var url: String?

    func run() async throws {
        let url = try url ?? ServiceEnvironment.loadOrExit().risk.settings.ownURL
        do {
            let name = symbol.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? symbol
            let response = try await HTTPClient.shared.execute(
                HTTPClientRequest(url: "\(url)/explain/\(name)"), timeout: .seconds(15))
            let body = String(buffer: try await response.body.collect(upTo: 65_536))
            guard response.status == .ok else {
                let detail = try? JSONDecoder().decode(Refusal.self, from: Data(body.utf8)).detail
                Console.printError("error: \(detail ?? body)")
                throw ExitCode(1)
            }
            if json {
                Console.print(body)
            } else {
                for line in try JSONDecoder().decode(Explanation.self, from: Data(body.utf8)).lines {
                    Console.print(line)
                }
            }
        } catch let error as ExitCode {
            throw error
        } catch {
            Console.printError("error: the request to \(url) failed: \(error)")
            throw ExitCode(1)
        }
    }

    private struct Refusal: Decodable {
        let detail: String
    }
}

/// The service's answer to `GET /explain/{symbol}`.
struct Explanation: Decodable {
    struct Term: Decodable {
        let term: String
        let value: String
        let how: String
        let source: String
        let age: String?

        private enum CodingKeys: String, CodingKey {
            case term, value, how, source
            case age = "age_sec"
        }
    }

    let symbol: String
    let mode: String
    let computedAt: String
    let terms: [Term]

    private enum CodingKeys: String, CodingKey {
        case symbol, mode, terms
        case computedAt = "computed_at"
    }

    var lines: [String] {
        let names = terms.map(\.term.count).max() ?? 0
        let values = terms.map(\.value.count).max() ?? 0
        let table = terms.map { term in
            let name = term.term.padding(toLength: names, withPad: " ", startingAt: 0)
            let value = String(repeating: " ", count: values - term.value.count) + term.value
            let age = term.age.map { ", \($0) s old" } ?? ""
            let source = term.source.isEmpty ? "" : "  [\(term.source)\(age)]"
            return "\(name)  \(value)  \(term.how)\(source)"
        }
        return ["\(symbol)  \(mode)  computed at \(computedAt)"] + table
    }
}
