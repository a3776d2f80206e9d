import Foundation
import TestSupport

/// A certificate authority for one test, with certificates for a server called `localhost` and for a client.
struct TLSCertificates {
    private let folder: TemporaryFolder

    static let openSSL = TLSProgram.path("openssl")

    init() async throws {
        folder = try TemporaryFolder()
        try await Self.makeAuthority(folder)
        for (name, subject) in [("server", "localhost"), ("client", "gatehost")] {
            let extensions = try folder.write("subjectAltName=DNS:\(subject)\n", to: name + ".ext")
            try await Self.openSSL(
                ["req", "-subj", "/CN=\(subject)", "-out", path(name + ".csr")] + Self.newKey(path(name + ".key")))
            try await Self.openSSL(
                [
                    "x509", "-req", "-in", path(name + ".csr"), "-CA", path("ca.pem"), "-CAkey", path("ca.key"),
                    "-CAcreateserial", "-days", "2",
                ]
                    + ["-extfile", extensions, "-out", path(name + ".pem")])
        }
    }

    func path(_ name: String) -> String { folder.path + "/" + name }

    /// The certificate of another authority with the same name.
    func makeOtherAuthority() async throws -> String {
        let other = try TemporaryFolder()
        try await Self.makeAuthority(other)
        return try folder.write(try String(contentsOfFile: other.path + "/ca.pem", encoding: .utf8), to: "other-ca.pem")
    }

    /// Arguments that make redis-server speak TLS and demand a client certificate.
    func serverArguments(port: Int) -> [String] {
        [
            "--bind", "127.0.0.1", "--tls-port", String(port), "--tls-cert-file", path("server.pem"), "--tls-key-file",
            path("server.key"),
            "--tls-ca-cert-file", path("ca.pem"), "--tls-auth-clients", "yes",
        ]
    }

    private static func makeAuthority(_ folder: TemporaryFolder) async throws {
        try await openSSL(
            ["req", "-x509", "-days", "2", "-subj", "/CN=Test CA", "-out", folder.path + "/ca.pem"]
                + newKey(folder.path + "/ca.key"))
    }

    private static func newKey(_ file: String) -> [String] {
        ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", file]
    }

    private static func openSSL(_ arguments: [String]) async throws {
        let result = try await HostProcess(executable: URL(filePath: openSSL ?? "/usr/bin/openssl"), arguments).finish(
            within: 20)
        guard result.status == 0 else { throw FixtureError.timeout("openssl: \(result.errors)") }
    }
}

enum TLSProgram {
    static func path(_ name: String) -> String? {
        ["/usr/bin/", "/usr/local/bin/"].map { $0 + name }.first(where: FileManager.default.isExecutableFile)
    }
}
