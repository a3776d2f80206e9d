import Foundation
import Glibc

/// A host's metrics, over its admin endpoint on the loopback interface.
struct AdminEndpoint {
    private static let timeout = 2
    private static let startTimeout: Duration = .seconds(5)

    private let port: UInt16

    /// Finds the port in the host's log.
    init(of process: ChildProcess) throws {
        var found: UInt16?
        try wait(upTo: Self.startTimeout, every: .milliseconds(10), orElse: "the host's log names no admin port") {
            found = Self.port(inLog: (try? String(contentsOf: process.log, encoding: .utf8)) ?? "")
            return found != nil
        }
        port = found ?? 0
    }

    static func port(inLog log: String) -> UInt16? {
        log.split(separator: "\n").lazy.filter { $0.contains("admin endpoint listens") }.compactMap { line in
            line.range(of: "port").flatMap { range in
                UInt16(line[range.upperBound...].drop { !$0.isNumber }.prefix { $0.isNumber })
            }
        }.first
    }

    func metrics() throws -> MetricValues { MetricValues(text: try get("/metrics")) }

    private func get(_ path: String) throws -> String {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw BenchError("no socket: \(String(cString: strerror(errno)))") }
        defer { close(descriptor) }
        var limit = timeval(tv_sec: Self.timeout, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        // Safe: every socket address begins as a `sockaddr`, and the length gives its true size.
        let result = withUnsafePointer(to: address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        let request = Array("GET \(path) HTTP/1.0\r\nHost: localhost\r\nConnection: close\r\n\r\n".utf8)
        guard result == 0, send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else {
            throw BenchError("the admin endpoint at port \(port) does not answer")
        }
        var answer: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = recv(descriptor, &chunk, chunk.count, 0)
            guard count > 0 else { break }
            answer.append(contentsOf: chunk.prefix(count))
        }
        return String(decoding: answer, as: UTF8.self)
    }
}

/// The samples of a page of metrics.
struct MetricValues {
    private let samples: [(name: Substring, value: Double)]

    init(text: String) {
        samples = text.split(separator: "\n").compactMap { line in
            guard !line.hasPrefix("#"), let blank = line.lastIndex(of: " "),
                let value = Double(line[line.index(after: blank)...])
            else { return nil }
            return (line[..<blank].prefix { $0 != "{" }, value)
        }
    }

    /// The sum of all samples whose name ends so.
    func sum(_ ending: String) -> Double {
        samples.lazy.filter { $0.name.hasSuffix(ending) }.map(\.value).reduce(0, +)
    }
}
