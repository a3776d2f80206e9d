import Redis
import Testing

@Suite("A peer that is not Redis")
struct RoguePeerTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let answer: String?
        var hangsUp = false
        let code: RedisError.Code
        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(name: "speaks HTTP", answer: "HTTP/1.1 400 Bad Request\r\n\r\n", code: .protocolViolation),
        Case(name: "sends more replies than commands", answer: "+PONG\r\n+PONG\r\n", code: .protocolViolation),
        Case(name: "speaks RESP3", answer: "%1\r\n+a\r\n+b\r\n", code: .protocolViolation),
        Case(name: "sends an invalid number", answer: ":12x\r\n", code: .protocolViolation),
        Case(name: "announces an impossibly large array", answer: "*99999999999\r\n", code: .protocolViolation),
        Case(name: "announces a huge array that never comes", answer: "*2147483647\r\n:1\r\n", code: .timeout),
        Case(name: "announces a huge text that never comes", answer: "$536870912\r\nx", code: .timeout),
        Case(name: "stops in the middle of a reply", answer: "+PON", code: .timeout),
        Case(name: "hangs up in the middle of a reply", answer: "$5\r\nab", hangsUp: true, code: .connectionClosed),
        Case(name: "hangs up at once", answer: "", hangsUp: true, code: .connectionClosed),
        Case(name: "never answers", answer: nil, code: .timeout),
    ]

    @Test("causes the matching error within the timeout", arguments: cases)
    func answers(_ rogue: Case) throws {
        let peer = try RoguePeer(answering: rogue.answer.map { Array($0.utf8) }, thenHangingUp: rogue.hangsUp)
        let configuration = RedisConfiguration(
            address: .tcp(host: "127.0.0.1", port: peer.port),
            connectTimeout: rogue.code == .timeout ? .milliseconds(200) : .seconds(10)
        )
        let error = #expect(throws: RedisError.self) { try RedisConnection(configuration) }
        #expect(error?.code == rogue.code, "\(error?.message ?? "")")
    }

    @Test("that hangs up with an error is quoted, unless the error quotes the password")
    func quotedRefusal() throws {
        for (answer, words) in [
            ("-NO go away\r\n", "NO go away"), ("-NO go away, hunter2\r\n", "an error that quotes the password"),
        ] {
            let peer = try RoguePeer(answering: Array(answer.utf8), thenHangingUp: true)
            let error = #expect(throws: RedisError.self) {
                try RedisConnection(RedisConfiguration(url: "redis://:hunter2@127.0.0.1:\(peer.port)"))
            }
            #expect(error?.code == .connectionClosed)
            #expect(
                error?.message
                    == "Redis at redis://:***@127.0.0.1:\(peer.port)/0 closed the connection after this error: \(words)"
            )
        }
    }

    @Test("that quotes the password in its refusal does not get it into the error")
    func quotedPassword() throws {
        let peer = try RoguePeer(
            answering: Array("-ERR unknown command `AUTH`, with args beginning with: `hunter2`\r\n+PONG\r\n".utf8))
        let error = #expect(throws: RedisError.self) {
            try RedisConnection(RedisConfiguration(url: "redis://:hunter2@127.0.0.1:\(peer.port)"))
        }
        #expect(
            error?.message
                == "Redis at redis://:***@127.0.0.1:\(peer.port)/0 refused the login: an error that quotes the password"
        )
    }
}
