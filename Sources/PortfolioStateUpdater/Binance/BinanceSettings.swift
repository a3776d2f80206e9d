package import Redis

/// The login to a Binance USDⓈ-M futures account and the limits of its requests.
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
    /// The time after its timestamp for which the exchange accepts a request.
    package var receiveWindow: Duration
    /// Bounds a whole request, from connecting to the last byte of the response.
    package var timeout: Duration
    /// The limit on request weight per minute and IP address. All programs on the machine share it.
    package var weightLimit: Int
    package var assets: BinanceAssets

    package init(
        key: Secret, secret: Secret, baseURL: String = Self.productionURL, version: AccountVersion = .v3,
        receiveWindow: Duration = .seconds(5),
        timeout: Duration = .seconds(5), weightLimit: Int = 2_400, assets: BinanceAssets = BinanceAssets()
    ) {
        self.key = key
        self.secret = secret
        self.baseURL = baseURL
        self.version = version
        self.receiveWindow = receiveWindow
        self.timeout = timeout
        self.weightLimit = weightLimit
        self.assets = assets
    }
}
