import Foundation
import Redis
import Testing
import TestSupport

@Suite("Least privilege: the rules", .serialized)
struct LeastPrivilegeRuleTests {
    @Test("no user may do more than its work, and people may do what the documents tell them to do")
    func matrix() async throws {
        let server = try await LeastPrivilegeServer()
        let admin = try server.connect("admin")
        func verdict(_ user: String, _ command: [String]) throws -> String {
            try admin(["ACL", "DRYRUN", user] + command).text ?? ""
        }
        for (user, text) in LeastPrivilegeMatrix.refused {
            for command in LeastPrivilegeMatrix.commands(text) {
                #expect(try verdict(user, command).hasPrefix("This user has no permissions to "), "\(user): \(command)")
            }
        }
        for (user, text) in LeastPrivilegeMatrix.granted {
            for command in LeastPrivilegeMatrix.commands(text) {
                #expect(try verdict(user, command) == "OK", "\(user): \(command)")
            }
        }
    }

    @Test(
        "a script may do no more than the user that sends it",
        arguments: [
            ("gatehost", "HSET', 'quantum:portfolio:budget:BTCUSDT', 'budget_usd', '1"),
            ("gatehost", "XADD', 'quantum:stream:apply.plan', '*', 'a', 'b"),
            ("gatehost", "FLUSHALL"), ("gatehost", "GET', 'quantum:permit:x"),
            ("execution-layer", "SET', 'quantum:permit:x', 'y"),
            ("portfolio-risk-governor", "SET', 'quantum:permit:x', 'y"),
        ])
    func script(user: String, call: String) async throws {
        let server = try await LeastPrivilegeServer()
        let connection = try server.connect(user)
        let error = #expect(throws: RedisServerError.self) {
            try connection("EVAL", "return redis.call('\(call)')", "0")
        }
        #expect(
            error?.message.contains("can't run this command") == true
                || error?.message.contains("can't access") == true, "\(error?.message ?? "")")
        #expect(try server.refusals().count == 1)
        #expect(try server.connect("admin")("DBSIZE").integer == 0)
    }

    @Test("a login needs a password, and the user's own")
    func passwords() async throws {
        let server = try await LeastPrivilegeServer()
        for url in [
            server.redis.url,
            server.url("gatehost").replacing(
                "password-of-gatehost", with: LeastPrivilegeServer.password(of: "plan-producer")),
        ] {
            let error = #expect(throws: RedisError.self) { _ = try RedisConnection(RedisConfiguration(url: url)) }
            #expect(error?.code == .authenticationFailed)
        }
    }

    @Test("a password is rotated without a moment in which no password is accepted")
    func rotation() async throws {
        let server = try await LeastPrivilegeServer()
        let old = server.url("gatehost")
        let new = old.replacing("password-of-gatehost", with: "new-password-of-gatehost")
        func load(_ passwords: [String]) async throws {
            let text =
                passwords.map { "gatehost \($0)\n" }.joined() + "admin \(LeastPrivilegeServer.password(of: "admin"))\n"
            _ = try await LeastPrivilegeServer.makeRules(
                try server.folder.write(text, to: "passwords"), server.folder.path + "/users.acl")
            // ACL LOAD closes the connections of all users, this one too.
            _ = try? server.connect("admin")("ACL", "LOAD")
        }
        func accepts(_ url: String) -> Bool { (try? RedisConnection(RedisConfiguration(url: url))) != nil }
        try await load(["password-of-gatehost", "new-password-of-gatehost"])
        #expect(accepts(old) && accepts(new))
        try await load(["new-password-of-gatehost"])
        #expect(!accepts(old) && accepts(new))
    }

    @Test("a user without a password in the list is switched off")
    func off() async throws {
        let folder = try TemporaryFolder()
        let result = try await LeastPrivilegeServer.makeRules(
            try folder.write("gatehost 0123456789abcdef\n", to: "passwords"), folder.path + "/users.acl")
        #expect(result.status == 0)
        let lines = try String(contentsOfFile: folder.path + "/users.acl", encoding: .utf8).split(separator: "\n")
        #expect(lines.count == LeastPrivilegeServer.users.count + 1)
        for line in lines {
            #expect(
                line.hasPrefix("user gatehost on #") || line.split(separator: " ").dropFirst(2).first == "off",
                "\(line)")
        }
        #expect(!lines.contains { $0.contains("0123456789abcdef") && !$0.contains("#") })
    }

    @Test(
        "a mistake in the list of passwords leaves the rules unchanged",
        arguments: [
            ("gatehost short\n", "the password of gatehost is shorter than 16 characters\n"),
            ("gatehosd 0123456789abcdef\n", "there is no user gatehosd\n"),
        ])
    func mistakes(passwords: String, complaint: String) async throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("user default off\n", to: "users.acl")
        let result = try await LeastPrivilegeServer.makeRules(try folder.write(passwords, to: "passwords"), file)
        #expect(result.status == 1)
        #expect(result.errors.hasSuffix(complaint))
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "user default off\n")
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["passwords", "users.acl"])
    }
}
