import Crypto
import Redis

/// Signs a query: HMAC-SHA256 over the query as sent, in hex, appended as its last parameter.
enum BinanceSignature {
    static func sign(_ query: String, with secret: Secret) -> String {
        let code = HMAC<SHA256>.authenticationCode(
            for: Array(query.utf8), using: SymmetricKey(data: Array(secret.value.utf8)))
        var hex = ""
        for byte in code {
            if byte < 16 { hex += "0" }
            hex += String(byte, radix: 16)
        }
        return hex
    }

    static func signed(_ query: String, with secret: Secret) -> String {
        "\(query)&signature=\(sign(query, with: secret))"
    }
}
