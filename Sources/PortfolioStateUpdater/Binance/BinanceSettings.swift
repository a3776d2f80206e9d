package import Redis

/// A Binance USDⓈ-M futures account, and how it may be asked for.
package struct BinanceSettings: Sendable, Equatable {
    /// The versions of the account endpoint.
    package enum AccountVersion: Int, Sendable, CaseIterable {
        case v2 = 2
        case v3 = 3
    }

    package static let productionURL = "https://fapi.binance.com"

    package var key: Secret
    package var secret: Secret
    /// Scheme, host and port, without a path.
    package var baseURL: String
    package var version: AccountVersion
    /// How long after its timestamp the exchange may still take a request.
    package var receiveWindow: Duration
    /// Bounds one request as a whole, from connecting to the last byte of the answer.
    package var timeout: Duration
    /// The exchange's limit on request weight a minute and IP address, which all programs of the machine share.
    package var weightLimit: Int

    package init(
        key: Secret, secret: Secret, baseURL: String = Self.productionURL, version: AccountVersion = .v3,
        receiveWindow: Duration = .seconds(5),
        timeout: Duration = .seconds(5), weightLimit: Int = 2_400
    ) {
        self.key = key
        self.secret = secret
        self.baseURL = baseURL
        self.version = version
        self.receiveWindow = receiveWindow
        self.timeout = timeout
        self.weightLimit = weightLimit
    }
}
