import Redis
import Testing

@testable import PortfolioStateUpdater

@Suite("Signatures")
struct SignatureTests {
    @Test("match the example that the exchange publishes")
    func published() {
        let query =
            "symbol=BTCUSDT&side=BUY&type=LIMIT&quantity=1&price=9000&timeInForce=GTC"
            + "&recvWindow=5000&timestamp=1591702613943"
        let secret = Secret("2b5eb11e18796d12d88f13dc27dbbd02c2cc51ff7059765ed9821957d82bb4d9")
        let expected = "3c661234138461fcc7a7d8746c6558c9842d4e10870d2ecbedf7777cad694af9"
        #expect(BinanceSignature.sign(query, with: secret) == expected)
        #expect(BinanceSignature.signed(query, with: secret) == "\(query)&signature=\(expected)")
    }
}
